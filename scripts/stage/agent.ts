// An agent at work: a browser with the extension, its popup, its options and its pages, as a person would use them.
import type { Browser, CDPSession, Page, Target } from 'puppeteer';
import { launchBrowser } from '../browser.ts';
import { watchWorkers } from './worker-target.ts';

export interface AgentOptions {
  extensionDir: string;
  headless?: boolean;
  lang?: string;
  profileDir?: string;
  args?: readonly string[];
  /** More of the environment: another display, another desktop. */
  env?: Readonly<Record<string, string>>;
}

export interface Agent {
  browser: Browser;
  extensionId: string;
  /** Evaluates an expression in the extension's worker, once it runs; promises are awaited. */
  inWorker(expression: string): Promise<unknown>;
  /** A debugger session on the worker that runs now. Detach it before the worker is to die a natural death. */
  watchWorker(): Promise<CDPSession>;
  /** Opens the toolbar popup over the active tab and answers its page. */
  openPopup(): Promise<Page>;
  /** Pairs as users do: opens the link, then the popup over it, and presses the one button there. Answers the tab. */
  pair(link: string): Promise<Page>;
  openPage(url: string): Promise<Page>;
  /** An extension page in a tab, `'options.html'`. */
  openView(path: string): Promise<Page>;
  /** The window that the extension itself opens when the phone rings; waits for it. */
  callerWindow(): Promise<Page>;
  /** How many of them there are. */
  callerWindowCount(): number;
  /** Ends the worker as Chromium does when it idles too long. Needs a view or a page that is open. */
  stopWorker(): Promise<void>;
  /** Ids of the notifications that stand now. */
  notifications(): Promise<string[]>;
  /** Presses a button of a notification, or its body with -1. */
  pressNotification(id: string, button: number): Promise<void>;
  close(): Promise<void>;
}

const WAIT_MS = 30_000;

/** Starts a browser with the extension; resolves when its worker runs. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  // No debugger on the worker: with one, a worker that is woken while the last one ends is never let run, and none ever
  // idles. It is attached for the moments in which something is asked of the worker.
  const targetFilter = (target: Target) => target.type() !== 'service_worker';
  const browser = await launchBrowser({ headless: options.headless ?? true, ...options, targetFilter });
  // A tab that an address was opened in is not ours to keep.
  const isStartedByAddress = options.args?.some((arg) => !arg.startsWith('-')) ?? false;
  const keeper = isStartedByAddress ? await browser.newPage() : undefined;
  const worker = await watchWorkers(browser, keeper);
  const extensionId = new URL(await worker.url()).host;
  const viewUrl = (path: string) => `chrome-extension://${extensionId}/${path}`;

  async function inWorker(expression: string): Promise<unknown> {
    const session = await worker.attach();
    const evaluate = (code: string) =>
      session.send('Runtime.evaluate', { expression: code, awaitPromise: true, returnByValue: true });
    try {
      // A worker that has only just been started has no extension API yet.
      const end = Date.now() + WAIT_MS;
      while ((await evaluate('typeof chrome')).result.value !== 'object' && Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const answer = await evaluate(expression);
      const failed = answer.exceptionDetails;
      if (failed) throw new Error(`${expression}: ${failed.exception?.description ?? failed.text}`);
      return answer.result.value;
    } finally {
      await session.detach().catch(() => undefined);
    }
  }

  async function openPopup(): Promise<Page> {
    // A tab may show the same view.
    const before = new Set(browser.targets());
    const isPopup = (target: Target) => target.url() === viewUrl('popup.html') && !before.has(target);
    const opened = browser.waitForTarget(isPopup, { timeout: WAIT_MS });
    await inWorker('chrome.action.openPopup()');
    const target = await opened;
    return (await target.page()) ?? (await target.asPage());
  }

  const isCaller = (target: Target) => target.url().startsWith(viewUrl('caller.html'));

  async function openPage(url: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(url);
    return page;
  }

  return {
    browser,
    extensionId,
    inWorker,
    watchWorker: worker.attach,
    openPopup,
    openPage,
    async pair(link) {
      const page = await openPage(link);
      const popup = await openPopup();
      // A locator: the popup may still be moving its parts.
      await popup.locator('.relay-offer button:not([disabled])').setTimeout(WAIT_MS).click();
      await popup.waitForSelector('.relay-offer .note--done', { timeout: WAIT_MS });
      return page;
    },
    async openView(path) {
      const page = await browser.newPage();
      await page.goto(viewUrl(path));
      return page;
    },
    async callerWindow() {
      const target = await browser.waitForTarget(isCaller, { timeout: WAIT_MS });
      return (await target.page()) ?? (await target.asPage());
    },
    callerWindowCount: () => browser.targets().filter(isCaller).length,
    stopWorker: worker.stop,
    async notifications() {
      const all = await inWorker('chrome.notifications.getAll()');
      return Object.keys(all as object); // the API's own shape: id → true
    },
    async pressNotification(id, button) {
      const press =
        button < 0
          ? `chrome.notifications.onClicked.dispatch(${JSON.stringify(id)})`
          : `chrome.notifications.onButtonClicked.dispatch(${JSON.stringify(id)}, ${button})`;
      await inWorker(press);
    },
    close: () => browser.close(),
  };
}
