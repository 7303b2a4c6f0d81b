// Texts that say the same thing over and over, hundreds of times: rows made to be slow, logs, dumps. What was found in one
// round is found in the next, as long as all that the finder looks at there is the same. It must never answer what
// reading would not: every reach that it counts on is the furthest that any rule looks, and a test reads both ways.
import type { Place } from './candidate.ts';
import { codeAt } from './characters.ts';
import type { Evidence } from './evidence.ts';
import type { FoundNumber } from './find.ts';

/** The rounds of one text. */
export interface Repeats {
  /** What to do at the number-like digits at `at`: the offset to go on at, which is `at` unless rounds were repeated. */
  pass(at: number): number;
}

/** Shorter texts have no rounds that would be worth it. */
export const SHORTEST_REPEATING = 800;

const LONGEST_ROUND = 256;
// Behind a round: ` (` and a word, a word for "number", a gap and an extension's digits (extension.ts); or to the line's end.
const REACH_BEHIND = 80;
// In front of the first digits: words end at digits, and each round has some; what was said of the digits before those is
// asked, too. Dates, brackets, marks of a quotation are searched for some two dozen signs.
const ROUNDS_BEFORE = 2;
const REACH_BEFORE = 48;
// An address ends at a space (surroundings.ts).
const REACH_OF_ADDRESS = 304;
// A cell's line begins there or further left (table.ts); heads stand in the first three lines.
const REACH_OF_LINE = 248;
const ROUNDS_OF_TABLE = 4;
const FEW = 8;
const PROBE = 24;
const BLOCK = 2048;
const NEWLINE = 0x0a;
const SPACE_SIGN = 0x20;
// `://`, `@`, `www.`, `/` and `?` at its start, `?` and `&` in it.
const SIGNS_OF_ADDRESS = '/@w?&';
const SEPARATORS = '\t|;,';

interface Mark {
  at: number;
  found: number;
  lastEnd: number;
  taken: number;
  evidence: Evidence | undefined;
}

/** Whether what stands at `at` comes again within a round: one search, for which most texts need no more. */
export function repeatsSoon(text: string, at: number): boolean {
  return text.slice(at + 1, at + LONGEST_ROUND + PROBE).includes(text.slice(at, at + PROBE));
}

/** Watches the place's text, which is read from its start. */
export function createRepeats(place: Place): Repeats {
  const mark: Mark = { at: -1, found: 0, lastEnd: 0, taken: 0, evidence: undefined };
  return {
    pass(at) {
      const { text } = place;
      const length = at - mark.at;
      if (mark.at < 0 || length > LONGEST_ROUND) {
        setMark(mark, place, at);
        return at;
      }
      const behind = length + Math.max(length, REACH_BEHIND);
      if (!isSame(text, { from: at, to: at + FEW, length })) return at;
      if (!isSame(text, { from: at + FEW, to: at + behind, length })) return at;
      const reach = reachBefore(text, mark.at, at);
      const isSteady =
        mark.at >= reach && isSame(text, { from: at - reach, to: at, length }) && isLike(mark, place, { at, reach });
      if (!isSteady) {
        setMark(mark, place, at);
        return at;
      }
      const end = endOfSame(text, at + behind, length);
      const rounds = 1 + Math.floor((end - behind - at) / length);
      repeat(place, mark, { at, length, rounds });
      mark.at = -1;
      return at + rounds * length;
    },
  };
}

function setMark(mark: Mark, { found, lastEnd, taken, lastEvidence }: Place, at: number): void {
  mark.at = at;
  mark.found = found.length;
  mark.lastEnd = lastEnd;
  mark.taken = taken;
  mark.evidence = lastEvidence;
}

