// The shortest way: a number that is written plainly, as the cells of a table and the lines below a mail hold it. Patterns,
// which the engine runs as machine code, and one walk through the plan's table. It takes less than the long way does, and
// never anything else (a test asks both): whatever is not plain in shape, valid and marked by `0`, `00` or `+` is not its business.
import type { Place, Span } from './candidate.ts';
import type { FoundNumber } from './find.ts';
import { type Digits, isValidQuickly, planBehindPlus, trunkLength } from './numbering-plan.ts';
import { FEWEST_ABROAD } from './plain-shape.ts';

// What follows an area code: `23125042`, `23125-042`, `23125 042`, `555-0142` but no year.
const REST = String.raw`(?:\d{5,8}|(?:\d{5}|\d{7,8})-\d{2,3}|\d{2,8} \d{3,4}|\d{3}-[03-9]\d{3})`;
const TOUCHING_REST = String.raw`(?:\d{5,8}|(?:\d{5}|\d{7,8})-\d{2,3}|(?:\d{3}|\d{5,8}) \d{3,4}|\d{3}-[03-9]\d{3})`;
// `030 `, `(030) `, `+49 30 `, `+49 (0)30 `
const SPACED_AREA = String.raw`(?:0[1-9]\d{0,3} |\(0[1-9]\d\) |\(0[1-9]\d{0,3}\)|\+[1-9]\d{0,2} [1-9]\d{0,2} |\+[1-9]\d? \(0\)[1-9]\d{0,2} )`;
// `030/`, `0171-`, `+1 212-`
const TOUCHING_AREA = String.raw`(?:0[1-9]\d{0,3}|\+[1-9]\d{0,2} [1-9]\d{0,2})[/-]`;
const PLAIN = String.raw`(?:${SPACED_AREA}${REST}|00[1-9]\d [1-9]\d? \d{5,8}|${TOUCHING_AREA}${TOUCHING_REST}|0[1-9]\d{7,11}|\+[1-9]\d{8,12}|0[1-9](?: \d\d){4})`;
const WHOLE = new RegExp(`^${PLAIN}$`);
// Signs of a number may follow, but no digits behind them.
const PLAIN_HERE = new RegExp(String.raw`${PLAIN}(?=[ ()./-]{0,5}(?:$|[\n!-'*-,:-~]))`, 'y');
const FEWEST_DIGITS = 9;
const MOST_DIGITS = 13;
const LONGEST = 24;
const ZERO = 0x30;
const PLUS = 0x2b;

// Whose country is asked, and where the digits are written.
type Room = Pick<Place, 'home' | 'digits' | 'span'>;

/** The number that the text as a whole is, or undefined where the long way has to be gone. */
export function wholeNumber(text: string, place: Room): FoundNumber[] | undefined {
  if (text.length > LONGEST || !WHOLE.test(text)) return undefined;
  place.span.start = 0;
  place.span.end = text.length;
  const number = plainNumber(text, place);
  if (number === '') return undefined;
  const rule = text.charCodeAt(0) === PLUS || text.startsWith('00') ? 'international' : 'national';
  return [{ start: 0, end: text.length, kind: 'phone', number, rule }];
}

/** The offset behind the number of that shape that begins at `from`, or 0; whatever it means. */
export function plainEnd(text: string, from: number): number {
  PLAIN_HERE.lastIndex = from;
  return PLAIN_HERE.test(text) ? PLAIN_HERE.lastIndex : 0;
}

/** The valid number that the span of the text means, which is of that shape, in E.164, or `''`. */
export function plainNumber(text: string, place: Room): string {
  const { digits, span } = place;
  const { plan } = place.home;
  if (plan === undefined || !readDigits(text, span, digits)) return '';
  const { values } = digits;
  const hasPlus = text.charCodeAt(span.start) === PLUS;
  const isAbroad = !hasPlus && values[0] === 0 && values[1] === 0;
  if ((digits.to > MOST_DIGITS && !isAbroad) || (!hasPlus && plan.trunkPrefix !== '0')) return '';
  if (isAbroad) {
    if (!plan.quick.isAbroadPlain || digits.to < FEWEST_ABROAD) return '';
    digits.from = 2;
  }
  const isHome = !hasPlus && !isAbroad;
  const own = isHome ? plan : planBehindPlus(digits);
  if (own === undefined) return '';
  const { quick } = own;
  const trunk = trunkLength(quick, digits);
  if (trunk < (isHome ? 1 : 0)) return '';
  digits.from += trunk;
  return isValidQuickly(quick, digits) ? numberWritten(quick.prefix, text, place) : '';
}

// False where they are too few, or all the same.
function readDigits(text: string, { start, end }: Span, digits: Digits): boolean {
  const { values } = digits;
  let count = 0;
  let differing = 0;
  for (let at = start; at < end; at += 1) {
    // All signs of the shape come before the digits.
    const value = text.charCodeAt(at) - ZERO;
    if (value < 0) continue;
    values[count] = value;
    differing |= value ^ (values[0] ?? 0);
    count += 1;
  }
  digits.from = 0;
  digits.to = count;
  return count >= FEWEST_DIGITS && differing !== 0;
}

// The prefix, and the digits of the span from those on that belong to the national number.
function numberWritten(prefix: string, text: string, { span, digits }: Room): string {
  let written = prefix;
  let count = 0;
  let start = -1;
  for (let at = span.start; at < span.end; at += 1) {
    if (text.charCodeAt(at) >= ZERO) {
      if (start < 0 && count >= digits.from) start = at;
      count += 1;
    } else if (start >= 0) {
      written += text.slice(start, at);
      start = -1;
    }
  }
  return written + text.slice(start, span.end);
}
