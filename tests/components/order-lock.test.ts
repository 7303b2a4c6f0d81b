// One order a thing at a time, and the same one not twice in a moment.
import { expect, test } from 'vitest';
import { createOrderLock } from '#components/order-lock.ts';

function bench() {
  const time = { ms: 0 };
  return { time, lock: createOrderLock(() => time.ms) };
}

test('a thing is locked for every order while one is under way, however long, and others are not', () => {
  const { time, lock } = bench();
  lock.take('call-1', 'hold');
  time.ms = 60_000;
  expect([lock.take('call-1', 'drop'), typeof lock.take('call-2', 'hold')]).toEqual([undefined, 'function']);
});

test('the same order rests for 700 ms after it was carried out, another one does not', () => {
  const { time, lock } = bench();
  time.ms = 1_000;
  lock.take('call-1', 'hold')?.({ type: 'done' });
  lock.take('call-2', 'hold')?.({ type: 'unknown' });
  time.ms = 1_699;
  expect([lock.take('call-1', 'hold'), lock.take('call-2', 'hold')]).toEqual([undefined, undefined]);
  lock.take('call-1', 'retrieve')?.({ type: 'done' });
  time.ms = 1_700;
  expect(lock.take('call-1', 'hold')).toBeTypeOf('function');
});

test('an order that failed does not rest, since it did nothing', () => {
  const { lock } = bench();
  lock.take('call-1', 'answer')?.({ type: 'failed', code: 'not-permitted' });
  expect(lock.take('call-1', 'answer')).toBeTypeOf('function');
});
