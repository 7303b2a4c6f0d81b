// How a number is dialled from a place: E.164 is the truth on the wire, a location turns it into the digits that the
// phone system wants. Source: the four formats of the NFON TAPI driver and Windows' dialling rules.
import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import * as v from 'valibot';
import type { PhoneNumber } from './telephony.ts';

const shortDigits = v.pipe(v.string(), v.regex(/^[0-9*#]{0,8}$/, 'digits, * or #, at most 8'));

/** Where a phone system stands and how it wants its numbers. Part of the relay's configuration. */
export const LocationSchema = v.strictObject({
  /** ISO 3166 country whose numbers need no country code, `'DE'`. */
  country: v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'a two-letter country code such as DE')),
  /** Area code without trunk prefix, `'351'`; with it, numbers without a leading 0 are local ones. */
  areaCode: v.optional(v.pipe(v.string(), v.regex(/^[0-9]{1,6}$/, 'digits without the leading 0'))),
  /** What is dialled before an outside number, `'0'`. */
  outsideLine: v.optional(shortDigits, ''),
  /** What is dialled before a foreign number in the phone-book formats. */
  internationalPrefix: v.optional(shortDigits, '00'),
  /** international +4935… · internationalWithoutPlus 4935… · phoneBook 035… · phoneBookInternational 004935… */
  format: v.optional(
    v.picklist(['international', 'internationalWithoutPlus', 'phoneBook', 'phoneBookInternational']),
    'phoneBook',
  ),
  /** How long extensions are. */
  internal: v.optional(
    v.strictObject({
      minDigits: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
      maxDigits: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
    }),
    { minDigits: 2, maxDigits: 4 },
  ),
});
export type Location = v.InferOutput<typeof LocationSchema>;

/**
 * The digits that the phone system is given for a number, or undefined where there is nothing to dial (anonymous,
 * hidden, raw). Only `[+0-9*#]`. An e164 extension is not part of it: it is dialled after the answer.
 */
export function dialStringOf(number: PhoneNumber, location: Location): string | undefined {
  switch (number.kind) {
    case 'internal':
    case 'service':
      return number.number;
    case 'code':
      return number.code;
    case 'e164':
      return outsideString(number.number, location);
    case 'anonymous':
    case 'hidden':
    case 'raw':
      return undefined;
    default:
      return number satisfies never;
  }
}

function outsideString(e164: string, location: Location): string {
  const digits = e164.slice(1);
  switch (location.format) {
    case 'international':
      return `${location.outsideLine}${e164}`;
    case 'internationalWithoutPlus':
      return `${location.outsideLine}${digits}`;
    case 'phoneBookInternational':
      return `${location.outsideLine}${location.internationalPrefix}${digits}`;
    case 'phoneBook':
      return `${location.outsideLine}${nationalDigits(e164, location) ?? `${location.internationalPrefix}${digits}`}`;
    default:
      return location.format satisfies never;
  }
}

// Calling codes are compared, not countries: +44 1481 is Guernsey, and is dialled from Great Britain as a national call.
function nationalDigits(e164: string, location: Location): string | undefined {
  const parsed = parsePhoneNumberFromString(e164);
  const home = homeCallingCode(location.country);
  if (!parsed || parsed.countryCallingCode !== home) return undefined;
  return parsed.formatNational().replace(/[^0-9]/g, '');
}

function homeCallingCode(country: string): string | undefined {
  return isSupportedCountry(country) ? getCountryCallingCode(country satisfies CountryCode) : undefined;
}
