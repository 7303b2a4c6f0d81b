// Digits → the number that they mean in a country: with `+`, with the prefix for calls abroad, with the trunk prefix, or
// bare. Answers what they could be; whether they are taken for one is judged elsewhere.
import { isFictional } from './fictional.ts';
import { internationalPrefixLength, type NumberingPlan, readInternational } from './numbering-plan.ts';

/** What some digits mean. `form` is how they were written. */
export interface Reading {
  /** E.164. */
  number: string;
  form: 'international' | 'national' | 'bare';
  isValid: boolean;
  isPossible: boolean;
}

// Their trunk prefix stands in the plan, but people write area code and number without it.
const TRUNK_LEFT_OUT = new Set(['BR', 'CO', 'AR', 'PE']);
const MOST_DIGITS = 15;
const ZERO = 0x30;

/** Whether people of the country write numbers without the trunk prefix that its plan knows. */
export function isTrunkLeftOut(country: string): boolean {
  return TRUNK_LEFT_OUT.has(country);
}

/** Reads digits that stood behind a `+`. */
export function readAbroad(digits: string): Reading | undefined {
  const read = readInternational(digits);
  if (!read) return undefined;
  const plain = read.callingCode + read.national;
  if (plain.length > MOST_DIGITS) return undefined;
  const isValid = read.isValid || (read.isPossible && isFictional(plain));
  return { number: `+${plain}`, form: 'international', isValid, isPossible: read.isPossible };
}

/** Reads digits without `+`, as people of the plan's country write them. */
export function readAtHome(digits: string, plan: NumberingPlan): Reading | undefined {
  const isTrunk = plan.trunkPrefix === '0' && digits.charCodeAt(0) === ZERO && digits.charCodeAt(1) !== ZERO;
  const prefix = isTrunk ? 0 : internationalPrefixLength(digits, plan.country);
  if (prefix > 0) {
    const abroad = readAbroad(digits.slice(prefix));
    // No national number begins with 00.
    if (abroad?.isValid || (digits.charCodeAt(0) === ZERO && digits.charCodeAt(1) === ZERO)) return abroad;
  }
  const national = plan.nationalOf(digits);
  const number = plan.callingCode + national;
  if (number.length > MOST_DIGITS || national.length < 3) return undefined;
  // An old trunk prefix: the Polish `022 640 15 13`.
  const isOldStyle = plan.trunkPrefix === '' && digits.charCodeAt(0) === ZERO && !plan.isPossible(`0${national}`);
  if (isOldStyle && plan.isValid(digits.slice(1))) return readAtHome(digits.slice(1), plan);
  const isWritten = national.length < digits.length || isTrunkLeftOut(plan.country) || !plan.isTrunkWritten(national);
  const isValid = plan.isValid(national) || isFictional(number);
  return {
    number: `+${number}`,
    form: isWritten ? 'national' : 'bare',
    isValid,
    isPossible: plan.isPossible(national),
  };
}
