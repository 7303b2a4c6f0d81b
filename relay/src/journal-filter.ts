// What a search in the journal finds. It reads finished entries, as they are shown to the one who asks: what an entry hides,
// a number or a name, cannot be found in it either.
import type { ClientMessage, JournalEntry, PhoneNumber } from '@offhook/protocol';
import { searchedDigits, spellings } from './search-text.ts';

export type JournalFilter = NonNullable<(ClientMessage & { type: 'journal-page' })['filter']>;

/** A test for entries, or undefined where the filter lets every entry of its lines through. */
export function entryTest({ outcome, text }: JournalFilter): ((entry: JournalEntry) => boolean) | undefined {
  const hasText = text === undefined || text.trim() === '' ? undefined : textTest(text);
  if (outcome === undefined && !hasText) return undefined;
  return (entry) => (outcome === undefined || entry.outcome === outcome) && (hasText?.(entry) ?? true);
}

// Every word must be somewhere, in whichever spelling; digits are looked for in the number as a whole, too.
function textTest(text: string): (entry: JournalEntry) => boolean {
  const words = text
    .split(/\s+/)
    .map(spellings)
    .filter(([plain]) => plain !== '');
  const digits = searchedDigits(text) ?? /^[0-9*#]{1,2}$/.exec(text.trim())?.[0];
  return (entry) => {
    const { remote, note = '' } = entry;
    if (digits !== undefined && digitsOf(remote.number).includes(digits)) return true;
    if (words.length === 0) return false;
    const names = [remote.name ?? '', remote.contact?.name ?? '', remote.contact?.company ?? ''].flatMap(spellings);
    const haystack = [...names, ...spellings(note)].join(' ');
    return words.every((needles) => needles.some((needle) => haystack.includes(needle)));
  };
}

function digitsOf(number: PhoneNumber): string {
  switch (number.kind) {
    case 'e164':
    case 'internal':
    case 'service':
      return number.number.replace(/^\+/, '');
    case 'code':
      return number.code;
    case 'raw':
      return number.text.replace(/[^0-9]/g, '');
    case 'anonymous':
    case 'hidden':
      return '';
    default:
      return number satisfies never;
  }
}
