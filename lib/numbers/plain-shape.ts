// The short way past the rules of shapes.ts and stretch.ts: most stretches on a page are a number that is written plainly,
// and all of those rules are silent about it. Answers yes only where all of them would pass it as it stands (a
// test asks them side by side); anything else goes the long way.
import { isDigit } from './characters.ts';
import { CLOSE, DASH, type Groups, OPEN, SLASH, SPACE } from './groups.ts';
import type { NumberingPlan } from './numbering-plan.ts';

/** `0049 351 491` is a job: behind `00` a number has as many digits, or a label. */
export const FEWEST_ABROAD = 11;
const MAX_PLAIN_GROUPS = 5;
// As many as a number needs anywhere, as many as one without plus can have.
const FEWEST_DIGITS = 9;
const MOST_DIGITS = 13;
// From here on a sign may stand between two numbers, or begin a range.
const COMPLETE = 7;
// From here on digits behind a space may be left over: `0171 3920012 3 calls`, `0351 491170 01099 Dresden`.
const LONG = 10;
const POST_CODE = 5;
const ZERO = 0x30;
const TWO = 0x32;
const BRACKET = 0x28;

/** Whether all groups together are written as one number is, whatever they mean and whatever stands around them. */
export function isPlainShape(text: string, groups: Groups, plan: NumberingPlan | undefined): boolean {
  const { starts, ends, gaps, count, digits } = groups;
  if (count > MAX_PLAIN_GROUPS || digits < FEWEST_DIGITS || digits > MOST_DIGITS) return false;
  const start = starts[0] ?? 0;
  const end = ends[count - 1] ?? 0;
  const first = text.charCodeAt(start);
  if (first === ZERO && plan?.trunkPrefix !== '0') return false;
  if (first === text.charCodeAt(start + 1) && first === text.charCodeAt(end - 1)) return false;
  if (isCutAt(text, end) || (start > 1 && isCutAt(text, start - 1))) return false;
  let previous = (ends[0] ?? 0) - start;
  let before = previous;
  let slashes = 0;
  let isOpen = start > 0 && text.charCodeAt(start - 1) === BRACKET;
  for (let index = 1; index < count; index += 1) {
    const at = starts[index] ?? 0;
    const length = (ends[index] ?? 0) - at;
    const gap = gaps[index] ?? 0;
    switch (gap) {
      case SPACE:
        if (before >= LONG && (length < 3 || length === POST_CODE)) return false;
        if (before >= COMPLETE && digits - before >= COMPLETE && text.charCodeAt(at) === ZERO) return false;
        break;
      case SLASH:
        slashes += 1;
        if (before >= COMPLETE || slashes > 1 || isDatePart(previous, length)) return false;
        break;
      case DASH:
        if (before >= COMPLETE && (length < 2 || length > 4 || length === previous)) return false;
        if (isDatePart(previous, length) || previous === 6) return false;
        break;
      case CLOSE:
        if (before >= COMPLETE || !isOpen) return false;
        isOpen = false;
        break;
      case CLOSE | SPACE:
        if (before >= COMPLETE || !isOpen || previous !== 3) return false;
        isOpen = false;
        break;
      case OPEN:
      case OPEN | SPACE:
        if (before > 3) return false;
        isOpen = true;
        break;
      default:
        return false;
    }
    before += length;
    previous = length;
  }
  // `… 1234-2026`: a year.
  return previous !== 4 || count === 1 || ((gaps[count - 1] ?? 0) & (DASH | SLASH)) === 0 || !mayBeYear(text, end - 4);
}

// `14:05`, `1,234`, `1'234`
function isCutAt(text: string, at: number): boolean {
  if (at + 1 >= text.length || at === 0) return false;
  const code = text.charCodeAt(at);
  if (code !== 0x3a && code !== 0x2c && code !== 0x27) return false;
  return isDigit(text.charCodeAt(at - 1)) && isDigit(text.charCodeAt(at + 1));
}

// `12-03`, `03/2026`, `2026-03`
function isDatePart(left: number, right: number): boolean {
  return (left < 3 || left === 4) && (right < 3 || (right === 4 && left < 3));
}

function mayBeYear(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code > ZERO && code <= TWO;
}
