// Turns what phone systems report into lines, calls and conversations: the relay's picture of the present. It knows
// drivers and the journal by their interfaces only, grants nothing and sends nothing.
import type {
  CallState,
  Cause,
  CommandName,
  Direction,
  LineState,
  Location,
  PhoneNumber,
  UnavailableReason,
} from '@offhook/protocol';
import type { Logger } from 'pino';
import { type Board, createBoard, type LineChange, type LineRecord, type PbxRecord } from './board.ts';
import { type CallRecord, callRecordOf, lostRecordOf } from './board-call.ts';
import { callIdOf } from './call-ids.ts';
import { canFollow } from './call-states.ts';
import type { Clock } from './clock.ts';
import { type Conversations, createConversations, type Join, type KnownConversation } from './conversations.ts';
import { cleanName } from './names.ts';
import type { CommandOutcome, Driver, DriverEvent, Leg, LineReport } from './pbx/driver.ts';
import type { StoredLine } from './store/store.ts';

/** A call on a line, with the phone system's own keys. Times are milliseconds since 1970. */
export interface BoardCall {
  callId: string;
  callKey: string;
  conversationId: string;
  direction: Direction;
  state: CallState;
  cause?: Cause | undefined;
  remote: { number: PhoneNumber; name?: string | undefined };
  dialled?: PhoneNumber | undefined;
  group?: string | undefined;
  answerReported: boolean;
  since: number;
  connectedSince?: number | undefined;
  endedAt?: number | undefined;
  capabilities: readonly CommandName[];
  /** The phone system does not report such calls as a whole. */
  isPartial?: boolean | undefined;
}

/** A line with its calls, unfiltered: access.ts decides what of it a viewer gets. */
export interface BoardLine {
  lineId: string;
  tenantId: string;
  pbxId: string;
  lineKey: string;
  extension: string;
  name: string;
  state: LineState;
  unavailableReason?: UnavailableReason | undefined;
  asOf: number;
  dnd: boolean | null;
  forward: { when: 'all' | 'busy' | 'noAnswer'; to: PhoneNumber } | null;
  device?: string | undefined;
  devices?: LineReport['devices'];
  voicemail?: number | undefined;
  restrictions?: LineReport['restrictions'];
  capabilities: readonly CommandName[];
  /** The tenant's revision at which this line last changed. */
  rev: number;
  calls: readonly BoardCall[];
}

/** A call as it stands after a change, for the journal. */
export interface LegChange {
  tenantId: string;
  lineId: string;
  call: BoardCall;
  /** A time of it is not the phone system's own. */
  isEstimated: boolean;
}

/** Where calls are written down. Nothing here waits for it. */
export interface JournalSink {
  /** The conversation in which a call of an earlier run of the relay was written down. */
  conversationOf(callId: string): KnownConversation | undefined;
  legChanged(change: LegChange): void;
  joined(join: { from: string; into: string }): void;
  /** The phone system of these lines told all it knows: calls on them that are not among `liveCallIds` are over. */
  synced(known: { lineIds: readonly string[]; liveCallIds: ReadonlySet<string> }): void;
}

/** How an order came out, with the id of the call where that is on the board. */
export interface BoardOutcome {
  pbxId: string;
  outcome: CommandOutcome;
  callId?: string | undefined;
}

export interface SwitchboardOptions {
  clock: Clock;
  log: Logger;
  /** Names this run: revisions of another epoch cannot be compared with ours. */
  epoch: string;
  journal: JournalSink;
  locationOf(pbxId: string): Location;
}

/** The present, line by line. Listeners are called after the change they are told of. */
export interface Switchboard {
  readonly epoch: string;
  /** Takes a phone system in. Its lines are `unknown` until its first snapshot. */
  attach(pbx: { pbxId: string; tenantId: string; lines: readonly StoredLine[] }): void;
  handle(pbxId: string, event: DriverEvent): void;
  /** All that the phone system knows: what is missing in it is over. */
  applySnapshot(pbxId: string, snapshot: Awaited<ReturnType<Driver['snapshot']>>): void;
  /** Takes a line off the board. Calls on it are over, as far as anybody can know. */
  removeLine(pbxId: string, lineKey: string): void;
  /** Whom this number, `'+493023125042'`, belongs to has changed: lines with calls of it are told of anew. */
  renew(tenantId: string, number: string): void;
  line(lineId: string): BoardLine | undefined;
  /** In the order of extensions. */
  lines(tenantId: string): BoardLine[];
  callOf(callId: string): { line: BoardLine; call: BoardCall } | undefined;
  /** Grows by one with every change of one of the tenant's lines. */
  rev(tenantId: string): number;
  changedSince(tenantId: string, rev: number): BoardLine[];
  onChange(listener: (change: LineChange) => void): () => void;
  onOutcome(listener: (outcome: BoardOutcome) => void): () => void;
  close(): void;
}

const ENDED_STAYS_MS = 60_000;
// Somebody who rings a line without end must not make it grow without end.
const MOST_ENDED_CALLS = 50;
const MOST_GONE_CALLS = 10_000;

