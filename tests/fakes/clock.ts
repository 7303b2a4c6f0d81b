// A clock that stands still until a test moves it. Timers run in the order of their time, at their own time.
import type { Clock } from '../../relay/src/clock.ts';

export interface FakeClock extends Clock {
  /** Moves on, running every timer that comes due on the way, those included that the timers themselves set. */
  advance(ms: number): void;
  /** Somebody sets the time: `now` is another one from here on, `elapsed` and the timers go on as they were. */
  jump(ms: number): void;
  /** How many timers wait. */
  pending(): number;
}

/** A fake clock, standing at `startMs` (milliseconds since 1970). */
export function createFakeClock(startMs = Date.UTC(2026, 0, 15, 9, 0, 0)): FakeClock {
  // Begins elsewhere than `now`, so that nobody takes the one for the other.
  let elapsed = 1_000_000;
  let offset = startMs - elapsed;
  let lastId = 0;
  const timers = new Map<number, { at: number; action: () => void }>();

  function nextDue(until: number): [number, { at: number; action: () => void }] | undefined {
    return [...timers].filter(([, timer]) => timer.at <= until).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
  }

  return {
    now: () => elapsed + offset,
    elapsed: () => elapsed,
    after(delayMs, action) {
      lastId += 1;
      const id = lastId;
      timers.set(id, { at: elapsed + Math.max(0, delayMs), action });
      return () => timers.delete(id);
    },
    advance(ms) {
      const until = elapsed + ms;
      for (let due = nextDue(until); due; due = nextDue(until)) {
        const [id, timer] = due;
        timers.delete(id);
        elapsed = Math.max(elapsed, timer.at);
        timer.action();
      }
      elapsed = until;
    },
    jump(ms) {
      offset += ms;
    },
    pending: () => timers.size,
  };
}
