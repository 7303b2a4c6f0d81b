// Moments for other programs: the wall clock here, also on the day on which it is put forward, and UTC.
import { expect, test } from 'vitest';
import { localTime, utcTime } from '#lib/local-time.ts';

test.each([
  [2026, 2, 29, 3, 4, 5, '2026-03-29T03:04:05'],
  [2026, 9, 25, 12, 0, 0, '2026-10-25T12:00:00'],
  [2026, 10, 22, 0, 0, 0, '2026-11-22T00:00:00'],
] as const)(
  'local times are those of the wall clock (%i-%i-%i)',
  (year, month, day, hour, minute, second, expected) => {
    expect(localTime(new Date(year, month, day, hour, minute, second, 999).getTime())).toBe(expected);
  },
);

test('UTC has no fraction of a second', () => {
  expect(utcTime(Date.parse('2026-11-22T10:01:05.999Z'))).toBe('2026-11-22T10:01:05Z');
});
