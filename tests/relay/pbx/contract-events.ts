// The events: what a driver declares that its phone system tells is told, as soon as it happens; what it declares as missing
// is never told, and nothing is made up in its place.
import { expect } from 'vitest';
import type { PbxDeclaration, PbxEvent } from '../../../relay/src/pbx/declaration.ts';
import type { Leg } from '../../../relay/src/pbx/driver.ts';
import { openCompany } from './company.ts';
import { isBlind, type Show, tellsNothing } from './contract-cells.ts';
import {
  answeredCall,
  CALLEE,
  CALLER,
  COLLEAGUE,
  dialledCall,
  farEndAnswers,
  farEndRings,
  keysOf,
  OWN,
  offeredCall,
  orderedCall,
  type Stage,
} from './contract-stage.ts';
import { type Extension, GROUP } from './contract-subject.ts';

interface EventTest {
  told: string;
  tells(stage: Stage): Promise<void>;
  tellsNot(stage: Stage): Promise<void>;
}

const EVENTS: Record<PbxEvent, EventTest> = {
  callSeen: {
    told: 'a call that was dialled at the phone',
    async tells(stage) {
      expect((await dialledCall(stage)).direction).toBe('outbound');
    },
    async tellsNot(stage) {
      await tellsNothing(stage, () => stage.subject.hands.dial?.(OWN, stage.dialString(CALLEE)));
    },
  },
  ringback: {
    told: 'that the far end rings',
    async tells(stage) {
      expect((await farEndRings(stage, await outgoing(stage))).state).toBe('ringback');
    },
    async tellsNot(stage) {
      if (!isBlind(stage)) await farEndRings(stage, await outgoing(stage));
      expect(statesOf(stage)).not.toContain('ringback');
    },
  },
  connected: {
    told: 'that the far end has answered, and not before',
    async tells(stage) {
      const ringing = await farEndRings(stage, await outgoing(stage));
      expect(statesOf(stage)).not.toContain('connected');
      expect((await farEndAnswers(stage, ringing)).connectedSince).toBeDefined();
    },
    async tellsNot(stage) {
      if (!isBlind(stage)) await farEndAnswers(stage, await farEndRings(stage, await outgoing(stage)));
      expect(statesOf(stage)).not.toContain('connected');
    },
  },
  hangUp: {
    told: 'that a call is over',
    async tells(stage) {
      const leg = stage.tells('callSeen') ? await answeredCall(stage) : await outgoing(stage);
      await stage.hands.hangUp(OWN);
      await stage.company.untilLeg({ ...keysOf(leg), state: 'ended' });
    },
    async tellsNot(stage) {
      await tellsNothing(stage, () => stage.subject.hands.hangUp?.(OWN));
    },
  },
  cause: { told: 'why a call ended', tells: tellsCauses, tellsNot: tellsNoCause },
  lineState: {
    told: 'what the line of a colleague does',
    async tells(stage) {
      const lineKey = stage.subject.lineKeyOf('11');
      if (stage.tells('callSeen')) await offeredCall(stage, '11');
      else await stage.hands.callIn({ from: stage.writes(CALLER), to: '11' });
      await stage.company.shows('ringing', lineKey, ({ state }) => state === 'ringing');
      await stage.hands.lift('11');
      await stage.company.shows('busy', lineKey, ({ state }) => state === 'busy');
      await stage.hands.hangUp('11');
      await stage.company.shows('free', lineKey, ({ state }) => state === 'idle');
    },
    async tellsNot(stage) {
      await tellsNothing(stage, () => stage.subject.hands.callIn?.({ from: stage.writes(CALLER), to: '11' }));
    },
  },
  registration: {
    told: 'whether a phone is logged in',
    async tells(stage) {
      const lineKey = stage.subject.lineKeyOf('11');
      await stage.hands.setPhone('11', 'loggedOut');
      await stage.company.shows('without a phone', lineKey, (line) => line.unavailableReason === 'noPhone');
      await stage.hands.setPhone('11', 'loggedIn');
      await stage.company.shows('with its phone', lineKey, ({ state }) => state === 'idle');
    },
    async tellsNot(stage) {
      await stage.subject.hands.setPhone?.('11', 'loggedOut');
      await neverReported(stage, ({ isRegistered }) => isRegistered !== undefined);
    },
  },
  dnd: {
    told: 'do not disturb',
    async tells(stage) {
      await stage.hands.setDnd('11', 'on');
      await stage.company.shows('not to be disturbed', stage.subject.lineKeyOf('11'), ({ dnd }) => dnd === true);
      await stage.hands.setDnd('11', 'off');
      await stage.company.shows('to be disturbed', stage.subject.lineKeyOf('11'), ({ dnd }) => dnd === false);
    },
    async tellsNot(stage) {
      await stage.subject.hands.setDnd?.('11', 'on');
      await neverReported(stage, ({ dnd }) => dnd !== null);
    },
  },
  forward: {
    told: 'forwards',
    async tells(stage) {
      await stage.hands.setForward('11', COLLEAGUE);
      await stage.company.shows('forwarded', stage.subject.lineKeyOf('11'), ({ forward }) => {
        return forward?.to.kind === 'internal' && forward.to.number === COLLEAGUE;
      });
      await stage.hands.setForward('11', null);
      await stage.company.shows('not forwarded', stage.subject.lineKeyOf('11'), ({ forward }) => forward === null);
    },
    async tellsNot(stage) {
      await stage.subject.hands.setForward?.('11', COLLEAGUE);
      await neverReported(stage, ({ forward }) => forward !== null);
    },
  },
  ringGroup: {
    told: 'that the phones of a ring group belong together',
    tells: tellsGroups,
    tellsNot: missesNoGroupCall,
  },
  answerReported: {
    told: 'when calls were answered, so that times are its own',
    async tells(stage) {
      const leg = await farEndAnswers(stage, await farEndRings(stage, await outgoing(stage)));
      expect(leg.answerReported).toBe(true);
      expect(await stage.company.entries(stage.own)).toMatchObject([{ isEstimated: false }]);
    },
    async tellsNot(stage) {
      if (stage.can('makeCall')) await stage.makeCall();
      await stage.subject.settled();
      const legs = stage.company.events.flatMap((event) => (event.type === 'leg' ? [event.leg] : []));
      expect(legs.filter((leg) => leg.answerReported)).toEqual([]);
    },
  },
  runningCalls: { told: 'calls that were there before the relay', tells: findsCalls, tellsNot: findsNoCalls },
  voicemail: {
    told: 'messages that wait',
    async tells(stage) {
      await stage.hands.setVoicemail('11', 2);
      await stage.company.shows('two messages', stage.subject.lineKeyOf('11'), ({ voicemail }) => voicemail === 2);
      await stage.hands.setVoicemail('11', 0);
      await stage.company.shows('no messages', stage.subject.lineKeyOf('11'), ({ voicemail }) => voicemail === 0);
    },
    async tellsNot(stage) {
      await stage.subject.hands.setVoicemail?.('11', 2);
      await neverReported(stage, ({ voicemail }) => voicemail !== undefined);
    },
  },
};

