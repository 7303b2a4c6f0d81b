// The first look at a text: where, if anywhere, do digits begin that could be a number? Most texts of a page end here, so
// it is one compiled pattern that runs over the characters natively; what it repeats is bounded, so that it is linear.

// Digits of every script: the rows of ten of the basic plane (Unicode 16, general category Nd).
const DIGITS =
  '0-9\\u0660-\\u0669\\u06f0-\\u06f9\\u07c0-\\u07c9\\u0966-\\u096f\\u09e6-\\u09ef\\u0a66-\\u0a6f\\u0ae6-\\u0aef' +
  '\\u0b66-\\u0b6f\\u0be6-\\u0bef\\u0c66-\\u0c6f\\u0ce6-\\u0cef\\u0d66-\\u0d6f\\u0de6-\\u0def\\u0e50-\\u0e59' +
  '\\u0ed0-\\u0ed9\\u0f20-\\u0f29\\u1040-\\u1049\\u1090-\\u1099\\u17e0-\\u17e9\\u1810-\\u1819\\u1946-\\u194f' +
  '\\u19d0-\\u19d9\\u1a80-\\u1a89\\u1a90-\\u1a99\\u1b50-\\u1b59\\u1bb0-\\u1bb9\\u1c40-\\u1c49\\u1c50-\\u1c59' +
  '\\ua620-\\ua629\\ua8d0-\\ua8d9\\ua900-\\ua909\\ua9d0-\\ua9d9\\ua9f0-\\ua9f9\\uaa50-\\uaa59\\uabf0-\\uabf9' +
  '\\uff10-\\uff19';
// Signs inside a number: any sign beyond ASCII may stand for a plain one, or for nothing.
const ANY = '[ ()./0-9\\u0080-\\uffff-]';
const LAST = '[0-9\\u0660-\\uffff]';

// Six signs of a number from the first digit on (gaps are no longer than five), or three digits and a word in capitals.
const CANDIDATE = `[${DIGITS}](?=${ANY}{4,10}${LAST}|(?:[ .-]?\\d{3}|\\d\\d)[ .-][A-Z])`;
// Their place in the text is set before each use.
const NEXT = new RegExp(CANDIDATE, 'g');
const NEXT_DIGIT = new RegExp(`[${DIGITS}]`, 'g');

/** Which digits are looked at: those that could begin a phone number, or all, where short ones matter, too. */
export type Width = 'numbers' | 'all-digits';

/** The offset of the next digit, of any script, that has to be looked at, at `from` or later; -1 if there is none. */
export function nextDigits(text: string, from: number, width: Width): number {
  const pattern = width === 'numbers' ? NEXT : NEXT_DIGIT;
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex - 1 : -1;
}
