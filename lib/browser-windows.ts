// The browser under our own small windows: which calls each browser really takes. Closes only our own page, never a window
// in which the agent has others.
import type { Browser, Windows as BrowserWindows } from 'webextension-polyfill';
import type { Windows } from './caller-window.ts';

type WindowBrowser = Pick<Browser, 'windows' | 'tabs'> & { runtime: Pick<Browser['runtime'], 'getURL'> };

export interface SmallWindowOptions {
  browser: WindowBrowser;
  kind: 'chrome' | 'firefox';
  /** The page of ours that is shown in it. */
  page: 'caller.html' | 'confirm.html';
  /** `behind`: without taking the focus, where the browser can. */
  comes: 'behind' | 'in-front';
}

/** The browser's windows, for one of our pages that has a small one of its own. */
export function windowsOf({ browser, kind, page, comes }: SmallWindowOptions): Windows {
  const url = browser.runtime.getURL(page);
  return {
    async open(place) {
      // Firefox opens every window in front, and complains when it is asked not to.
      const manner = kind === 'chrome' && comes === 'behind' ? { focused: false } : {};
      const opened = await browser.windows.create({ url, type: 'popup', ...manner, ...place });
      if (opened.id === undefined) throw new Error('the browser opened a window without an id');
      return { id: opened.id, isFocused: kind === 'firefox' || opened.focused };
    },
    close: (id) => closePage(browser, { url, windowId: id }).catch(() => undefined),
    isOpen: (id) =>
      browser.windows.get(id).then(
        () => true,
        () => false,
      ),
    async find() {
      // Our own pages can be found by their address without a permission; where they cannot, there is none. One that the agent
      // moved to a window with tabs is his own.
      const [tab] = await browser.tabs.query({ url, windowType: 'popup' }).catch(() => []);
      return tab?.windowId;
    },
    async front() {
      const front = await browser.windows.getLastFocused().catch(() => undefined);
      return front && placed(front);
    },
    async flash(id) {
      await browser.windows.update(id, { drawAttention: true }).catch(() => undefined);
    },
    async focus(id) {
      await browser.windows.update(id, { focused: true }).catch(() => undefined);
    },
  };
}

// A window goes with its last tab. A popup has one tab only, known as ours before it has loaded its address.
async function closePage(browser: WindowBrowser, { url, windowId }: { url: string; windowId: number }): Promise<void> {
  const { type } = await browser.windows.get(windowId);
  const pages = await browser.tabs.query(type === 'popup' ? { windowId } : { windowId, url });
  await browser.tabs.remove(pages.flatMap(({ id }) => id ?? []));
}

function placed({
  id,
  left,
  top,
  width,
  height,
  focused,
}: BrowserWindows.Window): Awaited<ReturnType<Windows['front']>> {
  if (id === undefined || left === undefined || top === undefined || !width || !height) return undefined;
  return { id, left, top, width, height, isFocused: focused };
}
