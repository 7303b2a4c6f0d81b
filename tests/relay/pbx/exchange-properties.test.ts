// Whatever people and orders do at the exchange, in whatever order: no call goes back, links hold, and when all have put
// their handsets down, nothing is left. The exchange is the truth that others are compared with.
import { COMMANDS } from '@offhook/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canFollow } from '../../../relay/src/call-states.ts';
import type { Leg } from '../../../relay/src/pbx/driver.ts';
import { createExchange, type Exchange } from '../../../relay/src/pbx/simulator/exchange.ts';
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts';

const RUNS = process.env['OFFHOOK_FULL'] === '1' ? 20_000 : 500;
const LINES = ['10', '11', '12', '13'];

const lineKey = fc.constantFrom(...LINES);
const dialString = fc.constantFrom(...LINES, '90', '03023125042', '5');
const pick = fc.nat(7);

type Act = (exchange: Exchange, clock: FakeClock) => void;

const act: fc.Arbitrary<Act> = fc.oneof(
  dialString.map(
    (to): Act =>
      (exchange) =>
        void exchange.callIn({ from: '03023125001', to }),
  ),
  fc.tuple(fc.constantFrom('lift', 'hangUp', 'reject', 'farAnswers', 'farHangsUp'), lineKey).map(
    ([hand, line]): Act =>
      (exchange) =>
        void exchange.hands[hand](line),
  ),
  fc.tuple(lineKey, fc.constantFrom('loggedIn', 'loggedOut')).map(
    ([line, state]): Act =>
      (exchange) =>
        void exchange.hands.setRegistered(line, state),
  ),
  {
    weight: 4,
    arbitrary: fc.record({ name: fc.constantFrom(...COMMANDS), dialString, lineKey, pick, other: pick }).map(ordered),
  },
  fc.integer({ min: 1, max: 40_000 }).map(
    (ms): Act =>
      (_, clock) =>
        clock.advance(ms),
  ),
);

interface Ordered {
  name: (typeof COMMANDS)[number];
  dialString: string;
  lineKey: string;
  pick: number;
  other: number;
}

// An order for one of the calls that there are, mostly one of its own line.
function ordered({ name, dialString: digits, lineKey: line, pick: first, other }: Ordered): Act {
  return (exchange) => {
    const { legs } = exchange.snapshot();
    const leg = legs[first % Math.max(1, legs.length)];
    const own = legs.filter((one) => one.lineKey === leg?.lineKey && one !== leg);
    exchange.order({
      commandKey: 'k',
      name,
      lineKey: leg && name !== 'makeCall' ? leg.lineKey : line,
      callKey: leg?.callKey,
      otherCallKey: own[other % Math.max(1, own.length)]?.callKey,
      otherLineKey: line,
      ...(name === 'makeCall' || name === 'redirect' || name === 'setForward' ? { dialString: digits } : {}),
    });
  };
}

it('no call goes back, links hold, and at the end nothing is left', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 50 }), (acts) => {
      const clock = createFakeClock();
      const exchange = createExchange({ clock });
      const last = new Map<string, Leg>();
      exchange.onEvent((event) => {
        if (event.type !== 'leg') return;
        const before = last.get(event.leg.callKey);
        if (before) expect([before.state, event.leg.state, canFollow(before.state, event.leg.state)]).toContain(true);
        expect(event.leg.cause === undefined).toBe(event.leg.state !== 'ended' && event.leg.state !== 'failed');
        expect(event.leg.connectedSince === undefined || event.leg.connectedSince >= event.leg.since).toBe(true);
        last.set(event.leg.callKey, event.leg);
      });
      for (const one of acts) {
        one(exchange, clock);
        const told = [...last.values()].filter(({ state }) => state !== 'ended');
        expect(new Set(exchange.snapshot().legs.map((leg) => JSON.stringify(leg)))).toEqual(
          new Set(told.map((leg) => JSON.stringify(leg))),
        );
      }
      for (const line of LINES) {
        while (exchange.hands.reject(line) || exchange.hands.hangUp(line)) clock.advance(0);
      }
      clock.advance(1_000_000);
      expect(exchange.snapshot().legs.filter(({ lineKey: line }) => LINES.includes(line))).toEqual([]);
      for (const leg of last.values()) if (LINES.includes(leg.lineKey)) expect(leg.state).toBe('ended');
    }),
    { numRuns: RUNS },
  );
});
