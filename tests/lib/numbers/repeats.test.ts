// Texts that repeat themselves: passing over their rounds never changes what the finder finds.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findNumbers } from '#lib/numbers/find.ts';
import { createReader } from '#lib/numbers/place.ts';
import { createRepeats } from '#lib/numbers/repeats.ts';
import { readTheLongWay } from './long-way.ts';

const GERMAN = { country: 'DE' };

const piece = fc.oneof(
  fc.constantFrom(
    ...[
      '030 23125042',
      '030 1234567',
      '+49 30 23125042',
      '0171 3920012',
      '(030) 23125',
      '030 2312 ',
      '0',
      '1',
      '12.03.2026',
    ],
    ...[
      '\n',
      '\n',
      ' ',
      ' ',
      '\t',
      '|',
      ';',
      ',',
      '(',
      ')',
      '.',
      ': ',
      '/',
      '-',
      ' / ',
      '=',
      '@',
      '*',
      '€',
      '"',
      '> ',
      '\u200b',
    ],
    ...[
      'Tel. ',
      'Fax: ',
      ' (Fax)',
      ' Fax ',
      'Kd.-Nr. ',
      'Auftrag ',
      'ext. 12 ',
      ' DW 18',
      'Anna ',
      'Rechnung',
      'BL ',
      '# ',
    ],
    ...[
      'https://x.example/?a=',
      'Name;Tel;Auftrag\n',
      'Anna;030 23125042;4711\n',
      'Telefon\t',
      'lorem ipsum dolor sit amet ',
    ],
  ),
  fc.string({ maxLength: 4 }),
);
const pieces = (maxLength: number) => fc.array(piece, { maxLength }).map((parts) => parts.join(''));
const part = fc
  .tuple(pieces(4), fc.array(piece, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 1_600 }))
  .map(([start, round, length]) => start + round.join('').repeat(1 + Math.ceil(length / (1 + round.join('').length))));
const repeating = fc.tuple(part, part, pieces(4)).map((parts) => parts.join(''));

describe('a text that repeats itself', () => {
  test('holds the numbers that it holds to a finder that reads every round', () => {
    let known = 0;
    fc.assert(
      fc.property(
        repeating,
        fc.constantFrom('DE', 'DE', 'GB', 'US', 'FR', 'HU'),
        fc.constantFrom(undefined, 'Fax', 'Auftrag'),
        (written, country, before) => {
          const options = before === undefined ? { country } : { country, before };
          const found = findNumbers(written, options);
          known += found.length;
          expect(found).toEqual(readTheLongWay(written, options));
        },
      ),
      { numRuns: 4_000 },
    );
    expect(known).toBeGreaterThan(4_000);
  }, 60_000);

  test.each([
    ['what stands behind the last round', `${'030 23125042 oder '.repeat(80)}030 23125042 ext. 12`],
    ['one sign that differs', `${'030 23125042 oder '.repeat(80)}03a 23125042 oder ${'030 23125042 oder '.repeat(80)}`],
    ['a head far above', `Name;Auftrag\n${'Anna;030 23125042\n'.repeat(90)}`],
    [
      'lines that are longer than an extension',
      `a|b|c\n${`030 23125042|${'x'.repeat(90)}|0171 3920012\n`.repeat(12)}1|2`,
    ],
    ['an address that begins before the rounds', `x ${'/a'.repeat(30)}${'-030-23125042.'.repeat(80)}`],
    ['words that the first number alone has', `Kundennummern: ${'0302312504, '.repeat(90)}`],
    ['a label behind each', '(030) 23125042 (Fax) '.repeat(60)],
    ['signs that are not seen', '\u200b|030 23125042\n030 23125 '.repeat(60)],
  ])('is read with regard to %s', (_, written) => {
    expect(findNumbers(written, GERMAN)).toEqual(readTheLongWay(written, GERMAN));
  });

  test('is passed over round by round, and what was found in one is found in each', () => {
    const round = 'oder 030 23125042 ';
    const { place, begin } = createReader();
    begin(round.repeat(60), GERMAN, undefined);
    const found = { end: 0, kind: 'phone', number: '+493023125042', rule: 'national' } as const;
    const { pass } = createRepeats(place);
    const at = 5 + 10 * round.length;
    expect(pass(at)).toBe(at);
    place.found = [{ ...found, start: at, end: at + 12 }];
    place.lastEnd = at + 12;
    // What is known of the number before differs: the round is not yet like the one before.
    expect(pass(at + round.length)).toBe(at + round.length);
    place.found.push({ ...found, start: at + round.length, end: at + round.length + 12 });
    place.lastEnd += round.length;
    const next = pass(at + 2 * round.length);
    expect(next).toBeGreaterThan(at + 40 * round.length);
    expect((next - at) % round.length).toBe(0);
    expect(place.found).toHaveLength((next - at) / round.length);
    expect(place.found.at(-1)).toEqual({ ...found, start: next - round.length, end: next - round.length + 12 });
    expect(place.lastEnd).toBe(next - round.length + 12);
  });
});
