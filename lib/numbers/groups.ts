// A stretch of digits and separators → groups of digits and what stands between them. It decides nothing: it only writes
// down what is there, in a scratch table that is filled anew for each stretch, so that reading allocates nothing.

/** What stands between two groups, as bits. */
export const SPACE = 1;
export const DOT = 2;
export const DASH = 4;
export const SLASH = 8;
export const OPEN = 16;
export const CLOSE = 32;
/** Two spaces or more, side by side. */
export const WIDE = 64;

/** More groups than any list of numbers on one line: such a stretch is a table of figures. */
export const MAX_GROUPS = 48;
/** More digits than any number has. */
export const MAX_VALUES = 24;
// ` (0) `, ` ) - `
const MAX_GAP = 5;
const ZERO = 0x30;
const NINE = 0x39;
const SPACE_SIGN = 0x20;

/** The groups of one stretch: group `i` is `text.slice(starts[i], ends[i])`, `gaps[i]` what stands before it. */
export interface Groups {
  /** Above `MAX_GROUPS` the tables hold the first ones only, and the rest counts as one. */
  count: number;
  digits: number;
  /** The offset of the character that ended it. */
  stoppedAt: number;
  /** With which digits groups begin that are not glued to others, as bits: bit 3 for the digit 3. */
  openings: number;
  /** The value of each digit, one group after the other; the first `MAX_VALUES` of them. */
  readonly values: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly gaps: Uint8Array;
  /** The rule that takes a group out of reading (a part of a date, a time …), as an index, or 0. */
  readonly dead: Uint8Array;
}

// What is left of a table of figures; in pieces, since each round of a pattern is kept until it is over.
const MORE_GROUPS = /(?:[ ()./-]{0,5}[0-9]){1,256}/y;

// What each ASCII sign is in a gap; 0 for what stands in none.
const GAP_OF: Readonly<Uint8Array> = gapTable();

function gapTable(): Uint8Array {
  const table = new Uint8Array(0x80);
  table[SPACE_SIGN] = SPACE;
  for (const [index, sign] of ['.', '-', '/', '(', ')'].entries()) table[sign.charCodeAt(0)] = DOT << index;
  return table;
}

/** Empty tables, to be filled again and again. */
export function createGroups(): Groups {
  return {
    count: 0,
    digits: 0,
    stoppedAt: 0,
    openings: 0,
    values: new Uint8Array(MAX_VALUES),
    starts: new Int32Array(MAX_GROUPS + 1),
    ends: new Int32Array(MAX_GROUPS + 1),
    gaps: new Uint8Array(MAX_GROUPS + 1),
    dead: new Uint8Array(MAX_GROUPS + 1),
  };
}

/** Reads the stretch that begins with the digit at `from`; answers the offset behind its last digit. */
export function readGroups(text: string, from: number, groups: Groups): number {
  const { starts, ends, gaps, dead, values } = groups;
  const { length } = text;
  let count = 0;
  let digits = 0;
  let gap = 0;
  let openings = 0;
  let end = from;
  let at = from;
  let code = text.charCodeAt(from);
  while (at < length) {
    const start = at;
    if (count === 0 || (gap & (SPACE | OPEN)) !== 0) openings |= 1 << (code - ZERO);
    do {
      // Beyond its end nothing is written.
      values[digits] = code - ZERO;
      digits += 1;
      at += 1;
      code = at < length ? text.charCodeAt(at) : 0;
    } while (code >= ZERO && code <= NINE);
    if (count === MAX_GROUPS) {
      at = endOfTable(text, at);
      code = at < length ? text.charCodeAt(at) : 0;
    }
    end = at;
    if (count <= MAX_GROUPS) {
      starts[count] = start;
      ends[count] = at;
      gaps[count] = gap;
      dead[count] = 0;
    }
    count += 1;
    gap = 0;
    let bit = code < 0x80 ? (GAP_OF[code] ?? 0) : 0;
    while (bit !== 0 && at - end < MAX_GAP) {
      gap |= bit === SPACE && at > end && text.charCodeAt(at - 1) === SPACE_SIGN ? SPACE | WIDE : bit;
      at += 1;
      code = at < length ? text.charCodeAt(at) : 0;
      bit = code < 0x80 ? (GAP_OF[code] ?? 0) : 0;
    }
    if (at === end || code < ZERO || code > NINE) break;
  }
  groups.count = count;
  groups.digits = digits;
  groups.stoppedAt = at;
  groups.openings = openings;
  return end;
}

// The offset behind the last digit of what follows: nobody asks more of so many groups than where they end.
function endOfTable(text: string, from: number): number {
  let end = from;
  MORE_GROUPS.lastIndex = from;
  while (MORE_GROUPS.test(text)) end = MORE_GROUPS.lastIndex;
  return end;
}

/** How many digits group `index` has. */
export function lengthOf({ starts, ends }: Groups, index: number): number {
  return (ends[index] ?? 0) - (starts[index] ?? 0);
}

/** How many digits the groups from `from` up to but without `to` have. */
export function digitsOf({ starts, ends }: Groups, from: number, to: number): number {
  let digits = 0;
  for (let index = from; index < to; index += 1) digits += (ends[index] ?? 0) - (starts[index] ?? 0);
  return digits;
}
