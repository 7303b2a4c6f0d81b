// What an agent decides about a site on the card beside a number: this is none, this column always holds some, numbers here
// are read by another country. Each becomes part of the agent's rule for the page's own site and no other; what the company
// locked stays. Asked for by page scripts, so everything is read by schema, and the browser says which site it is.
import * as v from 'valibot';
import type { Sender } from './messages.ts';
import { ruleOfFrame, ruleSiteFor } from './page-settings.ts';
import { changedRules, isLocked, type SettingAreas, type SettingsInForce, settingsInForce } from './policy.ts';
import { saveSettings } from './settings.ts';
import type { SiteRule } from './site-rules.ts';
import { coversSite } from './sites.ts';

const MOST_IN_LIST = 100;
const listed = (most: number) => v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(most));

const SiteWishSchema = v.variant('name', [
  /** A text is no number; `isOn: false` takes that back. */
  v.object({ name: v.literal('not-number'), text: listed(100), isOn: v.boolean() }),
  /** What stands under this title always is one. */
  v.object({ name: v.literal('always-column'), title: listed(200), isOn: v.boolean() }),
  /** Numbers without country code are read by this country, whatever the record says; `before` goes back to that. */
  v.object({
    name: v.literal('country'),
    country: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/))),
    ignoresRecordCountry: v.optional(v.boolean()),
  }),
]);
/** A decision about the page's own site. */
export type SiteWish = v.InferOutput<typeof SiteWishSchema>;

/** What became of it. `before` takes it back. */
export type WishResult =
  | { type: 'done'; before: SiteWish }
  | { type: 'failed'; why: 'not-allowed' | 'locked' | 'full' | 'browser-failed' };

/** Whether the company alone decides about a site, by a rule of its own or one of a domain around it. */
export function isLockedFor({ policy }: Pick<SettingsInForce, 'policy'>, site: string): boolean {
  return isLocked(policy, 'sites') && Object.keys(policy.sites).some((one) => coversSite(`${one}/*`, site));
}

/** Puts a wish of the page in `sender` in force. The caller has made sure that the page may ask at all. */
export async function fulfilWish(areas: SettingAreas, asked: unknown, sender: Sender): Promise<WishResult> {
  const read = v.safeParse(SiteWishSchema, asked);
  const site = ruleSiteFor(sender);
  if (!read.success || site === undefined) return { type: 'failed', why: 'not-allowed' };
  const settings = await settingsInForce(areas);
  if (isLockedFor(settings, site)) return { type: 'failed', why: 'locked' };
  const { state: _state, ...rule } = ruleOfFrame(settings, sender) ?? { state: 'on' };
  const change = changeOf(read.output, rule);
  if (!change) return { type: 'failed', why: 'full' };
  // A rule of its own stands in the place of a wider one: it says all that the wider one said.
  const siteRules = changedRules(settings, site, { ...rule, ...change });
  await saveSettings(areas.local, { siteRules });
  return { type: 'done', before: takingBack(read.output, rule) };
}

function changeOf(wish: SiteWish, rule: Partial<SiteRule>): Partial<SiteRule> | undefined {
  switch (wish.name) {
    case 'not-number':
      return listChange('notNumbers', rule.notNumbers, { text: wish.text, isOn: wish.isOn });
    case 'always-column':
      return listChange('alwaysColumns', rule.alwaysColumns, { text: wish.title, isOn: wish.isOn });
    case 'country': {
      const { country, ignoresRecordCountry } = wish;
      return { country, ignoresRecordCountry };
    }
    default:
      return wish satisfies never;
  }
}

function listChange(
  field: 'notNumbers' | 'alwaysColumns',
  list: readonly string[] = [],
  { text, isOn }: { text: string; isOn: boolean },
): Partial<SiteRule> | undefined {
  const others = list.filter((one) => one !== text);
  if (!isOn) return { [field]: others };
  return others.length < MOST_IN_LIST ? { [field]: [...others, text] } : undefined;
}

function takingBack(wish: SiteWish, rule: Partial<SiteRule>): SiteWish {
  if (wish.name !== 'country') return { ...wish, isOn: !wish.isOn };
  const { country, ignoresRecordCountry } = rule;
  return { name: 'country', country, ignoresRecordCountry };
}
