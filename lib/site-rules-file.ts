// Site rules as a file that one agent gives to others, or to the administrator: its `sites` are what a managed policy
// takes, too. What comes in is checked entry by entry; nothing is changed here.
import * as v from 'valibot';
import { isLockedSite, type Policy } from './policy.ts';
import { isSameRule, readRuleSite, type SiteRule, type SiteRules, StrictSiteRuleSchema } from './site-rules.ts';

/** An entry that cannot be used. */
export interface RuleFault {
  /** Its place in the list, from 1. */
  position: number;
  /** What it calls itself, if anything. */
  site: string | undefined;
  /** The field that is wrong, `'country'`; undefined: the entry as a whole. */
  field: string | undefined;
  /** `twice`: an earlier entry speaks of the same site. */
  kind: 'site' | 'field' | 'unknown-field' | 'twice';
}

/** What a file would change. */
export interface RulePreview {
  changes: readonly { site: string; kind: 'new' | 'changed' | 'same' | 'locked' }[];
  faults: readonly RuleFault[];
  /** The rules that are new or changed. */
  rules: SiteRules;
  /** What is in their place now, to go back. */
  before: Readonly<Record<string, SiteRule | undefined>>;
}

export type ReadRules =
  | ({ type: 'read' } & RulePreview)
  | { type: 'unreadable'; why: 'no-json' | 'no-rules' | 'newer' };

const VERSION = 1;
const FileSchema = v.object({ offhook: v.literal('site-rules'), version: v.number(), sites: v.array(v.unknown()) });

/** The text of a file with these rules. */
export function siteRulesFile(rules: SiteRules): string {
  const sites = Object.keys(rules)
    .sort()
    .map((site) => ({ site, ...rules[site] }));
  return `${JSON.stringify({ offhook: 'site-rules', version: VERSION, sites }, null, 2)}\n`;
}

/** What is in a file's text, beside the rules of this browser. */
export function readSiteRulesFile(text: string, { own, policy }: { own: SiteRules; policy: Policy }): ReadRules {
  const parsed = parseJson(text);
  if (!parsed) return { type: 'unreadable', why: 'no-json' };
  const file = v.safeParse(FileSchema, parsed.value);
  if (!file.success) return { type: 'unreadable', why: 'no-rules' };
  if (file.output.version > VERSION) return { type: 'unreadable', why: 'newer' };
  const { rules, faults } = readEntries(file.output.sites);
  const changes = Object.keys(rules).map((site) => ({ site, kind: kindOf(site, { rules, own, policy }) }));
  const taken = changes.flatMap(({ site, kind }) => (kind === 'new' || kind === 'changed' ? [site] : []));
  return {
    type: 'read',
    changes,
    faults,
    rules: Object.fromEntries(taken.flatMap((site) => (rules[site] ? [[site, rules[site]]] : []))),
    before: Object.fromEntries(taken.map((site) => [site, own[site]])),
  };
}

function kindOf(
  site: string,
  { rules, own, policy }: { rules: SiteRules; own: SiteRules; policy: Policy },
): RulePreview['changes'][number]['kind'] {
  if (isLockedSite(policy, site)) return 'locked';
  const now = own[site] ?? policy.sites[site];
  if (now === undefined) return 'new';
  return isSameRule(now, rules[site]) ? 'same' : 'changed';
}

function readEntries(entries: readonly unknown[]): { rules: SiteRules; faults: RuleFault[] } {
  const rules: Record<string, SiteRule> = {};
  const faults: RuleFault[] = [];
  entries.forEach((entry, index) => {
    const read = readEntry(entry, index + 1);
    if ('kind' in read) faults.push(read);
    else if (Object.hasOwn(rules, read.site))
      faults.push({ position: index + 1, site: read.site, field: undefined, kind: 'twice' });
    else rules[read.site] = read.rule;
  });
  return { rules, faults };
}

function readEntry(entry: unknown, position: number): { site: string; rule: SiteRule } | RuleFault {
  const isObject = v.is(v.record(v.string(), v.unknown()), entry);
  const { site: name, ...said } = isObject ? entry : {};
  const shown = typeof name === 'string' ? name.slice(0, 100) : undefined;
  const site = shown === undefined ? undefined : readRuleSite(shown);
  if (site === undefined) return { position, site: shown, field: undefined, kind: 'site' };
  const rule = v.safeParse(StrictSiteRuleSchema, said);
  if (rule.success) return { site, rule: rule.output };
  const [issue] = rule.issues;
  const field = issue.path?.[0]?.key;
  return {
    position,
    site,
    field: typeof field === 'string' ? field.slice(0, 40) : undefined,
    kind: issue.type === 'strict_object' ? 'unknown-field' : 'field',
  };
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    // Some editors put a mark before the text.
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch {
    return undefined;
  }
}
