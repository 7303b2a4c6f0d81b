// The shortest way: a number that is written plainly, as the cells of a table and the lines below a mail hold it. One
// pattern, which the engine runs as machine code, and one walk over its signs. It takes less than the long way does, and
// never anything else (a test asks both): whatever is not plain in shape, valid and marked by `0`, `00` or `+` is not its business.
import type { FoundNumber } from './find.ts';
import { asMachineCode } from './machine-code.ts';
import { MAIN_PLANS, mainPlanOf, type NumberingPlan } from './numbering-plan.ts';
import { FEWEST_ABROAD } from './plain-shape.ts';
import { validNumber } from './validity.ts';

// What follows an area code: `23125042`, `23125-042`, `23125 042`, `555-0142` but no year.
const REST = String.raw`(?:\d{5,8}|(?:\d{5}|\d{7,8})-\d{2,3}|\d{2,8} \d{3,4}|\d{3}-[03-9]\d{3})`;
const TOUCHING_REST = String.raw`(?:\d{5,8}|(?:\d{5}|\d{7,8})-\d{2,3}|(?:\d{3}|\d{5,8}) \d{3,4}|\d{3}-[03-9]\d{3})`;
// `030 `, `(030) `, `+49 30 `, `+49 (0)30 `
const SPACED_AREA = String.raw`(?:0[1-9]\d{0,3} |\(0[1-9]\d\) |\(0[1-9]\d{0,3}\)|\+[1-9]\d{0,2} [1-9]\d{0,2} |\+[1-9]\d? \(0\)[1-9]\d{0,2} )`;
// `030/`, `0171-`, `+1 212-`
const TOUCHING_AREA = String.raw`(?:0[1-9]\d{0,3}|\+[1-9]\d{0,2} [1-9]\d{0,2})[/-]`;
const PLAIN = String.raw`(?:${SPACED_AREA}${REST}|00[1-9]\d [1-9]\d? \d{5,8}|${TOUCHING_AREA}${TOUCHING_REST}|0[1-9]\d{7,11}|\+[1-9]\d{8,12}|0[1-9](?: \d\d){4})`;
// Signs of a number may follow, but no digits behind them.
const PLAIN_HERE = new RegExp(String.raw`${PLAIN}(?=[ ()./-]{0,5}(?:$|[\n!-'*-,:-~]))`, 'y');
const FEWEST_DIGITS = 9;
const MOST_DIGITS = 13;
const LONGEST = 24;
const LONGEST_CODE = 3;
const ZERO = 0x30;
const PLUS = 0x2b;

/** Makes the pattern ready, which every page with a number needs. */
export function prepareWholeNumbers(): void {
  asMachineCode(PLAIN_HERE);
}

/** The number that the text as a whole is, or undefined where the long way has to be gone. */
export function wholeNumber(text: string, home: NumberingPlan | undefined): FoundNumber[] | undefined {
  const { length } = text;
  if (home === undefined || length > LONGEST || plainEnd(text, 0) !== length) return undefined;
  const number = plainNumber(text, 0, length, home);
  if (number === '') return undefined;
  const rule = text.charCodeAt(0) === PLUS || text.startsWith('00') ? 'international' : 'national';
  return [{ start: 0, end: length, kind: 'phone', number, rule }];
}

/** The offset behind the number of that shape that begins at `from`, or 0; whatever it means. */
export function plainEnd(text: string, from: number): number {
  PLAIN_HERE.lastIndex = from;
  return PLAIN_HERE.test(text) ? PLAIN_HERE.lastIndex : 0;
}

/**
 * The valid number that the text between the offsets means, which is of that shape, in E.164, or `''`. In one piece: a
 * table's first page is over before the engine has compiled many functions.
 */
export function plainNumber(text: string, start: number, end: number, home: NumberingPlan): string {
  const first = text.charCodeAt(start);
  let at = first === ZERO ? start : start + 1;
  let { quick } = home;
  let written = 1;
  let hasTrunk = true;
  const isBehindZeros = first !== PLUS && text.charCodeAt(at + 1) === ZERO;
  if (first !== PLUS && home.trunkPrefix !== '0') return '';
  if (first === PLUS || isBehindZeros) {
    if (isBehindZeros) {
      if (!quick.isAbroadPlain) return '';
      at += 2;
    }
    const from = at;
    let value = 0;
    let plan: NumberingPlan | null | undefined;
    do {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit < 0 || at - from === LONGEST_CODE) return '';
      value = value * 10 + digit;
      plan = MAIN_PLANS[value];
      if (plan === undefined) plan = mainPlanOf(value);
      at += 1;
    } while (plan === null);
    quick = plan.quick;
    written = isBehindZeros ? at - from + 2 : at - from;
    while (text.charCodeAt(at) < ZERO) at += 1;
    hasTrunk = ((quick.trunkOpenings >> (text.charCodeAt(at) - ZERO)) & 1) === 1;
    if (hasTrunk) written += 1;
  } else if ((quick.trunkOpenings & 1) === 0) return '';
  if (hasTrunk) {
    if (!quick.isTrunkPlain) return '';
    at += 1;
  }
  const number = validNumber(text, at, end, quick);
  if (number === '') return '';
  const national = number.length - quick.prefix.length;
  written += national;
  if (isBehindZeros ? written < FEWEST_ABROAD : written < FEWEST_DIGITS || written > MOST_DIGITS) return '';
  // Where their length is no number's, the digit in front of them is one of them.
  if (hasTrunk && national <= quick.longest && ((quick.lengths >> national) & 1) === 0) return '';
  // Such a number may be valid; the long way knows better.
  return first === PLUS && isOneDigit(number) ? '' : number;
}

// `+77777777777`
function isOneDigit(number: string): boolean {
  let at = 2;
  while (at < number.length && number.charCodeAt(at) === number.charCodeAt(1)) at += 1;
  return at === number.length;
}
