// The nine cells of a phone system's scope of services (NFON, Multiline TAPI: CTI outbound, from the phone outbound,
// inbound, three each): for each the call's states, the line that watchers see, the cause, and the journal row.
import type { CallState, Cause, JournalEntry, LineState } from '@offhook/protocol';
import { expect } from 'vitest';
import type { Claim } from '../../../relay/src/pbx/declaration.ts';
import type { Leg } from '../../../relay/src/pbx/driver.ts';
import {
  answeredCall,
  CALLEE,
  CALLER,
  COLLEAGUE,
  COLLEAGUES_NUMBER,
  dialledCall,
  farEndAnswers,
  farEndRings,
  keysOf,
  OWN,
  offeredCall,
  orderedCall,
  type Stage,
} from './contract-stage.ts';

/** A test of the contract: what it shows is its key in the report. It answers what it found, `yes` if nothing. */
export type Show = (key: string, title: string, body: (stage: Stage) => Promise<Claim['is'] | undefined>) => void;

/** The nine tests. */
export function testCells(show: Show): void {
  show(
    'cell/pc-make-call',
    'from the PC, make call: the own phone first, connected when the far end answers',
    async (stage) => {
      if (isBlind(stage)) return ordersBlindly(stage);
      const { leg, statesBefore } = await connectedByOrder(stage);
      expect(statesBefore).not.toContain('connected');
      expect(leg).toMatchObject({ direction: 'outbound', answerReported: stage.tells('answerReported') });
      await shown(stage, 'busy');
      expect(await entry(stage)).toMatchObject({ direction: 'outbound', remote: { number: CALLEE } });
      expect((await entry(stage)).outcome).toBe('answered');
      return undefined;
    },
  );
  show(
    'cell/pc-hang-up-ringback',
    'from the PC, hang up in ringback: the call ends as cancelled, not answered',
    async (stage) => {
      if (isBlind(stage)) return 'no';
      const leg = await farEndRings(stage, await orderedCall(stage));
      await shown(stage, 'busy');
      return hungUpFromPc(stage, leg, { cause: 'cancelled', outcome: 'noAnswer' });
    },
  );
  show(
    'cell/pc-hang-up-connected',
    'from the PC, hang up connected: the call ends as normal, answered',
    async (stage) => {
      if (isBlind(stage)) return 'no';
      const { leg } = await connectedByOrder(stage);
      return hungUpFromPc(stage, leg, { cause: 'normal', outcome: 'answered' });
    },
  );
  testPhoneCells(show);
  testInboundCells(show);
}

function testPhoneCells(show: Show): void {
  show('cell/phone-dial', 'from the phone, dial: the call is seen with what was dialled', async (stage) => {
    if (!stage.tells('callSeen'))
      return tellsNothing(stage, () => stage.subject.hands.dial?.(OWN, stage.dialString(CALLEE)));
    const leg = await dialledCall(stage);
    expect(leg.direction).toBe('outbound');
    await shown(stage, 'busy');
    expect(await entry(stage)).toMatchObject({ direction: 'outbound', remote: { number: CALLEE } });
    expect((await entry(stage)).outcome).toBeUndefined();
    return undefined;
  });
  show(
    'cell/phone-hang-up-ringback',
    'from the phone, ringback hang-up: the call ends as cancelled, not answered',
    async (stage) => {
      if (!stage.tells('callSeen')) return 'no';
      const leg = await farEndRings(stage, await dialledCall(stage));
      await stage.hands.hangUp(OWN);
      await over(stage, leg, { cause: 'cancelled', outcome: 'noAnswer' });
      return undefined;
    },
  );
  show(
    'cell/phone-hang-up-connected',
    'from the phone, connected hang-up: the call ends as normal, answered',
    async (stage) => {
      if (!stage.tells('callSeen')) return 'no';
      const leg = await farEndAnswers(stage, await farEndRings(stage, await dialledCall(stage)));
      await shown(stage, 'busy');
      await stage.hands.hangUp(OWN);
      await over(stage, leg, { cause: 'normal', outcome: 'answered' });
      return undefined;
    },
  );
}

function testInboundCells(show: Show): void {
  show('cell/inbound-offering', 'inbound, offering: the line rings, with the number of the caller', async (stage) => {
    if (!stage.tells('callSeen')) {
      return tellsNothing(stage, () => stage.subject.hands.callIn?.({ from: stage.writes(CALLER), to: OWN }));
    }
    const leg = await offeredCall(stage);
    expect(leg.direction).toBe('inbound');
    await shown(stage, 'ringing');
    const { remote, outcome, direction } = await entry(stage);
    expect({ number: remote.number, outcome, direction }).toEqual({
      number: CALLER,
      outcome: undefined,
      direction: 'inbound',
    });
    return undefined;
  });
  show('cell/inbound-connected', 'inbound, connected: the line is busy once the phone was lifted', async (stage) => {
    if (!stage.tells('callSeen')) return 'no';
    await answeredCall(stage);
    await shown(stage, 'busy');
    expect(await entry(stage)).toMatchObject({ outcome: 'answered', isEstimated: !stage.tells('answerReported') });
    return undefined;
  });
  show('cell/inbound-hang-up', 'inbound, hang-up: the call ends as normal, answered', async (stage) => {
    if (!stage.tells('callSeen')) return 'no';
    const leg = await answeredCall(stage);
    await stage.hands.farHangsUp(OWN);
    await over(stage, leg, { cause: 'normal', outcome: 'answered' });
    return undefined;
  });
}

