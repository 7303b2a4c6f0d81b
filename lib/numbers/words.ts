// The words that say what a number is, ready for looking up: whole words, phrases, ends and beginnings of compounds of
// all languages at once. Knows nothing of numbers: what follows from a word is decided elsewhere.
import { BEGINNINGS, ENDINGS, MEANINGS, MONTHS, PHRASE_ENDS, UNITS, WHOLE } from './generated/labels.ts';

/** What a word says of the digits after it. */
export interface Word {
  kind: 'phone' | 'hint' | 'fax' | 'extension' | 'negative' | 'filler';
  /** What it is instead of a phone number (`order`), for a negative one. */
  reason: string;
}

/** The look-ups; all texts are given in the spelling of `plainWord`. */
export interface Words {
  /** What a word says, with the words before it where they belong to a phrase. */
  labelOf(word: string, wordBefore: string, wordBeforeThat: string): Word | undefined;
  isUnit(word: string): boolean;
  isMonth(word: string): boolean;
}

/** The look-ups, prepared when somebody first asks for them. */
export function lazyWords(): () => Words {
  let words: Words | undefined;
  return () => {
    words ??= createWords();
    return words;
  };
}

const KINDS: Readonly<Partial<Record<string, Word['kind']>>> = {
  phone: 'phone',
  mobile: 'phone',
  switchboard: 'phone',
  hint: 'hint',
  fax: 'fax',
  extension: 'extension',
  filler: 'filler',
  negative: 'negative',
};
const WHOLE_KEY_LENGTH = 2;
const STEM_KEY_LENGTH = 3;
const SMALL_A = 97;

function createWords(): Words {
  const whole = createTable(WHOLE);
  const endings = createTable(ENDINGS);
  const beginnings = createTable(BEGINNINGS);
  const phraseEnds = new Set(PHRASE_ENDS.split('|'));
  const units = lazySet(UNITS);
  const months = lazySet(MONTHS);
  const wholeOf = (word: string) => whole(word.slice(0, WHOLE_KEY_LENGTH))?.get(word);
  return {
    labelOf: (word, wordBefore, wordBeforeThat) => {
      if (wordBefore !== '' && phraseEnds.has(word)) {
        const pair = `${wordBefore} ${word}`;
        const phrase = (wordBeforeThat === '' ? undefined : wholeOf(`${wordBeforeThat} ${pair}`)) ?? wholeOf(pair);
        if (phrase) return phrase;
      }
      const known = wholeOf(word);
      if (known || word.length <= STEM_KEY_LENGTH) return known;
      return (
        ending(endings(word.slice(-STEM_KEY_LENGTH)), word) ??
        beginning(beginnings(word.slice(0, STEM_KEY_LENGTH)), word)
      );
    },
    isUnit: (word) => units().has(word.toLowerCase().replace(/\.$/, '')),
    isMonth: (word) => months().has(word),
  };
}

type Shelf = ReadonlyMap<string, Word>;

// A table of some thousand words, of which a page needs some dozens: only the lines that are asked for are unpacked.
function createTable(text: string): (key: string) => Shelf | undefined {
  const lines = new Map<string, string | Shelf>();
  for (const line of text.split('\n')) {
    const end = line.indexOf('|');
    lines.set(line.slice(0, end), line.slice(end + 1));
  }
  const words = MEANINGS.split('|').map(wordOf);
  return (key) => {
    const known = lines.get(key);
    if (typeof known !== 'string') return known;
    const shelf = unpacked(known, words);
    lines.set(key, shelf);
    return shelf;
  };
}

function wordOf(meaning: string): Word {
  const [head = '', reason = ''] = meaning.split(':');
  return { kind: KINDS[head] ?? 'filler', reason };
}

// Each word has the letter of its meaning in front of it.
function unpacked(line: string, words: readonly Word[]): Shelf {
  const shelf = new Map<string, Word>();
  for (const entry of line.split('|')) {
    const word = words[entry.charCodeAt(0) - SMALL_A];
    if (word) shelf.set(entry.slice(1), word);
  }
  return shelf;
}

function lazySet(list: string): () => ReadonlySet<string> {
  let set: ReadonlySet<string> | undefined;
  return () => {
    set ??= new Set(list.split('|'));
    return set;
  };
}

function ending(shelf: Shelf | undefined, word: string): Word | undefined {
  if (shelf) for (const [text, meaning] of shelf) if (word.endsWith(text)) return meaning;
  return undefined;
}

function beginning(shelf: Shelf | undefined, word: string): Word | undefined {
  if (shelf) for (const [text, meaning] of shelf) if (word.startsWith(text)) return meaning;
  return undefined;
}
