// Numbers between words that were seen before: what the finder keeps of earlier texts never changes what it finds.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FindOptions, findNumbers } from '#lib/numbers/find.ts';
import { createReader } from '#lib/numbers/place.ts';
import { readStretch } from '#lib/numbers/stretch.ts';
import { readTheLongWay } from './long-way.ts';

const COUNTRIES = ['DE', 'DE', 'DE', 'AT', 'FR', 'GB', 'US', 'HU'];
const before = fc.constantFrom(
  ...['Tel. ', 'Tel.: ', 'Tel. +', 'Tel. (', 'Tel.\u00a0 ', 'Fax: ', 'Mobil ', 'T: ', 'F ', '(c) ', 'DW ', 'Tel/Fax: '],
  ...[
    '> Tel. ',
    '> Bestellung ',
    'via Bestellung ',
    'Fragen zur Bestellung ',
    '> ',
    ' | Mobil ',
    ', ',
    '; Fax ',
    'Kd.-Nr. ',
    'Bestellung ',
    'Nr. ',
    '# ',
    'Anna: ',
    '€ Tel. ',
    '\tTel. ',
  ],
  ...['', ' ', 'Tel. Anna ', 'my # is ', 'Fax:\n> ', 'at ', 'Rechnung Tel. ', 'ext. ', '=Tel. ', 'Tel.: "'],
);
const digits = fc.constantFrom(
  ...['030 23125042', '(030) 23125 042', '030 23125-042', '03023125042', '+49 30 23125042', '+49 (0)69 90009 123'],
  ...['0049 40 66969123', '0171 3920012', '+44 20 7946 0123', '+1 212-555-0123', '0 30 23125042', '00 4930 23125042'],
  ...['030 1234567', '212-555-0123', '01 99 00 12 34', '12.03.2026', '0301 2', '0000000000', '066746-62'],
  ...['01108142', '0301234567', '0085496758', '00910896', '012345', '4911705123456', '012345678901234567890'],
);
const behind = fc.constantFrom(
  ...['\n', '\n', ' | ', ' (Fax)', ' Fax ', ' ext. 12', ' x12', ' DW 18', '-0', '*', ' * 3', '€', ' kg', ':00', ',50'],
  ...['', ' ', '.', ', ', ' Mobil ', ' / ', '\u00a0', '\u200b', ' nr ', ' p. 12', 'a', '…', ' = 5', ' oder ', '"', ')'],
  ...[' vom ', ' x', ' A', ':3', ' und 030 23125042'],
);
const text = fc
  .array(fc.tuple(before, digits, behind), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.flat().join(''));

describe('a number between words that were seen before', () => {
  test('is what it would be to a finder that remembers nothing', () => {
    let known = 0;
    fc.assert(
      fc.property(text, fc.constantFrom(...COUNTRIES), fc.constantFrom(undefined, 'Fax', 'Auftrag'), (...asked) => {
        const [written, country, column] = asked;
        const options: FindOptions = column === undefined ? { country } : { country, before: column };
        const found = findNumbers(written, options);
        known += found.length;
        expect(found).toEqual(readTheLongWay(written, options));
      }),
      { numRuns: 20_000 },
    );
    expect(known).toBeGreaterThan(10_000);
  }, 120_000);

  test('is refused without asking the words again, and what follows in a list is refused with it', () => {
    const { place, begin, homeOf } = createReader();
    const lines = '\nBestellung 0301234567 vom\nBestellung 0301234568 vom\nBestellung 0301234569\n';
    const options = { country: 'DE' };
    begin(lines, options, undefined);
    place.home = homeOf(options);
    expect([place.sameWords.readNumber(place, 12), readStretch(place, 12)]).toEqual([-1, 22]);
    expect(place.sameWords.readNumber(place, 38)).toBe(48);
    expect([place.lastEnd, place.lastEvidence?.kind, place.found]).toEqual([48, 'negative', []]);
  });

  test('is found without asking the words again', () => {
    const { place, begin, homeOf } = createReader();
    const lines = 'Tel. 030 23125042\n> Tel. 0171 3920012\n> Tel. 030 23125-043\n> Tel. 030 1\n';
    const options = { country: 'DE' };
    begin(lines, options, undefined);
    place.home = homeOf(options);
    const numbers = [5, 25, 45].map((at) => [place.sameWords.readNumber(place, at), readStretch(place, at)]);
    // The third one has the words of the second.
    expect(numbers).toEqual([
      [-1, 17],
      [-1, 37],
      [58, 58],
    ]);
    expect(place.found.map(({ number }) => number)).toEqual([
      '+493023125042',
      '+491713920012',
      '+493023125043',
      '+493023125043',
    ]);
  });
});
