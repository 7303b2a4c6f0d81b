// What `relay setup` has to know of a phone system, kind by kind, and the block of relay.yaml that comes of it, with a comment
// at what explains itself badly. Pure: it asks nobody and tries nothing. A kind without an entry here does not compile.
import * as v from 'valibot';
import { PBX_KINDS, type PbxKind } from '../pbx/index.ts';

const text = (pattern: RegExp, words: string) => v.pipe(v.string(), v.trim(), v.regex(pattern, words));
const extension = text(/^(?=.*[0-9])[0-9*#]{1,15}$/, 'should be an extension, such as "100"');

/** A host name or address. */
export const host = text(/^[A-Za-z0-9.:_-]{1,253}$/, 'should be a host name or address');
/** A TCP port. */
export const port = v.pipe(v.number('should be a port'), v.integer(), v.minValue(1), v.maxValue(65_535));

/** The answers about the phone system, all of them; which ones a kind takes, `pbxKeysOf` says. */
export const pbxEntries = {
  pbxKind: v.optional(v.picklist(PBX_KINDS, `should be one of ${PBX_KINDS.join(', ')}`), 'simulator'),
  pbxHost: v.optional(host),
  pbxPort: v.optional(port),
  pbxTls: v.optional(v.boolean('should be yes or no')),
  /** A file with the certificate to believe, where no authority has signed the phone system's. */
  pbxCa: v.optional(v.string()),
  pbxAccount: v.optional(text(/^[A-Z][A-Z0-9]{1,15}$/, 'should be the K-account, such as K1234')),
  pbxUsername: v.optional(text(/^.{1,128}$/, 'should be a name')),
  pbxContext: v.optional(text(/^[A-Za-z0-9_.-]{1,80}$/, 'may hold letters, digits, "_", "." and "-"')),
  pbxFeatures: v.optional(v.picklist(['freepbx', 'astdb'], 'should be freepbx or astdb')),
  pbxExtensions: v.optional(v.pipe(v.array(extension), v.minLength(1, 'should name one at least'))),
  /** Another address of the API than the provider's own, for tests. */
  pbxUrl: v.optional(v.string()),
  /** Where the password stands: `"env:NAME"`, `"file:PATH"`, `"secret:NAME"`. */
  pbxPassword: v.optional(v.string()),
};
const PbxAnswersSchema = v.object(pbxEntries);
export type PbxAnswers = v.InferOutput<typeof PbxAnswersSchema>;
export type PbxAnswerKey = Exclude<keyof PbxAnswers, 'pbxKind'>;
/** Every answer but the kind itself. */
export const PBX_ANSWER_KEYS = Object.keys(pbxEntries).filter((key): key is PbxAnswerKey => key !== 'pbxKind');

interface SetupKind {
  needs: readonly PbxAnswerKey[];
  mayHave: readonly PbxAnswerKey[];
  usualPort(answers: Pick<PbxAnswers, 'pbxTls'>): number;
  /** The lines below `options:`. */
  options(answers: PbxAnswers): string[];
}

// An answer as YAML reads it whatever it holds.
const quoted = (value: string | number | undefined) => JSON.stringify(value ?? '');
const keyOf = (key: string, value: string | number | undefined) =>
  value === undefined ? [] : [`${key}: ${quoted(value)}`];
const passwordOf = ({ pbxPassword }: PbxAnswers) =>
  pbxPassword === undefined ? [] : ['# Where the password stands.', `password: ${quoted(pbxPassword)}`];

const KINDS: Record<PbxKind, SetupKind> = {
  simulator: {
    needs: [],
    mayHave: ['pbxHost', 'pbxPort', 'pbxPassword'],
    usualPort: () => 8732,
    options: (answers) => [...placeOf(answers), ...passwordOf(answers)],
  },
  asterisk: {
    needs: ['pbxUsername', 'pbxPassword'],
    mayHave: ['pbxHost', 'pbxPort', 'pbxTls', 'pbxCa', 'pbxContext', 'pbxFeatures'],
    usualPort: ({ pbxTls }) => (pbxTls ? 5039 : 5038),
    options: asteriskOptions,
  },
  nfon: {
    needs: ['pbxAccount', 'pbxPassword'],
    mayHave: ['pbxUsername', 'pbxUrl'],
    usualPort: () => 443,
    options: (answers) => [
      '# The K-account whose lines these are; docs/nfon.md has what must be booked for it.',
      ...keyOf('account', answers.pbxAccount),
      ...(answers.pbxUsername === answers.pbxAccount ? [] : keyOf('username', answers.pbxUsername)),
      ...keyOf('baseUrl', answers.pbxUrl),
      ...passwordOf(answers),
      '# How long the own phone rings for a click.',
      'ringSeconds: 20',
    ],
  },
  tapimaster: {
    needs: ['pbxExtensions'],
    mayHave: ['pbxHost', 'pbxPort'],
    usualPort: () => 2503,
    options: (answers) => [
      ...placeOf(answers),
      '# tcp, udp, http or file (with folder), as it is set at TAPIMaster.',
      'mode: tcp',
      '# TAPIMaster tells of no lines and no calls: caller pop-ups and a journal need "with", a driver that tells.',
      'lines:',
      ...(answers.pbxExtensions ?? []).map((one) => `  - { extension: ${quoted(one)} }`),
      '# with:',
      '#   kind: nfon',
      '#   options: { account: K1234, password: "secret:nfon" }',
    ],
  },
};

/** Which answers a kind takes, and which of them it cannot do without. */
export function pbxKeysOf(kind: PbxKind): { needs: readonly PbxAnswerKey[]; takes: readonly PbxAnswerKey[] } {
  const { needs, mayHave } = KINDS[kind];
  return { needs, takes: [...needs, ...mayHave] };
}

/** The port that a kind is usually found at. */
export function usualPbxPort(kind: PbxKind, answers: Pick<PbxAnswers, 'pbxTls'>): number {
  return KINDS[kind].usualPort(answers);
}

/** What is missing among the answers, or does not belong to this kind, in words that fit behind the key. */
export function pbxFaults(answers: PbxAnswers): { key: PbxAnswerKey; message: string }[] {
  const { pbxKind } = answers;
  const { needs, takes } = pbxKeysOf(pbxKind);
  const missing = needs.filter((key) => answers[key] === undefined);
  const odd = PBX_ANSWER_KEYS.filter((key) => answers[key] !== undefined && !takes.includes(key));
  return [
    ...missing.map((key) => ({ key, message: `is missing: ${pbxKind} needs it` })),
    ...odd.map((key) => ({ key, message: `does not belong to ${pbxKind}` })),
  ];
}

/** The block below `pbx:`, without its location. */
export function pbxBlock(answers: PbxAnswers): string[] {
  const { pbxKind } = answers;
  return [
    '  # Lines and calls are named after it: never change it.',
    '  - id: main',
    `    kind: ${pbxKind}`,
    '    options:',
    ...KINDS[pbxKind].options(answers).map((line) => `      ${line}`),
  ];
}

function placeOf({ pbxKind, pbxHost = '127.0.0.1', pbxPort, pbxTls }: PbxAnswers): string[] {
  return [...keyOf('host', pbxHost), `port: ${pbxPort ?? usualPbxPort(pbxKind, { pbxTls })}`];
}

function asteriskOptions(answers: PbxAnswers): string[] {
  const { pbxTls, pbxCa, pbxUsername, pbxContext, pbxFeatures } = answers;
  const ca = pbxCa === undefined ? 'true' : `{ ca: ${quoted(pbxCa)} }`;
  return [
    ...placeOf(answers),
    ...(pbxTls ? [`tls: ${ca}`] : ['# On another machine: tls: true and port: 5039 (docs/asterisk.md, "TLS").']),
    '# A user of the manager interface, with the rights that docs/asterisk.md names.',
    ...keyOf('username', pbxUsername),
    ...passwordOf(answers),
    '# Where orders dial: the context that the phones themselves dial in.',
    `dialContext: ${quoted(pbxContext ?? 'from-internal')}`,
    '# Who keeps do-not-disturb and forwards, freepbx or astdb; switching them needs write = system.',
    pbxFeatures === undefined ? '# features: freepbx' : `features: ${pbxFeatures}`,
    '# Ring groups and queues, by the number that is dialled for them:',
    '# groups: { "600": Sales, "601": Support }',
  ];
}
