// Names and notes come from outside: callers, phone systems, exports, agents. Before one is stored or shown, everything
// goes that could steer a terminal, a log or the direction of the text around it.

// Control characters, line and paragraph separators, bidi controls, zero-width space, soft hyphen, word joiner, BOM.
// Not the zero-width (non-)joiner: Persian and Indic names are spelled with it.
const UNWANTED = /[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/gu;
const MAX_CHARACTERS = 128;
// Most names are so, and every report of a call brings one: letters and signs of ASCII with single blanks between them.
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/** The longest note, in UTF-8. */
export const MAX_NOTE_BYTES = 8_192;

/** A name as it may be stored and shown: one line, no control or bidi characters, at most 128 UTF-16 units. */
export function cleanName(text: string): string {
  if (text.length <= MAX_CHARACTERS && PLAIN.test(text)) return text;
  const oneLine = text.replace(UNWANTED, ' ').replace(/\s+/gu, ' ').trim();
  const short = oneLine.slice(0, MAX_CHARACTERS);
  // Half of a surrogate pair at the cut would be no character at all.
  return /[\ud800-\udbff]$/.test(short) ? short.slice(0, -1) : short;
}

/** A note as it may be stored and shown: lines and tabs stay, other control characters and bidi characters go. */
export function cleanText(text: string): string {
  const lines = text.toWellFormed().replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n');
  return lines.replace(UNWANTED, (signs) => signs.replace(/[^\n\t]/g, ''));
}

/** The beginning of a text that takes at most so many bytes in UTF-8, whole characters only. */
export function shortened(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  // Bytes that continue a character begin with 10.
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
