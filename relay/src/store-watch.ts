// Whether what happens can be written down: a full, read-only or broken disk must be told to whoever watches over the relay,
// and not only stand in a log on that very disk. It looks at what the store's own writes come to, and at the room that is
// left; it never writes anything itself, and never changes what the store answers.
import { statfsSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Store } from './store/store.ts';

/** Why nothing can be written down: no room is left, or the last write failed with a fault of the disk. */
export type StoreProblem = 'full' | 'fault';

export interface WatchedStore {
  /** The same store. */
  store: Store;
  /** Undefined while all is well. */
  problem(): StoreProblem | undefined;
}

// What is written again and again while anything happens: that one of these succeeded means that the disk works again.
const WRITES: ReadonlySet<string> = new Set<keyof Store>([
  'setHeard',
  'saveConversation',
  'recordCommand',
  'advanceCommand',
  'saveNote',
  'takeCallBack',
  'dropCallBack',
  'changePeople',
  'addDevice',
]);

// With less, the next write may be the one that fails: a page of the database, and its log.
const LEAST_ROOM_BYTES = 262_144;

// SQLITE_READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN; the reason within them is in the upper bits.
const DISK_FAULTS: ReadonlySet<number> = new Set([8, 10, 11, 13, 14]);
const SQLITE_FULL = 13;

/** Whether a store failed because of its disk, and not because of what was asked. */
export function isDiskFault(error: unknown): boolean {
  return DISK_FAULTS.has(sqliteCodeOf(error) ?? 0);
}

/** What is told over the wire of something that could not be kept. */
export function codeOfLoss(error: unknown): 'store-unavailable' | 'internal' {
  return isDiskFault(error) ? 'store-unavailable' : 'internal';
}

/** Watches over a store with its files in `dataDir`. */
export function watchStore(store: Store, { dataDir, log }: { dataDir: string; log: Logger }): WatchedStore {
  let failed: StoreProblem | undefined;

  function heard(name: string, error?: unknown): void {
    if (error === undefined) {
      if (failed === undefined || !WRITES.has(name)) return;
      failed = undefined;
      return log.info('the disk can be written to again');
    }
    if (!isDiskFault(error)) return;
    if (failed === undefined) log.error({ err: error }, 'the disk cannot be written to: nothing is dialled or kept');
    failed = sqliteCodeOf(error) === SQLITE_FULL ? 'full' : 'fault';
  }

  return {
    store: listenedTo(store, heard),
    problem: () => failed ?? (hasRoom(dataDir) ? undefined : 'full'),
  };
}

function listenedTo(store: Store, heard: (name: string, error?: unknown) => void): Store {
  const methods = Object.entries<unknown>({ ...store }).map(([name, method]) => {
    // Every part of a store is a function that answers a promise.
    const ask = method as (...given: unknown[]) => Promise<unknown>;
    const watched = async (...given: unknown[]) => {
      try {
        const answer = await ask(...given);
        heard(name);
        return answer;
      } catch (error) {
        heard(name, error);
        throw error;
      }
    };
    return [name, watched] as const;
  });
  // The same names, each with its own function behind it.
  return Object.fromEntries(methods) as unknown as Store;
}

function sqliteCodeOf(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

function hasRoom(dataDir: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dataDir);
    return bavail * bsize >= LEAST_ROOM_BYTES;
  } catch {
    // What no file system tells is no reason to say that it is full; a folder that is gone fails at the next write.
    return true;
  }
}
