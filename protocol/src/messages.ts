// The wire protocol `offhook.v1`: JSON text frames over one WebSocket, one message a frame. Schemas for both directions,
// the types inferred from them, and the two readers, which treat what comes in as hostile.
// docs/protocol.md shows one example of each message and is checked against these schemas.
import * as v from 'valibot';
import { type Command, CommandSchema } from './commands.ts';
import {
  AssignContactRequestSchema,
  ContactsAnswerSchema,
  FactsAnswerSchema,
  FactsRequestSchema,
  HistoryRequestSchema,
  LookupRequestSchema,
  SearchRequestSchema,
} from './contact-messages.ts';
import {
  DurationSchema,
  GoneEntrySchema,
  GoneLineSchema,
  IdSchema,
  itemsOf,
  JournalEntrySchema,
  JournalGapSchema,
  LineSchema,
  NameSchema,
  NoteSchema,
  ParamsSchema,
  TimestampSchema,
} from './entities.ts';
import { EntryFormsSchema } from './entry-forms.ts';
import { ERROR_CODES, type ErrorCode, ProtocolError } from './errors.ts';
import { LocationSchema } from './location.ts';
import {
  AnyPhoneNumberSchema,
  COMMAND_STATES,
  COMMANDS,
  DECISIONS,
  DISPOSITIONS,
  NOTIFY_REASONS,
  NUMBER_TYPES,
  OUTCOMES,
  PhoneNumberSchema,
  SEEN_ACTIONS,
  wordOf,
} from './telephony.ts';

/** The WebSocket subprotocol's name. */
export const SUBPROTOCOL = 'offhook.v1';
/** The path of the WebSocket on the relay. */
export const WEBSOCKET_PATH = '/v1';
/** Largest frame from a client; before sign-in `MAX_UNAUTHENTICATED_BYTES`. */
export const MAX_CLIENT_BYTES = 65_536;
export const MAX_UNAUTHENTICATED_BYTES = 4096;
export const MAX_SERVER_BYTES = 262_144;

const revision = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = (maxLength: number) => v.pipe(v.string(), v.maxLength(maxLength));
const base64url = (maxLength: number) => v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.maxLength(maxLength));
const features = v.pipe(v.array(text(64)), v.maxLength(64));
const codeWord = wordOf(ERROR_CODES, 'internal');

/** The extension's place in what it has already received; a relay that still knows it sends only what is newer. */
export const CursorSchema = v.object({ epoch: IdSchema, rev: revision, aclRev: revision });
export type Cursor = v.InferOutput<typeof CursorSchema>;

/** A phone system's dial plan. One with keys that this side does not know is left out: it would show the wrong digits. */
const DialPlanSchema = v.object({ dialPlanId: IdSchema, location: LocationSchema });
export type DialPlan = v.InferOutput<typeof DialPlanSchema>;

