// Decides before anything is dialled: what number, how often, by whom. The extension can be hijacked by a page, so this
// is the bound that counts. It dials nothing and knows no phone system.
import type { CommandName, Contact, ErrorCode, Location, Params, PhoneNumber } from '@offhook/protocol';
import { judgeNumber, type Verdict } from '@offhook/protocol/number-policy';
import { countryOf } from '@offhook/protocol/number-type';
import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Clock } from './clock.ts';
import { type AskedOrder, type Confirmations, createConfirmations } from './confirmations.ts';
import type { KnownCountries } from './known-countries.ts';

export interface GuardLimits {
  /** Calls one user may start or send elsewhere within an hour, and within a minute. */
  perHour: number;
  burstPerMinute: number;
}

/** Who wants to do what with a number, and from where. */
export interface Asking {
  userId: string;
  number: PhoneNumber;
  location: Location;
  command: CommandName & ('makeCall' | 'redirect' | 'setForward');
  /** Whether the number, as it was read, is one of the company's contacts: no country of theirs is asked about. */
  isContact?: ((number: PhoneNumber) => boolean) | undefined;
  /** Whether the contacts that this user sees say that it is not to be called. */
  isDoNotCall?: ((number: PhoneNumber) => boolean) | undefined;
}

/** As a number is judged for a user. `newCountry` is to be learned when the call is made. */
export interface UserVerdict extends Verdict {
  newCountry?: string | undefined;
}

/** Whether a contact is surely the one who is not to be called. */
export function isDoNotCall(contact: Contact | undefined): boolean {
  return contact?.match === 'exact' && contact.doNotCall === true;
}

/** Why something is not done. */
export interface GuardRefusal {
  code: ErrorCode;
  params: Params;
}

export interface Guard {
  /** Judges a number; counts nothing, so it may be asked while somebody types. */
  judge(number: PhoneNumber, location: Location): Verdict;
  /** Judges a number for a user and what shall be done with it. Counts nothing either. */
  judgeFor(asking: Asking): UserVerdict;
  /** Judges what would be joined: another party that may not be dialled may not be given to anybody either. */
  judgeParties(numbers: readonly PhoneNumber[], location: Location): GuardRefusal | undefined;
  /** Takes digits for a call that runs: as many as a person presses, and none of the codes that send a call elsewhere. */
  pressKeys(userId: string, callId: string, digits: string): GuardRefusal | undefined;
  /** Whether the token confirms the order; if not, the question to answer with. */
  confirm(order: AskedOrder, token: string | undefined): { confirmed: true } | { confirmed: false; token: string };
  /** The user has confirmed this country, and calls there now. */
  learn(userId: string, country: string): void;
  /** How many calls the user may still start within this hour, and within this minute. */
  left(userId: string): { hour: number; minute: number };
  /** Takes one call from the user's allowance, or answers why not; what is not allowed costs nothing. */
  spend(userId: string): GuardRefusal | undefined;
}

