// The settings of a phone system of kind `asterisk`. Data only: what they do is said in docs/admin.md and done elsewhere.
import * as v from 'valibot';
import { secretRefSchema } from '../../secret-ref.ts';

// Names that stand in actions and in the dial plan: never a comma, a line end or anything else that means something there.
const name = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.-]{1,80}$/, 'may hold letters, digits, "_", "." and "-"'));
const extension = v.pipe(v.string(), v.regex(/^[0-9]{1,15}$/, 'must be digits'));
// A Local channel is no phone: behind it the dial plan may let a voicemail box lift.
const device = v.pipe(
  v.string(),
  v.regex(/^(?!local\/)[a-z0-9]{1,16}\/[a-z0-9_.@-]{1,80}$/i, 'must be a phone like "PJSIP/100"'),
);

const LineSchema = v.strictObject({
  name: v.optional(v.pipe(v.string(), v.maxLength(120))),
  /** The phones of this line, the one that rings by itself first; without it those of its hint. */
  devices: v.optional(v.pipe(v.array(device), v.minLength(1), v.maxLength(10))),
});

/** `options` of a phone system of kind `asterisk` in the configuration. */
export const AsteriskOptionsSchema = v.strictObject({
  host: v.optional(v.string(), '127.0.0.1'),
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)), 5038),
  /** TLS, as Asterisk offers it on 5039; `ca` names a file with the certificate to believe. */
  tls: v.optional(v.union([v.boolean(), v.strictObject({ ca: v.optional(v.string()), name: v.optional(v.string()) })])),
  username: name,
  password: secretRefSchema,
  /** `plain` only where the phone system does not know `Challenge`. */
  login: v.optional(v.picklist(['md5', 'plain']), 'md5'),
  /** Where orders dial: the context that the phones themselves dial in. */
  dialContext: v.optional(name, 'from-internal'),
  /** The context whose hints are the lines; without it those of all contexts. */
  hintContext: v.optional(name),
  /** Lines that have no hint, or that need other names or phones than Asterisk tells. */
  lines: v.optional(v.record(extension, LineSchema), {}),
  /** Ring groups and queues: the number that is dialled for one → its name. */
  groups: v.optional(v.record(extension, v.pipe(v.string(), v.maxLength(120))), {}),
  /** Contexts in which ring groups and queues dial, where they are not among `groups`. */
  groupContexts: v.optional(v.array(name), ['ext-group', 'ext-queues']),
  /** Who keeps do-not-disturb and forwards: the database of Asterisk, plainly or as FreePBX does; without it nobody. */
  features: v.optional(v.picklist(['astdb', 'freepbx'])),
  /** Phones that obey `Event: talk` and `Event: hold` in a NOTIFY: then calls can be answered and held from here. */
  remoteControl: v.optional(v.union([v.boolean(), v.array(extension)]), false),
  /** Which header makes the own phone lift by itself when its agent has clicked. */
  autoAnswer: v.optional(v.picklist(['callInfo', 'alertInfo'])),
  /** A context in which any number is a ConfBridge room of that name. */
  conferenceContext: v.optional(name),
  /** The voicemail boxes' context; a line's box has its extension as number. */
  mailboxContext: v.optional(name, 'default'),
  /** How long the own phone rings for an order, in seconds. */
  ownPhoneSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(120)), 30),
});
export type AsteriskOptions = v.InferOutput<typeof AsteriskOptionsSchema>;
