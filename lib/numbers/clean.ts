// Text as pages write it → text as the rules read it: invisible characters gone, digits of every script and odd spaces
// and dashes plain, with the way back to the original offsets. Never changes what a visible character means.

/** `offsets[i]` is where character `i` of `text` stands in the original; one more entry marks the end. */
export interface CleanText {
  text: string;
  originalOffset(cleanOffset: number): number;
}

// Zero-width and bidi characters, soft hyphen, word joiner, byte order mark, variation selectors.
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\ufe00-\ufe0f]/;
const UNUSUAL = /[^\n\x20-\x7e]/;
const SPACE = /[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]/;
const DASH = /[\u2010-\u2015\u2212\uff0d\u30fc\ufe58\ufe63]/;
const DIGIT = /\p{Nd}/u;

/** Cleans `text`; plain ASCII comes back as it is, at the cost of one test. */
export function cleanText(text: string): CleanText {
  if (!UNUSUAL.test(text)) return { text, originalOffset: (offset) => offset };
  const out: string[] = [];
  const offsets: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (INVISIBLE.test(char)) continue;
    out.push(plainCharacter(char));
    offsets.push(index);
  }
  offsets.push(text.length);
  return { text: out.join(''), originalOffset: (offset) => offsets[offset] ?? text.length };
}

function plainCharacter(char: string): string {
  if (char <= '\x7e') return char === '\t' ? ' ' : char;
  if (SPACE.test(char)) return ' ';
  if (DASH.test(char)) return '-';
  if (DIGIT.test(char)) return asciiDigit(char);
  if (char >= '\uff01' && char <= '\uff5e') return String.fromCharCode(char.charCodeAt(0) - 0xfee0);
  return char === '\u2044' || char === '\u2215' ? '/' : char;
}

// Decimal digits of a script stand in rows of ten that begin at a code unit whose predecessor is no digit.
function asciiDigit(char: string): string {
  let value = 0;
  while (value < 9 && DIGIT.test(String.fromCharCode(char.charCodeAt(0) - value - 1))) value += 1;
  return String(value);
}
