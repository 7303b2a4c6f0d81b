// The commands, both ways: what a driver declares works where a line or a call offers it, and has the effect that its name
// says; what it declares as missing is offered nowhere and refused.
import { COMMANDS, type CommandName } from '@offhook/protocol';
import { expect } from 'vitest';
import type { PbxDeclaration } from '../../../relay/src/pbx/declaration.ts';
import type { DriverOrder, Leg, SendResult } from '../../../relay/src/pbx/driver.ts';
import { isBlind, type Show } from './contract-cells.ts';
import {
  answeredCall,
  COLLEAGUE,
  COLLEAGUES_NUMBER,
  consultation,
  farEndAnswers,
  farEndRings,
  heldCall,
  keysOf,
  OWN,
  offeredCall,
  orderedCall,
  type Stage,
} from './contract-stage.ts';

const LINE_COMMANDS: readonly CommandName[] = ['makeCall', 'pickup', 'setForward', 'setDnd'];

/** How to come to a call that may offer a command. */
type Situation = (stage: Stage) => Promise<{ leg: Leg; other?: Leg }>;

const offered: Situation = async (stage) => ({ leg: await offeredCall(stage) });
const answered: Situation = async (stage) => ({ leg: await answeredCall(stage) });
const held: Situation = async (stage) => ({ leg: await heldCall(stage) });
const ordered: Situation = async (stage) => ({ leg: await farEndRings(stage, await orderedCall(stage)) });
const orderedAndAnswered: Situation = async (stage) => ({
  leg: await farEndAnswers(stage, await farEndRings(stage, await orderedCall(stage))),
});
const consulting: Situation = async (stage) => {
  const { first, second } = await consultation(stage);
  return { leg: second, other: first };
};

interface CallCommand {
  /** One after the other, until a call offers the command. */
  situations: readonly Situation[];
  /** What has to be true afterwards, where the phone system tells of calls. */
  effect(stage: Stage, calls: { leg: Leg; other?: Leg }): Promise<void>;
}

const CALL_COMMANDS: Partial<Record<CommandName, CallCommand>> = {
  answer: { situations: [offered], effect: (stage, { leg }) => becomes(stage, leg, 'connected') },
  drop: {
    situations: [ordered, orderedAndAnswered, answered],
    effect: (stage, { leg }) => becomes(stage, leg, 'ended'),
  },
  hold: {
    situations: [answered, orderedAndAnswered],
    async effect(stage, { leg }) {
      await becomes(stage, leg, 'held');
      expect(stage.company.latest(leg).capabilities).not.toContain('hold');
    },
  },
  retrieve: { situations: [held], effect: (stage, { leg }) => becomes(stage, leg, 'connected') },
  toggle: {
    situations: [consulting],
    async effect(stage, { leg, other }) {
      if (!other) throw new Error('a toggle has two calls');
      await stage.company.shows('the calls changed over', stage.own, ({ calls }) => {
        const stateOf = ({ callKey }: Leg) => calls.find((call) => call.callKey === callKey)?.state;
        return stateOf(leg) === 'held' && stateOf(other) === 'connected';
      });
    },
  },
  redirect: {
    situations: [offered],
    async effect(stage, { leg }) {
      await becomes(stage, leg, 'ended');
      await stage.company.untilLeg({ lineKey: stage.subject.lineKeyOf(COLLEAGUE), state: 'offering' });
    },
  },
  transfer: { situations: [consulting, answered], effect: areTransferred },
  conference: { situations: [consulting], effect: areInConference },
  sendDtmf: { situations: [answered, orderedAndAnswered], effect: async () => undefined },
};

