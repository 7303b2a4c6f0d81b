// A copy of the database while the relay goes on, and the way back to one. A backup is whole or not there; what was restored
// over stays beside it; and going back must neither let a call be dialled twice nor a lost device in again.
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { APPLICATION_ID, newestSchema, StoreError } from './database.ts';
import { lockDataDir } from './lock.ts';

export interface BackupReport {
  file: string;
  bytes: number;
  /** The schema's version. */
  schema: number;
  conversations: number;
}

export interface RestoreReport {
  schema: number;
  conversations: number;
  /** When the newest call of the backup began. */
  newestCallAt?: string | undefined;
  /** Where the database from before is; undefined if there was none. */
  keptAs?: string | undefined;
  /** Devices that were revoked since the backup, and stay so. */
  revoked: number;
}

// All pages in one step: a step of fewer begins anew at every write of the relay, and might never end.
const ALL_PAGES = 2_000_000_000;
// More than any browser can have seen since the backup: cursors from before must not hide what comes now.
const CURSOR_LEAP = 1_000_000;

/**
 * Writes a checked copy of the database of a data folder to `target`, which must not exist. Another process may be using
 * the database; it is not kept waiting. Throws StoreError.
 */
export async function backUpDatabase(dataDir: string, target: string): Promise<BackupReport> {
  const path = join(dataDir, DATABASE_NAME);
  if (!existsSync(path)) throw new StoreError('not-a-database', `there is no database in ${dataDir}`);
  const file = resolve(target);
  const release = reserve(file);
  const half = `${file}.part`;
  try {
    const source = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    try {
      forOwnerAlone(half);
      await backup(source, half, { rate: ALL_PAGES });
    } finally {
      source.close();
    }
    const about = inspected(half, { isOwn: true });
    toDisk(half);
    renameSync(half, file);
    return { file, bytes: statSync(file).size, ...about };
  } catch (error) {
    rmSync(half, { force: true });
    release();
    throw error;
  }
}

/**
 * Puts the backup at `source` in the place of the database of `dataDir`, which must exist. Refuses while a relay runs there,
 * and what is no whole backup of this relay's or an older schema. Throws StoreError with everything as it was.
 */
export function restoreDatabase(dataDir: string, source: string, now: Date): RestoreReport {
  if (!existsSync(source)) throw new StoreError('not-a-database', `there is no file ${source}`);
  const about = inspected(source, { isOwn: false });
  const unlock = lockDataDir(dataDir);
  const path = join(dataDir, DATABASE_NAME);
  const half = `${path}.restoring`;
  try {
    forOwnerAlone(half);
    copyInto(source, half);
    const revoked = carryOver(half, existsSync(path) ? path : undefined);
    toDisk(half);
    const keptAs = existsSync(path) ? setAside(path, now) : undefined;
    renameSync(half, path);
    toDisk(dataDir);
    return { ...about, ...(keptAs !== undefined && { keptAs }), revoked };
  } catch (error) {
    rmSync(half, { force: true });
    throw error;
  } finally {
    unlock();
  }
}

const DATABASE_NAME = 'relay.db';
const BUSY_TIMEOUT_MS = 5_000;

// Nobody else's file is written over, not even one that appears in the meantime.
function reserve(file: string): () => void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
    return () => rmSync(file, { force: true });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const words =
      code === 'EEXIST' ? `there is a file ${file} already: name another one` : `no file can be made at ${file}`;
    throw new StoreError('not-a-database', words, { cause });
  }
}

interface About {
  schema: number;
  conversations: number;
  newestCallAt?: string | undefined;
}

