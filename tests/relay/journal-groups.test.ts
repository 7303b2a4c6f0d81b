// Calls as a phone system really reports them, from the exchange through switchboard and journal to the entry that each
// agent sees: who missed what, who answered, where a call went.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEntry } from '@offhook/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Journal, openJournal } from '../../relay/src/journal.ts';
import { entryOf } from '../../relay/src/journal-entry.ts';
import { createExchange, type Exchange } from '../../relay/src/pbx/simulator/exchange.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { Store } from '../../relay/src/store/store.ts';
import { createSwitchboard, type Switchboard } from '../../relay/src/switchboard.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';
import { SEED } from '../fakes/store-rows.ts';
import { aViewer, BERLIN, SILENT } from './builders.ts';

const LINES = Array.from({ length: 10 }, (_, index) => ({
  extension: String(10 + index),
  name: `Agent ${10 + index}`,
}));
const CALLER = '03023125042';

let dataDir = '';
let store: Store;
let journal: Journal;
let board: Switchboard;
let exchange: Exchange;
let clock: FakeClock;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-groups-'));
  store = openSqliteStore(dataDir);
  await store.seed({ ...SEED, tenants: [{ tenantId: 'company', name: 'Sample', country: 'DE' }, ...SEED.tenants] });
  clock = createFakeClock();
  journal = await openJournal({ store, clock, log: SILENT });
  board = createSwitchboard({ clock, log: SILENT, epoch: 'e', journal, locationOf: () => BERLIN });
  board.attach({ pbxId: 'main', tenantId: 'company', lines: [] });
  exchange = createExchange({
    clock,
    lines: LINES,
    groups: [{ extension: '90', name: 'Sales', members: LINES.map(({ extension }) => extension) }],
    outsideLine: '0',
  });
  board.applySnapshot('main', exchange.snapshot());
  exchange.onEvent((event) => board.handle('main', event));
});
afterEach(async () => {
  board.close();
  await journal.close();
  await store.close();
  rmSync(dataDir, { recursive: true });
});

/** What the agent of a line sees, newest first. */
async function seenBy(extension: string): Promise<JournalEntry[]> {
  await journal.drained();
  const lines = board.lines('company');
  const lineId = lines.find((line) => line.extension === extension)?.lineId ?? '';
  const viewer = aViewer({ tenantId: 'company', grants: [{ userId: 'user-1', lineId, rights: [], isOwn: true }] });
  const page = await store.journalPage({ tenantId: 'company', lineIds: [lineId], limit: 50 });
  return page.flatMap((conversation) => {
    const entry = entryOf(conversation, {
      rightsOn: viewer.rightsOn,
      contactOf: () => undefined,
      lineName: (id) => lines.find((line) => line.lineId === id)?.name,
    });
    return entry && !('gone' in entry) ? [entry] : [];
  });
}

describe('ten phones ring', () => {
  test('and one answers: nobody missed it, and all see who has it', async () => {
    exchange.callIn({ to: '90', from: CALLER });
    clock.advance(4_000);
    exchange.hands.lift('14');
    exchange.hands.hangUp('14');
    for (const { extension } of LINES) {
      const entries = await seenBy(extension);
      expect(entries).toHaveLength(1);
      const isHis = extension === '14';
      expect(entries[0]).toMatchObject(
        isHis ? { outcome: 'answered', group: 'Sales' } : { outcome: 'answeredElsewhere', answeredBy: 'Agent 14' },
      );
    }
  });

  test('and none answers: the group has missed one call, once for each who looks', async () => {
    exchange.callIn({ to: '90', from: CALLER });
    clock.advance(61_000);
    const all = await Promise.all(LINES.map(({ extension }) => seenBy(extension)));
    expect(all.map((entries) => entries.map(({ outcome, group }) => [outcome, group]))).toEqual(
      LINES.map(() => [['missed', 'Sales']]),
    );
    expect(new Set(all.flat().map(({ entryId }) => entryId)).size).toBe(1);
  });

  test('while they ring, nothing is missed yet', async () => {
    exchange.callIn({ to: '90', from: CALLER });
    expect((await seenBy('10'))[0]).not.toHaveProperty('outcome');
    // One declines; the others may still answer.
    exchange.hands.reject('10');
    expect((await seenBy('10'))[0]).not.toHaveProperty('outcome');
    exchange.hands.lift('11');
    expect((await seenBy('10'))[0]).toMatchObject({ outcome: 'answeredElsewhere', answeredBy: 'Agent 11' });
  });

  test('a colleague outside of the group picks it up: it was answered elsewhere', async () => {
    exchange.callIn({ to: '10', from: CALLER });
    exchange.order({ commandKey: 'k', name: 'pickup', lineKey: '19', otherLineKey: '10' });
    expect((await seenBy('10'))[0]).toMatchObject({ outcome: 'answeredElsewhere', answeredBy: 'Agent 19' });
    expect((await seenBy('19'))[0]).toMatchObject({ outcome: 'answered' });
  });
});

describe('a call that goes elsewhere', () => {
  test('forwarded when nobody answers: one conversation, missed by nobody where the next one answers', async () => {
    exchange.order({ commandKey: 'k', name: 'setForward', lineKey: '10', when: 'noAnswer', dialString: '11' });
    exchange.callIn({ to: '10', from: CALLER });
    clock.advance(61_000);
    exchange.hands.lift('11');
    const [first, ...rest] = await seenBy('10');
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ outcome: 'answeredElsewhere', answeredBy: 'Agent 11', cause: 'forwarded' });
    expect((await seenBy('11'))[0]?.entryId).toBe(first?.entryId);
  });

  test('forwarded, and nobody answers there either: missed once', async () => {
    exchange.order({ commandKey: 'k', name: 'setForward', lineKey: '10', when: 'noAnswer', dialString: '11' });
    exchange.callIn({ to: '10', from: CALLER });
    clock.advance(130_000);
    expect((await seenBy('10')).map(({ outcome }) => outcome)).toEqual(['missed']);
    expect((await seenBy('11')).map(({ outcome }) => outcome)).toEqual(['missed']);
    expect((await seenBy('10'))[0]?.entryId).toBe((await seenBy('11'))[0]?.entryId);
  });

  test('transferred after asking: caller and both agents are one conversation', async () => {
    exchange.callIn({ to: '10', from: CALLER });
    exchange.hands.lift('10');
    exchange.hands.consult('10', '11');
    exchange.hands.lift('11');
    exchange.hands.completeTransfer('10');
    exchange.hands.hangUp('11');
    const seen = [await seenBy('10'), await seenBy('11')];
    expect(seen.map((entries) => entries.length)).toEqual([1, 1]);
    expect(seen[0]?.[0]?.entryId).toBe(seen[1]?.[0]?.entryId);
    expect(seen[0]?.[0]).toMatchObject({ outcome: 'answered', cause: 'transferred' });
    expect(seen[1]?.[0]).toMatchObject({ outcome: 'answered' });
  });
});

test('where a phone system never tells the answer, no talk is claimed to be known', async () => {
  const leg = {
    lineKey: '10',
    callKey: 'k',
    direction: 'outbound',
    answerReported: false,
    since: clock.now(),
  } as const;
  const remote = { number: CALLER };
  board.handle('main', { type: 'leg', leg: { ...leg, state: 'dialing', remote, capabilities: ['drop'] } });
  clock.advance(30_000);
  board.handle('main', { type: 'leg', leg: { ...leg, state: 'ended', cause: 'normal', remote, capabilities: [] } });
  expect((await seenBy('10'))[0]).toMatchObject({ isEstimated: true });
});