/** A test for each of the commands, and what is refused everywhere. */
export function testCommands(show: Show, declaration: PbxDeclaration): void {
  for (const command of COMMANDS) {
    const claim = declaration.commands[command];
    const key = `command/${command}`;
    if (claim.is === 'no')
      show(key, `${command}: is offered nowhere, and refused as not supported`, (stage) => isRefused(stage, command));
    else if (LINE_COMMANDS.includes(command))
      show(key, `${command}: works where the line offers it`, lineCommand(command));
    else show(key, `${command}: works where a call offers it`, (stage) => callWorks(stage, command));
  }
  show('rule/not-offered', 'refuses what a call does not offer as not supported, and changes nothing', refusesTheRest);
  show('rule/call-over', 'refuses an order for a call that is over', refusesForDeadCalls);
  show('rule/line-unknown', 'refuses an order for a line that it does not have', async (stage) => {
    const { result } = await stage.makeCall(undefined, { lineKey: 'no-such-line' });
    expect(result).toMatchObject({ type: 'rejected', code: 'line-unknown' });
    return undefined;
  });
}

async function callWorks(stage: Stage, command: CommandName) {
  const test = CALL_COMMANDS[command];
  if (!test) throw new Error(`no test for ${command}`);
  for (const [index, situation] of test.situations.entries()) {
    if (index > 0) await calmDown(stage);
    const calls = await situation(stage);
    if (!stage.company.latest(calls.leg).capabilities.includes(command)) continue;
    await carriedOut(stage, command, calls);
    if (!isBlind(stage)) await test.effect(stage, calls);
    return stage.declaration.commands[command].is;
  }
  throw new Error(`${command} is declared, but no call offered it`);
}

async function carriedOut(
  stage: Stage,
  command: CommandName,
  { leg, other }: { leg: Leg; other?: Leg },
): Promise<void> {
  const { result, commandKey } = await give(stage, command, { leg, other });
  expect(result).toEqual({ type: 'sent' });
  if (command === 'redirect' || command === 'transfer') await stage.subject.settled();
  expect(await stage.company.untilOutcome(commandKey)).toMatchObject({ state: 'done' });
  const received = await stage.subject.received();
  expect(received.map(({ name }) => name)).toContain(command);
}

function give(stage: Stage, command: CommandName, { leg, other }: { leg?: Leg; other?: Leg | undefined }) {
  const extra: Partial<DriverOrder> = {
    ...(leg && { callKey: leg.callKey }),
    ...(other && { otherCallKey: other.callKey }),
    ...(command === 'redirect' && { dialString: stage.dialString(COLLEAGUES_NUMBER) }),
  };
  return stage.order(orderOf(command), extra);
}

function orderOf(name: CommandName): DriverOrder['order'] {
  switch (name) {
    case 'makeCall':
      return { name, args: { number: COLLEAGUES_NUMBER } };
    case 'redirect':
      return { name, args: { to: COLLEAGUES_NUMBER } };
    case 'toggle':
    case 'transfer':
    case 'conference':
      return { name, args: { otherCallId: 'other' } };
    case 'pickup':
      return { name, args: { lineId: 'colleague' } };
    case 'setForward':
      return { name, args: { when: 'all', to: COLLEAGUES_NUMBER } };
    case 'setDnd':
      return { name, args: { on: true } };
    case 'sendDtmf':
      return { name, args: { digits: '1#' } };
    case 'answer':
    case 'drop':
    case 'hold':
    case 'retrieve':
      return { name, args: {} };
    default:
      return name satisfies never;
  }
}

function lineCommand(command: CommandName): Parameters<Show>[2] {
  return async (stage) => {
    const { lines } = await stage.company.driver.snapshot();
    const line = lines.find(({ lineKey }) => lineKey === stage.own);
    expect(line?.capabilities).toContain(command);
    if (command === 'makeCall') await makesACall(stage);
    if (command === 'pickup') await picksUp(stage);
    if (command === 'setForward') await forwards(stage);
    if (command === 'setDnd') await disturbsNot(stage);
    return stage.declaration.commands[command].is;
  };
}

