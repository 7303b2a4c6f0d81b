// What stands to the left of digits → what they are: the nearest telling word wins, digits and the ends of sentences stop
// the search. Answers what the words say; whether that makes or unmakes a number is judged elsewhere.
import { codeAt, isDigit, isLetter } from './characters.ts';
import { isNumberCompound, isNumberWord, isPairedWithPhone, wordOf, wordStart } from './label-word.ts';
import type { Word, Words } from './words.ts';

/** What the words in front of some digits say of them. */
export interface Evidence {
  kind: 'phone' | 'fax' | 'extension' | 'hint' | 'negative' | 'none';
  /** What they are instead, for negative evidence. */
  reason: string;
  /** Words between the telling one and the digits that say nothing to us. */
  distance: number;
  /** A word for "number" or a number sign stands with it: "Order no. 4711" instead of "order 4711". */
  isNumbered: boolean;
  /** A comma lies between. */
  isApart: boolean;
  /** A phone word stands before the negative one: "questions about your invoice: 030 …". */
  isTopic: boolean;
  /** "… reach claims at 504 …": a word that leads to a number stands between. */
  isReach: boolean;
  /** The word directly before the digits says nothing to us, and may well be a label: `sess 4155550188`. */
  isAfterUnknown: boolean;
  /** The same, in capitals: `BL 0261915566`. */
  isAfterCode: boolean;
  /** Where the search ended without an answer: at the start of the text, or at the digit in front of this offset. */
  stop: 'start' | 'line' | 'digit' | 'cell' | 'other';
  stopAt: number;
}

const REACH = 44;
const MAX_UNKNOWN = 3;
// A dot behind a longer word ends a sentence; behind a shorter one it may be an abbreviation.
const MAX_ABBREVIATION = 4;
const REACHING = new Set('at on unter au aux al pod på op under via'.split(' '));
const NUMBER: Word = { kind: 'filler', reason: '' };
const NUMBER_SIGNS = '.°º';
const LABEL_SIGNS = ' :=/\u00a0';
const LIST_SIGNS = ' ,/()-';
const CAPITALS = /^[A-Z]{2,4}$/;
const SINGLE: Readonly<Partial<Record<string, Evidence['kind']>>> = {
  t: 'phone',
  m: 'phone',
  p: 'phone',
  f: 'fax',
  x: 'extension',
};
// Office, cell, home, work: only in brackets, `(c) 212 …`.
const BRACKETED: Readonly<Partial<Record<string, Evidence['kind']>>> = { o: 'hint', c: 'hint', h: 'hint', w: 'hint' };
// Directions in call logs look like codes: `IN 963…`.
const DIRECTIONS = new Set('IN OUT FROM TO VON NACH AN DE PARA DA SRC DST CLI ANI'.split(' '));
// ☎ ☏ ✆ ℡, and the second halves of 📞 📱 📲 🕻 🕼 🕾 🕿; ℻ 📠 🖷.
const PHONE_ICONS = new Set([0x260e, 0x260f, 0x2706, 0x2121, 0xdcde, 0xdcf1, 0xdcf2, 0xdd7b, 0xdd7c, 0xdd7e, 0xdd7f]);
const FAX_ICONS = new Set([0x213b, 0xdce0, 0xddb7]);
const FIRST_ICON = 0x2121;

/** Evidence that says nothing. */
export const NO_EVIDENCE: Evidence = {
  kind: 'none',
  reason: '',
  distance: 0,
  isNumbered: false,
  isApart: false,
  isTopic: false,
  isReach: false,
  isAfterUnknown: false,
  isAfterCode: false,
  stop: 'start',
  stopAt: 0,
};

interface Walk {
  text: string;
  /** Next offset to look at, going down. */
  at: number;
  low: number;
  unknown: number;
  isHinted: boolean;
  isNumbered: boolean;
  /** The word for "number" stands directly before the digits. */
  isNumber: boolean;
  isApart: boolean;
  isReach: boolean;
  isAfterUnknown: boolean;
  isAfterCode: boolean;
  hasFiller: boolean;
  /** A sign that no label ends with stands before the digits. */
  isAside: boolean;
  isSentenceEnd: boolean;
  hasNewline: boolean;
  negative: Evidence | undefined;
  stop: Evidence['stop'];
}

