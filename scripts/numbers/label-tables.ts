// Reads the label files (lib/numbers/labels/*.json) and merges their languages into one table by meaning. A file that
// is wrong must not be skipped: whoever added a language is told which file, which key, and what to do.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { plainWord } from '../../lib/numbers/spelling.ts';

/** The words of all languages, in the spelling in which the finder looks them up. `meanings` is by what stands before a number, `'negative:order'` with its reason. */
export interface LabelTables {
  languages: string[];
  meanings: Map<string, string[]>;
  units: string[];
}

/** Merges all files of the folder. Throws an error that names file, key and remedy when one does not fit. */
export function readLabelTables(folder: string): LabelTables {
  const paths = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const files = paths.sort().map((name) => readLabelFile(join(folder, name)));
  const meanings = new Map<string, string[]>();
  for (const [word, meaning] of [...meaningByWord(files)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    meanings.set(meaning, [...(meanings.get(meaning) ?? []), word]);
  }
  return {
    languages: files.map(({ language }) => language),
    meanings: new Map([...meanings].sort(([a], [b]) => (a < b ? -1 : 1))),
    units: sorted(files.flatMap(({ units }) => units.map(plainUnit))),
  };
}

/** The words as lines to be looked up in: by their first two characters, and compounds by their first or last three. */
export function shelvesOf(meanings: LabelTables['meanings']) {
  const whole: [key: string, entry: string][] = [];
  const endings: [key: string, entry: string][] = [];
  const beginnings: [key: string, entry: string][] = [];
  const phraseEnds = new Set<string>();
  for (const [index, words] of [...meanings.values()].entries()) {
    const letter = String.fromCharCode(97 + index);
    for (const word of words) {
      const stem = word.replace('*', '');
      // Shorter ones would say something of every other word.
      if (word !== stem && stem.length < STEM_KEY_LENGTH) continue;
      if (word.startsWith('*')) endings.push([stem.slice(-STEM_KEY_LENGTH), letter + stem]);
      else if (word.endsWith('*')) beginnings.push([stem.slice(0, STEM_KEY_LENGTH), letter + stem]);
      else whole.push([word.slice(0, WHOLE_KEY_LENGTH), letter + word]);
      if (word === stem && word.includes(' ')) phraseEnds.add(word.slice(word.lastIndexOf(' ') + 1));
    }
  }
  return {
    whole: linesOf(whole, (a, b) => (a < b ? -1 : 1)),
    endings: linesOf(endings, longerFirst),
    beginnings: linesOf(beginnings, longerFirst),
    phraseEnds: [...phraseEnds].sort(),
  };
}

const WHOLE_KEY_LENGTH = 2;
const STEM_KEY_LENGTH = 3;

// Of two stems that fit, the longer one says more.
function longerFirst(a: string, b: string): number {
  return b.length - a.length;
}

// A line break before and behind each line, so that it is found by its key. In it each word stands behind the letter of its
// meaning and the number of letters that it shares with the one before (the first one with the key).
function linesOf(entries: readonly [key: string, entry: string][], order: (a: string, b: string) => number): string {
  const byKey = new Map<string, string[]>();
  for (const [key, entry] of entries) byKey.set(key, [...(byKey.get(key) ?? []), entry]);
  const lines = [...byKey].map(([key, words]) => {
    let before = key;
    const packed = words
      .sort((a, b) => order(a.slice(1), b.slice(1)))
      .map((entry) => {
        const word = entry.slice(1);
        const shared = sharedLength(before, word);
        before = word;
        return entry.charAt(0) + shared.toString(36) + word.slice(shared);
      });
    return [key, ...packed].join('|');
  });
  return `\n${lines.sort().join('\n')}\n`;
}

// As far as one digit of 36 can say it.
function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < 35 && length < a.length && a[length] === b[length]) length += 1;
  return length;
}

// From the most careful reading to the least: of two meanings the earlier one counts, so that rather nothing is marked
// than something wrong. What says nothing in one language gives way to what says something in another.
const CARE = ['negative', 'extension', 'fax', 'hint', 'phone', 'mobile', 'switchboard', 'filler'] as const;

const WORD = v.pipe(
  v.string('is not a text: put the word in quotes'),
  v.check((word) => word.trim() === word && word !== '', 'is empty or has spaces around it: take them away'),
  v.check((word) => !/[|\n]/.test(word), 'holds a | or a line break: give each word an entry of its own'),
  v.check((word) => !/^\*?\*$|.\*./u.test(word), 'has its * in the middle: word* or *word'),
  v.check((word) => word.toLowerCase() === word, 'has a capital letter: write it in lower case'),
);
const WORDS = v.array(WORD, 'is not a list of words');
const SOME_WORDS = v.optional(WORDS, []);
const LABEL_FILE = v.strictObject({
  language: v.pipe(v.string('is not a text: name the language'), v.nonEmpty('is empty: name the language')),
  phone: SOME_WORDS,
  hint: SOME_WORDS,
  mobile: SOME_WORDS,
  fax: SOME_WORDS,
  switchboard: SOME_WORDS,
  extension: SOME_WORDS,
  filler: SOME_WORDS,
  units: v.optional(v.array(v.string('is not a text: put the word in quotes'), 'is not a list of words'), []),
  negative: v.optional(
    v.record(v.pipe(v.string(), v.regex(/^[a-z]+$/, 'is no plain name: use lower-case letters')), WORDS),
    {},
  ),
});
type LabelFile = v.InferOutput<typeof LABEL_FILE>;

function readLabelFile(path: string): LabelFile {
  const name = `lib/numbers/labels/${basename(path)}`;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${name} is not JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  const result = v.safeParse(LABEL_FILE, content);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`${name}, ${v.getDotPath(issue) ?? 'the whole file'}: ${remedyOf(issue)} (labels/README.md)`);
}

function remedyOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'strict_object') {
    return issue.expected === 'never' ? 'no such key is known: see the table of keys' : 'is missing: add it';
  }
  return `${JSON.stringify(issue.input) ?? 'it'} ${issue.message}`;
}

function meaningByWord(files: readonly LabelFile[]): Map<string, string> {
  const meanings = new Map<string, string>();
  for (const kind of CARE) {
    for (const file of files) {
      for (const [meaning, words] of kind === 'negative' ? negativesOf(file) : [[kind, file[kind]] as const]) {
        for (const word of words.map(plainLabel)) {
          if (/[^*]/.test(word) && !meanings.has(word)) meanings.set(word, meaning);
        }
      }
    }
  }
  return meanings;
}

function negativesOf({ negative }: LabelFile): (readonly [string, string[]])[] {
  return Object.entries(negative).map(([reason, words]) => [`negative:${reason}`, words] as const);
}

function sorted(words: readonly string[]): string[] {
  return [...new Set(words.filter((word) => word !== ''))].sort();
}

function plainLabel(label: string): string {
  if (label.startsWith('*')) return `*${plainWord(label.slice(1))}`;
  return label.endsWith('*') ? `${plainWord(label.slice(0, -1))}*` : plainWord(label);
}

/** Case does not matter, a dot at the end neither; signs do: `m²`, `%`. */
function plainUnit(unit: string): string {
  return unit.toLowerCase().normalize('NFC').replace(/\.$/, '');
}
