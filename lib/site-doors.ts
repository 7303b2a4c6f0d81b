// What the options page does with sites: each change is stored, and the worker is told to look for itself.
import { enableAddress, enableSite } from './active-site.ts';
import { changeSite, putRules, removeSite, type SiteBrowser } from './known-sites.ts';
import type { SettingsInForce } from './policy.ts';
import { saveFile } from './save-file.ts';
import type { SiteRule } from './site-rules.ts';
import { type ReadRules, type RulePreview, readSiteRulesFile, siteRulesFile } from './site-rules-file.ts';

/** What is done with sites. */
export interface SiteDoors {
  /** Asks the browser for a site by its address as typed; runs inside the click. */
  onAdd: (address: string) => Promise<'enabled' | 'denied' | 'invalid'>;
  /** Asks the browser for a site that a rule names; runs inside the click. */
  onAllow: (site: string) => Promise<'enabled' | 'denied'>;
  /** Takes permission and rule back. */
  onRemove: (site: string) => Promise<void>;
  /** Changes what holds on a site. */
  onChange: (site: string, change: Partial<SiteRule>) => Promise<void>;
  rules: RulesDoors;
}

/** Rules out of this browser, and into it. */
export interface RulesDoors {
  onExport: () => void;
  read: (text: string) => ReadRules;
  /** Puts rules in force beside the others; `undefined` takes one away. */
  onPut: (rules: RulePreview['before']) => Promise<void>;
}

/** The doors of one page; `changed` tells the worker. */
export function createSiteDoors(options: {
  browser: SiteBrowser;
  document: Document;
  settings: SettingsInForce;
  changed(): Promise<unknown>;
}): SiteDoors {
  const { browser, document } = options;
  const { siteRules, ownRules, policy } = options.settings;
  const changed = async () => void (await options.changed());
  return {
    async onAdd(address) {
      const result = await enableAddress(browser, address);
      if (result === 'enabled') await changed();
      return result;
    },
    async onAllow(site) {
      const isGranted = await enableSite(browser, site);
      if (isGranted) await changed();
      return isGranted ? 'enabled' : 'denied';
    },
    onRemove: (site) => removeSite(browser, site).then(changed),
    onChange: (site, change) => changeSite(browser, site, change).then(changed),
    rules: {
      onExport() {
        const parts = [siteRulesFile(siteRules)];
        saveFile(document, { parts, fileName: 'offhook-sites.json', type: 'application/json' });
      },
      read: (text) => readSiteRulesFile(text, { own: ownRules, policy }),
      onPut: (rules) => putRules(browser, rules).then(changed),
    },
  };
}