interface Switching {
  options: SwitchboardOptions;
  board: Board;
  pbxs: Map<string, PbxRecord>;
  lineOfCall: Map<string, LineRecord>;
  conversations: Conversations;
  outcomeListeners: Set<(outcome: BoardOutcome) => void>;
  timers: Set<() => void>;
  /** The newest calls that were taken off the board: an echo of one must not bring it back. */
  gone: Set<string>;
}

/** The switchboard of one run of the relay. */
export function createSwitchboard(options: SwitchboardOptions): Switchboard {
  const x: Switching = {
    options,
    board: createBoard(options),
    pbxs: new Map(),
    lineOfCall: new Map(),
    conversations: createConversations({
      known: (callId) => options.journal.conversationOf(callId),
      onJoin: (join) => applyJoin(x, join),
    }),
    outcomeListeners: new Set(),
    timers: new Set(),
    gone: new Set(),
  };
  const { board } = x;
  return {
    epoch: options.epoch,
    attach({ pbxId, tenantId, lines }) {
      const pbx: PbxRecord = { pbxId, tenantId, isInTouch: false, lines: new Map() };
      x.pbxs.set(pbxId, pbx);
      for (const { lineKey, extension, name } of lines) board.addLine(pbx, { lineKey, extension, name });
      board.commit();
    },
    handle: (pbxId, event) => onPbx(x, pbxId, (pbx) => applyEvent(x, pbx, event)),
    applySnapshot: (pbxId, snapshot) => onPbx(x, pbxId, (pbx) => applySnapshot(x, pbx, snapshot)),
    removeLine: (pbxId, lineKey) => onPbx(x, pbxId, (pbx) => removeLine(x, pbx, lineKey)),
    renew(tenantId, number) {
      for (const line of new Set(x.lineOfCall.values())) {
        if (line.pbx.tenantId === tenantId && hasCallOf(line, number)) board.renew(line);
      }
      board.commit();
    },
    line: board.line,
    lines: (tenantId) => board.lines(tenantId),
    callOf: (callId) => callOf(x, callId),
    rev: board.rev,
    changedSince: board.lines,
    onChange: board.onChange,
    onOutcome(listener) {
      x.outcomeListeners.add(listener);
      return () => x.outcomeListeners.delete(listener);
    },
    close() {
      for (const cancel of x.timers) cancel();
      x.timers.clear();
      x.outcomeListeners.clear();
      board.close();
    },
  };
}

function onPbx(x: Switching, pbxId: string, action: (pbx: PbxRecord) => void): void {
  const pbx = x.pbxs.get(pbxId);
  if (!pbx) return x.options.log.warn({ pbx: pbxId }, 'news from a phone system that is not attached');
  action(pbx);
  x.board.commit();
}

function applyEvent(x: Switching, pbx: PbxRecord, event: DriverEvent): void {
  switch (event.type) {
    case 'leg':
      return applyLeg(x, pbx, event.leg);
    case 'line':
      return applyReport(x, pbx, event.line);
    case 'link':
      return x.conversations.link(event.callKeys.flatMap((callKey) => callIdsOf(pbx, callKey)));
    case 'outcome':
      return passOn(x, pbx, event.outcome);
    case 'status':
      // In touch again means: as soon as the snapshot is here.
      if (event.status.type === 'connected') return;
      pbx.isInTouch = false;
      return touchAll(x, pbx);
    default:
      return event satisfies never;
  }
}

function applySnapshot(x: Switching, pbx: PbxRecord, snapshot: { lines: LineReport[]; legs: Leg[] }): void {
  pbx.isInTouch = true;
  const reported = new Set(snapshot.lines.map(({ lineKey }) => lineKey));
  for (const line of pbx.lines.values()) if (!reported.has(line.lineKey)) line.report = undefined;
  for (const report of snapshot.lines) applyReport(x, pbx, report);
  // Oldest first: a conversation is named after its oldest call, in every run alike.
  for (const leg of [...snapshot.legs].sort(byAge)) applyLeg(x, pbx, leg);
  const live = new Set(snapshot.legs.map((leg) => callIdOf(pbx.pbxId, leg.callKey, leg.lineKey)));
  for (const line of pbx.lines.values()) endMissing(x, line, live);
  touchAll(x, pbx);
  const lineIds = [...pbx.lines.values()].map(({ view }) => view.lineId);
  x.options.journal.synced({ lineIds, liveCallIds: live });
}

function byAge(a: Leg, b: Leg): number {
  return a.since - b.since || (`${a.callKey} ${a.lineKey}` < `${b.callKey} ${b.lineKey}` ? -1 : 1);
}

function endMissing(x: Switching, line: LineRecord, live: ReadonlySet<string>): void {
  for (const record of line.calls.values()) {
    if (record.call.state === 'ended' || live.has(record.call.callId)) continue;
    setCall(x, line, lostRecordOf(record, x.options.clock.now()));
  }
}

function applyReport(x: Switching, pbx: PbxRecord, report: LineReport): void {
  const { lineKey, extension } = report;
  const name = cleanName(report.name);
  const line = pbx.lines.get(lineKey) ?? x.board.addLine(pbx, { lineKey, extension, name });
  line.report = report;
  line.extension = extension;
  if (name !== '') line.name = name;
  x.board.touch(line);
}

