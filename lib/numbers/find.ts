// Text → phone numbers: which stretches of a text are numbers that somebody would want to call, and why.
// Pure: no DOM, no browser API. It must rather miss a number than turn a date, an order or an IBAN into one: a wrong
// mark is a misdial. One pass over the text; nothing is allocated before digits have the shape of a number.

import type { Place, Stretch } from './candidate.ts';
import { type PlainText, plainText } from './characters.ts';
import { nextDigits, type Width } from './gate.ts';
import { createGroups } from './groups.ts';
import { numberingPlanOf } from './numbering-plan.ts';
import { IS_UNUSUAL, readStretch } from './stretch.ts';
import { lazyWords } from './words.ts';

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

// Scratch tables of the scan, written before they are read in each call, so that calls share nothing but their room; and
// the words, which are sorted on first use and never change.
const GROUPS = createGroups();
const WORDS = lazyWords();

/** The numbers in `text`, ascending, never overlapping. Service numbers and feature codes are never among them. */
export function findNumbers(text: string, options: FindOptions): FoundNumber[] {
  if (text.length > MAX_TEXT_LENGTH) return [];
  const width: Width = options.internal ? 'all-digits' : 'numbers';
  const first = nextDigits(text, 0, width);
  return first < 0 ? [] : scan(text, options, { first, width, rejected: undefined });
}

/** Everything in `text` that looked like a number, ascending: those found, and those rejected with the rule's name. */
export function explainNumbers(text: string, options: FindOptions): Explanation[] {
  if (text.length > MAX_TEXT_LENGTH) return [];
  const first = nextDigits(text, 0, 'all-digits');
  const rejected: Stretch[] = [];
  const found = first < 0 ? [] : scan(text, options, { first, width: 'all-digits', rejected });
  const explanations: Explanation[] = [
    ...rejected.map(({ start, end, rule }) => ({ start, end, text: text.slice(start, end), rule })),
    ...found.map((number) => {
      const { start, end, rule } = number;
      return { start, end, text: text.slice(start, end), rule, found: number };
    }),
  ];
  return explanations.sort((a, b) => a.start - b.start);
}

interface Scan {
  /** The first digit that is looked at. */
  first: number;
  width: Width;
  rejected: Stretch[] | undefined;
}

function scan(text: string, options: FindOptions, { first, width, rejected }: Scan): FoundNumber[] {
  const place = placeOf(text, options, rejected);
  for (let at = first; at >= 0; at = nextDigits(text, at, width)) {
    at = readStretch(place, at);
    if (at === IS_UNUSUAL) return scanUnusual(text, options, { width, rejected });
    if (width === 'numbers' && text.length - at < FEWEST_SIGNS) break;
  }
  return place.found;
}

// From the start again: what was read so far may have ended at a character that hid the rest.
function scanUnusual(text: string, options: FindOptions, { width, rejected }: Omit<Scan, 'first'>): FoundNumber[] {
  const plain = plainText(text);
  rejected?.splice(0);
  const place = placeOf(plain.text, options, rejected);
  for (let at = nextDigits(plain.text, 0, width); at >= 0; at = nextDigits(plain.text, at, width)) {
    at = readStretch(place, at);
  }
  restoreOffsets(place.found, plain);
  if (rejected) restoreOffsets(rejected, plain);
  return place.found;
}

function placeOf(text: string, options: FindOptions, rejected: Stretch[] | undefined): Place {
  return {
    text,
    options,
    plan: numberingPlanOf(options.country),
    found: [],
    rejected,
    groups: GROUPS,
    words: WORDS,
    lastEnd: -1,
    lastEvidence: undefined,
    taken: 0,
    firstLineEnd: undefined,
    heads: undefined,
    lastRule: '',
  };
}

function restoreOffsets(stretches: { start: number; end: number }[], { originalOffset }: PlainText): void {
  for (const stretch of stretches) {
    stretch.start = originalOffset(stretch.start);
    stretch.end = originalOffset(stretch.end - 1) + 1;
  }
}
