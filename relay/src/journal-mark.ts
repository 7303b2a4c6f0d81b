// How far each user has looked at the journal, the same on all devices. It only ever moves forward, and never past the
// relay's own now: a wrong time from a client must not hide what is still to be missed.
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Store } from './store/store.ts';

export interface JournalMarkOptions {
  store: Pick<Store, 'journalMark' | 'moveJournalMark'>;
  clock: Clock;
  log: Logger;
}

export interface JournalMark {
  /** Up to when the user has looked, ISO 8601 UTC; undefined if never, or if it cannot be read now. */
  until(userId: string): Promise<string | undefined>;
  /** The user looked at the journal up to an entry that started then. */
  see(userId: string, until: string): Promise<void>;
  /** Hears of every mark that moved. */
  onMove(listener: (moved: { userId: string; until: string }) => void): () => void;
}

/** The marks of all users. */
export function createJournalMark({ store, clock, log }: JournalMarkOptions): JournalMark {
  const listeners = new Set<(moved: { userId: string; until: string }) => void>();
  return {
    async until(userId) {
      try {
        return await store.journalMark(userId);
      } catch (error) {
        log.error({ err: error }, 'a journal mark could not be read');
        return undefined;
      }
    },
    async see(userId, seenUntil) {
      // One spelling of times, so that they compare as text.
      const until = new Date(Math.min(Date.parse(seenUntil), clock.now())).toISOString();
      if (!(await store.moveJournalMark(userId, until))) return;
      for (const listener of [...listeners]) listener({ userId, until });
    },
    onMove(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
