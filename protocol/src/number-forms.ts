// One number in every form that another program may ask for: the values of the placeholders in outward templates.
// Loads phone metadata, so it is an export of its own.
import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { dialStringOf } from './dial-plan.ts';
import type { Location } from './location.ts';
import type { NumberKey } from './number-template.ts';
import type { PhoneNumber } from './telephony.ts';

export interface NumberFormsOptions {
  /** As the page or the phone system wrote it; the best that is known otherwise. */
  raw?: string | undefined;
}

/**
 * All forms of a number, as seen from a place; `''` where there is none. From Germany, `+493023125042` is
 * `number` +493023125042 · `number.plain` 493023125042 · `number.national` 03023125042 (as it is dialled within its own
 * country) · `number.dialled` what the phone system would get · `number.display` 030 23125042. Extensions, service
 * numbers and codes are the same in all forms; `number` and `number.plain` are empty for what is no number at all.
 */
export function numberForms(
  number: PhoneNumber,
  location: Location,
  { raw }: NumberFormsOptions = {},
): Record<NumberKey, string> {
  const plain = plainOf(number);
  const display = displayOf(number, location.country);
  return {
    number: number.kind === 'e164' ? number.number : plain,
    'number.plain': plain,
    'number.national': number.kind === 'e164' ? nationalOf(number.number) : plain,
    'number.dialled': dialStringOf(number, location) ?? '',
    'number.display': display,
    'number.raw': raw ?? display,
  };
}

function plainOf(number: PhoneNumber): string {
  switch (number.kind) {
    case 'e164':
      return number.number.slice(1);
    case 'internal':
    case 'service':
      return number.number;
    case 'code':
      return number.code;
    case 'anonymous':
    case 'hidden':
    case 'raw':
      return '';
    default:
      return number satisfies never;
  }
}

function nationalOf(e164: string): string {
  return (
    parsePhoneNumberFromString(e164)
      ?.formatNational()
      .replace(/[^0-9]/g, '') ?? e164.slice(1)
  );
}

function displayOf(number: PhoneNumber, country: string): string {
  if (number.kind === 'raw') return number.text.trim();
  if (number.kind !== 'e164') return plainOf(number);
  const parsed = parsePhoneNumberFromString(number.number);
  if (!parsed) return number.number;
  // Calling codes are compared, not countries: a Guernsey number is a national one in Great Britain.
  const isHome = isSupportedCountry(country) && getCountryCallingCode(country) === parsed.countryCallingCode;
  return isHome ? parsed.formatNational() : parsed.formatInternational();
}
