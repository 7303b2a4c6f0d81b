// The store keeps exactly what its interface promises: each order once, each state forward only, each page complete.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import { type CommandRecord, type Conversation, pageEndOf, type Store } from '../../relay/src/store/store.ts';
import { AT, aCommand, aConversation, aLeg, SEED } from '../fakes/store-rows.ts';

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

async function reopened(): Promise<Store> {
  await store.close();
  store = openSqliteStore(dataDir);
  return store;
}

describe('people and grants', () => {
  test('the seed is applied once, to an empty database, and is there after a restart', async () => {
    expect(await store.seed({ ...SEED, tenants: [{ tenantId: 'c', name: 'C', country: 'FR' }] })).toBe(false);
    const again = await reopened();
    expect(await again.tenants()).toEqual(SEED.tenants);
    expect(await again.users()).toEqual(SEED.users);
    expect(await again.lines()).toEqual(SEED.lines);
    expect(await again.grants()).toEqual(SEED.grants);
  });

  test('a user that is added is there after a restart; a log-in name is taken once in a tenant', async () => {
    const cleo = { userId: 'a.cleo', tenantId: 'a', login: 'cleo', displayName: 'Cleo Sample' };
    const add = (user: typeof cleo) => store.changePeople([{ type: 'add-user', user }]);
    await add(cleo);
    await expect(add({ ...cleo, userId: 'a.other', displayName: 'Another' })).rejects.toThrow(/UNIQUE/);
    await add({ ...cleo, userId: 'b.cleo', tenantId: 'b' });
    const users = await (await reopened()).users();
    expect(users.filter(({ login }) => login === 'cleo')).toContainEqual(cleo);
    expect(users).toHaveLength(SEED.users.length + 2);
  });

  test('a seed with a fault leaves nothing behind', async () => {
    const other = mkdtempSync(join(tmpdir(), 'offhook-store-'));
    const empty = openSqliteStore(other);
    const broken = { ...SEED, users: [{ userId: 'x', tenantId: 'nowhere', login: 'x', displayName: 'X' }] };
    await expect(empty.seed(broken)).rejects.toThrow(/FOREIGN KEY/);
    expect(await empty.tenants()).toEqual([]);
    expect(await empty.seed(SEED)).toBe(true);
    await empty.close();
    rmSync(other, { recursive: true });
  });

  test('a grant that is put or removed raises the revision of its own tenant, and the revision survives', async () => {
    const before = await store.aclRev('a');
    const other = await store.aclRev('b');
    const every = { userId: 'a.anna', lineId: '*', isOwn: false };
    await store.changePeople([{ type: 'put-grant', grant: { ...every, rights: ['watch'] } }]);
    await store.changePeople([{ type: 'put-grant', grant: { ...every, rights: ['watch', 'pickup'] } }]);
    await store.changePeople([{ type: 'remove-grant', userId: 'a.anna', lineId: 'l1' }]);
    expect(await store.aclRev('a')).toBe(before + 3);
    expect(await store.aclRev('b')).toBe(other);
    const again = await reopened();
    expect(await again.aclRev('a')).toBe(before + 3);
    expect(await again.grants()).toEqual([
      { userId: 'a.anna', lineId: '*', rights: ['watch', 'pickup'], isOwn: false },
    ]);
  });

  test('a line that is reported again under its id is renamed, not doubled', async () => {
    await store.saveLines([{ ...(SEED.lines[0] ?? raise()), name: 'Reception', extension: '0' }]);
    expect(await store.lines()).toEqual([expect.objectContaining({ name: 'Reception', extension: '0' })]);
  });

  test('a device is revoked once and stays revoked', async () => {
    const device = { deviceId: 'd1', userId: 'a.anna', name: 'Chrome', publicKey: 'k', origin: 'o', createdAt: AT };
    await store.addDevice(device);
    await store.touchDevice('d1', '2026-11-21T11:00:00.000Z');
    expect(await store.revokeDevice('d1', '2026-11-21T12:00:00.000Z')).toBe(true);
    expect(await store.revokeDevice('d1', '2026-11-21T13:00:00.000Z')).toBe(false);
    expect(await store.revokeDevice('d2', AT)).toBe(false);
    const expected = { ...device, lastSeenAt: '2026-11-21T11:00:00.000Z', revokedAt: '2026-11-21T12:00:00.000Z' };
    expect(await (await reopened()).device('d1')).toEqual(expected);
    expect(await store.devices()).toEqual([expected]);
    expect(await store.device('d2')).toBeUndefined();
  });
});

