// The database's file: whose it is, who may open it, how it grows with the relay, and what it survives.
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase, StoreError } from '../../relay/src/store/database.ts';
import { MIGRATIONS } from '../../relay/src/store/migrations/all.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import { contactsIn } from '../../relay/src/store/sqlite-contacts.ts';
import type { Store } from '../../relay/src/store/store.ts';
import { aCommand, aConversation, SEED } from '../fakes/store-rows.ts';

let dataDir = '';
let store: Store;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-store-'));
  store = openSqliteStore(dataDir);
  await store.seed(SEED);
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

describe('the file', () => {
  test('it belongs to its owner alone', () => {
    for (const name of readdirSync(dataDir))
      expect([name, statSync(join(dataDir, name)).mode & 0o077]).toEqual([name, 0]);
  });

  test('a second relay in the same data folder is refused in words, and starts once the first has ended', async () => {
    expect(() => openSqliteStore(dataDir)).toThrow(/a relay is already running in the data folder/);
    await store.close();
    await store.close();
    store = openSqliteStore(dataDir);
    expect(await store.tenants()).toHaveLength(2);
  });

  test('a write waits for another program that holds the database, and both writes are there', async () => {
    const holder = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const db = new (require('node:sqlite').DatabaseSync)(workerData);
       db.exec('BEGIN IMMEDIATE');
       parentPort.postMessage('held');
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
       db.exec("UPDATE tenant SET name = 'held' WHERE tenantId = 'b'; COMMIT");
       db.close();`,
      { eval: true, workerData: join(dataDir, 'relay.db') },
    );
    const ended = once(holder, 'exit');
    await once(holder, 'message');
    await store.recordCommand(aCommand());
    expect((await store.tenants())[1]?.name).toBe('held');
    expect(await store.command('cmd-k1')).toBeDefined();
    await ended;
  });

  test('a write that fails leaves nothing of itself and does not block the next one', async () => {
    const nobody = aConversation({ tenantId: 'nowhere' });
    await expect(store.saveConversation(nobody)).rejects.toThrow(/FOREIGN KEY/);
    expect(await store.conversation('v1')).toBeUndefined();
    expect(await store.saveConversation(aConversation())).toEqual({ seq: 1 });
  });
});

describe('migrations', () => {
  const next = {
    version: MIGRATIONS.length + 1,
    name: 'a later one',
    sql: 'ALTER TABLE user ADD COLUMN mail TEXT; UPDATE user SET mail = login;',
  };
  const path = () => join(dataDir, 'relay.db');

  test('an older file is brought up to date after a backup of it was made', async () => {
    await store.close();
    openDatabase(path(), [...MIGRATIONS, next]).close();
    const migrated = new DatabaseSync(path());
    expect(
      migrated
        .prepare('SELECT mail FROM user ORDER BY mail')
        .all()
        .map((row) => row['mail']),
    ).toEqual(['anna', 'ben']);
    migrated.close();
    const backup = openDatabase(`${path()}.v${MIGRATIONS.length}.backup`);
    expect(backup.prepare('SELECT count(*) AS n FROM user').get()?.['n']).toBe(2);
    backup.close();
    rmSync(path());
    rmSync(`${path()}-wal`, { force: true });
  });

  test('contacts of the first schema keep their numbers, in their order', async () => {
    await store.close();
    const old = join(dataDir, 'old.db');
    const first = openDatabase(old, MIGRATIONS.slice(0, 1));
    first.exec(`INSERT INTO tenant (tenantId, name, country) VALUES ('a', 'Sample A', 'DE');
      INSERT INTO contact_source (tenantId, source, generation) VALUES ('a', 'crm', 1);
      INSERT INTO contact (tenantId, source, generation, contactId, name, numbers)
      VALUES ('a', 'crm', 1, '1', 'Sample', '["+493023125042","+491713920001"]'), ('a', 'crm', 1, '2', 'Empty', '[]')`);
    first.close();
    const migrated = openDatabase(old);
    const contacts = await contactsIn(migrated).contacts('a');
    expect(contacts.map(({ numbers }) => numbers)).toEqual([
      [{ number: '+493023125042' }, { number: '+491713920001' }],
      [],
    ]);
    migrated.close();
  });

  test('a newer file is refused with what to do, and is left as it is', async () => {
    await store.close();
    openDatabase(path(), [...MIGRATIONS, next]).close();
    const before = statSync(path()).mtimeMs;
    expect(() => openSqliteStore(dataDir)).toThrow(
      `written by a newer relay (schema ${MIGRATIONS.length + 1}, this relay knows ${MIGRATIONS.length}): update the relay`,
    );
    expect(statSync(path()).mtimeMs).toBe(before);
  });

  test('a migration that fails or would break a reference changes nothing', async () => {
    await store.close();
    const broken = [
      { ...next, sql: `${next.sql} SELECT no_such_column FROM user;` },
      { ...next, sql: 'PRAGMA defer_foreign_keys = ON; DELETE FROM tenant;' },
    ];
    for (const migration of broken) {
      expect(() => openDatabase(path(), [...MIGRATIONS, migration])).toThrow();
    }
    store = openSqliteStore(dataDir);
    expect(await store.tenants()).toEqual(SEED.tenants);
  });

  test('the versions count from 1 without gaps', () => {
    expect(MIGRATIONS.map((migration) => migration.version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  test('a file that is no database, and one of another program, are refused with words', async () => {
    await store.close();
    const foreign = join(dataDir, 'foreign.db');
    const db = new DatabaseSync(foreign);
    db.exec('CREATE TABLE mine (x)');
    db.close();
    expect(() => openDatabase(foreign)).toThrow(/another program's database/);
    const garbage = join(dataDir, 'garbage.db');
    writeFileSync(garbage, 'no database at all, but long enough to be read as the header of one '.repeat(20));
    expect(() => openDatabase(garbage)).toThrow(StoreError);
    expect(() => openDatabase(garbage)).toThrow(/damaged or no database/);
  });
});
