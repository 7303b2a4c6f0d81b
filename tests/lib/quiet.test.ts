// When a browser keeps quiet about calls.
import { expect, test } from 'vitest';
import { isQuiet, QUIET_MS } from '#lib/quiet.ts';
import { aCall, aLine } from '../components/builders.ts';
import { createWorkerWorld } from '../fakes/worker-world.ts';

const NOW = 1_800_000_000_000;
const usual = { getAll: async () => [{ state: 'normal' }, { state: 'minimized' }] };
const presenting = { getAll: async () => [{ state: 'normal' }, { state: 'fullscreen' }] };
const broken = { getAll: () => Promise.reject(new Error('no windows')) };

test.each([
  ['by itself', false, {}, presenting],
  ['while the agent asked for it', true, { quietUntil: NOW + 60_000 }, usual],
  ['once that is over', false, { quietUntil: NOW }, usual],
  ['for days after the clock was set back', false, { quietUntil: NOW + 2 * QUIET_MS }, usual],
  ['in full screen, where that was chosen', true, { quietInFullScreen: true }, presenting],
  ['in usual windows', false, { quietInFullScreen: true }, usual],
  ['where windows cannot be looked at', false, { quietInFullScreen: true }, broken],
])('%s: %s', async (_when, expected, settings, windows) => {
  const all = { quietUntil: undefined, quietInFullScreen: false, ...settings };
  expect(await isQuiet(all, { now: NOW, windows })).toBe(expected);
});

test('a quiet browser shows no notification and no window, does not ring and tells nobody that it did; its views show the call', async () => {
  const line = aLine({ calls: [aCall({ state: 'offering', direction: 'inbound' })] });
  const world = createWorkerWorld({ lines: [line] });
  await world.storage.local.set({ settings: { quietUntil: world.clock.now() + 60_000, rings: true, version: 2 } });
  await world.pairedWith();
  await world.startWorker();
  expect(world.notifications.created).toEqual([]);
  expect(world.relay.rings.filter(Boolean)).toEqual([]);
  expect(world.relay.received.filter(({ type }) => type === 'seen')).toEqual([]);
  expect((await world.state()).lines[0]?.line.calls[0]?.state).toBe('offering');
});
