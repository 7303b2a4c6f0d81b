// What `relay doctor` says of an Asterisk: whether the manager's user may just what is needed, whether its version is known to
// be unsafe, whether others can read the connection. It asks only; nothing is dialled and nothing is set.
import type { Clock } from '../../clock.ts';
import type { ReadSecret } from '../../secret-ref.ts';
import type { ExaminePbx, PbxFinding } from '../driver.ts';
import { openAmiConnection } from './connection.ts';
import { askGrants, type Grants } from './grants.ts';
import type { AsteriskOptions } from './options.ts';
import { forwardFindings, type PhoneForwards, readPhoneForwards } from './phone-forwards.ts';
import { tlsOf } from './tls.ts';
import type { AmiMessage } from './wire.ts';

const LIMIT_MS = 6_000;
const MANAGER_CONF = 'see docs/asterisk.md, "The manager’s user"';
/** CVE-2024-42365: whoever may originate could run programs. The first release of each branch that is mended. */
const MENDED: Readonly<Record<number, readonly [minor: number, patch: number]>> = {
  18: [24, 2],
  20: [9, 2],
  21: [4, 2],
};
const MENDED_CERTIFIED: Readonly<Record<string, number>> = { '18.9': 11, '20.7': 2 };
const FIRST_SAFE_BRANCH = 22;
const NEEDED_TO_HEAR = /\b(?:call|reporting|agent)\b/;

interface Heard {
  grants: Grants;
  version: string;
  /** Classes of events that came although nobody needs them. */
  excess: string[];
  conference: string | undefined;
  phoneForwards: PhoneForwards;
}

/** Looks at an Asterisk, for `relay doctor`. */
export const examineAsterisk: ExaminePbx<AsteriskOptions> = async (options, tools) => {
  const heard = await ask(options, tools);
  return [
    transportFinding(options),
    ...(heard
      ? [
          ...rightsFindings(options, heard),
          versionFinding(heard.version),
          ...conferenceFinding(options, heard),
          ...forwardFindings(heard.phoneForwards),
        ]
      : []),
  ];
};

// Whether it can be reached, the check of the login tells: who cannot be asked is not judged.
async function ask(
  options: AsteriskOptions,
  { clock, readSecret }: { clock: Clock; readSecret: ReadSecret },
): Promise<Heard | undefined> {
  const { promise: isOver, resolve } = Promise.withResolvers<'up' | 'down'>();
  const classes = new Set<string>();
  const cancel = clock.after(LIMIT_MS, () => resolve('down'));
  const connection = openAmiConnection({
    ...options,
    tls: () => tlsOf(options),
    password: () => readSecret(options.password),
    clock,
    random: () => 1,
    onTrying: () => undefined,
    onUp: () => resolve('up'),
    onDown: () => resolve('down'),
    onEvent: ({ Privilege = '' }: AmiMessage) => {
      if (!NEEDED_TO_HEAR.test(Privilege)) classes.add(Privilege.split(',')[0] ?? '');
    },
  });
  try {
    if ((await isOver) === 'down') return undefined;
    const grants = await askGrants(connection);
    const settings = await connection.ask({ Action: 'CoreSettings' });
    const Variable = `DIALPLAN_EXISTS(${options.conferenceContext ?? 'none'},100,1)`;
    const { Value } = await connection.ask({ Action: 'Getvar', Variable });
    // Who may not list hints may hardly do anything: that is said of the rights.
    const phoneForwards = await readPhoneForwards(connection, options).catch(() => ({ followed: [], unreadable: [] }));
    const version = settings['AsteriskVersion'] ?? '';
    return { grants, version, excess: [...classes], conference: Value, phoneForwards };
  } catch {
    return undefined;
  } finally {
    cancel();
    connection.close();
  }
}

function transportFinding({ host, port, tls }: AsteriskOptions): PbxFinding {
  if (tls) return { state: 'ok', message: `TLS to ${host}:${port}` };
  const isLoopback = host === 'localhost' || host === '::1' || host.startsWith('127.');
  if (isLoopback) return { state: 'ok', message: 'the manager is asked on this machine' };
  return {
    state: 'warn',
    message: `whoever is between here and ${host} can read calls and give orders: the connection has no TLS`,
    remedy: 'switch tlsenable on in manager.conf and set tls: true with port 5039, or run the relay on that machine',
  };
}

function rightsFindings(options: AsteriskOptions, { grants, excess }: Heard): PbxFinding[] {
  const needsSystem = options.features !== undefined || options.remoteControl !== false;
  const lacks = [
    ...(grants.originate ? [] : ['originate']),
    ...(grants.call ? [] : ['call']),
    ...(grants.reporting ? [] : ['reporting']),
    ...(needsSystem && !grants.system ? ['system'] : []),
  ];
  const tooMany = [...grants.excess, ...(grants.system && !needsSystem ? ['system'] : [])];
  const findings: PbxFinding[] = [];
  if (lacks.length > 0) {
    const message = `${options.username} lacks write = ${lacks.join(',')}: what needs it is not offered`;
    findings.push({ state: 'warn', message, remedy: MANAGER_CONF });
  }
  if (tooMany.length > 0) {
    const message = `${options.username} may do more than is needed: write = ${tooMany.join(',')}`;
    findings.push({ state: 'warn', message, remedy: `take it away in manager.conf; ${MANAGER_CONF}` });
  }
  if (excess.length > 0) {
    const message = `${options.username} hears more than is needed: read = ${excess.join(',')}`;
    findings.push({ state: 'warn', message, remedy: `take it away in manager.conf; ${MANAGER_CONF}` });
  }
  if (findings.length === 0)
    findings.push({ state: 'ok', message: `${options.username} may do what is needed, no more` });
  return findings;
}

/** What is to be said of a version such as `'20.9.1'` or `'certified/20.7-cert2'`. */
export function versionFinding(version: string): PbxFinding {
  const [, branch = '', minor = '', patch = '0', certified] =
    /^(?:certified[-/])?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?(?:-cert([0-9]+))?/.exec(version) ?? [];
  if (branch === '') return { state: 'ok', message: 'the version of Asterisk is not told' };
  if (isMended({ branch: Number(branch), minor: Number(minor), patch: Number(patch), certified })) {
    return { state: 'ok', message: `Asterisk ${version}` };
  }
  return {
    state: 'warn',
    message: `Asterisk ${version}: with CVE-2024-42365, whoever has this user’s password may run programs on it`,
    remedy: 'update to 18.24.2, 20.9.2, 21.4.2, 22 or newer, unless your distribution says that it has mended this one',
  };
}

function isMended({
  branch,
  minor,
  patch,
  certified,
}: {
  branch: number;
  minor: number;
  patch: number;
  certified: string | undefined;
}): boolean {
  if (branch >= FIRST_SAFE_BRANCH) return true;
  if (certified !== undefined)
    return Number(certified) >= (MENDED_CERTIFIED[`${branch}.${minor}`] ?? Number.POSITIVE_INFINITY);
  const [fixedMinor, fixedPatch] = MENDED[branch] ?? [Number.POSITIVE_INFINITY, 0];
  return minor > fixedMinor || (minor === fixedMinor && patch >= fixedPatch);
}

function conferenceFinding({ conferenceContext }: AsteriskOptions, { conference }: Heard): PbxFinding[] {
  if (conferenceContext === undefined || conference !== '0') return [];
  const message = `the dial plan has no context ${conferenceContext}: conferences will fail`;
  return [{ state: 'warn', message, remedy: MANAGER_CONF }];
}
