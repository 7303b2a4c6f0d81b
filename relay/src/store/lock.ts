// One relay per data folder. Two of them would dial twice and tear each other's journal apart, so the second one does not
// start. The lock is the operating system's own file lock: it ends with the process, however that ends.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from './database.ts';

const SQLITE_BUSY = 5;

/** Holds `dataDir` until the returned function is called. Throws StoreError `in-use` when another process holds it. */
export function lockDataDir(dataDir: string): () => void {
  const path = join(dataDir, 'relay.lock');
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    chmodSync(path, 0o600);
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) {
      throw new StoreError('in-use', `a relay is already running in the data folder ${dataDir}`, { cause: error });
    }
    throw error;
  }
  let isHeld = true;
  return () => {
    if (isHeld) db.close();
    isHeld = false;
  };
}
