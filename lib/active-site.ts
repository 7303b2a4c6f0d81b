// The page in front of the popup: may numbers be marked there, is it a relay's start page, and how it is enabled. Must
// never read a page's content; its address is all that is looked at.
import type { Browser } from 'webextension-polyfill';
import { type PairingTarget, readPairingLink } from './pairing-link.ts';
import { type KeyValueStore, loadSettings, saveSettings } from './settings.ts';
import { coversSite, isSiteEnabled, patternOf, siteOf } from './sites.ts';

/** What stands in front. `relay` carries the pairing link's target, code included. */
export type SiteInFront =
  | { type: 'none' }
  | { type: 'site'; site: string; host: string; isEnabled: boolean }
  | { type: 'relay'; host: string; target: PairingTarget & { code: string } };

type SiteBrowser = Pick<Browser, 'permissions'> & { storage: { local: KeyValueStore } };

/** Looks at the address of the tab that the popup was opened over. */
export async function siteInFront(browser: SiteBrowser, url: string | undefined): Promise<SiteInFront> {
  const site = siteOf(url);
  if (url === undefined || site === undefined) return { type: 'none' };
  const host = new URL(url).host;
  const target = url.includes('#pair=') ? readPairingLink(url) : undefined;
  if (target?.code !== undefined) return { type: 'relay', host, target: { ...target, code: target.code } };
  const { pausedSites } = await loadSettings(browser.storage.local);
  const { origins = [] } = await browser.permissions.getAll();
  return { type: 'site', site, host, isEnabled: isSiteEnabled(site, { patterns: origins, paused: pausedSites }) };
}

/** What the popup needs to know of it. */
export function shownSite(
  front: SiteInFront,
): { type: 'none' } | { type: 'enabled' | 'available' | 'relay'; host: string } {
  if (front.type !== 'site') return front;
  return { type: front.isEnabled ? 'enabled' : 'available', host: front.host };
}

/** Asks for a site. Call it inside the click: the browser shows its question only then. */
export async function enableSite(browser: SiteBrowser, site: string): Promise<boolean> {
  const isGranted = await browser.permissions.request({ origins: [patternOf(site)] });
  if (!isGranted) return false;
  const { pausedSites } = await loadSettings(browser.storage.local);
  await saveSettings(browser.storage.local, { pausedSites: pausedSites.filter((one) => one !== site) });
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

/** The patterns of all sites in use, with what people call them. */
export async function enabledSites(browser: SiteBrowser): Promise<{ pattern: string; label: string }[]> {
  const { pausedSites } = await loadSettings(browser.storage.local);
  const { origins = [] } = await browser.permissions.getAll();
  return origins
    .filter((pattern) => !pausedSites.some((site) => pattern === patternOf(site)))
    .map((pattern) => ({ pattern, label: pattern.replace(/^https:\/\//, '').replace(/\/\*$/, '') }));
}

/** Takes a site back. What the manifest itself grants cannot be given up, so it is paused. */
export async function disableSite(browser: SiteBrowser, pattern: string): Promise<void> {
  const isGone = await browser.permissions.remove({ origins: [pattern] }).catch(() => false);
  const { origins = [] } = await browser.permissions.getAll();
  const site = pattern.replace(/\/\*$/, '');
  if (isGone && !origins.some((one) => coversSite(one, site))) return;
  const { pausedSites } = await loadSettings(browser.storage.local);
  await saveSettings(browser.storage.local, { pausedSites: [...new Set([...pausedSites, site])] });
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
