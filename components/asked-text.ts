// What the confirm card says of a call that was asked for elsewhere: where from, how its number was read, why there is none.
import type { AskedCall } from '#lib/asked-calls.ts';
import type { AskedReading } from '#lib/read-asked.ts';
import type { Words } from '#lib/words.ts';

// Fewer are no phone number in any country.
const FEWEST_DIGITS = 6;

/** `'Phone link on crm.example'`. */
export function askedFromText({ from, kind, site }: AskedCall, { t }: Pick<Words, 't'>): string {
  const host = site === undefined ? undefined : URL.parse(site)?.host;
  switch (from) {
    case 'menu':
      if (kind === 'link') return host ? t('confirm_from_link_site', { site: host }) : t('confirm_from_link');
      return host ? t('confirm_from_menu_site', { site: host }) : t('confirm_from_menu');
    case 'outside':
      return t('confirm_from_outside');
    case 'page':
      return t('confirm_from_page');
    case 'either':
      return t('confirm_from_either');
    default:
      return from satisfies never;
  }
}

/** How it is written and by which country it was read; nothing where a number has no country. */
export function askedWhyTexts(reading: AskedReading, words: Pick<Words, 't' | 'country'>): string[] {
  const country = countryText(reading, words);
  if (country === undefined || reading.type === 'none') return [];
  // With its country code it is written as it stands above.
  const isGuessed = reading.country?.because !== 'code';
  return [...(isGuessed ? [words.t('confirm_written', { text: reading.written })] : []), country];
}

function countryText(reading: AskedReading, { t, country }: Pick<Words, 't' | 'country'>): string | undefined {
  if (reading.type === 'none' || !reading.country) return undefined;
  const named = { country: country(reading.country.code) };
  switch (reading.country.because) {
    case 'code':
      return t('confirm_why_code', named);
    case 'site':
      return t('confirm_why_site', named);
    case 'agent':
      return t('confirm_why_agent', named);
    case 'default':
      return t('confirm_why_default', named);
    default:
      return reading.country.because satisfies never;
  }
}

/** Why nothing can be called, and what to do; by which country digits were read, where there are enough of them. */
export function notAskedTexts(
  { why, written, kind, country }: Extract<AskedReading, { type: 'none' }>,
  words: Pick<Words, 't' | 'country'>,
): string[] {
  const { t } = words;
  if (why === 'too-long') return [t('confirm_none_long')];
  const text = kind === 'link' ? t('confirm_none_link', { text: written }) : t('confirm_none_text', { text: written });
  const hasDigits = (written.match(/\p{Nd}/gu)?.length ?? 0) >= FEWEST_DIGITS;
  return hasDigits ? [text, t('confirm_none_country', { country: words.country(country.code) })] : [text];
}
