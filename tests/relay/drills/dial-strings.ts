// Strings that want to be dialled as something else: texts around numbers that phone systems, shells, trunks and people have
// taken for orders, and premium-rate numbers of every region by libphonenumber's own table. Data only.
import fc from 'fast-check';
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/metadata.max.json';

const NUMBERS = [
  '03023125042',
  '030 / 231 25-042',
  '+493023125042',
  '0171 3920012',
  '+442079460018',
  '18',
  '112',
  '0112',
  '110',
  '911',
  '09001234567',
  '+499001234567',
  '0900 1 234567',
  '118 33',
  '*21*09001234567#',
  '**61*0171392001#',
  '##002#',
  '+881612345678',
  '+979123456789',
  '0',
];

// What is done to each of them.
const TURNS: ((number: string) => string)[] = [
  (number) => number,
  (number) => `${number}\r\nAction: Originate`,
  (number) => `${number}\nVariable: SHELL=1`,
  (number) => `\r${number}`,
  (number) => `${number}\u0000`,
  (number) => `${number}\u0000112`,
  (number) => `${number};phone-context=example.invalid`,
  (number) => `${number};ext=112`,
  (number) => `${number},,112#`,
  (number) => `${number}p112`,
  (number) => `${number}w${number}`,
  (number) => `${number}&SIP/trunk/09001234567`,
  (number) => `SIP/${number}@trunk`,
  (number) => `Local/${number}@default`,
  (number) => `sip:${number}@evil.example`,
  (number) => `tel:${number}`,
  (number) => `tel:${number};isub=12345`,
  (number) => `callto://${number}`,
  (number) => `${number}|/bin/sh`,
  (number) => `$(${number})`,
  (number) => `'${number}'; DROP TABLE command; --`,
  (number) => `"${number}" <sip:900@premium.example>`,
  (number) => `${number}%0d%0aAction: Originate`,
  (number) => [...number].map(fullWidth).join(''),
  (number) => [...number].map(arabic).join(''),
  (number) => `\u202e${number}\u202c`,
  (number) => [...number].join('\u200b'),
  (number) => [...number].join(' '),
  (number) => `+${number}`,
  (number) => `00${number}`,
  (number) => `0${number}`,
  (number) => number.repeat(500),
  (number) => `${number}${'0'.repeat(10_000)}`,
  (number) => `${number}#31#`,
  (number) => `*31#${number}`,
  (number) => number.replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(0x1d7d8 + Number(digit))),
];

function fullWidth(sign: string): string {
  return /[!-~]/.test(sign) ? String.fromCharCode(sign.charCodeAt(0) + 0xfee0) : sign;
}

function arabic(sign: string): string {
  return /[0-9]/.test(sign) ? String.fromCharCode(0x660 + Number(sign)) : sign;
}

/** More than 500 texts. */
export const HOSTILE_DIAL_STRINGS: readonly string[] = [
  ...new Set(NUMBERS.flatMap((number) => TURNS.map((turn) => turn(number)))),
];

/** A premium-rate number, in the region where it is one. */
export interface PremiumNumber {
  country: string;
  /** `'+49900…'` */
  number: string;
}

// The metadata's own order: calling code at 0, types at 11, premium rate the fourth of them, its pattern the first part.
type Types = readonly ([pattern: string, lengths: readonly number[]] | 0)[];

/** Some of each region that has any, drawn from the table's patterns and checked with the library itself. */
export function premiumNumbers(perRegion: number, seed: number): PremiumNumber[] {
  return Object.entries(metadata.countries).flatMap(([country, parts]) => {
    const types = parts[11] as Types | undefined; // the library's compact form, which it publishes without types
    const premium = types?.[3];
    if (!premium || !isSupportedCountry(country)) return [];
    const drawn = fc.sample(fc.stringMatching(new RegExp(`^(?:${premium[0]})$`)), { numRuns: perRegion, seed });
    const numbers = drawn.map((rest) => `+${String(parts[0])}${rest}`);
    return numbers.filter(isPremiumByTable).map((number) => ({ country, number }));
  });
}

/** By libphonenumber itself, without anything of ours. */
export function isPremiumByTable(number: string): boolean {
  return parsePhoneNumberFromString(number)?.getType() === 'PREMIUM_RATE';
}
