// What stands to the left of digits → what they are: the nearest telling word wins, digits and the ends of sentences stop
// the search. Answers what the words say; whether that makes or unmakes a number is judged elsewhere.
import { codeAt, isDigit, isLetter } from './characters.ts';
import { answerOf, createWalk, numbered, stopped, takeWord, type Walk } from './evidence-words.ts';
import type { Words } from './words.ts';

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
  /** Two such words that look like somebody's name: `Vlad Sample 0766777888`. */
  isAfterName: boolean;
  /** Such a word, cut short or in capitals, alone in its clause: `…, rekv. 20 12 34 56`, `MPK 512-345-678`. */
  isAfterMark: boolean;
  /** Nothing but a space or the dot of an abbreviation lies between the negative word and the digits. */
  isDirect: boolean;
  /** Where the search ended without an answer: at the start of the text, or at the digit in front of this offset. */
  stop: 'start' | 'line' | 'digit' | 'cell' | 'other';
  stopAt: number;
}

/** How many words that say nothing may stand between a label and its digits. */
export const NEAR = 2;

const LABEL_SIGNS = ' :=/\u00a0';
const LIST_SIGNS = ' ,/()-';
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
  isAfterName: false,
  isAfterMark: false,
  isDirect: false,
  stop: 'start',
  stopAt: 0,
};

/** What the words before `offset` of `text` say of the digits there; those before `floor` belong to others. */
export function evidenceBefore(text: string, offset: number, words: () => Words, floor = 0): Evidence {
  const digit = digitDirectlyBefore(text, offset);
  if (digit > 0) return { ...NO_EVIDENCE, stop: 'digit', stopAt: digit };
  const walk = createWalk(text, offset, floor);
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
    return {
      ...answerOf(walk, 'negative'),
      reason: 'number',
      isNumbered: true,
      isApart: walk.isNumberApart,
      distance: 0,
    };
  const said = answerOf(walk, walk.isHinted ? 'hint' : 'none');
  said.stop = walk.stop;
  said.stopAt = walk.at + 1;
  return said;
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
    case 0x3a:
      if (walk.negative) walk.isNegativeApart = true;
      walk.isAfterColon = true;
      return true;
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