// How far to the left anything is looked for whose round is the text from `from` to `to`.
function reachBefore(text: string, from: number, to: number): number {
  let isInToken = true;
  let hasNewline = false;
  let hasCells = false;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= SPACE_SIGN) isInToken = false;
    if (code === NEWLINE) hasNewline = true;
    if (SEPARATORS.includes(text.charAt(at))) hasCells = true;
  }
  const length = to - from;
  let reach = ROUNDS_BEFORE * length + REACH_BEFORE;
  if (isInToken && mayBeAddress(text, from, to)) reach = Math.max(reach, REACH_OF_ADDRESS);
  if (hasNewline) reach = Math.max(reach, ROUNDS_OF_TABLE * length + FEW);
  else if (hasCells) reach = Math.max(reach, REACH_OF_LINE);
  return reach;
}

// Whether a sign of an address stands there, or as far in front as it would count.
function mayBeAddress(text: string, from: number, to: number): boolean {
  for (let at = Math.max(0, from - REACH_OF_ADDRESS); at < to; at += 1) {
    if (SIGNS_OF_ADDRESS.includes(text.charAt(at))) return true;
  }
  return false;
}

// Whether what is known of earlier numbers is what it was a round ago, as far as anybody asks.
function isLike(mark: Mark, place: Place, { at, reach }: { at: number; reach: number }): boolean {
  const { lastEnd, taken, lastEvidence, heads } = place;
  if (!isLikewise(mark.at - mark.lastEnd, at - lastEnd, reach) || !isLikewise(mark.at - mark.taken, at - taken, reach))
    return false;
  // A column's cells share what its head says, and are asked whether they do.
  return heads ? mark.evidence === lastEvidence : saysSame(mark.evidence, lastEvidence);
}

function isLikewise(distance: number, other: number, reach: number): boolean {
  return distance === other || (distance > reach && other > reach);
}

function saysSame(one: Evidence | undefined, other: Evidence | undefined): boolean {
  if (one === other || one === undefined || other === undefined) return one === other;
  return (
    one.kind === other.kind &&
    one.reason === other.reason &&
    one.distance === other.distance &&
    one.isNumbered === other.isNumbered &&
    one.isApart === other.isApart &&
    one.isTopic === other.isTopic &&
    one.isReach === other.isReach &&
    one.isAfterUnknown === other.isAfterUnknown &&
    one.isAfterCode === other.isAfterCode &&
    one.isAfterName === other.isAfterName &&
    one.isAfterMark === other.isAfterMark &&
    one.isDirect === other.isDirect &&
    one.stop === other.stop
  );
}

// Whether the text from `from` to `to` is what it is `length` signs further left.
function isSame(text: string, { from, to, length }: { from: number; to: number; length: number }): boolean {
  if (to > text.length) return false;
  for (let at = from; at < to; at += 1) if (codeAt(text, at) !== codeAt(text, at - length)) return false;
  return true;
}

// Where the text ceases to be what it is `length` signs further left.
function endOfSame(text: string, from: number, length: number): number {
  let at = from;
  // Parts of a text are compared whole, as bytes.
  while (at + BLOCK <= text.length && text.slice(at, at + BLOCK) === text.slice(at - length, at - length + BLOCK))
    at += BLOCK;
  while (at < text.length && text.charCodeAt(at) === text.charCodeAt(at - length)) at += 1;
  return at;
}

function repeat(
  place: Place,
  mark: Mark,
  { at, length, rounds }: { at: number; length: number; rounds: number },
): void {
  const { found } = place;
  const stop = found.length;
  const by = rounds * length;
  if (stop > mark.found) {
    for (let round = 1; round <= rounds; round += 1) {
      for (let index = mark.found; index < stop; index += 1) {
        const number = found[index];
        if (number) found.push(shifted(number, round * length));
      }
    }
  }
  if (mark.at - mark.lastEnd === at - place.lastEnd) place.lastEnd += by;
  if (mark.at - mark.taken === at - place.taken) place.taken += by;
  place.evidenceAt = -1;
  place.toldByWords = -1;
}

function shifted({ start, end, kind, number, rule, extension }: FoundNumber, by: number): FoundNumber {
  const found: FoundNumber = { start: start + by, end: end + by, kind, number, rule };
  if (extension !== undefined) found.extension = extension;
  return found;
}
