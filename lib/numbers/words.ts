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
const ZERO = 48;
// From then on a line is unpacked.
const MOST_SEARCHED = 8;
const MOST_REMEMBERED = 1000;

function createWords(): Words {
  const meanings = MEANINGS.split('|').map(wordOf);
  const wholeOf = createLookUp(WHOLE, meanings);
  const endings = createStems(ENDINGS, meanings);
  const beginnings = createStems(BEGINNINGS, meanings);
  const units = lazySet(UNITS);
  const remembered = new Map<string, Word | undefined>();
  const self: Words = {
    labelOf: (word, wordBefore, wordBeforeThat) => {
      if (wordBefore !== '' && isListed(PHRASE_ENDS, word)) {
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
    endsPhrase: (word) => isListed(PHRASE_ENDS, word),
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
type Stems = readonly (readonly [text: string, meaning: Word])[];

// A table of some thousand words, of which a page needs some dozens: only the lines that are asked for are looked at, and
// only those that are asked for again and again are unpacked.
function createLookUp(text: string, meanings: readonly Word[]): (word: string) => Word | undefined {
  const asked = new Map<string, number>();
  const shelves = new Map<string, Shelf | undefined>();
  return (word) => {
    const key = word.slice(0, WHOLE_KEY_LENGTH);
    if (shelves.has(key)) return shelves.get(key)?.get(word);
    const times = (asked.get(key) ?? 0) + 1;
    asked.set(key, times);
    if (times > MOST_SEARCHED) shelves.set(key, unpacked(text, key, meanings));
    return searched(text, key, word, meanings);
  };
}

// Looks for a word in the line of its key, as `unpacked` reads it, but making no texts.
function searched(text: string, key: string, word: string, meanings: readonly Word[]): Word | undefined {
  const start = text.indexOf(`\n${key}|`);
  if (start < 0) return undefined;
  const stop = text.indexOf('\n', start + 1);
  // How many of the word's letters the last entry begins with.
  let matching = key.length;
  for (let at = start + key.length + 2; at < stop; ) {
    const bar = text.indexOf('|', at);
    const end = bar < 0 || bar > stop ? stop : bar;
    const code = text.charCodeAt(at + 1);
    const shared = code < SMALL_A ? code - ZERO : code - SMALL_A + 10;
    // An entry that shares more than matches differs where the last one did.
    if (shared <= matching) {
      matching = shared;
      let index = at + 2;
      while (index < end && matching < word.length && text.charCodeAt(index) === word.charCodeAt(matching)) {
        index += 1;
        matching += 1;
      }
      if (index === end && matching === word.length) return meanings[text.charCodeAt(at) - SMALL_A];
    }
    at = end + 1;
  }
  return undefined;
}

// Endings and beginnings are tried one after the other.
function createStems(text: string, meanings: readonly Word[]): (key: string) => Stems | undefined {
  const all = new Map<string, Stems | undefined>();
  return (key) => {
    if (!all.has(key)) all.set(key, [...(unpacked(text, key, meanings) ?? [])]);
    return all.get(key);
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

// Whether a word is in a sorted list: it is searched where it lies, since a page asks for some dozens of words.
function isListed(list: string, word: string): boolean {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const start = middle === 0 ? 0 : list.lastIndexOf('|', middle - 1) + 1;
    const bar = list.indexOf('|', middle);
    const end = bar < 0 ? list.length : bar;
    const found = list.slice(start, end);
    if (found === word) return true;
    if (found < word) low = end + 1;
    else high = start - 1;
  }
  return false;
}

function lazySet(list: string): () => ReadonlySet<string> {
  let set: ReadonlySet<string> | undefined;
  return () => {
    set ??= new Set(list.split('|'));
    return set;
  };
}

function ending(stems: Stems | undefined, word: string): Word | undefined {
  for (let index = 0; stems && index < stems.length; index += 1) {
    const stem = stems[index];
    if (stem && word.endsWith(stem[0])) return stem[1];
  }
  return undefined;
}

function beginning(stems: Stems | undefined, word: string): Word | undefined {
  for (let index = 0; stems && index < stems.length; index += 1) {
    const stem = stems[index];
    if (stem && word.startsWith(stem[0])) return stem[1];
  }
  return undefined;
}
