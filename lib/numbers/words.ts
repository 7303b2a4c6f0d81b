// The words that say what a number is, ready for looking up: whole words, phrases, ends and beginnings of compounds of
// all languages at once. Knows nothing of numbers: what follows from a word is decided elsewhere.
import { BEGINNINGS, ENDINGS, MEANINGS, PHRASE_ENDS, UNITS, WHOLE } from './generated/labels.ts';

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
  /** Whether the word ends some phrase: otherwise the words before it need not be asked for. */
  endsPhrase(word: string): boolean;
  isUnit(word: string): boolean;
  /** What `read` makes of a word as it is written, which must depend on nothing else; a page has the same ones all over. */
  remembered(token: string, read: (token: string, words: Words) => Word | undefined): Word | undefined;
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
const MOST_REMEMBERED = 1000;

function createWords(): Words {
  const meanings = MEANINGS.split('|').map(wordOf);
  const whole = createTable(WHOLE, meanings);
  const endings = createTable(ENDINGS, meanings);
  const beginnings = createTable(BEGINNINGS, meanings);
  const phraseEnds = lazySet(PHRASE_ENDS);
  const units = lazySet(UNITS);
  const remembered = new Map<string, Word | undefined>();
  const wholeOf = (word: string) => whole(word.slice(0, WHOLE_KEY_LENGTH))?.get(word);
  const self: Words = {
    labelOf: (word, wordBefore, wordBeforeThat) => {
      if (wordBefore !== '' && phraseEnds().has(word)) {
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
    endsPhrase: (word) => phraseEnds().has(word),
    isUnit: (word) => units().has(word.toLowerCase().replace(/\.$/, '')),
    remembered(token, read) {
      const known = remembered.get(token);
      if (known !== undefined || remembered.has(token)) return known;
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      const word = read(token, self);
      remembered.set(token, word);
      return word;
    },
  };
  return self;
}

type Shelf = ReadonlyMap<string, Word>;

// A table of some thousand words, of which a page needs some dozens: only the lines that are asked for are searched for and
// unpacked.
function createTable(text: string, meanings: readonly Word[]): (key: string) => Shelf | undefined {
  const shelves = new Map<string, Shelf | undefined>();
  return (key) => {
    if (!shelves.has(key)) shelves.set(key, unpacked(text, key, meanings));
    return shelves.get(key);
  };
}

function wordOf(meaning: string): Word {
  const [head = '', reason = ''] = meaning.split(':');
  return { kind: KINDS[head] ?? 'filler', reason };
}

// Each word has the letter of its meaning in front of it, and how many letters it shares with the word before it (the first
// one with the key), as one digit of 36.
function unpacked(text: string, key: string, meanings: readonly Word[]): Shelf | undefined {
  const start = text.indexOf(`\n${key}|`);
  if (start < 0) return undefined;
  const shelf = new Map<string, Word>();
  let word = key;
  for (const entry of text.slice(start + key.length + 2, text.indexOf('\n', start + 1)).split('|')) {
    word = word.slice(0, Number.parseInt(entry.charAt(1), 36)) + entry.slice(2);
    const meaning = meanings[entry.charCodeAt(0) - SMALL_A];
    if (meaning) shelf.set(word, meaning);
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
