// What is known of a store whose disk fails: from the first fault to the next write that succeeds, and by the room that is
// left. The faults are those of a real SQLite file.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { Store } from '../../relay/src/store/store.ts';
import { codeOfLoss, isDiskFault, watchStore } from '../../relay/src/store-watch.ts';
import { SILENT } from './builders.ts';

const HEARD = [{ pbxId: 'main', tenantId: 'company', until: '2026-11-21T10:00:00.000Z' }];
const COMPANY = { tenantId: 'company', name: 'Sample', country: 'DE' };
let dataDir = '';
let real: Store;
let fault: unknown;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-watch-'));
  real = openSqliteStore(dataDir);
  await real.seed({ tenants: [COMPANY], users: [], lines: [], grants: [] });
  fault = undefined;
});
afterEach(async () => {
  await real.close();
  rmSync(dataDir, { recursive: true });
});

/** What SQLite throws when a file may not grow any more. */
function fullError(): unknown {
  const db = new DatabaseSync(':memory:');
  db.exec('PRAGMA max_page_count = 2; CREATE TABLE sample (text)');
  try {
    for (;;) db.prepare('INSERT INTO sample VALUES (?)').run('x'.repeat(1000));
  } catch (error) {
    return error;
  } finally {
    db.close();
  }
}

/** What SQLite throws at a write where only reading is possible. */
function readOnlyError(): unknown {
  const db = new DatabaseSync(':memory:');
  db.exec('PRAGMA query_only = ON');
  try {
    db.exec('CREATE TABLE sample (text)');
    return undefined;
  } catch (error) {
    return error;
  } finally {
    db.close();
  }
}

function watched() {
  const failing: Store = {
    ...real,
    setHeard: (heard) => (fault === undefined ? real.setHeard(heard) : Promise.reject(fault)),
  };
  return watchStore(failing, { dataDir, log: SILENT });
}

describe('a watched store', () => {
  test.each([
    ['full', fullError],
    ['fault', readOnlyError],
  ] as const)('says %s from a failed write to the next one that succeeds', async (problem, errorOf) => {
    const watch = watched();
    expect(watch.problem()).toBeUndefined();
    fault = errorOf();
    await expect(watch.store.setHeard(HEARD)).rejects.toBe(fault);
    expect(watch.problem()).toBe(problem);
    // That something can be read says nothing.
    expect(await watch.store.tenants()).toEqual([COMPANY]);
    expect(watch.problem()).toBe(problem);
    fault = undefined;
    await watch.store.setHeard(HEARD);
    expect(watch.problem()).toBeUndefined();
    expect(await watch.store.heard()).toEqual(HEARD);
  });

  test('takes no fault of what was asked for one of the disk', async () => {
    const watch = watched();
    fault = new Error('a mistake');
    await expect(watch.store.setHeard(HEARD)).rejects.toBe(fault);
    expect(watch.problem()).toBeUndefined();
  });
});

test('what could not be kept is told by its own code where the disk is at fault, and only there', () => {
  expect([fullError(), readOnlyError()].map(codeOfLoss)).toEqual(['store-unavailable', 'store-unavailable']);
  expect([new Error('a mistake'), undefined, { errcode: 13 }].map(codeOfLoss)).toEqual(Array(3).fill('internal'));
  const constraint = Object.assign(new Error('UNIQUE constraint failed'), { errcode: 2067 });
  expect(isDiskFault(constraint)).toBe(false);
});
