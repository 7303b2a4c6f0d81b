// Numbers between words that stood around numbers before: `Tel. …` at the start of every other line of a mail, `| Mobil …`
// behind the first number of every signature. What those words say was found out the long way once; only the digits are new.
// It takes only what is labelled, written plainly and valid, and answers what the long way does (a test asks both).
import { type Place, report } from './candidate.ts';
import { CLASS_OF, codeAt, isDigit, isLetter, UNUSUAL } from './characters.ts';
import { type Evidence, evidenceBefore, NEAR } from './evidence.ts';
import { isExtensionAhead } from './extension.ts';
import { refuseRun, rulesOut } from './known-refusal.ts';
import { leftRule, rightRule } from './surroundings.ts';
import { plainEnd, plainNumber } from './whole-number.ts';

/** The words around the numbers that were read last. */
export interface SameWords {
  /** Reports the number whose first digit is at `first`, if all around it is known; answers the offset behind it, or -1. */
  readNumber(place: Place, first: number): number;
  /** What the words in front of `start` say, if they are known. */
  evidenceAt(place: Place, start: number): Evidence | undefined;
  /** Keeps what the words in front of `start` say: those alone, no column and no earlier number. */
  noteBefore(place: Place, start: number, evidence: Evidence): void;
  /** Keeps the words behind a labelled number that was found. */
  noteBehind(place: Place, end: number): void;
}

// Where the words in front begin, or those behind end: there every search for words ends, too.
const EDGE_OF_TEXT = -1;
const NEWLINE = 0x0a;
const ANY_DIGIT = 0x30;
const LAST_DIGIT = 0x39;

interface WordsBefore {
  text: string;
  /** What stands before them. */
  edge: number;
  evidence: Evidence;
  /** Whether a number may stand there, as far as what touches it goes: they name a phone or a fax. */
  isLabel: boolean;
  /** Whether no number can stand there. */
  isRefusal: boolean;
}

interface WordsBehind {
  text: string;
  edge: number;
}

const MOST_KEPT = 6;
// Shorter than what is looked at for evidence.
const LONGEST = 16;
const BRACKET = 0x28;
const SPACE_SIGN = 0x20;
const COLON = 0x3a;
const PLUS = 0x2b;
const ASTERISK = 0x2a;

