// Makes the relay's picture of a call from what a phone system reports of it: numbers read, names cleaned, times that were
// once known kept. Pure; it decides neither whether the news may be believed nor who sees them.
import type { Location, PhoneNumber } from '@offhook/protocol';
import { readReportedNumber } from '@offhook/protocol/number';
import { isAnswered } from './call-states.ts';
import { cleanName } from './names.ts';
import type { Leg } from './pbx/driver.ts';
import type { BoardCall } from './switchboard.ts';

/** A call with what was reported of it, so that a number is read once and not with every report. */
export interface CallRecord {
  call: BoardCall;
  rawNumber: string | undefined;
  rawName: string | undefined;
  rawDialled: string | undefined;
  /** A time is not the phone system's own. */
  isEstimated: boolean;
}

/** What a record is made with. `colleague` names the line behind an extension. */
export interface CallNews {
  leg: Leg;
  callId: string;
  conversationId: string;
  before: CallRecord | undefined;
  now: number;
  location: Location;
  colleague: (extension: string) => string | undefined;
}

/** The record after a report. Whether the state may follow the one before was asked already. */
export function callRecordOf(news: CallNews): CallRecord {
  const { leg, before, now } = news;
  const connectedSince = connectedSinceOf(news);
  const dialled = dialledOf(news);
  const cause = leg.cause ?? before?.call.cause;
  const isOver = leg.state === 'ended' || leg.state === 'failed';
  const call: BoardCall = {
    callId: news.callId,
    callKey: before?.call.callKey ?? leg.callKey,
    conversationId: news.conversationId,
    direction: leg.direction,
    state: leg.state,
    remote: remoteOf(news),
    answerReported: leg.answerReported,
    since: before?.call.since ?? leg.since,
    capabilities: leg.state === 'ended' ? [] : leg.capabilities,
  };
  // One by one rather than by spreading: every report of a call comes through here.
  if (isOver) call.cause = cause ?? 'unknown';
  if (dialled) call.dialled = dialled;
  if (leg.group !== undefined) call.group = cleanName(leg.group);
  if (connectedSince !== undefined) call.connectedSince = connectedSince;
  if (leg.state === 'ended') call.endedAt = now;
  if (leg.isPartial || before?.call.isPartial) call.isPartial = true;
  return {
    call,
    rawNumber: leg.remote.number,
    rawName: leg.remote.name,
    rawDialled: leg.dialled,
    isEstimated: (before?.isEstimated ?? false) || isEstimatedBy(news),
  };
}

/** The record of a call that the phone system does not know any more: nobody saw it end. Why it had failed stays known. */
export function lostRecordOf(record: CallRecord, now: number): CallRecord {
  const cause = record.call.cause ?? 'unknown';
  const call: BoardCall = { ...record.call, state: 'ended', cause, endedAt: now, capabilities: [] };
  return { ...record, call, isEstimated: true };
}

// A call that was already going on when it was first heard of has no known beginning, unless the report says so.
function connectedSinceOf({ leg, before, now }: CallNews): number | undefined {
  const known = before?.call.connectedSince ?? leg.connectedSince;
  if (known !== undefined) return known;
  return before && !isAnswered(before.call.state) && isAnswered(leg.state) ? now : undefined;
}

function isEstimatedBy({ leg, before }: CallNews): boolean {
  if (!leg.answerReported) return true;
  return isAnswered(leg.state) && leg.connectedSince === undefined && before?.call.connectedSince === undefined;
}

function remoteOf({ leg, before, location, colleague }: CallNews): BoardCall['remote'] {
  const isKnown = before !== undefined && before.rawNumber === leg.remote.number;
  // A colleague's name is the line's, which may have been renamed meanwhile.
  if (isKnown && before.rawName === leg.remote.name && before.call.remote.number.kind !== 'internal') {
    return before.call.remote;
  }
  const number = isKnown ? before.call.remote.number : remoteNumberOf(leg, location);
  const own = number.kind === 'internal' ? colleague(number.number) : undefined;
  const name = own ?? cleanName(leg.remote.name ?? '');
  return { number, ...(name !== '' && { name }) };
}

// A colleague's extension is one, whatever it looks like to the outside world (112 is a line in some companies).
function remoteNumberOf({ direction, remote }: Leg, location: Location): PhoneNumber {
  if (direction === 'internal' && remote.number !== undefined && /^[0-9]{1,15}$/.test(remote.number)) {
    return { kind: 'internal', number: remote.number };
  }
  return readReportedNumber(remote.number, location);
}

function dialledOf({ leg, before, location }: CallNews): PhoneNumber | undefined {
  if (leg.dialled === undefined) return before?.call.dialled;
  if (before?.call.dialled && before.rawDialled === leg.dialled) return before.call.dialled;
  if (leg.direction === 'internal' && /^[0-9]{1,15}$/.test(leg.dialled)) {
    return { kind: 'internal', number: leg.dialled };
  }
  return readReportedNumber(leg.dialled, location);
}
