// One stretch of digits and separators → the numbers in it: where one begins and ends. A stretch may hold a date, a
// number and the next one (`12.03.2026 030 23125042 / 0171 3920012`). Inside digits that touch each other nothing is ever
// cut, and where nothing fits the rest is left alone: digits are not searched for a number that they might contain.

import { type Place, reject } from './candidate.ts';
import { CLASS_OF, codeAt, isDigit, isLetter, isWordSign, MIDDLE_DOT, UNUSUAL } from './characters.ts';
import { hardEnd } from './cuts.ts';
import { DASH, digitsOf, type Groups, lengthOf, MAX_GROUPS, OPEN, readGroups, SLASH, SPACE, WIDE } from './groups.ts';
import { judge } from './judge.ts';
import { isAnyReadable, isReadable } from './opening.ts';
import { isPlainShape } from './plain-shape.ts';
import { DEAD_RULES, markDead } from './shapes.ts';
import { isCapital, readShort, readVanity } from './short.ts';
import { isLabelGlued } from './surroundings.ts';

const FEWEST_DIGITS = 6;
// A number that stands complete before the next one has at least as many digits.
const COMPLETE = 7;
// A post code, a house number, the day of a date may stand before a number: no more.
const MAX_SKIPPED = 6;
const MOST_DIGITS = 18;
const MAX_TRIES = 5;
// "… 3920012 2 calls"
const MOST_LEFT_OVER = 3;
// `1-888-555-HIRE`
const MOST_BEFORE_LETTERS = 8;
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
  const isBeforeCapital = groups.digits <= MOST_BEFORE_LETTERS && isCapital(codeAt(text, end + 1));
  if (groups.digits < FEWEST_DIGITS) {
    return isBeforeCapital || place.rejected || place.options.internal ? readShort(place, from, end) : end;
  }
  if (isBeforeCapital) {
    const taken = readVanity(place, from, end);
    if (taken > end) return taken;
  }
  if (groups.count > MAX_GROUPS) {
    reject(place, from, end, 'table');
    return end;
  }
  if (!isAnyReadable(place, from)) return end;
  place.isPlain = isPlainShape(text, groups, place.plan);
  if (place.isPlain) return Math.max(end, readPart(place, 0, groups.count));
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
  if (CLASS_OF[text.charCodeAt(from)] === UNUSUAL) return true;
  if (stoppedAt < text.length) {
    const right = CLASS_OF[text.charCodeAt(stoppedAt)];
    if (right === UNUSUAL) return true;
    if (right === MIDDLE_DOT && isDigit(codeAt(text, stoppedAt - 1)) && isDigit(codeAt(text, stoppedAt + 1)))
      return true;
  }
  if (from === 0) return false;
  const left = text.charCodeAt(from - 1);
  if (CLASS_OF[left] === UNUSUAL) return true;
  // `+\u200b49`
  return (left === PLUS || left === SPACE_SIGN || left === BRACKET) && CLASS_OF[codeAt(text, from - 2)] === UNUSUAL;
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
  // `601-234-567-890`, `98765-43210-12`, `11-70-5A`: an id goes on.
  if ((index > 1 && length < 4 && gaps[index - 1] === DASH) || isWordSign(codeAt(text, end))) return false;
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
  if ((gap & (SLASH | OPEN | WIDE)) !== 0) return true;
  // "… 2 calls"; but `512 345 678 01` is one row.
  if (rest <= MOST_LEFT_OVER) return gap !== SPACE || to + 1 < stop || isBeforeWord(text, groups.ends[to] ?? 0);
  if (codeAt(text, groups.starts[to] ?? 0) === ZERO && plan?.trunkPrefix === '0') return rest >= COMPLETE;
  // What is tight in itself is whole: `415-555-0132 2026 …`.
  return to - from === 1 || ((groups.gaps[from + 1] ?? 0) & SPACE) === 0;
}

function isBeforeWord(text: string, end: number): boolean {
  const code = codeAt(text, end);
  return (code === SPACE_SIGN && isLetter(codeAt(text, end + 1))) || isWordSign(code);
}

function nextAtom({ gaps }: Groups, from: number, stop: number): number {
  let index = from + 1;
  while (index < stop && ((gaps[index] ?? 0) & (SPACE | OPEN)) === 0) index += 1;
  return index;
}
