// An agent at work in Firefox: the browser with the extension, its toolbar popup, its sidebar and its pages, as a person
// would use them. The sister of agent.ts; what differs is how the browser is asked, since there is no debugger to attach.
import type { Browser, Page } from 'puppeteer';
import { bidiOf, launchFirefox } from '../firefox.ts';
import type { Agent } from './agent.ts';
import { firefoxChromeOf } from './firefox-chrome.ts';
import { type ShownNotification, setFirefoxDesktop } from './firefox-desktop.ts';

export interface FirefoxAgentOptions {
  extensionDir: string;
  headless?: boolean;
  prefs?: Readonly<Record<string, unknown>>;
  /** What differs in the environment of the browser. */
  env?: Readonly<Record<string, string>>;
}

/** A window of the browser that is open now. */
export interface FirefoxWindow {
  /** `page`: one with tabs and toolbars; `caller`: the one that the extension opens. */
  kind: 'page' | 'caller';
  /** Whether it has the keyboard. */
  isActive: boolean;
}

/**
 * As `Agent`, where Firefox can; `stopWorker` suspends the event page as the browser does when it idles, and resolves when
 * the one that ran has ended.
 */
export interface FirefoxAgent
  extends Omit<Agent, 'inWorker' | 'watchWorker' | 'openPopup' | 'pressNotification' | 'callerWindowCount'> {
  /** Whether the event page runs now; asking does not wake it. */
  workerState(): Promise<'running' | 'suspended'>;
  /** When the event page that runs now was started, in milliseconds since 1970. Wakes it. */
  workerBornAt(): Promise<number>;
  /** The pages of all caller windows that are open now. */
  callerWindows(): Promise<Page[]>;
  /** The pages of all windows in which a call is confirmed. */
  confirmWindows(): Promise<Page[]>;
  /** Opens the sidebar; resolves when its page says something. */
  openSidebar(): Promise<void>;
  /** Evaluates an expression in the sidebar's or the popup's page, where it is called `view`. */
  inside(kind: 'popup' | 'sidebar', expression: string): Promise<unknown>;
  /** All notifications that were ever shown in this browser, in order. */
  shownNotifications(): Promise<ShownNotification[]>;
  clickNotification(id: string): Promise<void>;
  windows(): Promise<FirefoxWindow[]>;
  /** Opens the menu of the right button on an element, waits for our entry in it and presses that. */
  chooseInMenu(page: Page, selector: string): Promise<void>;
  /** The same, and waits for the menu to be without our entry. */
  findsNoMenuEntry(page: Page, selector: string): Promise<void>;
  /** Chooses an entry of the list that a click has just opened, as soon as it is there. */
  chooseInList(name: string): Promise<void>;
  /** Presses Alt+Shift and this letter, as far as Firefox itself: keys of tests go to pages alone. */
  pressShortcut(letter: string): Promise<void>;
  /** Chooses us for `tel:` links, as is done in Firefox's settings. */
  chooseForPhoneLinks(): Promise<void>;
  /** Presses Open in the question with which Firefox asks before it hands a link over. */
  allowLink(): Promise<void>;
}

