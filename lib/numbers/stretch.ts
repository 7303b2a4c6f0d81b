// One stretch of digits and separators → the numbers in it: where one begins and ends. A stretch may hold a date, a
// number and the next one (`12.03.2026 030 23125042 / 0171 3920012`). Inside digits that touch each other nothing is ever
// cut, and where nothing fits the rest is left alone: digits are not searched for a number that they might contain.

import { type Place, reject } from './candidate.ts';
import { CLASS_OF, codeAt, isDigit, isLetter, isWordSign, MIDDLE_DOT, UNUSUAL } from './characters.ts';
import { DASH, DOT, type Groups, MAX_GROUPS, OPEN, readGroups, SLASH, SPACE, WIDE } from './groups.ts';
import { isReadable, isWhole as isWholeNumber, judge } from './judge.ts';
import { DEAD_RULES, markDead } from './shapes.ts';
import { readShort, readVanity } from './short.ts';
import { isLabelGlued } from './surroundings.ts';

const FEWEST_DIGITS = 6;
// A number that stands complete before the next one has at least as many digits.
const COMPLETE = 7;
// A post code, a house number, the day of a date may stand before a number: no more.
const MAX_SKIPPED = 6;
const MOST_DIGITS = 18;
const POST_CODE = 5;
const MAX_TRIES = 5;
// "… 3920012 2 calls"
const MOST_LEFT_OVER = 3;
// `1-888-555-HIRE`
const MOST_BEFORE_LETTERS = 8;
// Where extensions are part of the number, behind a dash.
const WITH_DIAL_IN = new Set(['DE', 'AT', 'LU', 'FI', 'HU']);
const ZERO = 0x30;
const PLUS = 0x2b;
const SPACE_SIGN = 0x20;
const BRACKET = 0x28;

/** The answer where the text has to be made plain first. */
export const IS_UNUSUAL = -2;

/** Reads the stretch that begins with the digit at `from`; answers the offset behind what it took, or `IS_UNUSUAL`. */
export function readStretch(place: Place, from: number): number {
  const { text, groups } = place;
  const end = readGroups(text, from, groups);
  if (hasUnusualSide(text, from, groups.stoppedAt)) return IS_UNUSUAL;
  if (groups.digits < FEWEST_DIGITS) return readShort(place, from, end);
  if (groups.digits <= MOST_BEFORE_LETTERS) {
    const taken = readVanity(place, from, end);
    if (taken > end) return taken;
  }
  if (groups.count > MAX_GROUPS) {
    reject(place, from, end, 'table');
    return end;
  }
  if (!isAnyReadable(place)) return end;
  markDead(text, groups);
  let index = 0;
  let reached = end;
  while (index < groups.count) {
    if (groups.dead[index] !== 0) {
      index = passDead(place, index);
    } else {
      const stop = hardEnd(place, index);
      reached = Math.max(reached, readPart(place, index, stop));
      index = stop;
    }
  }
  return reached;
}

// Whether the stretch is, begins or ends at a character that stands for another one: `030–2312…`, `Tel.\u00a0030`.
function hasUnusualSide(text: string, from: number, stoppedAt: number): boolean {
  if (CLASS_OF[codeAt(text, from)] === UNUSUAL) return true;
  const right = CLASS_OF[codeAt(text, stoppedAt)];
  if (right === UNUSUAL) return true;
  if (right === MIDDLE_DOT && isDigit(codeAt(text, stoppedAt - 1)) && isDigit(codeAt(text, stoppedAt + 1))) return true;
  if (from === 0) return false;
  const left = codeAt(text, from - 1);
  if (CLASS_OF[left] === UNUSUAL) return true;
  // `+\u200b49`
  return (left === PLUS || left === SPACE_SIGN || left === BRACKET) && CLASS_OF[codeAt(text, from - 2)] === UNUSUAL;
}

