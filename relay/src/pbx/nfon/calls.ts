// The calls of one K-account, leg by leg. NFON tells events and no picture: a leg is known from its first event to its last,
// under the call's uuid and the extension, since one uuid may be at several extensions (a group, an internal call, a
// transfer). Nothing here connects to anything, and no leg of another account ever gets in.
import type { Cause } from '@offhook/protocol';
import type { Clock } from '../../clock.ts';
import type { Leg } from '../driver.ts';
import {
  type Before,
  endsWithExtension,
  type News,
  newsOf,
  partyOf,
  rankOf,
  saysLifted,
  type Way,
  wayOf,
} from './call-words.ts';
import type { CallEvent } from './wire.ts';

export interface CallBook {
  /** An event of the account's stream. Answers why it was left out, if it was. */
  take(event: CallEvent): 'foreign' | 'nobody' | undefined;
  /** A call that we ordered has this uuid. Its own stream's events go to `takeOrdered`. */
  ordered(uuid: string, order: { extension: string; callee: string; commandKey: string }): string;
  takeOrdered(callKey: string, event: CallEvent): void;
  /** We are about to end it; `refused`: NFON does not end it once it is answered. */
  dropping(callKey: string, how: 'asked' | 'refused'): void;
  /** The uuid of a live call that we ordered; undefined for any other. */
  uuidToDrop(callKey: string): string | undefined;
  isLive(callKey: string): boolean;
  /** The extension's line is idle: its legs from before that moment (`clock.elapsed()`) are over, though nobody said so. */
  lineIsIdle(extension: string, before: number): void;
  legs(): Leg[];
  close(): void;
}

export interface CallBookOptions {
  account: string;
  clock: Clock;
  isExtension(number: string): boolean;
  emit(leg: Leg): void;
}

interface Record {
  callKey: string;
  uuid: string;
  extension: string;
  way: Way;
  leg: Leg;
  /** The other party and its context as NFON wrote them last. */
  other: string | undefined;
  otherContext: string | undefined;
  callee: string | undefined;
  calleeContext: string | undefined;
  progress: Before;
  /** On the clock that never jumps. */
  beganAt: number;
  dialAt: number | undefined;
  answeredAt: number | undefined;
  isDropRefused: boolean;
  /** It rang at several phones at once, or came through a number that is not the extension's. */
  isShared: boolean;
  /** The short number that was called in place of the extension's own. */
  group: string | undefined;
  /** As it was told last. */
  told: string;
  cancelLimit: () => void;
}

interface Book {
  options: CallBookOptions;
  live: Map<string, Record>;
  /** The same by the call that they belong to. */
  byUuid: Map<string, Set<Record>>;
  /** Legs that are over: whatever still comes of them is late. */
  over: Set<string>;
}

// What rings or talks for longer without a word from NFON is over; the hang-up was lost.
const RINGING_LIMIT_MS = 300_000;
const TALKING_LIMIT_MS = 14_400_000;
// After a busy tone, until the handset is down.
const FAILED_LIMIT_MS = 15_000;
const MOST_OVER = 10_000;
const MOST_LIVE = 20_000;
// Seen in production: an internal call that is "answered" sooner was answered by an announcement.
const ANNOUNCEMENT_MS = 300;
const SHORT_NUMBER = /^[1-9][0-9]{0,5}$/;

/** An empty book. */
export function createCallBook(options: CallBookOptions): CallBook {
  const book: Book = { options, live: new Map(), byUuid: new Map(), over: new Set() };
  return {
    take(event) {
      const { customer, extension } = event;
      if (customer !== undefined && customer !== options.account) return 'foreign';
      const own = extension ?? ownSideOf(event, options);
      if (own === undefined) return 'nobody';
      apply(book, keyOf(event.uuid, own), { ...event, extension: own });
      return undefined;
    },
    ordered(uuid, { extension, callee, commandKey }) {
      const callKey = keyOf(uuid, extension);
      const event: CallEvent = { ...NOTHING, uuid, state: 'start', direction: 'outbound', extension };
      apply(book, callKey, { ...event, callee: callee.replace(/^\+/, ''), callee_context: contextOf(callee, options) });
      const record = book.live.get(callKey);
      if (record) {
        record.progress.isOrdered = true;
        record.leg = { ...record.leg, commandKey };
        tell(book, record.uuid);
      }
      return callKey;
    },
    takeOrdered(callKey, event) {
      const record = book.live.get(callKey);
      // A stream that tells of another call than the one it is of.
      if (record?.uuid === event.uuid) apply(book, callKey, { ...NOTHING, ...event, extension: record.extension });
    },
    dropping(callKey, how) {
      const record = book.live.get(callKey);
      if (!record) return;
      record.progress.isDropped = how === 'asked';
      record.isDropRefused ||= how === 'refused';
      tell(book, record.uuid);
    },
    uuidToDrop(callKey) {
      const record = book.live.get(callKey);
      return record && canDrop(record) ? record.uuid : undefined;
    },
    isLive: (callKey) => book.live.has(callKey),
    lineIsIdle(extension, before) {
      for (const record of [...book.live.values()]) {
        if (record.extension === extension && record.beganAt <= before) giveUp(book, record);
      }
    },
    legs: () => [...book.live.values()].map(({ leg }) => leg),
    close() {
      for (const { cancelLimit } of book.live.values()) cancelLimit();
    },
  };
}

