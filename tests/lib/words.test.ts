import { expect, test } from 'vitest';
import { durationText } from '#lib/duration-text.ts';
import { momentText } from '#lib/moment-text.ts';
import { wordsOf } from '../components/test-words.ts';

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
