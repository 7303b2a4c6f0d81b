// Whom numbers belong to when the relay has not said it yet.
import type { Call, PhoneNumber } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import { createContactMemory } from '#lib/contacts.ts';
import type { PhoneState } from '#lib/phone.ts';
import { createRecalledCalls } from '#lib/recalled-calls.ts';
import { aCall, aContact, aLine, aState, aStranger } from '../components/builders.ts';
import { createFakeEvent } from '../fakes/browser-event.ts';
import { createFakeContacts } from '../fakes/contacts.ts';
import { aPairedWorld, createWorkerWorld, settled } from '../fakes/worker-world.ts';

const ANNA = { kind: 'e164', number: '+493023125007' } as const;
const DAY_MS = 86_400_000;
const contact = aContact({ name: 'Anna Krüger', match: 'exact' });

describe('the memory', () => {
  function setUp() {
    const fake = createFakeContacts();
    let now = 1_000;
    const memory = createContactMemory({ store: fake.store, now: () => (now += 1) });
    const pass = (ms: number) => {
      now += ms;
    };
    return { fake, memory, pass };
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

  test('what is being kept while everything is forgotten does not come back', async () => {
    const { fake, memory } = setUp();
    const kept = [ANNA, { kind: 'e164', number: '+493023125014' } as const].map((one) => memory.keep(one, contact));
    await memory.forget();
    await Promise.all(kept);
    expect(fake.kept.size).toBe(0);
  });

  test('forgets who was not heard of for ninety days', async () => {
    const { fake, memory, pass } = setUp();
    await memory.keep(ANNA, contact);
    pass(90 * DAY_MS);
    expect(await memory.recall(ANNA)).toBeUndefined();
    await createContactMemory({ store: fake.store, now: () => 1_000 + 91 * DAY_MS }).keep(
      { kind: 'e164', number: '+493023125014' },
      contact,
    );
    expect([...fake.kept.keys()]).toEqual(['hash of +493023125014']);
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
    await world.contacts.store.put(await world.contacts.store.keyOf(ANNA.number), { contact, at: world.clock.now() });
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

  test('has no older name for a moment than the one that it was given last', async () => {
    const memory = createContactMemory({ store: createFakeContacts().store, now: () => 1 });
    await memory.keep(ANNA, contact);
    let shown = aState([aLine({ calls: [nameless] })]);
    const changed = createFakeEvent<(state: PhoneState) => void>();
    const recalled = createRecalledCalls({
      phone: { state: () => shown, onChange: changed.addListener },
      memory,
    });
    const become = async (...calls: Call[]) => {
      shown = aState([aLine({ calls })]);
      changed.emit(shown);
      const at = recalled.state().lines[0]?.line.calls[0]?.remote.contact?.name;
      await settled();
      return at;
    };
    await become(nameless);
    const married = { ...contact, name: 'Anna Sample' };
    await become({ ...nameless, remote: { ...nameless.remote, contact: married } });
    await become();
    expect(await become(nameless)).toBeUndefined();
    expect(recalled.state().lines[0]?.line.calls[0]?.remote.contact?.name).toBe('Anna Sample');
  });

  test('leaves nothing in a browser that was disconnected, should the one worker have died over it', async () => {
    const world = createWorkerWorld({ lines: [aLine()] });
    await world.contacts.store.put(await world.contacts.store.keyOf(ANNA.number), { contact, at: world.clock.now() });
    await world.startWorker();
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
