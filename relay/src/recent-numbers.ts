// When each number was last spoken with, as far as it was lately: among several contacts, and among the numbers of one, the
// last one used goes first. A matter of order alone, so it is held in memory and bounded; nothing is told of it.
import type { PhoneNumber } from '@offhook/protocol';

export interface RecentNumbers {
  /** A call with this number began then, ISO 8601 UTC. */
  note(tenantId: string, number: PhoneNumber, at: string): void;
  /** When the last call with it began; `''` if none is remembered. */
  lastOf(tenantId: string, number: string): string;
}

const MOST_NUMBERS = 20_000;

/** A memory that is empty at first, and forgets what was noted longest ago. */
export function createRecentNumbers(mostNumbers = MOST_NUMBERS): RecentNumbers {
  const times = new Map<string, string>();
  return {
    note(tenantId, number, at) {
      if (number.kind !== 'e164') return;
      const key = `${tenantId} ${number.number}`;
      const latest = [at, times.get(key) ?? ''].sort().at(-1) ?? at;
      times.delete(key);
      times.set(key, latest);
      const [oldest] = times.keys();
      if (oldest !== undefined && times.size > mostNumbers) times.delete(oldest);
    },
    lastOf: (tenantId, number) => times.get(`${tenantId} ${number}`) ?? '',
  };
}