function removeLine(x: Switching, pbx: PbxRecord, lineKey: string): void {
  const line = pbx.lines.get(lineKey);
  if (!line) return;
  endMissing(x, line, new Set());
  for (const { call } of [...line.calls.values()]) removeCall(x, line, call);
  x.board.removeLine(line);
}

function applyLeg(x: Switching, pbx: PbxRecord, leg: Leg): void {
  const { lineKey, callKey } = leg;
  const line = pbx.lines.get(lineKey) ?? x.board.addLine(pbx, { lineKey, extension: lineKey, name: '' });
  const before = line.calls.get(callKey);
  const callId = before?.call.callId ?? callIdOf(pbx.pbxId, callKey, lineKey);
  // What is heard of for the first time when it is over was never on the board.
  if (!before && (leg.state === 'ended' || x.gone.has(callId))) return;
  if (before && !canFollow(before.call.state, leg.state)) {
    const { state } = before.call;
    return x.options.log.debug({ callId, state, reported: leg.state }, 'old news of a call, left out');
  }
  // Most reports are of a call that has its place.
  const isPlaced = before !== undefined && leg.linkKey === undefined;
  const conversationId = isPlaced ? before.call.conversationId : place(x, line, { leg, callId });
  const record = callRecordOf({
    leg,
    callId,
    conversationId,
    // A join may just have renamed the conversation in it.
    before: line.calls.get(callKey),
    now: x.options.clock.now(),
    location: x.options.locationOf(pbx.pbxId),
    colleague: (extension) => nameOfExtension(pbx, extension),
  });
  setCall(x, line, record);
}

function place(x: Switching, line: LineRecord, { leg, callId }: { leg: Leg; callId: string }): string {
  const link = leg.linkKey === undefined ? undefined : `${line.pbx.pbxId} ${leg.linkKey}`;
  x.lineOfCall.set(callId, line);
  return x.conversations.place({ callId, since: leg.since, link });
}

function setCall(x: Switching, line: LineRecord, record: CallRecord): void {
  const { call, isEstimated } = record;
  line.calls.set(call.callKey, record);
  x.board.touch(line);
  x.options.journal.legChanged({ tenantId: line.pbx.tenantId, lineId: line.view.lineId, call, isEstimated });
  if (call.state !== 'ended') return;
  const ended = [...line.calls.values()].filter((one) => one.call.state === 'ended');
  for (const { call: old } of ended.slice(0, -MOST_ENDED_CALLS)) removeCall(x, line, old);
  const cancel = x.options.clock.after(ENDED_STAYS_MS, () => {
    x.timers.delete(cancel);
    removeCall(x, line, call);
    x.board.commit();
  });
  x.timers.add(cancel);
}

function removeCall(x: Switching, line: LineRecord, { callKey, callId }: BoardCall): void {
  if (!line.calls.delete(callKey)) return;
  x.lineOfCall.delete(callId);
  x.conversations.forget(callId);
  x.board.touch(line);
  x.gone.add(callId);
  const [oldest] = x.gone;
  if (oldest !== undefined && x.gone.size > MOST_GONE_CALLS) x.gone.delete(oldest);
}

function applyJoin(x: Switching, { from, into, callIds }: Join): void {
  for (const callId of callIds) {
    const line = x.lineOfCall.get(callId);
    const record = line && [...line.calls.values()].find(({ call }) => call.callId === callId);
    if (!line || !record) continue;
    line.calls.set(record.call.callKey, { ...record, call: { ...record.call, conversationId: into } });
    x.board.touch(line);
  }
  x.options.journal.joined({ from, into });
}

function passOn(x: Switching, pbx: PbxRecord, outcome: CommandOutcome): void {
  const [callId] = outcome.callKey === undefined ? [] : callIdsOf(pbx, outcome.callKey);
  for (const listener of [...x.outcomeListeners]) listener({ pbxId: pbx.pbxId, outcome, callId });
}

function callIdsOf(pbx: PbxRecord, callKey: string): string[] {
  return [...pbx.lines.values()].flatMap((line) => line.calls.get(callKey)?.call.callId ?? []);
}

function nameOfExtension(pbx: PbxRecord, extension: string): string | undefined {
  const line = pbx.lines.get(extension);
  const found =
    line?.extension === extension ? line : [...pbx.lines.values()].find((one) => one.extension === extension);
  return found?.name || undefined;
}

function hasCallOf({ calls }: LineRecord, number: string): boolean {
  return [...calls.values()].some(
    ({ call: { remote } }) => remote.number.kind === 'e164' && remote.number.number === number,
  );
}

function touchAll({ board }: Switching, pbx: PbxRecord): void {
  for (const line of pbx.lines.values()) board.touch(line);
}

function callOf(x: Switching, callId: string): { line: BoardLine; call: BoardCall } | undefined {
  const line = x.lineOfCall.get(callId)?.view;
  const call = line?.calls.find((one) => one.callId === callId);
  return line && call && { line, call };
}
