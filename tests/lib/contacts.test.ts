// Whom numbers belong to when the relay has not said it yet.
import type { PhoneNumber } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import { createContactMemory } from '#lib/contacts.ts';
import { aCall, aContact, aLine, aStranger } from '../components/builders.ts';
import { createFakeContacts } from '../fakes/contacts.ts';
import { aPairedWorld, createWorkerWorld } from '../fakes/worker-world.ts';

const ANNA = { kind: 'e164', number: '+493023125007' } as const;
const contact = aContact({ name: 'Anna Krüger', match: 'exact' });

describe('the memory', () => {
  function setUp() {
    const fake = createFakeContacts();
    let now = 1_000;
    const memory = createContactMemory({ store: fake.store, now: () => (now += 1) });
    return { fake, memory };
  }

  test('recalls whom a number belonged to, and keeps no number', async () => {
    const { fake, memory } = setUp();
    await memory.keep(ANNA, contact);
    expect(await memory.recall(ANNA)).toEqual(contact);
    expect([...fake.kept.keys()]).toEqual(['hash of +493023125007']);
  });

  test.each<[string, PhoneNumber, typeof contact]>([
    ['a guess', ANNA, { ...contact, match: 'probable' }],
    ['an internal number', { kind: 'internal', number: '18' }, contact],
    ['a withheld number', { kind: 'anonymous' }, contact],
  ])('keeps nothing of %s', async (_what, number, given) => {
    const { fake, memory } = setUp();
    await memory.keep(number, given);
    expect(fake.kept.size).toBe(0);
  });

  test('forgets a number that belongs to nobody any more, and everything when it is told to', async () => {
    const { memory } = setUp();
    const other: PhoneNumber = { kind: 'e164', number: '+493023125014' };
    await memory.keep(ANNA, contact);
    await memory.keep(other, contact);
    await memory.keep(ANNA, undefined);
    expect([await memory.recall(ANNA), await memory.recall(other)]).toEqual([undefined, contact]);
    await memory.forget();
    expect(await memory.recall(other)).toBeUndefined();
    await memory.keep(other, contact);
    expect(await memory.recall(other)).toEqual(contact);
  });

  test('keeps two thousand, the latest', async () => {
    const { fake, memory } = setUp();
    for (let at = 0; at < 2_250; at += 1) await memory.keep({ kind: 'e164', number: `+4930${at}` }, contact);
    expect(fake.kept.size).toBeLessThanOrEqual(2_100);
    expect(await memory.recall({ kind: 'e164', number: '+493010' })).toBeUndefined();
    expect(await memory.recall({ kind: 'e164', number: '+49302249' })).toEqual(contact);
  });

  test('that fails is no memory, and no error', async () => {
    const { fake, memory } = setUp();
    fake.breaks = true;
    await memory.keep(ANNA, contact);
    expect(await memory.recall(ANNA)).toBeUndefined();
    fake.breaks = false;
    await memory.keep(ANNA, contact);
    expect(await memory.recall(ANNA)).toEqual(contact);
  });
});

describe('a call from a number that is remembered', () => {
  const nameless = aCall({
    callId: 'call-2',
    state: 'offering',
    direction: 'inbound',
    remote: aStranger({ number: ANNA }),
  });

  async function remembering() {
    const world = createWorkerWorld({ lines: [aLine({ calls: [nameless] })] });
    await world.contacts.store.put(await world.contacts.store.keyOf(ANNA.number), { contact, at: 1 });
    await world.pairedWith();
    await world.startWorker();
    return world;
  }
  const nameOf = async (world: Awaited<ReturnType<typeof remembering>>) =>
    (await world.state()).lines[0]?.line.calls[0]?.remote.contact?.name;

  test('has its name, in the notification too, although the relay gives none', async () => {
    const world = await remembering();
    expect(await nameOf(world)).toBe('Anna Krüger');
    expect([...world.notifications.standing.values()].map(({ title }) => title)).toEqual([
      expect.stringContaining('Anna Krüger'),
    ]);
  });

  test('loses it when the relay says that it belongs to nobody', async () => {
    const world = await remembering();
    world.relay.answer = (message, socket) =>
      message.type === 'lookup'
        ? void socket.says({ type: 'contacts', id: message.id, matches: [], more: false })
        : undefined;
    await world.ask('lookup', { number: ANNA });
    expect(await nameOf(world)).toBeUndefined();
    expect(world.contacts.kept.size).toBe(0);
  });

  test('is nobody’s once the relay was forgotten', async () => {
    const world = await remembering();
    await world.ask('unpair');
    expect(world.contacts.kept.size).toBe(0);
  });
});

test('who was spoken with is remembered for the next time', async () => {
  const remote = { number: ANNA, verified: true, contact };
  const world = await aPairedWorld([aLine({ calls: [aCall({ state: 'connected', remote })] })]);
  expect([...world.contacts.kept.values()]).toMatchObject([{ contact: { name: 'Anna Krüger' } }]);
});
