// The list of sites as the options show it, and what is done with one: paused, changed, removed. A site is known when
// the browser lets Offhook in, or when a rule speaks of it. Asking for a permission is active-site.ts's part.
import type { Browser } from 'webextension-polyfill';
import { changedRules, isLockedSite, type SettingAreas, settingsInForce } from './policy.ts';
import { loadChoices, saveSettings } from './settings.ts';
import { ruleSiteOf, type SiteRule, type SiteRules, withoutRule } from './site-rules.ts';
import { coversSite, patternOf } from './sites.ts';

/** The parts of the browser that are needed. */
export interface SiteBrowser {
  permissions: Pick<Browser['permissions'], 'getAll' | 'request' | 'remove'>;
  storage: SettingAreas;
  runtime: { getManifest(): { host_permissions?: string[] | undefined } };
}

/** A site that is in use, paused, or only spoken of. */
export interface KnownSite {
  /** As rules name it, `'https://crm.example'`. */
  site: string;
  /** As people call it, `'crm.example'`. */
  label: string;
  /** `denied`: a rule speaks of it, but the browser does not let Offhook in. */
  status: 'on' | 'paused' | 'denied';
  /** Who lets Offhook in: what the build itself declares cannot be taken back here. */
  access: 'agent' | 'build' | 'none';
  /** Whether the company has a rule for it, and whether agents may change that. */
  company: 'none' | 'default' | 'locked';
  rule: SiteRule;
}

/** All known sites by their labels. */
export async function knownSites(browser: SiteBrowser): Promise<KnownSite[]> {
  const [settings, { origins = [] }] = await Promise.all([
    settingsInForce(browser.storage),
    browser.permissions.getAll(),
  ]);
  const granted = origins.filter((pattern) => /^(?:\*|https?):|^<all_urls>$/.test(pattern));
  const declared = browser.runtime.getManifest().host_permissions ?? [];
  const { policy, siteRules } = settings;
  const sites = new Set([...granted.map(ruleSiteOf), ...Object.keys(siteRules)]);
  return [...sites]
    .map((site): KnownSite => {
      const rule = siteRules[site] ?? { state: 'on' };
      const access = accessTo(site, { granted, declared });
      const company = Object.hasOwn(policy.sites, site) ? 'default' : 'none';
      return {
        site,
        label: site.replace(/^https:\/\//, ''),
        status: access === 'none' ? 'denied' : rule.state,
        access,
        company: isLockedSite(policy, site) ? 'locked' : company,
        rule,
      };
    })
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}

/** Changes what holds on a site; what the company locked stays. */
export async function changeSite(
  { storage }: Pick<SiteBrowser, 'storage'>,
  site: string,
  change: Partial<SiteRule>,
): Promise<void> {
  const settings = await settingsInForce(storage);
  if (isLockedSite(settings.policy, site)) return;
  await saveSettings(storage.local, { siteRules: changedRules(settings, site, change) });
}

/**
 * Takes a site back, permission, rule and all. Where the browser lets Offhook in all the same (the build declares it, or
 * a permission for the whole domain covers it), the site is paused.
 */
export async function removeSite(browser: SiteBrowser, site: string): Promise<void> {
  await browser.permissions.remove({ origins: patternsOf(site) }).catch(() => false);
  const { siteRules = {} } = await loadChoices(browser.storage.local);
  await saveSettings(browser.storage.local, { siteRules: withoutRule(siteRules, site) });
  const { origins = [] } = await browser.permissions.getAll();
  if (origins.some((pattern) => coversSite(pattern, site))) await changeSite(browser, site, { state: 'paused' });
}

/** Puts rules in force beside the others, or back to what they were (`undefined`: there was none). */
export async function putRules(
  { storage }: Pick<SiteBrowser, 'storage'>,
  rules: Readonly<Record<string, SiteRule | undefined>>,
): Promise<void> {
  const { siteRules = {} } = await loadChoices(storage.local);
  const all: Record<string, SiteRule | undefined> = { ...siteRules, ...rules };
  const kept = Object.entries(all).flatMap(([site, rule]) => (rule === undefined ? [] : [[site, rule] as const]));
  const next: SiteRules = Object.fromEntries(kept);
  await saveSettings(storage.local, { siteRules: next });
}

function accessTo(
  site: string,
  { granted, declared }: { granted: readonly string[]; declared: readonly string[] },
): KnownSite['access'] {
  if (!granted.some((pattern) => coversSite(pattern, site))) return 'none';
  return declared.some((pattern) => coversSite(pattern, site)) ? 'build' : 'agent';
}

function patternsOf(site: string): string[] {
  return site === '*://*' ? [patternOf(site), '<all_urls>'] : [patternOf(site)];
}