const ADDON_ID = 'offhook@offhook.example';
// Firefox gives each installation an id of its own; here it must be known before.
const UUID = '0ff00c00-0000-4000-8000-000000000001';
const ORIGIN = `moz-extension://${UUID}`;
const WAIT_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Starts a Firefox with the extension; resolves when its event page runs. */
export async function startFirefoxAgent(options: FirefoxAgentOptions): Promise<FirefoxAgent> {
  const { extensionDir, headless = true, prefs = {}, env = {} } = options;
  const uuids = JSON.stringify({ [ADDON_ID]: UUID });
  const browser = await launchFirefox({ headless, env, prefs: { ...prefs, 'extensions.webextensions.uuids': uuids } });
  const chrome = await firefoxChromeOf(browser);
  const desktop = await setFirefoxDesktop(chrome);
  await browser.installExtension(extensionDir);
  const run = (body: string) =>
    chrome.run(`const { extension } = WebExtensionPolicy.getByID(${JSON.stringify(ADDON_ID)}); ${body}`);
  const openView = (path: string) => openExtensionPage(browser, path);
  const openMenu = async (page: Page, selector: string) => {
    // One that was shown before goes in its own time.
    await until('no menu', () => chrome.run(`${OUR_ENTRY} return menu.state === 'closed'`));
    await page.click(selector, { button: 'right' });
    await until('the menu', () => chrome.run(`${OUR_ENTRY} return menu.state === 'open'`));
  };
  const { inside, pair, keep } = createHands({ run, browser });

  return {
    browser,
    extensionId: UUID,
    openView,
    openPage: (url) => openPage(browser, url),
    pair,
    inside,
    async callerWindow() {
      return until('the caller window', async () => {
        for (const page of await pagesAt(browser, 'caller.html')) if (await isLoaded(page)) return page;
        return undefined;
      });
    },
    callerWindows: () => pagesAt(browser, 'caller.html'),
    confirmWindows: () => pagesAt(browser, 'confirm.html'),
    async openSidebar() {
      await run(`const { global } = ${API}; await global.sidebarActionFor(extension).open(window);`);
      await until('the sidebar to say something', () => inside('sidebar', 'view.document.body?.innerText.length'));
    },
    workerState: async () => ((await run('return extension.backgroundState')) === 'running' ? 'running' : 'suspended'),
    workerBornAt: () =>
      keep(async (keeper) =>
        Number(
          await keeper.evaluate('browser.runtime.getBackgroundPage().then((page) => page.performance.timeOrigin)'),
        ),
      ),
    async stopWorker() {
      // Firefox puts it off while the event page is at work, and does nothing when it is woken meanwhile.
      await until('the event page to end', () => run(SUSPEND));
    },
    notifications: async () => (await desktop.standing()).map(({ id }) => id),
    shownNotifications: desktop.shown,
    clickNotification: desktop.click,
    windows: async () => (await chrome.run(WINDOWS)) as FirefoxWindow[], // what WINDOWS returns
    async chooseInMenu(page, selector) {
      await openMenu(page, selector);
      await until('our entry in the menu', () =>
        chrome.run(`${OUR_ENTRY} if (ours) menu.activateItem(ours); return ours !== undefined;`),
      );
    },
    async findsNoMenuEntry(page, selector) {
      await openMenu(page, selector);
      await until('a menu without our entry', () => chrome.run(`${OUR_ENTRY} return ours === undefined;`));
      await chrome.run(`${OUR_ENTRY} menu.hidePopup();`);
    },
    async chooseInList(name) {
      await until(`${name} in the list`, () => chrome.run(`const name = ${JSON.stringify(name)}; ${CHOOSE_IN_LIST}`));
    },
    async pressShortcut(letter) {
      await chrome.run(
        `document.querySelector('keyset[id^="ext-keyset-id-offhook"] key[key="${letter}"]').doCommand();`,
      );
    },
    async chooseForPhoneLinks() {
      await chrome.run(CHOOSE_FOR_PHONE_LINKS);
    },
    async allowLink() {
      await until('the question about the link', () => chrome.run(ALLOW_LINK));
    },
    close: () => browser.close(),
  };
}

const API = "ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs').ExtensionParent.apiManager";
const WINDOWS = `
  return [...Services.wm.getEnumerator('navigator:browser')].map((one) => ({
    kind: one.toolbar.visible ? 'page' : 'caller',
    isActive: Services.focus.activeWindow === one,
  }));
`;

