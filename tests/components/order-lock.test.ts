import { expect, test } from 'vitest';
import { createOrderLock } from '#components/order-lock.ts';

function bench() {
  const time = { ms: 0 };
  return { time, lock: createOrderLock(() => time.ms) };
}

test('a thing is locked while its order is under way, however long, and others are not', () => {
  const { time, lock } = bench();
  lock.take('call-1');
  time.ms = 60_000;
  expect([lock.take('call-1'), typeof lock.take('call-2')]).toEqual([undefined, 'function']);
});

test('and for 700 ms after, so that the second click of a double click meets nothing', () => {
  const { time, lock } = bench();
  time.ms = 1_000;
  lock.take('call-1')?.({ type: 'done' });
  lock.take('call-2')?.({ type: 'unknown' });
  time.ms = 1_699;
  expect([lock.take('call-1'), lock.take('call-2')]).toEqual([undefined, undefined]);
  time.ms = 1_700;
  expect(lock.take('call-1')).toBeTypeOf('function');
});

test('but not after a failure, which did nothing', () => {
  const { lock } = bench();
  lock.take('call-1')?.({ type: 'failed', code: 'not-permitted' });
  expect(lock.take('call-1')).toBeTypeOf('function');
});
