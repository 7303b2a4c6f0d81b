// What a signed-in extension asks beside calls: contacts, notes, how far its user has looked. Answers go to who asked, in
// the rights of that moment, and nobody can make the relay work without end.
import { type FoundContact, PhoneNumberSchema, RIGHTS, type Right } from '@offhook/protocol';
import { parse } from 'valibot';
import { describe, expect, test } from 'vitest';
import { createDirectory } from '../../relay/src/directory.ts';
import type { Grant, StoredContact } from '../../relay/src/store/store.ts';
import { createTurns } from '../../relay/src/turns.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { aLine, SILENT, settled } from './builders.ts';
import { type Client, createRig, type RigOptions } from './session-rig.ts';

const USERS = { 'user-1': 'tenant-1', 'user-2': 'tenant-1', 'user-9': 'tenant-2' };
const own = (userId: string, lineId: string): Grant => ({ userId, lineId, rights: [], isOwn: true });
const GRANTS = [own('user-1', 'line-1'), own('user-2', 'line-2'), own('user-9', 'line-9')];

function aStored(contactId: string, name: string): StoredContact {
  return { contactId, name, numbers: [{ number: '+493023125042' }, { number: '+491713920001', label: 'Mobile' }] };
}

/** Two companies, one contact each, under the same number. */
async function aDirectory() {
  const contacts: Record<string, StoredContact[]> = {
    'tenant-1': [aStored('1', 'Anna Müller')],
    'tenant-2': [aStored('2', 'Ben Müller')],
  };
  const directory = createDirectory({
    store: {
      tenants: async () => Object.keys(contacts).map((tenantId) => ({ tenantId, name: tenantId, country: 'DE' })),
      contacts: async (tenantId) => (contacts[tenantId] ?? []).map((one) => ({ ...one, source: 'crm' })),
      replaceContacts: () => Promise.reject(new Error('not here')),
      contactImport: () => Promise.reject(new Error('not here')),
    },
    sources: [],
    clock: createFakeClock(),
    log: SILENT,
  });
  await directory.load();
  return directory;
}

async function aRig(options: Partial<RigOptions> = {}) {
  const rig = createRig({ users: USERS, grants: GRANTS, directory: await aDirectory(), ...options });
  for (const [lineId, tenantId] of [
    ['line-1', 'tenant-1'],
    ['line-2', 'tenant-1'],
    ['line-9', 'tenant-2'],
  ] as const) {
    rig.board.set(aLine({ lineId, tenantId }));
  }
  return rig;
}

/** What came in answer to a question. */
async function asked(client: Client, message: object & { id?: string }) {
  const before = client.frames.length;
  await client.send(message);
  for (let turn = 0; turn < 3; turn += 1) await settled();
  return client.frames.slice(before);
}

const search = (text: string, id = 'm1') => ({ type: 'search', id, text, limit: 5 });
const lookup = (text: string) => ({ type: 'lookup', id: 'm1', number: { kind: 'raw', text } });

