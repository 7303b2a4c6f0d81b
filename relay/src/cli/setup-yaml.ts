// What was answered in `relay setup` → a relay.yaml that explains itself. Pure: the same answers give the same file. Values
// are written as JSON, which YAML reads as it stands, so that no answer can become a key.
import * as v from 'valibot';
import { host, type PbxAnswers, pbxBlock, pbxEntries, pbxFaults, port } from './setup-pbx.ts';

/** How browsers reach the relay. */
export const REACHES = ['thisMachine', 'tls', 'proxy'] as const;

const text = (pattern: RegExp, words: string) => v.pipe(v.string(), v.trim(), v.regex(pattern, words));

/** Each answer by itself, as it is asked for. */
export const AnswerSchema = v.strictObject({
  company: text(/^.{1,128}$/, 'should be a name'),
  country: text(/^[A-Z]{2}$/, 'should be a two-letter country code such as DE'),
  areaCode: v.optional(text(/^[0-9]{1,6}$/, 'should be digits')),
  outsideLine: v.optional(text(/^[0-9*#]{1,4}$/, 'should be digits, such as "0"')),
  ...pbxEntries,
  reach: v.picklist(REACHES),
  /** Under which names and addresses browsers reach the relay, its own or the proxy's. */
  hosts: v.optional(v.array(host), []),
  port: v.optional(port, 8730),
  contactsFile: v.optional(v.string()),
  userLogin: text(/^[a-z0-9][a-z0-9._-]{0,31}$/, 'should be 1–32 of a–z, 0–9, dot, _ and -'),
  userName: text(/^.{1,128}$/, 'should be a name'),
  userLine: text(/^[0-9*#]{1,15}$/, 'should be an extension, such as "18"'),
  /** Writes over a file that is there; the old one is kept beside it. */
  overwrite: v.optional(v.boolean(), false),
});

/** Everything that `relay setup` has to know, what belongs together; `--answers FILE` holds the same as YAML. */
export const AnswersSchema = v.pipe(
  AnswerSchema,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const input = dataset.value;
    for (const { key, message } of pbxFaults(input)) {
      addIssue({ message, path: [{ type: 'object', origin: 'value', input, key, value: input[key] }] });
    }
  }),
);
export type Answers = v.InferOutput<typeof AnswersSchema>;

/** The file's text. */
export function yamlOf(answers: Answers): string {
  const parts = [head(answers), reach(answers), pbxLines(answers), contacts(answers), rest(answers)];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function head({ company }: Answers): string[] {
  return [
    `# Offhook relay of ${company.replaceAll(/\s+/g, ' ')}. Every key is described in docs/admin.md.`,
    '# "relay config check" tells every fault with its line, "relay config reload" takes most changes over at once.',
    '# Editors complete the keys with the schema that "relay schema > relay.schema.json" writes:',
    '# yaml-language-server: $schema=./relay.schema.json',
  ];
}

function reach({ reach: how, hosts, port: number }: Answers): string[] {
  if (how === 'tls') {
    return [
      '# Browsers of other machines, by TLS. "relay tls init" made certificate and key, and renews them with --renew.',
      `listen: "0.0.0.0:${number}"`,
      'tls:',
      '  cert: ./tls/relay.crt',
      '  key: ./tls/relay.key',
    ];
  }
  const listen = [`listen: "127.0.0.1:${number}"`];
  if (how === 'thisMachine') return ['# Browsers of this machine only.', ...listen];
  return [
    '# Browsers reach a proxy with TLS, which passes on to this address, with Host and Origin as they came.',
    ...listen,
    `publicOrigins: ${JSON.stringify(hosts.map((name) => `wss://${name}`))}`,
  ];
}

/** The block `pbx`, all that a phone system is logged in to with. */
export function pbxLines(answers: Pick<Answers, 'country' | 'areaCode' | 'outsideLine'> & PbxAnswers): string[] {
  const { country, areaCode, outsideLine, pbxKind } = answers;
  // NFON takes public numbers in one form, without a digit before them.
  const without = pbxKind === 'nfon' ? [] : ['      # outsideLine: "0"'];
  return [
    'pbx:',
    ...pbxBlock(answers),
    '    # How numbers are read and dialled there; "relay policy test NUMBER" shows it.',
    '    location:',
    `      country: ${country}`,
    ...(areaCode === undefined ? ['      # areaCode: "30"'] : [`      areaCode: ${JSON.stringify(areaCode)}`]),
    ...(outsideLine === undefined ? without : [`      outsideLine: ${JSON.stringify(outsideLine)}`]),
  ];
}

function contacts({ contactsFile, country }: Answers): string[] {
  if (contactsFile === undefined)
    return ['# Whose number it is: add a source under "contacts" (docs/admin.md, "Contacts").'];
  return [
    'contacts:',
    '  - id: contacts',
    '    kind: csv',
    `    file: ${JSON.stringify(contactsFile)}`,
    `    country: ${country}`,
    '    # What opens a contact in your CRM:',
    '    # urlTemplate: "https://crm.example/contacts/{id}"',
  ];
}

function rest({ company, country, userLogin, userName, userLine }: Answers): string[] {
  return [
    '# The database, its secrets and the socket of the command line.',
    'dataDir: ./data',
    '',
    '# Calls that one user may start.',
    'guard:',
    '  perHour: 120',
    '  burstPerMinute: 10',
    '',
    'log:',
    '  level: info',
    '',
    '# Looked at once, for an empty database. Later: "relay users" and "relay grants".',
    'seed:',
    '  tenants:',
    `    - { id: company, name: ${JSON.stringify(company)}, country: ${country} }`,
    '  users:',
    `    - { login: ${JSON.stringify(userLogin)}, name: ${JSON.stringify(userName)}, line: ${JSON.stringify(userLine)}, watch: "*" }`,
  ];
}
