// Everything that views need to turn facts into text, bound to one language and one home country. Views get it as a
// whole, so that they import neither phone metadata nor the browser's i18n.
import type { Cause, Params, PhoneNumber } from '@offhook/protocol';
import { durationText } from './duration-text.ts';
import { type AnyErrorCode, causeText, errorText } from './error-text.ts';
import { type PluralKey, plural, type T } from './i18n.ts';
import { clockText, createFormatMoment, dayText, momentText } from './moment-text.ts';
import { numberText } from './number-text.ts';
import type { FoundBecause } from './page-facts.ts';
import { ruleText } from './rule-text.ts';

export interface Words {
  t: T;
  plural(key: PluralKey, count: number): string;
  /** A number for people; see number-text.ts. */
  number(number: PhoneNumber, options: { isKnown: boolean }): string;
  error(code: AnyErrorCode, params?: Params): string;
  cause(cause: Cause | undefined): string | undefined;
  duration(durationMs: number): string;
  /** A moment in milliseconds since 1970, seen from `now`. */
  moment(at: number, now: number): string;
  /** The time of day, `'14:02'`. */
  clock(at: number): string;
  /** The day, seen from `now`: today and yesterday by their words. */
  day(at: number, now: number): string;
  /** Why a text was taken for a number, or not, as a part of a sentence. */
  rule(because: FoundBecause): string;
  /** The name of a country by its ISO 3166 code. */
  country(code: string): string;
}

export interface WordsOptions {
  t: T;
  /** ISO 3166 country whose numbers are shown without country code. */
  country: string;
  /** The browser's language with its region, `'en-GB'`, for the form of times. */
  region?: string | undefined;
}

/** The words for one viewer. */
export function createWords({ t, country, region = navigator.language }: WordsOptions): Words {
  // Another region of the same language writes times in its own way; another language would stand out in the sentence.
  const locale = region.startsWith(t('locale')) ? region : t('locale');
  const format = createFormatMoment();
  const countries = new Intl.DisplayNames([t('locale')], { type: 'region' });
  return {
    t,
    plural: (key, count) => plural(t, key, count),
    number: (number, { isKnown }) => numberText(number, { country, t, isKnown }),
    error: (code, params) => errorText(t, code, params),
    cause: (cause) => causeText(t, cause),
    duration: durationText,
    moment: (at, now) => momentText(at, { now, locale, format }),
    clock: (at) => clockText(at, locale, format),
    day: (at, now) => dayText(at, { now, locale, format }),
    rule: (because) => ruleText(t, because),
    country: (code) => countries.of(code) ?? code,
  };
}
