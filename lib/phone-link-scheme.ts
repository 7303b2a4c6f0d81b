// Which browser gives us the phone links of other programs, and how: Firefox by the manifest, Chromium when the agent asks
// for it on a page of ours. No browser tells whether it is so now; that links have arrived is all that is known.
import * as v from 'valibot';
import { PHONE_LINK_PAGE } from './phone-link-door.ts';
import type { KeyValueStore } from './settings.ts';

/** The schemes that browsers let us have; `callto:` is not among them (docs/phone-links.md). */
export const PHONE_LINK_SCHEMES = ['tel', 'sip'] as const;

const KEY = 'phoneLinkAt';

/** Remembers that a phone link was handed to us. */
export async function rememberPhoneLink(store: KeyValueStore, at: number): Promise<void> {
  await store.set({ [KEY]: at });
}

/** When the last phone link was handed to us, in milliseconds; undefined: none ever. */
export async function lastPhoneLink(store: KeyValueStore): Promise<number | undefined> {
  const read = v.safeParse(v.number(), (await store.get(KEY))[KEY]);
  return read.success ? read.output : undefined;
}

/** The page's own navigator, as far as it is used. */
export interface SchemeRegistry {
  registerProtocolHandler?(scheme: string, url: string): void;
}

/**
 * Asks the browser to hand us phone links; it then asks the agent. Call it inside a click of one of our own pages. What
 * the agent answers there nobody tells us.
 */
export function askForPhoneLinks(navigator: SchemeRegistry, getUrl: (path: string) => string): 'asked' | 'unavailable' {
  try {
    if (!navigator.registerProtocolHandler) return 'unavailable';
    for (const scheme of PHONE_LINK_SCHEMES) {
      navigator.registerProtocolHandler(scheme, `${getUrl(PHONE_LINK_PAGE)}?link=%s`);
    }
    return 'asked';
  } catch {
    // The browser does not let pages of extensions have it.
    return 'unavailable';
  }
}
