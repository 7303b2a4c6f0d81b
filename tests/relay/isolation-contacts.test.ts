// A source of contacts that is not granted never appears: not in a match, not in a history, not in a fact, and nobody can give
// a number to one of its contacts. Random grants and restrictions against the naive model, with real parts behind the wire.
import { RIGHTS } from '@offhook/protocol';
import { expect, test } from 'vitest';
import type { Viewer } from '../../relay/src/access.ts';
import { createContactChoices } from '../../relay/src/contact-choice.ts';
import { createContactFacts } from '../../relay/src/contact-facts.ts';
import { createDirectory } from '../../relay/src/directory.ts';
import { entryOf } from '../../relay/src/journal-entry.ts';
import type { Conversation, PeopleEdit } from '../../relay/src/store/store.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { aGrant, aLine, SILENT, settled } from './builders.ts';
import { createModel, type Model, rightsIn, seesSource, withGrant } from './isolation-model.ts';
import { type Client, createRig } from './session-rig.ts';

const USERS = { 'user-0': 'tenant-1', 'user-1': 'tenant-1', 'user-9': 'tenant-2' };
const USER_IDS = Object.keys(USERS);
const LINES = ['tenant-1', 'tenant-2'].flatMap((tenantId, n) =>
  [0, 1, 2].map((line) => ({ tenantId, lineId: `line-${n}-${line}` })),
);
const NUMBER = { kind: 'e164', number: '+493023125042' } as const;
const AT = '2026-11-21T10:00:00.000Z';
const ROUNDS = process.env['OFFHOOK_FULL'] === '1' ? 20_000 : 400;

const CONVERSATIONS: Conversation[] = LINES.map(({ tenantId, lineId }, seq) => ({
  ...{ conversationId: `talk-${lineId}`, tenantId, direction: 'inbound', startedAt: AT, seq },
  legs: [
    {
      ...{ callId: `call-${lineId}`, lineId, direction: 'inbound', startedAt: AT, endedAt: AT, isEstimated: false },
      remote: { number: NUMBER },
    },
  ],
}));

async function aWorld() {
  const clock = createFakeClock();
  const contact = (tenantId: string) => ({
    ...{ contactId: '1', name: `Contactsecret of ${tenantId}`, source: 'sample', numbers: [{ number: NUMBER.number }] },
    about: { facts: [{ label: 'Tickets', text: `Factsecret of ${tenantId}` }] },
  });
  const directory = createDirectory({
    store: {
      tenants: async () => ['tenant-1', 'tenant-2'].map((tenantId) => ({ tenantId, name: tenantId, country: 'DE' })),
      contacts: async (tenantId) => [contact(tenantId)],
      replaceContacts: () => Promise.reject(new Error('not here')),
      contactImport: async () => undefined,
    },
    ...{ sources: [], clock, log: SILENT },
  });
  await directory.load();
  const entryFor = (viewer: Viewer, conversation: Conversation) =>
    entryOf(conversation, {
      rightsOn: viewer.rightsOn,
      contactOf: (number) => directory.match(viewer.tenant.tenantId, number, viewer.hiddenSources)[0],
      lineName: () => undefined,
    });
  const rig = createRig({
    users: USERS,
    grants: USER_IDS.map((userId) => aGrant(userId, '*', 'watch')),
    directory,
    choices: createContactChoices({
      chosen: { choose: async () => undefined, undo: async () => undefined },
      ...{ directory, log: SILENT },
    }),
    facts: createContactFacts({
      ...{ directory, clock, log: SILENT, live: () => undefined, locationOf: () => undefined },
    }),
    history: {
      numbersOf: directory.numbersOf,
      // What is no call of the tenant is no call for it, whatever is asked for.
      pageOf: async ({ tenantId }) => CONVERSATIONS.filter((one) => one.tenantId === tenantId),
      entryFor,
    },
  });
  for (const line of LINES) rig.board.set(aLine(line));
  return rig;
}

/** The same numbers from 0 to below 1 at each run (a linear congruence). */
function seeded(): () => number {
  let state = 20_260_101;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) / 0x800000;
  };
}

function changeOf(model: Model, random: () => number): PeopleEdit {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!; // none is empty
  if (random() < 0.3) {
    const [tenantId, isRestricted] = [pick(['tenant-1', 'tenant-2']), random() < 0.7];
    if (isRestricted) model.restricted.add(`${tenantId} sample`);
    else model.restricted.delete(`${tenantId} sample`);
    return { type: 'restrict-source', tenantId, source: 'sample', isRestricted };
  }
  const userId = pick(USER_IDS);
  const lineId = random() < 0.3 ? 'source:sample' : pick(['*', ...LINES.map((line) => line.lineId)]);
  const on = { to: userId, lineId };
  if (random() < 0.5) {
    withGrant(model, on, undefined);
    return { type: 'remove-grant', userId, lineId };
  }
  const rights = RIGHTS.filter(() => random() < 0.6);
  withGrant(model, on, { ...on, rights, isOwn: false });
  return { type: 'put-grant', grant: { userId, lineId, rights, isOwn: false } };
}

async function asked(client: Client, message: object) {
  const before = client.frames.length;
  await client.send(message);
  for (let turn = 0; turn < 4; turn += 1) await settled();
  return client.frames.slice(before).filter((frame) => 'id' in frame && frame.id === 'q');
}

test(`under ${ROUNDS} changes of grants, contacts are told of exactly to whom the model says`, async () => {
  const rig = await aWorld();
  const model = createModel({ ...USERS }, {});
  const random = seeded();
  const clients = new Map<string, Client>();
  for (const userId of USER_IDS) clients.set(userId, await rig.connect(userId));
  const seen = { shown: 0, kept: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    await rig.access.change([changeOf(model, random)]);
    await settled();
    for (const [userId, client] of clients) {
      const tenantId = model.users[userId] ?? '';
      const mayFind = LINES.some((line) => {
        const rights = rightsIn(model, userId, line);
        return rights.has('watch') && rights.has('see-names') && rights.has('see-numbers');
      });
      const may = mayFind && seesSource(model, userId, 'sample');
      const [found] = await asked(client, { type: 'lookup', id: 'q', number: NUMBER });
      expect(JSON.stringify(found).includes('Contactsecret')).toBe(may);
      const [facts] = await asked(client, { type: 'facts', id: 'q', contactId: 'sample:1' });
      expect(JSON.stringify(facts).includes('Factsecret')).toBe(may);
      const [past] = await asked(client, { type: 'history', id: 'q', contactId: 'sample:1' });
      const lines = past?.type === 'journal' ? past.items.map((item) => ('lineId' in item ? item.lineId : '')) : [];
      const visible = LINES.filter((line) => {
        const rights = rightsIn(model, userId, line);
        return rights.has('watch') && rights.has('see-numbers');
      });
      expect(lines.toSorted()).toEqual(may ? visible.map(({ lineId }) => lineId).toSorted() : []);
      expect(JSON.stringify([found, facts, past])).not.toContain(
        tenantId === 'tenant-1' ? 'of tenant-2' : 'of tenant-1',
      );
      const [kept] = await asked(client, { type: 'assign-contact', id: 'q', number: NUMBER, contactId: 'sample:1' });
      expect(kept).toMatchObject({ state: may ? 'done' : 'failed' });
      seen[may ? 'shown' : 'kept'] += 1;
    }
  }
  // Both really happened.
  expect(Math.min(seen.shown, seen.kept)).toBeGreaterThan(ROUNDS / 10);
});
