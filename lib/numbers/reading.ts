// Digits → the number that they mean in a country: with `+`, with the prefix for calls abroad, with the trunk prefix, or
// bare. Answers what they could be; whether they are taken for one is judged elsewhere.
import { hasFictionalRanges, isFictional, KEY_LENGTH } from './fictional.ts';
import {
  abroadLength,
  type Digits,
  internationalPrefixLength,
  type NumberingPlan,
  planBehindPlus,
  type QuickPlan,
  readInternational,
  trunkLength,
  UNDECIDED,
} from './numbering-plan.ts';
import { isValidQuickly } from './validity.ts';

/** What some digits mean. `form` is how they were written. */
export interface Reading {
  /** E.164; only its beginning, `'+49'`, where `skipped` is not negative. */
  number: string;
  /** The rest of the number are the digits without so many of the first ones: nobody puts together what is no number. */
  skipped: number;
  form: 'international' | 'national' | 'bare';
  isValid: boolean;
  isPossible: boolean;
}

// Their trunk prefix stands in the plan, but people write area code and number without it.
const TRUNK_LEFT_OUT = new Set(['BR', 'CO', 'AR', 'PE']);
// Only numbers that begin with 1 are written without the trunk prefix.
const ONLY_WITH_ONE = new Set('AU CC CX EC ID IE IL KH KR MY PH PK PS TH'.split(' '));
const MOST_DIGITS = 15;
const FEWEST_DIGITS = 3;
// The number is written out.
const COMPLETE = -1;
const ZERO = 0x30;
const ANY_DIGIT = 0b11_1111_1111;

// Whether people of the country write numbers without the trunk prefix that its plan knows.
function isTrunkLeftOut(country: string): boolean {
  return TRUNK_LEFT_OUT.has(country);
}

/** With which digits a number of the plan's country can begin, as bits: with all where people leave the trunk prefix out. */
export function openingsOf(plan: NumberingPlan): number {
  const isTrunkNeeded = plan.trunkPrefix === '0' && plan.isTrunkWritten('9') && !isTrunkLeftOut(plan.country);
  if (!isTrunkNeeded) return ANY_DIGIT;
  if (plan.isTrunkAlwaysWritten) return 1;
  // 1300 … in Australia, 1588-… in Korea; 800 … in the Emirates.
  return ONLY_WITH_ONE.has(plan.country) ? 0b11 : ANY_DIGIT;
}

/** A reading of digits as values, to be filled again and again. */
export function emptyReading(): Reading {
  return { number: '', skipped: 0, form: 'international', isValid: true, isPossible: true };
}

/** `read`: into the reading that was given. `nothing`: no number could be meant. `undecided`: the texts have to be asked. */
export type QuickAnswer = 'read' | 'nothing' | 'undecided';

/** What `readAbroad` answers, for digits as values and without asking patterns. */
export function readAbroadQuickly(digits: Digits, reading: Reading): QuickAnswer {
  const plan = planBehindPlus(digits);
  if (plan === undefined) return 'nothing';
  const trunk = trunkLength(plan.quick, digits);
  if (trunk === UNDECIDED) return 'undecided';
  digits.from += trunk;
  reading.form = 'international';
  return readNational(plan.quick, digits, reading);
}

/** What `readAtHome` answers, for digits as values and without asking patterns. */
export function readAtHomeQuickly(digits: Digits, plan: NumberingPlan, reading: Reading): QuickAnswer {
  const { values, from } = digits;
  const { quick, trunkPrefix } = plan;
  if (trunkPrefix !== '0' || values[from] !== 0 || values[from + 1] === 0) {
    const abroad = abroadLength(quick, digits);
    if (abroad === UNDECIDED) return 'undecided';
    if (abroad > 0) {
      digits.from += abroad;
      const answer = readAbroadQuickly(digits, reading);
      // No national number begins with 00.
      const isAbroad = (answer === 'read' && reading.isValid) || (values[from] === 0 && values[from + 1] === 0);
      return isAbroad ? answer : 'undecided';
    }
  }
  const trunk = trunkLength(quick, digits);
  if (trunk === UNDECIDED || (trunkPrefix === '' && values[from] === 0)) return 'undecided';
  const isWritten = trunk > 0 || quick.isBareUsual;
  if (isWritten === undefined) return 'undecided';
  digits.from += trunk;
  reading.form = isWritten || isTrunkLeftOut(plan.country) ? 'national' : 'bare';
  return readNational(quick, digits, reading);
}

function readNational(quick: QuickPlan, digits: Digits, reading: Reading): QuickAnswer {
  const length = digits.to - digits.from;
  if (quick.prefix.length + length > MOST_DIGITS + 1 || length < FEWEST_DIGITS) {
    // Abroad two digits are enough.
    return length === FEWEST_DIGITS - 1 ? 'undecided' : 'nothing';
  }
  reading.number = quick.prefix;
  reading.skipped = digits.from;
  reading.isValid = isValidQuickly(quick, digits);
  reading.isPossible = true;
  if (reading.isValid) return 'read';
  if (!quick.isAlone || mayBeFictional(quick.prefix, digits)) return 'undecided';
  reading.isPossible = ((quick.lengths >> length) & 1) === 1;
  return 'read';
}

function mayBeFictional(prefix: string, { values, from }: Digits): boolean {
  let beginning = 0;
  for (let index = 0; index < KEY_LENGTH; index += 1) {
    const own = index + 1 - prefix.length;
    beginning = beginning * 10 + (own < 0 ? prefix.charCodeAt(index + 1) - ZERO : (values[from + own] ?? 0));
  }
  return hasFictionalRanges(beginning);
}

/** Reads digits that stood behind a `+`. */
export function readAbroad(digits: string): Reading | undefined {
  const read = readInternational(digits);
  if (!read) return undefined;
  const plain = read.callingCode + read.national;
  if (plain.length > MOST_DIGITS) return undefined;
  const isValid = read.isValid || (read.isPossible && isFictional(plain));
  return { number: `+${plain}`, skipped: COMPLETE, form: 'international', isValid, isPossible: read.isPossible };
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
  if (isOldStyle && !plan.isValid(national) && plan.isValid(digits.slice(1))) return readAtHome(digits.slice(1), plan);
  const isWritten = national.length < digits.length || isTrunkLeftOut(plan.country) || !plan.isTrunkWritten(national);
  const isValid = plan.isValid(national) || isFictional(number);
  return {
    number: `+${number}`,
    skipped: COMPLETE,
    form: isWritten ? 'national' : 'bare',
    isValid,
    isPossible: plan.isPossible(national),
  };
}
