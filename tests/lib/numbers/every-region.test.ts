// Every region that libphonenumber knows: its example number, as the library writes it at home and for abroad, is found.
import { type CountryCode, getCountries, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, test } from 'vitest';
import { findNumbers } from '#lib/numbers/find.ts';

// Six digits in a row of pairs, or five: elsewhere they are a date, a post code, an amount.
const FEWEST_DIGITS = 7;

const regions = getCountries().flatMap((country) => {
  const number = getExampleNumber(country, examples);
  return number ? [{ country, number, national: number.formatNational() }] : [];
});
const plain = regions.filter(({ national }) => national.replace(/\D/g, '').length >= FEWEST_DIGITS);

function found(text: string, country: CountryCode): string[] {
  return findNumbers(text, { country }).map(({ number }) => number);
}

describe('the example number of every region', () => {
  test('there are examples, and few are too short to be told from other digits', () => {
    expect(regions.length).toBeGreaterThan(240);
    expect(regions.length - plain.length).toBeLessThan(20);
  });

  test.each(plain)('$country: $national is found at home, alone, in a sentence and in brackets', (region) => {
    const { country, number, national } = region;
    for (const text of [national, `Call ${national}.`, `(${national})`]) {
      expect(found(text, country), text).toEqual([number.number]);
    }
  });

  test.each(regions)('$country: $number.number is found abroad and at home, grouped and in one piece', (region) => {
    const { country, number } = region;
    for (const text of [number.formatInternational(), number.number]) {
      expect(found(text, country), text).toEqual([number.number]);
      expect(found(text, 'DE'), text).toEqual([number.number]);
    }
  });
});
