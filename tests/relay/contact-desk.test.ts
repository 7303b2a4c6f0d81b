// Whom a number belongs to by the word of an agent, and the history with a customer, over a real store and a real journal.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientMessage, PhoneNumber } from '@offhook/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Viewer } from '../../relay/src/access.ts';
import type { Config } from '../../relay/src/config.ts';
import { type ContactDesk, openContactDesk } from '../../relay/src/contact-desk.ts';
import { historyFor } from '../../relay/src/history.ts';
import { type Journal, openJournal } from '../../relay/src/journal.ts';
import { entryOf } from '../../relay/src/journal-entry.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { Conversation, Store } from '../../relay/src/store/store.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';
import { SEED } from '../fakes/store-rows.ts';
import { aGrant, aViewer, SILENT } from './builders.ts';
import { aChange, START } from './journal-rig.ts';

const UNKNOWN: PhoneNumber = { kind: 'e164', number: '+491713920007' };
const DESK: PhoneNumber = { kind: 'e164', number: '+493023125042' };
const LINES = ['l-10', 'l-11'].map((lineId) => ({ lineId, extension: lineId.slice(2), name: `Line ${lineId}` }));
const line = (lineId: string) => (LINES.some((one) => one.lineId === lineId) ? { tenantId: 'company' } : undefined);

let dataDir = '';
let store: Store;
let journal: Journal;
let desk: ContactDesk;
let clock: FakeClock;
let renewed: string[] = [];
let told: Conversation[] = [];

async function open(): Promise<void> {
  // Of the configuration nothing else is read here.
  const config = { pbx: [], contacts: [] } as unknown as Config;
  const openSource = () => Promise.reject(new Error('no source is configured')) as never;
  desk = await openContactDesk({ live: { config }, clock, log: SILENT, store, openSource, openLive: () => undefined });
  journal = await openJournal({ store, clock, log: SILENT });
  desk.follow({ journal, switchboard: { renew: (tenantId, number) => void renewed.push(`${tenantId} ${number}`) } });
  journal.onConversation((conversation) => told.push(conversation));
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-contacts-'));
  store = openSqliteStore(dataDir);
  await store.seed({ ...SEED, tenants: [{ tenantId: 'company', name: 'Sample', country: 'DE' }, ...SEED.tenants] });
  const numbers = [{ number: DESK.number }, { number: '+491713920001', label: 'Mobile' }];
  const fax = { number: '+493023125099', label: 'Fax', isFax: true };
  await store.replaceContacts('company', 'crm', [{ contactId: '1', name: 'Anna Sample', numbers: [...numbers, fax] }]);
  await store.replaceContacts('company', 'secret', [{ contactId: '2', name: 'Secret Sample', numbers: [numbers[0]!] }]); // there are two
  clock = createFakeClock(START);
  renewed = [];
  told = [];
  await open();
});
afterEach(async () => {
  desk.close();
  await journal.close();
  await store.close();
  rmSync(dataDir, { recursive: true });
});

const ALL = ['watch', 'see-numbers', 'see-names'] as const;
const agent = (over: Partial<Viewer> = {}): Viewer => ({
  ...aViewer({ userId: 'ada', tenantId: 'company', grants: [aGrant('ada', 'l-10', ...ALL)] }),
  ...over,
});
const hiding = (source: string) => agent({ hiddenSources: new Set([source]) });

const contextOf = () => ({ directory: desk.imports.directory, lines: () => LINES, line });
function assign(viewer: Viewer, number: PhoneNumber, contactId: string, undo?: boolean) {
  const message = { type: 'assign-contact' as const, id: 'm1', number, contactId, ...(undo && { undo }) };
  return desk.choices.change(viewer, message, contextOf());
}
const namesFor = (viewer: Viewer, number: PhoneNumber) =>
  desk.imports.directory.match('company', number, viewer.hiddenSources).map(({ name, match }) => `${name} ${match}`);

