// How a number is shown to people: one rule for all views, notifications and the chip. Display only: what is dialled
// never comes from here.
import type { PhoneNumber } from '@offhook/protocol';
import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { T } from './i18n.ts';

/**
 * The number as text. Public numbers in the national form of the viewer's home country, else `+CC` with spaces; a known
 * contact's always with `+CC`, as directories write them (Vertec's rule; the wire carries no other spelling). Withheld,
 * hidden and missing numbers become words.
 */
export function numberText(
  number: PhoneNumber,
  { country, t, isKnown }: { country: string; t: T; isKnown: boolean },
): string {
  switch (number.kind) {
    case 'e164': {
      const text = publicText(number.number, isKnown ? undefined : country);
      const { extension } = number;
      return extension === undefined ? text : t('number_with_extension', { number: text, extension });
    }
    case 'internal':
      return t('number_internal', { number: number.number });
    case 'service':
      return number.number;
    case 'code':
      return number.code;
    case 'anonymous':
      return t('number_anonymous');
    case 'hidden':
      return t('number_hidden');
    case 'raw':
      return number.text.trim() || t('number_none');
    default:
      return number satisfies never;
  }
}

function publicText(e164: string, home: string | undefined): string {
  const parsed = parsePhoneNumberFromString(e164);
  if (!parsed) return e164;
  // Calling codes are compared, not countries: a Guernsey number is a national one in Great Britain.
  const isHome =
    home !== undefined && isSupportedCountry(home) && getCountryCallingCode(home) === parsed.countryCallingCode;
  return isHome ? parsed.formatNational() : parsed.formatInternational();
}
