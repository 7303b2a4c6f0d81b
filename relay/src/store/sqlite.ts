// The store in one SQLite file, through node:sqlite: WAL, synchronous=FULL. Writes are synchronous inside, so that a
// promise that resolved is on the disk, and what one call writes is never half there.
import { join } from 'node:path';
import { openDatabase } from './database.ts';
import { lockDataDir } from './lock.ts';
import { commandsIn } from './sqlite-commands.ts';
import { contactsIn } from './sqlite-contacts.ts';
import { groupsIn } from './sqlite-groups.ts';
import { journalIn } from './sqlite-journal.ts';
import { peopleIn } from './sqlite-people.ts';
import { truthIn } from './sqlite-truth.ts';
import type { Store } from './store.ts';

// control.ts knows a data folder of ours by this name.
const DATABASE_NAME = 'relay.db';

/**
 * Opens the store in `dataDir`, which must exist, and holds the folder until it is closed. Throws StoreError: `in-use`,
 * `newer-database`, `not-a-database`.
 */
export function openSqliteStore(dataDir: string): Store {
  const unlock = lockDataDir(dataDir);
  try {
    const db = openDatabase(join(dataDir, DATABASE_NAME));
    return {
      ...peopleIn(db),
      ...groupsIn(db),
      ...commandsIn(db),
      ...journalIn(db),
      ...contactsIn(db),
      ...truthIn(db),
      async close() {
        if (db.isOpen) db.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
