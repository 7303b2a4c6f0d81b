// Which keys relay.yaml may have, and what each may hold. Strict: a key that is not known is a fault, because a mistyped
// limit that is silently ignored is worse than a relay that does not start. No key ever holds a password: those that need
// one say where it stands (secrets.ts).
import { ENTRY_KEYS } from '@offhook/protocol';
import { LocationSettingsSchema } from '@offhook/protocol/location-settings';
import { templateProblem } from '@offhook/protocol/number-template';
import * as v from 'valibot';
import { contactSourceSchema } from './contacts/settings.ts';
import { DEMO_EXTENSION_ID } from './extension-ids.ts';
import { JournalSettingsSchema } from './journal-settings.ts';
import { LineRulesSchema } from './line-rules.ts';
import { OidcSettingsSchema } from './oidc-settings.ts';
import { PBX_KINDS } from './pbx/index.ts';
import { secretRefSchema } from './secret-ref.ts';
import { tapiMasterServerSchema } from './tapimaster-server/settings.ts';

/** Where a listener binds. Port 0 lets the system choose one (tests). */
export interface ListenAddress {
  host: string;
  port: number;
}

const id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,23}$/, 'should be 1–24 of a–z, 0–9 and -'));
const login = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,31}$/, 'should be 1–32 of a–z, 0–9, dot, _ and -'));
const name = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, 'is empty'),
  v.maxLength(128, 'is longer than 128 characters'),
);
const country = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'should be a two-letter country code such as DE'));
const file = v.pipe(v.string(), v.minLength(1, 'is empty'));
// A line as the file names it: its key or extension, `18`, with several phone systems `main/18`.
const lineName = v.pipe(
  v.string('should be a text in quotes, such as "18"'),
  v.regex(/^(?:[a-z0-9-]{1,24}\/)?[\x21-\x2e\x30-\x7e]{1,32}$/, 'should be an extension such as "18" or "main/18"'),
);
const someLines = v.optional(
  v.union([v.literal('*'), v.array(lineName)], 'should be "*" (in quotes) or a list of extensions in quotes'),
  [],
);
const limit = (most: number) =>
  v.pipe(
    v.number(),
    v.integer('should be a whole number'),
    v.minValue(1, 'should be at least 1'),
    v.maxValue(most, `should be at most ${most}`),
  );

const address = v.pipe(
  v.string('should be HOST:PORT in quotes, such as "127.0.0.1:8730"'),
  v.regex(/^(?:\[[0-9a-fA-F:.]+\]|[^:\s]+):[0-9]{1,5}$/, 'should be HOST:PORT, such as 127.0.0.1:8730'),
  v.transform((text): ListenAddress => {
    const colon = text.lastIndexOf(':');
    return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
  }),
  v.check(({ port }) => port <= 65_535, 'has a port above 65535'),
);

const publicOrigin = v.pipe(
  v.string(),
  v.regex(/^wss?:\/\/(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?$/, 'should be ws://HOST:PORT or wss://HOST'),
  v.check(
    (origin) => origin.startsWith('wss:') || isLoopback(new URL(origin).hostname),
    'is not encrypted: ws:// is for this machine only, other machines need wss:// (tls, or a reverse proxy)',
  ),
);
const extensionOrigin = v.pipe(
  v.string(),
  v.regex(
    /^(?:chrome-extension:\/\/[a-p]{32}|moz-extension:\/\/[0-9a-f-]{36})$/,
    'should be chrome-extension:// and the 32 letters of the extension id',
  ),
);

// The address of a form in the CRM. What is wrong with it is said in the words of whoever fills it.
const formTemplate = v.pipe(
  v.string(),
  v.maxLength(2048, 'is longer than 2048 characters'),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? templateProblem(dataset.value, ENTRY_KEYS) : undefined;
    if (problem !== undefined) addIssue({ message: problem });
  }),
);

const inCallCode = v.pipe(
  v.string('should be a text in quotes, such as "##"'),
  v.regex(/^[0-9*#A-D]{1,8}$/, 'should be 1–8 of 0–9, *, # and A–D'),
);

/** The file as a whole, with defaults. */
export const ConfigFileSchema = v.strictObject({
  listen: v.optional(address, '127.0.0.1:8730'),
  tls: v.optional(v.strictObject({ cert: file, key: file, passphrase: v.optional(secretRefSchema) })),
  health: v.optional(address),
  dataDir: v.optional(file, './data'),
  publicOrigins: v.optional(v.pipe(v.array(publicOrigin), v.minLength(1, 'is empty'))),
  extensionOrigins: v.optional(v.array(extensionOrigin), [`chrome-extension://${DEMO_EXTENSION_ID}`]),
  pbx: v.optional(
    v.array(
      v.strictObject({
        id,
        kind: v.picklist(PBX_KINDS),
        tenant: v.optional(id),
        location: LocationSettingsSchema,
        options: v.optional(v.record(v.string(), v.unknown()), {}),
        lines: v.optional(LineRulesSchema, {}),
      }),
    ),
    [],
  ),
  contacts: v.optional(v.array(contactSourceSchema({ id, country })), []),
  entryForms: v.optional(
    v.array(
      v.strictObject({
        tenant: v.optional(id),
        activity: v.optional(formTemplate),
        time: v.optional(formTemplate),
        contact: v.optional(formTemplate),
      }),
    ),
    [],
  ),
  journal: v.optional(v.array(JournalSettingsSchema), []),
  guard: v.optional(
    v.strictObject({
      perHour: v.optional(limit(1_000_000), 120),
      burstPerMinute: v.optional(limit(1_000_000), 10),
      newCountries: v.optional(v.picklist(['ask', 'allow']), 'ask'),
      countries: v.optional(v.array(country), []),
      inCallCodes: v.optional(v.array(inCallCode), ['##']),
    }),
    {},
  ),
  signIn: v.optional(v.strictObject({ oidc: v.optional(OidcSettingsSchema) }), {}),
  tapiMasterServer: v.optional(tapiMasterServerSchema(address)),
  log: v.optional(
    v.strictObject({
      level: v.optional(v.picklist(['debug', 'info', 'warn', 'error']), 'info'),
      file: v.optional(file),
    }),
    {},
  ),
  seed: v.optional(
    v.strictObject({
      tenants: v.optional(v.array(v.strictObject({ id, name, country })), []),
      users: v.optional(
        v.array(
          v.strictObject({
            login,
            name,
            tenant: v.optional(id),
            line: v.optional(lineName),
            lines: v.optional(v.array(lineName), []),
            watch: someLines,
            control: someLines,
            pickup: someLines,
            seeNumbers: someLines,
            seeNames: someLines,
          }),
        ),
        [],
      ),
      lines: v.optional(
        v.array(
          v.strictObject({
            pbx: id,
            key: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,64}$/, 'should be printable, without blanks')),
            extension: v.pipe(v.string(), v.regex(/^[0-9*#]{1,15}$/, 'should be digits in quotes, such as "18"')),
            name,
          }),
        ),
        [],
      ),
    }),
    {},
  ),
});

/** The file's contents with defaults applied; paths are still as written. */
export type ConfigFile = v.InferOutput<typeof ConfigFileSchema>;

/** Whether a host name can only mean this machine. */
export function isLoopback(host: string): boolean {
  return /^(?:127(?:\.[0-9]{1,3}){3}|localhost|\[?::1\]?)$/.test(host);
}
