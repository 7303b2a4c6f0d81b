// The words as they lie in the generated tables: what a look-up answers does not depend on how often its line was asked.
import { describe, expect, test } from 'vitest';
import { PHRASE_ENDS, WHOLE } from '#lib/numbers/generated/labels.ts';
import { lazyWords } from '#lib/numbers/words.ts';

// As the tables are written: a letter for the meaning, how many letters are those of the word before, the rest.
const LINES = WHOLE.split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [key = '', ...entries] = line.split('|');
    let word = key;
    return entries.map((entry) => {
      word = word.slice(0, Number.parseInt(entry.charAt(1), 36)) + entry.slice(2);
      return word;
    });
  });

describe('words', () => {
  test('say when they are first asked what they say when all of their line are unpacked', () => {
    let known = 0;
    for (const line of LINES) {
      const asked = [line[0], line.at(-1), line[line.length >> 1], `${line[0]}q`].filter((word) => word !== undefined);
      for (const word of asked) {
        const words = lazyWords()();
        const first = words.labelOf(word, '', '');
        for (let times = 0; times < 10; times += 1) words.labelOf(word, '', '');
        expect(words.labelOf(word, '', ''), word).toEqual(first);
        if (line.includes(word)) expect(first, word).toBeDefined();
        known += 1;
      }
    }
    expect(known).toBeGreaterThan(1_000);
  });

  test('end a phrase if they are in the list of those, and only then', () => {
    const { endsPhrase } = lazyWords()();
    const ends = PHRASE_ENDS.split('|');
    expect(ends.filter((word) => !endsPhrase(word))).toEqual([]);
    const others = ends
      .flatMap((word) => [`${word}q`, `q${word}`, word.slice(1)])
      .filter((word) => !ends.includes(word));
    expect(['', '|', ...others].filter((word) => endsPhrase(word))).toEqual([]);
  });
});
