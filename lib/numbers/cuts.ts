// Where, in a stretch, a number has to end whatever follows: at the next number of a list, at the other end of a range, at
// what is left over. It must never cut digits that touch each other.

import type { Place } from './candidate.ts';
import { codeAt, isLetter } from './characters.ts';
import { CLOSE, DASH, DOT, digitsOf, type Groups, lengthOf, OPEN, SLASH, SPACE, WIDE } from './groups.ts';
import { isReadable, isWhole as isWholeNumber } from './opening.ts';
import { DEAD_RULES } from './shapes.ts';

// A number that stands complete before the next one has at least as many digits.
const COMPLETE = 7;
const POST_CODE = 5;
// Where extensions are part of the number, behind a dash.
const WITH_DIAL_IN = new Set(['DE', 'AT', 'LU', 'FI', 'HU']);
const ZERO = 0x30;
const PLUS = 0x2b;
const SPACE_SIGN = 0x20;
const BRACKET = 0x28;

/** The group at which a number that begins at `from` has to end, whatever follows. */
export function hardEnd(place: Place, from: number): number {
  const { groups } = place;
  const { count, starts, ends, gaps, dead } = groups;
  let digits = (ends[from] ?? 0) - (starts[from] ?? 0);
  for (let index = from + 1; index < count; index += 1) {
    if (dead[index] !== 0) return index;
    const gap = gaps[index] ?? 0;
    if ((gap & (CLOSE | OPEN)) === CLOSE && isStrayClose(place, from, index)) return index;
    if (gap !== SPACE || digits >= COMPLETE) {
      if (isSentenceEnd(place.text, gap, starts[index] ?? 0)) return index;
      if (isCut(place, from, index, digits)) return index;
    }
    digits += (ends[index] ?? 0) - (starts[index] ?? 0);
  }
  return count;
}

// `(code 34-0912) 664 918 273`: the bracket was opened before the digits.
function isStrayClose({ text, groups }: Place, from: number, index: number): boolean {
  const { starts, gaps } = groups;
  // The Korean `031)212-3456`.
  if (index === from + 1 && codeAt(text, starts[from] ?? 0) === ZERO) return false;
  for (let at = from + 1; at < index; at += 1) if (((gaps[at] ?? 0) & OPEN) !== 0) return false;
  const start = starts[from] ?? 0;
  for (let at = start - 1; at >= 0 && start - at < 4; at -= 1) if (codeAt(text, at) === BRACKET) return false;
  return true;
}

// `… 42. 030 …`, but not `25 .12 .34`.
function isSentenceEnd(text: string, gap: number, start: number): boolean {
  return (gap & DOT) !== 0 && (gap & SPACE) !== 0 && (gap & ~(DOT | SPACE)) === 0 && text.charAt(start - 1) !== '.';
}

function isCut(place: Place, from: number, index: number, digits: number): boolean {
  const { text, groups } = place;
  const gap = groups.gaps[index] ?? 0;
  const start = groups.starts[index] ?? 0;
  if ((gap & OPEN) !== 0) return digits >= 6 || (digits === 5 && codeAt(text, groups.starts[from] ?? 0) !== ZERO);
  if (isAfterDash(place, { from, index, gap })) return true;
  if (gap === SPACE && isLeftOver(place, { from, index, digits })) return true;
  if (digits < COMPLETE) return (gap & WIDE) !== 0 && digits >= 5 && restOf(groups, index) >= 5;
  if ((gap & WIDE) !== 0) return restOf(groups, index) >= 5;
  if ((gap & SLASH) !== 0) return isNextInList(place, from, index);
  if (gap === DASH) return isEndOfRange(place, from, index);
  const isSpaced = (gap & SPACE) !== 0;
  const isTrunk = codeAt(text, start) === ZERO;
  if (isSpaced && (gap & DASH) !== 0) {
    // `123 456 78 – 3 parcels`, but `58058 - 0`.
    if (digits >= 9 && isEndOfRange(place, from, index)) return true;
    return (!isTrunk && isCounted(place, index)) || isFullNumberAt(place, from, index);
  }
  if (!isSpaced || !isTrunk || place.plan?.trunkPrefix !== '0') return false;
  // `231 25 042 / 0171 …`: what is left has to be a number before the next sign.
  return atomsOf(groups, index) >= COMPLETE && isWhole(place, from, index);
}

// The digits up to the next slash, or dash with spaces.
function atomsOf(groups: Groups, from: number): number {
  const { count, gaps } = groups;
  let to = from + 1;
  while (to < count && !isDivider(gaps[to] ?? 0)) to += 1;
  return digitsOf(groups, from, to);
}

function isDivider(gap: number): boolean {
  return (gap & SPACE) !== 0 && (gap & (SLASH | DASH)) !== 0;
}

// One digit, and a word behind it.
function isCounted({ text, groups }: Place, index: number): boolean {
  const end = groups.ends[index] ?? 0;
  return lengthOf(groups, index) === 1 && codeAt(text, end) === SPACE_SIGN && isLetter(codeAt(text, end + 1));
}

