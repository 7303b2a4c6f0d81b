// The first look at a text: where, if anywhere, do digits begin that could be a number? Most texts of a page end here. It is
// one pattern, since the engine runs patterns as machine code at once, and loops over signs only once it has compiled them.
import { MIDDLE_DOT_RANGES, UNUSUAL_RANGES, ZEROS } from './characters.ts';

const FIRST_FOREIGN_DIGIT = 0x660;
// Signs beyond ASCII that stand for plain ones, or for nothing, count as signs of a number; some of them may end it.
const BEYOND = [...UNUSUAL_RANGES, ...MIDDLE_DOT_RANGES];
const DIGIT = `0-9${classOf(ZEROS.map((zero) => [zero, zero + 9]))}`;
const LAST = DIGIT + classOf(BEYOND.filter(([first]) => first >= FIRST_FOREIGN_DIGIT));
const INSIDE = ` ()./${DIGIT}${classOf(BEYOND)}-`;
// Six signs of a number, gaps being no longer than five. Or three digits and a word in capitals: `888 F`, `1888 F`, `1-888 F`.
// Every sign of a text is asked this, and few ranges are asked faster than forty.
const NEARLY_DIGIT = '[0-9\\u0660-\\u1c59\\ua620-\\uabf9\\uff10-\\uff19]';
// The same signs, and more, in few ranges: what they let pass is asked for each of them. No `€`, which stands beside digits.
const NEARLY_INSIDE =
  ' ()./0-9\\u00a0-\\u00b7\\u034f-\\u2015\\u2022\\u2027-\\u206f\\u2212-\\u30fc\\ua620-\\uabf9\\ufe00-\\uff5e-';
const NEARLY_LAST = '0-9\\u0660-\\u2015\\u2022\\u2027-\\u206f\\u2212-\\u30fc\\ua620-\\uabf9\\ufe00-\\uff5e';
const WORDS = '(?:[0-9]{2,3}|[ .-][0-9]{3})[ .-][A-Z]';
const IS_DIGIT = `(?<=[${DIGIT}])`;
const ASCII = `(?=[ ()./0-9-]{4,10}[0-9]|${WORDS})${IS_DIGIT}`;
const OTHER = `(?=[${NEARLY_INSIDE}]{4,10}[${NEARLY_LAST}])${IS_DIGIT}(?=[${INSIDE}]{4,10}[${LAST}])`;
const NUMBER = `${NEARLY_DIGIT}(?:${ASCII}|${OTHER})`;
const NEXT_NUMBER = new RegExp(NUMBER, 'g');
const NEXT_DIGIT = new RegExp(`${NEARLY_DIGIT}${IS_DIGIT}`, 'g');

/** The offset of the next digit, of any script, at `from` or later; -1 if there is none. */
export function nextDigit(text: string, from: number): number {
  NEXT_DIGIT.lastIndex = from;
  return NEXT_DIGIT.test(text) ? NEXT_DIGIT.lastIndex - 1 : -1;
}

/** The offset of the next digit that could begin a phone number, or one with words; -1 if there is none. */
export function nextNumber(text: string, from: number): number {
  NEXT_NUMBER.lastIndex = from;
  return NEXT_NUMBER.test(text) ? NEXT_NUMBER.lastIndex - 1 : -1;
}

function classOf(ranges: readonly (readonly [first: number, last: number])[]): string {
  return ranges.map(([first, last]) => `${escaped(first)}-${escaped(last)}`).join('');
}

function escaped(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