let calls = 0;
/** A call that is over, so many seconds after the start. */
async function aCall(number: PhoneNumber, lineId = 'l-10', seconds = 0): Promise<string> {
  calls += 1;
  const since = START + seconds * 1000;
  const named = { callId: `c-${calls}`, callKey: `k-${calls}`, conversationId: `v-${calls}` };
  const over = { state: 'ended', cause: 'normal', endedAt: since + 9000, connectedSince: since + 1000 } as const;
  journal.legChanged(aChange({ ...named, ...over, since, remote: { number } }, { lineId }));
  await journal.drained();
  return named.conversationId;
}
const entryFor = (viewer: Viewer, conversation: Conversation) =>
  entryOf(conversation, {
    rightsOn: viewer.rightsOn,
    contactOf: (number) => desk.imports.directory.match('company', number, viewer.hiddenSources)[0],
    lineName: () => undefined,
  });
function history(viewer: Viewer, asked: Partial<ClientMessage & { type: 'history' }>) {
  const context = desk.historyOf({ lines: () => LINES, line, entryFor });
  return historyFor(viewer, { type: 'history', id: 'm1', ...asked }, context);
}
const idsIn = ({ items }: Awaited<ReturnType<typeof history>>) => items.map(({ entryId }) => entryId);

describe('saying whom a number belongs to', () => {
  test('an unknown number gets a contact: calls that run and old entries are told of anew, and undo takes it back', async () => {
    const id = await aCall(UNKNOWN);
    const other = await aCall(DESK);
    told = [];
    expect(namesFor(agent(), UNKNOWN)).toEqual([]);
    expect(await assign(agent(), UNKNOWN, 'crm:1')).toEqual({ state: 'done' });
    await journal.drained();
    await clock.advance(0);
    expect(renewed).toEqual([`company ${UNKNOWN.number}`]);
    expect(namesFor(agent(), UNKNOWN)).toEqual(['Anna Sample exact']);
    await expect.poll(() => told.map(({ conversationId }) => conversationId)).toEqual([id]);
    expect(told[0]?.seq).toBeGreaterThan((await store.conversation(other))?.seq ?? 0);
    expect(entryFor(agent(), told[0]!)).toMatchObject({ remote: { name: 'Anna Sample', verified: true } }); // told once
    expect(await assign(agent(), UNKNOWN, 'crm:1', true)).toEqual({ state: 'done' });
    expect(namesFor(agent(), UNKNOWN)).toEqual([]);
    await expect.poll(() => told).toHaveLength(2);
    expect(entryFor(agent(), told[1]!)).not.toHaveProperty('remote.contact'); // told twice
  });

  test('of several contacts the chosen one goes first, after a restart, too, and the last choice counts', async () => {
    expect(namesFor(agent(), DESK)).toEqual(['Anna Sample exact', 'Secret Sample exact']);
    await assign(agent(), DESK, 'secret:2');
    expect(namesFor(agent(), DESK)).toEqual(['Secret Sample exact', 'Anna Sample exact']);
    desk.close();
    await journal.close();
    await open();
    expect(namesFor(agent(), DESK)).toEqual(['Secret Sample exact', 'Anna Sample exact']);
    await clock.advance(1000);
    await assign(agent(), DESK, 'crm:1');
    expect(namesFor(agent(), DESK)).toEqual(['Anna Sample exact', 'Secret Sample exact']);
  });

  test('a contact of a source that is not granted cannot be chosen, and is nobody where another one chose it', async () => {
    expect(await assign(hiding('secret'), UNKNOWN, 'secret:2')).toEqual({ state: 'failed', code: 'not-permitted' });
    expect(await assign(agent(), UNKNOWN, 'crm:none')).toEqual({ state: 'failed', code: 'not-permitted' });
    expect(await assign(agent(), UNKNOWN, 'secret:2')).toEqual({ state: 'done' });
    expect(namesFor(hiding('secret'), UNKNOWN)).toEqual([]);
    expect(namesFor(agent(), UNKNOWN)).toEqual(['Secret Sample exact']);
  });

  test('a number that is erased is known of nobody any more', async () => {
    await assign(agent(), UNKNOWN, 'crm:1');
    const erased: PhoneNumber[] = [];
    const erase = async (_tenantId: string, numbers: readonly PhoneNumber[]) => {
      erased.push(...numbers);
      return { erased: 1, running: 0 };
    };
    expect(await desk.erasingWith({ erase }).erase('company', [UNKNOWN])).toEqual({ erased: 1, running: 0 });
    expect(erased).toEqual([UNKNOWN]);
    expect(namesFor(agent(), UNKNOWN)).toEqual([]);
    expect(await store.numberContacts()).toEqual([]);
  });

  test('who sees names and numbers on no line chooses nothing, and only public numbers belong to contacts', async () => {
    const watcher = aViewer({ userId: 'ben', tenantId: 'company', grants: [aGrant('ben', 'l-10', 'watch')] });
    expect(await assign(watcher, UNKNOWN, 'crm:1')).toEqual({ state: 'failed', code: 'not-permitted' });
    const inside = { kind: 'internal', number: '11' } as const;
    expect(await assign(agent(), inside, 'crm:1')).toEqual({ state: 'failed', code: 'number-invalid' });
    expect(await store.numberContacts()).toEqual([]);
  });
});

