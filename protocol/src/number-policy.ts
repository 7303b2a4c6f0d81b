// Which numbers may be dialled from a place, by what they are. Pure: how often, and by whom, is the relay's guard's
// business. Shared, so that what the extension shows before a call is what the relay decides. It must judge the digits
// that the phone system will get, not only the number that was asked for: a number that is none ('+49112') comes out of
// a dial plan as something else ('112').
import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { dialPartsOf, dialStringOf } from './dial-plan.ts';
import type { Params } from './entities.ts';
import type { ErrorCode } from './errors.ts';
import type { Location } from './location.ts';
import { isDisguisedService, outsideLinesOf, readNumber } from './number.ts';
import { isPremium, typeOf } from './number-type.ts';
import { isDirectoryNumber, isEmergency, isServiceNumber, startsWithEmergency } from './service-numbers.ts';
import type { Decision, NumberType, PhoneNumber } from './telephony.ts';

/**
 * What is to be said of a number before it is dialled. `dialString` is there exactly when it may be: at once (`allowed`),
 * or when a person has confirmed it (`confirm`, with `confirmation-needed` and the reason).
 */
export interface Verdict {
  decision: Decision;
  /** As it was read: never `raw` when it may be dialled. */
  number: PhoneNumber;
  /** Only public numbers have one. */
  numberType?: NumberType | undefined;
  dialString?: string | undefined;
  code?: ErrorCode | undefined;
  params?: Params | undefined;
}

/** Why a number is not dialled. `reason` goes to the agent as a word. */
interface Objection {
  code: ErrorCode & ('number-invalid' | 'policy-blocked');
  reason?: 'emergency' | 'service' | 'code' | 'premium' | 'satellite';
}

const INVALID: Objection = { code: 'number-invalid' };
const EMERGENCY: Objection = { code: 'policy-blocked', reason: 'emergency' };
const SERVICE: Objection = { code: 'policy-blocked', reason: 'service' };
const PREMIUM: Objection = { code: 'policy-blocked', reason: 'premium' };

// What may ever reach a phone system, whatever the dial plan made of the number.
const DIAL_STRING = /^[+0-9*#]{1,32}$/;
// ITU-T E.164 assigned country codes: 870 Inmarsat, 881 global mobile satellite, 882 and 883 international networks.
const SATELLITE = /^\+(?:870|88[123])/;
// An area code N11 does not exist: a switch that reads digit by digit dials 911 before the rest has come.
const NORTH_AMERICAN_SERVICE = /^\+1[2-9]11/;
// Shorter numbers than this are premium nowhere.
const SHORTEST_PREMIUM = '+99123'.length;

/** Reads and judges a number from a place: what it is, what would be dialled, or why nothing is. */
export function judgeNumber(asked: PhoneNumber, location: Location): Verdict {
  const number = asked.kind === 'raw' ? readNumber(asked.text, location) : asked;
  const numberType = typeOf(number);
  const judged = { number, ...(numberType && { numberType }) };
  const dialString = dialStringOf(number, location);
  if (dialString === undefined || !DIAL_STRING.test(dialString)) {
    return { ...judged, decision: 'refused', code: 'number-invalid' };
  }
  const question = questionOf(number, location);
  if (question) return { ...judged, decision: 'confirm', dialString, code: 'confirmation-needed', params: question };
  const objection = objectionTo(number, location);
  if (!objection) return { ...judged, decision: 'allowed', dialString };
  const { code, reason } = objection;
  return { ...judged, decision: 'refused', code, ...(reason && { params: { reason } }) };
}

// Only what is a service number there and says so: what merely comes out of a dial plan as one is refused below.
function questionOf(number: PhoneNumber, { country, emergency }: Location): Params | undefined {
  if (number.kind !== 'service' || emergency.dial !== 'afterConfirmation') return undefined;
  if (!isServiceNumber(number.number, country)) return undefined;
  return { reason: isEmergency(number, country) ? 'emergency' : 'service', number: number.number };
}

function objectionTo(number: PhoneNumber, location: Location): Objection | undefined {
  switch (number.kind) {
    case 'service':
      return isEmergency(number, location.country) ? EMERGENCY : SERVICE;
    case 'code':
      return { code: 'policy-blocked', reason: 'code' };
    case 'internal':
      return objectionToInternal(number.number, location);
    case 'e164':
      return objectionToPublic(number.number, location) ?? objectionToDigits(number, location);
    case 'anonymous':
    case 'hidden':
    case 'raw':
      return INVALID;
    default:
      return number satisfies never;
  }
}

// What is no extension here would be dialled as it stands, past all that is checked of public numbers: 0900… is premium,
// 9911 is an outside line and 911.
function objectionToInternal(digits: string, location: Location): Objection | undefined {
  if (isServiceHere(digits, location)) return EMERGENCY;
  // Where a kind of call needs no outside line, everything can go out.
  for (const outsideLine of outsideLinesOf(location)) {
    if (!digits.startsWith(outsideLine)) continue;
    const outside = digits.slice(outsideLine.length);
    if (isDirectoryNumber(outside, location.country)) return SERVICE;
    const behind = readNumber(outside, location);
    if (behind.kind === 'service') return EMERGENCY;
    if (outsideLine !== '' && behind.kind === 'e164') return INVALID;
  }
  return readNumber(digits, location).kind === 'internal' ? undefined : INVALID;
}

// A service number of any country that the own one knows by these digits, and 112, which is one nearly everywhere.
function isServiceHere(digits: string, location: Location): boolean {
  return readNumber(digits, location).kind === 'service';
}

function objectionToPublic(e164: string, location: Location): Objection | undefined {
  if (isDisguisedService(e164) || NORTH_AMERICAN_SERVICE.test(e164)) return EMERGENCY;
  if (SATELLITE.test(e164)) return { code: 'policy-blocked', reason: 'satellite' };
  if (isPremium(e164)) return PREMIUM;
  const parsed = parsePhoneNumberFromString(e164);
  if (parsed?.isValid()) return undefined;
  // Networks ignore digits behind a complete number: 0900 … and one digit too many rings there all the same.
  if (hasPremiumStart(e164)) return PREMIUM;
  // At home, the dial plan takes the country code away, and what is no number then becomes an extension, a service or a
  // call-by-call prefix. From abroad it stays a number that the network refuses, or one newer than our tables.
  return !parsed?.isPossible() || isAtHome(parsed.countryCallingCode, location) ? INVALID : undefined;
}

// A place that dials national numbers without the prefix which its country has: 15… in France is an ambulance by then. And
// so is, dialled without plus, what is no number: +1 12….
function objectionToDigits(number: PhoneNumber & { kind: 'e164' }, location: Location): Objection | undefined {
  const { format, trunkPrefix } = location;
  const isBareNational = format === 'phoneBook' && trunkPrefix === '';
  const isBareGuess = format === 'internationalWithoutPlus' && !parsePhoneNumberFromString(number.number)?.isValid();
  if (!isBareNational && !isBareGuess) return undefined;
  const [first] = (dialPartsOf(number, location) ?? []).filter(({ code }) => code !== 'outsideLine');
  const isBare = first?.code === 'number' && startsWithEmergency(first.digits, location.country);
  return isBare ? EMERGENCY : undefined;
}

function hasPremiumStart(e164: string): boolean {
  for (let length = e164.length - 1; length >= SHORTEST_PREMIUM; length -= 1) {
    if (isPremium(e164.slice(0, length))) return true;
  }
  return false;
}

function isAtHome(callingCode: string, { country }: Location): boolean {
  return isSupportedCountry(country) && getCountryCallingCode(country) === callingCode;
}
