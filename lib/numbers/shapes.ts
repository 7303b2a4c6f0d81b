// Shapes of digit groups that are no phone numbers, whatever their digits say: dates, times, amounts, cards, ids. Looks at
// lengths and separators only, never at words; a rule that only fits one known text has no place here.
import { codeAt } from './characters.ts';
import { CLOSE, DASH, DOT, type Groups, OPEN, SLASH, SPACE } from './groups.ts';

/** The rules by which a group is taken out before anything is read; their indices stand in `Groups.dead`. */
export const DEAD_RULES = ['', 'date', 'time', 'amount', 'range', 'list-mark'] as const;
const DATE = 1;
const TIME = 2;
const AMOUNT = 3;
const LIST_MARK = 5;
const MARK_GAP = CLOSE | SPACE;
const BRACKET_REACH = 24;

const ZERO = 0x30;
const COLON = 0x3a;
const COMMA = 0x2c;
const APOSTROPHE = 0x27;

/** Takes dates, times and amounts out of a stretch. */
export function markDead(text: string, groups: Groups): void {
  const { count, starts, ends } = groups;
  markCut(text, groups);
  for (let index = 0; index + 1 < count; index += 1) {
    const length = (ends[index] ?? 0) - (starts[index] ?? 0);
    if (length > 4 || length === 3) continue;
    if (groups.gaps[index + 1] === MARK_GAP && isListMark(text, groups, index)) groups.dead[index] = LIST_MARK;
    const covered = dateGroupsAt(text, groups, index);
    if (covered === 0) continue;
    groups.dead.fill(DATE, index, index + covered);
    index += covered - 1;
  }
}

// `1) 030 … 2) 0171 …`: a bracket that closes what none has opened.
function isListMark(text: string, { starts, ends, gaps }: Groups, index: number): boolean {
  const start = starts[index] ?? 0;
  if ((ends[index] ?? 0) - start > 2 || codeAt(text, start) === ZERO) return false;
  const left = codeAt(text, start - 1);
  if ((index > 0 && gaps[index] !== SPACE) || (start > 0 && left !== 0x20 && left !== 0x0a)) return false;
  for (let at = start - 1; at >= 0 && start - at < BRACKET_REACH; at -= 1) {
    const code = codeAt(text, at);
    if (code === 0x28) return false;
    if (code === 0x29 || code === 0x0a) break;
  }
  return true;
}

// `14:05`, `1,234`, `1'234`: what touches the sign from either side belongs to it, not to a number.
function markCut(text: string, groups: Groups): void {
  const { count, starts, ends, dead, gaps } = groups;
  const last = count - 1;
  const start = starts[0] ?? 0;
  const end = ends[last] ?? 0;
  const right = cutSign(text, end, end - (starts[last] ?? 0));
  if (right !== 0) {
    let index = last;
    dead[index] = right;
    // The rest of `12 345 678,90` and of `2026-05-04T10:00`.
    while (right === AMOUNT && index > 0 && isThousand(groups, index) && dead[index - 1] === 0) {
      index -= 1;
      dead[index] = right;
    }
    while (index > 0 && ((gaps[index] ?? 0) & ~DOT) === 0) dead[--index] = right;
  }
  if (start < 2 || !isDigitAt(text, start - 2)) return;
  const left = cutSign(text, start - 1, runLengthBefore(text, start - 1));
  if (left === 0) return;
  dead[0] = left;
  for (let index = 1; index < count && gaps[index] === DOT; index += 1) dead[index] = left;
}

function cutSign(text: string, at: number, lengthBefore: number): number {
  const code = codeAt(text, at);
  if (code !== COLON && code !== COMMA && code !== APOSTROPHE) return 0;
  if (!isDigitAt(text, at + 1)) return 0;
  if (code === COLON) return TIME;
  // `9968532,030 2312…` is a list of numbers.
  const isList = lengthBefore > 3 && isDigitAt(text, at + 2) && isDigitAt(text, at + 3);
  return isList ? 0 : AMOUNT;
}

function isThousand({ starts, ends, gaps }: Groups, index: number): boolean {
  const gap = gaps[index] ?? 0;
  return (ends[index] ?? 0) - (starts[index] ?? 0) === 3 && (gap === SPACE || gap === DOT);
}

function isDigitAt(text: string, at: number): boolean {
  const code = codeAt(text, at);
  return code >= ZERO && code <= 0x39;
}

