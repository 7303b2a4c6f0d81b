// The first look at a text: where, if anywhere, do digits begin that could be a number? Most texts of a page end here, so
// it looks at every fourth sign only until one could stand in a number, and never at a sign more often than a few times.
import { isDigit, MIDDLE_DOT_RANGES, UNUSUAL_RANGES, ZEROS } from './characters.ts';

/** Which digits are looked at: those that could begin a phone number, or all, where short ones matter, too. */
export type Width = 'numbers' | 'all-digits';

// What a sign may be, as bits: inside a number, at its end, a digit (of any script). Signs beyond ASCII that stand for plain
// ones, or for nothing, are both.
const INSIDE = 1;
const LAST = 2;
const DIGIT = 4;
const FIRST_FOREIGN_DIGIT = 0x660;
const SIGNS: Readonly<Uint8Array> = signTable();

// No number is shorter: `888 F…`.
const STRIDE = 4;
// Six signs of a number, gaps being no longer than five.
const NEAREST_LAST = 5;
const FARTHEST_LAST = 11;

/** The offset of the next digit, of any script, that has to be looked at, at `from` or later; -1 if there is none. */
export function nextDigits(text: string, from: number, width: Width): number {
  return width === 'numbers' ? nextNumber(text, from) : nextDigit(text, from);
}

/** The same for digits that could begin a phone number. */
export function nextNumber(text: string, from: number): number {
  const { length } = text;
  let low = from;
  let at = from;
  while (at < length) {
    if (((SIGNS[text.charCodeAt(at)] ?? 0) & INSIDE) === 0) {
      at += STRIDE;
      continue;
    }
    // Back to where its row begins, then through the row.
    while (at > low && ((SIGNS[text.charCodeAt(at - 1)] ?? 0) & INSIDE) !== 0) at -= 1;
    for (; at < length; at += 1) {
      const sign = SIGNS[text.charCodeAt(at)] ?? 0;
      if ((sign & INSIDE) === 0) break;
      if ((sign & DIGIT) !== 0 && beginsNumber(text, at)) return at;
    }
    low = at + 1;
    at += STRIDE;
  }
  return -1;
}

// Six signs of a number from the digit on, or three digits and a word in capitals.
function beginsNumber(text: string, first: number): boolean {
  const stop = Math.min(text.length, first + FARTHEST_LAST + 1);
  let at = first + 1;
  for (; at < stop; at += 1) {
    const sign = SIGNS[text.charCodeAt(at)] ?? 0;
    if ((sign & INSIDE) === 0) break;
    if ((sign & LAST) !== 0 && at - first >= NEAREST_LAST) return true;
  }
  const length = at - first;
  return length >= 4 && length <= 6 && at < text.length && beginsVanity(text, first, at);
}

// `888 F`, `1888 F`, `1-888 F`: the signs up to the capital.
function beginsVanity(text: string, first: number, capital: number): boolean {
  const code = text.charCodeAt(capital);
  if (code < 0x41 || code > 0x5a || !isVanityGap(text.charCodeAt(capital - 1))) return false;
  if (capital - first === 6 && !isVanityGap(text.charCodeAt(first + 1))) return false;
  const fewest = capital - first === 4 ? 2 : 3;
  for (let at = capital - 2; at > capital - 2 - fewest; at -= 1) if (!isDigit(text.charCodeAt(at))) return false;
  return true;
}

function isVanityGap(code: number): boolean {
  return code === 0x20 || code === 0x2d || code === 0x2e;
}

function nextDigit(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (((SIGNS[text.charCodeAt(at)] ?? 0) & DIGIT) !== 0) return at;
  }
  return -1;
}

function signTable(): Uint8Array {
  const table = new Uint8Array(0x10000);
  for (const char of ' ()./-') table[char.charCodeAt(0)] = INSIDE;
  for (const [first, last] of [...UNUSUAL_RANGES, ...MIDDLE_DOT_RANGES]) {
    table.fill(first < FIRST_FOREIGN_DIGIT ? INSIDE : INSIDE | LAST, first, last + 1);
  }
  for (const zero of [0x30, ...ZEROS]) table.fill(INSIDE | LAST | DIGIT, zero, zero + 10);
  return table;
}