/** A test for each of the events. */
export function testEvents(show: Show, declaration: PbxDeclaration): void {
  for (const event of Object.keys(EVENTS) as PbxEvent[]) {
    // the keys of a record over the union
    const { told, tells, tellsNot } = EVENTS[event];
    const { is } = declaration.events[event];
    const title = is === 'no' ? `never tells, nor makes up, ${told}` : `tells ${told}`;
    show(`event/${event}`, title, async (stage) => {
      await (is === 'no' ? tellsNot : tells)(stage);
      return is;
    });
  }
}

// However a call of our own is begun there.
function outgoing(stage: Stage): Promise<Leg> {
  return stage.can('makeCall') ? orderedCall(stage) : dialledCall(stage);
}

async function tellsCauses(stage: Stage): Promise<void> {
  const found: [expected: string, told: string | undefined][] = [];
  const far = await farEndRings(stage, await outgoing(stage));
  await stage.hands.farHangsUp(OWN, 'busy');
  const busy = await stage.company.until('the busy call failed or ended', (event) => {
    const isOver = event.type === 'leg' && (event.leg.state === 'failed' || event.leg.state === 'ended');
    return isOver && event.leg.callKey === far.callKey ? event.leg : undefined;
  });
  found.push(['busy', busy.cause]);
  await stage.hands.hangUp(OWN);
  await stage.company.untilLeg({ ...keysOf(far), state: 'ended' });
  if (stage.tells('callSeen')) {
    const given = await offeredCall(stage, '11');
    await stage.hands.farHangsUp('11');
    found.push(['cancelled', (await stage.company.untilLeg({ ...keysOf(given), state: 'ended' })).cause]);
    const declined = await offeredCall(stage, COLLEAGUE);
    await stage.hands.decline(COLLEAGUE);
    found.push(['rejected', (await stage.company.untilLeg({ ...keysOf(declined), state: 'ended' })).cause]);
  }
  if (stage.can('makeCall')) found.push(['ownPhoneNotAnswered', await unliftedCause(stage)]);
  const expected = found.map(([cause]) => cause);
  const told = found.map(([, cause]) => cause);
  if (stage.declaration.events.cause.is === 'yes') expect(told).toEqual(expected);
  else expect(told.some((cause, index) => cause === expected[index])).toBe(true);
}

