// What kind of number a public number is, by libphonenumber's full metadata: for the guard, and for the words beside what
// will be dialled.
import { type PhoneNumberType, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { NumberType, PhoneNumber } from './telephony.ts';

const TYPES: Record<PhoneNumberType, NumberType> = {
  MOBILE: 'mobile',
  FIXED_LINE: 'fixed',
  FIXED_LINE_OR_MOBILE: 'fixedOrMobile',
  PREMIUM_RATE: 'premium',
  SHARED_COST: 'sharedCost',
  TOLL_FREE: 'tollFree',
  VOIP: 'voip',
  PERSONAL_NUMBER: 'personal',
  PAGER: 'pager',
  UAN: 'uan',
  VOICEMAIL: 'voicemail',
};

/** The type of `'+493023125042'`; `unknown` for what is no valid number. */
export function numberTypeOf(e164: string): NumberType {
  const type = parsePhoneNumberFromString(e164)?.getType();
  return type === undefined ? 'unknown' : TYPES[type];
}

/** The type of a number of any kind, or undefined where there is none (extensions, codes, withheld ones). */
export function typeOf(number: PhoneNumber): NumberType | undefined {
  return number.kind === 'e164' ? numberTypeOf(number.number) : undefined;
}

/**
 * The country that a call to `'+442079460018'` goes to, `'GB'`; its calling code, `'+800'`, where the number belongs to none.
 * Undefined for what is no number.
 */
export function countryOf(e164: string): string | undefined {
  const parsed = parsePhoneNumberFromString(e164);
  return parsed && (parsed.country ?? `+${parsed.countryCallingCode}`);
}

/** Whether libphonenumber knows the number as premium-rate. */
export function isPremium(e164: string): boolean {
  return numberTypeOf(e164) === 'premium';
}
