// One word in front of digits after the other, from the right: what each adds to what is known of the digits, and which one
// ends the search. Knows words and single letters; the signs between them are evidence.ts.
import { codeAt, isDigit, isLetter } from './characters.ts';
import type { Evidence } from './evidence.ts';
import { isNumberCompound, isNumberNoun, isNumberWord, isPairedWithPhone, wordOf, wordStart } from './label-word.ts';
import type { Word, Words } from './words.ts';

const REACH = 44;
const MAX_UNKNOWN = 3;
// A dot behind a longer word ends a sentence; behind a shorter one it may be an abbreviation.
const MAX_ABBREVIATION = 4;
const REACHING = new Set('at on unter au aux al pod på op under via'.split(' '));
const NUMBER: Word = { kind: 'filler', reason: '' };
const NUMBER_SIGNS = '.°º';
const CAPITALS = /^[A-Z]{2,4}$/;
const POSSESSIVES = new Set(
  'my our his her their mein meine unsere mon ma notre son sa mio mia suo sua mi su nuestro mijn onze mój moja min mit meu minha můj'.split(
    ' ',
  ),
);
const OF = new Set(
  'of for about do da de del della di du des von der zur zum zu van voor til för av om pour para per dla'.split(' '),
);
const COPULAS = new Set('is was ist war est è era es é foi jest är var er lautet lautete'.split(' '));
const TITLES = new Set(
  'pan pani pana panią dhr mw mevr mevrouw meneer fru hr sig sigra signora m sra sr sn'.split(' '),
);
const DOT = 0x2e;
const CLAUSE_SIGNS = ',;:|(/\n\x7f.!?';
const NAME = /^\p{Lu}[\p{Ll}'’-]+$/u;
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
const DIRECTIONS = new Set(
  'IN OUT FROM TO VON NACH AN DE PARA DA SRC DST CLI ANI IND UD INN UT EIN AUS ING ANK AVG ENT SAL ENTR USC INC INK UIT IK OG'.split(
    ' ',
  ),
);

/** The way to the left, and what is known so far. */
export interface Walk {
  text: string;
  /** Next offset to look at, going down. */
  at: number;
  low: number;
  unknown: number;
  isHinted: boolean;
  isNumbered: boolean;
  /** The word for "number" stands directly before the digits. */
  isNumber: boolean;
  /** A comma lies between that word and the digits. */
  isNumberApart: boolean;
  isApart: boolean;
  isReach: boolean;
  isAfterUnknown: boolean;
  isAfterCode: boolean;
  isAfterName: boolean;
  isAfterMark: boolean;
  hasFiller: boolean;
  /** A sign that no label ends with stands before the digits. */
  isAside: boolean;
  isSentenceEnd: boolean;
  hasNewline: boolean;
  negative: Evidence | undefined;
  /** The negative word is the last one that was taken. */
  isNextToNegative: boolean;
  /** A colon stands before the negative word: what comes before it is about something else. */
  isNegativeApart: boolean;
  /** "… is": the number itself follows, whatever it is the number of. */
  isSaid: boolean;
  /** A word for "of" stands in front of the negative one: `contact of the pupil`. */
  isOfSomebody: boolean;
  isAfterColon: boolean;
  stop: Evidence['stop'];
}

/** The beginning of the way, at `offset`; words before `floor` belong to others. */
export function createWalk(text: string, offset: number, floor: number): Walk {
  return {
    text,
    at: offset - 1,
    low: Math.max(floor, offset - REACH),
    unknown: 0,
    isHinted: false,
    isNumbered: false,
    isNumber: false,
    isNumberApart: false,
    isApart: false,
    isReach: false,
    isAfterUnknown: false,
    isAfterCode: false,
    isAfterName: false,
    isAfterMark: false,
    hasFiller: false,
    isAside: false,
    isSentenceEnd: false,
    hasNewline: false,
    negative: undefined,
    isNextToNegative: false,
    isNegativeApart: false,
    isSaid: false,
    isOfSomebody: false,
    isAfterColon: false,
    stop: floor === 0 && offset <= REACH ? 'start' : 'other',
  };
}

/** Takes the word that ends at `walk.at`; an answer ends the search. */
export function takeWord(walk: Walk, words: Words): Evidence | undefined {
  const { text } = walk;
  const end = walk.at + 1;
  const start = wordStart(text, end, walk.low);
  walk.at = start - 1;
  if (start > 0 && isDigit(codeAt(text, start - 1))) {
    // `NRE 0300A 0212345678`
    if (walk.unknown === 0 && !walk.hasFiller && codeAt(text, end) === 0x20) walk.isAfterCode = true;
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
    token.length > MAX_ABBREVIATION &&
    !token.includes('.') &&
    word.kind !== 'phone' &&
    word.kind !== 'fax' &&
    word.kind !== 'extension';
  if (walk.isSentenceEnd && isLong && !isNumberCompound(token)) {
    // `Expte. 915671234`: directly before digits it may be an abbreviation all the same.
    if (word.kind !== 'negative' || walk.unknown > 0 || walk.hasFiller) return stopHere(walk);
    walk.isApart = !isClauseStart(walk);
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
  // `Tony's # 312 …`
  if (walk.isNumber && walk.unknown === 0 && /['’]s$/.test(token)) walk.isHinted = true;
  walk.isNextToNegative = false;
  const isDotted = walk.isSentenceEnd;
  if (isDotted && token.length > MAX_ABBREVIATION) return stopHere(walk);
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
    walk.isAfterName = NAME.test(token) && isNameBefore(walk);
    walk.isAfterMark = (isDotted || walk.isAfterCode) && isClauseStart(walk);
  }
  walk.unknown += 1;
  if (walk.unknown > MAX_UNKNOWN) return stopHere(walk);
  return undefined;
}

// At the start of the text or behind a sign that divides: `;`, `|`, `(`, a new line.
function isClauseStart({ text, at }: Walk): boolean {
  let before = at;
  while (before > 0 && codeAt(text, before) === 0x20) before -= 1;
  return before <= 0 || CLAUSE_SIGNS.includes(text.charAt(before));
}

// `Vlad ` in front of `Sample`, `pani ` in front of `Przykładowa`.
function isNameBefore({ text, at }: Walk): boolean {
  if (codeAt(text, at) !== 0x20) return false;
  const end = codeAt(text, at - 1) === DOT ? at - 1 : at;
  const word = text.slice(wordStart(text, end, Math.max(0, at - REACH)), end);
  return NAME.test(word) || TITLES.has(word);
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
      else if (isNumberNoun(token)) {
        walk.isNumbered = true;
        numberNegative(walk);
      }
      // `my # is 212 …`
      if (walk.isNumber && POSSESSIVES.has(token.toLowerCase())) walk.isHinted = true;
      if (walk.unknown === 0 && REACHING.has(token.toLowerCase())) walk.isReach = true;
      if (isCode(walk, token, start)) {
        walk.isAfterCode = true;
        walk.isAfterMark = isClauseStart(walk);
        // `OR n° 04 65 …`
        if (walk.isNumber) walk.unknown += 1;
      }
      if (!walk.isNumbered && COPULAS.has(token)) walk.isSaid = true;
      walk.hasFiller = true;
      if (walk.negative && OF.has(token.toLowerCase())) walk.isOfSomebody = true;
      return undefined;
    case 'hint':
      if (walk.negative) return topicOf(walk, walk.negative.isDirect && !walk.isOfSomebody);
      walk.isHinted = true;
      return undefined;
    case 'negative':
      if (walk.isHinted) return answerOf(walk, 'hint');
      numberNegative(walk);
      walk.isNextToNegative = walk.negative === undefined;
      if (walk.isNumber && walk.negative === undefined) walk.unknown = 0;
      walk.negative ??= { ...answerOf(walk, 'negative'), reason: word.reason, isDirect: isDirect(walk) };
      if (isNumberCompound(token) || (word.reason !== 'amount' && /^[A-Z]{2,}$/.test(token)))
        walk.negative = { ...walk.negative, isNumbered: true };
      return undefined;
    case 'fax':
      if (walk.negative) return walk.negative;
      return answerOf(walk, isPairedWithPhone(walk.text, start, words) ? 'phone' : 'fax');
    default:
      return walk.negative ? topicOf(walk, false) : answerOf(walk, word.kind);
  }
}

function isDirect({ unknown, hasFiller, isAside, isApart, hasNewline, isAfterColon }: Walk): boolean {
  return unknown === 0 && !(hasFiller || isAside || isApart || hasNewline || isAfterColon);
}

function topicOf({ negative, isNegativeApart }: Walk, isOther: boolean): Evidence | undefined {
  return negative && { ...negative, isTopic: !(isNegativeApart || isOther) };
}

/** The answer that the words so far give. */
export function answerOf(walk: Walk, kind: Evidence['kind']): Evidence {
  // Written out: objects that are put together from others are slow to make, and each number asks.
  return {
    kind,
    reason: '',
    distance: walk.unknown,
    isNumbered: walk.isNumbered,
    isApart: walk.isApart,
    isTopic: false,
    isReach: walk.isReach,
    isAfterUnknown: walk.isAfterUnknown,
    isAfterCode: walk.isAfterCode,
    isAfterName: walk.isAfterName,
    isAfterMark: walk.isAfterMark,
    isDirect: false,
    stop: 'other',
    stopAt: 0,
  };
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

/** Notes a sign or a word for "number". */
export function numbered(walk: Walk): void {
  walk.isNumbered = true;
  numberNegative(walk);
  // "Nr ewidencyjny: 512 …", but "the no. of the plumber: 728 …".
  if (walk.isSaid && walk.unknown === 0 && !walk.negative) walk.isHinted = true;
  const isOfUnknown = walk.unknown > 0 && walk.unknown <= 2 && walk.isAfterUnknown && !walk.hasFiller;
  if ((walk.unknown > 0 && !isOfUnknown) || walk.isHinted) return;
  if (!walk.isNumber) walk.isNumberApart = walk.isApart;
  walk.isNumber = true;
}

// `N° client`, `código de socio`: the number of it, not a person.
function numberNegative(walk: Walk): void {
  const { negative, isNextToNegative } = walk;
  if (negative && isNextToNegative) walk.negative = { ...negative, isNumbered: true };
}

/** Ends the search without an answer. */
export function stopped(walk: Walk, stop: Evidence['stop']): true {
  walk.stop = stop;
  return true;
}
