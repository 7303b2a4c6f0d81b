// Opens the SQLite file: checks that it is ours and not newer than this relay, makes a backup and brings it up to date.
// A relay must never touch a database that it does not understand.
import { chmodSync, existsSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import * as v from 'valibot';
import { MIGRATIONS } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';

/** Why the store could not be opened or used; `message` says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: 'newer-database' | 'not-a-database' | 'in-use';
  constructor(code: StoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A row as SQLite answers it, before a schema has read it. */
export type Row = Record<string, SQLOutputValue>;

/** 'OFHK': tells our file from any other SQLite file. */
export const APPLICATION_ID = 0x4f46484b;
const BUSY_TIMEOUT_MS = 5_000;

/** The newest schema that this relay knows. */
export function newestSchema(migrations: readonly Migration[] = MIGRATIONS): number {
  return migrations.at(-1)?.version ?? 0;
}

/** Opens (or makes) the database at `path` with the newest schema. Throws StoreError with the remedy in words. */
export function openDatabase(path: string, migrations: readonly Migration[] = MIGRATIONS): DatabaseSync {
  const isNew = !existsSync(path);
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: BUSY_TIMEOUT_MS });
  try {
    if (isNew) chmodSync(path, 0o600);
    prepareFile(db, path, migrations);
    return db;
  } catch (error) {
    db.close();
    throw isDamage(error)
      ? new StoreError('not-a-database', `${path} is damaged or no database: restore a backup of it`, { cause: error })
      : error;
  }
}

function prepareFile(db: DatabaseSync, path: string, migrations: readonly Migration[]): void {
  const applicationId = pragmaNumber(db, 'application_id');
  const version = pragmaNumber(db, 'user_version');
  const isEmpty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (!isEmpty && applicationId !== APPLICATION_ID) {
    throw new StoreError('not-a-database', `${path} is another program's database: name another data folder`);
  }
  const newest = newestSchema(migrations);
  if (version > newest) {
    throw new StoreError(
      'newer-database',
      `${path} was written by a newer relay (schema ${version}, this relay knows ${newest}): ` +
        'update the relay, or restore the backup that was made before the update',
    );
  }
  db.exec('PRAGMA journal_mode = WAL');
  // FULL: what was acknowledged survives a power cut, not only a killed process.
  db.exec('PRAGMA synchronous = FULL');
  if (version > 0 && version < newest) backUp(db, `${path}.v${version}.backup`);
  for (const migration of migrations) if (migration.version > version) apply(db, migration);
}

// VACUUM INTO writes a whole, consistent copy in one statement. A backup of an earlier, failed attempt shows the same
// old schema and is kept: it is nearer to what the user had.
function backUp(db: DatabaseSync, target: string): void {
  if (existsSync(target)) return;
  db.prepare('VACUUM INTO ?').run(target);
  chmodSync(target, 0o600);
}

function apply(db: DatabaseSync, { version, sql }: Migration): void {
  // Rebuilding a table needs foreign keys off, which only works outside a transaction; they are checked before it ends.
  db.exec('PRAGMA foreign_keys = OFF');
  try {
    transaction(db, () => {
      db.exec(sql);
      const broken = db.prepare('PRAGMA foreign_key_check').get();
      if (broken) throw new Error(`migration ${version} would break a reference in table ${String(broken['table'])}`);
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      db.exec(`PRAGMA user_version = ${version}`);
    });
  } finally {
    db.exec('PRAGMA foreign_keys = ON');
  }
}

/** Runs `work` in one transaction that takes the write lock at once; a throw undoes all of it. */
export function transaction<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // A failed COMMIT (disk full) may have rolled back by itself already.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** A nullable column as an optional field. */
export function optional<Output>(schema: v.GenericSchema<unknown, Output>) {
  return v.pipe(
    v.nullable(schema),
    v.transform((value): Output | undefined => value ?? undefined),
  );
}

/** A text column that holds JSON of the given shape. */
export function jsonOf<Output>(schema: v.GenericSchema<unknown, Output>) {
  return v.pipe(v.string(), v.parseJson(), schema);
}

/** A column that holds 0 or 1. */
export const flag = v.pipe(
  v.number(),
  v.transform((value) => value !== 0),
);

/** An optional value as SQLite wants it. */
export function orNull<Value>(value: Value | undefined): Value | null {
  return value ?? null;
}

/** An optional object as a JSON column. */
export function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function pragmaNumber(db: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return v.parse(v.number(), db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

/** Whether this is what SQLite says of a file that is damaged or none of its own (SQLITE_CORRUPT, SQLITE_NOTADB). */
export function isDamage(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (error.errcode === 26 || error.errcode === 11);
}
