// How the simulated exchange carries out orders. It checks what a real one would check (is there a phone, is the line free,
// can this be done with this call) and nothing else: it never asks whether an order came before.
import type { Cause, CommandName, Params } from '@offhook/protocol';
import type { CommandOutcome, LineReport, SendResult } from '../driver.ts';
import { answer, confer, hangUp, hold, pickUp, retrieve, transfer } from './calls.ts';
import { callOut, redirect } from './ringing.ts';
import type { Switching } from './switching.ts';
import { capabilitiesOf, type Handset, type SimLeg } from './talk.ts';

/** An order in the exchange's own words. */
export interface ExchangeOrder {
  commandKey: string;
  name: CommandName;
  lineKey: string;
  callKey?: string | undefined;
  otherCallKey?: string | undefined;
  otherLineKey?: string | undefined;
  dialString?: string | undefined;
  /** setDnd. */
  on?: boolean | undefined;
  /** setForward; without `dialString` the forward is removed. */
  when?: 'all' | 'busy' | 'noAnswer' | undefined;
}

/** What became of an order at once: refused before anything happened, or carried out with an outcome to report. */
export type Carried =
  | Exclude<SendResult, { type: 'sent' }>
  | { type: 'carried'; outcome: Omit<CommandOutcome, 'commandKey'> };

/** Carries an order out; `reportLine` is called when it changed the line itself. */
export function carryOut(x: Switching, order: ExchangeOrder, reportLine: (handset: Handset) => void): Carried {
  const handset = x.handsets.get(order.lineKey);
  if (!handset) return { type: 'rejected', code: 'line-unknown' };
  switch (order.name) {
    case 'makeCall':
      return makeCall(x, handset, order);
    case 'pickup':
      return pickUpAt(x, handset, order.otherLineKey);
    case 'setDnd':
      handset.dnd = order.on === true;
      reportLine(handset);
      return done();
    case 'setForward':
      handset.forward = forwardOf(order);
      reportLine(handset);
      return done();
    case 'answer':
    case 'drop':
    case 'hold':
    case 'retrieve':
    case 'toggle':
    case 'redirect':
    case 'transfer':
    case 'conference':
    case 'sendDtmf':
      return withCall(x, handset, order);
    default:
      return order.name satisfies never;
  }
}

function makeCall(x: Switching, handset: Handset, { dialString, commandKey }: ExchangeOrder): Carried {
  if (dialString === undefined) return { type: 'rejected', code: 'number-invalid' };
  if (!handset.isRegistered) return failed('unreachable');
  const legs = x.legsOf(handset);
  // A held call leaves the handset free for a consultation; it is in the hand already then.
  if (legs.some((leg) => leg.state !== 'held')) return failed('busy');
  const start = legs.length > 0 ? 'byHandset' : 'byOrder';
  return done(callOut(x, { handset, digits: dialString, commandKey, start }));
}

function pickUpAt(x: Switching, handset: Handset, otherLineKey: string | undefined): Carried {
  if (!handset.isRegistered) return failed('unreachable');
  const colleague = x.handsets.get(otherLineKey ?? '');
  const ringing = colleague && x.legsOf(colleague).find((leg) => leg.state === 'offering');
  if (!ringing || colleague === handset) return { type: 'rejected', code: 'call-unknown' };
  return done(pickUp(x, handset, ringing));
}

function withCall(x: Switching, handset: Handset, order: ExchangeOrder): Carried {
  const legs = x.legsOf(handset);
  const leg = legs.find(({ callKey }) => callKey === order.callKey);
  if (!leg) return { type: 'rejected', code: 'call-unknown' };
  if (!capabilitiesOf(leg, legs).includes(order.name)) {
    return { type: 'rejected', code: 'not-supported', params: { command: order.name } };
  }
  switch (order.name) {
    case 'answer':
      answer(x, leg);
      return done(leg);
    case 'drop':
      hangUp(x, leg);
      return done(leg);
    case 'hold':
      hold(x, leg);
      return done(leg);
    case 'retrieve':
      retrieve(x, leg);
      return done(leg);
    case 'redirect':
      return redirectTo(x, leg, order.dialString);
    case 'toggle':
    case 'transfer':
    case 'conference':
      return withTwoCalls(x, order.name, { leg, other: legs.find(({ callKey }) => callKey === order.otherCallKey) });
    default:
      return done(leg);
  }
}

function redirectTo(x: Switching, leg: SimLeg, dialString: string | undefined): Carried {
  if (dialString === undefined) return { type: 'rejected', code: 'number-invalid' };
  const cause = redirect(x, leg, dialString);
  return cause ? failed(cause) : done(leg);
}

function withTwoCalls(
  x: Switching,
  name: 'toggle' | 'transfer' | 'conference',
  calls: { leg: SimLeg; other: SimLeg | undefined },
): Carried {
  const { leg, other } = calls;
  if (!other || other === leg) return { type: 'rejected', code: 'call-unknown' };
  if (!other.connectedSince) return failed('noAnswer');
  if (name === 'transfer') transfer(x, leg, other);
  else if (name === 'conference') confer(x, leg, other);
  else retrieve(x, leg.state === 'held' ? leg : other);
  return done(leg);
}

function forwardOf({ when, dialString }: ExchangeOrder): LineReport['forward'] {
  return dialString === undefined ? null : { when: when ?? 'all', to: dialString };
}

function done(leg?: SimLeg): Carried {
  return { type: 'carried', outcome: { state: 'done', ...(leg && { callKey: leg.callKey }) } };
}

function failed(cause: Cause): Carried {
  const params: Params = { cause };
  return { type: 'carried', outcome: { state: 'failed', code: 'pbx-rejected', params } };
}
