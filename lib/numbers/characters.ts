// What a character is to the scanner, by one table look-up per code unit, and how texts with unusual characters become
// plain ones: invisible characters gone, digits of every script and odd spaces and dashes plain, with the way back to the
// original offsets. Never changes what a visible character means.

// Classes of `CLASS_OF`; 0 is everything else.
const DIGIT = 1;
// Stands between the digits of a number: space `(` `)` `-` `.` `/`.
const SEPARATOR = 2;
/** Has to be made plain before the text is read. */
export const UNUSUAL = 3;
/** A dot where it stands between two digits, a sign of its own elsewhere. */
export const MIDDLE_DOT = 4;

/** The zeros of the scripts whose ten digits stand in one row of the basic plane (Unicode 16, general category Nd). */
export const ZEROS: readonly number[] = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
  0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
  0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];
// Zero-width and bidi characters, soft hyphen, word joiner, byte order mark, variation selectors.
const INVISIBLE = ranges('ad 34f 61c 180e 200b-200f 202a-202e 2060-2069 fe00-fe0f feff');
const SPACES = ranges('a0 1680 2000-200a 202f 205f 3000');
const DASHES = ranges('2010-2015 2212 fe58 fe63 ff0d');
const SLASHES = ranges('2044 2215');
// Between two digits a dot, elsewhere a sign of its own.
const MIDDLE_DOTS = ranges('b7 2022 2027 2219 22c5');

// `0120ー123`: between two digits a dash, elsewhere a part of a Japanese word.
const LONG_SOUND = 0x30fc;
const FIRST_BEYOND_ASCII = 0x80;

const BULLET = 0x7f;
const DASH = 0x2d;
const DOT = 0x2e;

/** The code units beyond ASCII that stand for plain signs of a number, or for nothing, wherever they stand; without digits. */
export const UNUSUAL_RANGES: readonly (readonly [first: number, last: number])[] = [
  ...[INVISIBLE, SPACES, DASHES, SLASHES].flat(),
  // Full-width forms of ASCII.
  [0xff01, 0xff5e],
];
/** Those that stand for a dot or a dash between digits only. */
export const MIDDLE_DOT_RANGES: readonly (readonly [first: number, last: number])[] = [
  ...MIDDLE_DOTS,
  [LONG_SOUND, LONG_SOUND],
];

/** Class of each code unit. */
export const CLASS_OF: Readonly<Uint8Array> = classTable();

// The plain code of each unusual code unit; 0 for those that are not seen.
const PLAIN_OF: Readonly<Uint8Array> = plainTable();

function ranges(list: string): [first: number, last: number][] {
  return list.split(' ').map((item) => {
    const [first = '', last = first] = item.split('-');
    return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
  });
}

function classTable(): Uint8Array {
  const table = new Uint8Array(0x10000);
  table.fill(DIGIT, 0x30, 0x3a);
  for (const char of ' ()-./') table[char.charCodeAt(0)] = SEPARATOR;
  for (const [first, last] of [...INVISIBLE, ...SPACES, ...DASHES, ...SLASHES]) table.fill(UNUSUAL, first, last + 1);
  table[LONG_SOUND] = MIDDLE_DOT;
  for (const [first, last] of MIDDLE_DOTS) table.fill(MIDDLE_DOT, first, last + 1);
  for (const zero of ZEROS) table.fill(UNUSUAL, zero, zero + 10);
  // Full-width forms of ASCII.
  table.fill(UNUSUAL, 0xff01, 0xff5f);
  return table;
}

function plainTable(): Uint8Array {
  const table = new Uint8Array(0x10000);
  for (const [first, last] of SPACES) table.fill(0x20, first, last + 1);
  for (const [first, last] of DASHES) table.fill(0x2d, first, last + 1);
  for (const [first, last] of SLASHES) table.fill(0x2f, first, last + 1);
  for (let code = 0xff01; code < 0xff5f; code += 1) table[code] = code - 0xfee0;
  for (const zero of ZEROS) for (let value = 0; value < 10; value += 1) table[zero + value] = 0x30 + value;
  return table;
}

/** Plain text, and where its characters stand in the text that it was made of. */
export interface PlainText {
  text: string;
  originalOffset(offset: number): number;
}

/** Makes `text` plain. */
export function plainText(text: string): PlainText {
  const { plain, gaps } = plainAscii(text) ?? plainCodes(text);
  return { text: plain, originalOffset: (offset) => offset + countUpTo(gaps, offset) };
}

