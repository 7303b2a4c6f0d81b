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
import { LOG_LEVELS, LOG_PARTS } from './log-levels.ts';

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
  /** Of a shared workstation: the extension of its line. */
  line: v.optional(v.string()),
  /** How many sessions it has now. More than one means that the browser profile was copied. */
  sessions: v.number(),
});

/** A user by log-in name, `tenant/login` where there are several tenants. */
const user = v.object({ user: v.string(), name: v.string() });
/** `group` is `@name`, with several tenants `tenant/@name`; users by log-in name. */
const group = v.object({ group: v.string(), users: v.array(v.string()) });
const source = v.object({ tenant: v.string(), source: v.string(), isRestricted: v.boolean() });
const progress = v.object({ records: v.number(), total: v.optional(v.number()) });
const rowFault = v.object({ line: v.number(), place: v.optional(v.string()), reason: v.string() });
const tenantId = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{0,23}$/, 'a tenant’s id should be 1–24 of a–z, 0–9 and -'),
);
const country = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'the country should be a two-letter code such as DE'));
const tenant = v.object({
  tenant: v.string(),
  name: v.string(),
  country: v.string(),
  users: v.number(),
  lines: v.number(),
  suspendedAt: v.optional(time),
});
const rights = v.array(v.picklist(RIGHTS));
/** `line` is `'*'`, `'source:ID'`, the extension, or the id of a line that is not there any more. */
const grant = v.object({ user: v.string(), line: v.string(), lineId: v.string(), rights, isOwn: v.boolean() });

const lineChange = v.object({
  pbx: v.string(),
  change: v.picklist(['new', 'renamed', 'vanished']),
  lineId: v.string(),
  extension: v.string(),
  name: v.string(),
  now: v.optional(v.object({ extension: v.string(), name: v.string() })),
  /** Of a line that vanished: what users, groups and workstations have on it, which ends when that is accepted. */
  grants: v.optional(v.number()),
});

