// The page in front of the popup: may numbers be marked there, is it a relay's start page, and how it is enabled. Must
// never read a page's content; its address is all that is looked at.
import { changeSite, type SiteBrowser } from './known-sites.ts';
import { type PairingTarget, readPairingLink } from './pairing-link.ts';
import { isLockedSite, settingsInForce } from './policy.ts';
import { pausedIn } from './site-rules.ts';
import { coversSite, isSiteEnabled, patternOf, siteOf } from './sites.ts';

/** What stands in front. `relay` carries the pairing link's target; without a code the company's account is the way in. */
export type SiteInFront =
  | { type: 'none' }
  | { type: 'site'; site: string; host: string; state: 'enabled' | 'available' | 'blocked' }
  | { type: 'relay'; host: string; target: PairingTarget };

/** How the start page of a relay that takes the company's account makes itself known (relay/src/start-page.ts). */
const SIGN_IN_HASH = '#sign-in';

/** Looks at the address of the tab that the popup was opened over. */
export async function siteInFront(browser: SiteBrowser, url: string | undefined): Promise<SiteInFront> {
  const site = siteOf(url);
  if (url === undefined || site === undefined) return { type: 'none' };
  const host = new URL(url).host;
  const target = url.includes('#pair=') ? readPairingLink(url) : undefined;
  if (target?.code !== undefined) return { type: 'relay', host, target };
  const { origin: relayUrl, pathname, hash } = new URL(url);
  if (pathname === '/' && hash === SIGN_IN_HASH) return { type: 'relay', host, target: { relayUrl, code: undefined } };
  const { siteRules, policy } = await settingsInForce(browser.storage);
  const { origins = [] } = await browser.permissions.getAll();
  const paused = pausedIn(siteRules);
  const isEnabled = isSiteEnabled(site, { patterns: origins, paused });
  const isBlocked = paused.some((one) => coversSite(patternOf(one), site) && isLockedSite(policy, one));
  return { type: 'site', site, host, state: isEnabled ? 'enabled' : isBlocked ? 'blocked' : 'available' };
}

/** What the popup needs to know of it. */
export function shownSite(
  front: SiteInFront,
): { type: 'none' } | { type: 'enabled' | 'available' | 'blocked' | 'relay'; host: string } {
  return front.type === 'site' ? { type: front.state, host: front.host } : front;
}

/** Asks for a site. Call it inside the click: the browser shows its question only then. */
export async function enableSite(browser: SiteBrowser, site: string): Promise<boolean> {
  const isGranted = await browser.permissions.request({ origins: [patternOf(site)] });
  if (!isGranted) return false;
  const { siteRules } = await settingsInForce(browser.storage);
  // Who wants it here does not want the pause of a whole domain around it either.
  const pausing = pausedIn(siteRules).filter((one) => coversSite(patternOf(one), site));
  for (const one of pausing) await changeSite(browser, one, { state: 'on' });
  return true;
}

/** Asks for a site by its address as somebody types it, `'crm.example'`. Call it inside the click. */
export async function enableAddress(browser: SiteBrowser, address: string): Promise<'enabled' | 'denied' | 'invalid'> {
  const typed = address.trim();
  const hasScheme = /^https?:\/\//i.test(typed);
  const isLocal = /^(?:localhost|127\.0\.0\.1)(?::|\/|$)/.test(typed);
  const site = siteOf(hasScheme ? typed : `${isLocal ? 'http' : 'https'}://${typed}`);
  // A single word is no address unless somebody says how it is reached.
  if (site === undefined || !(hasScheme || isLocal || site.includes('.'))) return 'invalid';
  return (await enableSite(browser, site)) ? 'enabled' : 'denied';
}

/** What this device is called unless the agent says otherwise, `'Chrome · Linux'`. */
export function deviceNameOf(userAgent: string): string {
  // Edge and Opera call themselves Chrome, too: the more exact name first.
  const browser = ['Firefox', 'Edg', 'OPR', 'Chrome'].find((name) => userAgent.includes(`${name}/`)) ?? 'Browser';
  const system = /Windows|Mac OS|CrOS|Android|Linux/.exec(userAgent)?.[0] ?? '';
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', 'Mac OS': 'macOS', CrOS: 'ChromeOS' };
  return [browser, system]
    .map((name) => names[name] ?? name)
    .filter((name) => name !== '')
    .join(' · ');
}
