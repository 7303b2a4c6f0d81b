// How a number is dialled from a place: E.164 is the truth on the wire, a location turns it into the digits that the
// phone system wants, part by part, so that what is explained is what is dialled. Sources: the four formats of the NFON
// TAPI driver and Windows' dialling rules (outside line, carrier, prefix, number).
import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber as Parsed,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { isExtension, type Location } from './location.ts';
import { isServiceNumber, startsWithEmergency } from './service-numbers.ts';
import type { PhoneNumber } from './telephony.ts';

/** How far a call goes, which decides what is dialled before it. */
export type Reach = 'local' | 'longDistance' | 'international';

/**
 * One part of what is dialled, in its order; never empty. `number` is what is left of the number itself: the whole, the
 * part behind the country code, or behind the area code.
 */
export interface DialPart {
  code: 'outsideLine' | 'carrier' | 'plus' | 'internationalPrefix' | 'trunkPrefix' | 'number';
  digits: string;
}

// Carriers take calls to people; numbers of services are only reached without one.
const CARRIED_TYPES: readonly (string | undefined)[] = [
  'FIXED_LINE',
  'MOBILE',
  'FIXED_LINE_OR_MOBILE',
  'VOIP',
  undefined,
];
const SUBSCRIBER_TYPES = CARRIED_TYPES.slice(0, 4);

/**
 * The digits that the phone system is given for a number, or undefined where there is nothing to dial (anonymous,
 * hidden, raw; an extension or a code where only public numbers are dialled). Only `[+0-9*#]`. An e164 extension is not
 * part of it: it is dialled after the answer.
 */
export function dialStringOf(number: PhoneNumber, location: Location): string | undefined {
  return dialPartsOf(number, location)
    ?.map(({ digits }) => digits)
    .join('');
}

/** The same, part by part. */
export function dialPartsOf(number: PhoneNumber, location: Location): DialPart[] | undefined {
  switch (number.kind) {
    case 'service': {
      const outside = location.emergency.needsOutsideLine ? location.outsideLine.local : '';
      return present([part('outsideLine', outside), part('number', number.number)]);
    }
    case 'internal':
      return location.e164Only ? undefined : [part('number', number.number)];
    case 'code':
      return location.e164Only ? undefined : [part('number', number.code)];
    case 'e164':
      return present(outsideParts(number.number, location));
    case 'anonymous':
    case 'hidden':
    case 'raw':
      return undefined;
    default:
      return number satisfies never;
  }
}

/** How far it is from a place to `'+493023125042'`. */
export function reachOf(e164: string, location: Location): Reach {
  const parsed = parsePhoneNumberFromString(e164);
  return parsed && isHome(parsed, location) ? homeReachOf(parsed, location) : 'international';
}

function outsideParts(e164: string, location: Location): DialPart[] {
  const digits = e164.slice(1);
  const outsideLine = part('outsideLine', location.outsideLine[reachOf(e164, location)]);
  switch (location.format) {
    case 'international':
      return [outsideLine, part('plus', '+'), part('number', digits)];
    case 'internationalWithoutPlus':
      return [outsideLine, part('number', digits)];
    case 'phoneBookInternational':
      return [outsideLine, part('internationalPrefix', location.internationalPrefix), part('number', digits)];
    case 'phoneBook':
      return [outsideLine, ...phoneBookParts(e164, location)];
    default:
      return location.format satisfies never;
  }
}

function phoneBookParts(e164: string, location: Location): DialPart[] {
  const parsed = parsePhoneNumberFromString(e164);
  const { international, longDistance } = location.carrier;
  if (!parsed || !isHome(parsed, location)) {
    const prefix = part('internationalPrefix', location.internationalPrefix);
    return [...behindCarrier(prefix, carrierFor(parsed, international), location), part('number', e164.slice(1))];
  }
  const local = localDigits(parsed, location);
  if (local !== undefined) return [part('number', local)];
  const { trunk, rest } = nationalDigits(parsed, location);
  const carrier = homeReachOf(parsed, location) === 'local' ? '' : carrierFor(parsed, longDistance);
  return [...behindCarrier(part('trunkPrefix', trunk), carrier, location), part('number', rest)];
}

function carrierFor(parsed: Parsed | undefined, code: string): string {
  return CARRIED_TYPES.includes(parsed?.getType()) ? code : '';
}

function behindCarrier(prefix: DialPart, code: string, { carrier }: Location): DialPart[] {
  const network = part('carrier', code);
  return carrier.place === 'beforePrefix' ? [network, prefix] : [prefix, network];
}

// Calling codes are compared, not countries: +44 1481 is Guernsey, and is dialled from Great Britain as a national call.
function isHome({ countryCallingCode }: Parsed, { country }: Location): boolean {
  return isSupportedCountry(country) && getCountryCallingCode(country satisfies CountryCode) === countryCallingCode;
}

function homeReachOf(parsed: Parsed, { areaCode }: Location): 'local' | 'longDistance' {
  const national: string = parsed.nationalNumber;
  const isLocal = areaCode !== undefined && national.startsWith(areaCode) && isSubscriber(parsed) && !isMobile(parsed);
  return isLocal ? 'local' : 'longDistance';
}

function isSubscriber(parsed: Parsed): boolean {
  return SUBSCRIBER_TYPES.includes(parsed.getType());
}

function isMobile(parsed: Parsed): boolean {
  return parsed.getType() === 'MOBILE';
}

// Only where nothing else can be meant by what is left: no extension, no emergency number, no prefix.
function localDigits(parsed: Parsed, location: Location): string | undefined {
  const { areaCode, stripAreaCodeForLocal, country, outsideLine } = location;
  if (!stripAreaCodeForLocal || areaCode === undefined || homeReachOf(parsed, location) !== 'local') return undefined;
  const rest = parsed.nationalNumber.slice(areaCode.length);
  const isMistakable =
    rest === '' ||
    // Prefixes, and what is short and dear: 118 33 is no number in Dresden.
    /^[01]/.test(rest) ||
    startsWithEmergency(rest, country) ||
    isServiceNumber(rest, country) ||
    isExtension(`${outsideLine.local}${rest}`, location);
  return isMistakable ? undefined : rest;
}

// As the country writes the number, since not every number has the trunk prefix there (Australian 1300 …, and none in the
// USA, Mexico or Italy, whose 0 is part of the number). A prefix of the place's own takes the place of the usual one.
function nationalDigits(parsed: Parsed, { trunkPrefix }: Location): { trunk: string; rest: string } {
  const number: string = parsed.nationalNumber;
  const national = parsed.formatNational().replace(/[^0-9]/g, '');
  // Argentina's and Mexico's mobile numbers are written with digits in between.
  if (!national.endsWith(number)) return { trunk: '', rest: national };
  const usual = national.slice(0, national.length - number.length);
  const isWithoutEverywhere = usual === '' && parsed.countryCallingCode !== '1' && !isSubscriber(parsed);
  return { trunk: isWithoutEverywhere ? usual : (trunkPrefix ?? usual), rest: number };
}

function part(code: DialPart['code'], digits: string): DialPart {
  return { code, digits };
}

function present(parts: readonly DialPart[]): DialPart[] {
  return parts.filter(({ digits }) => digits !== '');
}
