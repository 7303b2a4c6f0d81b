// What goes over the simulator's socket: JSON, one frame a line. Two roles: `cti` is the relay's driver, `desk` is the
// outside world and the hands on the phones. Both ends read every frame by these schemas; what does not fit is nothing.
import { CALL_STATES, CAUSES, COMMANDS, DIRECTIONS, ERROR_CODES, itemsOf, ParamsSchema } from '@offhook/protocol';
import * as v from 'valibot';
import type { Leg, LineReport } from '../driver.ts';
import { hotFrameOf } from './hot-frame.ts';

const word = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const text = v.pipe(v.string(), v.maxLength(256));
const time = v.pipe(v.number(), v.minValue(0));
const id = v.pipe(v.number(), v.integer(), v.minValue(0));
const digits = v.pipe(v.string(), v.regex(/^[+0-9*#]{1,32}$/));
const cause = v.picklist(CAUSES);
const commands = v.pipe(
  v.array(text),
  v.transform((list) => COMMANDS.filter((name) => list.includes(name))),
);
const when = v.picklist(['all', 'busy', 'noAnswer']);

const LegSchema: v.GenericSchema<unknown, Leg> = v.object({
  lineKey: word,
  callKey: word,
  linkKey: v.optional(word),
  direction: v.picklist(DIRECTIONS),
  state: v.picklist(CALL_STATES),
  cause: v.optional(cause),
  remote: v.pipe(
    v.object({ number: v.optional(text), name: v.optional(text) }),
    v.transform(({ number, ...rest }) => ({ number, ...rest })),
  ),
  dialled: v.optional(text),
  since: time,
  connectedSince: v.optional(time),
  answerReported: v.boolean(),
  capabilities: commands,
  commandKey: v.optional(word),
  group: v.optional(text),
});
const LineReportSchema: v.GenericSchema<unknown, LineReport> = v.pipe(
  v.object({
    lineKey: word,
    extension: word,
    name: text,
    isRegistered: v.optional(v.boolean()),
    dnd: v.nullable(v.boolean()),
    forward: v.nullable(v.object({ when, to: text })),
    device: v.optional(text),
    voicemail: v.optional(id),
    capabilities: commands,
  }),
  v.transform(({ isRegistered, ...rest }) => ({ isRegistered, ...rest })),
);
const OutcomeSchema = v.object({
  commandKey: word,
  state: v.picklist(['done', 'failed']),
  code: v.optional(v.picklist(ERROR_CODES)),
  params: v.optional(ParamsSchema),
  callKey: v.optional(word),
});
const EventSchema = v.variant('type', [
  v.object({ type: v.literal('leg'), leg: LegSchema }),
  v.object({ type: v.literal('line'), line: LineReportSchema }),
  v.object({ type: v.literal('link'), callKeys: v.pipe(v.array(word), v.readonly()) }),
  v.object({ type: v.literal('outcome'), outcome: OutcomeSchema }),
]);
const SendResultSchema = v.variant('type', [
  v.object({ type: v.literal('sent') }),
  v.object({ type: v.literal('rejected'), code: v.picklist(ERROR_CODES), params: v.optional(ParamsSchema) }),
]);
const SnapshotSchema = v.object({ lines: itemsOf(LineReportSchema), legs: itemsOf(LegSchema, 100_000) });
const GroupSchema = v.object({ extension: word, name: text, members: v.array(word) });

const OrderSchema = v.object({
  commandKey: word,
  name: v.picklist(COMMANDS),
  lineKey: word,
  callKey: v.optional(word),
  otherCallKey: v.optional(word),
  otherLineKey: v.optional(word),
  dialString: v.optional(digits),
  on: v.optional(v.boolean()),
  when: v.optional(when),
});
const ReceivedSchema = v.object({
  commandKey: word,
  name: v.picklist(COMMANDS),
  lineKey: word,
  dialString: v.optional(digits),
});
const FaultSchema = v.variant('type', [
  v.object({ type: v.literal('delayNextOutcome'), delayMs: v.pipe(v.number(), v.minValue(0)) }),
  v.object({ type: v.literal('dropNextOutcome') }),
  v.object({ type: v.literal('rejectNext'), cause }),
]);

/** What goes wrong with the connections to relays, for good unless it passes at once. */
export const WIRE_FAULTS = ['garbage', 'pieces', 'refuseLogin', 'well'] as const;

const onLine = { line: word };
const DeskActionSchema = v.variant('do', [
  v.object({
    do: v.literal('callIn'),
    to: digits,
    from: v.optional(text),
    name: v.optional(text),
    isWithheld: v.optional(v.boolean()),
    dialled: v.optional(text),
  }),
  v.object({ do: v.literal('lift'), ...onLine }),
  v.object({ do: v.literal('hangUp'), ...onLine }),
  v.object({ do: v.literal('reject'), ...onLine }),
  v.object({ do: v.literal('hold'), ...onLine }),
  v.object({ do: v.literal('retrieve'), ...onLine }),
  v.object({ do: v.literal('transfer'), ...onLine, digits }),
  v.object({ do: v.literal('consult'), ...onLine, digits }),
  v.object({ do: v.literal('completeTransfer'), ...onLine }),
  v.object({ do: v.literal('farAnswers'), ...onLine }),
  v.object({ do: v.literal('farHangsUp'), ...onLine, cause: v.optional(cause) }),
  v.object({ do: v.literal('dial'), ...onLine, digits }),
  v.object({ do: v.literal('setRegistered'), ...onLine, state: v.picklist(['loggedIn', 'loggedOut']) }),
  v.object({ do: v.literal('setDnd'), ...onLine, state: v.picklist(['on', 'off']) }),
  v.object({ do: v.literal('setForward'), ...onLine, to: v.optional(digits) }),
  v.object({ do: v.literal('setVoicemail'), ...onLine, newMessages: id }),
  v.object({ do: v.literal('putLine'), ...onLine, name: text }),
  v.object({ do: v.literal('removeLine'), ...onLine }),
  v.object({ do: v.literal('fault'), fault: FaultSchema }),
  v.object({ do: v.literal('wireFault'), fault: v.picklist(WIRE_FAULTS) }),
  v.object({ do: v.literal('flood'), changes: id }),
  v.object({ do: v.literal('goSilent'), forMs: v.optional(v.pipe(v.number(), v.minValue(0))) }),
  v.object({ do: v.literal('disconnectCti') }),
  v.object({ do: v.literal('state') }),
  v.object({ do: v.literal('received') }),
]);
/** Something that somebody does at the desk. */
export type DeskAction = v.InferOutput<typeof DeskActionSchema>;

/** What a client of either role sends. */
export const ClientFrameSchema = v.variant('type', [
  v.object({ type: v.literal('hello'), role: v.picklist(['cti', 'desk']), password: v.optional(text) }),
  v.object({ type: v.literal('ping') }),
  v.object({ type: v.literal('snapshot'), id }),
  v.object({ type: v.literal('order'), id, order: OrderSchema }),
  v.object({ type: v.literal('desk'), id, action: DeskActionSchema }),
]);
export type ClientFrame = v.InferOutput<typeof ClientFrameSchema>;

const DeskAnswerSchema = v.object({
  isDone: v.boolean(),
  callKeys: v.optional(v.array(word)),
  cause: v.optional(cause),
  state: v.optional(v.object({ ...SnapshotSchema.entries, groups: v.optional(v.array(GroupSchema), []) })),
  received: v.optional(v.array(ReceivedSchema)),
});
/** What a desk action came to. `isDone: false`: there was no such line, or no call to do it with. */
export type DeskAnswer = v.InferOutput<typeof DeskAnswerSchema>;

/** What the simulator sends. */
export const ServerFrameSchema = v.variant('type', [
  v.object({ type: v.literal('welcome') }),
  v.object({ type: v.literal('refused') }),
  v.object({ type: v.literal('pong') }),
  v.object({ type: v.literal('snapshot'), id, snapshot: SnapshotSchema }),
  v.object({ type: v.literal('ack'), id, result: SendResultSchema }),
  v.object({ type: v.literal('answer'), id, answer: DeskAnswerSchema }),
  v.object({ type: v.literal('event'), event: EventSchema }),
]);
export type ServerFrame = v.InferOutput<typeof ServerFrameSchema>;

/** The same for what the simulator sends, with a short way for what comes most often. */
export function readServerFrame(line: string): ServerFrame | undefined {
  const json = jsonOf(line);
  return hotFrameOf(json) ?? readAs(ServerFrameSchema, json);
}

/** A frame from a line of text, or undefined when it is none that this side knows. */
export function readFrame<Frame>(schema: v.GenericSchema<unknown, Frame>, line: string): Frame | undefined {
  return readAs(schema, jsonOf(line));
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Garbage is no frame, like an unknown type; the caller counts both.
    return undefined;
  }
}

function readAs<Frame>(schema: v.GenericSchema<unknown, Frame>, json: unknown): Frame | undefined {
  const read = v.safeParse(schema, json);
  return read.success ? read.output : undefined;
}