/** What the words before `offset` of `text` say of the digits there; those before `floor` belong to others. */
export function evidenceBefore(text: string, offset: number, words: () => Words, floor = 0): Evidence {
  const digit = digitDirectlyBefore(text, offset);
  if (digit > 0) return { ...NO_EVIDENCE, stop: 'digit', stopAt: digit };
  const walk: Walk = {
    text,
    at: offset - 1,
    low: Math.max(floor, offset - REACH),
    unknown: 0,
    isHinted: false,
    isNumbered: false,
    isNumber: false,
    isApart: false,
    isReach: false,
    isAfterUnknown: false,
    isAfterCode: false,
    hasFiller: false,
    isAside: false,
    isSentenceEnd: false,
    hasNewline: false,
    negative: undefined,
    stop: floor === 0 && offset <= REACH ? 'start' : 'other',
  };
  while (walk.at >= walk.low) {
    const code = codeAt(text, walk.at);
    if (isLetter(code)) {
      const answer = takeWord(walk, words());
      if (answer) return answer;
    } else if (code >= FIRST_ICON && iconKind(code) !== undefined) {
      return walk.negative ?? answerOf(walk, iconKind(code) ?? 'none');
    } else if (!passes(walk, code)) {
      break;
    }
  }
  if (walk.negative) return walk.negative;
  // "Recurso nº 955 …": a number of something that we do not know. "Nr. 955 …" alone may be anything.
  if (
    walk.isNumber &&
    !walk.isHinted &&
    (walk.unknown > 0 || (walk.stop !== 'start' && walk.stop !== 'line') || walk.isApart)
  )
    return { ...answerOf(walk, 'negative'), reason: 'number', isNumbered: true, distance: 0 };
  const kind = walk.isHinted ? 'hint' : 'none';
  return { ...answerOf(walk, kind), stop: walk.stop, stopAt: walk.at + 1 };
}

function iconKind(code: number): Evidence['kind'] | undefined {
  if (PHONE_ICONS.has(code)) return 'phone';
  return FAX_ICONS.has(code) ? 'fax' : undefined;
}

// The offset behind the digit that only separators divide from `offset`, or 0: most numbers of a list stop there.
function digitDirectlyBefore(text: string, offset: number): number {
  let at = offset - 1;
  while (at >= 0 && offset - at < 6 && LIST_SIGNS.includes(text.charAt(at))) at -= 1;
  return at >= 0 && isDigit(text.charCodeAt(at)) ? at + 1 : 0;
}

// Steps over one sign; false where it ends the search.
function passes(walk: Walk, code: number): boolean {
  walk.at -= 1;
  switch (code) {
    case 0x0a: {
      const hasWords = walk.unknown > 0 || walk.hasFiller || walk.isNumbered || walk.isHinted;
      const isEnd = walk.hasNewline || hasWords || walk.negative !== undefined;
      walk.hasNewline = true;
      if (isEnd) stopped(walk, walk.unknown > 0 ? 'other' : 'line');
      return !isEnd;
    }
    case 0x2e: {
      const next = codeAt(walk.text, walk.at + 2);
      if (next === 0x20 || next === 0x0a) walk.isSentenceEnd = true;
      return true;
    }
    case 0x09:
      return !stopped(walk, 'cell');
    case 0x2c:
      walk.isApart = true;
      return true;
    case 0x23:
    case 0x2116:
      numbered(walk);
      return true;
    case 0x21:
    case 0x3b:
    case 0x3f:
    case 0x7c:
    case 0x7f:
    case 0xb7:
    case 0x2022:
      return !stopped(walk, isFirst(walk) ? 'start' : 'other');
    default:
      // `"JANE SAMPLE" <415…>`: a sign divides the word from the digits.
      if (!isDigit(code)) {
        if (!LABEL_SIGNS.includes(String.fromCharCode(code))) walk.isAside = true;
        return true;
      }
      walk.at += 1;
      return !stopped(walk, 'digit');
  }
}

// A bullet, with nothing before it.
function isFirst({ text, at, low, stop }: Walk): boolean {
  let before = at;
  while (before >= low && codeAt(text, before) === 0x20) before -= 1;
  return before < 0 && stop === 'start';
}

function numbered(walk: Walk): void {
  walk.isNumbered = true;
  // "Nr ewidencyjny: 512 …", but "the no. of the plumber: 728 …".
  const isOfUnknown = walk.unknown > 0 && walk.unknown <= 2 && walk.isAfterUnknown && !walk.hasFiller;
  if ((walk.unknown === 0 || isOfUnknown) && !walk.isHinted) walk.isNumber = true;
}

function stopped(walk: Walk, stop: Evidence['stop']): true {
  walk.stop = stop;
  return true;
}

// Takes the word that ends at `walk.at`; an answer ends the search.
function takeWord(walk: Walk, words: Words): Evidence | undefined {
  const { text } = walk;
  const end = walk.at + 1;
  const start = wordStart(text, end, walk.low);
  walk.at = start - 1;
  if (start > 0 && isDigit(codeAt(text, start - 1))) {
    // `NRE 0300A 0212345678`
    if (walk.unknown === 0 && !walk.hasFiller) walk.isAfterCode = true;
    walk.low = walk.at + 1;
    stopped(walk, 'other');
    return undefined;
  }
  const token = text.slice(start, end);
  if (token.length === 1) return takeLetter(walk, token, codeAt(text, end));
  const word = isNumberWord(text, token, start) ? NUMBER : wordOf(text, start, token, words);
  if (!word) return takeUnknown(walk, token);
  // "… for your order. 030 23125042": the sentence with the order is over; not after "Kundenr.".
  const isLong =
    token.length > MAX_ABBREVIATION && word.kind !== 'phone' && word.kind !== 'fax' && word.kind !== 'extension';
  if (walk.isSentenceEnd && isLong && !isNumberCompound(token)) {
    // `Expte. 915671234`: directly before digits it may be an abbreviation all the same.
    if (word.kind !== 'negative' || walk.unknown > 0 || walk.hasFiller) return stopHere(walk);
    walk.isApart = true;
  }
  walk.isSentenceEnd = false;
  return takeLabel(walk, word, { token, start, words });
}

