// The caller window while the worker dies: at each call to the browser, and again and again.
import type { Call } from '@offhook/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PhoneState } from '#lib/phone.ts';
import { aCall, aLine, aState } from '../components/builders.ts';
import { createScreen, type Screen, startCallerWindow } from '../fakes/screen.ts';

const RUNS = process.env['OFFHOOK_FULL'] === '1' ? 5_000 : 300;
const FAREWELL_MS = 4_000;
const NEVER = new Promise<never>(() => {});
const settled = () => new Promise((resolve) => setImmediate(resolve));

const offered = (change: Partial<Call> = {}) => aCall({ state: 'offering', ...change });
const ringing = (...calls: Call[]) => aState([aLine({ calls })]);
const second = offered({ callId: 'call-2', conversationId: 'conversation-2' });

/** Rings, rings twice, one is over, both are. Nobody answers. */
const life = [ringing(offered()), ringing(offered(), second), ringing(second), ringing()];

/** Runs a worker over these states that dies at its n-th step on the way to or from the browser. Answers whether it died. */
async function runUntilCall(screen: Screen, states: readonly PhoneState[], dyingStep: number): Promise<boolean> {
  let steps = 0;
  const worker = startCallerWindow(screen, async () => {
    steps += 1;
    if (steps >= dyingStep) await NEVER;
  });
  for (const state of states) {
    screen.state = state;
    void worker.update();
    for (let turn = 0; turn < 3; turn += 1) await settled();
  }
  return steps >= dyingStep;
}

async function end(screen: Screen): Promise<void> {
  screen.clock.advance(FAREWELL_MS);
  for (let turn = 0; turn < 3; turn += 1) await settled();
}

test('a worker that dies before or after any call to the browser: one window, and none left over', async () => {
  for (let dyingStep = 1; ; dyingStep += 1) {
    const screen = createScreen();
    const died = await runUntilCall(screen, life.slice(0, 2), dyingStep);
    await runUntilCall(screen, life.slice(1, 3), Number.POSITIVE_INFINITY);
    expect([screen.opened.length, screen.standing.size], `death at step ${dyingStep}`).toEqual([1, 1]);
    await runUntilCall(screen, life.slice(3), Number.POSITIVE_INFINITY);
    await end(screen);
    expect(screen.standing.size, `death at step ${dyingStep}`).toBe(0);
    if (!died) return expect(dyingStep).toBeGreaterThan(12);
  }
});

test('a worker that dies while it closes the window: it is closed by the next, and does not come again', async () => {
  for (let dyingStep = 1; ; dyingStep += 1) {
    const screen = createScreen();
    await runUntilCall(screen, life.slice(0, 1), Number.POSITIVE_INFINITY);
    const died = await runUntilCall(screen, life.slice(3), dyingStep);
    await end(screen);
    await runUntilCall(screen, life.slice(3), Number.POSITIVE_INFINITY);
    await end(screen);
    expect([screen.opened.length, screen.standing.size], `death at step ${dyingStep}`).toEqual([1, 0]);
    if (!died) return expect(dyingStep).toBeGreaterThan(2);
  }
});

test('workers that die again and again never open two, and leave none', async () => {
  const deaths = fc.array(fc.tuple(fc.integer({ min: 1, max: 24 }), fc.nat(2)), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(deaths, async (workers) => {
      const screen = createScreen();
      let from = 0;
      for (const [dyingStep, length] of workers) {
        const to = Math.min(from + length, 2);
        await runUntilCall(screen, life.slice(from, to + 1), dyingStep);
        from = to;
      }
      await runUntilCall(screen, life.slice(from), Number.POSITIVE_INFINITY);
      await end(screen);
      expect([screen.opened.length, screen.standing.size]).toEqual([1, 0]);
    }),
    { numRuns: RUNS },
  );
});
