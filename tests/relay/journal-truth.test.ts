// What the journal knows of itself, over a real store: when nobody was listening, who calls back, what is never kept, what
// leaves it again, and who changed what.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientMessage } from '@offhook/protocol';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { audited } from '../../relay/src/audit.ts';
import { createCallBacks } from '../../relay/src/call-backs.ts';
import { ControlError } from '../../relay/src/control.ts';
import { openErasures } from '../../relay/src/erasures.ts';
import { openGaps } from '../../relay/src/gaps.ts';
import { type Journal, openJournal } from '../../relay/src/journal.ts';
import { entryOf } from '../../relay/src/journal-entry.ts';
import {
  JournalSettingsSchema,
  keptSince,
  neverTest,
  USUAL_JOURNAL_SETTINGS,
} from '../../relay/src/journal-settings.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { Conversation, JournalLeg, Store } from '../../relay/src/store/store.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';
import { noHandlers } from '../fakes/control.ts';
import { SEED } from '../fakes/store-rows.ts';
import { aGrant, aViewer, BERLIN, SILENT } from './builders.ts';
import { aChange, CALLER, START } from './journal-rig.ts';

const OTHER = { kind: 'e164', number: '+493023125099' } as const;
const DAY_MS = 86_400_000;

let dataDir = '';
let store: Store;
let journal: Journal;
let clock: FakeClock;
let told: Conversation[] = [];
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-truth-'));
  store = openSqliteStore(dataDir);
  await store.seed({ ...SEED, tenants: [{ tenantId: 'company', name: 'Sample', country: 'DE' }, ...SEED.tenants] });
  clock = createFakeClock(START);
  await reopen();
});
afterEach(async () => {
  await journal.close();
  await store.close();
  rmSync(dataDir, { recursive: true });
});

async function reopen(isUnrecorded?: (leg: JournalLeg) => boolean): Promise<void> {
  journal = await openJournal({ store, clock, log: SILENT, isUnrecorded });
  told = [];
  journal.onConversation((conversation) => told.push(conversation));
}

/** A call that is over, `n` hours after the start. */
async function aPastCall(n: number, number: typeof CALLER = CALLER): Promise<void> {
  const since = START + n * 3_600_000;
  const call = { callId: `c-${n}`, conversationId: `v-${n}`, since, remote: { number, name: 'Erika Example' } };
  journal.legChanged(aChange(call));
  journal.legChanged(aChange({ ...call, state: 'ended', cause: 'noAnswer', endedAt: since + 9_000 }));
  await journal.drained();
}

const owner = (userId = 'ada') =>
  aViewer({ userId, tenantId: 'company', grants: [{ userId, lineId: 'l-10', rights: [], isOwn: true }] });
const idsIn = async () => {
  const page = await store.journalPage({ tenantId: 'company', lineIds: 'all', limit: 50 });
  return page.map(({ conversationId }) => conversationId);
};

describe('gaps', () => {
  const systems = [{ pbxId: 'main', tenantId: 'company' }];
  const open = () => openGaps({ store, clock, log: SILENT, systems });

  test('a link that was down is one gap, however often it was tried, with the time it took', async () => {
    const gaps = await open();
    const changes: string[] = [];
    gaps.onChange((tenantId) => changes.push(tenantId));
    gaps.found('main');
    clock.advance(60_000);
    gaps.lost('main');
    gaps.lost('main');
    clock.advance(30_000);
    gaps.lost('main');
    await gaps.drained();
    const gap = { pbxId: 'main', reason: 'pbx', startedAt: new Date(START + 60_000).toISOString() };
    expect(await gaps.of('company')).toMatchObject([{ ...gap, endedAt: undefined }]);
    gaps.found('main');
    await gaps.drained();
    expect(await gaps.of('company')).toMatchObject([{ ...gap, endedAt: new Date(START + 90_000).toISOString() }]);
    expect(changes).toEqual(['company', 'company']);
    await gaps.close();
  });

  test('the first start of a relay has missed nothing, even where the phone system is not there yet', async () => {
    const gaps = await open();
    gaps.lost('main');
    await gaps.drained();
    expect(await gaps.of('company')).toEqual([]);
    gaps.found('main');
    await gaps.close();
    expect(await gaps.of('company')).toEqual([]);
  });

  test('a relay that was stopped has missed what was between its end and its phone system’s first word', async () => {
    const first = await open();
    first.found('main');
    clock.advance(10_000);
    await first.close();
    clock.advance(120_000);
    const second = await open();
    await second.drained();
    const startedAt = new Date(START + 10_000).toISOString();
    expect(await second.of('company')).toMatchObject([{ reason: 'relay', startedAt, endedAt: undefined }]);
    clock.advance(1_000);
    second.found('main');
    await second.drained();
    expect(await second.of('company')).toMatchObject([{ startedAt, endedAt: new Date(START + 131_000).toISOString() }]);
    await second.close();
  });

  test('a relay that was killed has missed what came after its last sign of life', async () => {
    const killed = await open();
    killed.found('main');
    clock.advance(65_000);
    await killed.drained();
    // Nobody closed it.
    const second = await open();
    await second.drained();
    expect(await second.of('company')).toMatchObject([{ startedAt: new Date(START + 60_000).toISOString() }]);
    await second.close();
  });

  test('a link that was down when the relay stopped is still the same gap', async () => {
    const first = await open();
    first.found('main');
    first.lost('main');
    await first.close();
    const second = await open();
    await second.drained();
    expect(await second.of('company')).toMatchObject([{ reason: 'pbx', endedAt: undefined }]);
    await second.close();
  });

  test('of another company there is nothing to see', async () => {
    const gaps = await open();
    gaps.found('main');
    gaps.lost('main');
    await gaps.drained();
    expect(await gaps.of('a')).toEqual([]);
    await gaps.close();
  });
});

