// The shortest way: a text that is nothing but one number, written plainly, as the cells of a table are. Two patterns, which
// the engine runs as machine code, and one walk through the plan's table. It takes less than the long way does, and never
// anything else (a test asks both): whatever is not plain in shape, valid and marked by `0`, `00` or `+` is not its business.
import type { FoundNumber } from './find.ts';
import { type NumberingPlan, numberBehindPlus, numberWithTrunk } from './numbering-plan.ts';
import { FEWEST_ABROAD } from './plain-shape.ts';

// What follows an area code: `23125042`, `23125-042`, `23125 042`, `555-0142` but no year.
const REST = String.raw`(?:\d{5,8}|(?:\d{5}|\d{7,8})-\d{2,3}|\d{2,8} \d{3,4}|\d{3}-[03-9]\d{3})`;
const TOUCHING_REST = String.raw`(?:\d{5,8}|(?:\d{5}|\d{7,8})-\d{2,3}|(?:\d{3}|\d{5,8}) \d{3,4}|\d{3}-[03-9]\d{3})`;
// `030 `, `(030) `, `+49 30 `, `+49 (0)30 `
const SPACED_AREA = String.raw`(?:0[1-9]\d{0,3} |\(0[1-9]\d\) |\(0[1-9]\d{0,3}\)|\+[1-9]\d{0,2} [1-9]\d{0,2} |\+[1-9]\d? \(0\)[1-9]\d{0,2} )`;
// `030/`, `0171-`, `+1 212-`
const TOUCHING_AREA = String.raw`(?:0[1-9]\d{0,3}|\+[1-9]\d{0,2} [1-9]\d{0,2})[/-]`;
const WHOLE = new RegExp(
  String.raw`^(?:${SPACED_AREA}${REST}|00[1-9]\d [1-9]\d? \d{5,8}|${TOUCHING_AREA}${TOUCHING_REST}|0[1-9]\d{7,11}|\+[1-9]\d{8,12}|0[1-9](?: \d\d){4})$`,
);
const NO_DIGITS = /\D+/g;
const FEWEST_DIGITS = 9;
const MOST_DIGITS = 13;
const LONGEST = 24;
const ZERO = 0x30;
const PLUS = 0x2b;

/** The number that the text as a whole is, or undefined where the long way has to be gone. */
export function wholeNumber(text: string, plan: NumberingPlan | undefined): FoundNumber[] | undefined {
  if (text.length > LONGEST || plan === undefined || !WHOLE.test(text)) return undefined;
  const digits = text.replace(NO_DIGITS, '');
  const { length } = digits;
  const first = digits.charCodeAt(0);
  const isAbroad = first === ZERO && digits.charCodeAt(1) === ZERO;
  if (length < FEWEST_DIGITS || (length > MOST_DIGITS && !isAbroad)) return undefined;
  const isRepeated = first === digits.charCodeAt(length - 1) && digits === digits.charAt(0).repeat(length);
  const hasPlus = text.charCodeAt(0) === PLUS;
  if (isRepeated || (!hasPlus && plan.trunkPrefix !== '0')) return undefined;
  let number = '';
  let rule = 'international';
  if (hasPlus) {
    number = numberBehindPlus(digits, 0);
  } else if (!isAbroad) {
    number = numberWithTrunk(digits, plan);
    rule = 'national';
  } else if (plan.quick.isAbroadPlain && length >= FEWEST_ABROAD) {
    number = numberBehindPlus(digits, 2);
  }
  return number === '' ? undefined : [{ start: 0, end: text.length, kind: 'phone', number, rule }];
}
