// What has to be true of everything that a driver ever told, whatever happened: no state takes a call back, nothing follows
// an end, nothing is offered that the driver declares as missing, and no log shows a number or a secret.
import type { CommandName } from '@offhook/protocol';
import fc from 'fast-check';
import { expect } from 'vitest';
import { canFollow } from '../../../relay/src/call-states.ts';
import type { PbxDeclaration } from '../../../relay/src/pbx/declaration.ts';
import type { DriverOrder, Leg } from '../../../relay/src/pbx/driver.ts';
import { isBlind } from './contract-cells.ts';
import { CALLEE, CALLER, COLLEAGUE, OWN, openStage, type Stage } from './contract-stage.ts';
import { EXTENSIONS, type Extension, type Subject } from './contract-subject.ts';

const RUNS = process.env['OFFHOOK_FULL'] === '1' ? 500 : 12;
const STEPS = 24;

/** Throws when the history of a stage breaks a rule. */
export function checkHistory({ company, declaration, subject }: Stage): void {
  const last = new Map<string, Leg>();
  const backward: string[] = [];
  const offered = new Set<string>();
  for (const event of company.events) {
    if (event.type === 'line') for (const name of event.line.capabilities) offered.add(name);
    if (event.type !== 'leg') continue;
    const { leg } = event;
    const key = `${leg.lineKey} ${leg.callKey}`;
    const before = last.get(key)?.state;
    if (before !== undefined && !canFollow(before, leg.state)) backward.push(`${key}: ${leg.state} after ${before}`);
    last.set(key, leg);
    for (const name of leg.capabilities) offered.add(name);
  }
  expect(backward).toEqual([]);
  const undeclared = Object.entries(declaration.commands).filter(([name, { is }]) => is === 'no' && offered.has(name));
  expect(undeclared).toEqual([]);
  const secrets = [...subject.secrets, CALLER.number.slice(3), CALLEE.number.slice(3)];
  expect(company.logLines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
}

type Step =
  | { hand: (typeof HANDS)[number]; extension: Extension }
  | { command: 'any'; choice: number; extension: Extension }
  /** Two calls of one line, which chance alone seldom comes to: what transfers and conferences are made of. */
  | { story: 'consult'; extension: Extension };

const HANDS = [
  'lift',
  'hangUp',
  'decline',
  'dial',
  'hold',
  'retrieve',
  'callIn',
  'farRings',
  'farAnswers',
  'farHangsUp',
] as const;

const extensions = fc.constantFrom(...EXTENSIONS);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ hand: fc.constantFrom(...HANDS), extension: extensions }) },
    {
      weight: 2,
      arbitrary: fc.record({ command: fc.constant('any' as const), choice: fc.nat(100), extension: extensions }),
    },
    { weight: 1, arbitrary: fc.record({ story: fc.constant('consult' as const), extension: extensions }) },
  ),
  { minLength: 4, maxLength: STEPS },
);

/**
 * Plays at random with phones and orders; the history keeps the rules, and in the end everything is over everywhere. Begins
 * no play any more after `longestMs`, a smaller one of what has failed included: nothing of it may run into other tests.
 */
export async function playAtRandom(
  declaration: PbxDeclaration,
  openSubject: () => Promise<Subject>,
  { longestMs }: { longestMs: number },
): Promise<void> {
  const endsAt = performance.now() + longestMs;
  await fc.assert(
    fc.asyncProperty(steps, async (played) => {
      if (performance.now() >= endsAt) return;
      const stage = await openStage(declaration, openSubject);
      try {
        for (const step of played) await play(stage, step);
        await agreesWithSnapshot(stage);
        await everythingEnds(stage);
        checkHistory(stage);
      } finally {
        await stage.close();
      }
    }),
    { numRuns: RUNS },
  );
}

async function play(stage: Stage, step: Step): Promise<void> {
  const { extension } = step;
  if ('command' in step) await orderAnything(stage, step);
  else if ('story' in step) await consult(stage, extension);
  else if (step.hand === 'callIn') await stage.subject.hands.callIn?.({ from: stage.writes(CALLER), to: extension });
  else if (step.hand === 'dial') await stage.subject.hands.dial?.(extension, stage.dialString(CALLEE));
  else await stage.subject.hands[step.hand]?.(extension);
  await stage.subject.settled();
}

