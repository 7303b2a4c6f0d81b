// What the extension knows about the phones: a pure reducer from relay messages to lines and calls. The single source
// for badge, views and notifications; it never invents a state, and what is old says how old it is.
import type { Call, Cursor, DialPlan, EntryForms, ErrorCode, GoneLine, Line, ServerMessage } from '@offhook/protocol';
import type { SignInFailure } from './company-sign-in.ts';

/**
 * How the link to the relay stands. `online`: signed in, and the picture is complete and current; until its first answer
 * it is still `connecting`. `offline` comes back by itself; `refused` needs the agent.
 */
export type LinkStatus =
  | { type: 'unpaired' }
  | { type: 'connecting' }
  | { type: 'online' }
  | { type: 'offline'; code?: ErrorCode | undefined }
  | { type: 'refused'; code: RefusalCode };

/** Why there is no link: the relay's word, or `browser-failed` where this browser's own key or storage fails. */
export type RefusalCode = ErrorCode | 'browser-failed';

/** A line with the moment its frame arrived (`Date.now()` of this browser), from which running times are counted. */
export interface HeldLine {
  line: Line;
  receivedAt: number;
}

export interface PhoneState {
  link: LinkStatus;
  user?: { userId: string; name: string } | undefined;
  /** ISO 3166 country of the tenant, for showing numbers. */
  country: string;
  relayVersion?: string | undefined;
  /** Where the company's CRM has its forms for a call. */
  entryForms?: EntryForms | undefined;
  /** How the lines dial, as far as this extension knows the rules; a relay of before dial plans tells none. */
  dialPlans?: readonly DialPlan[] | undefined;
  cursor?: Cursor | undefined;
  /** In the order of extensions. Empty until the first snapshot. */
  lines: readonly HeldLine[];
  /** When the relay was last heard (`Date.now()`); what is shown while not online is as old as this. */
  heardAt?: number | undefined;
  /** Whether the relay says which of the agent's devices announces a call. */
  hasSpeaker?: boolean | undefined;
  /** More than one: this browser profile was copied, and another copy is signed in with the same key. */
  deviceSessions?: number | undefined;
  /** How far a sign-in with the company's account is, or why the last one did not come to an end. */
  signIn?: SignInStatus | undefined;
  /** A snapshot that has not come whole yet, with the deltas that wait for it. */
  assembling?: { parts: readonly Line[]; nextPart: number; waiting: readonly DeltaMessage[] } | undefined;
}

/** `waiting`: a page of the provider is open and waits for the agent. */
export type SignInStatus =
  | { type: 'connecting' }
  | { type: 'waiting'; provider: string }
  | { type: 'failed'; code: SignInFailure['code'] };

type DeltaMessage = Extract<ServerMessage, { type: 'delta' }>;
type SnapshotMessage = Extract<ServerMessage, { type: 'snapshot' }>;

/** What can happen to the picture. `at` is `Date.now()` of this browser. */
export type PhoneEvent =
  /** The link's own word, in which `online` means signed in. */
  | { type: 'link'; status: LinkStatus }
  | { type: 'sign-in'; status: SignInStatus | undefined }
  | { type: 'message'; message: ServerMessage; at: number }
  /** The worker was started anew and shows what it knew, until the relay answers. */
  | { type: 'restored'; state: PhoneState }
  /** The profile was disconnected from its relay. */
  | { type: 'forgotten' };

/** The picture before anything is known. */
export function emptyPhone(country: string): PhoneState {
  return { link: { type: 'unpaired' }, country, lines: [] };
}

/** The picture after an event. Answers the same object when nothing changed. */
export function reducePhone(state: PhoneState, event: PhoneEvent): PhoneState {
  switch (event.type) {
    case 'link':
      return reduceLink(state, event.status);
    case 'sign-in':
      return { ...state, signIn: event.status };
    case 'message':
      return reduceMessage(state, event.message, event.at);
    case 'restored':
      return { ...event.state, link: linkAfterRestart(event.state.link), assembling: undefined, signIn: undefined };
    case 'forgotten':
      return emptyPhone(state.country);
    default:
      return event satisfies never;
  }
}

const UNRIGHTED: readonly RefusalCode[] = ['revoked', 'unauthenticated'];

/** Whether this browser has lost its right to the relay, and with it the right to what the relay told it. */
export function isUnrighted(link: LinkStatus): boolean {
  return link.type === 'refused' && UNRIGHTED.includes(link.code);
}

// A socket that is new or gone ends what was being assembled. Being signed in is not enough to call the lines current:
// the first snapshot or delta after it is.
function reduceLink(state: PhoneState, status: LinkStatus): PhoneState {
  const link: LinkStatus = status.type === 'online' ? { type: 'connecting' } : status;
  if (state.assembling === undefined && isSameLink(state.link, link)) return state;
  if (isUnrighted(link)) return { ...emptyPhone(state.country), link };
  return { ...state, link, assembling: undefined };
}