const duration = v.pipe(v.number(), v.integer(), v.minValue(1_000), v.maxValue(24 * 3_600_000));
const level = v.picklist(LOG_LEVELS);
const logLevels = v.object({
  usual: level,
  raised: v.array(v.object({ part: v.picklist(LOG_PARTS), level, endsAt: time })),
});
const traceState = v.object({
  isOn: v.boolean(),
  startedAt: v.optional(time),
  endsAt: v.optional(time),
  frames: v.number(),
  bytes: v.number(),
  lost: v.number(),
});

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
      /** Why nothing can be written down now. */
      storeProblem: v.optional(v.picklist(['full', 'fault'])),
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
  /** One item: the user, whose account at the identity provider is forgotten. */
  unlinkUser: { args: v.object({ user: text }), item: user },
  /** One item: the user that is gone, with how many devices. */
  removeUser: {
    args: v.object({ user: text }),
    item: v.object({ user: v.string(), name: v.string(), devices: v.number() }),
  },
  /** One item a group. */
  groups: { args: v.object({}), item: group },
  /** One item each: the group as it is then; for `removeGroup` as it was. */
  addGroup: { args: v.object({ group: text }), item: group },
  removeGroup: { args: v.object({ group: text }), item: group },
  joinGroup: { args: v.object({ group: text, user: text }), item: group },
  leaveGroup: { args: v.object({ group: text, user: text }), item: group },
  /** One item: whoever signs in at this device has this line; `null` makes it an ordinary one again. */
  setWorkstation: {
    args: v.object({ device: text, line: v.nullable(line) }),
    item: v.object({ device: v.string(), name: v.string(), line: v.optional(v.string()) }),
  },
  /** One item a contact source; without `kind` where it is restricted and not in the configuration. */
  sources: {
    args: v.object({}),
    item: v.object({
      ...source.entries,
      kind: v.optional(v.string()),
      contacts: v.optional(v.number()),
      numbers: v.optional(v.number()),
      importedAt: v.optional(time),
      nextAt: v.optional(time),
      running: v.optional(progress),
      problem: v.optional(v.string()),
    }),
  },
  /** Items of progress now and then, at the end one with `report`. A dry run changes nothing; `isWhole` reads all. */
  syncSource: {
    args: v.object({ source: text, isDryRun: v.boolean(), isWhole: v.boolean() }),
    item: v.object({
      source: v.string(),
      progress: v.optional(progress),
      report: v.optional(
        v.object({
          contacts: v.number(),
          numbers: v.number(),
          added: v.number(),
          changed: v.number(),
          removed: v.number(),
          faults: v.array(rowFault),
          faultCount: v.number(),
          durationMs: v.number(),
        }),
      ),
    }),
  },
  /** One item: the source as it is then. */
  restrictSource: {
    args: v.object({ tenant: v.optional(text), source: text, isRestricted: v.boolean() }),
    item: source,
  },
  /** One item a tenant. */
  tenants: { args: v.object({}), item: tenant },
  /** One item each: the tenant as it is then; for `removeTenant` as it was. */
  addTenant: { args: v.object({ tenantId, name: text, country }), item: tenant },
  suspendTenant: { args: v.object({ tenant: text, isSuspended: v.boolean() }), item: tenant },
  removeTenant: { args: v.object({ tenant: text }), item: tenant },
  /** One item a row of what is kept of the tenant, JSON with its `kind`. */
  exportTenant: { args: v.object({ tenant: text }), item: v.object({ line: v.string() }) },
  /** One item a grant, of one user, of one group (`@name`), or of all. */
  grants: { args: v.object({ user: v.optional(text) }), item: grant },
  /** One item: the grant as it is now, in place of one on the same line. `isOwn` brings every right. */
  setGrant: { args: v.object({ user: text, line, rights, isOwn: v.boolean() }), item: grant },
  /** One item: the grant that is gone. */
  removeGrant: { args: v.object({ user: text, line }), item: grant },
  /**
   * One item a user of the list: what becomes of the own lines. All or nothing; a dry run changes nothing. `place` is where
   * the list has the user, for the words about faults.
   */
  assignLines: {
    args: v.object({
      tenant: v.optional(text),
      isDryRun: v.boolean(),
      users: v.array(
        v.object({
          place: v.number(),
          login: text,
          name: v.optional(text),
          isReplacing: v.boolean(),
          lines: v.array(v.union([v.object({ address: text }), v.object({ permanentId: text })])),
        }),
      ),
    }),
    item: v.object({
      user: v.string(),
      name: v.string(),
      isNew: v.boolean(),
      nameBefore: v.optional(v.string()),
      lines: v.array(v.object({ change: v.picklist(['+', '-', '=']), line: v.string(), lineId: v.string() })),
    }),
  },
  /** One item a user of a tenant: the own lines; `isOnly` where no other line of the tenant has the address. */
  ownLines: {
    args: v.object({ tenant: v.optional(text) }),
    item: v.object({
      user: v.string(),
      name: v.string(),
      lines: v.array(v.object({ lineId: v.string(), address: v.string(), isOnly: v.boolean() })),
    }),
  },
  /** One item a line, by extension. */
  lines: { args: v.object({}), item: LineSchema },
  /** One item a line, as it is called, or would be by `pattern`; `equals` are the extensions of others of that name. */
  lineNames: {
    args: v.object({ pattern: v.optional(text) }),
    item: v.object({ pbx: v.string(), extension: v.string(), name: v.string(), equals: v.array(v.string()) }),
  },
  /** One item a difference between the relay's lines and those of its phone systems. */
  lineChanges: { args: v.object({}), item: lineChange },
  /** One item a difference that was taken over; `lines` are extensions or lineIds, all of them without. */
  acceptLines: { args: v.object({ lines: v.optional(v.array(line)) }), item: lineChange },
  /** The newest entries, newest first. */
  journal: {
    args: v.object({ limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)) }),
    item: JournalEntrySchema,
  },
  /** One item a call, of one tenant or of all, the newest first; with `number` only those with that number. */
  exportJournal: {
    args: v.object({
      tenant: v.optional(text),
      number: v.optional(text),
      since: v.optional(time),
      until: v.optional(time),
    }),
    item: JournalEntrySchema,
  },
  /** One item a tenant: how many calls with the number are erased, and how many still go on. */
  eraseJournal: {
    args: v.object({ tenant: v.optional(text), number: text }),
    item: v.object({ tenant: v.string(), erased: v.number(), running: v.number() }),
  },
  /** Changes by the command line, the newest first. */
  audit: {
    args: v.object({ limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)) }),
    item: v.object({
      at: time,
      actor: v.string(),
      action: v.string(),
      args: v.record(v.string(), v.unknown()),
      outcome: v.string(),
    }),
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
  /** One item: which keys were taken over, and which wait for a restart. */
  reload: { args: v.object({}), item: v.object({ applied: v.array(v.string()), needsRestart: v.array(v.string()) }) },
  /** One item. */
  logLevels: { args: v.object({}), item: logLevels },
  /** One item: the levels as they are then. */
  raiseLog: { args: v.object({ part: v.picklist([...LOG_PARTS, 'all']), level, forMs: duration }), item: logLevels },
  /** One item each. Starting forgets what was traced before. */
  traceStart: { args: v.object({ forMs: duration }), item: traceState },
  traceStop: { args: v.object({}), item: traceState },
  /** One item a line of the file: first what the relay is, then every frame, oldest first. */
  traceBundle: { args: v.object({}), item: v.object({ line: v.string() }) },
} as const;

export type ControlName = keyof typeof CONTROL_COMMANDS;
export type ControlArgs<Name extends ControlName> = v.InferOutput<(typeof CONTROL_COMMANDS)[Name]['args']>;
export type ControlItem<Name extends ControlName> = v.InferOutput<(typeof CONTROL_COMMANDS)[Name]['item']>;
