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
): PageSettings {
  const { state: _state, click, country: ownCountry, ...reading } = ruleOfFrame(settings, sender) ?? { state: 'on' };
  return {
    ...reading,
    country: ownCountry ?? settings.country ?? country,
    countryLabels: COUNTRY_LABELS,
    takesTelLinks: click === undefined ? settings.takesTelLinks : click !== 'chip',
    ...(click === 'text' && { takesTextClicks: true }),
  };
}

function ruleOfFrame({ siteRules }: Settings, { origin, url, tab }: Sender): SiteRule | undefined {
  const own = siteOf(origin === 'null' ? undefined : origin) ?? siteOf(url);
  const around = siteOf(tab?.url);
  const rule = own === undefined ? undefined : ruleOf(siteRules, own);
  return rule ?? (around === undefined ? undefined : ruleOf(siteRules, around));
}