/** A call between colleagues is one conversation with two ends, and a row for each of them. */
export function testColleagues(show: Show): void {
  show(
    'rule/colleagues',
    'a call between colleagues is one conversation, with a row for both of them',
    async (stage) => {
      if (!stage.tells('callSeen')) return 'no';
      const lineKey = stage.subject.lineKeyOf(COLLEAGUE);
      if (stage.can('makeCall')) await orderedCall(stage, COLLEAGUES_NUMBER);
      else await stage.hands.dial(OWN, COLLEAGUE);
      const called = await stage.company.untilLeg({ lineKey, state: 'offering' });
      await stage.hands.lift(COLLEAGUE);
      await stage.company.untilLeg({ ...keysOf(called), state: 'connected' });
      await stage.company.untilLeg({ lineKey: stage.own, state: 'connected' });
      await stage.subject.settled();
      const ends = [stage.own, lineKey].flatMap((key) => stage.company.line(key).calls);
      expect(ends.map(({ direction }) => direction)).toEqual(['internal', 'internal']);
      expect(new Set(ends.map(({ conversationId }) => conversationId)).size).toBe(1);
      const rows = [...(await stage.company.entries(stage.own)), ...(await stage.company.entries(lineKey))];
      expect(rows.map(({ outcome, remote: { number } }) => [outcome, number])).toEqual([
        ['answered', COLLEAGUES_NUMBER],
        ['answered', { kind: 'internal', number: OWN }],
      ]);
      return undefined;
    },
  );
}

/** Whether the driver is told of no call at all: it hands orders over and knows nothing more. */
export function isBlind(stage: Stage): boolean {
  return !stage.tells('callSeen') && !stage.tells('connected');
}

/** That a call ended, why, and that line and journal say so. */
async function over(
  stage: Stage,
  leg: Leg,
  { cause, outcome }: { cause: Cause; outcome: JournalEntry['outcome'] },
): Promise<void> {
  const ended = await stage.company.untilLeg({ ...keysOf(leg), state: 'ended' });
  expectCause(stage, ended, cause);
  await shown(stage, 'idle');
  const row = await entry(stage);
  expect(row.outcome).toBe(outcome);
  expect(row.endedAt).toBeDefined();
  if (stage.declaration.events.answerReported.is === 'yes') expect(row.isEstimated).toBe(false);
}

/** The cause, where the phone system tells causes. */
function expectCause(stage: Stage, leg: Leg, cause: Cause): void {
  const claim = stage.declaration.events.cause.is;
  if (claim === 'yes') expect(leg.cause).toBe(cause);
  if (claim === 'no') expect(leg.cause ?? 'unknown').toBe('unknown');
}

async function connectedByOrder(stage: Stage): Promise<{ leg: Leg; statesBefore: CallState[] }> {
  const ringing = await farEndRings(stage, await orderedCall(stage));
  const statesBefore = stage.company.events.flatMap((event) => (event.type === 'leg' ? [event.leg.state] : []));
  return { leg: await farEndAnswers(stage, ringing), statesBefore };
}

async function hungUpFromPc(stage: Stage, leg: Leg, end: Parameters<typeof over>[2]): Promise<Claim['is'] | undefined> {
  const canDrop = leg.capabilities.includes('drop');
  const { result, commandKey } = await stage.order({ name: 'drop', args: {} }, { callKey: leg.callKey });
  if (canDrop) {
    expect(result).toEqual({ type: 'sent' });
    expect((await stage.company.untilOutcome(commandKey)).state).toBe('done');
  } else {
    expect(result).toMatchObject({ type: 'rejected', code: 'not-supported' });
    await stage.hands.hangUp(OWN);
  }
  await over(stage, leg, end);
  return canDrop ? undefined : 'no';
}

// Without events, what can be shown is that the order got there, and that nobody pretends to know more.
async function ordersBlindly(stage: Stage): Promise<Claim['is']> {
  const { result, commandKey } = await stage.makeCall();
  expect(result).toEqual({ type: 'sent' });
  await stage.company.untilOutcome(commandKey);
  expect(await stage.subject.received()).toMatchObject([{ name: 'makeCall', dialString: stage.dialString(CALLEE) }]);
  const legs = stage.company.events.flatMap((event) => (event.type === 'leg' ? [event.leg] : []));
  expect(legs.filter((leg) => leg.state === 'connected' || leg.answerReported)).toEqual([]);
  return 'limited';
}

/** That the driver tells of no call, whatever is done at the phones. */
export async function tellsNothing(stage: Stage, hand: () => Promise<unknown> | undefined): Promise<Claim['is']> {
  await hand();
  await stage.subject.settled();
  expect(stage.company.events.filter(({ type }) => type === 'leg')).toEqual([]);
  return 'no';
}

function shown(stage: Stage, state: LineState): Promise<unknown> {
  return stage.company.shows(`shown as ${state}`, stage.own, (line) => line.state === state);
}

async function entry(stage: Stage): Promise<JournalEntry> {
  const entries = await stage.company.entries(stage.own);
  expect(entries).toHaveLength(1);
  const [only] = entries;
  if (!only) throw new Error('the journal has no row');
  return only;
}