/** What a database holds, after it was checked through and through. A copy of ours becomes one file by itself. */
function inspected(path: string, { isOwn }: { isOwn: boolean }): About {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: !isOwn });
    if (isOwn) db.exec('PRAGMA journal_mode = DELETE');
    const { application_id: application } = db.prepare('PRAGMA application_id').get() ?? {};
    const schema = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
    if (application !== APPLICATION_ID) throw new StoreError('not-a-database', `${path} is no backup of a relay`);
    if (schema > newestSchema()) {
      throw new StoreError(
        'newer-database',
        `${path} was written by a newer relay (schema ${schema}, this relay knows ${newestSchema()}): update the relay`,
      );
    }
    const { integrity_check: fault } = db.prepare('PRAGMA integrity_check(1)').get() ?? {};
    if (fault !== 'ok') throw new StoreError('not-a-database', `${path} is damaged: ${String(fault)}`);
    const found = db.prepare('SELECT count(*) AS count, max(startedAt) AS newest FROM conversation').get() ?? {};
    const { count, newest } = found;
    return { schema, conversations: Number(count), ...(typeof newest === 'string' && { newestCallAt: newest }) };
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError('not-a-database', `${path} is damaged or no database`, { cause });
  } finally {
    db?.close();
  }
}

// Not as a file: what stands in a log beside it would be lost.
function copyInto(source: string, target: string): void {
  const db = new DatabaseSync(source, { readOnly: true });
  try {
    db.prepare('VACUUM INTO ?').run(target);
  } finally {
    db.close();
  }
}

// Before there is anything in it: a copy takes a while, and nobody else may read along.
function forOwnerAlone(file: string): void {
  rmSync(file, { force: true });
  closeSync(openSync(file, 'wx', 0o600));
}

/**
 * Takes over from the database that is left what must not be forgotten: orders, so that none is carried out twice, and
 * which devices were revoked. One that cannot be read has nothing to give. Answers how many devices stay out.
 */
function carryOver(restored: string, old: string | undefined): number {
  const db = new DatabaseSync(restored);
  try {
    db.prepare('UPDATE journal_cursor SET seq = seq + ?').run(CURSOR_LEAP);
    if (old === undefined || !isReadable(old)) return 0;
    db.prepare('ATTACH ? AS old').run(old);
    // The backup may be of an older schema: what both know is taken.
    const columns = columnsOf(db, 'main').filter((name) => columnsOf(db, 'old').includes(name));
    db.exec(`INSERT OR IGNORE INTO command (${columns.join()}) SELECT ${columns.join()} FROM old.command`);
    const { changes } = db
      .prepare(
        `UPDATE device SET revokedAt = (SELECT revokedAt FROM old.device WHERE old.device.deviceId = device.deviceId)
         WHERE revokedAt IS NULL
           AND deviceId IN (SELECT deviceId FROM old.device WHERE revokedAt IS NOT NULL)`,
      )
      .run();
    retireAgain(db);
    return Number(changes);
  } finally {
    db.close();
  }
}

// Devices of users that were removed since the backup, which brings those users back.
function retireAgain(db: DatabaseSync): void {
  const isKnown = db.prepare(`SELECT 1 FROM old.sqlite_schema WHERE name = 'retired_device'`).get() !== undefined;
  if (!isKnown) return;
  db.exec(
    `UPDATE device SET revokedAt =
       (SELECT retiredAt FROM old.retired_device AS gone WHERE gone.deviceId = main.device.deviceId)
     WHERE revokedAt IS NULL AND deviceId IN (SELECT deviceId FROM old.retired_device)`,
  );
}

function columnsOf(db: DatabaseSync, database: 'main' | 'old'): string[] {
  const rows = db.prepare(`SELECT name FROM pragma_table_info('command', ?)`).all(database);
  return rows.map((row) => String(row['name']));
}

function isReadable(path: string): boolean {
  try {
    inspected(path, { isOwn: false });
    return true;
  } catch (error) {
    // A newer relay's is still whole; a damaged one may be why somebody restores.
    return error instanceof StoreError && error.code === 'newer-database' && isWhole(path);
  }
}

function isWhole(path: string): boolean {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'] === 'ok';
  } finally {
    db.close();
  }
}

function setAside(path: string, now: Date): string {
  const kept = `${path}.before-restore-${now.toISOString().replace(/[-:]|\.\d+/g, '')}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, kept + suffix);
  }
  return kept;
}

function toDisk(path: string): void {
  // Folders cannot be opened on Windows, where a rename needs no such help.
  if (process.platform === 'win32' && statSync(path).isDirectory()) return;
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