describe('who calls back', () => {
  const take = (entryId = 'v-0', isTaken = true): ClientMessage & { type: 'call-back' } => {
    return { type: 'call-back', id: 'm1', entryId, take: isTaken };
  };
  const backs = () => createCallBacks({ journal, clock, log: SILENT });
  const shownTo = (viewer: ReturnType<typeof owner>) =>
    entryOf(told.at(-1)!, {
      userId: viewer.user.userId,
      rightsOn: viewer.rightsOn,
      contactOf: () => undefined,
      lineName: () => undefined,
    });

  test('is one colleague, the first, and all see who', async () => {
    await aPastCall(0);
    expect(await backs().change(owner(), take())).toEqual({ state: 'done' });
    expect(await backs().change(owner('ben'), take())).toEqual({ state: 'failed', code: 'already-taken' });
    expect(shownTo(owner())).toMatchObject({ callBack: { by: 'Sample ada', isMine: true } });
    expect(shownTo(owner('ben'))).toMatchObject({ callBack: { by: 'Sample ada', isMine: false } });
    const watcher = aViewer({ userId: 'cleo', tenantId: 'company', grants: [aGrant('cleo', 'l-10', 'watch')] });
    expect(shownTo(watcher)).toHaveProperty('callBack.isMine', false);
    expect(shownTo(watcher)).not.toHaveProperty('callBack.by');
  });

  test('may give it up again, and only he', async () => {
    await aPastCall(0);
    await backs().change(owner(), take());
    await backs().change(owner('ben'), take('v-0', false));
    expect((await store.conversation('v-0'))?.callBack).toMatchObject({ userId: 'ada' });
    await backs().change(owner(), take('v-0', false));
    expect(shownTo(owner('ben'))).not.toHaveProperty('callBack');
    expect(await backs().change(owner('ben'), take())).toEqual({ state: 'done' });
  });

  test('needs a line that the call touched; what is not seen is not there', async () => {
    await aPastCall(0);
    const watcher = aViewer({ userId: 'cleo', tenantId: 'company', grants: [aGrant('cleo', 'l-10', 'watch')] });
    expect(await backs().change(watcher, take())).toEqual({ state: 'failed', code: 'not-permitted' });
    const stranger = aViewer({ tenantId: 'company', grants: [aGrant('user-1', 'l-11', 'watch', 'control')] });
    expect(await backs().change(stranger, take())).toEqual({ state: 'failed', code: 'call-unknown' });
    expect(await backs().change(owner(), take('v-9'))).toEqual({ state: 'failed', code: 'call-unknown' });
    const abroad = aViewer({ tenantId: 'a', grants: [{ userId: 'user-1', lineId: 'l-10', rights: [], isOwn: true }] });
    expect(await backs().change(abroad, take())).toEqual({ state: 'failed', code: 'call-unknown' });
  });

  test('stays with the call when that turns out to be part of another one, and over a restart', async () => {
    journal.legChanged(aChange());
    journal.legChanged(aChange({ callId: 'c-2', conversationId: 'v-2', since: START + 1_000 }));
    await backs().change(owner(), take('v-2'));
    journal.joined({ from: 'v-2', into: 'v-1' });
    await journal.drained();
    expect(shownTo(owner())).toMatchObject({ entryId: 'v-1', callBack: { isMine: true } });
    expect((await store.conversation('v-1'))?.callBack).toMatchObject({ userId: 'ada' });
  });
});

