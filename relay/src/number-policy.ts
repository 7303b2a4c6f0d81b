// Which numbers may be dialled from a place, by what they are. Pure tables and checks; how often, and by whom, is the
// guard's business. It must judge the digits that the phone system will get, not only the number that was asked for: a
// number that is none ('+49112') comes out of a dial plan as something else ('112').
import type { ErrorCode, PhoneNumber } from '@offhook/protocol';
import type { Location } from '@offhook/protocol/dial-plan';
import { isDisguisedService, isEmergency, isPremium, readNumber } from '@offhook/protocol/number';
import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Why a number is not dialled. `reason` goes to the agent as a word. */
export interface Objection {
  code: ErrorCode & ('number-invalid' | 'policy-blocked');
  reason?: 'emergency' | 'service' | 'code' | 'premium' | 'satellite';
}

const INVALID: Objection = { code: 'number-invalid' };
const EMERGENCY: Objection = { code: 'policy-blocked', reason: 'emergency' };
const SERVICE: Objection = { code: 'policy-blocked', reason: 'service' };
const PREMIUM: Objection = { code: 'policy-blocked', reason: 'premium' };

// ITU-T E.164 assigned country codes: 870 Inmarsat, 881 global mobile satellite, 882 and 883 international networks.
const SATELLITE = /^\+(?:870|88[123])/;
// An area code N11 does not exist: a switch that reads digit by digit dials 911 before the rest has come.
const NORTH_AMERICAN_SERVICE = /^\+1[2-9]11/;
// Directory enquiries (often dear) and, in Germany, patient transport: numbers that a country dials without an area code, and
// that pass for extensions where those are long. libphonenumber's full metadata has no short numbers.
const NATIONAL_SHORT: Record<string, RegExp> = {
  DE: /^(?:118[0-9]{2,3}|19222)$/,
  AT: /^118[0-9]{3}$/,
  CH: /^18[0-9]{2}$/,
  FR: /^118[0-9]{3}$/,
  GB: /^118[0-9]{3}$/,
};
// Shorter numbers than this are premium nowhere.
const SHORTEST_PREMIUM = '+99123'.length;

/** What speaks against dialling the number from this place; undefined if nothing does. */
export function objectionTo(number: PhoneNumber, location: Location): Objection | undefined {
  switch (number.kind) {
    case 'service':
      return isEmergency(number) ? EMERGENCY : SERVICE;
    case 'code':
      return { code: 'policy-blocked', reason: 'code' };
    case 'internal':
      return objectionToInternal(number.number, location);
    case 'e164':
      return objectionToPublic(number.number, location);
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
  const { outsideLine } = location;
  // Without an outside line everything can go out; with one, only what begins with it.
  if (digits.startsWith(outsideLine)) {
    const outside = digits.slice(outsideLine.length);
    const behind = readNumber(outside, location);
    if (behind.kind === 'service') return EMERGENCY;
    if (outsideLine !== '' && behind.kind === 'e164') return INVALID;
    if (NATIONAL_SHORT[location.country]?.test(outside)) return SERVICE;
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

function hasPremiumStart(e164: string): boolean {
  for (let length = e164.length - 1; length >= SHORTEST_PREMIUM; length -= 1) {
    if (isPremium(e164.slice(0, length))) return true;
  }
  return false;
}

function isAtHome(callingCode: string, { country }: Location): boolean {
  return isSupportedCountry(country) && getCountryCallingCode(country) === callingCode;
}
