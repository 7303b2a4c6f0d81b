// What the command line can ask of a running relay: the words, their arguments and what comes back, as schemas that both
// ends read with. The person at the terminal sees everything, so items are the wire's own lines and journal entries.
import {
  COMMAND_STATES,
  ERROR_CODES,
  JournalEntrySchema,
  LineSchema,
  LocationSchema,
  ParamsSchema,
  RIGHTS,
} from '@offhook/protocol';
import * as v from 'valibot';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
/** A line by its extension, `'18'`, or by its lineId. */
const line = text;

const time = v.pipe(v.string(), v.isoTimestamp());
const device = v.object({
  deviceId: v.string(),
  /** Log-in name, `tenant/login` where there are several tenants. */
  user: v.string(),
  name: v.string(),
  browser: v.picklist(['chromium', 'firefox']),
  pairedAt: time,
  lastSeenAt: v.optional(time),
  revokedAt: v.optional(time),
  /** How many sessions it has now. More than one means that the browser profile was copied. */
  sessions: v.number(),
});

/** A user by log-in name, `tenant/login` where there are several tenants. */
const user = v.object({ user: v.string(), name: v.string() });
const rights = v.array(v.picklist(RIGHTS));
/** `line` is `'*'`, the extension, or the id of a line that is not there any more. */
const grant = v.object({ user: v.string(), line: v.string(), lineId: v.string(), rights, isOwn: v.boolean() });

/** Every command with the schema of its arguments and of the items it answers. */
export const CONTROL_COMMANDS = {
  /** One item. */
  status: {
    args: v.object({}),
    item: v.object({
      version: v.string(),
      url: v.string(),
      lines: v.number(),
      extensions: v.number(),
      pbx: v.array(v.string()),
    }),
  },
  /** One item. `url` opens the start page with the code filled in. `user` is a log-in name, or `tenant/login`. */
  pair: {
    args: v.object({ user: text }),
    item: v.object({
      code: v.string(),
      user: v.string(),
      endsAt: time,
      url: v.string(),
    }),
  },
  /** One item a device, by user, the oldest first; revoked ones included. */
  devices: { args: v.object({}), item: device },
  /** One item: the device as it stands then, without sessions. Revoking twice changes nothing. */
  revoke: { args: v.object({ device: text }), item: device },
  /** One item a user. */
  users: { args: v.object({}), item: user },
  /** One item: the user, whose own lines get every right. Nothing is changed where a line is not there. */
  addUser: {
    args: v.object({ user: text, displayName: text, own: v.array(line), watch: v.array(line), pickup: v.array(line) }),
    item: user,
  },
  /** One item a grant, of one user or of all. */
  grants: { args: v.object({ user: v.optional(text) }), item: grant },
  /** One item: the grant as it is now, in place of one on the same line. `isOwn` brings every right. */
  setGrant: { args: v.object({ user: text, line, rights, isOwn: v.boolean() }), item: grant },
  /** One item: the grant that is gone. */
  removeGrant: { args: v.object({ user: text, line }), item: grant },
  /** One item a line, by extension. */
  lines: { args: v.object({}), item: LineSchema },
  /** The newest entries, newest first. */
  journal: {
    args: v.object({ limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)) }),
    item: JournalEntrySchema,
  },
  /** The line now, and again after each change, until the caller hangs up. */
  watch: { args: v.object({ line }), item: LineSchema },
  /** One item a step of the order (`accepted`, `sent`, `done` …); `dialled` is what the phone system was given. */
  call: {
    args: v.object({ line, number: text }),
    item: v.object({
      state: v.picklist(COMMAND_STATES),
      dialled: v.optional(v.string()),
      callId: v.optional(v.string()),
      code: v.optional(v.picklist(ERROR_CODES)),
      params: v.optional(ParamsSchema),
    }),
  },
  /** One item: the lines from which a user may call, by phone system, and how many calls are left. */
  callers: {
    args: v.object({ user: text }),
    item: v.object({
      user: v.string(),
      left: v.object({ hour: v.number(), minute: v.number() }),
      places: v.array(
        v.object({
          pbx: v.string(),
          location: LocationSchema,
          lines: v.array(
            v.object({
              extension: v.string(),
              name: v.string(),
              isOwn: v.boolean(),
              /** Why no call can be started there now. */
              obstacle: v.optional(v.picklist(['not-supported', 'pbx-unreachable'])),
            }),
          ),
        }),
      ),
    }),
  },
} as const;

export type ControlName = keyof typeof CONTROL_COMMANDS;
export type ControlArgs<Name extends ControlName> = v.InferOutput<(typeof CONTROL_COMMANDS)[Name]['args']>;
export type ControlItem<Name extends ControlName> = v.InferOutput<(typeof CONTROL_COMMANDS)[Name]['item']>;