const ORDERS = [
  'answer',
  'drop',
  'hold',
  'retrieve',
  'toggle',
  'transfer',
  'conference',
  'redirect',
  'sendDtmf',
] as const satisfies readonly CommandName[];

// Something that a live call offers now; without one, a new call.
async function orderAnything(
  stage: Stage,
  { choice, extension }: { choice: number; extension: Extension },
): Promise<void> {
  const live = liveLegs(stage);
  // By name first: what is offered seldom is ordered as often as what is offered always.
  const names = ORDERS.filter((name) => live.some((leg) => leg.capabilities.includes(name)));
  const name = names[choice % Math.max(1, names.length)];
  const able = live.filter((leg) => name !== undefined && leg.capabilities.includes(name));
  const leg = able[choice % Math.max(1, able.length)];
  if (name === undefined || !leg) {
    if (stage.can('makeCall')) await stage.makeCall(CALLEE, { lineKey: stage.subject.lineKeyOf(extension) });
    return;
  }
  const other = live.find((one) => one.lineKey === leg.lineKey && one.callKey !== leg.callKey);
  await stage.order(orderOf(name, extension), {
    lineKey: leg.lineKey,
    callKey: leg.callKey,
    ...(other && { otherCallKey: other.callKey }),
    ...(name === 'redirect' && { dialString: extension }),
  });
}

async function consult(stage: Stage, extension: Extension): Promise<void> {
  const { hands } = stage.subject;
  const lineKey = stage.subject.lineKeyOf(extension);
  const colleague = extension === COLLEAGUE ? OWN : COLLEAGUE;
  await hands.callIn?.({ from: stage.writes(CALLER), to: extension });
  await hands.lift?.(extension);
  await stage.subject.settled();
  const leg = liveLegs(stage).find((one) => one.lineKey === lineKey && one.capabilities.includes('hold'));
  if (leg) await stage.order({ name: 'hold', args: {} }, { lineKey, callKey: leg.callKey });
  else await hands.hold?.(extension);
  if (stage.can('makeCall')) await stage.makeCall({ kind: 'internal', number: colleague }, { lineKey });
  await stage.subject.settled();
  await hands.lift?.(extension);
  await stage.subject.settled();
  await hands.lift?.(colleague);
}

function orderOf(name: (typeof ORDERS)[number], extension: Extension): DriverOrder['order'] {
  if (name === 'redirect') return { name, args: { to: { kind: 'internal', number: extension } } };
  if (name === 'sendDtmf') return { name, args: { digits: '5' } };
  if (name === 'toggle' || name === 'transfer' || name === 'conference')
    return { name, args: { otherCallId: 'other' } };
  return { name, args: {} };
}

function liveLegs({ company }: Stage): Leg[] {
  const last = new Map<string, Leg>();
  for (const event of company.events) {
    if (event.type === 'leg') last.set(`${event.leg.lineKey} ${event.leg.callKey}`, event.leg);
  }
  return [...last.values()].filter(({ state }) => state !== 'ended');
}

async function agreesWithSnapshot(stage: Stage): Promise<void> {
  const { legs } = await stage.company.driver.snapshot();
  const inOrder = (list: readonly Leg[]) =>
    list.map(({ lineKey, callKey, state }) => `${lineKey} ${callKey} ${state}`).sort();
  expect(inOrder(legs)).toEqual(inOrder(liveLegs(stage)));
}

// Whoever still talks, rings or holds puts the phone down.
async function everythingEnds(stage: Stage): Promise<void> {
  const { hands } = stage.subject;
  for (let round = 0; round < 6 && liveLegs(stage).length > 0; round += 1) {
    for (const extension of EXTENSIONS) {
      await hands.farHangsUp?.(extension);
      await hands.hangUp?.(extension);
      await hands.decline?.(extension);
    }
    await stage.subject.settled();
  }
  // A driver that is told of no end lets its assumptions run out by itself.
  if (isBlind(stage)) return;
  expect(liveLegs(stage)).toEqual([]);
  for (const extension of EXTENSIONS) {
    const lineKey = stage.subject.lineKeyOf(extension);
    await stage.company.shows('free', lineKey, ({ state }) => state === 'idle' || state === 'unknown');
    const open = (await stage.company.entries(lineKey)).filter(({ outcome }) => outcome === undefined);
    expect(open).toEqual([]);
  }
}
