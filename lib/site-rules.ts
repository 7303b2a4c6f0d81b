// What the agent or the company decided for a site: whether Offhook works there, what a click does, by which country its
// numbers are read, what is left out. Data only. Pages get it through their settings; nothing here looks at a page.
import * as v from 'valibot';
import { coversSite } from './sites.ts';

const MOST_ENTRIES = 100;
const words = (most: number) =>
  v.pipe(v.array(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(most))), v.maxLength(MOST_ENTRIES));
const state = v.picklist(['on', 'paused']);

/** What a rule may say besides its state; what it leaves out is as everywhere else. */
const FIELDS = {
  /** What dials besides the chip: nothing, phone links as well, or the number's own text, too. */
  click: v.picklist(['chip', 'links', 'text']),
  /** ISO 3166 country by which this site's numbers are read. */
  country: v.pipe(v.string(), v.regex(/^[A-Z]{2}$/)),
  /** Whether that country also goes before the one that the page's own record names. */
  ignoresRecordCountry: v.boolean(),
  /** CSS selectors of what is not read. */
  skip: words(500),
  /** How links begin that are phone links here, `'http://localhost:2503/Makecall'`. */
  phoneLinks: v.pipe(
    words(500),
    v.everyItem((prefix) => /^https?:\/\/[^/\s]+\/\S*$/i.test(prefix)),
  ),
  /** Whether numbers are marked although the page asks that none be (`format-detection: telephone=no`). */
  readsDespiteFormatDetection: v.boolean(),
  /** Titles of table columns whose digits always are phone numbers. */
  alwaysColumns: words(200),
  /** Titles of table columns that hold none. */
  neverColumns: words(200),
  /** Texts that somebody called no number, as they stand on the page. */
  notNumbers: words(100),
} as const;

/** One site's rule as it stands in files: every fault counts. */
export const StrictSiteRuleSchema = v.strictObject({
  state: v.optional(state, 'on'),
  ...v.partial(v.object(FIELDS)).entries,
});

/** One site's rule. */
export type SiteRule = v.InferOutput<typeof StrictSiteRuleSchema>;

/** Rules by site: `'https://crm.example'`, or `'https://*.crm.example'` for a domain with all below it. */
export type SiteRules = Readonly<Record<string, SiteRule>>;

/** What a stored rule says; a field that another version wrote differently is left out alone. */
const StoredSiteRuleSchema = v.pipe(
  v.object({
    state: v.fallback(state, 'on'),
    click: v.fallback(v.optional(FIELDS.click), undefined),
    country: v.fallback(v.optional(FIELDS.country), undefined),
    ignoresRecordCountry: v.fallback(v.optional(FIELDS.ignoresRecordCountry), undefined),
    skip: v.fallback(v.optional(FIELDS.skip), undefined),
    phoneLinks: v.fallback(v.optional(FIELDS.phoneLinks), undefined),
    readsDespiteFormatDetection: v.fallback(v.optional(FIELDS.readsDespiteFormatDetection), undefined),
    alwaysColumns: v.fallback(v.optional(FIELDS.alwaysColumns), undefined),
    neverColumns: v.fallback(v.optional(FIELDS.neverColumns), undefined),
    notNumbers: v.fallback(v.optional(FIELDS.notNumbers), undefined),
  }),
  v.transform((rule): SiteRule => tidyRule(rule)),
);

/** All rules as they are stored; what is no rule of a site is left out. */
export const StoredSiteRulesSchema = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((stored): SiteRules => {
    const rules = Object.entries(stored).flatMap(([site, rule]) => {
      const read = v.safeParse(StoredSiteRuleSchema, rule);
      return isRuleSite(site) && read.success ? [[site, read.output] as const] : [];
    });
    return Object.fromEntries(rules);
  }),
);

/** Whether rules may stand under this name: `'https://crm.example'`, `'*://*.crm.example'`, `'*://*'`. */
export function isRuleSite(site: string): boolean {
  const [, host] = /^(?:https?|\*):\/\/((?:\*\.)?[^/*\s@]+|\*)$/.exec(site) ?? [];
  if (host === undefined) return false;
  // A port would never match: permissions know none.
  const url = URL.parse(`https://${host.replace(/^\*\.?/, '') || 'any'}`);
  return url !== null && url.port === '' && url.host === (host.replace(/^\*\.?/, '') || 'any');
}

/** The site that somebody means: `'crm.example'`, `'https://CRM.example/contacts'`, `'*.crm.example'`; undefined: none. */
export function readRuleSite(text: string): string | undefined {
  const typed = text.trim().toLowerCase();
  const [, scheme = 'https://', host] = /^(\*:\/\/|https?:\/\/)?([^/\s]+)(?:\/\S*)?$/.exec(typed) ?? [];
  if (host === undefined) return undefined;
  const site = `${scheme}${host.replace(/:\d+$/, '')}`;
  return isRuleSite(site) ? site : undefined;
}

/** The name under which rules for a host permission's pattern stand: `'https://crm.example/*'` → `'https://crm.example'`. */
export function ruleSiteOf(pattern: string): string {
  return pattern === '<all_urls>' ? '*://*' : pattern.replace(/^([^/]*\/\/[^/]*)\/.*$/, '$1');
}

/** The rule that holds on a site: its own, else that of the smallest domain around it. */
export function ruleOf(rules: SiteRules, site: string): SiteRule | undefined {
  if (Object.hasOwn(rules, site)) return rules[site];
  const around = Object.keys(rules).filter((one) => coversSite(`${one}/*`, site));
  const closest = around.sort((a, b) => b.length - a.length)[0];
  return closest === undefined ? undefined : rules[closest];
}

/** The sites and domains that are paused. */
export function pausedIn(rules: SiteRules): string[] {
  return Object.entries(rules).flatMap(([site, rule]) => (rule.state === 'paused' ? [site] : []));
}

/** Rules with one of them changed; a rule that says nothing any more is left out. */
export function withRule(rules: SiteRules, site: string, change: Partial<SiteRule>): SiteRules {
  const { [site]: before = { state: 'on' as const }, ...others } = rules;
  const rule = tidyRule({ ...before, ...change });
  return saysNothing(rule) ? others : { ...others, [site]: rule };
}

/** Rules without that of a site. */
export function withoutRule(rules: SiteRules, site: string): SiteRules {
  const { [site]: _gone, ...others } = rules;
  return others;
}

/** Whether two rules say the same. */
export function isSameRule(a: SiteRule | undefined, b: SiteRule | undefined): boolean {
  const told = (rule: SiteRule | undefined) =>
    rule && Object.entries(tidyRule(rule)).sort(([x], [y]) => (x < y ? -1 : 1));
  return JSON.stringify(told(a)) === JSON.stringify(told(b));
}

function saysNothing(rule: SiteRule): boolean {
  return rule.state === 'on' && Object.keys(rule).length === 1;
}

// What is left out and what is empty say the same: neither is stored.
function tidyRule(rule: SiteRule): SiteRule {
  const { state, ...others } = rule;
  const said = Object.entries(others).filter(
    ([, value]) => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0),
  );
  return { state, ...Object.fromEntries(said) };
}
