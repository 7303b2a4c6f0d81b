// The contact that was opened by itself, and the way back: to the page that stood in the tab, to the tab that was in front,
// or away with the tab that was made for it. For a minute, and only while the contact is what the tab still shows.
import type { Browser } from 'webextension-polyfill';
import type { Clock } from './clock.ts';
import { type OpenedPage, openContactPage } from './contact-pages.ts';
import { showsRecord } from './sites.ts';

export interface OpenedContact {
  /** Whose contact was opened a moment ago; undefined: nothing to take back. */
  state(): { callId: string } | undefined;
  onChange(listener: () => void): void;
  /** Opens the contact of a call, quietly; answers whether there was a page to open. */
  open(callId: string, url: string): Promise<boolean>;
  /** Takes it back; false where the agent went on from there. */
  undo(): Promise<boolean>;
}

const UNDO_MS = 60_000;

/** The opened contact of one worker; with a worker that dies goes the way back. */
export function createOpenedContact(options: {
  browser: Pick<Browser, 'tabs' | 'windows'>;
  clock: Clock;
}): OpenedContact {
  const { browser, clock } = options;
  const listeners: (() => void)[] = [];
  let last: { callId: string; url: string; page: OpenedPage } | undefined;
  let cancel = (): void => undefined;

  function keep(opened: typeof last): void {
    cancel();
    last = opened;
    if (opened) cancel = clock.after(UNDO_MS, () => keep(undefined));
    for (const listener of listeners) listener();
  }

  return {
    state: () => last && { callId: last.callId },
    onChange: (listener) => void listeners.push(listener),
    async open(callId, url) {
      const page = await openContactPage(browser, url, 'quietly');
      if (page) keep({ callId, url, page });
      return page !== undefined;
    },
    async undo() {
      const opened = last;
      if (!opened) return false;
      keep(undefined);
      const { url, page } = opened;
      const tab = await browser.tabs.get(page.tabId).catch(() => undefined);
      if (!tab || !showsRecord({ ...tab, url: tab.url ?? tab.pendingUrl }, url)) return false;
      if (page.how === 'made') await browser.tabs.remove(page.tabId);
      if (page.how === 'moved') await browser.tabs.goBack(page.tabId);
      if (page.frontTabId !== undefined && page.frontTabId !== page.tabId) {
        // It may be gone by now.
        await browser.tabs.update(page.frontTabId, { active: true }).catch(() => undefined);
      }
      return true;
    },
  };
}
