// A stretch of digits and separators → groups of digits and what stands between them. It decides nothing: it only writes
// down what is there, in a scratch table that is filled anew for each stretch, so that reading allocates nothing.
import { CLASS_OF, DIGIT, SEPARATOR } from './characters.ts';

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
// ` (0) `, ` ) - `
const MAX_GAP = 5;

/** The groups of one stretch: group `i` is `text.slice(starts[i], ends[i])`, `gaps[i]` what stands before it. */
export interface Groups {
  /** Above `MAX_GROUPS` the tables hold the first ones only. */
  count: number;
  digits: number;
  /** The offset of the character that ended it. */
  stoppedAt: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly gaps: Uint8Array;
  /** The rule that takes a group out of reading (a part of a date, a time …), as an index, or 0. */
  readonly dead: Uint8Array;
}

/** Empty tables, to be filled again and again. */
export function createGroups(): Groups {
  return {
    count: 0,
    digits: 0,
    stoppedAt: 0,
    starts: new Int32Array(MAX_GROUPS + 1),
    ends: new Int32Array(MAX_GROUPS + 1),
    gaps: new Uint8Array(MAX_GROUPS + 1),
    dead: new Uint8Array(MAX_GROUPS + 1),
  };
}

/** Reads the stretch that begins with the digit at `from`; answers the offset behind its last digit. */
export function readGroups(text: string, from: number, groups: Groups): number {
  const { starts, ends, gaps, dead } = groups;
  const { length } = text;
  let count = 0;
  let digits = 0;
  let gap = 0;
  let end = from;
  let at = from;
  while (at < length) {
    const start = at;
    while (at < length && CLASS_OF[text.charCodeAt(at)] === DIGIT) at += 1;
    end = at;
    digits += at - start;
    if (count <= MAX_GROUPS) {
      starts[count] = start;
      ends[count] = at;
      gaps[count] = gap;
      dead[count] = 0;
    }
    count += 1;
    gap = 0;
    while (at < length && at - end < MAX_GAP && CLASS_OF[text.charCodeAt(at)] === SEPARATOR) {
      gap |= gapBit(text.charCodeAt(at), text.charCodeAt(at - 1));
      at += 1;
    }
    if (at === end || at >= length || CLASS_OF[text.charCodeAt(at)] !== DIGIT) break;
  }
  groups.count = count;
  groups.digits = digits;
  groups.stoppedAt = at;
  return end;
}

function gapBit(code: number, previous: number): number {
  switch (code) {
    case 0x20:
      return previous === 0x20 ? SPACE | WIDE : SPACE;
    case 0x2e:
      return DOT;
    case 0x2d:
      return DASH;
    case 0x2f:
      return SLASH;
    case 0x28:
      return OPEN;
    default:
      return CLOSE;
  }
}
