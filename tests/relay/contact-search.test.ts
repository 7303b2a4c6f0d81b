// Contacts are found as people type: the beginnings of words in any spelling, digits in any spelling, the best first.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findContacts, searchRowOf } from '../../relay/src/contact-search.ts';
import { folded, searchedDigits, spellings } from '../../relay/src/search-text.ts';
import type { StoredContact } from '../../relay/src/store/store.ts';

function aContact(name: string, company = '', ...numbers: string[]): StoredContact {
  return {
    contactId: name,
    name,
    ...(company !== '' && { company }),
    numbers: numbers.map((number) => ({ number })),
  };
}

const PEOPLE = [
  aContact('Jürgen Müller', 'Beispiel AG', '+493023125042'),
  aContact('Anna Mueller', 'Muster GmbH', '+493023125043', '+491713920001'),
  aContact('Łukasz Øster', 'Große Straße Sample', '+442079460018'),
  aContact('Marie Hofmann-Lüders', 'Müllerei Sample', '+33199000042'),
  aContact('Zoë O’Hara', '', '+12025550142'),
  aContact('1822 Sample Bank', '', '+493023125099'),
];

async function find(text: string, limit = 10, people: readonly StoredContact[] = PEOPLE) {
  const { found, more } = await findContacts(people.map(searchRowOf), { text, limit });
  return { names: found.map(({ name }) => name), more };
}

describe('words', () => {
  test.each([
    ['muller', ['Jürgen Müller', 'Marie Hofmann-Lüders']],
    ['MÜLLER', ['Anna Mueller', 'Jürgen Müller', 'Marie Hofmann-Lüders']],
    ['mu\u0308ll', ['Anna Mueller', 'Jürgen Müller', 'Marie Hofmann-Lüders']],
    ['mueller', ['Anna Mueller', 'Jürgen Müller', 'Marie Hofmann-Lüders']],
    ['jurg', ['Jürgen Müller']],
    ['ül', []],
    ['mül jür', ['Jürgen Müller']],
    ['anna muster', ['Anna Mueller']],
    ['anna beispiel', []],
    ['luders', ['Marie Hofmann-Lüders']],
    ['hofmann-lu', ['Marie Hofmann-Lüders']],
    ['lukasz', ['Łukasz Øster']],
    ['grosse strasse', ['Łukasz Øster']],
    ['oster', ['Łukasz Øster']],
    ["o'hara", ['Zoë O’Hara']],
    ['zoe', ['Zoë O’Hara']],
    ['1822 sample', ['1822 Sample Bank']],
    ['1822', ['1822 Sample Bank']],
    ['sample', ['1822 Sample Bank', 'Marie Hofmann-Lüders', 'Łukasz Øster']],
    ['   ', []],
    ['.*', []],
    ['-', []],
  ])('%j finds %j', async (text, names) => {
    expect((await find(text)).names.toSorted()).toEqual(names.toSorted());
  });

  test('whose name begins with the text goes first, then other words of the name, then the company', async () => {
    const people = [
      aContact('Anna Sample', 'Berger AG'),
      aContact('Carl Berger'),
      aContact('Berger Paul'),
      aContact('Bergerin Zora'),
    ];
    expect((await find('berger', 10, people)).names).toEqual([
      'Berger Paul',
      'Bergerin Zora',
      'Carl Berger',
      'Anna Sample',
    ]);
  });

  test('a name is found by any beginning of any of its words, in any case, composed or not', async () => {
    const word = fc.string({ unit: fc.constantFrom(...'aäàbcçøłßñüABÖ'), minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 4 }), fc.nat(), fc.nat(), async (words, at, cut) => {
        const typed = words[at % words.length] ?? '';
        const text = typed.slice(0, 1 + (cut % typed.length));
        const people = [aContact(words.join(' '))];
        for (const spelled of [text, text.toUpperCase(), text.normalize('NFD'), text.toLowerCase()]) {
          // `ß` in capitals is two letters, of which the cut may have left one.
          expect((await find(spelled, 5, people)).names).toHaveLength(1);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('digits', () => {
  test.each([
    ['030 23125', 3],
    ['(030) 231-25', 3],
    ['+49 30 23125', 3],
    ['+49 (0) 30 23125', 3],
    ['0049.30/23125', 3],
    ['030\u00a023125\u200b042', 1],
    ['５０４２', 1],
    ['125042', 1],
    ['0171', 1],
    ['020 7946', 1],
    ['42', 0],
    ['00', 0],
    ['000', 0],
    ['030 23125042 x', 0],
  ])('%j finds %i', async (text, count) => {
    expect((await find(text)).names).toHaveLength(count);
  });

  test('two numbers of one contact are not read as one', async () => {
    expect((await find('043491', 5)).names).toEqual([]);
  });

  test('the nearer to the beginning of the number, the better', async () => {
    const people = [aContact('end', '', '+493099917133'), aContact('begin', '', '+491713392000')];
    expect((await find('0171 3', 5, people)).names).toEqual(['begin', 'end']);
  });

  test('three digits at least, without country and area zeros', () => {
    expect(searchedDigits('0049 30')).toBe('4930');
    expect(searchedDigits('+49 (0) 30')).toBe('4930');
    expect(searchedDigits('030')).toBeUndefined();
    expect(searchedDigits('30 Anna')).toBeUndefined();
    expect(searchedDigits('-/-')).toBeUndefined();
  });
});

describe('how many', () => {
  const many = Array.from({ length: 9_001 }, (_, n) => aContact(`Sample ${String(n).padStart(5, '0')}`));

  test('as many as were asked for, those that come first by name, and whether there are more', async () => {
    const shuffled = many.toSorted((a, b) => (a.name.slice(-1) < b.name.slice(-1) ? -1 : 1));
    expect(await find('sample', 3, shuffled)).toEqual({
      names: ['Sample 00000', 'Sample 00001', 'Sample 00002'],
      more: true,
    });
    expect((await find('sample', 9_001, many)).more).toBe(false);
    expect(await find('sample 09000', 3, many)).toEqual({ names: ['Sample 09000'], more: false });
  });

  test('other work has its turn while many contacts are searched', async () => {
    let turns = 0;
    const tick = () => {
      turns += 1;
      if (turns < 1_000) setImmediate(tick);
    };
    setImmediate(tick);
    await find('sample 09000', 3, many);
    const atEnd = turns;
    turns = 1_000;
    expect(atEnd).toBeGreaterThanOrEqual(2);
  });
});

test('words are compared without accents, case and signs', () => {
  expect(folded('  Dr. Müller-Lüdenscheidt, Æsa & Sønner  ')).toBe('dr muller ludenscheidt aesa sonner');
  expect(spellings('Größe')).toEqual(['grosse', 'groesse']);
  expect(spellings('Plain')).toEqual(['plain']);
});
