// How calls begin inside the simulated exchange: what was dialled is looked up, phones ring, forwards are followed.
// Whoever cannot be rung is named by a cause; nothing here throws over a number.
import type { Cause } from '@offhook/protocol';
import type { ReportedRemote } from '../driver.ts';
import { answer, end, fail, farAnswers, farLeaves, giveUp, move, stopWaits, waitIn } from './calls.ts';
import type { Switching, Target } from './switching.ts';
import { type Handset, isTalking, liveLegs, type SimLeg, type Talk } from './talk.ts';

const MAX_FORWARDS = 5;
const QUEUE_STEP_MS = 1000;

/** A call on its way to whoever shall ring. */
interface Attempt {
  talk: Talk;
  dialled: string;
  forwards: number;
  /** How long it has been in a queue. */
  waitedMs?: number;
}

/** Somebody outside calls one of our numbers. The cause says why nobody could be rung. */
export function callIn(x: Switching, caller: ReportedRemote, called: { to: string; dialled: string }) {
  const talk = x.newTalk('outsider');
  talk.outsider = caller;
  const cause = ring(x, { talk, dialled: called.dialled, forwards: 0 }, x.resolve(called.to));
  if (cause) talk.outsider = undefined;
  return { talk, cause };
}

/** How a line's own call begins: `byHandset` when it is in the hand already, so that no phone has to ring first. */
export interface CallOut {
  handset: Handset;
  digits: string;
  commandKey?: string | undefined;
  start: 'byOrder' | 'byHandset';
}

/** A line's own call. Ordered from afar, its own phone rings first and is to be lifted. */
export function callOut(x: Switching, { handset, digits, commandKey, start }: CallOut): SimLeg {
  const target = x.resolve(digits);
  const direction = target.type === 'handset' || target.type === 'group' ? 'internal' : 'outbound';
  const remote = shownAs(target, digits);
  const talk = x.newTalk('leg');
  const leg = x.newLeg({ talk, handset, role: 'caller', direction, dialled: remote.number, digits, commandKey });
  leg.remote = remote;
  move(x, leg, 'initiated');
  if (start === 'byHandset') {
    proceed(x, leg);
    return leg;
  }
  move(x, leg, 'prompting');
  leg.cancelWait = x.after(x.timing.ownPhoneMs, () => {
    stopWaits(talk);
    end(x, leg, 'ownPhoneNotAnswered');
  });
  const { ownPhoneLiftsMs } = x.timing;
  if (ownPhoneLiftsMs !== undefined) {
    waitIn(x, talk, { delayMs: ownPhoneLiftsMs, action: () => proceed(x, leg) });
  }
  return leg;
}

/** The own phone is lifted for a call that was ordered: now the far end is called. */
export function proceed(x: Switching, leg: SimLeg): void {
  if (leg.state !== 'prompting' && leg.state !== 'initiated') return;
  stopWaits(leg.talk);
  move(x, leg, 'dialing');
  if (x.timing.setupMs === 0) reach(x, leg);
  else waitIn(x, leg.talk, { delayMs: x.timing.setupMs, action: () => reach(x, leg) });
}

/** Sends a ringing call, or the other party of a connected one, to another number; a cause when nobody can be rung. */
export function redirect(x: Switching, leg: SimLeg, digits: string): Cause | undefined {
  const { talk } = leg;
  const isRinging = leg.state === 'offering';
  const before = [...talk.waits];
  const dialled = isRinging ? (leg.dialled ?? digits) : digits;
  const cause = ring(x, { talk, dialled, forwards: 0 }, x.resolve(digits));
  if (cause && cause !== 'forwarded') return cause;
  for (const cancel of before) {
    cancel();
    talk.waits.delete(cancel);
  }
  if (!isRinging) beCalledAnew(talk, leg);
  end(x, leg, isRinging ? 'forwarded' : 'transferred');
  if (cause === 'forwarded') giveUp(x, talk, 'forwarded');
  return undefined;
}

function reach(x: Switching, leg: SimLeg): void {
  const target = x.resolve(leg.digits);
  if (target.type === 'handset' && target.handset === leg.handset) return fail(x, leg, 'busy');
  const cause = ring(x, { talk: leg.talk, dialled: leg.digits, forwards: 0 }, target);
  if (cause) return fail(x, leg, cause);
  if (leg.state === 'dialing') move(x, leg, 'ringback');
}

/** Rings whatever was called; the cause when nobody can be rung. */
function ring(x: Switching, attempt: Attempt, target: Target): Cause | undefined {
  if (attempt.forwards > MAX_FORWARDS) return 'congestion';
  switch (target.type) {
    case 'group': {
      const free = target.members.filter((handset) => x.obstacleOf(handset) === undefined);
      if (free.length === 0 && target.isQueue) return waitForOne(x, attempt, target);
      if (free.length === 0) return 'busy';
      ringHandsets(x, attempt, { handsets: free, group: target.name });
      return undefined;
    }
    case 'handset':
      return ringHandset(x, attempt, target.handset);
    case 'outside':
      return ringOutside(x, attempt, target.number);
    case 'nothing':
      return 'invalidNumber';
    default:
      return target satisfies never;
  }
}