describe('orders', () => {
  test('of many records under one user and key, one is new and all are answered with it', async () => {
    const attempts = Array.from({ length: 20 }, (_, index) =>
      store.recordCommand(aCommand({ argsHash: `hash ${index}` })),
    );
    const answers = await Promise.all(attempts);
    expect(answers.filter((answer) => answer.isNew)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.record.argsHash))).toEqual(new Set(['hash 0']));
    expect((await store.recordCommand(aCommand({ userId: 'b.ben', commandKey: 'cmd-other' }))).isNew).toBe(true);
  });

  test('a call that is known stays known when the outcome does not name it', async () => {
    await store.recordCommand(aCommand());
    await store.advanceCommand('cmd-k1', ['recorded'], { state: 'sent', callId: 'c1' });
    await store.advanceCommand('cmd-k1', ['sent'], {
      state: 'failed',
      code: 'pbx-rejected',
      params: { cause: 'busy' },
    });
    expect(await store.command('cmd-k1')).toMatchObject({
      state: 'failed',
      code: 'pbx-rejected',
      params: { cause: 'busy' },
      callId: 'c1',
    });
  });

  test('after a crash, what was sent is unknown and what was not sent has failed', async () => {
    for (const state of ['recorded', 'sent', 'done', 'failed', 'unknown'] as const) {
      await store.recordCommand(aCommand({ key: state, state }));
    }
    expect(await (await reopened()).settleCommands()).toEqual({ unknown: 1, notSent: 1 });
    expect(await store.command('cmd-sent')).toMatchObject({ state: 'unknown', code: 'outcome-unknown' });
    expect(await store.command('cmd-recorded')).toMatchObject({ state: 'failed', code: 'timeout' });
    expect(await store.command('cmd-done')).toMatchObject({ state: 'done' });
    expect(await store.settleCommands()).toEqual({ unknown: 0, notSent: 0 });
  });

  test('orders are forgotten by age', async () => {
    await store.recordCommand(aCommand({ key: 'old', createdAt: '2026-11-20T09:59:59.999Z' }));
    await store.recordCommand(aCommand({ key: 'new', createdAt: '2026-11-20T10:00:00.000Z' }));
    await store.forgetCommands('2026-11-20T10:00:00.000Z');
    expect(await store.command('cmd-old')).toBeUndefined();
    expect(await store.command('cmd-new')).toBeDefined();
  });

  test('whatever is asked of an order, it moves from a state that was named, never back, and is sent at most once', async () => {
    const state = fc.constantFrom('recorded', 'sent', 'done', 'failed', 'unknown');
    const step = fc.record({ from: fc.uniqueArray(state, { minLength: 1 }), to: state });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        run += 1;
        const key = `run-${run}`;
        await store.recordCommand(aCommand({ key }));
        let current: CommandRecord['state'] = 'recorded';
        let sent = 0;
        for (const { from, to } of steps) {
          const moved = await store.advanceCommand(`cmd-${key}`, from, { state: to });
          const after = (await store.command(`cmd-${key}`))?.state ?? raise();
          if (moved) {
            expect(from).toContain(current);
            expect(after).toBe(to);
            expect(['recorded', 'sent', 'unknown']).toContain(current);
            expect(to).not.toBe('recorded');
            if (to === 'sent') sent += 1;
          } else {
            expect(after).toBe(current);
          }
          current = after;
        }
        expect(sent).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });
});

