// Text → number, at the boundaries where a number comes in as somebody typed it or a phone system wrote it.
// Its own export of the package, so that importing messages loads no phone metadata.
import { isSupportedCountry, type PhoneNumber as Parsed, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Location } from './dial-plan.ts';
import type { PhoneNumber } from './telephony.ts';

// Emergency and service numbers by country; `*` holds for all. They never get a country code: libphonenumber would read
// German 112 as +49112.
const SERVICE_NUMBERS: Record<string, readonly string[]> = {
  '*': ['112'],
  DE: ['110', '112', '115', '116000', '116006', '116016', '116111', '116117', '116123'],
  AT: ['112', '122', '133', '140', '141', '142', '144', '147', '1450'],
  CH: ['112', '117', '118', '143', '144', '145', '147', '1414'],
  FR: ['15', '17', '18', '112', '114', '115', '119', '196'],
  GB: ['999', '112', '101', '105', '111'],
  US: ['911', '988', '211', '311', '411', '511', '611', '711', '811'],
  CA: ['911', '988', '211', '311', '411', '511', '611', '711', '811'],
  AU: ['000', '112', '106'],
};
const EMERGENCY_NUMBERS = new Set('110 112 122 133 140 144 117 118 1414 15 17 18 114 999 911 000 106'.split(' '));

const WITHHELD = /^(?:anonymous|<unknown>|unknown|restricted|unavailable|private|withheld|asreceived|)$/i;
// Zero-width and bidi characters, soft hyphen, word joiner: never part of a number, sometimes pasted with one.
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Whether a service number is an emergency number, which is treated more carefully than any other. */
export function isEmergency(number: PhoneNumber): boolean {
  return number.kind === 'service' && EMERGENCY_NUMBERS.has(number.number);
}

/**
 * What somebody typed, read from a place: feature codes, service numbers and extensions first, then the public number.
 * What cannot be read is `{kind: 'raw'}`. Never throws.
 */
export function readNumber(text: string, location: Location): PhoneNumber {
  const clean = text.normalize('NFKC').replace(INVISIBLE, '').trim();
  if (/[*#]/.test(clean)) {
    const code = clean.replace(/\s/g, '');
    return /^[0-9*#]{1,32}$/.test(code) ? { kind: 'code', code } : { kind: 'raw', text: text.slice(0, 256) };
  }
  const digits = clean.replace(/[\s./()-]/g, '');
  if (/^[0-9]+$/.test(digits)) {
    if (isServiceNumber(digits, location.country)) return { kind: 'service', number: digits };
    // Nobody who dials 0 112 in a hurry shall be told that this is no number.
    const inside = digits.startsWith(location.outsideLine) ? digits.slice(location.outsideLine.length) : digits;
    if (isServiceNumber(inside, location.country)) return { kind: 'service', number: inside };
    if (isExtension(digits, location)) return { kind: 'internal', number: digits };
  }
  return readPublic(clean, digits, location) ?? { kind: 'raw', text: text.slice(0, 256) };
}

/** A number as a phone system reported it; the words that stand for "withheld" become `anonymous`. */
export function readReportedNumber(text: string | undefined, location: Location): PhoneNumber {
  if (text === undefined || WITHHELD.test(text.trim())) return { kind: 'anonymous' };
  return readNumber(text, location);
}

/** Whether libphonenumber knows the number as premium-rate, for the guard. */
export function isPremium(e164: string): boolean {
  return parsePhoneNumberFromString(e164)?.getType() === 'PREMIUM_RATE';
}

/**
 * Whether an E.164 number is a service number with a country code put before it (`+49112`). A dial plan that makes a
 * national number of it would dial the service.
 */
export function isDisguisedService(e164: string): boolean {
  const parsed = parsePhoneNumberFromString(e164);
  if (!parsed) return false;
  const national: string = parsed.nationalNumber;
  return Object.values(SERVICE_NUMBERS).some((list) => list.includes(national));
}

function isServiceNumber(digits: string, country: string): boolean {
  return [SERVICE_NUMBERS['*'], SERVICE_NUMBERS[country]].some((list) => list?.includes(digits) ?? false);
}

function isExtension(digits: string, { internal }: Location): boolean {
  return !digits.startsWith('0') && digits.length >= internal.minDigits && digits.length <= internal.maxDigits;
}

function readPublic(clean: string, digits: string, location: Location): PhoneNumber | undefined {
  const asTyped = readAsTyped(clean, digits, location);
  // An outside code is only taken off when a prefix follows it: `0 0351 4911705` from Dresden is no Portuguese number,
  // while `0044 20 7946 0018` is a British one although `044207946 0018` would be a valid German number, too.
  const { outsideLine, areaCode } = location;
  if (outsideLine === '' || !digits.startsWith(outsideLine)) return asTyped;
  const rest = digits.slice(outsideLine.length);
  const isSetApart = clean.startsWith(outsideLine) && /^\s/.test(clean.slice(outsideLine.length));
  // `0 4911705` in Dresden is the outside line and a local number, not a number in Leer.
  const canBeInside = rest.startsWith('0') || (isSetApart && areaCode !== undefined);
  if (!canBeInside || (asTyped && !isSetApart)) return asTyped;
  return readAsTyped(rest, rest, location) ?? asTyped;
}

function readAsTyped(clean: string, digits: string, location: Location): PhoneNumber | undefined {
  const isInternational = /^(?:\+|00)/.test(digits);
  if (!isInternational && needsAreaCode(digits, location)) {
    // Without prefix in a country that has one, a number is a guess (4911705 "is" Leer) unless the place has an area code.
    if (location.areaCode === undefined) return undefined;
    const local = parse(`0${location.areaCode}${digits}`, location);
    return local?.isValid() ? publicNumber(local) : undefined;
  }
  const parsed = parse(clean, location);
  const isGood = parsed?.isValid() || (/^\+/.test(digits) && parsed?.isPossible());
  return parsed && isGood ? publicNumber(parsed) : undefined;
}

const TRUNK_PREFIX_COUNTRIES = new Set('DE AT CH GB FR NL BE AU SE FI IE IN ZA TR JP'.split(' '));

function needsAreaCode(digits: string, { country }: Location): boolean {
  return TRUNK_PREFIX_COUNTRIES.has(country) && !digits.startsWith('0');
}

function parse(text: string, { country }: Location): Parsed | undefined {
  return isSupportedCountry(country)
    ? parsePhoneNumberFromString(text, { defaultCountry: country, extract: false })
    : parsePhoneNumberFromString(text, { extract: false });
}

function publicNumber(parsed: Parsed): PhoneNumber | undefined {
  if (!/^\+[1-9][0-9]{1,14}$/.test(parsed.number)) return undefined;
  return parsed.ext
    ? { kind: 'e164', number: parsed.number, extension: parsed.ext }
    : { kind: 'e164', number: parsed.number };
}
