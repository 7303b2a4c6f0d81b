// The extension behind a number: `ext. 12`, `x12`, `Durchwahl 18`, `poste 245`. A comma or semicolon alone never starts
// one: `212-555-0100, 303-555-0187` are two numbers.
import type { Place } from './candidate.ts';
import { codeAt, isDigit, isLetter } from './characters.ts';
import { plainWord } from './spelling.ts';

const MAX_DIGITS = 7;
// From the number to the word: ` (`, `, `, ` - `.
const MAX_SIGNS = 3;
// From the word to the digits: `.: `, `.-Nr. `
const MAX_GAP = 5;
const SIGNS = ' .:：#-';
const LONGEST_NUMBER_WORD = 9;
// `wew. nr 5`
const NUMBER_WORD = /^(?:number|nummer|numero|nr|no|n[.]?[°º]?|č)[.:]? ?/i;
const NUMBER_BEFORE =
  /^(?:nr|số máy|máy|numer|no|n[°º]?|numero|número|numéro|nummer|tel|internal|interne|vnitřní|ligne|poste)\.? (?=\p{L})/iu;
// With what those begin: most words are told by it.
const NUMBER_BEGINNINGS = new Set(
  'n nº nr số máy numer no numero número numéro nummer tel internal interne vnitřní ligne poste'.split(' '),
);
const CASE_ENDING = /^-\p{L}{2}(?= )/u;
const LONGEST_WORD = 24;
// `112 mellék`, but not `2 x`, `3 app`.
const MAX_IN_FRONT = 5;
const SHORTEST_BEHIND = 5;
const KL_IS_TIME = new Set(['DK', 'SE', 'NO', 'FI', 'IS', 'GL', 'FO']);

/** The digits of an extension and the offset behind it, with the bracket that closes behind it. */
export interface Extension {
  digits: string;
  start: number;
  end: number;
}

/** The extension that begins right behind `from`, or undefined. */
export function extensionBehind(
  text: string,
  from: number,
  { words, options }: Pick<Place, 'words' | 'options'>,
): Extension | undefined {
  const at = behindSigns(text, from);
  if (at < text.length && at > from && isDigit(codeAt(text, at))) return extensionInFront(text, at, words);
  if (at >= text.length || !isLetter(codeAt(text, at))) return undefined;
  // RFC 3966: `;ext=6620`; but `poste=412` in a log is a field of its own.
  const signs = text.charAt(from) === ';' ? `${SIGNS}=` : SIGNS;
  const isWord = isExtensionWord(words, options.country);
  // `nr wew. 12`
  let found = wordAndDigits(text, at, { signs, isWord });
  const skipped = found ? 0 : numberWordLength(text, at);
  if (skipped > 0) found = wordAndDigits(text, at + skipped, { signs, isWord });
  if (!found) return undefined;
  const hasBracket = text.slice(from, at).includes('(');
  return hasBracket && text.charAt(found.end) === ')' ? { ...found, end: found.end + 1 } : found;
}

/** Whether words for an extension, of any country, stand right behind `from`, whatever digits follow them. */
export function isExtensionAhead(
  text: string,
  from: number,
  { words, options }: Pick<Place, 'words' | 'options'>,
): boolean {
  const at = behindSigns(text, from);
  const end = lettersEnd(text, at);
  const word = text.slice(at, end);
  const isWord = isExtensionWord(words, options.country);
  return word === 'kl' || isWord(word, text.charAt(end)) || numberWordLength(text, at) > 0;
}

function behindSigns(text: string, from: number): number {
  let at = from;
  while (at - from < MAX_SIGNS && at < text.length && ' ,;(-/|·•\x7f'.includes(text.charAt(at))) at += 1;
  return at;
}

function lettersEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && end - start < LONGEST_WORD && isLetter(codeAt(text, end))) end += 1;
  return end;
}

// How long the word for "number" is that begins at `at`, with the space behind it.
function numberWordLength(text: string, at: number): number {
  const word = text.slice(at, lettersEnd(text, at)).toLowerCase();
  if (!NUMBER_BEGINNINGS.has(word)) return 0;
  return NUMBER_BEFORE.exec(text.slice(at, at + LONGEST_WORD))?.[0].length ?? 0;
}

// French "p. 214" (poste) and Austrian "Kl. 12" (Klappe), where a number stands before them; `kl.` is a time in the north.
function isExtensionWord(words: Place['words'], country: string): (word: string, next: string) => boolean {
  return (word, next) =>
    ((word === 'p' || word === 'w') && next === '.') ||
    word === 'Kl' ||
    (word === 'kl' && !KL_IS_TIME.has(country)) ||
    words().labelOf(plainWord(word), '', '')?.kind === 'extension';
}

function wordAndDigits(
  text: string,
  start: number,
  { signs, isWord }: { signs: string; isWord: (word: string, next: string) => boolean },
): Extension | undefined {
  const end = lettersEnd(text, start);
  return isWord(text.slice(start, end), text.charAt(end)) ? digitsBehind(text, end, signs) : undefined;
}

// `/ 112 mellék`: Hungarian puts the word behind.
function extensionInFront(text: string, start: number, words: Place['words']): Extension | undefined {
  let at = start;
  while (at < text.length && isDigit(codeAt(text, at)) && at - start <= MAX_IN_FRONT) at += 1;
  if (at - start > MAX_IN_FRONT) return undefined;
  const digits = text.slice(start, at);
  // `218-as mellék`
  at += CASE_ENDING.exec(text.slice(at, at + MAX_GAP))?.[0].length ?? 0;
  if (codeAt(text, at) !== 0x20) return undefined;
  let end = at + 1;
  while (end < text.length && end - at < LONGEST_WORD && isLetter(codeAt(text, end))) end += 1;
  const isWord =
    end - at > SHORTEST_BEHIND && words().labelOf(plainWord(text.slice(at + 1, end)), '', '')?.kind === 'extension';
  return isWord && !hasDigitsNext(text, end) ? { digits, start, end } : undefined;
}

// `… 112 ext 5`: the word belongs to what follows.
function hasDigitsNext(text: string, end: number): boolean {
  let at = end;
  while (at - end < MAX_GAP && at < text.length && ' .:'.includes(text.charAt(at))) at += 1;
  return isDigit(codeAt(text, at));
}

/** The digits behind an extension word that ends at `from`. */
function digitsBehind(text: string, from: number, signs: string): Extension | undefined {
  let at = from;
  while (at - from < MAX_GAP && at < text.length && signs.includes(text.charAt(at))) at += 1;
  at += NUMBER_WORD.exec(text.slice(at, at + LONGEST_NUMBER_WORD))?.[0].length ?? 0;
  const start = at;
  while (at < text.length && isDigit(codeAt(text, at))) at += 1;
  const isGood = at > start && at - start <= MAX_DIGITS && !goesOn(text, at);
  return isGood ? { digits: text.slice(start, at), start, end: at } : undefined;
}

// `x12abc`, `DW 18:30`, `ext 5.5`
function goesOn(text: string, end: number): boolean {
  const code = codeAt(text, end);
  if (isLetter(code)) return true;
  return '.:,%-'.includes(text.charAt(end)) && isDigit(codeAt(text, end + 1));
}
