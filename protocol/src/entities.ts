// The things that messages carry: lines with their calls, contacts, journal entries. Read tolerantly (see telephony.ts);
// the inferred types are what both sides work with.
import * as v from 'valibot';
import {
  AnyPhoneNumberSchema,
  CALL_STATES,
  CAUSES,
  COMMANDS,
  DIRECTIONS,
  DISPOSITIONS,
  GAP_REASONS,
  LINE_STATES,
  OUTCOMES,
  PBX_RESTRICTIONS,
  UNAVAILABLE_REASONS,
  wordOf,
  wordsOf,
} from './telephony.ts';

/** An opaque id: printable, no blanks, at most 64 characters. */
export const IdSchema = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,64}$/));

/** A name as it may be shown: never longer than 128 characters; control and bidi characters are taken out by the relay. */
export const NameSchema = v.pipe(
  v.string(),
  v.transform((text) => text.slice(0, 128)),
);

/** Milliseconds, a whole number from 0 to a year. */
export const DurationSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(31_622_400_000));

/** ISO 8601 UTC on the relay's clock, for display only. */
export const TimestampSchema = v.pipe(v.string(), v.maxLength(40), v.isoTimestamp());

/** Parameters of an error code: short texts and numbers that the words need (`{limit: 120}`). */
export const ParamsSchema = v.record(
  v.pipe(v.string(), v.maxLength(40)),
  v.union([v.pipe(v.string(), v.maxLength(256)), v.number()]),
);
export type Params = v.InferOutput<typeof ParamsSchema>;

/** A schema for a list whose items are read one by one: an item that does not fit is left out, the others stay. */
export function itemsOf<Item>(schema: v.GenericSchema<unknown, Item>, maxItems = 10_000) {
  return v.pipe(
    v.array(v.unknown()),
    v.maxLength(maxItems),
    v.transform((list): Item[] =>
      list.flatMap((item) => {
        const read = v.safeParse(schema, item);
        return read.success ? [read.output] : [];
      }),
    ),
  );
}

/** A person or company that a number belongs to. `url` opens the record in the CRM. */
export const ContactSchema = v.object({
  contactId: IdSchema,
  name: NameSchema,
  company: v.optional(NameSchema),
  url: v.optional(v.pipe(v.string(), v.maxLength(2048), v.url())),
  source: v.pipe(v.string(), v.maxLength(64)),
  match: wordOf(['exact', 'probable'], 'probable'),
  /** Whether the source counts this contact among those who matter most. */
  vip: v.optional(v.boolean()),
  /** Whether the source says that this contact is not to be called. */
  doNotCall: v.optional(v.boolean()),
  /** The same person in other sources, whose numbers and facts this contact has, too. */
  also: v.optional(itemsOf(v.object({ source: v.pipe(v.string(), v.maxLength(64)), contactId: IdSchema }), 8)),
});
export type Contact = v.InferOutput<typeof ContactSchema>;

/** The other party. `name` is shown as a claim unless `verified` (an own line or a known contact). */
export const RemoteSchema = v.object({
  number: AnyPhoneNumberSchema,
  name: v.optional(NameSchema),
  contact: v.optional(ContactSchema),
  verified: v.boolean(),
});
export type Remote = v.InferOutput<typeof RemoteSchema>;

/**
 * One leg as seen from a line. `ageMs`: since it began; `connectedMs`: since the far end answered; both at the moment
 * the frame was made. `answerReported: false`: this phone system does not tell the answer, so nobody pretends.
 * A state or direction that this side does not know reads as `unknown`: a call that goes on, nothing more is claimed.
 */
export const CallSchema = v.object({
  callId: IdSchema,
  conversationId: IdSchema,
  direction: wordOf(DIRECTIONS, 'unknown'),
  state: wordOf(CALL_STATES, 'unknown'),
  cause: v.optional(wordOf(CAUSES, 'unknown')),
  remote: RemoteSchema,
  dialled: v.optional(AnyPhoneNumberSchema),
  /** The ring group or queue through which it came. */
  group: v.optional(NameSchema),
  answerReported: v.boolean(),
  ageMs: DurationSchema,
  connectedMs: v.optional(DurationSchema),
  capabilities: wordsOf(COMMANDS),
});
export type Call = v.InferOutput<typeof CallSchema>;

export const ForwardSchema = v.object({
  when: wordOf(['all', 'busy', 'noAnswer'], 'all'),
  to: AnyPhoneNumberSchema,
});
export type Forward = v.InferOutput<typeof ForwardSchema>;

