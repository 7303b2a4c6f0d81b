// A channel of a line's phone → the leg that the relay shows. Pure over what the channels know: asked again, it answers the
// same. Decisive: that our own phone was lifted for a click is no answer, only the far end's is; and who is shown as the
// other party is never a number that a click put there for the own phone's display.
import type { CallState, Cause, CommandName, Direction } from '@offhook/protocol';
import type { Leg, ReportedRemote } from '../driver.ts';
import { causeOfDial, causeOfQ850 } from './causes.ts';
import { type Channel, isLocal } from './channel.ts';
import type { Channels } from './channels.ts';

/** What is ours: which channels belong to lines, what orders made, what can be done. */
export interface LegRules {
  channels: Channels;
  /** The line of a channel's phone. */
  lineKeyOf(channel: Channel): string | undefined;
  hasLine(extension: string): boolean;
  isDndOn(extension: string): boolean;
  /** The order that made this channel: what it dials, or whose ringing call it takes over. */
  orderOf(channel: Channel): { commandKey: string; target?: string; pickUp?: string } | undefined;
  /** What was told of it last. */
  before(channel: Channel): Leg | undefined;
  /** Since when the far end is there, for a leg in this state; undefined when it was there before us. */
  connectedSince(channel: Channel, state: CallState): number | undefined;
  /** The name of the ring group or queue behind a place in the dial plan, `'ext-group 600'`. */
  groupAt(place: string): string | undefined;
  /** The dial failed for good: nothing was tried after it. */
  isGivenUp(channel: Channel): boolean;
  /** The phone system itself took the call: an announcement, a voicemail box, a conference. */
  isInApplication(channel: Channel): boolean;
  capabilities(channel: Channel, state: CallState): CommandName[];
}

/** The leg of a channel; undefined while there is none for its line yet, or if it is no line's. */
export function legOf(channel: Channel, rules: LegRules): Leg | undefined {
  const lineKey = rules.lineKeyOf(channel);
  if (lineKey === undefined) return undefined;
  const view = viewOf(channel, { lineKey, rules });
  const state = stateOf(view);
  if (state === undefined) return undefined;
  const order = rules.orderOf(channel);
  const connectedSince = rules.connectedSince(channel, state);
  const group = view.isIncoming ? groupOf(view) : undefined;
  return {
    lineKey,
    callKey: channel.id,
    linkKey: linkOf(channel, rules),
    direction: view.direction,
    state,
    ...((state === 'ended' || state === 'failed') && { cause: causeOf(view) }),
    remote: remoteOf(view),
    ...(view.dialled !== undefined && { dialled: view.dialled }),
    since: channel.since,
    ...(connectedSince !== undefined && { connectedSince }),
    answerReported: true,
    capabilities: state === 'ended' ? [] : rules.capabilities(channel, state),
    ...(order && { commandKey: order.commandKey }),
    ...(group !== undefined && { group }),
  };
}

// Who talks together belongs together: Asterisk gives them one Linkedid, too, but tells so some events later.
function linkOf(channel: Channel, { channels }: LegRules): string {
  const other = channels.peers(channel).find(({ linkedId }) => linkedId !== channel.linkedId);
  return (other ?? channel).linkedId;
}