describe('what is never kept', () => {
  const rules = {
    ...USUAL_JOURNAL_SETTINGS,
    neverNumbers: ['030 23125042', '+49 171 392001*', '31'],
    neverLines: ['19'],
  };
  const extensionOf = (lineId: string) => lineId.slice(2);
  const isNever = neverTest(rules, { location: BERLIN, extensionOf });
  const leg = (part: Partial<JournalLeg>): JournalLeg => {
    const known = { callId: 'c', lineId: 'l-10', direction: 'inbound', startedAt: '', isEstimated: false } as const;
    return { ...known, remote: { number: OTHER }, ...part };
  };

  test.each<[string, Partial<JournalLeg>, boolean]>([
    ['a number of the list', { remote: { number: CALLER } }, true],
    ['another one', { remote: { number: OTHER } }, false],
    ['a beginning of the list', { remote: { number: { kind: 'e164', number: '+491713920012' } } }, true],
    ['another beginning', { remote: { number: { kind: 'e164', number: '+491713920112' } } }, false],
    ['an extension', { remote: { number: { kind: 'internal', number: '31' } } }, true],
    ['what was dialled', { direction: 'outbound', dialled: CALLER }, true],
    ['a number of ours that was called', { dialled: CALLER }, false],
    ['a line of the list', { lineId: 'l-19' }, true],
    ['a colleague’s call to a line of the list', { remote: { number: { kind: 'internal', number: '19' } } }, true],
    ['somebody who withheld it', { remote: { number: { kind: 'anonymous' } } }, false],
  ])('%s: %#', (_what, part, expected) => {
    expect(isNever?.(leg(part))).toBe(expected);
  });

  test.each([
    ['+49 171 392001*', true],
    ['31*', true],
    ['0171 392001*', false],
    ['0049 171*', false],
    ['2312504*', false],
    ['( *', false],
  ])('a beginning that could never match, or would match all, is refused: %s', (text, isGood) => {
    expect(v.is(JournalSettingsSchema, { neverNumbers: [text] })).toBe(isGood);
  });

  test('is not written at any time of the call, and nothing can be written about it', async () => {
    await reopen(isNever);
    journal.legChanged(aChange());
    journal.legChanged(aChange({ state: 'ended', cause: 'normal', endedAt: START + 9_000 }));
    await journal.drained();
    expect(await store.conversation('v-1')).toBeUndefined();
    expect(await journal.conversation('v-1')).toBeUndefined();
    expect(told).toEqual([]);
  });

  test('is taken out again when the leg that says so comes late', async () => {
    await reopen(isNever);
    journal.legChanged(aChange({ remote: { number: OTHER } }));
    await journal.drained();
    journal.legChanged(aChange({ callId: 'c-2' }, { lineId: 'l-19' }));
    await journal.drained();
    expect(told.at(-1)).toMatchObject({ conversationId: 'v-1', mergedInto: 'v-1' });
    expect(await idsIn()).toEqual([]);
    expect(JSON.stringify(await store.conversation('v-1'))).not.toContain(OTHER.number);
  });
});

