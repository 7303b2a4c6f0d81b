// Whatever a phone system says, in whatever order: calls never go back, revisions grow by one, lines show what their calls
// say, and everything ends.
import { CALL_STATES, type CallState } from '@offhook/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Leg } from '../../relay/src/pbx/driver.ts';
import type { BoardLine } from '../../relay/src/switchboard.ts';
import { aLeg, PBX, type SwitchboardRig, switchboardRig, TENANT } from './switchboard-rig.ts';

const RUNS = process.env['OFFHOOK_FULL'] === '1' ? 20_000 : 500;
// How far a call is, told apart from the table that the relay itself uses.
const RANK: Record<CallState, number> = {
  initiated: 0,
  prompting: 1,
  dialing: 2,
  queued: 3,
  ringback: 3,
  offering: 3,
  connected: 4,
  held: 4,
  failed: 5,
  ended: 6,
};

type Step =
  | { do: 'leg'; leg: Leg }
  | { do: 'link'; callKeys: string[] }
  | { do: 'lose' }
  | { do: 'sync'; legs: Leg[] }
  | { do: 'wait'; ms: number };

const key = fc.constantFrom('a', 'b', 'c', 'd');
const leg = fc
  .record({
    lineKey: fc.constantFrom('10', '11', '12'),
    callKey: key,
    state: fc.constantFrom(...CALL_STATES),
    linkKey: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: undefined }),
    since: fc.integer({ min: 1, max: 50 }),
    remote: fc.constantFrom({ number: '03023125042' }, { number: undefined }, { number: '11' }),
  })
  .map((part) => aLeg(part));
const live = leg.filter(({ state }) => state !== 'ended');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: leg.map((one): Step => ({ do: 'leg', leg: one })) },
  { weight: 2, arbitrary: fc.array(key, { maxLength: 3 }).map((callKeys): Step => ({ do: 'link', callKeys })) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'lose' }) },
  { weight: 2, arbitrary: fc.array(live, { maxLength: 5 }).map((legs): Step => ({ do: 'sync', legs })) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 50_000 }).map((ms): Step => ({ do: 'wait', ms })) },
);

function take(rig: SwitchboardRig, one: Step): void {
  switch (one.do) {
    case 'leg':
      return rig.leg(one.leg);
    case 'link':
      return rig.board.handle(PBX, { type: 'link', callKeys: one.callKeys });
    case 'lose':
      return rig.board.handle(PBX, { type: 'status', status: { type: 'disconnected', reason: 'test' } });
    case 'sync':
      return rig.snapshot(one.legs);
    case 'wait':
      return rig.clock.advance(one.ms);
    default:
      return one satisfies never;
  }
}

// The state of a line from its calls, said in another way than the relay says it.
function expectedState({ calls }: BoardLine, isInTouch: boolean): string {
  if (!isInTouch) return 'unknown';
  const states = calls.map(({ state }) => state).filter((state) => state !== 'ended');
  const offered = states.filter((state) => state === 'offering').length;
  if (states.length === 0) return 'idle';
  if (offered === states.length) return 'ringing';
  if (offered > 0) return 'busyRinging';
  return states.some((state) => state !== 'held') ? 'busy' : 'held';
}

it('calls never go back, revisions grow by one, lines show their calls, and everything ends', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const rig = switchboardRig();
      let isInTouch = false;
      let rev = rig.board.rev(TENANT);
      const ranks = new Map<string, number>();
      rig.board.onChange(({ lineId }) => {
        const line = rig.board.line(lineId);
        rev += 1;
        expect([rig.board.rev(TENANT), line?.rev]).toEqual([rev, rev]);
        for (const { callId, state } of line?.calls ?? []) {
          expect(RANK[state]).toBeGreaterThanOrEqual(ranks.get(callId) ?? 0);
          ranks.set(callId, RANK[state]);
        }
      });
      for (const one of steps) {
        take(rig, one);
        if (one.do === 'lose') isInTouch = false;
        if (one.do === 'sync') isInTouch = true;
        for (const line of rig.board.lines(TENANT)) expect(line.state).toBe(expectedState(line, isInTouch));
      }
      rig.snapshot([]);
      rig.clock.advance(60_000);
      expect(rig.board.lines(TENANT).flatMap(({ calls }) => calls)).toEqual([]);
      expect(rig.clock.pending()).toBe(0);
      const last = new Map(rig.journal.legs.map(({ call }) => [call.callId, call.state]));
      expect([...last.values()].every((state) => state === 'ended')).toBe(true);
    }),
    { numRuns: RUNS },
  );
});

it('calls of one link are in one conversation, whatever came before', () => {
  fc.assert(
    fc.property(fc.array(live, { maxLength: 30 }), (legs) => {
      const rig = switchboardRig();
      rig.snapshot();
      const linksOf = new Map<string, Set<string>>();
      for (const one of legs) {
        rig.leg(one);
        const callId = rig.callsAt(one.lineKey).find(({ callKey }) => callKey === one.callKey)?.callId ?? '';
        const isBelieved = rig.board.callOf(callId)?.call.state === one.state;
        if (one.linkKey !== undefined && isBelieved) {
          linksOf.set(one.linkKey, (linksOf.get(one.linkKey) ?? new Set()).add(callId));
        }
      }
      for (const callIds of linksOf.values()) {
        const conversations = [...callIds].map((callId) => rig.board.callOf(callId)?.call.conversationId);
        expect(new Set(conversations).size).toBe(1);
      }
    }),
    { numRuns: RUNS },
  );
});
