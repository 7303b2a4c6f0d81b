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