describe('what leaves the journal', () => {
  test('calls that are too old, with their notes, and nothing that still goes on', async () => {
    for (const n of [0, 1, 30]) await aPastCall(n);
    journal.legChanged(aChange({ callId: 'c-x', conversationId: 'v-x', since: START - DAY_MS }));
    await journal.drained();
    told = [];
    expect(await journal.purge('company', new Date(START + 2 * 3_600_000).toISOString())).toBe(2);
    expect(await idsIn()).toEqual(['v-30', 'v-x']);
    expect(await store.conversation('v-0')).toBeUndefined();
    // Told of at the place where the journal stands: no browser's cursor goes back.
    const seq = await store.journalSeq();
    expect(told.map((one) => [one.mergedInto, one.seq])).toEqual([
      ['v-0', seq],
      ['v-1', seq],
    ]);
  });

  test('another company’s calls stay', async () => {
    await aPastCall(0);
    expect(await journal.purge('a', new Date(START + DAY_MS).toISOString())).toBe(0);
    expect(await idsIn()).toEqual(['v-0']);
  });

  test('by days, or with the day', () => {
    expect(keptSince(USUAL_JOURNAL_SETTINGS, START)).toBe(START - 90 * DAY_MS);
    const today = keptSince({ ...USUAL_JOURNAL_SETTINGS, todayOnly: true }, START);
    expect(new Date(today).getHours()).toBe(0);
    expect(START - today).toBeLessThan(DAY_MS);
  });

  const open = () => openErasures({ store, journal, file: join(dataDir, 'erasures.jsonl'), clock, log: SILENT });

  test('every call with an erased number, and no other one; nothing of it is left in any column', async () => {
    await aPastCall(0);
    await aPastCall(1, OTHER);
    await aPastCall(2);
    await journal.writeNote({
      userId: 'ada',
      key: 'k',
      argsHash: 'h',
      conversationId: 'v-0',
      text: 'call +493023125042 back',
      writtenAt: new Date(START).toISOString(),
    });
    const { erase } = await open();
    expect(await erase('company', [CALLER])).toEqual({ erased: 2, running: 0 });
    expect(await idsIn()).toEqual(['v-1']);
    const rest = await store.journalSince({ tenantId: 'company', seq: 0, limit: 50 });
    expect(JSON.stringify(rest)).not.toContain('3125042');
    expect(rest.map(({ conversationId, mergedInto }) => [conversationId, mergedInto === conversationId])).toEqual([
      ['v-1', false],
      ['v-0', true],
      ['v-2', true],
    ]);
    const list = readFileSync(join(dataDir, 'erasures.jsonl'), 'utf8');
    expect(list).not.toContain('3125042');
  });

  test('a call that still goes on is counted, and erased when it is over', async () => {
    journal.legChanged(aChange());
    await journal.drained();
    const { erase } = await open();
    expect(await erase('company', [CALLER])).toEqual({ erased: 0, running: 1 });
    journal.legChanged(aChange({ state: 'ended', cause: 'normal', endedAt: START + 9_000 }));
    await journal.drained();
    expect(await erase('company', [CALLER])).toEqual({ erased: 1, running: 0 });
    expect(await idsIn()).toEqual([]);
  });

  test('another company’s calls with the same number stay', async () => {
    await aPastCall(0);
    const { erase } = await open();
    expect(await erase('a', [CALLER])).toEqual({ erased: 0, running: 0 });
    expect(await idsIn()).toEqual(['v-0']);
  });

  test('a database that was put back is cleaned of what had been erased, and keeps what came later', async () => {
    await aPastCall(0);
    await aPastCall(1, OTHER);
    const { erase } = await open();
    clock.advance(2 * 3_600_000);
    // The list of an earlier life: this database knows nothing of that erasure.
    await erase('a', [CALLER]);
    const file = join(dataDir, 'erasures.jsonl');
    const [head = '', line = ''] = readFileSync(file, 'utf8').split('\n');
    expect(existsSync(file)).toBe(true);
    appendFileSync(file, `${JSON.stringify({ ...JSON.parse(line), tenantId: 'company' })}\n{"torn`);
    await aPastCall(5);
    await open();
    expect(await idsIn()).toEqual(['v-5', 'v-1']);
    expect(JSON.parse(head)).toHaveProperty('salt');
    // Once.
    clock.advance(9 * 3_600_000);
    await aPastCall(0);
    await open();
    expect(await idsIn()).toContain('v-0');
  });
});

describe('the audit', () => {
  const context = { emit: () => undefined, signal: new AbortController().signal };

  test('holds every change with its outcome, no look and no caller’s number', async () => {
    const handlers = audited(
      {
        ...noHandlers,
        revoke: () => Promise.reject(new ControlError('refused', 'there is no device d-1')),
        lines: async () => undefined,
      },
      { store, clock, log: SILENT, actor: 'root' },
    );
    await handlers.lines({}, context);
    await handlers.eraseJournal({ number: '+493023125042' }, context);
    await expect(handlers.revoke({ device: 'd-1' }, context)).rejects.toThrow('there is no device d-1');
    expect(await store.audit(10)).toEqual([
      {
        at: expect.any(String),
        actor: 'root',
        action: 'revoke',
        args: { device: 'd-1' },
        outcome: 'there is no device d-1',
      },
      { at: expect.any(String), actor: 'root', action: 'eraseJournal', args: {}, outcome: 'done' },
    ]);
  });
});