async function unliftedCause(stage: Stage): Promise<string | undefined> {
  const mark = stage.company.events.length;
  await stage.makeCall();
  const leg = await stage.company.untilLeg({ lineKey: stage.own }, mark);
  await stage.hands.ringsOut(OWN);
  return (await stage.company.untilLeg({ ...keysOf(leg), state: 'ended' }, mark)).cause;
}

async function tellsNoCause(stage: Stage): Promise<void> {
  if (stage.tells('callSeen')) {
    const leg = await offeredCall(stage);
    await stage.hands.farHangsUp(OWN);
    await stage.company.untilLeg({ ...keysOf(leg), state: 'ended' });
  }
  const causes = stage.company.events.flatMap((event) => (event.type === 'leg' ? [event.leg.cause ?? 'unknown'] : []));
  expect(causes.filter((cause) => cause !== 'unknown')).toEqual([]);
}

async function tellsGroups(stage: Stage): Promise<void> {
  const extensions: readonly Extension[] = ['10', '11', '12'];
  await stage.hands.callIn({ from: stage.writes(CALLER), to: GROUP });
  const keys = extensions.map((extension) => stage.subject.lineKeyOf(extension));
  const rung = await Promise.all(keys.map((lineKey) => stage.company.untilLeg({ lineKey, state: 'offering' })));
  expect(rung.map(({ group }) => group !== undefined)).toEqual([true, true, true]);
  await stage.subject.settled();
  const conversations = keys.flatMap((key) =>
    stage.company.line(key).calls.map(({ conversationId }) => conversationId),
  );
  expect([conversations.length, new Set(conversations).size]).toEqual([3, 1]);
  await stage.hands.lift('11');
  await Promise.all(
    rung
      .filter(({ lineKey }) => lineKey !== keys[1])
      .map((leg) => stage.company.untilLeg({ ...keysOf(leg), state: 'ended' })),
  );
  await stage.company.untilLeg({ lineKey: stage.subject.lineKeyOf('11'), state: 'connected' });
  expect(await stage.company.entries(stage.own)).toMatchObject([{ outcome: 'answeredElsewhere' }]);
}

// A group call that is told half is no missed call of anybody.
async function missesNoGroupCall(stage: Stage): Promise<void> {
  await stage.subject.hands.callIn?.({ from: stage.writes(CALLER), to: GROUP });
  await stage.subject.hands.lift?.('11');
  await stage.subject.hands.farHangsUp?.('11');
  await stage.subject.settled();
  const entries = await stage.company.entries(stage.own);
  expect(entries.filter(({ outcome }) => outcome === 'missed')).toEqual([]);
}

async function findsCalls(stage: Stage): Promise<void> {
  const leg = await answeredCall(stage);
  const late = await lateCompany(stage);
  const { legs } = await late.driver.snapshot();
  await late.close();
  expect(legs).toMatchObject([{ ...keysOf(leg), state: 'connected', direction: leg.direction }]);
}

async function findsNoCalls(stage: Stage): Promise<void> {
  if (!stage.tells('callSeen')) return;
  await answeredCall(stage);
  const late = await lateCompany(stage);
  const { legs } = await late.driver.snapshot();
  // What ends without having been seen is none that this relay knows.
  await stage.hands.farHangsUp(OWN);
  await stage.subject.settled();
  const told = late.events.filter(({ type }) => type === 'leg');
  await late.close();
  expect([legs, told.length]).toEqual([[], told.length]);
}

async function lateCompany(stage: Stage) {
  const { subject, location } = stage;
  const late = await openCompany((context) => subject.open(context), { clock: subject.clock, location });
  await late.untilStatus('connected');
  await subject.settled();
  return late;
}

async function neverReported(
  stage: Stage,
  isTold: (line: {
    isRegistered: boolean | undefined;
    dnd: boolean | null;
    forward: unknown;
    voicemail?: number | undefined;
  }) => boolean,
): Promise<void> {
  await stage.subject.settled();
  const { lines } = await stage.company.driver.snapshot();
  const told = stage.company.events.flatMap((event) => (event.type === 'line' ? [event.line] : []));
  expect([...lines, ...told].filter(isTold)).toEqual([]);
}

function statesOf(stage: Stage): string[] {
  return stage.company.events.flatMap((event) => (event.type === 'leg' ? [event.leg.state] : []));
}
