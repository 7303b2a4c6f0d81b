// When contact sources are read: at the start, at their interval, sooner after a failure, on demand; and what an import that
// fails, or is only tried, leaves as it was.
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import type { Config, ContactsConfig } from '../../relay/src/config.ts';
import { readConfig } from '../../relay/src/config.ts';
import { type ContactImports, openContactImports } from '../../relay/src/contact-imports.ts';
import { ContactsError, type ReadOptions } from '../../relay/src/contacts/source.ts';
import type { Store, StoredContact } from '../../relay/src/store/store.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createTenantStore } from './contacts/tenant-store.ts';

const MINUTE_MS = 60_000;
const anna: StoredContact = { contactId: '1', name: 'Anna', numbers: [{ number: '+493023125042' }] };

function configOf(contacts: object[]): Config {
  return readConfig(JSON.stringify({ contacts }), '/sample/relay.yaml', {});
}
const crm = (over: object = {}) => ({
  id: 'crm',
  kind: 'json',
  country: 'DE',
  url: 'https://crm.example',
  fields: {},
  ...over,
});

interface World {
  imports: ContactImports;
  clock: ReturnType<typeof createFakeClock>;
  reads: string[];
  store: Store;
  live: { config: Config };
}

let imports: ContactImports | undefined;
afterEach(() => imports?.close());

/** `answer` is what each reading of a source does. */
async function opened(
  contacts: object[],
  answer: (entry: ContactsConfig, options: ReadOptions) => AsyncIterable<StoredContact> | Iterable<StoredContact>,
  random = 0.5,
): Promise<World> {
  const live = { config: configOf(contacts) };
  const clock = createFakeClock();
  const store = await createTenantStore();
  const reads: string[] = [];
  const log = pino({ level: 'silent' });
  imports = await openContactImports({
    ...{ live, clock, log, store, random: () => random },
    openSource: (entry) => ({
      async *read(options) {
        reads.push(entry.id);
        yield* answer(entry, options);
      },
    }),
  });
  return { imports, clock, reads, store, live };
}

const stateOf = async (world: World, id = 'crm') => (await world.imports.states()).find((state) => state.id === id);
const settled = (world: World, check: (state: Awaited<ReturnType<typeof stateOf>>) => boolean) =>
  vi.waitFor(async () => {
    const state = await stateOf(world);
    if (!check(state)) throw new Error(JSON.stringify(state));
    return state;
  });

test('a source is read at the start and again at its interval, give or take a tenth', async () => {
  const world = await opened([crm({ every: '15m' })], () => [anna], 1);
  const state = await settled(world, (found) => found?.nextAt !== undefined);
  expect(state).toMatchObject({ contacts: 1, numbers: 1, importedAt: new Date(world.clock.now()).toISOString() });
  expect(Date.parse(state?.nextAt ?? '') - world.clock.now()).toBe(16.5 * MINUTE_MS);
  world.clock.advance(16.4 * MINUTE_MS);
  expect(world.reads).toEqual(['crm']);
  world.clock.advance(0.1 * MINUTE_MS);
  await vi.waitFor(() => expect(world.reads).toEqual(['crm', 'crm']));
});

test('after a failure it is tried again in a minute, then in two, never later than its interval; the last contacts stay', async () => {
  let isBroken = false;
  const world = await opened([crm({ every: '3m' })], () => {
    if (isBroken) throw new ContactsError('crm.example cannot be reached');
    return [anna];
  });
  await settled(world, (found) => found?.nextAt !== undefined);
  isBroken = true;
  const waits: number[] = [];
  for (let round = 1; round <= 5; round += 1) {
    const before = await stateOf(world);
    world.clock.advance(Date.parse(before?.nextAt ?? '') - world.clock.now());
    const after = await settled(world, (found) => world.reads.length === round + 1 && found?.nextAt !== undefined);
    waits.push((Date.parse(after?.nextAt ?? '') - world.clock.now()) / MINUTE_MS);
    expect(after).toMatchObject({ contacts: 1, problem: 'crm.example cannot be reached' });
  }
  expect(waits).toEqual([1, 2, 3, 3, 3]);
  isBroken = false;
  await world.imports.sync('crm', {});
  expect(await stateOf(world)).not.toHaveProperty('problem');
});

test('a file without an interval is read when the configuration is, what is elsewhere every hour', async () => {
  const world = await opened([crm(), { id: 'list', kind: 'csv', file: 'x.csv', country: 'DE' }], () => [anna]);
  const state = await settled(world, (found) => found?.nextAt !== undefined);
  expect(Date.parse(state?.nextAt ?? '') - world.clock.now()).toBe(60 * MINUTE_MS);
  expect(await stateOf(world, 'list')).not.toHaveProperty('nextAt');
  world.imports.readAnew();
  await vi.waitFor(() => expect(world.reads.filter((id) => id === 'list')).toHaveLength(2));
});

test('a server that does not answer keeps no relay from starting, and no file from being read', async () => {
  const never = new Promise<never>(() => undefined);
  const list = { id: 'list', kind: 'csv', file: 'x.csv', country: 'DE' };
  const world = await opened([crm(), list], async function* ({ id }) {
    if (id === 'crm') await never;
    yield anna;
  });
  expect(await stateOf(world)).toMatchObject({ contacts: 0 });
  expect(await stateOf(world, 'list')).toMatchObject({ contacts: 1 });
});

test('a dry run tells what would change, and changes nothing', async () => {
  let now: StoredContact[] = [anna, { ...anna, contactId: '2' }];
  const world = await opened([crm()], () => now);
  await settled(world, (found) => found?.contacts === 2);
  now = [
    { ...anna, name: 'Anna Sample' },
    { ...anna, contactId: '3' },
  ];
  const report = await world.imports.sync('crm', { isDryRun: true });
  expect(report).toMatchObject({ contacts: 2, added: 1, changed: 1, removed: 1 });
  expect(await stateOf(world)).toMatchObject({ contacts: 2 });
  expect((await world.store.contacts('default')).map(({ contactId }) => contactId)).toEqual(['1', '2']);
});

test('a source gets back its own mark with its contacts, not in a whole reading, and not one of an import that failed', async () => {
  const marks: (string | undefined)[] = [];
  let isBroken = false;
  const world = await opened([crm()], async function* (_entry, { last, onMark }) {
    marks.push(last && `${last.mark} ${last.contacts.length}`);
    yield anna;
    onMark?.(`mark-${marks.length}`);
    if (isBroken) throw new ContactsError('broken');
  });
  await settled(world, (found) => found?.contacts === 1);
  await world.imports.sync('crm', {});
  await world.imports.sync('crm', { isWhole: true });
  isBroken = true;
  await expect(world.imports.sync('crm', {})).rejects.toThrow('broken');
  await expect(world.imports.sync('crm', {})).rejects.toThrow('broken');
  expect(marks).toEqual([undefined, 'mark-1 1', undefined, 'mark-3 1', 'mark-3 1']);
});

test('a source that the configuration does not name any more is emptied and read no more', async () => {
  const world = await opened([crm({ every: '5m' })], () => [anna]);
  await settled(world, (found) => found?.nextAt !== undefined);
  world.live.config = configOf([]);
  world.imports.readAnew();
  await vi.waitFor(async () => expect(await world.store.contacts('default')).toEqual([]));
  world.clock.advance(60 * MINUTE_MS);
  expect(world.reads).toEqual(['crm']);
  expect(world.imports.sync('crm', {})).toBeUndefined();
});
