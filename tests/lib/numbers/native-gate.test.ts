// What stands in front of the long way, beside it: the gate's pattern never stops a text in which something is found, and a
// text that is taken as a whole number is the one that is found in it without that.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MIDDLE_DOT_RANGES, plainText, UNUSUAL_RANGES, ZEROS } from '#lib/numbers/characters.ts';
import type { FindOptions, FoundNumber } from '#lib/numbers/find.ts';
import { nextNumber } from '#lib/numbers/gate.ts';
import { createReader } from '#lib/numbers/place.ts';
import { IS_UNUSUAL, readStretch } from '#lib/numbers/stretch.ts';
import { wholeNumber } from '#lib/numbers/whole-number.ts';

const COUNTRIES = ['DE', 'AT', 'FR', 'GB', 'BE', 'IT', 'US', 'ES', 'AU', 'HU', 'JP', 'BR', 'KR', ''];
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^\d{1,8}$/) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '0',
      '00',
      '030',
      '+49',
      '+',
      '(0)',
      '030 23125042',
      '0171 3920012',
      '12-0345',
      '4',
      '1-800',
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(' ', ' ', '-', '/', '.', '(', ')', ' (', ') ', '  ', '......', ', ', ':', '\n'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'Tel. ',
      'FLOWERS',
      'A',
      'ext 5',
      ' DW 18',
      'a',
      '#',
      '\u00a0',
      '\u200b',
      '·',
      '–',
      '０',
      '٣',
      'ー',
    ),
  },
);
const text = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''));
const options = fc.record({
  country: fc.constantFrom(...COUNTRIES),
  areaCode: fc.constantFrom(undefined, undefined, '30'),
});
const cell = fc
  .tuple(
    fc.constantFrom(
      '030',
      '0171',
      '(030)',
      '(0351)',
      '+49 30',
      '+49 (0)30',
      '+49 171',
      '0049 30',
      '+44 20',
      '+1 212',
      '+353 1',
      '0',
      '',
    ),
    fc.constantFrom(' ', '', '/', '-', ' / '),
    fc.stringMatching(/^[0-9]{3,8}$/),
    fc.constantFrom('', '-12', '-123', ' 123', ' 1234', ' 12 34', '-2026', '-0142', ' 01', '-1'),
  )
  .map((parts) => parts.join(''));

describe('the gate', () => {
  test('lets pass every text in which something is found', () => {
    const { homeOf } = createReader();
    let found = 0;
    fc.assert(
      fc.property(text, options, (written, { country, areaCode }) => {
        const asked: FindOptions = areaCode === undefined ? { country } : { country, areaCode };
        if (readByStretches(written, asked).length === 0) return;
        found += 1;
        expect(written.search(homeOf(asked).gate)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 20_000 },
    );
    expect(found).toBeGreaterThan(500);
  });

  test('lets pass the digits of every script, and every sign that stands for another one next to digits', () => {
    const { gate } = createReader().homeOf({ country: 'DE' });
    const digits = ZEROS.flatMap((zero) => [zero, zero + 9]);
    const unusual = UNUSUAL_RANGES.flat();
    const texts = [
      ...digits.map((code) => String.fromCharCode(code)),
      ...[...unusual, ...MIDDLE_DOT_RANGES.flat()].map((code) => `9${String.fromCharCode(code)}8`),
      ...unusual.map((code) => `${String.fromCharCode(code)}+9`),
      ...unusual.map((code) => `9 - (${String.fromCharCode(code)}`),
    ];
    expect(texts.filter((written) => written.search(gate) < 0)).toEqual([]);
  });

  test('stops what a table is made of besides numbers', () => {
    const { gate } = createReader().homeOf({ country: 'DE' });
    const cells = [
      'Muster, Anna (Support)',
      '12.03.2026, 14:05',
      '2026-03-12',
      '4500123456',
      '1.234,50 €',
      'anna7@example.com',
    ];
    expect(cells.filter((written) => written.search(gate) >= 0)).toEqual([]);
  });
});

describe('a text that is one number', () => {
  test('is what is found in it where it is read stretch by stretch', () => {
    const { homeOf } = createReader();
    let whole = 0;
    fc.assert(
      fc.property(cell, fc.constantFrom(...COUNTRIES), (written, country) => {
        const found = wholeNumber(written, homeOf({ country }).plan);
        if (found === undefined) return;
        whole += 1;
        expect(found).toEqual(readByStretches(written, { country }));
      }),
      { numRuns: 20_000 },
    );
    expect(whole).toBeGreaterThan(500);
  });
});

// The long way, without what stands in front of it.
function readByStretches(text: string, options: FindOptions): FoundNumber[] {
  const { place, begin, end } = createReader();
  begin(text, options, undefined);
  for (let at = nextNumber(text, 0); at >= 0; at = nextNumber(text, at)) {
    at = readStretch(place, at);
    if (at === IS_UNUSUAL) return readByStretches(plainText(text).text, options);
  }
  return end();
}