describe('contacts', () => {
  test('a search is answered with the contacts of the own company only, and so is a number, however it is written', async () => {
    const rig = await aRig();
    for (const [userId, contactId] of [
      ['user-1', 'crm:1'],
      ['user-9', 'crm:2'],
    ] as const) {
      const client = await rig.connect(userId);
      for (const question of [
        search('muller'),
        search('030 231'),
        lookup('030 23125042'),
        lookup('+49 (0) 171 3920001'),
        { type: 'lookup', id: 'm1', number: { kind: 'e164', number: '+493023125042' } },
      ]) {
        const [answer] = await asked(client, question);
        expect(answer).toMatchObject({ type: 'contacts', id: 'm1', more: false });
        expect(contactIds(answer)).toEqual([contactId]);
      }
      expect(contactIds((await asked(client, lookup('112')))[0])).toEqual([]);
    }
  });

  test('under random rights: who sees names and numbers on no line of the company finds nobody', async () => {
    let state = 42;
    const isChosen = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 16) % 2 === 0;
    };
    const rig = await aRig();
    const client = await rig.connect('user-1');
    const seen = new Set<boolean>();
    for (let round = 0; round < 200; round += 1) {
      const rights = ['line-1', 'line-2'].map((lineId) => ({ lineId, rights: RIGHTS.filter(isChosen) }));
      // A grant on another company's line opens nothing.
      const grants = [...rights, { lineId: 'line-9', rights: [...RIGHTS] }];
      for (const grant of grants) await rig.access.putGrant({ userId: 'user-1', isOwn: false, ...grant });
      await settled();
      const needed: Right[] = ['see-names', 'see-numbers'];
      const mayFind = rights.some(({ rights: some }) => {
        return needed.every((right) => some.includes(right)) && (some.includes('watch') || some.includes('control'));
      });
      for (const question of [search('muller'), lookup('030 23125042')]) {
        const answer = (await asked(client, question)).find(({ type }) => type === 'contacts');
        expect(contactIds(answer)).toEqual(mayFind ? ['crm:1'] : []);
      }
      seen.add(mayFind);
    }
    expect(seen.size).toBe(2);
  });

  test('questions are answered in their order; too many at once are told so, and later ones are answered again', async () => {
    const gates: (() => void)[] = [];
    const directory = {
      lookUp: () => [],
      search: () =>
        new Promise<{ matches: FoundContact[]; more: boolean }>((resolve) => {
          gates.push(() => resolve({ matches: [], more: false }));
        }),
    };
    const rig = await aRig({ directory });
    const client = await rig.connect('user-1');
    for (let n = 0; n < 40; n += 1) await client.send(search('a', `m${n}`));
    expect(gates).toHaveLength(1);
    const refused = client.frames.filter(({ type }) => type === 'error');
    expect(refused).toEqual(
      Array.from({ length: 8 }, (_, n) => ({ type: 'error', id: `m${32 + n}`, code: 'rate-limited' })),
    );
    for (let n = 0; n < 32; n += 1) {
      gates[n]?.();
      await settled();
    }
    const answers = client.frames.flatMap((frame) => (frame.type === 'contacts' ? [frame.id] : []));
    expect(answers).toEqual(Array.from({ length: 32 }, (_, n) => `m${n}`));
    await client.send(search('a', 'late'));
    gates[32]?.();
    await settled();
    expect(client.frames.at(-1)).toMatchObject({ type: 'contacts', id: 'late' });
  });

  test('a directory that fails is an error for who asked, and the next question is answered', async () => {
    const real = await aDirectory();
    let isBroken = true;
    const directory = {
      lookUp: real.lookUp,
      search: (...query: Parameters<typeof real.search>) =>
        isBroken ? Promise.reject(new Error('broken')) : real.search(...query),
    };
    const client = await (await aRig({ directory })).connect('user-1');
    expect(await asked(client, search('muller'))).toEqual([{ type: 'error', id: 'm1', code: 'internal' }]);
    isBroken = false;
    expect(contactIds((await asked(client, search('muller')))[0])).toEqual(['crm:1']);
  });

  test('matches that are too much for one frame are cut, and the client knows that there are more', async () => {
    const contact = { contactId: 'c', name: 'ä'.repeat(128), url: `https://crm.test/${'x'.repeat(2000)}` };
    const number = parse(PhoneNumberSchema, { kind: 'e164', number: '+493023125042' });
    const big = {
      contact: { ...contact, source: 'crm', match: 'exact' as const },
      numbers: Array.from({ length: 20 }, () => ({ number, label: 'ä'.repeat(64) })),
    };
    const directory = { lookUp: () => [], search: async () => ({ matches: Array(50).fill(big), more: false }) };
    const client = await (await aRig({ directory })).connect('user-1');
    const [answer] = await asked(client, search('x'));
    expect(answer).toMatchObject({ type: 'contacts', more: true });
    expect(contactIds(answer).length).toBeGreaterThan(5);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(80_000);
  });
});

describe('notes', () => {
  const note = (n: number, part: object = {}) => ({
    type: 'note',
    id: `m${n}`,
    key: `k${n}`,
    entryId: 'v-1',
    text: 'x',
    ...part,
  });

  test('a note is answered under its id and key, in the name of who wrote it', async () => {
    const written: unknown[] = [];
    const notes = {
      async write(viewer: { user: { userId: string } }, message: { text?: string | undefined }) {
        written.push([viewer.user.userId, message.text]);
        return { state: 'done' as const };
      },
    };
    const client = await (await aRig({ notes })).connect('user-1');
    expect(await asked(client, note(1))).toEqual([{ type: 'result', id: 'm1', key: 'k1', state: 'done' }]);
    expect(written).toEqual([['user-1', 'x']]);
  });

  test.each([
    ['longer than 8 KiB', { text: 'ä'.repeat(4097) }],
    ['with a disposition that nobody knows', { disposition: 'sold' }],
    ['about an entry whose id is none', { entryId: 'two words' }],
  ])('a note %s has failed before anybody reads it', async (_what, part) => {
    const client = await (await aRig()).connect('user-1');
    const failed = { type: 'result', id: 'm1', key: 'k1', state: 'failed', code: 'message-invalid' };
    expect(await asked(client, note(1, part))).toEqual([failed]);
  });

  test('who writes faster than can be kept is told so', async () => {
    const never = new Promise<{ state: 'done' }>(() => undefined);
    const client = await (await aRig({ notes: { write: () => never } })).connect('user-1');
    for (let n = 0; n < 33; n += 1) await client.send(note(n));
    const results = client.frames.filter(({ type }) => type === 'result');
    expect(results).toEqual([{ type: 'result', id: 'm32', key: 'k32', state: 'failed', code: 'rate-limited' }]);
  });
});

