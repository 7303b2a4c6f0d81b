// What people do at the phones of the simulated exchange, and what the party outside does. Each hand finds the call that
// is meant, as a person at that phone would, and says when there is none; orders from afar are orders.ts.
import type { Cause } from '@offhook/protocol';
import { answer, farAnswers, farLeaves, hangUp, hold, retrieve, transfer, vanish } from './calls.ts';
import { callOut, proceed, redirect } from './ringing.ts';
import type { Switching } from './switching.ts';
import { type Handset, isTalking, type SimLeg } from './talk.ts';

/** One hand on a phone, or one in the outside world. Each answers whether there was a call to do it with. */
export interface Hands {
  /** Answers what rings, or lifts the own phone of an ordered call. */
  lift(lineKey: string): boolean;
  hangUp(lineKey: string): boolean;
  reject(lineKey: string): boolean;
  hold(lineKey: string): boolean;
  retrieve(lineKey: string): boolean;
  /** Sends the party of the call in the hand, or what rings, to another number, unannounced. */
  transfer(lineKey: string, digits: string): boolean;
  /** Puts the call in the hand on hold and calls somebody else about it. */
  consult(lineKey: string, digits: string): boolean;
  /** Connects the party on hold with the one in the hand; both have been spoken with. */
  completeTransfer(lineKey: string): boolean;
  farAnswers(lineKey: string): boolean;
  /** The party outside hangs up, or cannot be had (`busy`, `rejected`). */
  farHangsUp(lineKey: string, cause?: Cause): boolean;
  dial(lineKey: string, digits: string): boolean;
  setRegistered(lineKey: string, state: 'loggedIn' | 'loggedOut'): boolean;
  setDnd(lineKey: string, state: 'on' | 'off'): boolean;
  /** Forwards all calls; without a number none any more. */
  setForward(lineKey: string, to?: string): boolean;
  setVoicemail(lineKey: string, newMessages: number): boolean;
}

/** Hands for all phones of an exchange; `reportLine` is called when a line itself changed. */
export function handsOn(x: Switching, reportLine: (handset: Handset) => void): Hands {
  const finder = finderOn(x);
  return { ...callHands(x, finder), ...transferHands(x, finder), ...phoneHands(x, { finder, reportLine }) };
}

interface Finder {
  onHandset(lineKey: string, action: (handset: Handset) => void): boolean;
  /** Does it with the first call of the line that is meant; an action that answers false did nothing. */
  onLeg(lineKey: string, isMeant: (leg: SimLeg) => boolean, action: (leg: SimLeg) => unknown): boolean;
}

function finderOn(x: Switching): Finder {
  return {
    onHandset(lineKey, action) {
      const handset = x.handsets.get(lineKey);
      if (!handset) return false;
      action(handset);
      x.settle();
      return true;
    },
    onLeg(lineKey, isMeant, action) {
      const handset = x.handsets.get(lineKey);
      const leg = handset && x.legsOf(handset).find(isMeant);
      if (!leg) return false;
      const result = action(leg);
      x.settle();
      return result !== false;
    },
  };
}

function callHands(x: Switching, { onLeg }: Finder) {
  return {
    lift: (lineKey) =>
      onLeg(lineKey, isLiftable, (leg) => (leg.state === 'offering' ? answer(x, leg) : proceed(x, leg))),
    // The call in the hand first; one on hold only if there is no other.
    hangUp: (lineKey) =>
      onLeg(lineKey, isInHand, (leg) => hangUp(x, leg)) || onLeg(lineKey, isTalking, (leg) => hangUp(x, leg)),
    reject: (lineKey) => onLeg(lineKey, isOffering, (leg) => hangUp(x, leg)),
    farAnswers: (lineKey) =>
      onLeg(
        lineKey,
        (leg) => hasFarEnd(leg) && !isTalking(leg),
        (leg) => farAnswers(x, leg.talk),
      ),
    farHangsUp: (lineKey, cause = 'normal') => onLeg(lineKey, hasFarEnd, (leg) => farLeaves(x, leg.talk, cause)),
  } satisfies Partial<Hands>;
}

function transferHands(x: Switching, { onLeg }: Finder) {
  return {
    hold: (lineKey) => onLeg(lineKey, isConnected, (leg) => hold(x, leg)),
    retrieve: (lineKey) => onLeg(lineKey, isHeld, (leg) => retrieve(x, leg)),
    transfer: (lineKey, digits) => {
      const send = (leg: SimLeg) => redirect(x, leg, digits) === undefined;
      return onLeg(lineKey, isConnected, send) || onLeg(lineKey, isOffering, send);
    },
    consult: (lineKey, digits) =>
      onLeg(lineKey, isConnected, (leg) => {
        hold(x, leg);
        callOut(x, { handset: leg.handset, digits, start: 'byHandset' });
      }),
    completeTransfer: (lineKey) =>
      onLeg(lineKey, isConnected, (leg) => {
        const other = x.legsOf(leg.handset).find(isHeld);
        if (!other) return false;
        transfer(x, leg, other);
        return true;
      }),
  } satisfies Partial<Hands>;
}

interface PhoneParts {
  finder: Finder;
  reportLine: (handset: Handset) => void;
}

function phoneHands(x: Switching, { finder: { onHandset }, reportLine }: PhoneParts) {
  return {
    dial: (lineKey, digits) =>
      onHandset(lineKey, (handset) => void callOut(x, { handset, digits, start: 'byHandset' })),
    setRegistered: (lineKey, state) =>
      onHandset(lineKey, (handset) => {
        handset.isRegistered = state === 'loggedIn';
        if (!handset.isRegistered) for (const leg of x.legsOf(handset)) vanish(x, leg);
        reportLine(handset);
      }),
    setDnd: (lineKey, state) =>
      onHandset(lineKey, (handset) => {
        handset.dnd = state === 'on';
        reportLine(handset);
      }),
    setForward: (lineKey, to) =>
      onHandset(lineKey, (handset) => {
        handset.forward = to === undefined ? null : { when: 'all', to };
        reportLine(handset);
      }),
    setVoicemail: (lineKey, newMessages) =>
      onHandset(lineKey, (handset) => {
        handset.voicemail = newMessages;
        reportLine(handset);
      }),
  } satisfies Partial<Hands>;
}

function isLiftable(leg: SimLeg): boolean {
  return leg.state === 'prompting' || leg.state === 'offering';
}

function isOffering(leg: SimLeg): boolean {
  return leg.state === 'offering';
}

function isConnected(leg: SimLeg): boolean {
  return leg.state === 'connected';
}

function isHeld(leg: SimLeg): boolean {
  return leg.state === 'held';
}

function isInHand(leg: SimLeg): boolean {
  return leg.state !== 'offering' && leg.state !== 'held';
}

function hasFarEnd(leg: SimLeg): boolean {
  return leg.talk.outsider !== undefined;
}
