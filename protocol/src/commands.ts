// The commands that an agent can give, with their arguments. A command is an order for a phone system: read strictly, so
// that nothing half-understood is ever dialled.
import * as v from 'valibot';
import { IdSchema } from './entities.ts';
import { PhoneNumberSchema } from './telephony.ts';

const noArgs = v.optional(v.object({}), {});
const otherCall = v.object({ otherCallId: IdSchema });
const envelope = {
  type: v.literal('command'),
  id: IdSchema,
  /** Chosen by the client, at most one dial per key for 24 h: the same key and arguments return the stored outcome. */
  key: IdSchema,
  lineId: IdSchema,
  callId: v.optional(IdSchema),
  /** How long after its arrival the order may still go to the phone system; 0 only asks for a stored outcome. */
  deadlineMs: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(60_000)),
};

/** One order. `callId` names the call for all but makeCall, pickup, setForward and setDnd. */
export const CommandSchema = v.variant('name', [
  v.object({
    ...envelope,
    name: v.literal('makeCall'),
    args: v.object({
      number: PhoneNumberSchema,
      device: v.optional(IdSchema),
      confirm: v.optional(IdSchema),
    }),
  }),
  v.object({ ...envelope, name: v.literal('answer'), args: noArgs }),
  v.object({ ...envelope, name: v.literal('drop'), args: noArgs }),
  v.object({ ...envelope, name: v.literal('hold'), args: noArgs }),
  v.object({ ...envelope, name: v.literal('retrieve'), args: noArgs }),
  v.object({ ...envelope, name: v.literal('toggle'), args: otherCall }),
  v.object({
    ...envelope,
    name: v.literal('redirect'),
    args: v.object({ to: PhoneNumberSchema, confirm: v.optional(IdSchema) }),
  }),
  v.object({ ...envelope, name: v.literal('transfer'), args: otherCall }),
  v.object({ ...envelope, name: v.literal('conference'), args: otherCall }),
  v.object({ ...envelope, name: v.literal('pickup'), args: v.object({ lineId: IdSchema }) }),
  v.object({
    ...envelope,
    name: v.literal('setForward'),
    args: v.object({
      when: v.picklist(['all', 'busy', 'noAnswer']),
      to: v.nullable(PhoneNumberSchema),
      confirm: v.optional(IdSchema),
    }),
  }),
  v.object({ ...envelope, name: v.literal('setDnd'), args: v.object({ on: v.boolean() }) }),
  v.object({
    ...envelope,
    name: v.literal('sendDtmf'),
    args: v.object({ digits: v.pipe(v.string(), v.regex(/^[0-9*#A-D]{1,32}$/)) }),
  }),
]);
export type Command = v.InferOutput<typeof CommandSchema>;

/** A command's name with its arguments, as the client composes it and a driver receives it. */
export type CommandOrder = Command extends infer One
  ? One extends { name: infer Name; args: infer Args }
    ? { name: Name; args: Args }
    : never
  : never;
