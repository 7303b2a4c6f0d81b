import { expect, test } from 'vitest';
import { clockText, dayText } from '#lib/moment-text.ts';

const NOW = new Date(2026, 10, 20, 15, 30).getTime();
const at = (month: number, day: number, hour = 12, year = 2026) => new Date(year, month - 1, day, hour).getTime();

test('a day is a word where there is one, else a weekday, else a date', () => {
  const day = (moment: number, locale = 'en-GB') => dayText(moment, { now: NOW, locale });
  expect(day(at(11, 20, 0))).toBe('Today');
  expect(day(at(11, 19, 23))).toBe('Yesterday');
  expect(day(at(11, 17))).toBe('Tuesday');
  expect(day(at(3, 2))).toMatch(/^Mon,? 2 March$/);
  expect(day(at(12, 31, 12, 2025))).toMatch(/^Wed,? 31 December 2025$/);
  expect(day(at(11, 20), 'de-DE')).toBe('Heute');
  expect(day(at(11, 19), 'de-DE')).toBe('Gestern');
  expect(day(at(3, 2), 'de-DE')).toMatch(/^Mo\.?, 2\. März$/);
});

test('a day that begins while clocks change is still the day before', () => {
  expect(dayText(at(3, 28), { now: at(3, 29, 4), locale: 'en-GB' })).toBe('Yesterday');
});

test('the time of day is in the habits of the region', () => {
  expect(clockText(NOW, 'de-DE')).toBe('15:30');
  expect(clockText(NOW, 'en-US')).toMatch(/03:30\sPM/);
});