// A queue asks again and again whether somebody is free; who waits too long hears that nobody is there.
function waitForOne(x: Switching, attempt: Attempt, target: Target): undefined {
  const { talk, waitedMs = 0 } = attempt;
  const caller = liveLegs(talk).find((leg) => leg.role === 'caller' && !isTalking(leg));
  if (caller && caller.state !== 'queued') move(x, caller, 'queued');
  waitIn(x, talk, {
    delayMs: QUEUE_STEP_MS,
    action() {
      if (waitedMs >= x.timing.noAnswerMs) return giveUp(x, talk, 'noAnswer');
      const cause = ring(x, { ...attempt, waitedMs: waitedMs + QUEUE_STEP_MS }, target);
      if (cause) return giveUp(x, talk, cause);
      if (caller?.state === 'queued' && liveLegs(talk).some((leg) => leg.state === 'offering'))
        move(x, caller, 'ringback');
    },
  });
  return undefined;
}

function ringHandset(x: Switching, attempt: Attempt, handset: Handset): Cause | undefined {
  const { forward } = handset;
  const obstacle = x.obstacleOf(handset);
  const isForwarded = forward?.when === 'all' || (forward?.when === 'busy' && obstacle === 'busy');
  if (forward && isForwarded) return ring(x, { ...attempt, forwards: attempt.forwards + 1 }, x.resolve(forward.to));
  if (obstacle) return obstacle;
  ringHandsets(x, attempt, { handsets: [handset] });
  return undefined;
}

interface Ringers {
  handsets: readonly Handset[];
  group?: string;
}

function ringHandsets(x: Switching, attempt: Attempt, { handsets, group }: Ringers): void {
  const { talk, dialled } = attempt;
  const direction = talk.outsider ? 'inbound' : 'internal';
  const legs = handsets.map((handset) => x.newLeg({ talk, handset, role: 'called', direction, dialled, group }));
  for (const leg of legs) {
    move(x, leg, 'offering');
    const { answersAfterMs } = leg.handset;
    if (answersAfterMs === undefined) continue;
    waitIn(x, talk, { delayMs: answersAfterMs, action: () => leg.state === 'offering' && answer(x, leg) });
  }
  waitIn(x, talk, { delayMs: x.timing.noAnswerMs, action: () => notAnswered(x, attempt, legs) });
}

function notAnswered(x: Switching, attempt: Attempt, legs: readonly SimLeg[]): void {
  const [only] = legs;
  const forward = legs.length === 1 ? only?.handset.forward : undefined;
  if (!only || forward?.when !== 'noAnswer') return giveUp(x, attempt.talk, 'noAnswer');
  stopWaits(attempt.talk);
  const cause = ring(x, { ...attempt, forwards: attempt.forwards + 1 }, x.resolve(forward.to));
  end(x, only, 'forwarded');
  if (cause) giveUp(x, attempt.talk, cause);
}

function ringOutside(x: Switching, { talk }: Attempt, number: string): Cause | undefined {
  // From trunk to trunk: the call goes on, but none of our lines has a part in it.
  if (talk.outsider) return 'forwarded';
  const far = x.farEndOf(number);
  if (far.type === 'refuses') return far.cause;
  talk.outsider = { number };
  if (far.type === 'fails') waitIn(x, talk, { delayMs: far.afterMs, action: () => farLeaves(x, talk, far.cause) });
  if (far.type === 'answers') waitIn(x, talk, { delayMs: far.afterMs, action: () => farAnswers(x, talk) });
  waitIn(x, talk, { delayMs: x.timing.noAnswerMs, action: () => farLeaves(x, talk, 'noAnswer') });
  return undefined;
}

// The party that stays hears the ringing tone from now on, as if it had called the new one.
function beCalledAnew(talk: Talk, leaving: SimLeg): void {
  talk.isAnswered = false;
  const stays = liveLegs(talk).find((one) => one !== leaving && isTalking(one));
  talk.callerIs = stays ? 'leg' : 'outsider';
  if (stays) stays.role = 'caller';
}

function shownAs(target: Target, digits: string): ReportedRemote {
  switch (target.type) {
    case 'handset':
      return { number: target.handset.key, name: target.handset.name };
    case 'group':
      return { number: digits, name: target.name };
    case 'outside':
      return { number: target.number };
    case 'nothing':
      return { number: digits };
    default:
      return target satisfies never;
  }
}