// `030 23125042 9-17 Uhr`, `0171 3920012 3 calls`, `0351 491170 01099 Dresden`: behind a space and a long group.
function isLeftOver(place: Place, { from, index, digits }: { from: number; index: number; digits: number }): boolean {
  const { groups, plan } = place;
  if (digits < 10 || plan?.trunkPrefix !== '0') return false;
  const length = lengthOf(groups, index);
  if (length > 2 && length !== POST_CODE) return false;
  return lengthOf(groups, index - 1) >= (length === POST_CODE ? POST_CODE : COMPLETE) && isWhole(place, from, index);
}

// `table 12 – 0639983377`
function isAfterDash(
  { text, groups, plan }: Place,
  { from, index, gap }: { from: number; index: number; gap: number },
): boolean {
  if ((gap & DASH) === 0 || (gap & SPACE) === 0 || plan?.trunkPrefix !== '0') return false;
  const isTrunk = (at: number) => codeAt(text, groups.starts[at] ?? 0) === ZERO;
  if (!isTrunk(index) || isTrunk(from) || lengthOf(groups, index) < 2) return false;
  return codeAt(text, (groups.starts[from] ?? 0) - 1) !== PLUS && restOf(groups, index) >= COMPLETE;
}

// `23125-10–19`, `66969 300 – 399`: the last two of a row, equally long, ascending.
function isEndOfRange(place: Place, from: number, index: number): boolean {
  const { text, groups } = place;
  const { starts, ends, gaps, count } = groups;
  const length = lengthOf(groups, index);
  if (isOtherEnd(place, from, index)) {
    groups.dead[index] = DEAD_RULES.indexOf('range');
    return true;
  }
  if (length < 2 || length > 4 || lengthOf(groups, index - 1) !== length) return false;
  if (lengthOf(groups, index - 2) === length) return false;
  if (index + 1 < count && ((gaps[index + 1] ?? 0) & DASH) !== 0) return false;
  const isTight = gaps[index] === DASH;
  if (isTight && (gaps[index - 1] !== DASH || lengthOf(groups, index - 2) < 4)) return false;
  const [first, last] = [index - 1, index].map((at) => text.slice(starts[at] ?? 0, ends[at] ?? 0));
  if ((first ?? '') >= (last ?? '') || !isWhole(place, from, index)) return false;
  groups.dead[index] = DEAD_RULES.indexOf('range');
  return true;
}

// `8015550100-8015550149`, and where nobody dials through: `0571 123456-7`.
function isOtherEnd(place: Place, from: number, index: number): boolean {
  const { text, groups, plan } = place;
  const { starts, ends } = groups;
  const length = lengthOf(groups, index);
  const before = lengthOf(groups, index - 1);
  if (length >= COMPLETE) return index === from + 1 && before === length && isWhole(place, from, index);
  if (length !== 1 || before < 4 || WITH_DIAL_IN.has(plan?.country ?? '')) return false;
  const step = codeAt(text, starts[index] ?? 0) - codeAt(text, (ends[index - 1] ?? 0) - 1);
  // `02-123-4567-9`: where all numbers have a length, and it would be too long.
  if (before < 6) return step > 0 && isWhole(place, from, index) && !isWhole(place, from, index + 1);
  return step === 1 && isWhole(place, from, index);
}

// `… / 0171 3920012`, `…/0019`, `…/4911706`
function isNextInList(place: Place, from: number, index: number): boolean {
  const { text, groups } = place;
  const gap = groups.gaps[index] ?? 0;
  let to = index + 1;
  while (to < groups.count && ((groups.gaps[to] ?? 0) & SLASH) === 0) to += 1;
  const tail = digitsOf(groups, index, to);
  const last = lengthOf(groups, index - 1);
  const isTrunk = codeAt(text, groups.starts[index] ?? 0) === ZERO;
  const isSpaced = (gap & SPACE) !== 0;
  // `030/23125042 / 030/23125043`
  const goesOn = isTrunk && isSpaced && lengthOf(groups, index) > 1 && restOf(groups, index) >= COMPLETE;
  const isOther = goesOn || (isTrunk && tail >= COMPLETE);
  // `4911-0/-18`
  const isExtension = (gap & DASH) !== 0 || (last === 1 && codeAt(text, groups.starts[index - 1] ?? 0) === ZERO);
  // `+49/30/23125/042`
  const isUniform = gap === SLASH && groups.gaps[index - 1] === SLASH && last < 6;
  const isDialIn = tail === 1 && isTrunk;
  const isRange = !isOther && !isUniform && !isDialIn && tail <= 4 && (tail <= last || isExtension || isSpaced);
  // `612 345 678/912 345 678`
  const isSame = tail >= COMPLETE && tail === digitsOf(groups, from, index);
  if (!(isOther || isRange || isSame || (isSpaced && tail >= 5)) || !isWhole(place, from, index)) return false;
  if (isRange) groups.dead.fill(DEAD_RULES.indexOf('range'), index, to);
  return true;
}

function isFullNumberAt(place: Place, from: number, index: number): boolean {
  return restOf(place.groups, index) >= COMPLETE && isWhole(place, from, index);
}

function restOf(groups: Groups, index: number): number {
  return digitsOf(groups, index, groups.count);
}

// Whether the groups so far are a whole number, as far as the numbering plan goes.
function isWhole(place: Place, from: number, to: number): boolean {
  return isReadable(place, from, to) && isWholeNumber(place, from, to);
}