// Whether a number can begin with any of the groups that are not glued to others; on most of a page none can.
function isAnyReadable(place: Place): boolean {
  const { count, gaps } = place.groups;
  for (let index = 0; index < count; index += 1) {
    if ((index === 0 || ((gaps[index] ?? 0) & (SPACE | OPEN)) !== 0) && isReadable(place, index, count)) return true;
  }
  return false;
}

function passDead(place: Place, from: number): number {
  const { starts, ends, dead, count } = place.groups;
  let to = from + 1;
  while (to < count && dead[to] === dead[from]) to += 1;
  if (place.rejected) reject(place, starts[from] ?? 0, ends[to - 1] ?? 0, DEAD_RULES[dead[from] ?? 0] ?? '');
  return to;
}

// Reads the groups up to `stop`; answers how far it got, which may be behind an extension.
function readPart(place: Place, from: number, stop: number): number {
  const { groups, text } = place;
  if (from === 0 && isGlued(place)) {
    reject(place, groups.starts[0] ?? 0, groups.ends[stop - 1] ?? 0, gluedRule(text, groups));
    return 0;
  }
  let index = from;
  let hasSkipped = false;
  let reached = 0;
  let rule = '';
  while (index < stop) {
    const next = readNumber(place, index, stop);
    if (next > index) {
      reached = place.lastEnd;
      hasSkipped = false;
      index = next;
      continue;
    }
    rule ||= place.lastRule;
    // What touches the first digits, and a label, speak of all that follows.
    if (index === from && isFinal(place.lastRule)) break;
    const atom = nextAtom(groups, index, stop);
    if (hasSkipped || !canSkip(place, { index, atom, stop })) break;
    hasSkipped = true;
    index = atom;
  }
  if (reached === 0 && rule !== '') {
    reject(place, groups.starts[from] ?? 0, groups.ends[stop - 1] ?? 0, rule);
  }
  return reached;
}

// Part of a word, unless the word is a label that lost its space: `Mobil0171 …`.
function isGlued({ text, groups, words }: Place): boolean {
  const start = groups.starts[0] ?? 0;
  return isWordSign(codeAt(text, start - 1)) && !isLabelGlued(text, start, words);
}

// `DE89 3704 0044 …`
function gluedRule(text: string, groups: Groups): string {
  const start = groups.starts[0] ?? 0;
  return lengthOf(groups, 0) === 2 &&
    /(?:^|[^A-Z])[A-Z]{2}$/.test(text.slice(Math.max(0, start - 3), start)) &&
    groups.count > 2
    ? 'iban'
    : 'touching';
}

function isFinal(rule: string): boolean {
  return rule === 'touching' || rule === 'code' || rule.startsWith('negative');
}

// A post code, a house number or the residue of a time may stand before a number, but no part of a longer row.
function canSkip(
  { text, groups, plan }: Place,
  { index, atom, stop }: { index: number; atom: number; stop: number },
): boolean {
  if (atom >= stop || digitsOf(groups, index, atom) > MAX_SKIPPED) return false;
  const gap = groups.gaps[atom] ?? 0;
  // `276 098 102 345 678`: one long row.
  const length = lengthOf(groups, index);
  if (length > 1 && length === lengthOf(groups, atom) && length === lengthOf(groups, atom + 1) && gap === SPACE)
    return false;
  if ((gap & (OPEN | WIDE)) !== 0) return true;
  if (codeAt(text, groups.starts[index] ?? 0) === ZERO) return false;
  // `95113 408-555-0123`
  if (nextAtom(groups, atom, stop) - atom > 1) return true;
  return plan?.trunkPrefix === '0' && codeAt(text, groups.starts[atom] ?? 0) === ZERO && lengthOf(groups, atom) > 1;
}

