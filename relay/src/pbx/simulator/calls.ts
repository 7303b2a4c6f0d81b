// The life of calls inside the simulated exchange once they ring: who answers, who hangs up, and what everybody else hears
// of it. A leg only ever moves forward. Nothing here knows orders, sockets or the relay.
import type { Cause } from '@offhook/protocol';
import type { Switching } from './switching.ts';
import { type Handset, isTalking, liveLegs, partiesOf, type SimLeg, type Talk } from './talk.ts';

/** Starts a wait that belongs to the present phase of a talk. */
export function waitIn(x: Switching, talk: Talk, wait: { delayMs: number; action: () => void }): void {
  const cancel = x.after(wait.delayMs, () => {
    talk.waits.delete(cancel);
    wait.action();
  });
  talk.waits.add(cancel);
}

/** Ends all waits of a talk's phase. */
export function stopWaits(talk: Talk): void {
  for (const cancel of talk.waits) cancel();
  talk.waits.clear();
}

/** Puts a leg into its next state and reports it. */
export function move(x: Switching, leg: SimLeg, state: SimLeg['state'], cause?: Cause): void {
  leg.cancelWait?.();
  leg.cancelWait = undefined;
  leg.state = state;
  if (cause) leg.cause = cause;
  x.publish(leg);
}

/** Ends a leg; ending twice is harmless. */
export function end(x: Switching, leg: SimLeg, cause: Cause): void {
  if (leg.state !== 'ended') move(x, leg, 'ended', cause);
}

/** Ends a caller's attempt: it hears a tone until the handset is put down. Who already spoke with us is cut off instead. */
export function fail(x: Switching, leg: SimLeg, cause: Cause): void {
  if (isTalking(leg)) return end(x, leg, cause);
  move(x, leg, 'failed', cause);
  leg.cancelWait = x.after(x.timing.busyToneMs, () => end(x, leg, cause));
}

/** Nobody can be had: what rings stops, and the caller is told. */
export function giveUp(x: Switching, talk: Talk, cause: Cause): void {
  stopWaits(talk);
  for (const leg of liveLegs(talk).filter((one) => one.state === 'offering')) end(x, leg, cause);
  for (const leg of liveLegs(talk).filter((one) => one.state !== 'failed')) fail(x, leg, cause);
  talk.outsider = undefined;
}

/** An offered call is answered; other calls of the line are put on hold, other phones stop ringing. */
export function answer(x: Switching, leg: SimLeg): void {
  takeCall(x, leg, 'answeredElsewhere');
}

/** A line takes the call that rings at another one. */
export function pickUp(x: Switching, handset: Handset, ringing: SimLeg): SimLeg {
  const { talk, direction, dialled, group } = ringing;
  const leg = x.newLeg({ talk, handset, role: 'called', direction, dialled, group });
  takeCall(x, leg, 'pickedUp');
  return leg;
}

/** The party outside lifts its phone. */
export function farAnswers(x: Switching, talk: Talk): void {
  const caller = liveLegs(talk).find((leg) => leg.role === 'caller');
  if (!caller || talk.isAnswered || !talk.outsider) return;
  stopWaits(talk);
  talk.isAnswered = true;
  if (!isTalking(caller)) connect(x, caller);
  const { number } = talk.outsider;
  const far = number === undefined ? undefined : x.farEndOf(number);
  if (far?.type !== 'answers' || far.talksMs === undefined) return;
  waitIn(x, talk, { delayMs: far.talksMs, action: () => farLeaves(x, talk, 'normal') });
}

/** The party outside is gone, or cannot be had: `busy`, `rejected`, `normal`… */
export function farLeaves(x: Switching, talk: Talk, cause: Cause): void {
  if (!talk.outsider) return;
  const next = talk.moreOutsiders.shift();
  if (next) {
    // The conference goes on without the one who left.
    talk.outsider = next;
    for (const leg of liveLegs(talk)) x.publish(leg);
    return;
  }
  const isCaller = talk.callerIs === 'outsider';
  if (!talk.isAnswered && !isCaller) return giveUp(x, talk, cause);
  talk.outsider = undefined;
  afterLeaving(x, talk, { role: isCaller ? 'caller' : 'called', cause });
}

/** Our line hangs up, or declines what rings. */
export function hangUp(x: Switching, leg: SimLeg): void {
  const cause = causeOfHangingUp(leg);
  end(x, leg, cause);
  afterLeaving(x, leg.talk, { role: leg.role, cause });
}

/** Puts the call on hold; the other party stays where it is. */
export function hold(x: Switching, leg: SimLeg): void {
  move(x, leg, 'held');
}

