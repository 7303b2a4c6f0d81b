// The key `contacts` of relay.yaml: what each kind of source can be told. Secrets stand elsewhere and are referred to.
import { NUMBER_KEYS, templateProblem } from '@offhook/protocol/number-template';
import * as v from 'valibot';
import { secretRefSchema } from '../secret-ref.ts';
import { aboutEntries, FactFieldsSchema } from './about.ts';
import { ENCODINGS } from './csv.ts';
import { FieldsSchema } from './fields.ts';

const text = v.pipe(v.string(), v.minLength(1, 'is empty'), v.maxLength(1024, 'is longer than 1024 characters'));
const count = (most: number) =>
  v.pipe(
    v.number(),
    v.integer('should be a whole number'),
    v.minValue(1, 'should be at least 1'),
    v.maxValue(most, `should be at most ${most}`),
  );

// The address of a contact's record.
const contactTemplate = v.pipe(
  v.string(),
  v.maxLength(1024, 'is longer than 1024 characters'),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? templateProblem(dataset.value, ['id', ...NUMBER_KEYS]) : undefined;
    if (problem !== undefined) addIssue({ message: problem });
  }),
);

const UNIT_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_MS = 7 * 86_400_000;

const interval = v.pipe(
  v.string('should be a time such as 15m, 2h or 1d'),
  v.regex(/^[1-9][0-9]{0,3}[mhd]$/, 'should be a time such as 15m, 2h or 1d'),
  v.transform((written) => Number(written.slice(0, -1)) * (UNIT_MS[written.slice(-1)] ?? 0)),
  v.maxValue(LONGEST_MS, 'should be at most 7d'),
);

const limits = v.strictObject({
  maxBytes: v.optional(count(1_000_000_000)),
  maxRows: v.optional(count(2_000_000)),
  maxFieldLength: v.optional(count(1_000_000)),
  maxFields: v.optional(count(2_000)),
});

const webUrl = v.pipe(
  text,
  v.check((url) => /^https?:$/.test(URL.parse(url)?.protocol ?? ''), 'should be an https:// address'),
);
const hosts = v.optional(v.array(text), []);

const headers = v.record(
  text,
  v.union([text, v.strictObject({ before: v.optional(v.string()), secret: secretRefSchema })]),
);

const LiveSchema = v.strictObject({
  url: v.pipe(contactTemplate, webUrl),
  headers: v.optional(headers),
  facts: FactFieldsSchema,
  budgetMs: v.optional(count(5_000), 800),
  keepSeconds: v.optional(count(3_600), 60),
  privateHosts: hosts,
});

/** The schema of one source; ids, countries and files are the whole file's. */
export function contactSourceSchema<
  Id extends v.GenericSchema<unknown, string>,
  Country extends v.GenericSchema<unknown, string>,
>({ id, country }: { id: Id; country: Country }) {
  const common = {
    id,
    tenant: v.optional(id),
    country,
    urlTemplate: v.optional(contactTemplate),
    every: v.optional(interval),
    fields: v.optional(FieldsSchema),
    limits: v.optional(limits),
    ...aboutEntries,
    live: v.optional(LiveSchema),
  };
  const { fields: _guessed, ...withoutFields } = common;
  return v.variant('kind', [
    v.strictObject({
      kind: v.literal('csv'),
      ...common,
      file: text,
      encoding: v.optional(v.picklist(ENCODINGS)),
      separator: v.optional(v.pipe(v.string(), v.length(1, 'should be one character'))),
    }),
    v.strictObject({ kind: v.literal('vcard'), ...withoutFields, file: text }),
    v.strictObject({
      kind: v.literal('ldap'),
      ...common,
      url: v.pipe(text, v.regex(/^ldaps?:\/\/[^/\s]+$/, 'should be ldaps://HOST or ldap://HOST')),
      startTls: v.optional(v.boolean()),
      ca: v.optional(text),
      bindDn: v.optional(text),
      password: v.optional(secretRefSchema),
      base: text,
      filter: v.optional(v.pipe(text, v.regex(/^\(.*\)$/s, 'should be in parentheses, such as (objectClass=person)'))),
      where: v.optional(v.record(text, text)),
      scope: v.optional(v.picklist(['sub', 'one'])),
      pageSize: v.optional(count(10_000)),
    }),
    v.strictObject({
      kind: v.literal('carddav'),
      ...withoutFields,
      url: webUrl,
      username: v.optional(text),
      password: v.optional(secretRefSchema),
      addressBooks: v.optional(v.pipe(v.array(text), v.minLength(1, 'is empty'))),
      privateHosts: hosts,
    }),
    v.strictObject({
      kind: v.literal('sqlite'),
      ...common,
      file: text,
      query: v.pipe(v.string(), v.minLength(1, 'is empty')),
      timeoutSeconds: v.optional(count(3_600)),
    }),
    v.strictObject({
      kind: v.literal('postgres'),
      ...common,
      host: text,
      port: v.optional(count(65_535), 5432),
      database: text,
      user: text,
      password: v.optional(secretRefSchema),
      tls: v.optional(v.strictObject({ ca: v.optional(text) })),
      query: v.pipe(v.string(), v.minLength(1, 'is empty')),
      timeoutSeconds: v.optional(count(3_600)),
    }),
    v.strictObject({
      kind: v.literal('json'),
      ...withoutFields,
      url: webUrl,
      headers: v.optional(headers),
      list: v.optional(text),
      fields: FieldsSchema,
      next: v.optional(text),
      page: v.optional(v.strictObject({ parameter: text, first: v.optional(v.pipe(v.number(), v.integer()), 1) })),
      privateHosts: hosts,
    }),
  ]);
}

/** One source as the file describes it. */
export type SourceSettings = v.InferOutput<ReturnType<typeof contactSourceSchema>>;

/** What a schema cannot see; `keys` within the source. */
export function sourceFaults(source: SourceSettings): { keys: PropertyKey[]; message: string }[] {
  switch (source.kind) {
    case 'ldap':
      return ldapFaults(source);
    case 'carddav':
      return pairFaults(source.username, source.password, 'username');
    case 'postgres':
      if (source.tls !== undefined || source.password === undefined || isHere(source.host)) return [];
      return [{ keys: ['password'], message: 'would go over the network unencrypted: add "tls: {}"' }];
    case 'json':
      if (source.next === undefined || source.page === undefined) return [];
      return [{ keys: ['next'], message: 'is one way to the next page, "page" another: leave one of them out' }];
    case 'csv':
    case 'vcard':
    case 'sqlite':
      return [];
    default:
      return source satisfies never;
  }
}

function ldapFaults({ url, startTls, bindDn, password }: Extract<SourceSettings, { kind: 'ldap' }>) {
  const faults = pairFaults(bindDn, password, 'bindDn');
  const { protocol, hostname } = new URL(url);
  if (password !== undefined && protocol === 'ldap:' && startTls !== true && !isHere(hostname)) {
    faults.push({
      keys: ['url'],
      message: 'would send the password unencrypted: write ldaps://, or add "startTls: true"',
    });
  }
  return faults;
}

function pairFaults(
  name: string | undefined,
  password: unknown,
  key: string,
): { keys: PropertyKey[]; message: string }[] {
  if ((name === undefined) === (password === undefined)) return [];
  return [
    {
      keys: [name === undefined ? 'password' : key],
      message: `needs ${name === undefined ? `"${key}"` : '"password"'}, too`,
    },
  ];
}

function isHere(host: string): boolean {
  return /^(?:127(?:\.[0-9]{1,3}){3}|localhost|\[?::1\]?)$/.test(host) || host.startsWith('/');
}