// Tries the groups from `index` on as one number, then with fewer groups; answers the group behind it, or `index`.
function readNumber(place: Place, index: number, stop: number): number {
  const { groups } = place;
  place.lastRule = 'trunk';
  if (!isReadable(place, index, stop)) return index;
  place.lastRule = 'invalid';
  let to = stop;
  let digits = digitsOf(groups, index, to);
  for (let tries = 0; to > index && tries < MAX_TRIES && digits >= FEWEST_DIGITS; ) {
    if (digits <= MOST_DIGITS) {
      tries += 1;
      if (isRestGood(place, index, to, stop) && judge(place, index, to)) return to;
    }
    do {
      to -= 1;
      digits -= (groups.ends[to] ?? 0) - (groups.starts[to] ?? 0);
    } while (to > index && ((groups.gaps[to] ?? 0) & SPACE) === 0 && !isRangeEnd(place.text, groups, to, stop));
  }
  return index;
}

// `322 45 60-69`, `0571 123456-58`: the last digits of a later number.
function isRangeEnd(text: string, { starts, ends, gaps }: Groups, index: number, stop: number): boolean {
  if (index !== stop - 1 || gaps[index] !== DASH) return false;
  const end = ends[index] ?? 0;
  const endBefore = ends[index - 1] ?? 0;
  const length = end - (starts[index] ?? 0);
  if (length > 4 || length > endBefore - (starts[index - 1] ?? 0)) return false;
  return text.slice(endBefore - length, endBefore) < text.slice(end - length, end);
}

// What would be left over: nothing, a little, or something that can stand for itself.
function isRestGood({ text, groups, plan }: Place, from: number, to: number, stop: number): boolean {
  if (to === stop) return true;
  const rest = digitsOf(groups, to, stop);
  const gap = groups.gaps[to] ?? 0;
  const last = lengthOf(groups, to - 1);
  // `06 12 23 34 40 45`: a row goes on.
  if (last > 1 && last === lengthOf(groups, to) && gap === SPACE && groups.gaps[to - 1] === SPACE) return false;
  if (rest <= MOST_LEFT_OVER || (gap & (SLASH | OPEN | WIDE)) !== 0) return true;
  if (codeAt(text, groups.starts[to] ?? 0) === ZERO && plan?.trunkPrefix === '0') return rest >= COMPLETE;
  // What is tight in itself is whole: `415-555-0132 2026 …`.
  return to - from === 1 || ((groups.gaps[from + 1] ?? 0) & SPACE) === 0;
}

function lengthOf({ starts, ends }: Groups, index: number): number {
  return (ends[index] ?? 0) - (starts[index] ?? 0);
}

function nextAtom({ gaps }: Groups, from: number, stop: number): number {
  let index = from + 1;
  while (index < stop && ((gaps[index] ?? 0) & (SPACE | OPEN)) === 0) index += 1;
  return index;
}

function digitsOf({ starts, ends }: Groups, from: number, to: number): number {
  let digits = 0;
  for (let index = from; index < to; index += 1) digits += (ends[index] ?? 0) - (starts[index] ?? 0);
  return digits;
}

// The group at which a number that begins at `from` has to end, whatever follows.
function hardEnd(place: Place, from: number): number {
  const { groups } = place;
  const { count, starts, ends, gaps, dead } = groups;
  let digits = (ends[from] ?? 0) - (starts[from] ?? 0);
  for (let index = from + 1; index < count; index += 1) {
    if (dead[index] !== 0) return index;
    const gap = gaps[index] ?? 0;
    if (gap !== SPACE || digits >= COMPLETE) {
      if ((gap & DOT) !== 0 && (gap & SPACE) !== 0 && (gap & ~(DOT | SPACE)) === 0) return index;
      if (isCut(place, from, index, digits)) return index;
    }
    digits += (ends[index] ?? 0) - (starts[index] ?? 0);
  }
  return count;
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
  return isSpaced && isTrunk && place.plan?.trunkPrefix === '0' && isFullNumberAt(place, from, index);
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
  if (length !== 1 || before < 6 || WITH_DIAL_IN.has(plan?.country ?? '')) return false;
  const next = codeAt(text, starts[index] ?? 0);
  return next === codeAt(text, (ends[index - 1] ?? 0) - 1) + 1 && isWhole(place, from, index);
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
  if (!(isOther || isRange || (isSpaced && tail >= 5)) || !isWhole(place, from, index)) return false;
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
