// Emergency and service numbers by country: short numbers that never get a country code, since a phone metadata library
// reads German 112 as +49112. Tables only; who may dial them is the number policy's business. A country that is missing here
// has only 112: where extensions have three digits, its own emergency numbers would pass for extensions.
import type { PhoneNumber } from './telephony.ts';

const listsOf = (table: Record<string, string>): Record<string, readonly string[]> =>
  Object.fromEntries(Object.entries(table).map(([country, numbers]) => [country, numbers.split(' ')]));

// `*` holds for all countries. 112 is one nearly everywhere, and mobile networks take it in all countries.
const EMERGENCY_NUMBERS = listsOf({
  '*': '112',
  AE: '997 998 999',
  AR: '100 101 107 911',
  AT: '122 133 140 144',
  AU: '000 106',
  BE: '100 101',
  BR: '190 191 192 193',
  CA: '911',
  CH: '117 118 144 1414',
  CL: '131 132 133',
  CN: '110 119 120 122',
  CO: '123',
  CZ: '150 155 156 158',
  DE: '110',
  ES: '061 062 080 085 088 091 092',
  FR: '15 17 18 114',
  GB: '999',
  GR: '100 166 199',
  HK: '999',
  HR: '192 193 194',
  HU: '104 105 107',
  IE: '999',
  IL: '100 101 102',
  IN: '100 101 102 108',
  IT: '113 115 118',
  JP: '110 118 119',
  KR: '119',
  LI: '117 118 144',
  LU: '113',
  MX: '911',
  NO: '110 113',
  NZ: '111',
  PL: '997 998 999',
  PT: '115 117',
  RU: '101 102 103 104',
  SE: '90000',
  SG: '995 999',
  SI: '113',
  SK: '150 155 158',
  TR: '110 155 156',
  UA: '101 102 103 104',
  US: '911',
  ZA: '10111 10177',
});
const SERVICE_NUMBERS = listsOf({
  AT: '141 142 147 1450',
  BE: '102 103 105 106 107 108 110',
  CA: '988 211 311 411 511 611 711 811',
  CH: '143 145 147',
  DE: '115 116000 116006 116016 116111 116117 116123',
  DK: '114 1813',
  ES: '016',
  FR: '115 119 196',
  GB: '101 105 111',
  IN: '181 1091 1098',
  IT: '114 117 1515 1530',
  NL: '113 144',
  PL: '986 991 992 993 994',
  SE: '1177 11313 11414',
  US: '988 211 311 411 511 611 711 811',
});
// Directory enquiries (often dear) and, in Germany, patient transport: numbers that a country dials without an area code, and
// that pass for extensions where those are long.
const DIRECTORY_NUMBERS: Record<string, RegExp> = {
  DE: /^(?:118[0-9]{2,3}|19222)$/,
  AT: /^118[0-9]{3}$/,
  CH: /^18[0-9]{2}$/,
  ES: /^118[0-9]{2}$/,
  FR: /^118[0-9]{3}$/,
  GB: /^118[0-9]{3}$/,
  IE: /^118[0-9]{2}$/,
  PL: /^118[0-9]{3}$/,
  SE: /^118[0-9]{3}$/,
};

/**
 * Whether a service number is an emergency number in the country, which is treated more carefully than any other. One that
 * only other countries know is judged as they do.
 */
export function isEmergency(number: PhoneNumber, country: string): boolean {
  if (number.kind !== 'service') return false;
  const digits = number.number;
  if (isServiceNumber(digits, country)) return emergencyNumbersOf(country).includes(digits);
  return Object.values(EMERGENCY_NUMBERS).some((list) => list.includes(digits));
}

/** Whether the digits are a service number in a country (ISO 3166). */
export function isServiceNumber(digits: string, country: string): boolean {
  return emergencyNumbersOf(country).includes(digits) || (SERVICE_NUMBERS[country] ?? []).includes(digits);
}

/** Whether the digits are a service number somewhere. */
export function isServiceNumberAnywhere(digits: string): boolean {
  return [EMERGENCY_NUMBERS, SERVICE_NUMBERS].some((table) =>
    Object.values(table).some((list) => list.includes(digits)),
  );
}

/** Whether the digits are a national short number that a company may have as an extension, too: directory enquiries. */
export function isDirectoryNumber(digits: string, country: string): boolean {
  return DIRECTORY_NUMBERS[country]?.test(digits) ?? false;
}

/** Whether a switch that reads digit by digit would dial an emergency number of the country before the rest has come. */
export function startsWithEmergency(digits: string, country: string): boolean {
  return emergencyNumbersOf(country).some((number) => digits.startsWith(number));
}

function emergencyNumbersOf(country: string): readonly string[] {
  return [...(EMERGENCY_NUMBERS['*'] ?? []), ...(EMERGENCY_NUMBERS[country] ?? [])];
}