describe('how far a user has looked', () => {
  const marks = (client: Client) => client.frames.flatMap((frame) => (frame.type === 'journal-seen' ? [frame] : []));
  const look = (until: string) => ({ type: 'see-journal', until });

  test('all devices of the user hear of it when it moves, forward only, and nobody else does', async () => {
    const rig = await aRig();
    const [desk, laptop, other] = [
      await rig.connect('user-1'),
      await rig.connect('user-1'),
      await rig.connect('user-2'),
    ];
    await desk.send(look('2026-01-15T09:30:00+01:00'));
    await laptop.send(look('2026-01-15T08:29:59Z'));
    await laptop.send(look('2026-01-15T08:30:00.001Z'));
    const moves = ['2026-01-15T08:30:00.000Z', '2026-01-15T08:30:00.001Z'];
    for (const client of [desk, laptop]) expect(marks(client).map(({ until }) => until)).toEqual(moves);
    expect(marks(other)).toEqual([]);
    desk.leave();
    await laptop.send(look('2026-01-15T08:31:00.000Z'));
    expect(marks(desk)).toHaveLength(2);
  });

  test('it is told right after the welcome, once the user has ever looked', async () => {
    const rig = await aRig();
    const first = await rig.connect('user-1');
    expect(marks(first)).toEqual([]);
    await first.send(look('2026-01-15T08:30:00.000Z'));
    const second = await rig.connect('user-1');
    expect(second.frames.slice(1, 3)).toEqual([
      expect.objectContaining({ type: 'welcome' }),
      { type: 'journal-seen', until: '2026-01-15T08:30:00.000Z' },
    ]);
  });

  test('a time to come stands for now: what is still to be missed is not hidden', async () => {
    const rig = await aRig();
    const client = await rig.connect('user-1');
    await client.send(look('2099-01-01T00:00:00.000Z'));
    expect(marks(client)).toEqual([{ type: 'journal-seen', until: new Date(rig.clock.now()).toISOString() }]);
  });
});

test('turns: work that waits is bounded, and is done one after the other', async () => {
  const turns = createTurns(2);
  const order: string[] = [];
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  expect(turns.take(() => gate.then(() => void order.push('first')))).toBe(true);
  expect(turns.take(async () => void order.push('second'))).toBe(true);
  expect(turns.take(async () => void order.push('never'))).toBe(false);
  open();
  await settled();
  expect(order).toEqual(['first', 'second']);
  expect(turns.take(async () => void order.push('third'))).toBe(true);
  await settled();
  expect(order).toEqual(['first', 'second', 'third']);
});

function contactIds(answer: Client['frames'][number] | undefined): string[] {
  return answer?.type === 'contacts' ? answer.matches.map(({ contact }) => contact.contactId) : ['no answer'];
}

describe('requests: when nobody was listening', () => {
  const gap = (pbxId: string) => {
    return {
      gapId: `g-${pbxId}`,
      tenantId: 'tenant-1',
      pbxId,
      reason: 'pbx',
      startedAt: '2026-01-15T09:00:00.000Z',
    } as const;
  };

  test('is told of the phone systems whose lines are watched, at the subscription and when it changes', async () => {
    const found = [gap('pbx-2')];
    const listeners: ((tenantId: string) => void)[] = [];
    const rig = await aRig({
      gaps: {
        of: async () => found,
        onChange(listener) {
          listeners.push(listener);
          return () => undefined;
        },
      },
    });
    const client = await rig.connect('user-1');
    const told = () => client.frames.flatMap((frame) => (frame.type === 'journal-gaps' ? [frame.gaps] : []));
    await client.send({ type: 'subscribe', lines: ['*'], journal: true });
    await settled();
    expect(told()).toEqual([]);
    found.push(gap('pbx-1'));
    for (const listener of listeners) listener('tenant-1');
    for (const listener of listeners) listener('tenant-2');
    await settled();
    const { gapId, reason, startedAt } = gap('pbx-1');
    expect(told()).toEqual([[{ gapId, reason, startedAt }]]);
  });

  test('who does not want the journal hears nothing of it', async () => {
    const rig = await aRig({ gaps: { of: async () => [gap('pbx-1')], onChange: () => () => undefined } });
    const client = await rig.connect('user-1');
    expect(client.frames.map(({ type }) => type)).not.toContain('journal-gaps');
  });
});

test('requests: who calls back is asked in the name of the one who is signed in, and answered under the question’s id', async () => {
  const given: unknown[] = [];
  const rig = await aRig({
    callBacks: {
      async change(viewer, message) {
        given.push([viewer.user.userId, message.entryId, message.take]);
        return { state: 'failed', code: 'already-taken' };
      },
    },
  });
  const client = await rig.connect('user-1');
  const question = { type: 'call-back', id: 'm1', entryId: 'v-1', take: true };
  const answer = await asked(client, question);
  expect(answer).toEqual([{ type: 'result', id: 'm1', key: 'm1', state: 'failed', code: 'already-taken' }]);
  expect(given).toEqual([['user-1', 'v-1', true]]);
});
