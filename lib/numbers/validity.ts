// Walks through a plan's table of valid numbers, as it is written: each digit is one look-up, so that no input can make it
// slow. The format is described in scripts/numbers/plan-tables.ts, which writes it. Unpacking the tables of three codes
// would cost a page as much as all its numbers.
import type { Digits, QuickPlan } from './numbering-plan.ts';

const ZERO = 48;
const UPPER = 0x7f;
const UPPER_OFFSET = 0x52;
// Characters a state, and the place of its verdict.
const PLACES = 11;
const VERDICT = 10;
// A plus and fifteen digits, E.164.
const MOST_SIGNS = 16;

type Codes = [
  ...[number, number, number, number, number, number, number, number],
  ...[number, number, number, number, number, number, number, number],
];
// Room for the signs of one number, written anew for each.
const CODES: Codes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/** The number's region, counted from 1 (0: nobody's), times two, plus one if the number is valid. */
export function verdictOf(table: string, digits: string): number {
  let state = 1;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) return 0;
    const code = table.charCodeAt(state * PLACES + digit);
    state = code < UPPER ? code - ZERO : code - UPPER_OFFSET;
    if (state === 0) return 0;
  }
  // Verdicts are small.
  return table.charCodeAt(state * PLACES + VERDICT) - ZERO;
}

/** `NumberingPlan.isValid` for digits as values. */
export function isValidQuickly({ table }: QuickPlan, { values, from, to }: Digits): boolean {
  let state = 1;
  for (let index = from; index < to; index += 1) {
    const code = table.charCodeAt(state * PLACES + (values[index] ?? 0));
    state = code < UPPER ? code - ZERO : code - UPPER_OFFSET;
    if (state === 0) return false;
  }
  return ((table.charCodeAt(state * PLACES + VERDICT) - ZERO) & 1) === 1;
}

/**
 * The number in E.164 that the digits between two offsets are, whatever signs below `0` stand among them; `''` where it is
 * not valid. Checks and writes in one go, since each loop has to be compiled before it is fast.
 */
export function validNumber(text: string, from: number, end: number, { table, prefix }: QuickPlan): string {
  let count = prefix.length;
  for (let index = 0; index < count; index += 1) CODES[index] = prefix.charCodeAt(index);
  let state = 1;
  for (let at = from; at < end; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign >= ZERO) {
      const code = table.charCodeAt(state * PLACES + sign - ZERO);
      state = code < UPPER ? code - ZERO : code - UPPER_OFFSET;
      if (state === 0 || count === MOST_SIGNS) return '';
      CODES[count] = sign;
      count += 1;
    }
  }
  const isValid = ((table.charCodeAt(state * PLACES + VERDICT) - ZERO) & 1) === 1;
  return isValid ? written(CODES, count) : '';
}

// One text, and no pieces to be put together: a table has thousands.
function written(c: Codes, count: number): string {
  const { fromCharCode } = String;
  switch (count) {
    case 10:
      return fromCharCode(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9]);
    case 11:
      return fromCharCode(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10]);
    case 12:
      return fromCharCode(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10], c[11]);
    case 13:
      return fromCharCode(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10], c[11], c[12]);
    case 14:
      return fromCharCode(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10], c[11], c[12], c[13]);
    default:
      return fromCharCode(...c.slice(0, count));
  }
}
