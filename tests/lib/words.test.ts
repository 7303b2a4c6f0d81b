import { expect, test } from 'vitest';
import { durationText } from '#lib/duration-text.ts';
import { momentText } from '#lib/moment-text.ts';
import { createWords } from '#lib/words.ts';
import { tOf, wordsOf } from '../components/test-words.ts';

test.each([
  [0, '00:00'],
  [59_999, '00:59'],
  [252_000, '04:12'],
  [3_600_000, '1:00:00'],
  [360_061_000, '100:01:01'],
  [-5000, '00:00'],
])('%i ms last %s', (durationMs, text) => {
  expect(durationText(durationMs)).toBe(text);
});

test('a moment of today is a time, an earlier one has its day, an old one its date', () => {
  const now = new Date(2026, 10, 20, 15, 0).getTime();
  const at = (day: number) => momentText(new Date(2026, 10, day, 14, 2).getTime(), { now, locale: 'en-GB' });
  expect(at(20)).toBe('14:02');
  expect(at(19)).toBe('Thu 14:02');
  expect(at(2)).toBe('2 Nov 2026, 14:02');
});

test('countries and plurals follow the language of the texts', () => {
  expect([wordsOf('en').country('AT'), wordsOf('de').country('AT')]).toEqual(['Austria', 'Österreich']);
  expect(wordsOf('en').plural('colleagues_found', 1)).toBe('1 line found');
  expect(wordsOf('de').plural('colleagues_found', 3)).toBe('3 Leitungen gefunden');
  expect(wordsOf('de').plural('colleagues_found', 0)).toBe('0 Leitungen gefunden');
});

test.each([
  ['de', 'de-AT', '14:02'],
  ['de', 'en-US', '14:02'],
  ['en', 'en-GB', '14:02'],
  ['en', 'en-US', '02:02 PM'],
] as const)('in %s texts, a browser of %s writes times as %s', (language, region, expected) => {
  const at = new Date(2026, 10, 20, 14, 2).getTime();
  const words = createWords({ t: tOf(language), country: 'DE', region });
  expect(words.moment(at, at).replace(/\s/g, ' ')).toBe(expected);
});
