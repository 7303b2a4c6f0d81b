// Text → phone numbers: which stretches of a text are numbers that somebody would want to call, and why.
// Pure: no DOM, no browser API. It must rather miss a number than turn a date, an order or an IBAN into one: a wrong
// mark is a misdial. One pass over the text; nothing is allocated before digits have the shape of a number.

import type { Place, Stretch } from './candidate.ts';
import { type PlainText, plainText } from './characters.ts';
import { nextDigits, nextNumber, type Width } from './gate.ts';
import { createReader, type Reader } from './place.ts';
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

// One room for all calls: what they leave in it is written anew before it is read.
const READER = createReader();
const SCAN = createScan(READER);

/** The numbers in `text`, ascending, never overlapping. Service numbers and feature codes are never among them. */
export function findNumbers(text: string, options: FindOptions): FoundNumber[] {
  if (text.length > MAX_TEXT_LENGTH) return [];
  if (text.length <= LONGEST_CELL && !options.internal) return findInCell(text, options);
  const first = options.internal ? nextDigits(text, 0, 'all-digits') : nextNumber(text, 0);
  return first < 0 ? [] : SCAN(text, options, first, undefined);
}

function findInCell(text: string, options: FindOptions): FoundNumber[] {
  const { gate, plan } = READER.homeOf(options);
  if (text.search(gate) < 0) return [];
  const whole = options.before === undefined ? wholeNumber(text, plan) : undefined;
  if (whole) return whole;
  const first = nextNumber(text, 0);
  return first < 0 ? [] : SCAN(text, options, first, undefined);
}

/** Everything in `text` that looked like a number, ascending: those found, and those rejected with the rule's name. */
export function explainNumbers(text: string, options: FindOptions): Explanation[] {
  if (text.length > MAX_TEXT_LENGTH) return [];
  const first = nextDigits(text, 0, 'all-digits');
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
    const width: Width = options.internal || rejected ? 'all-digits' : 'numbers';
    if (readStretches(place, first, width)) return end();
    // From the start again: what was read so far may have ended at a character that hid the rest.
    const plain = plainText(text);
    rejected?.splice(0);
    begin(plain.text, options, rejected);
    readStretches(place, nextDigits(plain.text, 0, width), width);
    restoreOffsets(place.found, plain);
    if (rejected) restoreOffsets(rejected, plain);
    return end();
  };
}

// False where the text has to be made plain first.
function readStretches(place: Place, first: number, width: Width): boolean {
  const { text } = place;
  for (let at = first; at >= 0; at = nextDigits(text, at, width)) {
    at = readStretch(place, at);
    if (at === IS_UNUSUAL) return false;
    if (width === 'numbers' && text.length - at < FEWEST_SIGNS) break;
  }
  return true;
}

function restoreOffsets(stretches: { start: number; end: number }[], { originalOffset }: PlainText): void {
  for (const stretch of stretches) {
    stretch.start = originalOffset(stretch.start);
    stretch.end = originalOffset(stretch.end - 1) + 1;
  }
}