interface Plain {
  plain: string;
  /** Where, in the plain text, an invisible character was left out: ascending. */
  gaps: Uint32Array;
}

const NO_GAPS = new Uint32Array(0);

// Most texts are ASCII once they are plain; undefined for others.
function plainAscii(text: string): Plain | undefined {
  const { length } = text;
  const codes = new Uint8Array(length);
  let count = 0;
  // Room is made once there are any, for as many as there can be: rows of them are long.
  let gaps = NO_GAPS;
  let left = 0;
  for (let at = 0; at < length; at += 1) {
    let code = text.charCodeAt(at);
    if (code >= FIRST_BEYOND_ASCII) {
      // Most have a plain one.
      const plain = PLAIN_OF[code] ?? 0;
      code = plain === 0 ? plainCode(text, at, code) : plain;
      if (code >= FIRST_BEYOND_ASCII) return undefined;
      if (code === 0) {
        if (left === 0) gaps = new Uint32Array(length - at);
        gaps[left] = count;
        left += 1;
        continue;
      }
    }
    codes[count] = code;
    count += 1;
  }
  return { plain: new TextDecoder().decode(codes.subarray(0, count)), gaps: gaps.subarray(0, left) };
}

// A decoder would replace halves of characters that stand alone.
function plainCodes(text: string): Plain {
  const { length } = text;
  const codes = new Uint16Array(length);
  let count = 0;
  let gaps = NO_GAPS;
  let left = 0;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    const plain = code < FIRST_BEYOND_ASCII ? code : plainCode(text, at, code);
    if (plain === 0 && code !== 0) {
      if (left === 0) gaps = new Uint32Array(length - at);
      gaps[left] = count;
      left += 1;
    } else {
      codes[count] = plain;
      count += 1;
    }
  }
  const piece = 4096;
  let plain = '';
  for (let at = 0; at < count; at += piece) {
    // `apply` takes anything with a length and numbers; its type knows arrays only.
    plain += String.fromCharCode.apply(null, codes.subarray(at, Math.min(at + piece, count)) as unknown as number[]);
  }
  return { plain, gaps: gaps.subarray(0, left) };
}

// 0 for what is not seen.
function plainCode(text: string, at: number, code: number): number {
  const kind = CLASS_OF[code];
  if (kind === UNUSUAL) return PLAIN_OF[code] ?? 0;
  return kind === MIDDLE_DOT ? plainDot(text, at, code) : code;
}

function plainDot(text: string, at: number, code: number): number {
  const isBetween = isBetweenDigits(text, at);
  if (code === LONG_SOUND) return isBetween ? DASH : code;
  return isBetween ? DOT : BULLET;
}

function isBetweenDigits(text: string, at: number): boolean {
  return isDigit(codeAt(text, at - 1)) && isDigit(codeAt(text, at + 1));
}

// How many of the ascending `gaps` are at most `offset`.
function countUpTo(gaps: Readonly<Uint32Array>, offset: number): number {
  let low = 0;
  let high = gaps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((gaps[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The code unit at `at`, or 0 outside the text; never the NaN that would make compiled code slow. */
export function codeAt(text: string, at: number): number {
  return at >= 0 && at < text.length ? text.charCodeAt(at) : 0;
}

/** Whether the code unit is a letter, near enough: everything above ASCII that is not known to be a sign. */
export function isLetter(code: number): boolean {
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
  if (code < 0xc0) return code === 0xaa || code === 0xb5 || code === 0xba;
  if (code === 0xd7 || code === 0xf7) return false;
  if (code >= 0x2000 && code <= 0x2bff) return false;
  return !((code >= 0x3000 && code <= 0x3004) || (code >= 0x3008 && code <= 0x3020) || code >= 0xd800);
}

/**
 * Whether the code unit next to digits makes them part of a word: a letter, a digit, `_`. Not so in scripts that write
 * words without spaces between them.
 */
export function isWordSign(code: number): boolean {
  if (code === 0x5f || isDigit(code)) return true;
  if (code >= 0xe00 && (code < 0xe80 || (code >= 0x3040 && code < 0xa000) || (code >= 0xac00 && code < 0xd7b0)))
    return false;
  return isLetter(code);
}

/** Whether the code unit is an ASCII digit. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