// What an extension changes about its entries when the menu is shown comes a moment later: whoever asks, asks again.
const OUR_ENTRY = `
  const menu = document.getElementById('contentAreaContextMenu');
  const ours = [...menu.querySelectorAll('menuitem')].find((one) => one.id.startsWith('offhook') && !one.hidden);
`;
// The list of a page is drawn by the browser, and drawn some time after the click.
const CHOOSE_IN_LIST = `
  const list = document.getElementById('ContentSelectDropdown')?.menupopup;
  const entry = list?.state === 'open' && [...list.querySelectorAll('menuitem')].find((one) => one.label === name);
  if (entry) list.activateItem(entry);
  return Boolean(entry);
`;
const SUSPEND = `
  await extension.terminateBackground();
  return extension.backgroundState !== 'running';
`;
const CHOOSE_FOR_PHONE_LINKS = `
  const protocols = Cc['@mozilla.org/uriloader/external-protocol-service;1'].getService(Ci.nsIExternalProtocolService);
  const info = protocols.getProtocolHandlerInfo('tel');
  const [ours] = [...info.possibleApplicationHandlers.enumerate(Ci.nsIHandlerApp)];
  info.preferredApplicationHandler = ours;
  info.preferredAction = Ci.nsIHandlerInfo.useHelperApp;
  info.alwaysAskBeforeHandling = false;
  Cc['@mozilla.org/uriloader/handler-service;1'].getService(Ci.nsIHandlerService).store(info);
`;
// The button waits for a moment, so that nobody presses it by accident.
const ALLOW_LINK = `
  const frames = [...document.querySelectorAll('.dialogFrame')].map((one) => one.contentDocument);
  const question = frames.find((one) => one?.location.href.endsWith('/permissionDialog.xhtml'));
  const button = question?.querySelector('dialog')?.shadowRoot?.querySelector('[dlgtype="accept"]');
  if (!button || button.disabled) return false;
  button.click();
  return true;
`;

interface HandsOptions {
  run(body: string): Promise<unknown>;
  browser: Browser;
}

/** What is done in pages that no tab shows: only another page of the extension reaches those. */
function createHands({ run, browser }: HandsOptions): Pick<FirefoxAgent, 'inside' | 'pair'> & {
  keep: <Answer>(ask: (keeper: Page) => Promise<Answer>) => Promise<Answer>;
} {
  /** Asks through a tab with one of the extension's own pages, which never comes to the front and is closed again. */
  async function keep<Answer>(ask: (keeper: Page) => Promise<Answer>): Promise<Answer> {
    const keeper = await openExtensionPage(browser, 'options.html', { background: true });
    try {
      return await ask(keeper);
    } finally {
      await keeper.close();
    }
  }

  const insideOf = (keeper: Page, kind: string, expression: string) =>
    keeper.evaluate(`browser.extension.getViews({ type: '${kind}' }).map((view) => ${expression})[0]`);

  async function pressed(keeper: Page, selector: string): Promise<void> {
    const press = `{ const found = view.document.querySelector('${selector}'); found?.click(); return found !== null }`;
    await until(`${selector} in the popup`, () => insideOf(keeper, 'popup', `(() => ${press})()`));
  }

  return {
    keep,
    inside: (kind, expression) => keep((keeper) => insideOf(keeper, kind, expression)),
    pair: (link) =>
      keep(async (keeper) => {
        const page = await openPage(browser, link);
        await page.bringToFront();
        await run(`await ${API}.global.browserActionFor(extension).openPopup(window, true)`);
        await pressed(keeper, '.relay-offer button:not([disabled])');
        const isDone = "view.document.querySelector('.relay-offer .note--done') !== null";
        await until('the popup to say that it is paired', () => insideOf(keeper, 'popup', isDone));
        await insideOf(keeper, 'popup', 'view.close()');
        return page;
      }),
  };
}

async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  return page;
}

// Firefox tells nothing of a navigation to a page of an extension: `goto` would wait for ever.
async function openExtensionPage(browser: Browser, path: string, options = { background: false }): Promise<Page> {
  const { send, contextOf } = bidiOf(browser);
  const page = await browser.newPage(options);
  const url = `${ORIGIN}/${path}`;
  await send('browsingContext.navigate', { context: contextOf(page), url, wait: 'none' });
  await until(`${path} to load`, async () => (await addressOf(page)) === url && (await isLoaded(page)));
  return page;
}

async function pagesAt(browser: Browser, path: string): Promise<Page[]> {
  const found: Page[] = [];
  for (const page of await browser.pages()) {
    if ((await addressOf(page))?.startsWith(`${ORIGIN}/${path}`)) found.push(page);
  }
  return found;
}

// `page.url()` knows nothing of extension pages. A page that is just going away has no address.
const addressOf = (page: Page) => page.evaluate(() => location.href).catch(() => undefined);
const isLoaded = (page: Page) => page.evaluate(() => document.readyState === 'complete').catch(() => false);

/** Asks until the answer is something; for what no event tells. */
async function until<Answer>(what: string, ask: () => Promise<Answer | undefined>): Promise<Answer> {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${WAIT_MS / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