describe('the numbers of a contact', () => {
  test('begin with the one that was used last, and no fax number is among them', async () => {
    const numbers = () =>
      desk.imports.directory.lookUp('company', DESK).map((found) => found.numbers.map(({ number }) => number));
    const mobile = { kind: 'e164', number: '+491713920001' } as const;
    expect(numbers()[0]).toEqual([DESK, mobile]);
    await aCall(mobile);
    expect(numbers()[0]).toEqual([mobile, DESK]);
    // Whom somebody spoke with last is the likelier one under a number of two.
    expect(namesFor(agent(), DESK)[0]).toBe('Anna Sample exact');
    await aCall(DESK, 'l-11', 60);
    expect(numbers()[0]).toEqual([DESK, mobile]);
  });
});

describe('the history with a customer', () => {
  test('has the calls with all numbers of the contact, given ones included, on all lines that are watched', async () => {
    const colleague = aViewer({
      userId: 'ben',
      tenantId: 'company',
      grants: [aGrant('ben', 'l-10', ...ALL), aGrant('ben', 'l-11', ...ALL)],
    });
    const desk1 = await aCall(DESK, 'l-10', 1);
    const mobile = await aCall({ kind: 'e164', number: '+491713920001' }, 'l-11', 2);
    const given = await aCall(UNKNOWN, 'l-10', 3);
    await aCall({ kind: 'e164', number: '+493023125043' }, 'l-10', 4);
    expect(idsIn(await history(colleague, { contactId: 'crm:1' }))).toEqual([mobile, desk1]);
    expect(idsIn(await history(agent(), { contactId: 'crm:1' }))).toEqual([desk1]);
    await assign(agent(), UNKNOWN, 'crm:1');
    expect(idsIn(await history(colleague, { contactId: 'crm:1' }))).toEqual([given, mobile, desk1]);
    expect(idsIn(await history(agent(), { number: UNKNOWN }))).toEqual([given]);
  });

  test('is asked for page by page', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1) ids.unshift(await aCall(DESK, 'l-10', n));
    const shown: string[] = [];
    let page = await history(agent(), { contactId: 'crm:1', limit: 3 });
    for (; page.more; page = await history(agent(), { contactId: 'crm:1', limit: 3, before: page.cursor })) {
      shown.push(...idsIn(page));
    }
    expect([...shown, ...idsIn(page)]).toEqual(ids);
  });

  test('tells nothing of a hidden source, of calls without the right to their numbers, or to who may see no contacts', async () => {
    await aCall(DESK, 'l-10');
    await aCall(DESK, 'l-11');
    expect(idsIn(await history(hiding('crm'), { contactId: 'crm:1' }))).toEqual([]);
    const half = aViewer({
      userId: 'ben',
      tenantId: 'company',
      grants: [aGrant('ben', 'l-10', 'watch', 'see-names'), aGrant('ben', 'l-11', ...ALL)],
    });
    expect((await history(half, { contactId: 'crm:1' })).items).toMatchObject([{ lineId: 'l-11' }]);
    const watcher = aViewer({ userId: 'cem', tenantId: 'company', grants: [aGrant('cem', 'l-10', 'watch')] });
    expect(await history(watcher, { number: DESK })).toMatchObject({ items: [], more: false });
  });
});