/** Takes the call back; another active one of the line is put on hold. */
export function retrieve(x: Switching, leg: SimLeg): void {
  holdOthers(x, leg);
  move(x, leg, 'connected');
}

/** Connects the other parties of two calls of one line, which leaves. The older call takes the younger one in. */
export function transfer(x: Switching, leg: SimLeg, other: SimLeg): void {
  const [kept, dissolved] = leg.since <= other.since ? [leg.talk, other.talk] : [other.talk, leg.talk];
  stopWaits(dissolved);
  const staying = [...liveLegs(kept), ...liveLegs(dissolved)].filter((one) => one !== leg && one !== other);
  const outsiders = [kept.outsider, dissolved.outsider].filter((one) => one !== undefined);
  x.link([leg, other, ...staying].map((one) => one.callKey));
  end(x, leg, 'transferred');
  end(x, other, 'transferred');
  for (const one of staying) one.talk = kept;
  kept.legs = [...kept.legs.filter((one) => !staying.includes(one)), ...staying];
  dissolved.legs = dissolved.legs.filter((one) => !staying.includes(one));
  // Two parties outside go on without any of our lines: nothing is left to report.
  kept.outsider = outsiders.length === 1 ? outsiders[0] : undefined;
  kept.callerIs = kept.outsider ? 'outsider' : 'leg';
  dissolved.outsider = undefined;
  for (const one of staying) x.publish(one);
}

/** All parties of two calls of one line speak with each other; the line keeps one call for it. */
export function confer(x: Switching, leg: SimLeg, other: SimLeg): void {
  const [kept, dissolved] = leg.since <= other.since ? [leg, other] : [other, leg];
  const { talk } = kept;
  stopWaits(dissolved.talk);
  const coming = liveLegs(dissolved.talk).filter((one) => one !== dissolved);
  x.link([kept, dissolved, ...coming].map((one) => one.callKey));
  const outsiders = [talk.outsider, dissolved.talk.outsider, ...dissolved.talk.moreOutsiders];
  const [first, ...more] = outsiders.filter((one) => one !== undefined);
  talk.outsider = first;
  talk.moreOutsiders.push(...more);
  dissolved.talk.outsider = undefined;
  dissolved.talk.moreOutsiders = [];
  dissolved.talk.legs = [dissolved];
  end(x, dissolved, 'transferred');
  for (const one of coming) one.talk = talk;
  talk.legs.push(...coming);
  if (kept.state === 'held') move(x, kept, 'connected');
  for (const one of liveLegs(talk)) x.publish(one);
}

/** The phone of the line lost its connection, and with it the call. */
export function vanish(x: Switching, leg: SimLeg): void {
  const cause = isTalking(leg) ? 'networkFailure' : 'unreachable';
  end(x, leg, cause);
  afterLeaving(x, leg.talk, { role: leg.role, cause });
}

function connect(x: Switching, leg: SimLeg): void {
  leg.connectedSince = x.now();
  move(x, leg, 'connected');
}

function takeCall(x: Switching, leg: SimLeg, causeOfOthers: Cause): void {
  const { talk } = leg;
  stopWaits(talk);
  holdOthers(x, leg);
  talk.isAnswered = true;
  connect(x, leg);
  const others = liveLegs(talk).filter((other) => other !== leg);
  for (const other of others.filter((one) => one.role === 'caller' && !isTalking(one))) connect(x, other);
  for (const other of others.filter((one) => one.state === 'offering')) end(x, other, causeOfOthers);
}

function holdOthers(x: Switching, leg: SimLeg): void {
  for (const other of x.legsOf(leg.handset)) if (other !== leg && other.state === 'connected') move(x, other, 'held');
}

function causeOfHangingUp(leg: SimLeg): Cause {
  if (leg.state === 'failed') return leg.cause ?? 'normal';
  if (leg.state === 'offering') return 'rejected';
  return isTalking(leg) ? 'normal' : 'cancelled';
}

// One party left: whoever remains alone has nobody to talk to.
function afterLeaving(x: Switching, talk: Talk, left: { role: SimLeg['role']; cause: Cause }): void {
  const legs = liveLegs(talk);
  if (talk.isAnswered) {
    if (partiesOf(talk) >= 2 && legs.length > 0) return;
    stopWaits(talk);
    for (const leg of legs) end(x, leg, 'normal');
    talk.outsider = undefined;
    talk.moreOutsiders = [];
  } else if (left.role === 'caller') {
    stopWaits(talk);
    for (const leg of legs) end(x, leg, 'cancelled');
    talk.outsider = undefined;
  } else if (!legs.some((leg) => leg.state === 'offering')) {
    giveUp(x, talk, left.cause);
  }
}
