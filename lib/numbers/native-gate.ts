// Digits as the agent's country knows them, by patterns: could any in a text begin a number there, and which stretches can
// be passed over whole? The engine runs patterns as machine code from their second call on, and loops of ours only after
// hundreds, so that this is what makes the first page fast. They may let pass what is none, but never stop what could be
// found: a test asks both.
import { MIDDLE_DOT_RANGES } from './characters.ts';
import { asMachineCode } from './machine-code.ts';

/** What a number can begin with; digits as bits: bit 3 for the digit 3. */
export interface Beginnings {
  /** Without plus. */
  openings: number;
  /** The country's own code without plus. */
  codeOpening: number;
  /** What numbers with words begin with, `1-800-FLOWERS`, as a pattern; '' where there are none. */
  vanity: string;
}

// Of a stretch; longer ones are tables.
const MOST_GROUPS = 40;
const ANY_DIGIT = 0b11_1111_1111;
const SIGN = '[ ()./-]';
// A gap with a space or a bracket in it: the digits behind it stand for themselves.
const LOOSE_GAP = `${SIGN}{0,4}[ (]${SIGN}{0,4}`;
// As many more digits as a number has at least, also with its country's code.
const FIVE_MORE = `(?:${SIGN}{0,5}[0-9]){5}`;
const FIRST_WITH_CODE = `[0-9](?:${SIGN}{0,5}[0-9]){10}`;
const TEN_MORE = `(?:${SIGN}{0,5}[0-9]){10}`;
// All that `UNUSUAL_RANGES` and `ZEROS` name, and what stands between: every sign of a text is asked this, and few ranges
// are asked faster than sixty.
const UNUSUAL = '[\\u00a0\\u00ad\\u034f\\u061c\\u1680\\u180e\\u2000-\\u2069\\u2212\\u2215\\u3000\\ufe00-\\uff5e]';
const DIGITS_BEYOND_ASCII = '[\\u0660-\\u1c59\\ua620-\\uabf9\\uff10-\\uff19]';
// One or two letters touch the digits, too few for a label that lost its space: `USt-IdNr. DE012345678`.
const IS_GLUED = '(?<=(?:^|[ \\n(<,;:/|-])[A-Za-z]{1,2})';
// In one run, or with a dot in it: more than anybody looks at.
const IS_TOO_LONG = '(?=(?:[0-9]\\.?){19})';
// Behind digits that touch: `12.03.2026`.
const TOUCHED = '(?<![0-9][./-]';

/** A pattern that is found wherever digits stand that have to be looked at; every step of it is bounded. */
export function gatePattern({ openings, codeOpening, vanity }: Beginnings): RegExp {
  const isAny = openings === ANY_DIGIT;
  const ways = [openedBy(isAny ? '[0-9]' : digitClass(openings))];
  // Behind the first group of a row: each first group will do where all digits open numbers.
  if (!isAny) ways.push(codedBy(digitClass(codeOpening)), `[0-9]${LOOSE_GAP}${digitClass(openings | codeOpening)}`);
  ways.push(`\\+[ (]{0,2}[0-9]${FIVE_MORE}`);
  if (vanity !== '') ways.push('[0-9][ .-][A-Z][A-Z0-9 -]');
  ways.push(`${UNUSUAL}[ +(]?[0-9]`, `[0-9](?:${SIGN}{0,5}${UNUSUAL}|[${classOf(MIDDLE_DOT_RANGES)}][0-9])`);
  ways.push(DIGITS_BEYOND_ASCII);
  return new RegExp(ways.join('|'));
}

/**
 * A pattern for a whole stretch, from its first digit on, in which no number can begin: dates, amounts, ids. Undefined where
 * any digit may. What reading the stretch would answer is that it is none, and where it ends.
 */
export function skipPattern({ openings, codeOpening, vanity }: Beginnings): RegExp | undefined {
  if (openings === ANY_DIGIT) return undefined;
  const middleDot = `[${classOf(MIDDLE_DOT_RANGES)}]`;
  const foreign = `(?:${UNUSUAL}|${DIGITS_BEYOND_ASCII})`;
  const isFree = `(?<!\\+[ (]{0,2}|${foreign}[+ (]?)`;
  const isOver = `(?!${SIGN}{0,5}(?:[0-9]|${foreign})|${middleDot}[0-9])`;
  const isNoVanity = vanity === '' ? '' : `(?!${vanity})`;
  // With its country's code a number has more digits.
  const isShort = `(?!${FIRST_WITH_CODE})`;
  const run = `${isNoVanity}${digitClass(ANY_DIGIT & ~(openings | codeOpening))}[0-9]*`;
  const others = [
    groupsNotOpenedBy(openings | codeOpening),
    `${isShort}${groupsNotOpenedBy(openings)}`,
    `${IS_GLUED}[0-9]{6,}`,
    `${IS_TOO_LONG}[0-9]+(?:\\.[0-9]+)?`,
  ];
  // One run of digits may stand in front of a word in capitals: `Ticket #100001 Angebot`.
  const ways = `${run}${isOver}|(?:${others.join('|')})${isOver}(?![ .-][A-Z])`;
  return asMachineCode(new RegExp(`${isFree}(?:${ways})`, 'y'));
}

// Digits that are glued to others open nothing. No two ways lead to the same digits.
function groupsNotOpenedBy(bits: number): string {
  const digits = `${digitClass(ANY_DIGIT & ~bits)}[0-9]*`;
  return `${digits}(?:[)./-]{1,5}${digitClass(bits)}[0-9]*|${SIGN}{1,5}${digits}){0,${MOST_GROUPS}}`;
}

// The first group of a row, or one that stands for itself.
function openedBy(digit: string): string {
  return `${digit}(?<![0-9]${digit})${TOUCHED}${digit})${FIVE_MORE}`;
}

function codedBy(digit: string): string {
  return `${digit}(?<![0-9]${digit})${TEN_MORE}`;
}

function digitClass(bits: number): string {
  const digits = Array.from({ length: 10 }, (_, digit) => digit).filter((digit) => ((bits >> digit) & 1) === 1);
  return digits.length === 1 ? digits.join('') : `[${digits.join('')}]`;
}

function classOf(ranges: readonly (readonly [first: number, last: number])[]): string {
  return ranges.map(([first, last]) => `${escaped(first)}-${escaped(last)}`).join('');
}

function escaped(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
