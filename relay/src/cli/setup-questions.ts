// The questions of `relay setup`, in their order, each with how its answer is read and tried out: the phone system is logged
// in to, the port listened on, the contacts read, at once. Knows nothing of where answers come from.
import { resolve } from 'node:path';
import * as v from 'valibot';
import { isHost } from '../certificate-authority.ts';
import { readConfig } from '../config.ts';
import { ConfigError } from '../config-error.ts';
import { createCsvSource } from '../contacts/csv.ts';
import { ContactsError } from '../contacts/source.ts';
import { checkLogins, checkPorts } from './doctor-checks.ts';
import { type Answers, AnswersSchema, REACHES, yamlOf } from './setup-yaml.ts';

/** What is answered so far. */
export type Draft = { -readonly [Key in keyof Answers]?: Answers[Key] | undefined };

/** What a try came to, in words. */
export interface Tried {
  isGood: boolean;
  message: string;
}

export interface Question {
  key: keyof Answers;
  ask: string;
  /** Taken when nothing is typed; undefined: an answer is needed, `''`: it may be left out. */
  usual(draft: Draft): string | undefined;
  /** Whether it is asked at all. */
  isAsked?(draft: Draft): boolean;
  /** The typed text as the answer's own type. */
  read?(typed: string): unknown;
  /** Tries it out, with all that was answered before. `file` is where relay.yaml will be. */
  test?(draft: Draft, file: string): Promise<Tried>;
}

const whole = (typed: string) => (/^[0-9]+$/.test(typed) ? Number(typed) : typed);
const list = (typed: string) => typed.split(/[\s,]+/).filter((word) => word !== '');

/** Every question, in the order in which they are asked. The password is asked by the command: it is never shown. */
export const QUESTIONS: readonly Question[] = [
  { key: 'company', ask: 'Name of the company', usual: () => undefined },
  {
    key: 'country',
    ask: 'Country of the phone system (DE, AT, GB …)',
    usual: () => 'DE',
    read: (typed) => typed.toUpperCase(),
  },
  { key: 'areaCode', ask: 'Area code without the leading 0 (empty: none)', usual: () => '', test: tryLocation },
  {
    key: 'outsideLine',
    ask: 'What is dialled for an outside line (empty: nothing)',
    usual: () => '',
    test: tryLocation,
  },
  { key: 'pbxHost', ask: 'Phone system (simulator): host', usual: () => '127.0.0.1' },
  { key: 'pbxPort', ask: 'Phone system: port', usual: () => '8732', read: whole },
  { key: 'pbxPassword', ask: 'Phone system: password', usual: () => '', test: tryLogin },
  { key: 'reach', ask: `How do browsers reach the relay: ${REACHES.join(', ')}`, usual: () => 'thisMachine' },
  {
    key: 'hosts',
    ask: 'Under which names or addresses (relay.example)',
    usual: () => undefined,
    isAsked: ({ reach }) => reach !== 'thisMachine',
    read: list,
    test: tryHosts,
  },
  { key: 'port', ask: 'On which port does the relay listen', usual: () => '8730', read: whole, test: tryPort },
  { key: 'contactsFile', ask: 'Contacts as a CSV file (empty: none)', usual: () => '', test: tryContacts },
  { key: 'userLogin', ask: 'First user: log-in name', usual: () => undefined, read: (typed) => typed.toLowerCase() },
  { key: 'userName', ask: 'First user: name', usual: () => undefined },
  { key: 'userLine', ask: 'First user: extension', usual: () => undefined },
];

/** The answer as its schema has it, or what is wrong with it. */
export function readAnswer(key: keyof Answers, value: unknown): { value: unknown } | { problem: string } {
  const read = v.safeParse(AnswersSchema.entries[key], value);
  return read.success ? { value: read.output } : { problem: read.issues[0].message };
}

async function tryLocation({ country, areaCode, outsideLine }: Draft, file: string): Promise<Tried> {
  const location = { country, ...(areaCode && { areaCode }), ...(outsideLine && { outsideLine }) };
  try {
    const pbx = [{ id: 'main', kind: 'simulator', options: { port: 1 }, location }];
    readConfig(JSON.stringify({ pbx }), file, {});
    return { isGood: true, message: 'can be dialled with' };
  } catch (error) {
    if (error instanceof ConfigError) return { isGood: false, message: error.message.replace(/^.*location\./, '') };
    throw error;
  }
}

async function tryLogin({ pbxHost, pbxPort, pbxPassword }: Draft, file: string): Promise<Tried> {
  const options = { host: pbxHost, port: pbxPort, ...(pbxPassword !== undefined && { password: pbxPassword }) };
  const pbx = [{ id: 'main', kind: 'simulator', options, location: { country: 'DE' } }];
  try {
    const config = readConfig(JSON.stringify({ pbx }), file, process.env);
    const [finding] = await checkLogins(config, process.env);
    return { isGood: finding?.state === 'ok', message: finding?.message ?? '' };
  } catch (error) {
    if (error instanceof ConfigError) return { isGood: false, message: error.message };
    throw error;
  }
}

async function tryHosts({ hosts = [] }: Draft): Promise<Tried> {
  const odd = hosts.find((host) => !isHost(host));
  if (odd !== undefined) return { isGood: false, message: `${odd} is no host name or address` };
  return hosts.length > 0
    ? { isGood: true, message: hosts.join(', ') }
    : { isGood: false, message: 'name one at least' };
}

async function tryPort({ reach, port = 0 }: Draft): Promise<Tried> {
  const host = reach === 'tls' ? '0.0.0.0' : '127.0.0.1';
  const { state, message } = await checkPorts({ listen: { host, port }, health: undefined });
  return { isGood: state === 'ok', message };
}

async function tryContacts({ contactsFile, country = 'DE' }: Draft, file: string): Promise<Tried> {
  if (contactsFile === undefined) return { isGood: true, message: 'none' };
  const path = resolve(file, '..', contactsFile);
  let [contacts, faults] = [0, 0];
  try {
    const source = createCsvSource({ file: path, country });
    for await (const _contact of source.read({ onFault: () => (faults += 1) })) contacts += 1;
  } catch (error) {
    if (error instanceof ContactsError) return { isGood: false, message: error.message };
    throw error;
  }
  return { isGood: contacts > 0, message: `${contacts} contacts, ${faults} rows left out` };
}

/** The text of relay.yaml, checked as the relay would. Throws ConfigError. */
export function checkedYaml(answers: Answers, file: string): string {
  const yaml = yamlOf(answers);
  readConfig(yaml, file, {});
  return yaml;
}
