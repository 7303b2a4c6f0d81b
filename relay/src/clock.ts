// Time as an argument, so that every wait can be tested without waiting.

export interface Clock {
  /** Milliseconds since 1970, for timestamps. */
  now(): number;
  /** Milliseconds since some moment, for everything that lasts: does not jump when somebody sets the machine's time. */
  elapsed(): number;
  /** Calls `action` once after `delayMs`; returns a function that cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

/** The machine's own clock. Its timers never keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/**
 * How long to wait before the next try, in milliseconds: twice as long after each failure in a row, at most `longestMs`, and
 * spread over the upper half of it by `random` (0 to 1), so that many who lost the same server do not come back as one.
 */
export function retryPauseMs(
  failures: number,
  { firstMs, longestMs, random }: { firstMs: number; longestMs: number; random: number },
): number {
  return Math.min(longestMs, firstMs * 2 ** failures) * (0.5 + random / 2);
}
