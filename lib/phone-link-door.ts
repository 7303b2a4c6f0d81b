// Phone links that the browser hands to us open phone-link.html with the link behind it, in a tab. This takes the link from
// the tab's address, has it confirmed, and gives the tab back: to the page that was in it, or away. Chromium does not let a
// web page's link load a page of ours and shows an error in its place; the address is told all the same, so that nothing of
// the extension need be open to pages. Never dials.
import type { Browser } from 'webextension-polyfill';
import type { AskedCall } from './asked-calls.ts';

export interface PhoneLinkDoorOptions {
  browser: Pick<Browser, 'tabs'> & { runtime: Pick<Browser['runtime'], 'getURL'> };
  /** Who opened the link in a tab. */
  originOf(tabId: number): Promise<'outside' | 'page' | 'either'>;
  ask(call: Omit<AskedCall, 'id'>): Promise<void>;
  /** A link has come: phone links of other programs are ours. */
  onLink(): void;
}

export interface PhoneLinkDoor {
  /** A tab has loaded, or could not. */
  onUpdated(tabId: number, change: { status?: string | undefined }, tab: { url?: string | undefined }): Promise<void>;
  /** Looks for links that came before there was a worker to hear of them. */
  sweep(): Promise<void>;
}

/** The page that phone links are handed to, `%s` in place of the link. */
export const PHONE_LINK_PAGE = 'phone-link.html';

/** The door of one worker. */
export function createPhoneLinkDoor({ browser, originOf, ask, onLink }: PhoneLinkDoorOptions): PhoneLinkDoor {
  const page = browser.runtime.getURL(PHONE_LINK_PAGE);
  const taken = new Set<string>();

  async function take(tabId: number, url: string | undefined): Promise<void> {
    const link = url?.startsWith(`${page}?`) ? phoneLinkIn(url) : undefined;
    const key = `${tabId} ${url}`;
    if (link === undefined || taken.has(key)) return;
    taken.add(key);
    try {
      onLink();
      // The window first: a browser ends with its last one.
      await ask({ kind: 'link', text: link, from: await originOf(tabId) });
      await leave(tabId);
    } finally {
      taken.delete(key);
    }
  }

  async function leave(tabId: number): Promise<void> {
    await browser.tabs.goBack(tabId).catch(() => browser.tabs.remove(tabId).catch(() => undefined));
  }

  return {
    async onUpdated(tabId, { status }, { url }) {
      if (status === 'complete') await take(tabId, url);
    },
    async sweep() {
      // Where the browser does not let us look for our own pages there is nothing to find.
      const tabs = await browser.tabs.query({ url: `${page}?*` }).catch(() => []);
      for (const { id, url } of tabs) if (id !== undefined) await take(id, url);
    },
  };
}

/**
 * What the page does that the browser brought a link to, where no worker has given its tab back: back to the page that was in
 * it, with all that was written there, and away only where there is none.
 */
export async function leaveByItself(
  history: Pick<History, 'length' | 'back'>,
  tabs: Pick<Browser['tabs'], 'getCurrent' | 'remove'>,
): Promise<void> {
  if (history.length > 1) return history.back();
  const { id } = (await tabs.getCurrent()) ?? {};
  if (id !== undefined) await tabs.remove(id);
}

/** The link behind the door's address. Not by URLSearchParams: it would read `+49` as ` 49`. */
export function phoneLinkIn(url: string): string | undefined {
  const [, coded] = /[?&]link=([^&]*)/.exec(url) ?? [];
  if (coded === undefined || coded === '') return undefined;
  try {
    return decodeURIComponent(coded);
  } catch {
    // Put there by hand, as a system's registry does: a stray percent sign.
    return coded;
  }
}
