// What waits, in which order, and what is dropped while nobody takes it.
import { expect, test } from 'vitest';
import { createQueue } from '#lib/page/queue.ts';

test('gives back each once, in the order in which it came, also what comes in between', () => {
  const [a, b, c] = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
  const queue = createQueue<{ name: string }>(() => true);
  for (const one of [a, b, a]) queue.add(one);
  expect(queue.take()).toBe(a);
  queue.add(c);
  queue.add(a);
  expect([queue.take(), queue.take(), queue.take(), queue.take()]).toEqual([b, c, a, undefined]);
});

test('what was taken out by name is not given back', () => {
  const [a, b] = [{ name: 'a' }, { name: 'b' }];
  const queue = createQueue<{ name: string }>(() => true);
  queue.add(a);
  queue.add(b);
  expect([queue.has(a), queue.delete(a), queue.has(a)]).toEqual([true, true, false]);
  expect([queue.take(), queue.take()]).toEqual([b, undefined]);
});

test('does not grow by what is of no use any more, and loses nothing of the rest', () => {
  const asked = { count: 0 };
  const queue = createQueue<{ isOfUse: boolean }>(({ isOfUse }) => {
    asked.count += 1;
    return isOfUse;
  });
  const kept = Array.from({ length: 100 }, () => ({ isOfUse: true }));
  const dropped: { isOfUse: boolean }[] = [];
  for (let at = 0; at < 50_000; at += 1) {
    const one = kept[at / 500] ?? { isOfUse: false };
    if (!one.isOfUse) dropped.push(one);
    queue.add(one);
  }
  expect(dropped.filter(queue.has).length).toBeLessThan(4_000);
  expect(kept.every(queue.has)).toBe(true);
  // Each is asked now and then, not each time.
  expect(asked.count).toBeLessThan(150_000);
});
