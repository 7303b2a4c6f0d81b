// Time as an argument, so that every wait can be tested without waiting.

/** Time as the worker's parts need it; `now` is wall-clock time in milliseconds. */
export interface Clock {
  now(): number;
  /** Calls `action` once after `delayMs`; answers a function that cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

/** The browser's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
