// Traffic that the simulator makes up: it lives through every state and nearly every cause, a call never goes backwards,
// and scripts do what a person would type.
import { CALL_STATES, CAUSES, type CallState, type Cause } from '@offhook/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { canFollow } from '../../../relay/src/call-states.ts';
import { playScript } from '../../../relay/src/cli/desk-words.ts';
import { connectDesk } from '../../../relay/src/pbx/simulator/desk-client.ts';
import { createExchange } from '../../../relay/src/pbx/simulator/exchange.ts';
import { startSimulatorServer } from '../../../relay/src/pbx/simulator/server.ts';
import { startTraffic } from '../../../relay/src/pbx/simulator/traffic.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { createDice } from '../../fakes/dice.ts';

const DAY_MS = 24 * 3_600_000;
// No phone is rung by an order here, and no phone takes a colleague's call: those two come by command alone.
const BY_ORDER: readonly CallState[] = ['prompting'];
const CAUSES_BY_ORDER: readonly Cause[] = ['ownPhoneNotAnswered', 'pickedUp'];

function play(seed: number, forMs: number) {
  const clock = createFakeClock();
  const exchange = createExchange({ clock });
  const dice = createDice(seed);
  const last = new Map<string, CallState>();
  const states = new Set<CallState>();
  const causes = new Set<Cause>();
  const backward: string[] = [];
  exchange.onEvent((event) => {
    if (event.type !== 'leg') return;
    const { callKey, state, cause } = event.leg;
    const before = last.get(callKey);
    if (before !== undefined && !canFollow(before, state)) backward.push(`${state} after ${before}`);
    last.set(callKey, state);
    states.add(state);
    if (cause) causes.add(cause);
  });
  const random = () => dice.below(1_000_000) / 1_000_000;
  const stop = startTraffic({ exchange, clock, perMinute: 20, random });
  clock.advance(forMs);
  return { clock, exchange, stop, states, causes, backward, count: () => last.size };
}

describe('made-up traffic', () => {
  it('lives through every state and cause that needs no order, and takes no call back', () => {
    const { states, causes, backward, count } = play(7, DAY_MS / 8);
    expect(backward).toEqual([]);
    expect(CALL_STATES.filter((state) => !states.has(state) && !BY_ORDER.includes(state))).toEqual([]);
    const missing = CAUSES.filter((cause) => !causes.has(cause) && !CAUSES_BY_ORDER.includes(cause));
    // Do not disturb and loops of forwards are set by people.
    expect(missing.filter((cause) => cause !== 'dnd')).toEqual([]);
    expect(count()).toBeGreaterThan(2_000);
  });

  it('keeps to what it was told a minute, and makes none when told none', () => {
    expect(play(3, 60_000).count()).toBeLessThan(120);
    const clock = createFakeClock();
    const stop = startTraffic({ exchange: createExchange({ clock }), clock, perMinute: 0, random: Math.random });
    expect(clock.pending()).toBe(0);
    stop();
  });

  it('begins nothing more once it was ended', () => {
    const { clock, exchange, stop } = play(5, 600_000);
    stop();
    const begun: unknown[] = [];
    exchange.onEvent((event) => {
      if (event.type === 'leg' && event.leg.state === 'offering') begun.push(event);
    });
    clock.advance(DAY_MS);
    const idle = exchange.snapshot().legs.filter(({ state }) => state !== 'connected' && state !== 'held');
    expect([begun.length, idle]).toEqual([0, []]);
  });
});

describe('a script', () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function aDesk() {
    const server = await startSimulatorServer({ port: 0, print: () => undefined });
    closers.push(() => server.close());
    const desk = await connectDesk({ port: server.port });
    closers.push(() => desk.close());
    return desk;
  }

  it('does what a person would type, waits where it says so, and tells what came of it', async () => {
    const desk = await aDesk();
    const clock = createFakeClock();
    const told: string[] = [];
    const script =
      '# a caller\ncall 03023125042 10\nwait 5\nlift 10\nask 10 12\nlift 12\njoin 10\nstate of the art\nxyz';
    const signal = new AbortController().signal;
    let rang: unknown;
    const playing = playScript(desk, script, {
      clock: {
        after(delayMs, action) {
          expect(delayMs).toBe(5_000);
          rang = desk.state().then(({ legs }) => legs.map(({ state }) => state));
          return clock.after(0, action);
        },
      },
      signal,
      tell: (words) => {
        told.push(words);
        setImmediate(() => clock.advance(0));
      },
    });
    await playing;
    expect(await rang).toEqual(['offering']);
    expect(told.filter((words) => words.endsWith(': done'))).toHaveLength(4);
    expect(told.at(-1)).toContain('is none of the words');
    const { legs } = await desk.state();
    expect(legs).toMatchObject([{ lineKey: '12', state: 'connected', remote: { number: '03023125042' } }]);
  });

  it('ends at once when the simulator ends', async () => {
    const desk = await aDesk();
    const end = new AbortController();
    const clock = createFakeClock();
    const playing = playScript(desk, 'wait 3600\ncall 03023125042 10', {
      clock,
      signal: end.signal,
      tell: () => undefined,
    });
    end.abort();
    await playing;
    expect((await desk.state()).legs).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});
