// The questions of `relay setup`, in their order, each with how its answer is read and tried out: the phone system is logged
// in to, the port listened on, the contacts read, at once. Knows nothing of where answers come from.
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { isHost } from '../certificate-authority.ts';
import { readConfig } from '../config.ts';
import { ConfigError } from '../config-error.ts';
import { createCsvSource } from '../contacts/csv.ts';
import { ContactsError } from '../contacts/source.ts';
import { counted } from './count.ts';
import { checkLogins, checkPorts } from './doctor-checks.ts';
import { PBX_ANSWER_KEYS, type PbxAnswerKey, pbxFaults, pbxKeysOf, usualPbxPort } from './setup-pbx.ts';
import { AnswerSchema, type Answers, pbxLines, REACHES, yamlOf } from './setup-yaml.ts';

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
  /** Where to begin anew when the try has failed: what is wrong may have been answered before. Left out: here. */
  backTo?: keyof Answers;
  /** Answers that fitted the one before: another answer to this makes them void. */
  voids?: readonly (keyof Answers)[];
}

const whole = (typed: string) => (/^[0-9]+$/.test(typed) ? Number(typed) : typed);
const list = (typed: string) => typed.split(/[\s,]+/).filter((word) => word !== '');
const yesOrNo = (typed: string) => {
  if (/^(?:y|yes|j|ja)$/i.test(typed)) return true;
  return /^(?:n|no|nein)$/i.test(typed) ? false : typed;
};
const isThisMachine = (host = '') => host === 'localhost' || host === '::1' || host.startsWith('127.');
const kindOf = ({ pbxKind = 'simulator' }: Draft) => pbxKind;
/** What this kind of phone system wants to know of this. */
const takes =
  (key: PbxAnswerKey) =>
  (draft: Draft): boolean =>
    pbxKeysOf(kindOf(draft)).takes.includes(key);
const LOGS_IN = { test: tryLogin, backTo: 'pbxKind' } as const;

// A kind logs in as soon as it has been asked everything: with the password, or without one with the last answer before.
const PBX_QUESTIONS: readonly Question[] = [
  {
    key: 'pbxKind',
    ask: 'Phone system: simulator (built in, to try things out), asterisk (FreePBX, too), nfon or tapimaster',
    usual: () => 'simulator',
    read: (typed) => (typed.toLowerCase() === 'freepbx' ? 'asterisk' : typed.toLowerCase()),
    voids: PBX_ANSWER_KEYS,
  },
  { key: 'pbxHost', ask: 'Phone system: host', usual: () => '127.0.0.1', isAsked: takes('pbxHost') },
  {
    key: 'pbxTls',
    ask: 'Phone system: TLS (yes or no)',
    usual: ({ pbxHost }) => (isThisMachine(pbxHost) ? 'no' : 'yes'),
    isAsked: takes('pbxTls'),
    read: yesOrNo,
    voids: ['pbxPort'],
  },
  {
    key: 'pbxCa',
    ask: 'Phone system: file with its certificate, where no authority has signed it (empty: none)',
    usual: () => '',
    isAsked: ({ pbxKind, pbxTls }) => takes('pbxCa')({ pbxKind }) && pbxTls === true,
  },
  {
    key: 'pbxPort',
    ask: 'Phone system: port',
    usual: (draft) => String(usualPbxPort(kindOf(draft), draft)),
    isAsked: takes('pbxPort'),
    read: whole,
  },
  {
    key: 'pbxAccount',
    ask: 'Phone system: K-account (K1234)',
    usual: () => undefined,
    isAsked: takes('pbxAccount'),
    read: (typed) => typed.toUpperCase(),
  },
  {
    key: 'pbxUsername',
    ask: 'Phone system: user name',
    usual: ({ pbxAccount }) => pbxAccount ?? 'offhook',
    isAsked: takes('pbxUsername'),
  },
  {
    key: 'pbxContext',
    ask: 'Phone system: context that the phones dial in',
    usual: () => 'from-internal',
    isAsked: takes('pbxContext'),
  },
  {
    key: 'pbxFeatures',
    ask: 'Phone system: who keeps do-not-disturb and forwards, freepbx or astdb (empty: nobody)',
    usual: () => '',
    isAsked: takes('pbxFeatures'),
  },
  {
    key: 'pbxExtensions',
    ask: 'Phone system: extensions of its lines (100, 101)',
    usual: () => undefined,
    isAsked: takes('pbxExtensions'),
    read: list,
    ...LOGS_IN,
  },
  { key: 'pbxPassword', ask: 'Phone system: password', usual: () => '', isAsked: takes('pbxPassword'), ...LOGS_IN },
];

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
  ...PBX_QUESTIONS,
  {
    key: 'outsideLine',
    ask: 'What is dialled for an outside line (empty: nothing)',
    usual: () => '',
    isAsked: ({ pbxKind }) => pbxKind !== 'nfon',
    test: tryLocation,
  },
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
  const read = v.safeParse(AnswerSchema.entries[key], value);
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

// With what will be written, so that what was tried is what will run.
async function tryLogin(draft: Draft, file: string): Promise<Tried> {
  const answers = { ...located(draft, file), pbxKind: kindOf(draft), country: draft.country ?? 'DE' };
  const [fault] = pbxFaults(answers);
  if (fault) return { isGood: false, message: `${fault.key} ${fault.message}` };
  try {
    const config = readConfig(pbxLines(answers).join('\n'), file, process.env);
    const [finding] = await checkLogins(config, process.env);
    return { isGood: finding?.state === 'ok', message: finding?.message ?? '' };
  } catch (error) {
    // A certificate that is not there, options that do not fit: whatever it is, the answer is at fault.
    return { isGood: false, message: error instanceof Error ? error.message : String(error) };
  }
}

// The relay may be started anywhere: a file beside relay.yaml is named in full.
function located<Some extends Pick<Draft, 'pbxCa'>>(answers: Some, file: string): Some {
  return answers.pbxCa === undefined ? answers : { ...answers, pbxCa: resolve(dirname(file), answers.pbxCa) };
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
  return { isGood: contacts > 0, message: `${counted(contacts, 'contact')}, ${counted(faults, 'row')} left out` };
}

/** The text of relay.yaml, checked as the relay would. Throws ConfigError. */
export function checkedYaml(answers: Answers, file: string): string {
  const yaml = yamlOf(located(answers, file));
  readConfig(yaml, file, {});
  return yaml;
}
