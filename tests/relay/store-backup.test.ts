// A backup is taken while the relay writes, is whole, and can be gone back to without forgetting what must not be forgotten.
import {
  chmodSync,
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backUpDatabase, restoreDatabase } from '../../relay/src/store/backup.ts';
import { newestSchema, StoreError } from '../../relay/src/store/database.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { Store } from '../../relay/src/store/store.ts';
import { aCommand, aConversation, SEED } from '../fakes/store-rows.ts';

const NOW = new Date('2026-11-22T10:00:00.000Z');
let dataDir = '';
let store: Store;
let backup = '';

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-backup-'));
  backup = join(dataDir, 'kept', '..', 'backup.db');
  store = openSqliteStore(dataDir);
  await store.seed(SEED);
  await store.saveConversation(aConversation());
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

const aDevice = (deviceId: string) => ({
  deviceId,
  userId: 'a.anna',
  name: 'Sample browser',
  publicKey: 'key',
  origin: 'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
  createdAt: '2026-11-21T10:00:00.000Z',
});

describe('a backup', () => {
  test('is one checked file for its owner alone, taken from a database in use', async () => {
    const report = await backUpDatabase(dataDir, backup);
    expect(report).toMatchObject({ schema: newestSchema(), conversations: 1, bytes: statSync(backup).size });
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('backup'))).toEqual(['backup.db']);
    // What was written after it is not in it, and the database in use goes on.
    await store.saveConversation(aConversation({ conversationId: 'v2' }));
    const copy = new DatabaseSync(backup, { readOnly: true });
    expect(copy.prepare('SELECT count(*) AS n FROM conversation').get()).toEqual({ n: 1 });
    copy.close();
  });

  test('is written where nobody can read along, not even who had opened the rest of one that failed', async () => {
    writeFileSync(`${backup}.part`, '', { mode: 0o644 });
    const reader = openSync(`${backup}.part`, 'r');
    await backUpDatabase(dataDir, backup);
    expect(fstatSync(reader).size).toBe(0);
    closeSync(reader);
  });

  test('writes over nothing, and leaves nothing behind when it fails', async () => {
    writeFileSync(backup, 'somebody’s own');
    await expect(backUpDatabase(dataDir, backup)).rejects.toThrow(/there is a file .*backup\.db already/);
    expect(readFileSync(backup, 'utf8')).toBe('somebody’s own');
    await expect(backUpDatabase(dataDir, join(dataDir, 'no', 'such', 'folder'))).rejects.toThrow(/no file can be made/);
    await expect(backUpDatabase(join(dataDir, 'empty'), join(dataDir, 'other'))).rejects.toThrow(
      /there is no database/,
    );
    expect(readdirSync(dataDir)).not.toContain('other');
  });
});

