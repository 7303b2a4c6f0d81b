// What the simulated exchange knows of its handsets and of the calls between them, and what can be read from that
// without changing it. Only calls.ts changes these things.
import type { CallState, Cause, CommandName, Direction } from '@offhook/protocol';
import type { Leg, LineReport, ReportedRemote } from '../driver.ts';

/** A line with its telephone. */
export interface Handset {
  key: string;
  name: string;
  device: string;
  isRegistered: boolean;
  dnd: boolean;
  forward: LineReport['forward'];
  /** New messages in its voicemail box. */
  voicemail: number;
  /** Whether a second call rings while one is going on; without it the line is busy. */
  hasCallWaiting: boolean;
  answersAfterMs: number | undefined;
}

/** A call as one of our lines sees it. */
export interface SimLeg {
  callKey: string;
  handset: Handset;
  talk: Talk;
  role: 'caller' | 'called';
  direction: Direction;
  state: CallState;
  cause: Cause | undefined;
  remote: ReportedRemote;
  dialled: string | undefined;
  /** What a caller dialled, digit for digit; empty for a called leg. */
  digits: string;
  since: number;
  connectedSince: number | undefined;
  commandKey: string | undefined;
  group: string | undefined;
  /** Ends the wait that belongs to this leg alone: for the own phone to be lifted, for the busy tone to end. */
  cancelWait: (() => void) | undefined;
  lastReport: string;
}

/** Everybody who takes part in one call: our legs, and at most one party outside. */
export interface Talk {
  linkKey: string;
  legs: SimLeg[];
  outsider: ReportedRemote | undefined;
  /** Further parties outside, in a conference. */
  moreOutsiders: ReportedRemote[];
  /** Who hears the ringing tone: the other side is being called. */
  callerIs: 'leg' | 'outsider';
  isAnswered: boolean;
  /** Ends the waits of the present phase: no answer, automatic behaviour. */
  waits: Set<() => void>;
}

/** Whether two parties speak on this leg, perhaps on hold. */
export function isTalking(leg: SimLeg): boolean {
  return leg.state === 'connected' || leg.state === 'held';
}

/** How many speak in a talk, or would. */
export function partiesOf(talk: Talk): number {
  return liveLegs(talk).length + (talk.outsider ? 1 : 0) + talk.moreOutsiders.length;
}

/** The legs of a talk that are still there. */
export function liveLegs(talk: Talk): SimLeg[] {
  return talk.legs.filter((leg) => leg.state !== 'ended');
}

/** Who is at the other end, as this leg's phone would show it; the last one known when nobody is there any more. */
export function remoteOf(leg: SimLeg): ReportedRemote {
  if (leg.state === 'ended' || leg.state === 'failed') return leg.remote;
  if (leg.talk.outsider) return leg.talk.outsider;
  const others = liveLegs(leg.talk).filter((other) => other !== leg);
  const talking = others.find((other) => isTalking(other)) ?? others.find((other) => other.role === 'caller');
  const other = talking ?? (others.length === 1 ? others[0] : undefined);
  return other ? { number: other.handset.key, name: other.handset.name } : leg.remote;
}

/** What can be done with a leg now, given the other legs of its line. */
export function capabilitiesOf(leg: SimLeg, legsOfLine: readonly SimLeg[]): CommandName[] {
  const hasOther = legsOfLine.some((other) => other !== leg && isTalking(other));
  const between: CommandName[] = hasOther ? ['toggle', 'transfer', 'conference'] : [];
  switch (leg.state) {
    case 'offering':
      return ['answer', 'drop', 'redirect'];
    case 'connected':
      return ['drop', 'hold', 'redirect', 'sendDtmf', ...between];
    case 'held':
      return ['retrieve', 'drop', ...between];
    case 'ended':
      return [];
    case 'initiated':
    case 'prompting':
    case 'dialing':
    case 'ringback':
    case 'queued':
    case 'failed':
      return ['drop'];
    default:
      return leg.state satisfies never;
  }
}

/** The leg as the exchange reports it. */
export function legReport(leg: SimLeg, legsOfLine: readonly SimLeg[]): Leg {
  return {
    lineKey: leg.handset.key,
    callKey: leg.callKey,
    linkKey: leg.talk.linkKey,
    direction: leg.direction,
    state: leg.state,
    ...(leg.cause && { cause: leg.cause }),
    remote: leg.remote,
    ...(leg.dialled !== undefined && { dialled: leg.dialled }),
    since: leg.since,
    ...(leg.connectedSince !== undefined && { connectedSince: leg.connectedSince }),
    answerReported: true,
    capabilities: capabilitiesOf(leg, legsOfLine),
    ...(leg.commandKey !== undefined && { commandKey: leg.commandKey }),
    ...(leg.group !== undefined && { group: leg.group }),
  };
}

/** The line as the exchange reports it. */
export function lineReport(handset: Handset): LineReport {
  return {
    lineKey: handset.key,
    extension: handset.key,
    name: handset.name,
    isRegistered: handset.isRegistered,
    dnd: handset.dnd,
    forward: handset.forward,
    device: handset.device,
    voicemail: handset.voicemail,
    capabilities: ['makeCall', 'pickup', 'setForward', 'setDnd'],
  };
}
