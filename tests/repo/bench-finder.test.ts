// What the finder's rows of the bench stand on: pages of the size that they name, and peers that get a fair question.
import { describe, expect, test } from 'vitest';
import { mailPage, tablePage } from '../bench/finder-pages.ts';
import { androidPattern, commonRegex, libphonenumber, withoutKinds } from '../bench/finders.ts';

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}

describe('the pages', () => {
  test('the table has 50,000 cells, 0.9 MB and a number in each row', () => {
    const { texts, numbers } = tablePage();
    expect({ cells: texts.length, numbers }).toEqual({ cells: 50_000, numbers: 10_000 });
    expect(lengthOf(texts) / 1e6).toBeCloseTo(0.9, 1);
  });

  test('the mail thread has 2.3 MB in blocks of at most 100 kB', () => {
    const { texts, numbers } = mailPage();
    expect(lengthOf(texts) / 1e6).toBeCloseTo(2.3, 1);
    expect(Math.max(...texts.map(({ length }) => length))).toBeGreaterThan(50_000);
    expect(Math.max(...texts.map(({ length }) => length))).toBeLessThan(100_000);
    expect(numbers).toBeGreaterThan(3_000);
  });

  test('are the same on every machine', () => {
    expect(tablePage()).toEqual(tablePage());
    expect(mailPage().texts[500]).toBe(mailPage().texts[500]);
  });
});

describe('the peers', () => {
  const inGermany = { country: 'DE' };

  test('libphonenumber answers E.164, and extensions in the spelling of the cases', () => {
    expect(libphonenumber('Tel. 030 23125042 ext. 12', inGermany)).toEqual(['+493023125042 x12']);
    expect(libphonenumber('+49 30 23125042', { country: 'nowhere' })).toEqual(['+493023125042']);
  });

  test('a pattern answers the number that its match would dial, or the match where it is none', () => {
    expect(androidPattern('Tel. 030 23125042', inGermany)).toEqual(['+493023125042']);
    expect(androidPattern('am 12.03.2026', inGermany)).toEqual(['+4912032026']);
    expect(androidPattern('Nr. 1-2', inGermany)).toHaveLength(1);
    expect(commonRegex('(212) 555-0100', { country: 'US' })).toEqual(['+12125550100']);
  });

  test('are not asked for kinds of numbers that they do not know', () => {
    const plain = withoutKinds({
      region: 'DE',
      screen: 'crm',
      text: '',
      internal: { minDigits: 2, maxDigits: 3 },
      expected: ['fax +493023125043', 'internal 18', '+493023125042'],
      optional: ['fax +493023125044'],
    });
    expect(plain).toEqual({
      region: 'DE',
      screen: 'crm',
      text: '',
      expected: ['+493023125043', '+493023125042'],
      optional: ['+493023125044'],
    });
  });
});
