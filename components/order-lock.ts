// A double click orders once. An order is often done before a person's second click, which then meets the same button
// or, worse, the one that took its place (Answer becomes Hang up). So a thing stays locked for a moment after its order.
import type { OrderResult } from '#lib/messages.ts';

// Longer than the time in which systems take two clicks for a double click (500 ms as a rule).
const REST_MS = 700;

export interface OrderLock {
  /**
   * Locks a thing; undefined where it is locked. The answer is called with what came of the order: after a failure the
   * thing is free at once, since nothing was done; otherwise its rest begins.
   */
  take(key: string): ((result: OrderResult) => void) | undefined;
}

/** A lock with nothing locked. `now` only ever goes forward. */
export function createOrderLock(now: () => number = () => performance.now()): OrderLock {
  const lockedUntil = new Map<string, number>();
  return {
    take(key) {
      for (const [other, until] of lockedUntil) if (until <= now()) lockedUntil.delete(other);
      if (lockedUntil.has(key)) return undefined;
      lockedUntil.set(key, Number.POSITIVE_INFINITY);
      return ({ type }) => void lockedUntil.set(key, type === 'failed' ? now() : now() + REST_MS);
    },
  };
}
