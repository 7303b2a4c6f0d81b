// A row of groups as one candidate: where it begins with its plus or bracket, its digits, and what they mean in the
// agent's country. Reads digits only; words around them and the verdict are elsewhere.
import { codeAt } from './characters.ts';
import type { Evidence } from './evidence.ts';
import type { FindOptions, FoundNumber } from './find.ts';
import { CLOSE, type Groups, MAX_VALUES, OPEN } from './groups.ts';
import type { Digits, NumberingPlan } from './numbering-plan.ts';
import {
  type QuickAnswer,
  type Reading,
  readAbroad,
  readAbroadQuickly,
  readAtHome,
  readAtHomeQuickly,
} from './reading.ts';
import type { SameWords } from './same-words.ts';
import type { Words } from './words.ts';

/** A stretch of the text, and why it is no number. */
export interface Stretch {
  start: number;
  end: number;
  rule: string;
}

/** The text that is read, and how far; one for all texts, one after the other. */
export interface Place {
  text: string;
  options: FindOptions;
  plan: NumberingPlan | undefined;
  home: Home;
  found: FoundNumber[];
  /** Missing where nobody asks. */
  rejected: Stretch[] | undefined;
  readonly groups: Groups;
  /** Room for where a candidate begins, which of the stretch's digits are its own and what they mean. */
  readonly lead: Lead;
  readonly digits: Digits;
  readonly reading: Reading;
  readonly words: () => Words;
  readonly sameWords: SameWords;
  /** Offset behind the last candidate that was judged, and what was known of it: lists share their label. */
  lastEnd: number;
  lastEvidence: Evidence | undefined;
  /** What the words before `evidenceAt` said when they were asked last. */
  evidence: Evidence | undefined;
  evidenceAt: number;
  /** The number in front of which words, and nothing else, said last what it is. */
  toldByWords: number;
  /** Offset behind a label that stood behind its number: `030 … (Fax)`. */
  taken: number;
  /** Where the first line ends, -1 if there is one only; known once somebody asked. */
  firstLineEnd: number | undefined;
  /** What the heads of a table's columns say, as far as somebody asked. */
  heads: Map<number, Evidence | undefined> | undefined;
  /** The columns that have none. */
  headless: Set<number> | undefined;
  /** Why the last candidate was none. */
  lastRule: string;
  /** Whether the groups are written so plainly that every rule of shapes is silent about them all together. */
  isPlain: boolean;
}

/** Reports a number; what it is found behind was reported before. */
export function report(place: Place, number: FoundNumber): void {
  // Room for the one or two that most texts have.
  const { found } = place;
  const only = found.length === 1 ? found[0] : undefined;
  if (found.length === 0) place.found = [number];
  else if (only) place.found = [only, number];
  else found.push(number);
}

/** With how many digits a number is written with its country's code: `+49 …` without the plus, behind a label. */
export const FEWEST_WITH_CODE = 11;

/** What is asked of the agent's country again and again. Digits are bits: bit 3 for the digit 3. */
export interface Home {
  readonly plan: NumberingPlan | undefined;
  /** With which digits a number can begin that has no plus. */
  readonly openings: number;
  /** With which digit the country's code begins. */
  readonly codeOpening: number;
  /** Found wherever digits stand that could begin a number there. */
  readonly gate: RegExp;
  /** Takes a whole stretch in which no number can begin, from its first digit on. */
  readonly skip: () => RegExp | undefined;
}

/** Where a candidate begins. */
export interface Lead {
  /** At its `+` or bracket. */
  start: number;
  /** The same, without a bracket that closes behind the number only. */
  shown: number;
  hasPlus: boolean;
}

const ZERO = 0x30;
const SPACE_SIGN = 0x20;
const PLUS = 0x2b;
const BRACKET = 0x28;

/** Where the candidate begins whose first digits are group `from`. */
export function leadOf({ text, groups, lead }: Place, from: number): Lead {
  let at = groups.starts[from] ?? 0;
  lead.start = at;
  lead.shown = at;
  lead.hasPlus = false;
  if (at === 0) return lead;
  let bracket = -1;
  if (codeAt(text, at - 1) === BRACKET) bracket = --at;
  let plus = at - 1;
  while (plus > 0 && at - plus < 2 && codeAt(text, plus) === SPACE_SIGN) plus -= 1;
  // `030 23125042 + 0171 3920012`: no country's code begins with 0.
  const isAnd = at - plus > 1 && codeAt(text, groups.starts[from] ?? 0) === ZERO;
  const hasPlus = at > 0 && codeAt(text, plus) === PLUS && !isAnd;
  if (hasPlus) {
    at = plus;
    if (at > 0 && codeAt(text, at - 1) === BRACKET) bracket = --at;
  }
  const isOpen = bracket === at && !isClosed(groups, from);
  lead.start = at;
  lead.shown = isOpen ? at + 1 : at;
  lead.hasPlus = hasPlus;
  return lead;
}

function isClosed({ gaps, count }: Groups, from: number): boolean {
  for (let index = from + 1; index < count; index += 1) {
    const gap = gaps[index] ?? 0;
    if ((gap & CLOSE) !== 0) return true;
    if ((gap & OPEN) !== 0) return false;
  }
  return false;
}