function runLengthBefore(text: string, end: number): number {
  let length = 0;
  while (length < 5 && isDigitAt(text, end - 1 - length)) length += 1;
  return length;
}

// How many groups from `index` on are a date: `12.03.2026`, `2026-03-12`, `03/2026`; 0 if none.
function dateGroupsAt(text: string, groups: Groups, index: number): number {
  const { count, starts, ends, gaps } = groups;
  const gap = gaps[index + 1] ?? 0;
  if (gap !== DOT && gap !== DASH && gap !== SLASH) return 0;
  if (index > 0 && ((gaps[index] ?? 0) === gap || isGluedToDigits(groups, index))) return 0;
  const isTriple = index + 2 < count && gaps[index + 2] === gap;
  if (isTriple && index + 3 < count && gaps[index + 3] === gap) return 0;
  const a = (ends[index] ?? 0) - (starts[index] ?? 0);
  const b = (ends[index + 1] ?? 0) - (starts[index + 1] ?? 0);
  if (!isTriple) return isMonthOfYear(text, groups, index) || isDayOfMonth(text, groups, index) ? 2 : 0;
  const c = (ends[index + 2] ?? 0) - (starts[index + 2] ?? 0);
  const hasLengths = b <= 2 && (a === 4 ? c <= 2 : a <= 2 && (c === 2 || c === 4));
  // `06-12-34 56 78`, `056/12.03.24`
  const isShort = c === 2 && a <= 2;
  if (!hasLengths || (isShort && (goesOnInPairs(groups, index + 3) || isBehindTrunk(text, groups, index)))) return 0;
  return isCalendarDate(
    amountOf(text, groups, index),
    amountOf(text, groups, index + 1),
    amountOf(text, groups, index + 2),
  )
    ? 3
    : 0;
}

// Behind an area code with its trunk prefix, or glued to anything.
function isBehindTrunk(text: string, { starts, gaps, dead }: Groups, index: number): boolean {
  if (index === 0 || dead[index - 1] !== 0) return false;
  return ((gaps[index] ?? 0) & SPACE) === 0 || text.charCodeAt(starts[index - 1] ?? 0) === ZERO;
}

function goesOnInPairs({ count, starts, ends, gaps, dead }: Groups, index: number): boolean {
  return index < count && dead[index] === 0 && gaps[index] === SPACE && (ends[index] ?? 0) - (starts[index] ?? 0) === 2;
}

// In the order of any country; two-digit years can be any.
function isCalendarDate(a: number, b: number, c: number): boolean {
  if (a > 99) return isYear(a) && (isDayAndMonth(c, b) || isDayAndMonth(b, c));
  if (c > 99) return isYear(c) && (isDayAndMonth(a, b) || isDayAndMonth(b, a));
  return isDayAndMonth(a, b) || isDayAndMonth(b, a) || isDayAndMonth(c, b);
}