describe('going back', () => {
  test('is refused while a relay runs, and changes nothing', async () => {
    await backUpDatabase(dataDir, backup);
    expect(() => restoreDatabase(dataDir, backup, NOW)).toThrow(/a relay is already running/);
    expect(readdirSync(dataDir).filter((name) => name.includes('restor'))).toEqual([]);
  });

  test('brings the backup’s calls and keeps the database from before beside it', async () => {
    await backUpDatabase(dataDir, backup);
    await store.saveConversation(aConversation({ conversationId: 'v2' }));
    await store.close();
    const report = restoreDatabase(dataDir, backup, NOW);
    expect(report).toMatchObject({ conversations: 1, newestCallAt: '2026-11-21T10:00:00.000Z', revoked: 0 });
    expect(report.keptAs).toBe(join(dataDir, 'relay.db.before-restore-20261122T100000Z'));
    const kept = new DatabaseSync(report.keptAs ?? '', { readOnly: true });
    expect(kept.prepare('SELECT count(*) AS n FROM conversation').get()).toEqual({ n: 2 });
    kept.close();
    store = openSqliteStore(dataDir);
    expect(await store.journalPage({ tenantId: 'a', lineIds: 'all', limit: 9 })).toHaveLength(1);
    expect(statSync(join(dataDir, 'relay.db')).mode & 0o777).toBe(0o600);
  });

  test('a journal cursor from before hides nothing that happens afterwards', async () => {
    await backUpDatabase(dataDir, backup);
    for (let n = 2; n < 9; n += 1) await store.saveConversation(aConversation({ conversationId: `v${n}` }));
    const seen = await store.journalSeq();
    await store.close();
    restoreDatabase(dataDir, backup, NOW);
    store = openSqliteStore(dataDir);
    await store.saveConversation(aConversation({ conversationId: 'v9' }));
    const missed = await store.journalSince({ tenantId: 'a', seq: seen, limit: 9 });
    expect(missed.map(({ conversationId }) => conversationId)).toEqual(['v9']);
  });

  test('an order since the backup is still known, so that it is not carried out twice', async () => {
    await backUpDatabase(dataDir, backup);
    await store.recordCommand(aCommand({ key: 'since' }));
    await store.close();
    restoreDatabase(dataDir, backup, NOW);
    store = openSqliteStore(dataDir);
    expect(await store.command('cmd-since')).toBeDefined();
  });

  test('a user who was removed since the backup comes back, but none of the browsers of then', async () => {
    await store.addDevice(aDevice('of-anna'));
    await backUpDatabase(dataDir, backup);
    await store.changePeople([{ type: 'remove-user', userId: 'a.anna', at: '2026-11-22T09:00:00.000Z' }]);
    await store.close();
    restoreDatabase(dataDir, backup, NOW);
    store = openSqliteStore(dataDir);
    expect((await store.users()).map(({ userId }) => userId)).toContain('a.anna');
    expect((await store.device('of-anna'))?.revokedAt).toBe('2026-11-22T09:00:00.000Z');
  });

  test('a device that was revoked since the backup stays out, the others come back', async () => {
    for (const id of ['lost', 'good']) await store.addDevice(aDevice(id));
    await backUpDatabase(dataDir, backup);
    await store.revokeDevice('lost', '2026-11-22T09:00:00.000Z');
    await store.close();
    expect(restoreDatabase(dataDir, backup, NOW).revoked).toBe(1);
    store = openSqliteStore(dataDir);
    expect((await store.device('lost'))?.revokedAt).toBe('2026-11-22T09:00:00.000Z');
    expect((await store.device('good'))?.revokedAt).toBeUndefined();
  });

  test('from a newer relay’s database, too, what must not be forgotten is taken along', async () => {
    await store.addDevice(aDevice('lost'));
    await backUpDatabase(dataDir, backup);
    await store.revokeDevice('lost', '2026-11-22T09:00:00.000Z');
    await store.recordCommand(aCommand({ key: 'since' }));
    await store.close();
    const newer = new DatabaseSync(join(dataDir, 'relay.db'));
    newer.exec("PRAGMA user_version = 999; ALTER TABLE command ADD COLUMN more TEXT NOT NULL DEFAULT ''");
    newer.close();
    expect(restoreDatabase(dataDir, backup, NOW).revoked).toBe(1);
    store = openSqliteStore(dataDir);
    expect(await store.command('cmd-since')).toBeDefined();
  });

  test('a damaged database is gone back from, too, and kept', async () => {
    await backUpDatabase(dataDir, backup);
    await store.close();
    writeFileSync(join(dataDir, 'relay.db'), 'x'.repeat(5_000));
    expect(restoreDatabase(dataDir, backup, NOW).keptAs).toBeDefined();
    store = openSqliteStore(dataDir);
    expect(await store.tenants()).toHaveLength(2);
  });

  test.each([
    [
      'a newer relay’s',
      'newer-database',
      /written by a newer relay/,
      (db: DatabaseSync) => db.exec('PRAGMA user_version = 999'),
    ],
    [
      'another program’s',
      'not-a-database',
      /no backup of a relay/,
      (db: DatabaseSync) => db.exec('PRAGMA application_id = 7'),
    ],
  ])('%s file is refused, and everything stays', async (_whose, code, words, spoil) => {
    await backUpDatabase(dataDir, backup);
    const db = new DatabaseSync(backup);
    spoil(db);
    db.close();
    await store.close();
    const before = readFileSync(join(dataDir, 'relay.db'));
    expect(() => restoreDatabase(dataDir, backup, NOW)).toThrow(expect.objectContaining({ code }));
    expect(() => restoreDatabase(dataDir, backup, NOW)).toThrow(words);
    expect(readFileSync(join(dataDir, 'relay.db')).equals(before)).toBe(true);
  });

  test('a backup with a broken page is refused before anything is touched', async () => {
    for (let n = 0; n < 200; n += 1) {
      await store.saveConversation(
        aConversation({ conversationId: `v-${n}`, startedAt: `2026-11-21T10:00:00.${n + 100}Z` }),
      );
    }
    await backUpDatabase(dataDir, backup);
    await store.close();
    const bytes = readFileSync(backup);
    bytes.fill(0xff, 4096 * 3, 4096 * 6);
    chmodSync(backup, 0o600);
    writeFileSync(backup, bytes);
    expect(() => restoreDatabase(dataDir, backup, NOW)).toThrow(StoreError);
    expect(readdirSync(dataDir).filter((name) => name.includes('restor'))).toEqual([]);
  });
});