/** What the groups mean as they are written. */
export function readingOf(place: Place, from: number, to: number, { hasPlus }: Lead): Reading | undefined {
  const answer = readQuickly(place, from, to, hasPlus);
  if (answer === 'read') return place.reading;
  if (answer === 'nothing') return undefined;
  const digits = digitsOf(place, from, to);
  if (!hasPlus) return place.plan && readAtHome(digits, place.plan);
  const reading = readAbroad(digits);
  const isZeroInBrackets = to - from > 1 && isBracketedZero(place, from + 1);
  if (reading?.isValid || !isZeroInBrackets) return reading;
  // `+45 (0)97 …`: a trunk prefix that the country does not have.
  return readAbroad(digitsOf(place, from, from + 1) + digitsOf(place, from + 2, to));
}

// What the digits mean, as far as no texts have to be made of them.
function readQuickly(place: Place, from: number, to: number, hasPlus: boolean): QuickAnswer {
  const { groups, digits, reading, plan } = place;
  digits.from = from === 0 ? 0 : countDigits(groups, 0, from);
  digits.to = to === groups.count ? groups.digits : digits.from + countDigits(groups, from, to);
  if (digits.to > MAX_VALUES) return 'undecided';
  if (!hasPlus) return plan === undefined ? 'nothing' : readAtHomeQuickly(digits, plan, reading);
  const answer = readAbroadQuickly(digits, reading);
  if (answer === 'read' && reading.isValid) return 'read';
  return to - from > 1 && isBracketedZero(place, from + 1) ? 'undecided' : answer;
}

/** The number that was read, in E.164. */
export function numberOf(
  place: Place,
  { from, to }: { from: number; to: number },
  { number, skipped }: Reading,
): string {
  if (skipped < 0) return number;
  const { starts, ends } = place.groups;
  let written = number;
  let left = from === 0 ? skipped : skipped - countDigits(place.groups, 0, from);
  for (let index = from; index < to; index += 1) {
    const start = starts[index] ?? 0;
    const end = ends[index] ?? 0;
    if (left < end - start) written += place.text.slice(start + left, end);
    left = Math.max(0, left - end + start);
  }
  return written;
}

/** What only a label allows: the country's own code without plus. */
export function readingWithCode({ plan, text, groups }: Place, from: number, to: number): Reading | undefined {
  if (plan === undefined || !couldHaveCode({ plan, text, groups }, from, to)) return undefined;
  const digits = digitsOf({ text, groups }, from, to);
  return digits.startsWith(plan.callingCode) ? readAbroad(digits) : undefined;
}

/** Whether the groups could begin with the country's code: cheap. */
export function couldHaveCode(
  { plan, text, groups }: Pick<Place, 'plan' | 'text' | 'groups'>,
  from: number,
  to: number,
): boolean {
  const first = codeAt(text, groups.starts[from] ?? 0);
  return first === plan?.callingCode.charCodeAt(0) && countDigits(groups, from, to) >= FEWEST_WITH_CODE;
}

/** Digits without area code in the agent's own area. */
export function readingInArea(place: Place, from: number, to: number): Reading | undefined {
  const { plan, options, text, groups } = place;
  if (plan === undefined || options.areaCode === undefined) return undefined;
  if (codeAt(text, groups.starts[from] ?? 0) === ZERO) return undefined;
  return readAtHome(plan.trunkPrefix + options.areaCode.replace(/^0/, '') + digitsOf(place, from, to), plan);
}

function isBracketedZero({ text, groups }: Place, index: number): boolean {
  const { starts, ends, gaps } = groups;
  const start = starts[index] ?? 0;
  const isZero = (ends[index] ?? 0) - start === 1 && codeAt(text, start) === ZERO;
  return isZero && ((gaps[index] ?? 0) & OPEN) !== 0;
}

function digitsOf({ text, groups }: Pick<Place, 'text' | 'groups'>, from: number, to: number): string {
  const { starts, ends } = groups;
  let digits = text.slice(starts[from] ?? 0, ends[from] ?? 0);
  for (let index = from + 1; index < to; index += 1) digits += text.slice(starts[index] ?? 0, ends[index] ?? 0);
  return digits;
}

/** How many digits the groups have. */
export function countDigits({ starts, ends }: Groups, from: number, to: number): number {
  let digits = 0;
  for (let index = from; index < to; index += 1) digits += (ends[index] ?? 0) - (starts[index] ?? 0);
  return digits;
}

/** The lengths of the groups, a digit each, longer ones in brackets: `'334'`, `'1(10)'`. */
export function lengthsOf({ starts, ends }: Groups, from: number, to: number): string {
  let lengths = '';
  for (let index = from; index < to; index += 1) {
    const length = (ends[index] ?? 0) - (starts[index] ?? 0);
    lengths += length > 7 ? `(${length})` : length;
  }
  return lengths;
}

/** Tells who asks why some text is no number. */
export function reject(place: Place, start: number, end: number, rule: string): void {
  place.rejected?.push({ start, end, rule });
}