/** None are known yet. */
export function createSameWords(): SameWords {
  const before: WordsBefore[] = [];
  const behind: WordsBehind[] = [];
  let oldestBefore = 0;
  let oldestBehind = 0;

  function wordsBefore({ text, taken }: Place, start: number): WordsBefore | undefined {
    for (let index = 0; index < before.length; index += 1) {
      const words = before[index];
      if (words === undefined) break;
      const from = start - words.text.length;
      if (from < taken || !text.startsWith(words.text, from)) continue;
      if (words.edge === edgeAt(text, from - 1)) return words;
    }
    return undefined;
  }

  function isSilentBehind(text: string, end: number): boolean {
    if (end >= text.length || text.charCodeAt(end) === NEWLINE) return true;
    for (let index = 0; index < behind.length; index += 1) {
      const words = behind[index];
      if (words === undefined) break;
      if (!text.startsWith(words.text, end)) continue;
      if (words.edge === edgeAt(text, end + words.text.length)) return true;
    }
    return false;
  }

  return {
    readNumber(place, first) {
      const { text } = place;
      const { plan } = place.home;
      if (before.length === 0 || plan === undefined) return -1;
      const left = first > 0 ? text.charCodeAt(first - 1) : 0;
      const start = left === BRACKET || left === PLUS ? first - 1 : first;
      const words = wordsBefore(place, start);
      if (words === undefined) return -1;
      const { evidence } = words;
      if (words.isRefusal && start === first) return refuseRun(place, first, evidence);
      if (!words.isLabel) return -1;
      const end = plainEnd(text, start);
      if (end === 0 || !isSilentBehind(text, end)) return -1;
      const number = plainNumber(text, start, end, plan);
      if (number === '') return -1;
      place.lastEnd = end;
      place.lastEvidence = evidence;
      report(place, { start, end, kind: evidence.kind === 'fax' ? 'fax' : 'phone', number, rule: 'label' });
      return end;
    },
    evidenceAt: (place, start) => wordsBefore(place, start)?.evidence,
    noteBefore(place, start, evidence) {
      const { text } = place;
      const from = edgeBefore(text, start);
      if (from < place.taken || !isUsable(text, from, start)) return;
      // It may be said further up, across a new line.
      const alone = text.slice(Math.max(0, from - 1), start);
      if (evidenceBefore(alone, alone.length, place.words).kind !== evidence.kind) return;
      const edge = edgeAt(text, from - 1);
      const isLabel = evidence.kind !== 'negative' && evidence.distance <= NEAR;
      const isFree = isLabel && leftRule(text, start, { isLabelled: true }) === undefined;
      const isRefusal = rulesOut(evidence) && codeAt(text, start - 1) === SPACE_SIGN;
      before[oldestBefore] = { text: copyOf(text, from, start), edge, evidence, isLabel: isFree, isRefusal };
      oldestBefore = (oldestBefore + 1) % MOST_KEPT;
    },
    noteBehind(place, end) {
      const { text } = place;
      if (isSilentBehind(text, end)) return;
      const stop = edgeBehind(text, end);
      if (stop < 0 || !isSilent(place, end)) return;
      behind[oldestBehind] = { text: copyOf(text, end, stop), edge: edgeAt(text, stop) };
      oldestBehind = (oldestBehind + 1) % MOST_KEPT;
    },
  };
}

// What is cut out of a text keeps the whole of it alive, unless it is put together anew.
function copyOf(text: string, from: number, to: number): string {
  return ` ${text.slice(from, to)}`.slice(1);
}

// All digits are one edge.
function edgeAt(text: string, at: number): number {
  if (at < 0 || at >= text.length) return EDGE_OF_TEXT;
  const code = text.charCodeAt(at);
  return code >= ANY_DIGIT && code <= LAST_DIGIT ? ANY_DIGIT : code;
}

// Where the words before `start` begin; -1 if they are longer than what is kept.
function edgeBefore(text: string, start: number): number {
  let at = start;
  while (at > 0) {
    const code = codeAt(text, at - 1);
    if (code === NEWLINE || isDigit(code)) return at;
    if (start - at >= LONGEST) return -1;
    at -= 1;
  }
  return at;
}

// Where the words behind `end` end.
function edgeBehind(text: string, end: number): number {
  let at = end;
  while (at < text.length) {
    const code = codeAt(text, at);
    if (code === NEWLINE || isDigit(code)) return at;
    if (at - end >= LONGEST) return -1;
    at += 1;
  }
  return at;
}

// Behind a space or a colon only: what else touches digits is a matter of what they are. A plus may belong to them.
function isUsable(text: string, from: number, start: number): boolean {
  const last = codeAt(text, start - 1);
  if (start - from < 2 || (last !== SPACE_SIGN && last !== COLON)) return false;
  for (let at = from; at < start; at += 1) {
    const code = codeAt(text, at);
    if (code === PLUS || CLASS_OF[code] === UNUSUAL) return false;
  }
  return true;
}

// Whether what follows a labelled number is none of its business, whatever digits come then.
function isSilent({ text, words, options }: Place, end: number): boolean {
  let at = end;
  while (at < text.length && !isLetter(codeAt(text, at)) && !isDigit(codeAt(text, at))) {
    if (codeAt(text, at) === ASTERISK || codeAt(text, at) === NEWLINE) return false;
    at += 1;
  }
  if (!isLetter(codeAt(text, at)) || isExtensionAhead(text, end, { words, options })) return false;
  return rightRule(text, end, { words, isCounted: false }) === undefined;
}
