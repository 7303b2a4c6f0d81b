// What the page script of a frame is told: the agent's settings, and what the rule of its site says. The frame's own site
// goes before the one around it, whose page it may know nothing of.
import type { PageSettings, Sender } from './messages.ts';
import type { Settings } from './settings.ts';
import { ruleOf, type SiteRule } from './site-rules.ts';
import { COUNTRY_LABELS, siteOf } from './sites.ts';

/** The settings of a frame; `country` is the one of a site without a country of its own whose agent chose none. */
export function pageSettingsOf(
  settings: Settings,
  { sender, country }: { sender: Sender; country: string },
): Omit<PageSettings, 'site'> {
  const { state: _state, click, country: ownCountry, ...reading } = ruleOfFrame(settings, sender) ?? { state: 'on' };
  return {
    ...reading,
    country: ownCountry ?? settings.country ?? country,
    countryFrom: ownCountry !== undefined ? 'site' : settings.country !== undefined ? 'agent' : 'default',
    countryLabels: COUNTRY_LABELS,
    takesTelLinks: click === undefined ? settings.takesTelLinks : click !== 'chip',
    ...(click === 'text' && { takesTextClicks: true }),
  };
}

/** The site whose rule a decision made in this frame belongs to: its own, or that of the page which made it. */
export function ruleSiteFor({ origin, url, tab }: Sender): string | undefined {
  return ownSiteOf({ origin, url }) ?? siteOf(tab?.url);
}

function ownSiteOf({ origin, url }: Sender): string | undefined {
  return siteOf(origin === 'null' ? undefined : origin) ?? siteOf(url);
}

/** The rule that holds in a frame: of its own site, else of the page around it. */
export function ruleOfFrame(
  { siteRules }: Pick<Settings, 'siteRules'>,
  { origin, url, tab }: Sender,
): SiteRule | undefined {
  const own = ownSiteOf({ origin, url });
  const around = siteOf(tab?.url);
  const rule = own === undefined ? undefined : ruleOf(siteRules, own);
  return rule ?? (around === undefined ? undefined : ruleOf(siteRules, around));
}
