// A thing has one order under way, and the same order is not given twice in a moment: an order is often done before a
// key that is held down repeats it. A double click is the buttons' own business, see Button.tsx.
import type { OrderResult } from '#lib/messages.ts';

// Longer than the time in which systems take two clicks for a double click (500 ms as a rule).
const REST_MS = 700;

export interface OrderLock {
  /**
   * Locks a thing for an order of this name; undefined where an order is under way, or where this one has only just been
   * carried out. The answer is called with what came of it: after a failure the thing is free at once, since nothing was
   * done; otherwise this order rests, and another one (Retrieve after Hold) may come at once.
   */
  take(key: string, name: string): ((result: OrderResult) => void) | undefined;
}

/** A lock with nothing locked. `now` only ever goes forward. */
export function createOrderLock(now: () => number = () => performance.now()): OrderLock {
  const underWay = new Set<string>();
  const restUntil = new Map<string, number>();
  return {
    take(key, name) {
      const order = `${key} ${name}`;
      for (const [other, until] of restUntil) if (until <= now()) restUntil.delete(other);
      if (underWay.has(key) || restUntil.has(order)) return undefined;
      underWay.add(key);
      return ({ type }) => {
        underWay.delete(key);
        if (type !== 'failed') restUntil.set(order, now() + REST_MS);
      };
    },
  };
}