function isDayAndMonth(day: number, month: number): boolean {
  return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

// `23125-10/11/12`
function isGluedToDigits({ starts, ends, gaps }: Groups, index: number): boolean {
  return ((gaps[index] ?? 0) & (SPACE | OPEN)) === 0 && (ends[index - 1] ?? 0) - (starts[index - 1] ?? 0) > 4;
}

// `12.03.`, at the end of a stretch.
function isDayOfMonth(text: string, groups: Groups, index: number): boolean {
  const { starts, ends, gaps, count } = groups;
  const end = ends[index + 1] ?? 0;
  if (gaps[index + 1] !== DOT || text.charAt(end) !== '.' || isDigitAt(text, end + 1) || index + 2 !== count)
    return false;
  if (index > 0 && ((gaps[index] ?? 0) & SPACE) === 0) return false;
  if (end - (starts[index + 1] ?? 0) > 2 || (ends[index] ?? 0) - (starts[index] ?? 0) > 2) return false;
  return isDayAndMonth(amountOf(text, groups, index), amountOf(text, groups, index + 1));
}

function isMonthOfYear(text: string, groups: Groups, index: number): boolean {
  const { starts, ends, gaps, count } = groups;
  const a = (ends[index] ?? 0) - (starts[index] ?? 0);
  const b = (ends[index + 1] ?? 0) - (starts[index + 1] ?? 0);
  if (gaps[index + 1] === DASH && a <= 2) return false;
  if (index > 0 && ((gaps[index] ?? 0) & SPACE) === 0) return false;
  if (index + 2 < count && ((gaps[index + 2] ?? 0) & SPACE) === 0) return false;
  const first = amountOf(text, groups, index);
  const second = amountOf(text, groups, index + 1);
  if (a <= 2 && b === 4) return first >= 1 && first <= 12 && isYear(second);
  return a === 4 && b <= 2 && isYear(first) && second >= 1 && second <= 12;
}

function isYear(value: number): boolean {
  return value >= 1900 && value <= 2099;
}

function amountOf(text: string, { starts, ends }: Groups, index: number): number {
  let value = 0;
  const end = ends[index] ?? 0;
  for (let at = starts[index] ?? 0; at < end; at += 1) value = value * 10 + codeAt(text, at) - ZERO;
  return value;
}

/** A part of a stretch: groups `from` up to but without `to`. */
export interface Part {
  text: string;
  groups: Groups;
  from: number;
  to: number;
}

/** The rule that says that these groups are none even after a phone label, or undefined. */
export function finalShapeOf(part: Part): string | undefined {
  const { from, to } = part;
  const count = to - from;
  if (isRepeated(part)) return 'repeated';
  if (count >= 4 && isEach(part, 4)) return 'card';
  if (count === 4 && isTimeRange(part)) return 'time';
  // Somebody spells a number out digit by digit, or has a row of figures.
  if ((count > 8 || countOf(part, 1) > 4) && (count > 12 || !isEach(part, 1))) return 'table';
  return undefined;
}

/** The rule that says that these groups, without any label, are none; `isNational`: no `+` and no trunk prefix either. */
export function shapeOf(
  part: Part,
  { isBare, isUsual, hasThousands = true }: { isBare: boolean; isUsual: boolean; hasThousands?: boolean },
): string | undefined {
  const { text, groups, from, to } = part;
  const count = to - from;
  if (count > 8) return 'table';
  if (count === 1) return isBare ? bareShapeOf(part) : undefined;
  const { starts, gaps } = groups;
  const gap = gaps[from + 1] ?? 0;
  const first = lengthOf(groups, from);
  const startsWithZero = codeAt(text, starts[from] ?? 0) === ZERO;
  if (gap === DOT) {
    if (first === 1 && (startsWithZero || lengthOf(groups, from + 1) < 3)) return 'decimal';
    if (count === 2 && !startsWithZero && (first !== 3 || lengthOf(groups, from + 1) < 6)) return 'decimal';
    if (count === 4 && !startsWithZero && isUniform(part, DOT) && isAtMost(part, 3) && isEachOctet(part)) {
      if (!isUsual || first === lengthOf(groups, from + 1)) return 'ip';
    }
    if (!startsWithZero && (first < 3 || count !== 3) && isThousands(part, DOT)) return 'thousands';
  }
  if (isBare && hasThousands && gap === SPACE && first < 3 && isThousands(part, SPACE)) return 'thousands';
  if (isBare && count >= 3 && isEach(part, 4)) return 'card';
  return idShapeOf(part, { gap, first });
}

/** Numbers of registers that look like phone numbers of their own country: the Belgian `0478.654.321`. */
export function registerShapeOf(country: string, part: Part): string | undefined {
  const { groups, from, to } = part;
  // The Italian partita IVA; numbers of eleven digits are grouped.
  if (country === 'IT' && to - from === 1 && lengthOf(groups, from) === 11) return 'tax-number';
  // The Brazilian CEP `01310-100`.
  if (country === 'BR' && to - from === 2 && lengthOf(groups, from) === 5 && lengthOf(groups, from + 1) === 3)
    return 'post-code';
  if (country !== 'BE' || to - from !== 3 || !isUniform(part, DOT)) return undefined;
  const isRegister =
    lengthOf(groups, from) === 4 && lengthOf(groups, from + 1) === 3 && lengthOf(groups, from + 2) === 3;
  return isRegister ? 'company-number' : undefined;
}

function idShapeOf(part: Part, { gap, first }: { gap: number; first: number }): string | undefined {
  const { text, groups, from, to } = part;
  const count = to - from;
  const last = lengthOf(groups, to - 1);
  if (first === 4 && (gap === DASH || gap === SLASH) && isYear(amountOf(text, groups, from))) return 'year-serial';
  const lastGap = groups.gaps[to - 1] ?? 0;
  const isSlash = (lastGap & SLASH) !== 0;
  if (last === 4 && count >= 2 && (isSlash || lastGap === DASH) && isYear(amountOf(text, groups, to - 1))) {
    if (isSlash || (count >= 3 && isUniform(part, DASH))) return 'year-serial';
  }
  if (count === 2 && first === 6 && last === 4 && gap === DASH && isBirthDate(part)) return 'personal-id';
  if (count === 3 && isUniform(part, SLASH) && first >= 2 && first <= 3 && last >= 4) return 'tax-number';
  if (count === 2 && first === 7 && last === 1 && gap === DASH) return 'company-number';
  if (count === 4 && isUniform(part, DASH) && last === 1 && digitsOf(part) === 10) return 'isbn';
  return undefined;
}

// 20260312, 1234567890
function bareShapeOf({ text, groups, from }: Part): string | undefined {
  const start = groups.starts[from] ?? 0;
  const length = lengthOf(groups, from);
  if (length === 8 && isCompactDate(text.slice(start, start + length))) return 'date';
  let step = 0;
  for (let at = start + 1; at < start + length; at += 1) {
    const now = (codeAt(text, at) - codeAt(text, at - 1) + 10) % 10;
    if (at > start + 1 && now !== step) return undefined;
    step = now;
  }
  return step === 1 ? 'sequence' : undefined;
}

function isCompactDate(digits: string): boolean {
  const year = Number(digits.slice(0, 4));
  return isYear(year) && isCalendarDate(year, Number(digits.slice(4, 6)), Number(digits.slice(6)));
}

function isBirthDate({ text, groups, from }: Part): boolean {
  const start = groups.starts[from] ?? 0;
  const pairAt = (at: number) => Number(text.slice(at, at + 2));
  return isCalendarDate(pairAt(start), pairAt(start + 2), pairAt(start + 4));
}

function lengthOf({ starts, ends }: Groups, index: number): number {
  return (ends[index] ?? 0) - (starts[index] ?? 0);
}

function digitsOf({ groups, from, to }: Part): number {
  let digits = 0;
  for (let index = from; index < to; index += 1) digits += lengthOf(groups, index);
  return digits;
}

function isRepeated({ text, groups, from, to }: Part): boolean {
  const first = codeAt(text, groups.starts[from] ?? 0);
  for (let index = from; index < to; index += 1) {
    const end = groups.ends[index] ?? 0;
    for (let at = groups.starts[index] ?? 0; at < end; at += 1) if (codeAt(text, at) !== first) return false;
  }
  return true;
}

function isEach({ groups, from, to }: Part, length: number): boolean {
  for (let index = from; index < to; index += 1) if (lengthOf(groups, index) !== length) return false;
  return true;
}

function isEachOctet({ text, groups, from, to }: Part): boolean {
  for (let index = from; index < to; index += 1) {
    if (amountOf(text, groups, index) > 255) return false;
    // `61.23.47.01`
    if (lengthOf(groups, index) > 1 && codeAt(text, groups.starts[index] ?? 0) === ZERO) return false;
  }
  return true;
}

function isAtMost({ groups, from, to }: Part, length: number): boolean {
  for (let index = from; index < to; index += 1) if (lengthOf(groups, index) > length) return false;
  return true;
}

function countOf({ groups, from, to }: Part, length: number): number {
  let count = 0;
  for (let index = from; index < to; index += 1) if (lengthOf(groups, index) === length) count += 1;
  return count;
}

/** Whether the same separator stands everywhere between the groups. */
function isUniform({ groups, from, to }: Part, gap: number): boolean {
  for (let index = from + 1; index < to; index += 1) if (groups.gaps[index] !== gap) return false;
  return true;
}

function isThousands(part: Part, gap: number): boolean {
  if (!isUniform(part, gap) || lengthOf(part.groups, part.from) > 3) return false;
  for (let index = part.from + 1; index < part.to; index += 1) if (lengthOf(part.groups, index) !== 3) return false;
  return true;
}

// 08.00 - 17.00, 08.06. – 22.06.
function isTimeRange({ text, groups, from }: Part): boolean {
  const { gaps } = groups;
  if (gaps[from + 1] !== DOT || gaps[from + 3] !== DOT || ((gaps[from + 2] ?? 0) & (OPEN | CLOSE | SLASH)) !== 0)
    return false;
  for (let index = from; index < from + 4; index += 1) {
    if (lengthOf(groups, index) > 2 || amountOf(text, groups, index) > 59) return false;
  }
  return ((gaps[from + 2] ?? 0) & DASH) !== 0;
}
