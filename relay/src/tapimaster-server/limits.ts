// How often: so many orders of one user, so many lines from one address, and few wrong keys. Counts over sliding minutes of
// the relay's clock; what is refused costs nothing more. The guard's own limits for calls hold besides.
import type { Clock } from '../clock.ts';

export interface Limits {
  /** Whether this address may say anything now; it counts. */
  hear(address: string): boolean;
  /** Whether this user may give an order now; it counts. */
  order(user: string): boolean;
  /** A wrong key came from there. */
  wrongKey(address: string): void;
}

const MINUTE_MS = 60_000;
const LINES_PER_ADDRESS = 600;
const WRONG_KEYS = 5;
// Addresses come from outside; more than this are forgotten, the oldest first.
const MOST_KEPT = 10_000;

/** Limits of one run of the relay. */
export function createLimits({ clock, commandsPerMinute }: { clock: Clock; commandsPerMinute: number }): Limits {
  const lines = createCounter(clock);
  const orders = createCounter(clock);
  const wrong = createCounter(clock);
  return {
    hear: (address) => wrong.count(address) < WRONG_KEYS && lines.take(address, LINES_PER_ADDRESS),
    order: (user) => orders.take(user, commandsPerMinute),
    wrongKey: (address) => void wrong.take(address, WRONG_KEYS),
  };
}

function createCounter(clock: Clock) {
  const times = new Map<string, number[]>();
  const recentOf = (who: string) => (times.get(who) ?? []).filter((at) => at > clock.elapsed() - MINUTE_MS);
  return {
    count: (who: string) => recentOf(who).length,
    take(who: string, most: number): boolean {
      const recent = recentOf(who);
      if (recent.length >= most) return false;
      times.delete(who);
      times.set(who, [...recent, clock.elapsed()]);
      const [oldest] = times.keys();
      if (oldest !== undefined && times.size > MOST_KEPT) times.delete(oldest);
      return true;
    },
  };
}
