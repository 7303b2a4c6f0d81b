// The contact that was opened by itself, and the way back: to the page that stood in the tab, to the tab that was in front,
// or away with the tab that was made for it. For a minute, and only while the contact is what the tab still shows.
import type { Browser, Tabs } from 'webextension-polyfill';
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

interface Opened {
  callId: string;
  url: string;
  page: OpenedPage;
}

const UNDO_MS = 60_000;

/** The opened contact of one worker; with a worker that dies goes the way back. */
export function createOpenedContact(options: {
  browser: Pick<Browser, 'tabs' | 'windows' | 'scripting'>;
  clock: Clock;
}): OpenedContact {
  const { browser, clock } = options;
  const listeners: (() => void)[] = [];
  let last: Opened | undefined;
  let cancel = (): void => undefined;

  function keep(opened: Opened | undefined): void {
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
      const { page } = opened;
      // A tab that is gone, or has nothing to go back to.
      if (!(await takenBack(browser, opened).catch(() => false))) return false;
      if (page.frontTabId !== undefined && page.frontTabId !== page.tabId) {
        // It may be gone by now.
        await browser.tabs.update(page.frontTabId, { active: true }).catch(() => undefined);
      }
      return true;
    },
  };
}

type Back = Pick<Browser, 'tabs' | 'scripting'>;

// False where the agent went on in that tab.
async function takenBack({ tabs, scripting }: Back, { url, page }: Opened): Promise<boolean> {
  const { how, tabId, fromUrl } = page;
  const tab = await tabs.get(tabId);
  const isNext = tab.pendingUrl !== undefined && showsRecord({ url: tab.pendingUrl }, url);
  const isThere = showsRecord(tab, url) && (isNext || tab.pendingUrl === undefined);
  if (how === 'made') {
    if (!isThere && !isNext && !isBlank(tab)) return false;
    await tabs.remove(tabId);
    return true;
  }
  if (how === 'shown' || fromUrl === undefined) return isThere;
  const again = () => tabs.update(tabId, { url: fromUrl });
  if (isThere) {
    // The browser's own way back leaves out pages in which nobody clicked yet (Chromium); a page's history does not.
    await scripting.executeScript({ target: { tabId }, func: () => history.back() }).catch(again);
    return true;
  }
  // Nothing came yet that one could go back from; Firefox tells no address to come.
  const isComing = isNext || (tab.status === 'loading' && tab.url === fromUrl);
  if (isComing) await again();
  return isComing;
}

// A new tab before its page has come, or one whose site may not be looked at: it was made for this call alone.
function isBlank({ url, pendingUrl }: Tabs.Tab): boolean {
  return pendingUrl === undefined && (url === undefined || url === '' || url === 'about:blank');
}
