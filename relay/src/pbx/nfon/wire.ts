// What NFON's CTI API sends, read once and tolerantly: unknown fields and words are let through or left out, never fatal.
// What names an extension or a call is checked strictly, since ids and addresses are made of it.
import * as v from 'valibot';

const extension = v.pipe(v.string(), v.regex(/^[0-9*#]{1,15}$/));
const word = v.pipe(v.string(), v.maxLength(64));
// A number as NFON writes it, or nothing: a caller who withheld it, or a field of another type.
const number = v.fallback(v.optional(v.pipe(v.string(), v.maxLength(128))), undefined);
const maybe = v.fallback(v.optional(word), undefined);

const uuid = v.pipe(v.string(), v.regex(/^\w{8}-\w{4}-\w{4}-\w{4}-\w{12}$/));

/** One event of a call. `state` is any word: those that are not known are left out later. */
const CallEventSchema = v.object({
  uuid,
  state: word,
  caller: number,
  caller_context: maybe,
  callee: number,
  callee_context: maybe,
  direction: maybe,
  extension: v.fallback(v.optional(extension), undefined),
  customer: maybe,
  error: maybe,
});
export type CallEvent = v.InferOutput<typeof CallEventSchema>;

/** How one extension's line stands. */
const StateSchema = v.object({ extension, customer: maybe, line: maybe, presence: maybe });
export type StateEvent = v.InferOutput<typeof StateSchema>;

const ExtensionSchema = v.object({
  extension_number: extension,
  name: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(256)), ''), ''),
});
export type ExtensionData = v.InferOutput<typeof ExtensionSchema>;

// It goes into a header: visible ASCII.
const token = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,16384}$/));

/** The answer to a login: keys with hyphens. */
export const LoginSchema = v.object({
  'access-token': token,
  'refresh-token': v.fallback(v.optional(token), undefined),
});

/** The answer of an OAuth token endpoint. */
export const OAuthSchema = v.object({
  access_token: token,
  expires_in: v.fallback(v.optional(v.number()), undefined),
});

/** What was read, and how many parts fitted nothing. */
export interface Read<Item> {
  items: Item[];
  odd: number;
}

const reader =
  <Item>(schema: v.GenericSchema<unknown, Item>) =>
  (value: unknown): Read<Item> => {
    const parts: unknown[] = Array.isArray(value) ? value : [value];
    const items = parts.flatMap((part) => {
      const read = v.safeParse(schema, part);
      return read.success ? [read.output] : [];
    });
    return { items, odd: parts.length - items.length };
  };

/** Events of calls: one, or a list of them. */
export const readCallEvents = reader<CallEvent>(CallEventSchema);
/** States of lines: one, or a list of them. */
export const readStates = reader<StateEvent>(StateSchema);
/** The extensions of the account. */
export const readExtensions = reader<ExtensionData>(ExtensionSchema);

/** The JSON in a text, undefined where there is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