/** A line with everything a watcher may see of it. It is always sent whole; `calls` holds ended ones for 60 s. */
export const LineSchema = v.object({
  lineId: IdSchema,
  tenant: IdSchema,
  name: NameSchema,
  extension: v.pipe(v.string(), v.maxLength(32)),
  /** Whether the line is the viewer's own (calls ring for this person). */
  isOwn: v.boolean(),
  state: wordOf(LINE_STATES, 'unknown'),
  unavailableReason: v.optional(wordOf(UNAVAILABLE_REASONS, 'unknown')),
  asOf: TimestampSchema,
  dnd: v.nullable(v.boolean()),
  forward: v.nullable(ForwardSchema),
  device: v.optional(NameSchema),
  /** The phones of this line that `makeCall` may name by `device`, for who may call from it. */
  devices: v.optional(itemsOf(v.object({ deviceId: IdSchema, name: NameSchema }), 20)),
  /** New messages in its voicemail box, where the phone system tells. */
  voicemail: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** What its phone system does not tell or do. */
  restrictions: v.optional(wordsOf(PBX_RESTRICTIONS)),
  capabilities: wordsOf(COMMANDS),
  /** The dial plan of the `welcome` by which it dials, for who may call from it. */
  dialPlan: v.optional(IdSchema),
  calls: itemsOf(CallSchema, 200),
});
export type Line = v.InferOutput<typeof LineSchema>;

/** A line that this connection must forget: revoked, or removed. Both look the same. */
export const GoneLineSchema = v.object({ lineId: IdSchema, gone: v.literal(true) });
export type GoneLine = v.InferOutput<typeof GoneLineSchema>;

/** What agents wrote about a call: at most 8 KiB in UTF-8. */
export const NoteSchema = v.pipe(v.string(), v.maxBytes(8192));

/** A contact that was searched for, with the numbers that it can be called on, as the source has them ordered. */
export const FoundContactSchema = v.object({
  contact: ContactSchema,
  numbers: itemsOf(
    v.object({
      number: AnyPhoneNumberSchema,
      /** What the source calls it, `'Mobile'`. */
      label: v.optional(v.pipe(v.string(), v.maxLength(64))),
    }),
    20,
  ),
});
export type FoundContact = v.InferOutput<typeof FoundContactSchema>;

/** Something that is known of a contact, as its source calls it and as it may be shown. */
export const FactSchema = v.object({ label: v.pipe(v.string(), v.maxLength(40)), text: NameSchema });
export type Fact = v.InferOutput<typeof FactSchema>;

/** One conversation seen through the viewer's lines. `isEstimated`: the times are not the phone system's own. */
export const JournalEntrySchema = v.object({
  entryId: IdSchema,
  conversationId: IdSchema,
  direction: wordOf(DIRECTIONS, 'unknown'),
  lineId: IdSchema,
  group: v.optional(NameSchema),
  remote: RemoteSchema,
  dialled: v.optional(AnyPhoneNumberSchema),
  startedAt: TimestampSchema,
  answeredAt: v.optional(TimestampSchema),
  endedAt: v.optional(TimestampSchema),
  isEstimated: v.boolean(),
  outcome: v.optional(wordOf(OUTCOMES, 'unknown')),
  answeredBy: v.optional(NameSchema),
  cause: v.optional(wordOf(CAUSES, 'unknown')),
  note: v.optional(NoteSchema),
  /** What the agent says came of it. */
  disposition: v.optional(wordOf(DISPOSITIONS, 'unknown')),
  /** Who takes it on to call back; `by` where this viewer may see names. */
  callBack: v.optional(v.object({ by: v.optional(NameSchema), isMine: v.boolean(), at: TimestampSchema })),
});
export type JournalEntry = v.InferOutput<typeof JournalEntrySchema>;

/**
 * A time in which calls may have gone by unheard: the relay was down, or its link to the phone system. Without an end it
 * goes on.
 */
export const JournalGapSchema = v.object({
  gapId: IdSchema,
  startedAt: TimestampSchema,
  endedAt: v.optional(TimestampSchema),
  reason: wordOf(GAP_REASONS, 'relay'),
});
export type JournalGap = v.InferOutput<typeof JournalGapSchema>;

/** An entry that is no more: it became part of another one, or was erased. */
export const GoneEntrySchema = v.object({ entryId: IdSchema, gone: v.literal(true) });
export type GoneEntry = v.InferOutput<typeof GoneEntrySchema>;
