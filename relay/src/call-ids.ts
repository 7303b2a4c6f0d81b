// The ids of lines, calls and conversations. They are derived, never counted: a relay that was restarted in the middle of
// a call names the same line, the same call and the same conversation as before. Nothing here remembers anything.
import { createHash } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const BITS_PER_LETTER = 5;
// 100 bits: two of a million calls share an id with a chance of less than one in 10^18.
const LETTERS = 20;

/** The id of a line, from the phone system's id and its own key of the line: `'l'` and 20 letters. */
export function lineIdOf(pbxId: string, lineKey: string): string {
  return `l${digestOf(['line', pbxId, lineKey])}`;
}

/** The id of a call as one line sees it. The line is part of it, since some phone systems give both ends one key. */
export function callIdOf(pbxId: string, callKey: string, lineKey: string): string {
  return `c${digestOf(['call', pbxId, callKey, lineKey])}`;
}

/** The id of the conversation that began with this call. */
export function conversationIdFrom(oldestCallId: string): string {
  return `v${oldestCallId.slice(1)}`;
}

// The parts are hashed as JSON, so that ('a', 'bc') and ('ab', 'c') differ.
function digestOf(parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest();
  let letters = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= BITS_PER_LETTER && letters.length < LETTERS) {
      bits -= BITS_PER_LETTER;
      letters += ALPHABET[(held >> bits) & 31] ?? '';
    }
    held &= (1 << bits) - 1;
  }
  return letters;
}
