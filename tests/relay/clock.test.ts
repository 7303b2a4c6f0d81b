// The pauses between tries: they grow, have an end, and are not the same for everybody.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryPauseMs } from '../../relay/src/clock.ts';

test('doubles with every failure up to the longest, however many there were', () => {
  const pauses = [0, 1, 2, 3, 20, 5_000].map((failures) =>
    retryPauseMs(failures, { firstMs: 250, longestMs: 1_500, random: 1 }),
  );
  expect(pauses).toEqual([250, 500, 1_000, 1_500, 1_500, 1_500]);
});

test('is never less than half of that, and spread over the other half', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const limits = { firstMs: 250, longestMs: 10_000 };
      const longest = retryPauseMs(failures, { ...limits, random: 1 });
      const pause = retryPauseMs(failures, { ...limits, random });
      expect(pause).toBeGreaterThanOrEqual(longest / 2);
      expect(pause).toBeLessThanOrEqual(longest);
    }),
  );
  expect(retryPauseMs(0, { firstMs: 250, longestMs: 10_000, random: 0 })).toBe(125);
});
