// What leaves the journal leaves it whole and stays out: calls that must not be kept, erased ones, old ones; and a great
// many of them at once hold up nothing else.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openErasures } from '../../relay/src/erasures.ts';
import { openGaps } from '../../relay/src/gaps.ts';
import { type Journal, openJournal } from '../../relay/src/journal.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { JournalLeg, Store } from '../../relay/src/store/store.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';
import { SEED } from '../fakes/store-rows.ts';
import { SILENT } from './builders.ts';
import { aChange, CALLER, isoAt, START } from './journal-rig.ts';

const PRIVATE = { kind: 'e164', number: '+493023125099' } as const;
const isPrivate = ({ remote }: JournalLeg) => JSON.stringify(remote.number) === JSON.stringify(PRIVATE);

let dataDir = '';
let file = '';
let store: Store;
let journal: Journal;
let clock: FakeClock;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-removal-'));
  file = join(dataDir, 'erasures.jsonl');
  store = openSqliteStore(dataDir);
  await store.seed({ ...SEED, tenants: [{ tenantId: 'company', name: 'Sample', country: 'DE' }, ...SEED.tenants] });
  clock = createFakeClock(START);
  journal = await openJournal({ store, clock, log: SILENT, isUnrecorded: isPrivate });
});
afterEach(async () => {
  await journal.close();
  await store.close();
  rmSync(dataDir, { recursive: true });
});

async function aPastCall(n: number, number: typeof CALLER = CALLER): Promise<void> {
  const since = START + n * 1_000;
  const call = { callId: `c-${n}`, conversationId: `v-${n}`, since, remote: { number, name: 'Erika Example' } };
  journal.legChanged(aChange(call));
  journal.legChanged(aChange({ ...call, state: 'ended', cause: 'noAnswer', endedAt: since + 500 }));
  await journal.drained();
}

const aNote = (conversationId: string) => ({
  ...{ userId: 'ada', key: `k-${conversationId}`, argsHash: 'h', conversationId },
  text: 'Erika Example wants to be called back',
  writtenAt: isoAt(0),
});
const aCallBack = (conversationId: string) => ({ conversationId, userId: 'ada', name: 'Ada', takenAt: isoAt(0) });
const anEraser = () => openErasures({ store, journal, file, clock, log: SILENT });
const idsIn = async () => {
  const page = await store.journalPage({ tenantId: 'company', lineIds: 'all', limit: 500 });
  return page.map(({ conversationId }) => conversationId);
};

test('a call that becomes part of one that is never kept goes with it, and what comes after it is written down', async () => {
  journal.legChanged(aChange({ callId: 'c-0', conversationId: 'v-0', remote: { number: PRIVATE } }));
  journal.legChanged(aChange({ callId: 'c-1', conversationId: 'v-1', since: START + 1_000 }));
  await journal.writeNote(aNote('v-1'));
  await journal.takeCallBack(aCallBack('v-1'));
  journal.joined({ from: 'v-1', into: 'v-0' });
  journal.legChanged(aChange({ callId: 'c-2', conversationId: 'v-2' }));
  // Behind them in the queue: where one of them cannot be written, this is never answered.
  await journal.writeNote(aNote('v-2'));
  expect(await idsIn()).toEqual(['v-2']);
  const left = JSON.stringify(await store.conversation('v-1'));
  expect(left).not.toContain('Erika');
  expect(left).not.toContain(CALLER.kind === 'e164' && CALLER.number);
});

test('nothing can be written at an erased call any more', async () => {
  await aPastCall(0);
  await (await anEraser()).erase('company', [CALLER]);
  expect(await journal.writeNote(aNote('v-0'))).toEqual({ type: 'unknown' });
  expect(await journal.takeCallBack(aCallBack('v-0'))).toEqual({ type: 'unknown' });
  expect(await store.conversation('v-0')).not.toHaveProperty('note');
});

test('an erasure is listed behind a line that a power cut tore, and a torn beginning keeps no relay from starting', async () => {
  writeFileSync(file, '{"sal');
  await (await anEraser()).erase('company', [CALLER]);
  appendFileSync(file, '{"tenantId":"comp');
  await (await anEraser()).erase('company', [PRIVATE]);
  const rows = readFileSync(file, 'utf8').split('\n');
  expect(rows.filter((row) => row.endsWith('}'))).toHaveLength(3);
  // Rows that belong to a lost salt say nothing: starting without them would bring back what was erased.
  writeFileSync(file, `{"sal\n${rows.slice(1).join('\n')}`);
  await expect(anEraser()).rejects.toThrow('take it from a backup');
});

test('what happens while a great many old calls are taken out is written down in between', async () => {
  for (let n = 0; n < 70; n += 1) await aPastCall(n);
  const order: string[] = [];
  journal.onConversation(({ conversationId, mergedInto }) => {
    if (order.length === 0)
      journal.legChanged(aChange({ callId: 'c-x', conversationId: 'v-x', since: START + 90_000 }));
    order.push(mergedInto === undefined ? conversationId : 'old');
  });
  expect(await journal.purge('company', isoAt(80))).toBe(70);
  expect(order.indexOf('v-x')).toBeLessThan(40);
  expect(await idsIn()).toEqual(['v-x']);
});

test('old calls that were joined or erased go like all others, and are found without a look at every call', async () => {
  await aPastCall(0);
  await aPastCall(1);
  journal.joined({ from: 'v-1', into: 'v-0' });
  await journal.drained();
  await aPastCall(2);
  await journal.erase(['v-2']);
  clock.advance(100_000);
  await aPastCall(90);
  expect(await journal.purge('company', isoAt(80))).toBe(3);
  expect(await store.journalSince({ tenantId: 'company', seq: 0, limit: 50 })).toMatchObject([
    { conversationId: 'v-90' },
  ]);
  const db = new DatabaseSync(join(dataDir, 'relay.db'), { readOnly: true });
  for (const condition of ['IS NULL', 'IS NOT NULL']) {
    const asked = `SELECT conversationId FROM conversation WHERE tenantId = 'a' AND startedAt < 'b' AND mergedInto ${condition}`;
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${asked}`).all();
    expect(JSON.stringify(plan)).toContain('(tenantId=? AND startedAt<?)');
  }
  db.close();
});

test('gaps are read once for all who ask, and anew when one came, ended or was taken out', async () => {
  let reads = 0;
  const counting: Store = { ...store, gaps: (...asked) => store.gaps(...asked).finally(() => (reads += 1)) };
  const systems = [{ pbxId: 'main', tenantId: 'company' }];
  const gaps = await openGaps({ store: counting, clock, log: SILENT, systems });
  const count = async () => (await Promise.all([1, 2, 3].map(() => gaps.of('company'))))[2]?.length;
  gaps.found('main');
  await gaps.drained();
  expect([await count(), reads]).toEqual([0, 1]);
  gaps.lost('main');
  await gaps.drained();
  expect([await count(), reads]).toEqual([1, 2]);
  gaps.found('main');
  await gaps.drained();
  expect((await gaps.of('company'))[0]).toHaveProperty('endedAt', isoAt(0));
  await gaps.forget('company', isoAt(10));
  expect(await count()).toBe(0);
  await gaps.close();
});
