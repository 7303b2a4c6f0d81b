// Text → number, at the boundaries where a number comes in as somebody typed it or a phone system wrote it.
// Its own export of the package, so that importing messages loads no phone metadata.
import {
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber as Parsed,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { dialStringOf } from './dial-plan.ts';
import { isExtension, type Location } from './location.ts';
import { isDirectoryNumber, isServiceNumber, isServiceNumberAnywhere } from './service-numbers.ts';
import type { PhoneNumber } from './telephony.ts';

/** Why a text was read as it was. */
export type Reading =
  | 'code'
  | 'service'
  | 'extension'
  /** With `+`, or with the prefix for foreign numbers. */
  | 'international'
  | 'national'
  /** Without prefix, in the place's own area. */
  | 'local'
  | 'unreadable';

/** A number, why it is one, and what was taken off before it could be read. */
export interface ReadNumber {
  number: PhoneNumber;
  reading: Reading;
  outsideLine?: string;
  carrier?: string;
}

const WITHHELD =
  /^(?:|anonymous|anonym|<?unknown>?|unbekannt|unterdrückt|restricted|unavailable|private|withheld|asreceived|clir)$/i;
// Zero-width and bidi characters, soft hyphen, word joiner: never part of a number, sometimes pasted with one.
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
// What the library does not know as the word for an extension.
const EXTENSION_WORD = /[\s,;-](?:durchwahl|nebenstelle|apparat|klappe|app|nst|dw|kl)[.:]?[\s-]{0,3}([0-9]{1,7})$/i;
const LONGEST_WRITTEN = 64;
const LONGEST_RAW = 256;

/**
 * What somebody typed, read from a place: feature codes, service numbers and extensions first, then the public number.
 * What cannot be read is `{kind: 'raw'}`. Never throws.
 */
export function readNumber(text: string, location: Location): PhoneNumber {
  return readNumberWhy(text, location).number;
}

/** As `readNumber`, with the reason. */
export function readNumberWhy(text: string, location: Location): ReadNumber {
  const unreadable: ReadNumber = { number: { kind: 'raw', text: text.slice(0, LONGEST_RAW) }, reading: 'unreadable' };
  const clean = cleanOf(text);
  if (/[*#]/.test(clean)) {
    const code = clean.replace(/\s/g, '');
    return /^[0-9*#]{1,32}$/.test(code) ? { number: { kind: 'code', code }, reading: 'code' } : unreadable;
  }
  const digits = digitsOf(clean);
  return readShort(digits, location) ?? readPublic(withLibraryWord(clean), digits, location) ?? unreadable;
}

/**
 * A number as a phone system reported it; the words that stand for "withheld" become `anonymous`. What a location makes
 * of a number is read back as that number, as far as it can mean nothing else: see `Location.reports`.
 */
export function readReportedNumber(text: string | undefined, location: Location): PhoneNumber {
  if (text === undefined || WITHHELD.test(text.trim())) return { kind: 'anonymous' };
  const clean = cleanOf(text);
  const digits = digitsOf(clean);
  const bare: Location = { ...location, outsideLine: { local: '', longDistance: '', international: '' } };
  const places = location.reports === 'withOutsideLine' ? [location, bare] : [bare, location];
  const short = /[*#]/.test(clean) ? undefined : readShort(digits, location);
  if (short) return short.number;
  for (const place of places) {
    const number = /^[+0-9*#]+$/.test(digits) ? readDialled(digits, place) : undefined;
    if (number) return number;
  }
  return readNumber(text, location);
}

/**
 * Whether an E.164 number is a service number with a country code put before it (`+49112`). A dial plan that makes a
 * national number of it would dial the service.
 */
export function isDisguisedService(e164: string): boolean {
  const parsed = parsePhoneNumberFromString(e164);
  return parsed !== undefined && isServiceNumberAnywhere(parsed.nationalNumber);
}

/** Every outside line of a place, the longest first; `''` among them where a kind of call needs none. */
export function outsideLinesOf({ outsideLine }: Location): string[] {
  const { local, longDistance, international } = outsideLine;
  return [...new Set([longDistance, international, local])].sort((a, b) => b.length - a.length);
}

function cleanOf(text: string): string {
  return text.normalize('NFKC').replace(INVISIBLE, '').trim();
}

function digitsOf(clean: string): string {
  return clean.replace(/[\s./()-]/g, '');
}

function dialledLinesOf(location: Location): string[] {
  return outsideLinesOf(location).filter((digits) => digits !== '');
}

function readShort(digits: string, location: Location): ReadNumber | undefined {
  if (!/^[0-9]+$/.test(digits)) return undefined;
  if (isServiceNumber(digits, location.country)) {
    return { number: { kind: 'service', number: digits }, reading: 'service' };
  }
  // Nobody who dials 0 112 in a hurry shall be told that this is no number.
  for (const outsideLine of dialledLinesOf(location)) {
    const inside = digits.startsWith(outsideLine) ? digits.slice(outsideLine.length) : '';
    if (!isServiceNumber(inside, location.country)) continue;
    return { number: { kind: 'service', number: inside }, reading: 'service', outsideLine };
  }
  if (isExtension(digits, location)) return { number: { kind: 'internal', number: digits }, reading: 'extension' };
  // Before an area code is put in front: 118 33 is no number in Dresden.
  return isDirectoryNumber(digits, location.country)
    ? { number: { kind: 'service', number: digits }, reading: 'service' }
    : undefined;
}

function readPublic(clean: string, digits: string, location: Location): ReadNumber | undefined {
  const asTyped = readCarried(clean, digits, location);
  for (const outsideLine of dialledLinesOf(location)) {
    if (!digits.startsWith(outsideLine)) continue;
    // An outside code is only taken off when a prefix follows it: `0 0351 4911705` from Dresden is no Portuguese number,
    // while `0044 20 7946 0018` is a British one although `044207946 0018` would be a valid German number, too.
    const rest = digits.slice(outsideLine.length);
    const isSetApart = clean.startsWith(outsideLine) && /^\s/.test(clean.slice(outsideLine.length));
    // `0 4911705` in Dresden is the outside line and a local number, not a number in Leer.
    const canBeInside = hasPrefix(rest, location) || (isSetApart && location.areaCode !== undefined);
    if (!canBeInside || (asTyped && !isSetApart)) continue;
    const inside = readCarried(rest, rest, location);
    if (inside) return { ...inside, outsideLine };
  }
  return asTyped;
}

function hasPrefix(digits: string, { country, trunkPrefix, internationalPrefix }: Location): boolean {
  const prefixes = ['0', '+', trunkPrefix ?? '', internationalPrefix];
  // Without trunk prefix, a number that is valid as it stands says enough: 9 212 555 0100.
  const isWhole = !/^0/.test(digits) && parse(digits, country)?.isValid() === true;
  return prefixes.some((prefix) => prefix !== '' && digits.startsWith(prefix)) || isWhole;
}

function readCarried(clean: string, digits: string, location: Location): ReadNumber | undefined {
  const asWritten = readAsWritten(clean, digits, location);
  if (asWritten) return asWritten;
  const { longDistance, international, place } = location.carrier;
  for (const carrier of place === 'beforePrefix' ? [longDistance, international] : []) {
    const rest = carrier !== '' && digits.startsWith(carrier) ? digits.slice(carrier.length) : '';
    const inside = hasPrefix(rest, location) ? readAsWritten(rest, rest, location) : undefined;
    if (inside) return { ...inside, carrier };
  }
  return undefined;
}

function readAsWritten(clean: string, digits: string, location: Location): ReadNumber | undefined {
  const { country, areaCode, internationalPrefix } = location;
  const isInternational = /^(?:\+|00)/.test(digits);
  const parsed = parse(clean, country);
  const isGood = parsed?.isValid() || (/^\+/.test(digits) && parsed?.isPossible());
  if (parsed && isGood && (isInternational || !lacksTrunkPrefix(parsed, digits, location))) {
    const isAbroad = isInternational || digits.startsWith(internationalPrefix);
    return publicNumber(parsed, isAbroad ? 'international' : 'national');
  }
  if (internationalPrefix !== '' && digits.startsWith(internationalPrefix)) {
    const foreign = parse(`+${digits.slice(internationalPrefix.length)}`, country);
    if (foreign?.isValid()) return publicNumber(foreign, 'international');
  }
  // Without prefix in a country that has one, a number is a guess (4911705 "is" Leer) unless the place has an area code.
  if (areaCode === undefined || !/^[1-9][0-9]*$/.test(digits) || !isSupportedCountry(country)) return undefined;
  const local = parse(`+${getCountryCallingCode(country)}${areaCode}${digits}`, country);
  return local?.isValid() ? publicNumber(local, 'local') : undefined;
}

// The number's own national form says whether it has the 0: Australian 1300 numbers have none.
function lacksTrunkPrefix(parsed: Parsed, digits: string, { country, trunkPrefix }: Location): boolean {
  if (digits.startsWith('0') || (trunkPrefix ?? '0') === '') return false;
  // Indian mobile numbers are written without it by everybody.
  if (country === 'IN' && parsed.getType() === 'MOBILE') return false;
  return /^0/.test(parsed.formatNational().replace(/[^0-9]/g, ''));
}

function withLibraryWord(clean: string): string {
  return clean.length > LONGEST_WRITTEN ? clean : clean.replace(EXTENSION_WORD, ' ext. $1');
}

function parse(text: string, country: string): Parsed | undefined {
  return isSupportedCountry(country)
    ? parsePhoneNumberFromString(text, { defaultCountry: country, extract: false })
    : parsePhoneNumberFromString(text, { extract: false });
}

function publicNumber(parsed: Parsed, reading: Reading): ReadNumber | undefined {
  if (!/^\+[1-9][0-9]{1,14}$/.test(parsed.number)) return undefined;
  const number: PhoneNumber = { kind: 'e164', number: parsed.number, ...(parsed.ext && { extension: parsed.ext }) };
  return { number, reading };
}

/** The number that the location makes exactly these digits of: every way back is tried, and dialled again as the proof. */
function readDialled(digits: string, location: Location): PhoneNumber | undefined {
  for (const outside of outsideLinesOf(location)) {
    if (!digits.startsWith(outside)) continue;
    const behindLine = digits.slice(outside.length);
    for (const rest of [behindLine, ...withoutCarrier(behindLine, location)]) {
      for (const written of waysBack(rest, location)) {
        const parsed = parse(written, location.country);
        if (!parsed?.isValid()) continue;
        const number: PhoneNumber = { kind: 'e164', number: parsed.number };
        if (dialStringOf(number, location) === digits) return number;
      }
    }
  }
  return undefined;
}

// Behind which prefix a carrier stands is not looked up: what does not lead to the same digits again is dropped anyway.
function withoutCarrier(digits: string, { carrier }: Location): string[] {
  const codes = [...new Set([carrier.longDistance, carrier.international])].filter((code) => code !== '');
  const places = carrier.place === 'beforePrefix' ? [0] : [0, 1, 2, 3, 4];
  return codes.flatMap((code) =>
    places
      .filter((at) => digits.startsWith(code, at))
      .map((at) => `${digits.slice(0, at)}${digits.slice(at + code.length)}`),
  );
}

function waysBack(digits: string, { country, areaCode, format, internationalPrefix, trunkPrefix }: Location): string[] {
  const home = isSupportedCountry(country) ? getCountryCallingCode(country) : '';
  if (format === 'international') return digits.startsWith('+') ? [digits] : [];
  if (format === 'internationalWithoutPlus') return [`+${digits}`];
  const behind = (prefix: string) => (digits.startsWith(prefix) ? [digits.slice(prefix.length)] : []);
  const abroad = behind(internationalPrefix).map((rest) => `+${rest}`);
  if (format === 'phoneBookInternational') return abroad;
  return [
    ...abroad,
    digits,
    ...behind(trunkPrefix ?? '0').map((rest) => `+${home}${rest}`),
    `+${home}${digits}`,
    ...(areaCode === undefined ? [] : [`+${home}${areaCode}${digits}`]),
  ];
}