const NOTHING = {
  caller: undefined,
  caller_context: undefined,
  callee: undefined,
  callee_context: undefined,
  direction: undefined,
  extension: undefined,
  customer: undefined,
  error: undefined,
};

function keyOf(uuid: string, extension: string): string {
  return `${uuid}@${extension}`;
}

function contextOf(callee: string, { account }: CallBookOptions): string {
  return callee.startsWith('+') ? 'global' : account;
}

// Without the field, an own extension among the parties says whose leg it is.
function ownSideOf({ caller, callee, direction }: CallEvent, { isExtension }: CallBookOptions): string | undefined {
  const sides = direction === 'outbound' ? [caller] : direction === 'inbound' ? [callee] : [callee, caller];
  return sides.find((side) => side !== undefined && isExtension(side));
}

function apply(book: Book, callKey: string, event: CallEvent): void {
  if (book.over.has(callKey)) return;
  const before = book.live.get(callKey);
  // After a transfer, the other half of it has the same key and the other direction. Its end is not this one's.
  if (before && event.direction !== undefined && wayOf(event) !== before.way) return;
  const way = before?.way ?? wayOf(event);
  const news = newsOf(event, way, before?.progress);
  if (!news) return;
  if (!before) return begin(book, callKey, { event, way, news });
  if (saysLifted(event)) before.progress.isLifted = true;
  noteParties(before, event);
  if (rankOf(news.state) > rankOf(before.leg.state)) advance(book, before, news);
  tell(book, before.uuid);
}

function begin(book: Book, callKey: string, { event, way, news }: { event: CallEvent; way: Way; news: News }): void {
  // It was over before it was heard of: neither now nor later is it a call.
  if (news.state === 'ended' || news.state === 'failed') return remember(book, callKey);
  if (book.live.size >= MOST_LIVE) return;
  const { clock } = book.options;
  const extension = event.extension ?? '';
  const now = clock.now();
  const record: Record = {
    callKey,
    uuid: event.uuid,
    extension,
    way,
    leg: {
      lineKey: extension,
      callKey,
      linkKey: event.uuid,
      direction: way,
      state: news.state,
      remote: { number: undefined },
      since: now,
      answerReported: true,
      capabilities: [],
    },
    other: undefined,
    otherContext: undefined,
    callee: undefined,
    calleeContext: undefined,
    progress: { state: news.state, isLifted: saysLifted(event), isOrdered: false, isDropped: false },
    beganAt: clock.elapsed(),
    dialAt: undefined,
    answeredAt: undefined,
    isDropRefused: false,
    isShared: false,
    group: undefined,
    told: '',
    cancelLimit: () => undefined,
  };
  noteParties(record, event);
  book.live.set(callKey, record);
  book.byUuid.set(record.uuid, legsOf(book, record.uuid).add(record));
  markShared(book, record);
  advance(book, record, news);
  tell(book, record.uuid);
}

function noteParties(record: Record, event: CallEvent): void {
  const { caller, caller_context, callee, callee_context } = event;
  if (callee !== undefined) [record.callee, record.calleeContext] = [callee, callee_context];
  const [other, context] = record.way === 'inbound' ? [caller, caller_context] : [callee, callee_context];
  if (other !== undefined) [record.other, record.otherContext] = [other, context];
}

// Several phones that ring at once for one call, or a short number that is not this extension's: a group, a queue or a
// forward, of which NFON documents that they are not reported as a whole.
function markShared(book: Book, record: Record): void {
  if (record.way !== 'inbound') return;
  const { callee, calleeContext, extension, uuid } = record;
  const isOther = callee !== undefined && SHORT_NUMBER.test(callee) && callee !== extension;
  record.isShared = isOther && calleeContext === book.options.account;
  if (record.isShared) record.group = callee;
  const ringing = [...legsOf(book, uuid)].filter(({ way, leg }) => way === 'inbound' && leg.state === 'offering');
  if (ringing.length > 1) for (const one of ringing) one.isShared = true;
}