const challenge = v.object({
  type: v.literal('challenge'),
  nonce: base64url(128),
  relay: v.object({ version: text(32) }),
  versions: v.pipe(v.array(text(32)), v.maxLength(16)),
  /** The relay lets in who signs in there; `provider` as people call it. One that does not fit is as if it were not there. */
  signIn: v.optional(v.fallback(v.optional(v.object({ provider: NameSchema })), undefined)),
});
/** Where somebody signs in, good for ten minutes; the ticket goes back with the provider's answer. */
const signIn = v.object({ type: v.literal('sign-in'), ticket: base64url(64), url: v.pipe(text(8192), v.url()) });
const enrolled = v.object({
  type: v.literal('enrolled'),
  device: IdSchema,
  user: v.object({ userId: IdSchema, name: NameSchema }),
});
const welcome = v.object({
  type: v.literal('welcome'),
  session: IdSchema,
  relay: v.object({ version: text(32) }),
  user: v.object({ userId: IdSchema, name: NameSchema }),
  tenant: v.object({ tenantId: IdSchema, name: NameSchema, country: text(2) }),
  features,
  heartbeatMs: DurationSchema,
  /** Whether the cursor of the hello still holds: one delta follows, or a snapshot where that is too much for one. */
  resumed: v.boolean(),
  limits: v.object({ maxFrameBytes: v.number() }),
  /** Where the CRM's forms for a call are; one that does not fit is left out, since nobody's phone waits for it. */
  entryForms: v.optional(v.fallback(EntryFormsSchema, {})),
  /** How lines dial, so that what will be dialled can be shown without asking; see `Line.dialPlan`. */
  dialPlans: v.optional(itemsOf(DialPlanSchema, 100)),
});
const snapshot = v.object({
  type: v.literal('snapshot'),
  ...CursorSchema.entries,
  lines: itemsOf(LineSchema),
  part: v.pipe(v.number(), v.integer(), v.minValue(1)),
  parts: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
});
const delta = v.object({
  type: v.literal('delta'),
  epoch: IdSchema,
  rev: revision,
  lines: itemsOf(v.union([GoneLineSchema, LineSchema])),
});
const result = v.object({
  type: v.literal('result'),
  id: IdSchema,
  key: IdSchema,
  state: wordOf(COMMAND_STATES, 'unknown'),
  callId: v.optional(IdSchema),
  code: v.optional(codeWord),
  params: v.optional(ParamsSchema),
});
const previewAnswer = v.object({
  type: v.literal('preview'),
  id: IdSchema,
  /** What the phone system would be given, digit for digit; absent when the number cannot be dialled. */
  dialled: v.optional(text(64)),
  /** The number as the relay read it, for `makeCall`. */
  number: v.optional(AnyPhoneNumberSchema),
  /** Of a public number. */
  numberType: v.optional(wordOf(NUMBER_TYPES, 'unknown')),
  decision: wordOf(DECISIONS, 'refused'),
  code: v.optional(codeWord),
  params: v.optional(ParamsSchema),
});
const journal = v.object({
  type: v.literal('journal'),
  id: v.optional(IdSchema),
  cursor: text(64),
  items: itemsOf(v.union([GoneEntrySchema, JournalEntrySchema])),
  more: v.boolean(),
});
/** Up to when this user has looked at the journal, on whatever device: at sign-in and whenever it changes. */
const journalSeen = v.object({ type: v.literal('journal-seen'), until: TimestampSchema });
/** All times in which calls may be missing, of the lines that this user watches: at each subscription and when one changes. */
const journalGaps = v.object({ type: v.literal('journal-gaps'), gaps: itemsOf(JournalGapSchema, 500) });
/** How many sessions this device has. More than one means that its browser profile was copied. */
const deviceSessions = v.object({
  type: v.literal('device-sessions'),
  sessions: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
/** Instead of those of the welcome: the user may now call from other lines than then. */
const dialPlans = v.object({ type: v.literal('dial-plans'), dialPlans: itemsOf(DialPlanSchema, 100) });
const errorMessage = v.object({
  type: v.literal('error'),
  id: v.optional(IdSchema),
  code: codeWord,
  params: v.optional(ParamsSchema),
});
const notify = v.object({
  type: v.literal('notify'),
  callId: IdSchema,
  show: v.boolean(),
  reason: wordOf(NOTIFY_REASONS, 'speaker'),
});
const pong = v.object({ type: v.literal('pong'), n: revision });
const heartbeat = v.object({ type: v.literal('heartbeat'), epoch: IdSchema, rev: revision });
const bye = v.object({
  type: v.literal('bye'),
  code: codeWord,
  reconnect: v.optional(v.object({ afterMs: DurationSchema, jitterMs: DurationSchema })),
  url: v.optional(text(2048)),
});

/** Every frame that a relay sends. */
export const ServerMessageSchema = v.variant('type', [
  challenge,
  signIn,
  enrolled,
  welcome,
  snapshot,
  delta,
  result,
  previewAnswer,
  journal,
  journalSeen,
  journalGaps,
  deviceSessions,
  dialPlans,
  ContactsAnswerSchema,
  FactsAnswerSchema,
  errorMessage,
  notify,
  pong,
  heartbeat,
  bye,
]);
export type ServerMessage = v.InferOutput<typeof ServerMessageSchema>;

const enrol = v.object({
  type: v.literal('enrol'),
  code: text(32),
  publicKey: base64url(256),
  device: v.object({ name: NameSchema }),
});
/** Asks for the address of a page at the company's identity provider. The key that will be enrolled is named here. */
const beginSignIn = v.object({
  type: v.literal('begin-sign-in'),
  publicKey: base64url(256),
  device: v.object({ name: NameSchema }),
  /** Where the provider sends the browser back to: the browser's own address for this extension. */
  redirectUri: text(256),
  /** Nobody is asked anything: the provider answers at once, or says that it would have to ask. */
  isSilent: v.optional(v.boolean()),
});
/** What the provider answered: the query of the address that it sent the browser back to. */
const finishSignIn = v.object({ type: v.literal('finish-sign-in'), ticket: base64url(64), answer: text(3500) });
const hello = v.object({
  type: v.literal('hello'),
  client: v.object({ name: text(64), version: text(32), os: text(64), browser: text(64) }),
  device: IdSchema,
  proof: base64url(256),
  features,
  resume: v.optional(v.object({ ...CursorSchema.entries, journal: v.optional(text(64)) })),
});
const subscribe = v.object({
  type: v.literal('subscribe'),
  lines: v.pipe(v.array(IdSchema), v.maxLength(10_000)),
  journal: v.boolean(),
});
const previewRequest = v.object({
  type: v.literal('preview'),
  id: IdSchema,
  lineId: IdSchema,
  number: PhoneNumberSchema,
});
const journalPage = v.object({
  type: v.literal('journal-page'),
  id: IdSchema,
  before: v.optional(text(64)),
  filter: v.optional(
    v.object({
      lineId: v.optional(IdSchema),
      outcome: v.optional(v.picklist(OUTCOMES)),
      /** Found in names, companies, numbers and notes; digits are compared without their blanks and slashes. */
      text: v.optional(text(128)),
    }),
  ),
});
/**
 * Writes about a conversation, from its first ring on. The last writer wins by the relay's order. What is left out stays
 * as it is; `''` and `null` clear. The `result` says that it is kept.
 */
const note = v.object({
  type: v.literal('note'),
  id: IdSchema,
  key: IdSchema,
  /** The entry's id, which is its conversation's. */
  entryId: IdSchema,
  text: v.optional(NoteSchema),
  /** With `text`: the entry's whole note as its writer saw it, which it replaces. What came to it since then stays. */
  base: v.optional(NoteSchema),
  disposition: v.optional(v.nullable(v.picklist(DISPOSITIONS))),
});
/** Takes it on to call back after a missed call, or gives that up. The first one has it; the `result` says who that is. */
const callBack = v.object({ type: v.literal('call-back'), id: IdSchema, entryId: IdSchema, take: v.boolean() });
/** The agent looked at the journal up to an entry that started then; never goes back. */
const seeJournal = v.object({ type: v.literal('see-journal'), until: TimestampSchema });
const seen = v.object({ type: v.literal('seen'), callId: IdSchema, action: v.picklist(SEEN_ACTIONS) });
const ping = v.object({ type: v.literal('ping'), n: revision });

const plainClientMessages = [
  enrol,
  beginSignIn,
  finishSignIn,
  hello,
  subscribe,
  previewRequest,
  journalPage,
  LookupRequestSchema,
  SearchRequestSchema,
  AssignContactRequestSchema,
  HistoryRequestSchema,
  FactsRequestSchema,
  note,
  callBack,
  seeJournal,
  seen,
  ping,
] as const;
const PlainClientMessageSchema = v.variant('type', [...plainClientMessages]);

/** Every frame that an extension sends. */
export type ClientMessage = v.InferOutput<typeof PlainClientMessageSchema> | Command;

const SERVER_TYPES: readonly string[] = ServerMessageSchema.options.map((option) => option.entries.type.literal);
const CLIENT_TYPES: readonly string[] = plainClientMessages.map((option) => option.entries.type.literal);

/** The names of all messages, for docs and tests. */
export const MESSAGE_TYPES = { server: SERVER_TYPES, client: [...CLIENT_TYPES, 'command'] };

/** What a client frame was read as. A refused one keeps its ids, so that the answer finds its question. */
export type ReadClientMessage =
  | { ok: true; message: ClientMessage }
  | { ok: false; code: ErrorCode; reason: string; id?: string; key?: string };

/**
 * Reads a frame from a relay. A type that this side does not know is `undefined` (skip it); a frame that breaks the
 * protocol throws ProtocolError `message-invalid`.
 */
export function readServerMessage(frame: string): ServerMessage | undefined {
  const json = parseJson(frame);
  if (typeof json === 'object' && json !== null && 'type' in json && typeof json.type === 'string') {
    if (!SERVER_TYPES.includes(json.type)) return undefined;
  }
  const read = v.safeParse(ServerMessageSchema, json);
  if (!read.success) throw new ProtocolError('message-invalid', issueText(read.issues));
  return read.output;
}

/** Reads a frame from an extension; never throws, so that one bad frame costs its sender one answer. */
export function readClientMessage(frame: string): ReadClientMessage {
  let json: unknown;
  try {
    json = parseJson(frame);
  } catch {
    return { ok: false, code: 'message-invalid', reason: 'not JSON' };
  }
  const ids = idsOf(json);
  const type = fieldOf(json, 'type');
  if (type === 'command') return readCommand(json, ids);
  if (typeof type === 'string' && !CLIENT_TYPES.includes(type)) {
    return { ok: false, code: 'unknown-type', reason: `unknown type ${type.slice(0, 64)}`, ...ids };
  }
  const read = v.safeParse(PlainClientMessageSchema, json);
  if (read.success) return { ok: true, message: read.output };
  return { ok: false, code: 'message-invalid', reason: issueText(read.issues), ...ids };
}

function readCommand(json: unknown, ids: { id?: string; key?: string }): ReadClientMessage {
  const name = fieldOf(json, 'name');
  if (typeof name === 'string' && !COMMANDS.some((known) => known === name)) {
    return { ok: false, code: 'not-supported', reason: `unknown command ${name.slice(0, 64)}`, ...ids };
  }
  const read = v.safeParse(CommandSchema, json);
  if (read.success) return { ok: true, message: read.output };
  const isNumber = read.issues.some((issue) => issue.path?.some((step) => step.key === 'number' || step.key === 'to'));
  return { ok: false, code: isNumber ? 'number-invalid' : 'message-invalid', reason: issueText(read.issues), ...ids };
}

function parseJson(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch (cause) {
    throw new ProtocolError('message-invalid', 'not JSON', { cause });
  }
}

function fieldOf(json: unknown, name: string): unknown {
  if (typeof json !== 'object' || json === null) return undefined;
  return Object.entries(json).find(([key]) => key === name)?.[1];
}

function idsOf(json: unknown): { id?: string; key?: string } {
  const id = v.safeParse(IdSchema, fieldOf(json, 'id'));
  const key = v.safeParse(IdSchema, fieldOf(json, 'key'));
  return { ...(id.success && { id: id.output }), ...(key.success && { key: key.output }) };
}

function issueText(issues: readonly v.BaseIssue<unknown>[]): string {
  const first = issues[0];
  return first ? `${v.getDotPath(first) ?? 'frame'}: ${first.message}`.slice(0, 256) : 'invalid';
}
