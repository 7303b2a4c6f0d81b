// A line as one viewer may see it on the wire. Every field that leaves the relay passes here, at the moment a frame is
// queued for one connection; what was not granted is left out or hidden, never merely unused by the client.
import {
  type Call,
  type CommandName,
  type Contact,
  type Line,
  type PhoneNumber,
  type Remote,
  RIGHTS,
  type Right,
} from '@offhook/protocol';
import type { Viewer } from './access.ts';
import { cleanName } from './names.ts';
import type { BoardCall, BoardLine } from './switchboard.ts';

/** What the view needs from elsewhere: names for numbers, and the moment it is made for. */
export interface ViewContext {
  now: number;
  /** Writes a time, whole milliseconds since 1970, as ISO 8601 in UTC, for whoever has a faster way than a Date. */
  isoOf?(time: number): string;
  contactOf(tenantId: string, number: PhoneNumber, hidden?: ReadonlySet<string>): Contact | undefined;
}

// More calls than this on one line are shown nowhere, and would make a frame too large.
const MOST_CALLS = 50;
const YEAR_MS = 31_536_000_000;

/** All of a viewer that a line's picture depends on: whoever has the same sight of a line sees the same. */
export interface Sight {
  /** The viewer's company, whose lines alone are there. */
  tenantId: string;
  rights: ReadonlySet<Right>;
  isOwn: boolean;
  /** Sources whose contacts do not exist for the viewer. */
  hidden: ReadonlySet<string>;
}

/** How the viewer sees a line. */
export function sightOf(viewer: Viewer, lineId: string): Sight {
  const { tenantId } = viewer.tenant;
  return { tenantId, rights: viewer.rightsOn(lineId), isOwn: viewer.isOwn(lineId), hidden: viewer.hiddenSources };
}

/** The same text for the same sight, and for no other one. */
export function sightKeyOf({ tenantId, rights, isOwn, hidden }: Sight): string {
  let key = isOwn ? 'o' : '';
  for (const right of RIGHTS) key += rights.has(right) ? '1' : '0';
  key += tenantId;
  return hidden.size === 0 ? key : `${key} ${JSON.stringify([...hidden].sort())}`;
}

/** The line for this viewer; call it only for lines that the viewer watches. */
export function lineFor(viewer: Viewer, line: BoardLine, context: ViewContext): Line {
  return lineIn(sightOf(viewer, line.lineId), line, context);
}

/** The line as it is seen so; nothing but `sight` says who looks. */
export function lineIn({ rights, isOwn, hidden }: Sight, line: BoardLine, context: ViewContext): Line {
  const { device, unavailableReason } = line;
  const shown: Line = {
    lineId: line.lineId,
    tenant: line.tenantId,
    name: line.name,
    extension: line.extension,
    isOwn,
    state: line.state,
    asOf: context.isoOf?.(line.asOf) ?? new Date(line.asOf).toISOString(),
    dnd: line.dnd,
    forward: line.forward && { when: line.forward.when, to: numberFor(rights, line.forward.to) },
    capabilities: capabilitiesFor(rights, line.capabilities),
    calls: shownCalls(line.calls).map((call) => callFor({ rights, line, call, context, hidden })),
  };
  // One by one rather than by spreading, here and below: this is done for each change, for each sight of it.
  if (unavailableReason) shown.unavailableReason = unavailableReason;
  if (device !== undefined) shown.device = device;
  if (rights.has('control')) shown.dialPlan = line.pbxId;
  addExtras(shown, rights, line);
  return shown;
}

// Which phones somebody has, and whether messages wait there, is for who may call from the line.
function addExtras(shown: Line, rights: ReadonlySet<Right>, { devices, voicemail, restrictions }: BoardLine): void {
  if (restrictions) shown.restrictions = [...restrictions];
  if (!rights.has('control')) return;
  if (devices) shown.devices = [...devices];
  if (voicemail !== undefined) shown.voicemail = voicemail;
}

interface CallInView {
  rights: ReadonlySet<Right>;
  line: BoardLine;
  call: BoardCall;
  context: ViewContext;
  hidden: ReadonlySet<string>;
}

// Those that are not over first, if not all can be shown; in the order in which they are known.
function shownCalls(calls: readonly BoardCall[]): readonly BoardCall[] {
  if (calls.length <= MOST_CALLS) return calls;
  const live = calls.filter(({ state }) => state !== 'ended').slice(-MOST_CALLS);
  const ended = calls.filter(({ state }) => state === 'ended').slice(live.length - MOST_CALLS);
  const shown = new Set(live.length < MOST_CALLS ? [...live, ...ended] : live);
  return calls.filter((call) => shown.has(call));
}

function callFor({ rights, line, call, context, hidden }: CallInView): Call {
  const { now } = context;
  const { direction, cause, dialled, group, connectedSince } = call;
  const { number, name } = call.remote;
  const contact = context.contactOf(line.tenantId, number, hidden);
  const shown: Call = {
    callId: call.callId,
    conversationId: call.conversationId,
    direction,
    state: call.state,
    remote: remoteFor(rights, { number, name, contact, isColleague: direction === 'internal' }),
    answerReported: call.answerReported,
    ageMs: durationOf(now - call.since),
    capabilities: capabilitiesFor(rights, call.capabilities),
  };
  if (cause) shown.cause = cause;
  // Which of our own numbers was called tells nothing of the other party.
  if (dialled) shown.dialled = direction === 'inbound' ? dialled : numberFor(rights, dialled);
  if (group !== undefined) shown.group = group;
  // A call that is over keeps the length it had.
  if (connectedSince !== undefined) shown.connectedMs = durationOf((call.endedAt ?? now) - connectedSince);
  return shown;
}

// A phone system's clock may be wrong; a call is shown all the same.
function durationOf(ms: number): number {
  return Math.min(YEAR_MS, Math.max(0, Math.round(ms)));
}

interface OtherParty {
  number: PhoneNumber;
  /** What the network or the phone system says. */
  name?: string | undefined;
  contact?: Contact | undefined;
  /** The call never left the phone system, so that its number and name are the phone system's own. */
  isColleague: boolean;
}

/** The other party as these rights let it be seen, in a call or in the journal. */
export function remoteFor(rights: ReadonlySet<Right>, party: OtherParty): Remote {
  const { contact } = party;
  const number = numberFor(rights, party.number);
  if (!rights.has('see-names')) return { number, verified: false };
  const isHidden = !rights.has('see-numbers');
  if (contact) {
    // The address of the record opens it by its number, or shows it.
    const { url: _, ...withoutUrl } = contact;
    return { number, name: contact.name, contact: isHidden ? withoutUrl : contact, verified: true };
  }
  const name = cleanName(party.name ?? '');
  if (name === '' || (isHidden && isNumberLike(name))) return { number, verified: false };
  return { number, name, verified: party.isColleague && party.number.kind === 'internal' };
}

// Many networks send the number as the name, too.
function isNumberLike(name: string): boolean {
  return !/\p{L}/u.test(name) || (name.match(/\p{Nd}/gu)?.length ?? 0) >= 5;
}

/** The number, or `hidden` for a viewer without see-numbers. That a caller withheld it stays visible: it tells nothing. */
function numberFor(rights: ReadonlySet<Right>, number: PhoneNumber): PhoneNumber {
  return rights.has('see-numbers') || number.kind === 'anonymous' ? number : { kind: 'hidden' };
}

function capabilitiesFor(rights: ReadonlySet<Right>, capabilities: readonly CommandName[]): CommandName[] {
  return capabilities.filter((name) => rights.has(name === 'pickup' ? 'pickup' : 'control'));
}
