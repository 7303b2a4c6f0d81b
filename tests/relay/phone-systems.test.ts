// Drivers as the relay runs them: brought into step after each connection, and never in the way of its end.
import { expect, test } from 'vitest';
import type { Driver, DriverContext, DriverEvent } from '../../relay/src/pbx/driver.ts';
import { openPhoneSystems } from '../../relay/src/phone-systems.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { SILENT, settled } from './builders.ts';

type Snapshot = Awaited<ReturnType<Driver['snapshot']>>;

const NOTHING: Snapshot = { lines: [], legs: [] };
const connected: DriverEvent = { type: 'status', status: { type: 'connected' } };
const link: DriverEvent = { type: 'link', callKeys: ['a', 'b'] };
const outcome: DriverEvent = { type: 'outcome', outcome: { commandKey: 'cmd-1', state: 'done' } };

function aRig(over: Partial<Driver> = {}) {
  const clock = createFakeClock();
  const seen: string[] = [];
  const asked: PromiseWithResolvers<Snapshot>[] = [];
  let context: DriverContext | undefined;
  const driver: Driver = {
    snapshot() {
      const answer = Promise.withResolvers<Snapshot>();
      asked.push(answer);
      return answer.promise;
    },
    command: async () => ({ type: 'sent' }),
    close: async () => undefined,
    ...over,
  };
  const systems = openPhoneSystems({
    systems: [
      {
        pbxId: 'main',
        open(given) {
          context = given;
          return driver;
        },
      },
    ],
    switchboard: {
      handle: (_pbxId, event) => void seen.push(event.type),
      applySnapshot: () => void seen.push('snapshot'),
    },
    clock,
    log: SILENT,
    onLines: () => undefined,
  });
  return { clock, seen, asked, systems, emit: (event: DriverEvent) => context?.emit(event) };
}

test('what happens while the snapshot is on its way waits behind it, but for outcomes', async () => {
  const { seen, asked, emit, systems } = aRig();
  emit(connected);
  emit(link);
  emit(outcome);
  expect(seen).toEqual(['status', 'outcome']);
  asked[0]?.resolve(NOTHING);
  await settled();
  expect(seen).toEqual(['status', 'outcome', 'snapshot', 'link']);
  expect(systems.status()).toEqual(['main: connected']);
});

test('a snapshot that fails is asked for again, one of an earlier connection is left out', async () => {
  const { seen, asked, emit, clock } = aRig();
  emit(connected);
  asked[0]?.reject(new Error('busy'));
  await settled();
  clock.advance(1_000);
  expect(asked).toHaveLength(2);
  emit({ type: 'status', status: { type: 'disconnected', reason: 'cut' } });
  emit(connected);
  asked[1]?.resolve(NOTHING);
  await settled();
  expect(seen).not.toContain('snapshot');
  asked[2]?.resolve(NOTHING);
  await settled();
  expect(seen.filter((type) => type === 'snapshot')).toHaveLength(1);
});

test('what waited for a snapshot is forgotten when its connection ends, and is not replayed after the next one', async () => {
  const { seen, asked, emit } = aRig();
  emit(connected);
  emit(link);
  emit({ type: 'status', status: { type: 'disconnected', reason: 'cut' } });
  // A straggler of the connection that is gone.
  emit(link);
  emit(connected);
  emit(outcome);
  asked[1]?.resolve(NOTHING);
  await settled();
  expect(seen).toEqual(['status', 'status', 'status', 'outcome', 'snapshot']);
  emit(link);
  expect(seen.at(-1)).toBe('link');
});

test('a snapshot that fails takes nothing from what waits for the next one of the same connection', async () => {
  const { seen, asked, emit, clock } = aRig();
  emit(connected);
  emit(link);
  asked[0]?.reject(new Error('busy'));
  await settled();
  clock.advance(1_000);
  asked[1]?.resolve(NOTHING);
  await settled();
  expect(seen).toEqual(['status', 'snapshot', 'link']);
});

test('a driver that never closes, or fails at it, holds the end up for two seconds at most', async () => {
  const { systems, clock, seen, emit } = aRig({ close: () => new Promise(() => undefined) });
  let isClosed = false;
  const closing = systems.close().then(() => {
    isClosed = true;
  });
  clock.advance(1_999);
  await settled();
  expect(isClosed).toBe(false);
  clock.advance(1);
  await closing;
  emit(link);
  expect(seen).toEqual([]);
  const failing = aRig({ close: () => Promise.reject(new Error('broken')) });
  await failing.systems.close();
  expect(failing.clock.pending()).toBe(0);
});
