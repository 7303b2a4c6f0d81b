// The words of chip and card on a page, by the browser's own languages. No phone metadata is loaded for them: the worker
// sends numbers in groups.
import { errorText } from '#lib/error-text.ts';
import { plural, type T } from '#lib/i18n.ts';
import { momentText } from '#lib/moment-text.ts';
import { ruleText } from '#lib/rule-text.ts';
import type { Words } from '#lib/words.ts';
import { numberAsRead } from './as-read.ts';

/** What a page needs to put facts into words. `language` is the browser's, `'de-AT'`. */
export function pageWords(
  t: T,
  language: string,
): Pick<Words, 't' | 'plural' | 'error' | 'number' | 'country' | 'moment' | 'rule'> {
  const locale = language.startsWith(t('locale')) ? language : t('locale');
  let countries: Intl.DisplayNames | undefined;
  return {
    t,
    plural: (key, count) => plural(t, key, count),
    error: (code, params) => errorText(t, code, params),
    number: (number) => numberAsRead(number, t),
    rule: (because) => ruleText(t, because),
    country(code) {
      countries ??= new Intl.DisplayNames([locale], { type: 'region' });
      return (code && countries.of(code)) || code;
    },
    moment: (at, now) => momentText(at, { now, locale }),
  };
}