async function makesACall(stage: Stage): Promise<void> {
  const { result, commandKey } = await stage.makeCall();
  expect(result).toEqual({ type: 'sent' });
  if (!isBlind(stage)) {
    const leg = await stage.company.untilLeg({ lineKey: stage.own });
    await stage.subject.settled();
    if (stage.company.latest(leg).state === 'prompting') await stage.hands.lift(OWN);
    await farEndRings(stage, leg);
  }
  expect((await stage.company.untilOutcome(commandKey)).state).toBe('done');
  const dialled = stage.dialString({ kind: 'e164', number: '+493023125077' });
  expect(await stage.subject.received()).toMatchObject([{ name: 'makeCall', dialString: dialled }]);
}

async function picksUp(stage: Stage): Promise<void> {
  // Nobody tells what rings: that the order is taken is all that there is to see.
  if (isBlind(stage)) return takesPickup(stage);
  const ringing = await offeredCall(stage, '11');
  const mark = stage.company.events.length;
  const { result, commandKey } = await stage.order(orderOf('pickup'), { otherLineKey: ringing.lineKey });
  expect(result).toEqual({ type: 'sent' });
  const leg = await stage.company.untilLeg({ lineKey: stage.own }, mark);
  await stage.subject.settled();
  if (stage.company.latest(leg).state !== 'connected') await stage.hands.lift(OWN);
  await stage.company.untilLeg({ lineKey: stage.own, state: 'connected' }, mark);
  await stage.company.untilLeg({ ...keysOf(ringing), state: 'ended' }, mark);
  expect((await stage.company.untilOutcome(commandKey)).state).toBe('done');
  const one = new Set([stage.own, ringing.lineKey].flatMap((key) => conversationsAt(stage, key)));
  expect(one.size).toBe(1);
}

async function takesPickup(stage: Stage): Promise<void> {
  const ringing = stage.subject.lineKeyOf('11');
  const { result, commandKey } = await stage.order(orderOf('pickup'), { otherLineKey: ringing });
  expect(result).toEqual({ type: 'sent' });
  expect((await stage.company.untilOutcome(commandKey)).state).toBe('done');
}

async function forwards(stage: Stage): Promise<void> {
  const on = await stage.order(orderOf('setForward'), { dialString: stage.dialString(COLLEAGUES_NUMBER) });
  expect(on.result).toEqual({ type: 'sent' });
  expect((await stage.company.untilOutcome(on.commandKey)).state).toBe('done');
  const tells = stage.tells('forward');
  const to = { kind: 'internal', number: COLLEAGUE } as const;
  if (tells) await stage.company.shows('forwarded', stage.own, ({ forward }) => same(forward, { when: 'all', to }));
  const off = await stage.order({ name: 'setForward', args: { when: 'all', to: null } });
  expect((await stage.company.untilOutcome(off.commandKey)).state).toBe('done');
  if (tells) await stage.company.shows('not forwarded', stage.own, ({ forward }) => forward === null);
}

async function disturbsNot(stage: Stage): Promise<void> {
  for (const on of [true, false]) {
    const { result, commandKey } = await stage.order({ name: 'setDnd', args: { on } });
    expect(result).toEqual({ type: 'sent' });
    expect((await stage.company.untilOutcome(commandKey)).state).toBe('done');
    if (stage.tells('dnd')) await stage.company.shows(`do not disturb ${on}`, stage.own, ({ dnd }) => dnd === on);
  }
}

async function isRefused(stage: Stage, command: CommandName) {
  const { lines } = await stage.company.driver.snapshot();
  expect(lines.filter(({ capabilities }) => capabilities.includes(command))).toEqual([]);
  if (LINE_COMMANDS.includes(command)) {
    expectNotSupported((await give(stage, command, {})).result);
    return 'no' as const;
  }
  const legs: Leg[] = [];
  if (stage.tells('callSeen')) legs.push(await offeredCall(stage), await liftedNow(stage));
  else if (stage.can('makeCall') && !isBlind(stage)) legs.push(await orderedCall(stage));
  for (const leg of legs) expect(leg.capabilities).not.toContain(command);
  const leg = legs.at(-1);
  if (leg) expectNotSupported((await give(stage, command, { leg, other: leg })).result);
  else expect((await give(stage, command, {})).result).toMatchObject({ type: 'rejected' });
  return 'no' as const;
}