function stopHere(walk: Walk): undefined {
  walk.low = walk.at + 1;
  stopped(walk, 'other');
  return undefined;
}

function takeUnknown(walk: Walk, token: string): undefined {
  if (walk.isSentenceEnd && token.length > MAX_ABBREVIATION) return stopHere(walk);
  walk.isSentenceEnd = false;
  if (
    walk.unknown === 0 &&
    !walk.hasFiller &&
    !walk.isHinted &&
    !walk.negative &&
    !walk.isApart &&
    !walk.isAside &&
    !walk.hasNewline
  ) {
    walk.isAfterUnknown = true;
    walk.isAfterCode = CAPITALS.test(token) && !DIRECTIONS.has(token);
  }
  walk.unknown += 1;
  if (walk.unknown > MAX_UNKNOWN) return stopHere(walk);
  return undefined;
}

// One letter counts only with a dot or colon, or as a capital directly before the digits: `F 0512 …`, `t: 0512 …`.
function takeLetter(walk: Walk, letter: string, next: number): Evidence | undefined {
  const lower = letter.toLowerCase();
  const sign = String.fromCharCode(next);
  const isMarked = next === 0x2e || next === 0x3a;
  // Also the small f that follows a small p: `p (402) …  f (402) …`.
  const isDirect =
    (next === 0x20 || (lower === 'x' && isDigit(next))) &&
    (letter !== lower || lower === 'f' || lower === 'x') &&
    walk.unknown === 0 &&
    !walk.isHinted &&
    !walk.isNumbered;
  walk.isSentenceEnd = false;
  if ((lower === 'n' && NUMBER_SIGNS.includes(sign)) || lower === 'č') {
    numbered(walk);
    return undefined;
  }
  // `Parent (F): …` is a person.
  const isBracketed = next === 0x29 && codeAt(walk.text, walk.at) === 0x28 && !isLetter(codeAt(walk.text, walk.at - 2));
  const kind = SINGLE[lower] ?? (isBracketed ? BRACKETED[lower] : undefined);
  if (kind === undefined || !(isMarked || isDirect || isBracketed)) {
    // `O: 615-…`: a label that we do not know.
    if (isMarked) walk.unknown += 1;
    return undefined;
  }
  return answerOf(walk, kind === 'phone' && !isMarked && !isBracketed ? 'hint' : kind);
}

function takeLabel(
  walk: Walk,
  word: Word,
  { token, start, words }: { token: string; start: number; words: Words },
): Evidence | undefined {
  switch (word.kind) {
    case 'filler':
      if (isNumberWord(walk.text, token, start)) numbered(walk);
      if (walk.unknown === 0 && REACHING.has(token.toLowerCase())) walk.isReach = true;
      if (isCode(walk, token, start)) walk.isAfterCode = true;
      walk.hasFiller = true;
      return undefined;
    case 'hint':
      if (walk.negative) return topicOf(walk);
      walk.isHinted = true;
      return undefined;
    case 'negative':
      if (walk.isHinted) return answerOf(walk, 'hint');
      walk.negative ??= { ...answerOf(walk, 'negative'), reason: word.reason };
      if (isNumberCompound(token) || (word.reason !== 'amount' && /^[A-Z]{2,}$/.test(token)))
        walk.negative = { ...walk.negative, isNumbered: true };
      return undefined;
    case 'fax':
      if (walk.negative) return walk.negative;
      return answerOf(walk, isPairedWithPhone(walk.text, start, words) ? 'phone' : 'fax');
    default:
      return walk.negative ? topicOf(walk) : answerOf(walk, word.kind);
  }
}

function topicOf({ negative }: Walk): Evidence | undefined {
  return negative && { ...negative, isTopic: true };
}

function answerOf(walk: Walk, kind: Evidence['kind']): Evidence {
  const { unknown: distance, isNumbered, isApart, isReach, isAfterUnknown, isAfterCode } = walk;
  return { ...NO_EVIDENCE, kind, distance, isNumbered, isApart, isReach, isAfterUnknown, isAfterCode, stop: 'other' };
}

// `AT: 213456789`: capitals that are a word in another language only.
function isCode({ text, unknown, hasFiller }: Walk, token: string, start: number): boolean {
  return (
    unknown === 0 &&
    !hasFiller &&
    CAPITALS.test(token) &&
    !DIRECTIONS.has(token) &&
    text.charAt(start + token.length) !== '.'
  );
}
