// An agent at work: a browser with the extension, its popup, its options and its pages, as a person would use them.
import type { Browser, Page, Target, WebWorker } from 'puppeteer';
import { launchBrowser } from '../browser.ts';

export interface AgentOptions {
  extensionDir: string;
  headless?: boolean;
  lang?: string;
  profileDir?: string;
  args?: readonly string[];
}

export interface Agent {
  browser: Browser;
  extensionId: string;
  /** Evaluates an expression in the extension's worker; if that one is just ending, in the next. */
  inWorker(expression: string): Promise<unknown>;
  /** Opens the toolbar popup over the active tab and answers its page. */
  openPopup(): Promise<Page>;
  openPage(url: string): Promise<Page>;
  /** An extension page in a tab, `'options.html'`. */
  openView(path: string): Promise<Page>;
  /** Ends the worker as Chromium does when it idles too long. */
  stopWorker(): Promise<void>;
  /** Ids and contents of the notifications that stand now. */
  notifications(): Promise<string[]>;
  /** Presses a button of a notification, or its body with -1. */
  pressNotification(id: string, button: number): Promise<void>;
  close(): Promise<void>;
}

const WAIT_MS = 15_000;

/** Starts a browser with the extension; resolves when its worker runs. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const browser = await launchBrowser({ headless: options.headless ?? true, ...options });
  const first = await browser.waitForTarget(isWorker, { timeout: WAIT_MS });
  const extensionId = new URL(first.url()).host;
  const viewUrl = (path: string) => `chrome-extension://${extensionId}/${path}`;

  async function worker(): Promise<{ target: Target; running: WebWorker }> {
    const target = await browser.waitForTarget(isWorker, { timeout: WAIT_MS });
    const running = await target.worker();
    if (!running) throw new Error('the extension has no worker');
    return { target, running };
  }

  async function inWorker(expression: string): Promise<unknown> {
    const end = Date.now() + WAIT_MS;
    for (;;) {
      try {
        return await (await worker()).running.evaluate(expression);
      } catch (error) {
        const isEnding = /context|Target closed|Session closed/i.test(String(error));
        if (!isEnding || Date.now() > end) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  return {
    browser,
    extensionId,
    inWorker,
    async openPopup() {
      const opened = browser.waitForTarget((target) => target.url() === viewUrl('popup.html'), { timeout: WAIT_MS });
      await inWorker('chrome.action.openPopup()');
      return pageOf(await opened);
    },
    async openPage(url) {
      const page = await browser.newPage();
      await page.goto(url);
      return page;
    },
    async openView(path) {
      const page = await browser.newPage();
      await page.goto(viewUrl(path));
      return page;
    },
    async stopWorker() {
      const { target, running } = await worker();
      const ended = new Promise<void>((resolve) => {
        const onDestroyed = (destroyed: Target) => {
          if (destroyed !== target) return;
          browser.off('targetdestroyed', onDestroyed);
          resolve();
        };
        browser.on('targetdestroyed', onDestroyed);
      });
      await running.close();
      await ended;
    },
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

function isWorker(target: Target): boolean {
  return target.type() === 'service_worker' && target.url().startsWith('chrome-extension://');
}

async function pageOf(target: Target): Promise<Page> {
  const page = (await target.page()) ?? (await target.asPage());
  return page;
}
