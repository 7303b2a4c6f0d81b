// Pop-ups of offered calls while the worker dies: at each call to the browser, and again and again.
import type { Call } from '@offhook/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PhoneState } from '#lib/phone.ts';
import { aCall, aLine, aState, aStranger } from '../components/builders.ts';
import { createSurvivors, type Survivors, startCaller } from '../fakes/survivors.ts';

const RUNS = process.env['OFFHOOK_FULL'] === '1' ? 5_000 : 400;
const ID = 'call:call-1';

const offered = (change: Partial<Call> = {}) =>
  aCall({ state: 'offering', conversationId: `of ${change.callId ?? 'call-1'}`, ...change });
const ringing = (...calls: Call[]) => aState([aLine({ calls })]);
const NEVER = new Promise<never>(() => {});
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Runs a worker over these states that dies at its n-th step on the way to or from the browser. Answers whether it died. */
async function runUntilCall(world: Survivors, states: readonly PhoneState[], dyingStep: number): Promise<boolean> {
  let steps = 0;
  const caller = startCaller(world, async () => {
    steps += 1;
    if (steps >= dyingStep) await NEVER;
  });
  for (const state of states) {
    world.state = state;
    void caller.update();
    await settled();
  }
  return steps >= dyingStep;
}

const life = [
  ringing(offered({ remote: aStranger() })),
  ringing(offered(), offered({ callId: 'call-2', remote: aStranger() })),
  ringing(offered({ state: 'connected' }), offered({ callId: 'call-2' })),
  ringing(),
];

test('a worker that dies before or after any call to the browser: one notification a call, told once, none left over', async () => {
  for (let dyingStep = 1; ; dyingStep += 1) {
    const world = createSurvivors();
    const died = await runUntilCall(world, life.slice(0, 2), dyingStep);
    await runUntilCall(world, life.slice(1), Number.POSITIVE_INFINITY);
    expect(world.created.sort(), `death at step ${dyingStep}`).toEqual([ID, 'call:call-2']);
    expect(world.seen.filter((one) => one === 'shown call-1').length).toBeLessThanOrEqual(1);
    expect(world.seen.filter((one) => one === 'shown call-2').length).toBeLessThanOrEqual(1);
    expect([...world.standing.keys()], `death at step ${dyingStep}`).toEqual([]);
    if (!died) return expect(dyingStep).toBeGreaterThan(16);
  }
});

test('workers that die again and again, at any calls, show each call exactly once', async () => {
  const deaths = fc.array(fc.tuple(fc.integer({ min: 1, max: 28 }), fc.nat(3)), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(deaths, async (workers) => {
      const world = createSurvivors();
      let from = 0;
      for (const [dyingStep, length] of workers) {
        // What rings while nobody lives is shown by the next one, if it still rings.
        const to = Math.min(from + length, 2);
        await runUntilCall(world, life.slice(from, to + 1), dyingStep);
        from = to;
      }
      await runUntilCall(world, life.slice(from), Number.POSITIVE_INFINITY);
      expect(new Set(world.created).size).toBe(world.created.length);
      expect(world.created).toContain('call:call-2');
      if (from < 2) expect(world.created).toContain(ID);
      expect(new Set(world.seen).size).toBe(world.seen.length);
      expect(world.standing.size).toBe(0);
    }),
    { numRuns: RUNS },
  );
});

test('Firefox, which lists nothing: never two notifications side by side, and none left over', async () => {
  for (let dyingStep = 1; dyingStep < 40; dyingStep += 1) {
    const world = createSurvivors({ kind: 'firefox' });
    await runUntilCall(world, life.slice(0, 2), dyingStep);
    await runUntilCall(world, life.slice(1, 2), Number.POSITIVE_INFINITY);
    expect([...world.standing.keys()].sort()).toEqual([ID, 'call:call-2']);
    await runUntilCall(world, life.slice(2), Number.POSITIVE_INFINITY);
    expect([...world.standing.keys()]).toEqual([]);
  }
});