describe('journal', () => {
  test('a conversation is read back as it was saved, legs in order, with every optional field', async () => {
    const full = aConversation({
      legs: [
        aLeg({
          callId: 'c2',
          remote: { number: { kind: 'anonymous' }, name: 'claims to be' },
          dialled: { kind: 'internal', number: '90' },
          group: 'Sales',
          cause: 'answeredElsewhere',
          connectedAt: AT,
          endedAt: AT,
          isEstimated: true,
          isPartial: true,
        }),
        aLeg({ callId: 'c1' }),
      ],
    });
    const { seq } = await store.saveConversation(full);
    expect(await (await reopened()).conversation('v1')).toEqual({ ...full, seq });
  });

  test('each save has the next seq and replaces the legs', async () => {
    const { seq: first } = await store.saveConversation(aConversation({ legs: [aLeg(), aLeg({ callId: 'c2' })] }));
    const { seq: second } = await store.saveConversation(
      aConversation({ legs: [aLeg({ endedAt: AT, cause: 'normal' })] }),
    );
    expect(second).toBe(first + 1);
    expect(await store.journalSeq()).toBe(second);
    expect((await store.conversation('v1'))?.legs).toEqual([aLeg({ endedAt: AT, cause: 'normal' })]);
  });

  test('merged conversations: calls are found in the oldest, pages leave them out, the stream has them', async () => {
    await store.saveConversation(aConversation({ conversationId: 'v1' }));
    await store.saveConversation(
      aConversation({ conversationId: 'v2', legs: [aLeg({ callId: 'c2' })], mergedInto: 'v1' }),
    );
    await store.saveConversation(
      aConversation({ conversationId: 'v3', legs: [aLeg({ callId: 'c3' })], mergedInto: 'v2' }),
    );
    expect(await store.conversationIdOf('c3')).toBe('v1');
    expect(await store.conversationIdOf('c1')).toBe('v1');
    expect(await store.conversationIdOf('c9')).toBeUndefined();
    const ids = async (list: Promise<Conversation[]>) => (await list).map((one) => one.conversationId);
    expect(await ids(store.journalPage({ tenantId: 'a', lineIds: 'all', limit: 9 }))).toEqual(['v1']);
    expect(await ids(store.journalSince({ tenantId: 'a', seq: 1, limit: 9 }))).toEqual(['v2', 'v3']);
    expect(await ids(store.openConversations())).toEqual(['v1']);
  });

  test('a ring of merges ends', async () => {
    await store.saveConversation(aConversation({ conversationId: 'v1', mergedInto: 'v2' }));
    await store.saveConversation(aConversation({ conversationId: 'v2', mergedInto: 'v1', legs: [] }));
    expect(await store.conversationIdOf('c1')).toBeUndefined();
  });

  test('only conversations with a leg that has no end are open', async () => {
    await store.saveConversation(aConversation({ conversationId: 'v1', legs: [aLeg({ endedAt: AT })] }));
    await store.saveConversation(
      aConversation({ conversationId: 'v2', legs: [aLeg({ endedAt: AT }), aLeg({ callId: 'c2' })] }),
    );
    expect((await store.openConversations()).map((one) => one.conversationId)).toEqual(['v2']);
  });

  test('page by page every conversation of the lines comes once, newest first, and none of another tenant', async () => {
    const minute = fc.integer({ min: 0, max: 3 });
    const entry = fc.record({ minute, line: fc.constantFrom('l1', 'l2', 'l3'), tenantId: fc.constantFrom('a', 'b') });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 20 }), fc.integer({ min: 1, max: 4 }), async (entries, limit) => {
        run += 1;
        const saved: string[] = [];
        for (const [index, { minute: at, line, tenantId }] of entries.entries()) {
          const startedAt = `20${String(run + 1000)}-01-01T10:0${at}:00.000Z`;
          const conversationId = `v-${run}-${index}`;
          const legs = [aLeg({ callId: `c-${run}-${index}`, lineId: line })];
          await store.saveConversation({ conversationId, tenantId, direction: 'inbound', startedAt, legs });
          if (tenantId === 'a' && line !== 'l3') saved.push(pageEndOf({ startedAt, conversationId }));
        }
        const found: string[] = [];
        let before: string | undefined;
        for (;;) {
          // Few lines and many are searched in two ways.
          const others = Array.from({ length: run % 2 === 0 ? 20 : 0 }, (_, other) => `other-${other}`);
          const page = await store.journalPage({ tenantId: 'a', lineIds: ['l1', 'l2', ...others], limit, before });
          const ours = page.map(pageEndOf).filter((end) => end.includes(` v-${run}-`));
          found.push(...ours);
          before = ours.at(-1);
          if (ours.length < limit || before === undefined) break;
        }
        expect(found).toEqual(saved.toSorted().toReversed());
      }),
      { numRuns: 50 },
    );
  });

  test('a plain time as the end of a page works, too', async () => {
    await store.saveConversation(aConversation({ conversationId: 'v1', startedAt: '2026-11-21T09:00:00.000Z' }));
    await store.saveConversation(
      aConversation({ conversationId: 'v2', startedAt: AT, legs: [aLeg({ callId: 'c2' })] }),
    );
    const page = await store.journalPage({ tenantId: 'a', lineIds: 'all', before: AT, limit: 5 });
    expect(page.map((one) => one.conversationId)).toEqual(['v1']);
  });
});

