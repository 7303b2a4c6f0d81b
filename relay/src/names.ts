// Names come from outside: callers, phone systems, exports. Before one is stored or shown, everything goes that could
// steer a terminal, a log or the direction of the text around it.

// Control characters, line and paragraph separators, bidi controls, zero-width space, soft hyphen, word joiner, BOM.
// Not the zero-width (non-)joiner: Persian and Indic names are spelled with it.
const UNWANTED = /[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/gu;
const MAX_CHARACTERS = 128;

/** A name as it may be stored and shown: one line, no control or bidi characters, at most 128 UTF-16 units. */
export function cleanName(text: string): string {
  const oneLine = text.replace(UNWANTED, ' ').replace(/\s+/gu, ' ').trim();
  const short = oneLine.slice(0, MAX_CHARACTERS);
  // Half of a surrogate pair at the cut would be no character at all.
  return /[\ud800-\udbff]$/.test(short) ? short.slice(0, -1) : short;
}