function isSameLink(one: LinkStatus, other: LinkStatus): boolean {
  return one.type === other.type && codeOf(one) === codeOf(other);
}

function codeOf(link: LinkStatus): RefusalCode | undefined {
  return 'code' in link ? link.code : undefined;
}

// What was stored is shown with its age, never as current: the link is being made again. A refusal holds until the agent
// does something about it.
function linkAfterRestart(stored: LinkStatus): LinkStatus {
  return stored.type === 'refused' || stored.type === 'unpaired' ? stored : { type: 'connecting' };
}

function reduceMessage(state: PhoneState, message: ServerMessage, at: number): PhoneState {
  switch (message.type) {
    case 'welcome':
      return {
        ...state,
        user: message.user,
        country: message.tenant.country,
        relayVersion: message.relay.version,
        entryForms: message.entryForms,
        dialPlans: message.dialPlans,
        deviceSessions: undefined,
        hasSpeaker: message.features.includes('speaker'),
        heardAt: at,
        assembling: undefined,
      };
    case 'snapshot':
      return reduceSnapshot(state, message, at);
    case 'delta':
      return reduceDelta(state, message, at);
    case 'heartbeat':
      // Only what is complete may be called complete up to a later rev.
      if (state.link.type !== 'online' || state.assembling) return { ...state, heardAt: at };
      return { ...state, heardAt: at, cursor: advanced(state.cursor, message) };
    case 'dial-plans':
      return { ...state, dialPlans: message.dialPlans, heardAt: at };
    case 'device-sessions':
      return { ...state, deviceSessions: message.sessions, heardAt: at };
    case 'challenge':
    case 'sign-in':
    case 'enrolled':
    case 'result':
    case 'preview':
    case 'journal':
    case 'journal-seen':
    case 'journal-gaps':
    case 'contacts':
    case 'facts':
    case 'error':
    case 'notify':
    case 'pong':
    case 'bye':
      return { ...state, heardAt: at };
    default:
      return message satisfies never;
  }
}

function reduceSnapshot(state: PhoneState, message: SnapshotMessage, at: number): PhoneState {
  const begun = message.part === 1 ? { parts: [], nextPart: 1, waiting: [] } : state.assembling;
  // A part without the ones before it belongs to a connection that is gone; the next subscription brings all anew.
  if (begun?.nextPart !== message.part) return state;
  const parts = [...begun.parts, ...message.lines];
  if (message.part < message.parts) {
    return { ...state, heardAt: at, assembling: { ...begun, parts, nextPart: message.part + 1 } };
  }
  const { epoch, rev, aclRev } = message;
  const complete: PhoneState = {
    ...state,
    link: { type: 'online' },
    heardAt: at,
    assembling: undefined,
    cursor: { epoch, rev, aclRev },
    lines: ordered(parts.map((line) => ({ line, receivedAt: at }))),
  };
  return begun.waiting.reduce((next, delta) => reduceDelta(next, delta, at), complete);
}

function reduceDelta(state: PhoneState, message: DeltaMessage, at: number): PhoneState {
  if (state.assembling) {
    return { ...state, assembling: { ...state.assembling, waiting: [...state.assembling.waiting, message] } };
  }
  // Of an order of revisions that is not ours any more: the snapshot that follows says what holds.
  if (state.cursor?.epoch !== message.epoch) return state;
  const lines = message.lines.length === 0 ? state.lines : linesAfter(state.lines, message.lines, at);
  const cursor = advanced(state.cursor, message);
  return { ...state, link: { type: 'online' }, heardAt: at, cursor, lines };
}

function linesAfter(held: readonly HeldLine[], changes: readonly (Line | GoneLine)[], at: number): HeldLine[] {
  const byId = new Map(held.map((one) => [one.line.lineId, one]));
  for (const line of changes) {
    if (isGone(line)) byId.delete(line.lineId);
    else byId.set(line.lineId, { line, receivedAt: at });
  }
  return ordered([...byId.values()]);
}

function advanced(cursor: Cursor | undefined, { epoch, rev }: { epoch: string; rev: number }): Cursor | undefined {
  return cursor?.epoch === epoch && rev > cursor.rev ? { ...cursor, rev } : cursor;
}

function isGone(line: Line | GoneLine): line is GoneLine {
  return 'gone' in line;
}

const byExtension = new Intl.Collator('en', { numeric: true });

function ordered(lines: HeldLine[]): HeldLine[] {
  return lines.sort(
    ({ line: a }, { line: b }) => byExtension.compare(a.extension, b.extension) || (a.lineId < b.lineId ? -1 : 1),
  );
}

/** The agent's own lines. */
export function ownLinesOf(state: PhoneState): HeldLine[] {
  return state.lines.filter(({ line }) => line.isOwn);
}

/** Calls that are not over, on the agent's own lines. */
export function ownCallsOf(state: PhoneState): { call: Call; held: HeldLine }[] {
  return ownLinesOf(state).flatMap((held) =>
    held.line.calls.filter((call) => call.state !== 'ended').map((call) => ({ call, held })),
  );
}