function advance(book: Book, record: Record, { state, cause }: News): void {
  const { clock } = book.options;
  record.cancelLimit();
  if (state === 'dialing' || state === 'ringback') record.dialAt ??= clock.elapsed();
  if (state === 'connected') record.answeredAt = clock.elapsed();
  record.leg = {
    ...record.leg,
    state,
    // Why it failed stays why, however the handset was put down.
    ...(cause !== undefined && record.leg.state !== 'failed' && { cause: endCauseOf(book, record, cause) }),
    ...(state === 'connected' && { connectedSince: clock.now() }),
  };
  record.progress.state = state;
  if (state === 'ended') return;
  const limitMs = state === 'connected' ? TALKING_LIMIT_MS : state === 'failed' ? FAILED_LIMIT_MS : RINGING_LIMIT_MS;
  record.cancelLimit = clock.after(limitMs, () => giveUp(book, record));
}

// Where it rings at several phones, that this one fell silent says nothing of the others.
function endCauseOf(book: Book, record: Record, cause: Cause): Cause {
  if (record.way !== 'inbound' || cause !== 'noAnswer') return cause;
  const others = [...legsOf(book, record.uuid)].filter((one) => one !== record && one.way === 'inbound');
  if (others.some(({ leg }) => leg.state === 'connected')) return 'answeredElsewhere';
  return record.isShared ? 'unknown' : cause;
}

function giveUp(book: Book, record: Record): void {
  if (!book.live.has(record.callKey)) return;
  const wasFailed = record.leg.state === 'failed';
  advance(book, record, { state: 'ended', cause: 'unknown' });
  // Nobody knows when it ended.
  if (!wasFailed) record.leg = { ...record.leg, answerReported: false };
  tell(book, record.uuid);
}

// All legs of the call, since one of them may say something of the others; those that changed are told.
function tell(book: Book, uuid: string): void {
  const legs = [...legsOf(book, uuid)];
  for (const record of legs) {
    record.leg = shownLeg(book, record, legs);
    const told = JSON.stringify(record.leg);
    if (told === record.told) continue;
    record.told = told;
    book.options.emit(record.leg);
  }
  for (const record of legs) if (record.leg.state === 'ended') forget(book, record);
}

function shownLeg({ options }: Book, record: Record, legs: readonly Record[]): Leg {
  const { leg, way, other, otherContext, callee, calleeContext } = record;
  const colleague = colleagueOf(record, legs, options);
  const dialled = partyOf(callee, calleeContext);
  const isInternal = colleague !== undefined;
  const number = colleague ?? partyOf(other, otherContext);
  return {
    ...leg,
    direction: isInternal ? 'internal' : way,
    remote: { number },
    dialled: isInternal && way === 'outbound' ? colleague : dialled,
    answerReported: leg.answerReported && !isAnnouncement(record, isInternal, legs),
    capabilities: canDrop(record) ? ['drop'] : [],
    ...(record.group !== undefined && { group: record.group }),
    ...(record.isShared && { isPartial: true }),
  };
}

// An extension of ours on both sides makes a call an internal one. NFON writes it as the extension, or as a full number:
// then the two legs of the call tell, since what one dialled is where the other one rings.
function colleagueOf(record: Record, legs: readonly Record[], options: CallBookOptions): string | undefined {
  const { other, otherContext, extension, way } = record;
  if (other !== undefined && other !== extension && otherContext !== 'global' && options.isExtension(other))
    return other;
  const [far, ...more] = legs.filter((one) => one !== record);
  if (!far || more.length > 0 || far.way === way || far.extension === extension) return undefined;
  const [from, to] = way === 'outbound' ? [record, far] : [far, record];
  return endsWithExtension(from.callee, to.extension) ? far.extension : undefined;
}

function isAnnouncement({ way, dialAt, answeredAt }: Record, isInternal: boolean, legs: readonly Record[]): boolean {
  if (!isInternal || way !== 'outbound' || dialAt === undefined || answeredAt === undefined) return false;
  const isFarAnswered = legs.some((one) => one.way === 'inbound' && one.answeredAt !== undefined);
  return answeredAt - dialAt < ANNOUNCEMENT_MS && !isFarAnswered;
}

function canDrop({ progress, leg, isDropRefused }: Record): boolean {
  if (!progress.isOrdered || leg.state === 'ended' || leg.state === 'failed') return false;
  return !(isDropRefused && leg.state === 'connected');
}

function legsOf({ byUuid }: Book, uuid: string): Set<Record> {
  return byUuid.get(uuid) ?? new Set();
}

function forget(book: Book, record: Record): void {
  record.cancelLimit();
  book.live.delete(record.callKey);
  const legs = legsOf(book, record.uuid);
  legs.delete(record);
  if (legs.size === 0) book.byUuid.delete(record.uuid);
  remember(book, record.callKey);
}

function remember({ over }: Book, callKey: string): void {
  over.add(callKey);
  const [oldest] = over;
  if (oldest !== undefined && over.size > MOST_OVER) over.delete(oldest);
}
