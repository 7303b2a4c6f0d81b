// The sign-in that nobody sees: when it is tried, how often, and when it is left alone.
import { describe, expect, test } from 'vitest';
import type { LinkStatus } from '#lib/phone.ts';
import { emptyPhone } from '#lib/phone.ts';
import { createSilentSignIn } from '#lib/silent-sign-in.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createFakeStorage } from '../fakes/storage.ts';

function setUp() {
  const clock = createFakeClock();
  const session = createFakeStorage();
  const world = {
    link: { type: 'unpaired' } as LinkStatus,
    relay: 'https://relay.example' as string | undefined,
    result: { type: 'failed' } as { type: 'failed' | 'paired' },
    tries: [] as number[],
  };
  const startedAt = clock.now();
  const worker = () =>
    createSilentSignIn({
      memory: session,
      clock,
      state: () => ({ ...emptyPhone('DE'), link: world.link }),
      relay: async () => world.relay,
      async signIn() {
        world.tries.push((clock.now() - startedAt) / 1_000);
        return world.result;
      },
    });
  /** The alarm of every half minute, for so many hours. */
  async function alarms(hours: number, silent = worker()): Promise<void> {
    for (let at = 0; at < hours * 120; at += 1) {
      await silent.attempt();
      clock.advance(30_000);
    }
  }
  return { clock, session, world, worker, alarms };
}

test('is tried ever more rarely while it comes to nothing: in eight hours eight times, across deaths of the worker', async () => {
  const { world, alarms, worker } = setUp();
  for (let death = 0; death < 8; death += 1) await alarms(1, worker());
  expect(world.tries).toEqual([0, 30, 150, 630, 2_550, 9_750, 16_950, 24_150]);
});

test('is over when it has worked, and begins anew at once when the key is gone again', async () => {
  const { world, worker } = setUp();
  world.result = { type: 'paired' };
  await worker().attempt();
  world.link = { type: 'online' };
  await worker().attempt();
  expect(world.tries).toHaveLength(1);
  world.link = { type: 'refused', code: 'unauthenticated' };
  await worker().attempt();
  expect(world.tries).toHaveLength(2);
});

test('is tried once at a time', async () => {
  const { world, worker } = setUp();
  const silent = worker();
  await Promise.all([silent.attempt(), silent.attempt()]);
  expect(world.tries).toHaveLength(1);
});

describe('is left alone', () => {
  test.each<LinkStatus>([
    { type: 'online' },
    { type: 'connecting' },
    { type: 'offline' },
    { type: 'refused', code: 'revoked' },
    { type: 'refused', code: 'origin-refused' },
  ])('by a browser whose link is %j', async (link) => {
    const { world, worker } = setUp();
    world.link = link;
    await worker().attempt();
    expect(world.tries).toEqual([]);
  });

  test('where the company does not want it, which costs no try', async () => {
    const { world, worker } = setUp();
    world.relay = undefined;
    await worker().attempt();
    world.relay = 'https://relay.example';
    await worker().attempt();
    expect(world.tries).toEqual([0]);
  });

  test('after the agent has disconnected, until the browser is started anew', async () => {
    const { session, world, worker, alarms } = setUp();
    await worker().stop();
    await alarms(24);
    expect(world.tries).toEqual([]);
    await session.remove('silentSignIn');
    await worker().attempt();
    expect(world.tries).toHaveLength(1);
  });
});

test('a disconnect while a try is about to begin is not written over by it', async () => {
  const { world, worker } = setUp();
  const silent = worker();
  const attempt = silent.attempt();
  await silent.stop();
  await attempt;
  await worker().attempt();
  expect(world.tries).toEqual([]);
});

test('a clock that was set back by years does not stop it for good', async () => {
  const { clock, world, worker } = setUp();
  await worker().attempt();
  clock.jump(-10 * 365 * 86_400_000);
  await worker().attempt();
  expect(world.tries).toHaveLength(2);
});
