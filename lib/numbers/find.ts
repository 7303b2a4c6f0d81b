// Text → phone numbers: which stretches of a text are numbers that somebody would want to call, and why.
// Pure: no DOM, no browser API. It must rather miss a number than turn a date, an order or an IBAN into one: a wrong
// mark is a misdial. One pass over the text; nothing is allocated before digits have the shape of a number.

import type { Place, Stretch } from './candidate.ts';
import { type PlainText, plainText } from './characters.ts';
import { nextDigit, nextNumber } from './gate.ts';
import { isIdCell } from './id-cell.ts';
import { createReader, type Reader } from './place.ts';
import { createRepeats, type Repeats, repeatsSoon, SHORTEST_REPEATING } from './repeats.ts';
import { IS_UNUSUAL, readStretch } from './stretch.ts';
import { wholeNumber } from './whole-number.ts';

/** Where the text stands. `before`: what precedes the block (label cell, `dt`, column header). */
export interface FindOptions {
  country: string;
  areaCode?: string;
  before?: string;
  /** Lengths of extensions that may be found after a label; without it none are. */
  internal?: { minDigits: number; maxDigits: number };
}

/** `number` is E.164 (`'+493023125042'`) or the digits of an extension; `start`–`end` are UTF-16 code units. */
export interface FoundNumber {
  start: number;
  end: number;
  kind: 'phone' | 'fax' | 'internal';
  number: string;
  extension?: string;
  rule: string;
}

/** A stretch that was looked at, the rule that decided, and the number if it is one. */
export interface Explanation {
  start: number;
  end: number;
  text: string;
  rule: string;
  found?: FoundNumber;
}

/** The longest text that is looked at; longer ones are not read at all. */
export const MAX_TEXT_LENGTH = 1_048_576;

// What the gate asks for.
const FEWEST_SIGNS = 6;

// What a cell or a line of a page has at most: for longer texts the country's pattern is no gain.
const LONGEST_CELL = 200;
// A number as it is written, and nothing else.
const LONGEST_WHOLE = 24;

// After so many digits a long text is asked anew whether it repeats itself.
const TURNS = 64;

const ZERO = 0x30;
const NOTHING: readonly FoundNumber[] = Object.freeze([]);

// One room for all calls: what they leave in it is written anew before it is read, but for what words say.
const READER = createReader();
const { homes: HOMES } = READER;
const SCAN = createScan(READER);

/** The numbers in `text`, ascending, never overlapping. Service numbers and feature codes are never among them. */
export function findNumbers(text: string, options: FindOptions): readonly FoundNumber[] {
  const { length } = text;
  if (length > MAX_TEXT_LENGTH) return NOTHING;
  if (options.internal) {
    const first = nextDigit(text, 0);
    return first < 0 ? NOTHING : SCAN(text, options, first, undefined);
  }
  // Asked for each cell of a table.
  const isKnown = options.country === HOMES.country && options.areaCode === undefined;
  const home = isKnown ? HOMES.home : READER.homeOf(options);
  // What a number begins with: `(`, `+` or `0`.
  if (length <= LONGEST_WHOLE && text.charCodeAt(0) <= ZERO && options.before === undefined) {
    const whole = wholeNumber(text, home.plan);
    if (whole) return whole;
  }
  if (length <= LONGEST_CELL && !home.gate.test(text)) return NOTHING;
  if (length <= LONGEST_WHOLE && options.before === undefined && isIdCell(text, READER.place.words)) return NOTHING;
  const first = nextNumber(text, 0);
  return first < 0 ? NOTHING : SCAN(text, options, first, undefined);
}

/** Everything in `text` that looked like a number, ascending: those found, and those rejected with the rule's name. */
export function explainNumbers(text: string, options: FindOptions): Explanation[] {
  if (text.length > MAX_TEXT_LENGTH) return [];
  const first = nextDigit(text, 0);
  const rejected: Stretch[] = [];
  const found = first < 0 ? [] : SCAN(text, options, first, rejected);
  const explanations: Explanation[] = [
    ...rejected.map(({ start, end, rule }) => ({ start, end, text: text.slice(start, end), rule })),
    ...found.map((number) => {
      const { start, end, rule } = number;
      return { start, end, text: text.slice(start, end), rule, found: number };
    }),
  ];
  return explanations.sort((a, b) => a.start - b.start);
}

/** Reads a text from its first digits on. */
type Scan = (text: string, options: FindOptions, first: number, rejected: Stretch[] | undefined) => FoundNumber[];

function createScan({ place, begin, end }: Reader): Scan {
  return (text, options, first, rejected) => {
    begin(text, options, rejected);
    const isEach = options.internal !== undefined || rejected !== undefined;
    const read = isEach ? readStretches : readNumbers;
    if (read(place, first)) return end();
    // From the start again: what was read so far may have ended at a character that hid the rest.
    const plain = plainText(text);
    rejected?.splice(0);
    begin(plain.text, options, rejected);
    read(place, isEach ? nextDigit(plain.text, 0) : nextNumber(plain.text, 0));
    restoreOffsets(place.found, plain);
    if (rejected) restoreOffsets(rejected, plain);
    return end();
  };
}

// All digits, from those at `first` on. False where the text has to be made plain first.
function readStretches(place: Place, first: number): boolean {
  const { text } = place;
  for (let at = first; at >= 0; at = nextDigit(text, at)) {
    at = readStretch(place, at);
    if (at === IS_UNUSUAL) return false;
  }
  return true;
}

// What could be a number, from the digit at `first` on. False where the text has to be made plain first.
function readNumbers(place: Place, first: number): boolean {
  const { text, sameWords, home } = place;
  const skip = home.skip();
  const isLong = text.length >= SHORTEST_REPEATING;
  let repeats: Repeats | undefined;
  let turn = 0;
  for (let at = first; at >= 0; at = nextNumber(text, at)) {
    if (isLong) {
      if (turn % TURNS === 0) repeats = repeatsSoon(text, at) ? (repeats ?? createRepeats(place)) : undefined;
      turn += 1;
      if (repeats !== undefined) at = repeats.pass(at);
    }
    if (skip !== undefined) skip.lastIndex = at;
    // A zero mostly begins a number: what is known of its words is asked first.
    const isZero = text.charCodeAt(at) === ZERO;
    const known = isZero || !skip?.test(text) ? sameWords.readNumber(place, at) : (skip?.lastIndex ?? -1);
    if (known > 0) at = known;
    else if (isZero && skip?.test(text)) at = skip.lastIndex;
    else at = readStretch(place, at);
    if (at === IS_UNUSUAL) return false;
    if (text.length - at < FEWEST_SIGNS) return true;
  }
  return true;
}

function restoreOffsets(stretches: { start: number; end: number }[], { originalOffset }: PlainText): void {
  for (const stretch of stretches) {
    stretch.start = originalOffset(stretch.start);
    stretch.end = originalOffset(stretch.end - 1) + 1;
  }
}
