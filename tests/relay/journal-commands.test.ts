// `relay journal export` and `erase`: what is asked for, page by page, and nothing of anybody else.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEntry } from '@offhook/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ControlError } from '../../relay/src/control.ts';
import { journalHandlers } from '../../relay/src/journal-commands.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { Store } from '../../relay/src/store/store.ts';
import { createFakeBoard } from '../fakes/board.ts';
import { SEED } from '../fakes/store-rows.ts';
import { BERLIN } from './builders.ts';
import { aJournalLeg, CALLER, isoAt } from './journal-rig.ts';

let dataDir = '';
let store: Store;
let erased: unknown[] = [];
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-export-'));
  store = openSqliteStore(dataDir);
  await store.seed(SEED);
  erased = [];
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

const handlers = () =>
  journalHandlers({
    store,
    switchboard: { lines: (tenantId) => [...createFakeBoard().lines(tenantId)] },
    erasures: {
      async erase(...asked) {
        erased.push(asked);
        return { erased: 3, running: 0 };
      },
    },
    contactOf: () => undefined,
    locationsOf: () => [BERLIN],
  });

async function aCallAt(seconds: number, number = '+493023125042', tenantId = 'a'): Promise<void> {
  const leg = aJournalLeg({
    callId: `c-${tenantId}-${seconds}`,
    remote: { number: { kind: 'e164', number } },
    startedAt: isoAt(seconds),
    endedAt: isoAt(seconds + 1),
    cause: 'noAnswer',
  });
  await store.saveConversation({
    conversationId: `v-${tenantId}-${String(seconds).padStart(4, '0')}`,
    tenantId,
    direction: 'inbound',
    startedAt: isoAt(seconds),
    legs: [leg],
  });
}

async function exported(args: object): Promise<string[]> {
  const entries: JournalEntry[] = [];
  const { signal } = new AbortController();
  await handlers().exportJournal(args, { emit: (entry) => entries.push(entry), signal });
  return entries.map(({ startedAt }) => startedAt);
}

describe('the export', () => {
  test('goes through all pages, the newest first', async () => {
    for (let second = 0; second < 450; second += 1) await aCallAt(second);
    const times = await exported({});
    expect(times).toHaveLength(450);
    expect(times).toEqual([...times].sort().reverse());
  });

  test('goes on when there is room for more, page by page, and ends when nobody reads any longer', async () => {
    for (let second = 0; second < 450; second += 1) await aCallAt(second);
    const end = new AbortController();
    const emitted: number[] = [];
    let count = 0;
    const hasRoom = async () => {
      emitted.push(count);
      if (emitted.length === 2) end.abort();
    };
    await handlers().exportJournal({}, { emit: () => (count += 1), hasRoom, signal: end.signal });
    expect([emitted, count]).toEqual([[200, 400], 400]);
  });

  test('holds the calls of a time', async () => {
    for (const second of [0, 10, 20, 30]) await aCallAt(second);
    expect(await exported({ since: isoAt(10), until: isoAt(30) })).toEqual([isoAt(20), isoAt(10)]);
  });

  test('of a number holds its calls alone, however it is written', async () => {
    await aCallAt(0);
    await aCallAt(1, '+493023125099');
    for (const number of ['+49 30 23125042', '030 / 231 250-42', '23125042']) {
      expect(await exported({ number })).toEqual([isoAt(0)]);
    }
  });

  test('of a tenant holds its calls alone', async () => {
    await aCallAt(0);
    await aCallAt(1, '+493023125042', 'b');
    expect(await exported({ tenant: 'b' })).toEqual([isoAt(1)]);
    expect((await exported({})).sort()).toEqual([isoAt(0), isoAt(1)]);
    await expect(exported({ tenant: 'nobody' })).rejects.toThrow(
      new ControlError('refused', 'there is no tenant nobody, only a, b'),
    );
  });
});

describe('erasing', () => {
  const erase = async (args: { number: string; tenant?: string }) => {
    const items: unknown[] = [];
    await handlers().eraseJournal(args, { emit: (item) => items.push(item), signal: new AbortController().signal });
    return items;
  };

  test('reads the number as the tenant’s phone systems do', async () => {
    expect(await erase({ number: '030 23125042', tenant: 'a' })).toEqual([{ tenant: 'a', erased: 3, running: 0 }]);
    expect(erased).toEqual([['a', [CALLER, { kind: 'raw', text: '030 23125042' }]]]);
  });

  test('erases nothing for what is no number', async () => {
    await expect(erase({ number: 'Erika' })).rejects.toThrow('"Erika" is no number');
    expect(erased).toEqual([]);
  });
});