async function liftedNow(stage: Stage): Promise<Leg> {
  await stage.hands.lift(OWN);
  return stage.company.untilLeg({ lineKey: stage.own, state: 'connected' });
}

async function refusesTheRest(stage: Stage) {
  if (isBlind(stage)) return 'no' as const;
  const situations = [
    ...(stage.tells('callSeen') ? [offered, answered] : []),
    ...(stage.can('makeCall') ? [ordered] : []),
  ];
  for (const [index, situation] of situations.entries()) {
    if (index > 0) await calmDown(stage);
    const { leg } = await situation(stage);
    await stage.subject.settled();
    const before = stage.company.latest(leg);
    for (const command of COMMANDS) {
      if (LINE_COMMANDS.includes(command) || before.capabilities.includes(command)) continue;
      expectNotSupported((await give(stage, command, { leg, other: leg })).result);
    }
    await stage.subject.settled();
    expect(stage.company.latest(leg)).toEqual(before);
  }
  return undefined;
}

async function refusesForDeadCalls(stage: Stage) {
  if (isBlind(stage)) return 'no' as const;
  const leg = stage.tells('callSeen') ? await answeredCall(stage) : await orderedCall(stage);
  if (stage.tells('callSeen')) await stage.hands.farHangsUp(OWN);
  else await stage.hands.hangUp(OWN);
  await stage.company.untilLeg({ ...keysOf(leg), state: 'ended' });
  const { result } = await give(stage, 'drop', { leg });
  expect(result).toMatchObject({ type: 'rejected' });
  if (result.type === 'rejected') expect(['call-unknown', 'not-supported']).toContain(result.code);
  return undefined;
}

// Everybody puts the phone down, so that the next situation begins with free lines.
async function calmDown(stage: Stage): Promise<void> {
  for (const extension of ['10', '11', '12'] as const) {
    await stage.subject.hands.farHangsUp?.(extension);
    await stage.subject.hands.hangUp?.(extension);
  }
  await stage.subject.settled();
  await stage.company.shows('free again', stage.own, ({ calls }) => calls.every(({ state }) => state === 'ended'));
}

async function becomes(stage: Stage, leg: Leg, state: Leg['state']): Promise<void> {
  await stage.company.shows(`the call ${state}`, stage.own, ({ calls }) =>
    calls.some((call) => call.callKey === leg.callKey && call.state === state),
  );
}

async function areTransferred(stage: Stage, { leg, other }: { leg: Leg; other?: Leg }): Promise<void> {
  if (!other) throw new Error('a transfer has two calls');
  await becomes(stage, leg, 'ended');
  await becomes(stage, other, 'ended');
  await stage.subject.settled();
  const colleague = stage.company.line(stage.subject.lineKeyOf(COLLEAGUE));
  expect(colleague.calls.map(({ state }) => state)).toEqual(['connected']);
  expect(new Set([...conversationsAt(stage, stage.own), ...conversationsAt(stage, colleague.lineKey)]).size).toBe(1);
  expect(await stage.company.entries(stage.own)).toHaveLength(1);
}

async function areInConference(stage: Stage, { leg, other }: { leg: Leg; other?: Leg }): Promise<void> {
  if (!other) throw new Error('a conference has two calls');
  await stage.company.shows('nobody on hold, all in one conversation', stage.own, ({ calls, state }) => {
    const ids = new Set(calls.map(({ conversationId }) => conversationId));
    return (
      state === 'busy' && ids.size === 1 && calls.every((call) => call.state === 'connected' || call.state === 'ended')
    );
  });
  expect(conversationsAt(stage, stage.subject.lineKeyOf(COLLEAGUE))).toEqual([
    ...new Set(conversationsAt(stage, leg.lineKey)),
  ]);
}

function conversationsAt(stage: Stage, lineKey: string): string[] {
  return [...new Set(stage.company.line(lineKey).calls.map(({ conversationId }) => conversationId))];
}

function expectNotSupported(result: SendResult): void {
  expect(result).toMatchObject({ type: 'rejected', code: 'not-supported' });
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