describe('contacts', () => {
  const contact = (contactId: string) => {
    const numbers = [{ number: '+493023125042' }, { number: '+491713920001', label: 'Mobile' }];
    return { contactId, name: `Sample ${contactId}`, numbers };
  };

  test('an import replaces its own source and nothing else', async () => {
    await store.replaceContacts('a', 'crm', [contact('1'), contact('2')]);
    await store.replaceContacts('a', 'book', [contact('3')]);
    await store.replaceContacts('b', 'crm', [contact('4')]);
    await store.replaceContacts('a', 'crm', [{ ...contact('5'), company: 'Sample AG', url: 'https://crm.example/5' }]);
    const names = (await (await reopened()).contacts('a')).map(({ source, contactId }) => `${source}/${contactId}`);
    expect(names.toSorted()).toEqual(['book/3', 'crm/5']);
    expect(await store.contacts('a')).toContainEqual({
      ...contact('5'),
      source: 'crm',
      company: 'Sample AG',
      url: 'https://crm.example/5',
    });
  });

  test('a large import is visible whole or not at all, and the store answers meanwhile', async () => {
    await store.replaceContacts('a', 'crm', [contact('old')]);
    const many = Array.from({ length: 5_000 }, (_, index) => contact(String(index)));
    const seen = new Set<number>();
    let isDone = false;
    const done = store.replaceContacts('a', 'crm', many).then(() => {
      isDone = true;
    });
    while (!isDone) {
      seen.add((await store.contacts('a')).length);
      await new Promise((next) => setImmediate(next));
    }
    await done;
    expect(await store.contacts('a')).toHaveLength(5_000);
    expect([...seen].filter((count) => count !== 1 && count !== 5_000)).toEqual([]);
  });

  test('what an import that was cut short left behind is never shown and goes with the next one', async () => {
    await store.replaceContacts('a', 'crm', [contact('1')]);
    const raw = new DatabaseSync(join(dataDir, 'relay.db'));
    raw.exec(`INSERT INTO contact (tenantId, source, generation, contactId, name, numbers)
              VALUES ('a', 'crm', 2, 'half', 'Half', '[]')`);
    expect((await store.contacts('a')).map((one) => one.contactId)).toEqual(['1']);
    await store.replaceContacts('a', 'crm', [contact('2')]);
    expect((await store.contacts('a')).map((one) => one.contactId)).toEqual(['2']);
    expect(raw.prepare('SELECT count(*) AS n FROM contact').get()?.['n']).toBe(1);
    raw.close();
  });
});

function raise(): never {
  throw new Error('not there');
}
