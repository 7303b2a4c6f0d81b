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
// `wew. nr 5`
const NUMBER_WORD = /^(?:nr|no|n[°º])[.:]? ?/i;
const NUMBER_BEFORE = /^(?:nr|numer|no|n[°º]|numero|número|nummer)\.? /i;
const LONGEST_WORD = 24;
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
  let at = from;
  let hasBracket = false;
  while (at - from < MAX_SIGNS && at < text.length && ' ,;(-/|·•\x7f'.includes(text.charAt(at))) {
    hasBracket ||= text.charAt(at) === '(';
    at += 1;
  }
  if (at >= text.length || !isLetter(codeAt(text, at))) return undefined;
  // `nr wew. 12`
  at += NUMBER_BEFORE.exec(text.slice(at, at + LONGEST_WORD))?.[0].length ?? 0;
  let end = at;
  while (end < text.length && end - at < LONGEST_WORD && isLetter(codeAt(text, end))) end += 1;
  const word = text.slice(at, end);
  // French "p. 214" (poste) and Austrian "Kl. 12" (Klappe), where a number stands before them; `kl.` is a time in the north.
  const isPoste =
    ((word === 'p' || word === 'w') && text.charAt(end) === '.') ||
    word === 'Kl' ||
    (word === 'kl' && !KL_IS_TIME.has(options.country));
  if (!isPoste && words().labelOf(plainWord(word), '', '')?.kind !== 'extension') return undefined;
  const found = digitsBehind(text, end);
  if (!found) return undefined;
  return hasBracket && text.charAt(found.end) === ')' ? { ...found, end: found.end + 1 } : found;
}

/** The digits behind an extension word that ends at `from`. */
function digitsBehind(text: string, from: number): Extension | undefined {
  let at = from;
  while (at - from < MAX_GAP && at < text.length && ' .:#=-'.includes(text.charAt(at))) at += 1;
  at += NUMBER_WORD.exec(text.slice(at, at + MAX_GAP))?.[0].length ?? 0;
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