const DIGITS = /^[+0-9*#]{1,32}$/;

interface View {
  channel: Channel;
  rules: LegRules;
  lineKey: string;
  /** Who calls here, for an incoming one. */
  caller: Channel | undefined;
  callerLine: string | undefined;
  isIncoming: boolean;
  direction: Direction;
  dialled: string | undefined;
}

function viewOf(channel: Channel, { lineKey, rules }: { lineKey: string; rules: LegRules }): View {
  const { channels } = rules;
  const rung = channels.get(rules.orderOf(channel)?.pickUp ?? '');
  const isPickUp = channel.pickedUpFrom !== undefined || rules.orderOf(channel)?.pickUp !== undefined;
  const isIncoming = channel.origin === 'dialled' || channel.origin === 'unknown' || isPickUp;
  const first = channels.get(channel.pickedUpCaller ?? '') ?? (rung && channels.caller(rung));
  const caller = isIncoming ? (first ?? channels.caller(channel)) : undefined;
  const callerLine = caller && rules.lineKeyOf(caller);
  const before = isIncoming && !caller ? rules.before(channel) : undefined;
  if (before) {
    // Who called here is gone; what is known of the call stays so.
    const { direction, dialled, remote } = before;
    const callerLine = direction === 'internal' ? remote.number : undefined;
    return { channel, rules, lineKey, caller, callerLine, isIncoming, direction, dialled };
  }
  if (isIncoming) {
    const direction = callerLine === undefined || callerLine === lineKey ? 'inbound' : 'internal';
    return { channel, rules, lineKey, caller, callerLine, isIncoming, direction, dialled: numberDialledBy(caller) };
  }
  const dialled = targetOf(channel, rules);
  const direction = dialled !== undefined && rules.hasLine(dialled) ? 'internal' : 'outbound';
  return { channel, rules, lineKey, caller, callerLine, isIncoming, direction, dialled };
}

// An order's channel begins nowhere in the dial plan: what it dials, the order says, or what its phone shows.
function targetOf(channel: Channel, rules: LegRules): string | undefined {
  const ordered = rules.orderOf(channel)?.target;
  if (ordered !== undefined) return ordered;
  const dialled = numberDialledBy(channel);
  if (dialled !== undefined || !channel.isAnswered) return dialled;
  // Whoever comes late finds it in some subroutine of the dial plan: then whom it talks to is the best answer.
  return DIGITS.test(channel.connectedNumber ?? '') ? channel.connectedNumber : undefined;
}

function numberDialledBy(channel: Channel | undefined): string | undefined {
  const number = channel?.origin === 'ordered' ? channel.firstConnected : channel?.firstNumber;
  return number !== undefined && DIGITS.test(number) ? number : undefined;
}

function stateOf(view: View): CallState | undefined {
  const { channel, rules, isIncoming } = view;
  if (channel.hangup) return 'ended';
  if (isIncoming && channel.origin !== 'ordered') {
    if (channel.state === 'up') return channel.heldIn === undefined ? 'connected' : 'held';
    // Of a phone that rings, the next event says whether somebody calls there or an order does.
    return channel.state === 'ringing' && channel.origin === 'dialled' ? 'offering' : undefined;
  }
  if (channel.origin === 'ordered' && channel.state !== 'up') {
    return channel.state === 'ringing' ? 'prompting' : 'initiated';
  }
  if (isAnsweredFor(view)) return channel.heldIn === undefined ? 'connected' : 'held';
  if (rules.isGivenUp(channel)) return 'failed';
  const hasRung = rules.before(channel)?.state === 'ringback';
  return hasRung || [...channel.dials.values()].includes('ringing') ? 'ringback' : 'dialing';
}

// Who dialled at the phone hears the phone system itself as soon as that lifts, unless it dials on.
function isAnsweredFor({ channel, rules }: View): boolean {
  if (channel.isAnswered || rules.isInApplication(channel)) return true;
  return channel.origin === 'phone' && channel.state === 'up' && channel.dials.size === 0;
}

function remoteOf(view: View): ReportedRemote {
  const { channel, rules, isIncoming, callerLine, direction, dialled } = view;
  const [peer, ...more] = rules.channels.peers(channel);
  const peerLine = peer && more.length === 0 && !isLocal(peer) ? rules.lineKeyOf(peer) : undefined;
  if (peerLine !== undefined && peerLine !== view.lineKey) return { number: peerLine };
  if (isIncoming && callerLine !== undefined && !channel.isTransferred) return { number: callerLine };
  const shown = channel.connectedNumber;
  const isOther = shown !== undefined && shown !== view.lineKey;
  if (isIncoming || channel.isTransferred) {
    return isOther ? { number: shown, ...named(channel) } : { number: undefined, ...named(channel) };
  }
  // Until somebody has answered, the other party is who was dialled; then a colleague may have taken it.
  const isTaken = channel.isAnswered && direction === 'internal' && isOther && rules.hasLine(shown);
  return { number: isTaken ? shown : dialled };
}

function named({ connectedName }: Channel): { name?: string } {
  return connectedName === undefined ? {} : { name: connectedName };
}

function groupOf({ caller, lineKey, rules, channel }: View): string | undefined {
  const before = rules.before(channel)?.group;
  if (before !== undefined) return before;
  const chain = [caller, rules.channels.get(channel.dialler ?? '')];
  for (const one of chain) {
    for (const place of one?.places ?? []) {
      const name = rules.groupAt(place);
      if (name !== undefined) return name;
    }
  }
  // Several phones at once for a number that is no line's is a group, whether we know its name or not.
  const number = numberDialledBy(caller);
  const isGroup = (caller?.mostDials ?? 0) > 1 && number !== undefined && number !== lineKey && !rules.hasLine(number);
  return isGroup ? number : undefined;
}

function causeOf(view: View): Cause {
  const { channel } = view;
  if (channel.endCause) return channel.endCause;
  const told = causeOfQ850(channel.hangup?.cause);
  const isSpoken = view.isIncoming && channel.origin !== 'ordered' ? channel.state === 'up' : isAnsweredFor(view);
  if (isSpoken) return told === 'busy' || told === 'answeredElsewhere' ? 'normal' : (told ?? 'normal');
  if (view.isIncoming && channel.origin !== 'ordered') return causeOfUnanswered(channel, told);
  if (channel.origin === 'ordered' && channel.state !== 'up') return 'ownPhoneNotAnswered';
  return causeOfDialled(view, told);
}

// A phone that rang and did not come to speak.
function causeOfUnanswered(channel: Channel, told: Cause | undefined): Cause {
  if (told === 'answeredElsewhere') return told;
  switch (channel.dialFailure) {
    case 'BUSY':
      return 'rejected';
    case 'NOANSWER':
      return 'noAnswer';
    case 'CANCEL':
      return 'cancelled';
    case 'CHANUNAVAIL':
      return 'unreachable';
    default:
      return told === undefined || told === 'normal' ? 'cancelled' : told;
  }
}

// A call that we made and that nobody answered.
function causeOfDialled({ channel, rules, dialled }: View, told: Cause | undefined): Cause {
  const ofDial = causeOfDial(channel.dialFailure);
  // Who gave up while it rang: the dial was cancelled by our own hanging up.
  if (channel.dials.size > 0 || ofDial === 'cancelled') return 'cancelled';
  if (ofDial === 'busy' && told === 'rejected') return 'rejected';
  if (ofDial) return ofDial;
  if (dialled !== undefined && rules.isDndOn(dialled)) return 'dnd';
  return told === undefined || told === 'normal' ? 'unknown' : told;
}