export interface GuardOptions {
  limits: GuardLimits;
  clock: Clock;
  /** The countries that users have called; without them no country is new to anybody. */
  countries?: KnownCountries | undefined;
  /** What the phone system takes, in a call, for an order to send it elsewhere: `'##'`. */
  inCallCodes?: readonly string[] | undefined;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
// Fast fingers make five a second, for some seconds.
const MOST_KEYS_A_MINUTE = 150;
// Calls whose last keys are remembered.
const MOST_PRESSED_CALLS = 2_000;
const LONGEST_CODE = 8;

/** A guard with its limits per user over sliding windows of the given clock. */
export function createGuard(options: GuardOptions): Guard {
  const { clock, countries } = options;
  const confirmations: Confirmations = createConfirmations({ clock });
  return {
    judge: judgeNumber,
    judgeFor: (asking) => judgeFor(asking, countries),
    judgeParties(numbers, location) {
      const verdicts = numbers.map((number) => judgeNumber(number, location));
      const refused = verdicts.find(({ code, params }) => code === 'policy-blocked' && isDear(params));
      return refused && { code: 'policy-blocked', params: refused.params ?? {} };
    },
    pressKeys: createKeys(options),
    confirm(order, token) {
      if (token !== undefined && confirmations.take(token, order)) return { confirmed: true };
      return { confirmed: false, token: confirmations.issue(order) };
    },
    learn: (userId, country) => countries?.learn(userId, country),
    ...createAllowance(options),
  };
}

function judgeFor(
  { userId, number, location, command, isContact, isDoNotCall }: Asking,
  countries: KnownCountries | undefined,
): UserVerdict {
  const verdict = judgeNumber(number, location);
  // Who is forwarded there without knowing it has not asked for help.
  if (command === 'setForward' && verdict.decision === 'confirm') {
    const { dialString: _, ...rest } = verdict;
    return { ...rest, decision: 'refused', code: 'policy-blocked', params: { reason: 'forward' } };
  }
  if (command !== 'setForward' && verdict.decision === 'allowed' && isDoNotCall?.(verdict.number)) {
    return { ...verdict, decision: 'confirm', code: 'confirmation-needed', params: { reason: 'do-not-call' } };
  }
  const country = countries && verdict.decision === 'allowed' ? foreignCountryOf(verdict.number, location) : undefined;
  if (country === undefined || countries?.has(userId, country) || isContact?.(verdict.number)) return verdict;
  const params = { reason: 'country', country };
  return { ...verdict, decision: 'confirm', code: 'confirmation-needed', params, newCountry: country };
}

// Countries that share a calling code with the own one are no foreign ones (Guernsey from London), but for the two codes
// that half a continent shares.
function foreignCountryOf(number: PhoneNumber, { country: home }: Location): string | undefined {
  if (number.kind !== 'e164') return undefined;
  const country = countryOf(number.number);
  const callingCode = parsePhoneNumberFromString(number.number)?.countryCallingCode;
  const isShared = isSupportedCountry(home) && getCountryCallingCode(home) === callingCode;
  const isContinental = callingCode === '1' || callingCode === '7';
  const isHome = country === home || (isShared && (!isContinental || country?.startsWith('+') === true));
  return isHome ? undefined : country;
}

function isDear(params: Params | undefined): boolean {
  return params?.['reason'] === 'premium' || params?.['reason'] === 'satellite';
}

function createKeys({ clock, inCallCodes = [] }: GuardOptions): Guard['pressKeys'] {
  const pressedBy = new Map<string, { at: number; count: number }[]>();
  const lastKeys = new Map<string, string>();
  return (userId, callId, digits) => {
    const recent = (pressedBy.get(userId) ?? []).filter(({ at }) => at > clock.elapsed() - MINUTE_MS);
    pressedBy.set(userId, recent);
    const count = recent.reduce((sum, one) => sum + one.count, 0) + digits.length;
    if (count > MOST_KEYS_A_MINUTE) return { code: 'rate-limited', params: {} };
    // Key by key or at once: a code is one all the same.
    const keys = `${lastKeys.get(callId) ?? ''}${digits}`;
    if (inCallCodes.some((code) => keys.includes(code))) return { code: 'policy-blocked', params: { reason: 'code' } };
    recent.push({ at: clock.elapsed(), count: digits.length });
    lastKeys.delete(callId);
    lastKeys.set(callId, keys.slice(1 - LONGEST_CODE));
    const [oldest] = lastKeys.keys();
    if (oldest !== undefined && lastKeys.size > MOST_PRESSED_CALLS) lastKeys.delete(oldest);
    return undefined;
  };
}

function createAllowance({ limits, clock }: GuardOptions): Pick<Guard, 'left' | 'spend'> {
  const startedBy = new Map<string, number[]>();
  const recentOf = (userId: string) => (startedBy.get(userId) ?? []).filter((at) => at > clock.elapsed() - HOUR_MS);
  const inMinuteOf = (recent: readonly number[]) => recent.filter((at) => at > clock.elapsed() - MINUTE_MS).length;
  return {
    left(userId) {
      const recent = recentOf(userId);
      return {
        hour: Math.max(0, limits.perHour - recent.length),
        minute: Math.max(0, limits.burstPerMinute - inMinuteOf(recent)),
      };
    },
    spend(userId) {
      const recent = recentOf(userId);
      startedBy.set(userId, recent);
      if (recent.length >= limits.perHour) {
        return { code: 'rate-limited', params: { limit: limits.perHour, windowSeconds: 3600 } };
      }
      if (inMinuteOf(recent) >= limits.burstPerMinute) {
        return { code: 'rate-limited', params: { limit: limits.burstPerMinute, windowSeconds: 60 } };
      }
      recent.push(clock.elapsed());
      return undefined;
    },
  };
}
