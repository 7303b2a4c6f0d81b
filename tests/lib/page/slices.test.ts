// How long the page script works at a stretch, with a clock of the test's own.
import { afterEach, expect, test, vi } from 'vitest';
import { createSlices } from '#lib/page/slices.ts';

afterEach(() => void vi.restoreAllMocks());

function working(stepMs: number, steps: number) {
  let nowMs = 0;
  let left = steps;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const scheduled: ((deadline?: IdleDeadline) => void)[] = [];
  const settled = vi.fn<() => void>();
  const slices = createSlices(
    () => {
      if (left === 0) return false;
      left -= 1;
      nowMs += stepMs;
      return true;
    },
    { schedule: (slice) => void scheduled.push(slice), onSettled: settled },
  );
  const runNext = (freeMs: number): number => {
    const before = nowMs;
    scheduled.shift()?.({ didTimeout: false, timeRemaining: () => freeMs });
    return nowMs - before;
  };
  return { slices, scheduled, settled, runNext };
}

test.each([
  ['eight milliseconds where the page has time', 50, 8],
  ['what the page has left', 5, 5],
  ['two where it has none', 0, 2],
])('a slice takes %s', (_title, freeMs, takesMs) => {
  const { slices, runNext } = working(1, 100);
  slices.wake();
  expect(runNext(freeMs)).toBe(takesMs);
});

test('goes on until nothing is left, and says so once', () => {
  const { slices, scheduled, settled, runNext } = working(1, 20);
  slices.wake();
  slices.wake();
  expect(scheduled).toHaveLength(1);
  const took = [runNext(50), runNext(50), runNext(50)];
  expect(took).toEqual([8, 8, 4]);
  expect(settled).toHaveBeenCalledOnce();
  expect(scheduled).toHaveLength(0);
});

test('nothing is done any more once it is closed', () => {
  const { slices, scheduled, runNext } = working(1, 20);
  slices.wake();
  slices.close();
  expect(runNext(50)).toBe(0);
  slices.wake();
  expect(scheduled).toHaveLength(0);
});
