// A call as the journal keeps it. What was written down once stays: when it began, when it was answered. Pure; it decides
// neither whether it is written down nor who may read it.
import type { JournalLeg } from './store/store.ts';
import type { LegChange } from './switchboard.ts';

/** The leg after a change of its call; `before` as it stood, `now` in milliseconds since 1970. */
export function legOf(
  { lineId, call, isEstimated }: LegChange,
  before: JournalLeg | undefined,
  now: number,
): JournalLeg {
  const isAnswered = call.state === 'connected' || call.state === 'held';
  const connectedSince = call.connectedSince ?? (isAnswered ? now : undefined);
  const startedAt = before?.startedAt ?? isoOf(call.since);
  const connected = before?.connectedAt ?? (connectedSince === undefined ? undefined : isoOf(connectedSince));
  const ended = call.endedAt === undefined ? undefined : isoOf(call.endedAt);
  const connectedAt = notBefore(startedAt, connected);
  const endedAt = notBefore(connectedAt ?? startedAt, ended);
  const isTurned = connectedAt !== connected || endedAt !== ended;
  const leg: JournalLeg = {
    callId: call.callId,
    lineId,
    direction: call.direction,
    remote: call.remote,
    startedAt,
    isEstimated: isEstimated || isTurned || (before?.isEstimated ?? false),
  };
  // One by one rather than by spreading: every report of a call comes through here.
  if (call.dialled) leg.dialled = call.dialled;
  if (call.group !== undefined) leg.group = call.group;
  if (call.cause) leg.cause = call.cause;
  if (connectedAt !== undefined) leg.connectedAt = connectedAt;
  if (endedAt !== undefined) leg.endedAt = endedAt;
  if (call.isPartial) leg.isPartial = true;
  return leg;
}

/** Whether nothing is to be written down: asked with every report of a call, most of which are no matter of the journal. */
export function isSameLeg(a: JournalLeg, b: JournalLeg): boolean {
  return (
    a.callId === b.callId &&
    a.lineId === b.lineId &&
    a.direction === b.direction &&
    isSameValue(a.remote, b.remote) &&
    isSameValue(a.dialled, b.dialled) &&
    a.group === b.group &&
    a.cause === b.cause &&
    a.startedAt === b.startedAt &&
    a.connectedAt === b.connectedAt &&
    a.endedAt === b.endedAt &&
    a.isEstimated === b.isEstimated &&
    a.isPartial === b.isPartial
  );
}

function isSameValue(a: object | undefined, b: object | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** The leg of a call that the phone system does not know any more: it ended, nobody saw when. */
export function lostLegOf(leg: JournalLeg, now: number): JournalLeg {
  const endedAt = notBefore(leg.connectedAt ?? leg.startedAt, isoOf(now)) ?? leg.startedAt;
  return { ...leg, endedAt, cause: leg.cause ?? 'unknown', isEstimated: true };
}

// Somebody set the time in the middle of the call, or the phone system has another one: no call ends before it began.
function notBefore(first: string, time: string | undefined): string | undefined {
  return time !== undefined && time < first ? first : time;
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
