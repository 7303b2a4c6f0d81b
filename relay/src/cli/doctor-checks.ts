// The single checks of `relay doctor`: each looks at one thing and says what it found and what to do about it. They read and
// try; none changes anything, and none prints a secret, a number or a name.
import { execFileSync } from 'node:child_process';
import { existsSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../clock.ts';
import { type Config, type Environment, publicOriginsOf } from '../config.ts';
import { listenError } from '../config-error.ts';
import { certificateOf, secretReaderOf, secretsOf } from '../config-outside.ts';
import { createLog } from '../log.ts';
import { examinePbx, openDriver } from '../pbx/index.ts';
import { openPhoneSystems } from '../phone-systems.ts';
import { exposureOf } from '../secrets.ts';
import { APPLICATION_ID, isDamage, newestSchema } from '../store/database.ts';
import { isForHost, termProblem } from '../tls.ts';
import { counted } from './count.ts';

/** What one check came to. `remedy` is there unless all is well. */
export interface Finding {
  check: string;
  state: 'ok' | 'warn' | 'fail';
  message: string;
  remedy?: string | undefined;
}

const ok = (check: string, message: string): Finding => ({ check, state: 'ok', message });
const warn = (check: string, message: string, remedy: string): Finding => ({ check, state: 'warn', message, remedy });
const fail = (check: string, message: string, remedy: string): Finding => ({ check, state: 'fail', message, remedy });

const OLDEST_NODE = 24;
const LITTLE_SPACE = 1_000_000_000;
const NO_SPACE = 100_000_000;
const LOGIN_LIMIT_MS = 6_000;

/** Whether this is the Node that the relay is made for. */
export function checkNode(version: string): Finding {
  const major = Number(version.split('.')[0]);
  if (major >= OLDEST_NODE) return ok('node', `Node ${version}`);
  return fail('node', `this is Node ${version}`, `run the relay with Node ${OLDEST_NODE} or newer`);
}

/** Nothing that the relay does needs root. `userId` undefined on Windows. */
export function checkUser(userId: number | undefined): Finding {
  if (userId !== 0) return ok('user', 'not root');
  return warn('user', 'this runs as root', 'give the relay a user of its own, to whom the data folder belongs');
}

/** Who may read what the relay keeps and is told. */
export function checkModes(config: Config): Finding {
  const { dataDir, file, log, tls } = config;
  const kept = ['', 'relay.db', 'relay.lock', 'control.sock', 'secrets'].map((name) => join(dataDir, name));
  const own = [...kept, ...(log.file === undefined ? [] : [log.file])].filter((path) => existsSync(path));
  const exposed = own.map((path) => exposureOf(path)).find((found) => found !== undefined);
  if (exposed !== undefined) return fail('files', exposed.replace(/: chmod.*/, ''), 'take the rights of others away');
  const mine = process.getuid?.();
  const foreign = own.find((path) => mine !== undefined && mine !== 0 && statSync(path).uid !== mine);
  if (foreign !== undefined) {
    return fail('files', `${foreign} belongs to another user`, 'run this as the user that runs the relay, or chown it');
  }
  // Who may write the configuration rules the relay.
  const told = [file, ...(tls ? [tls.cert, tls.key] : [])].filter((path) => existsSync(path));
  const writable = told.map((path) => exposureOf(path, 0o022)).find((found) => found !== undefined);
  if (writable !== undefined) {
    return warn('files', writable.replace('read', 'written').replace(/: chmod.*/, ''), 'take the right to write away');
  }
  return ok('files', 'nobody else can read the data or write the configuration');
}

/** How much room the data folder, or the folder where it will be, has left. */
export function checkSpace({ dataDir }: Config): Finding {
  const { bavail, bsize } = statfsSync(existsSync(dataDir) ? dataDir : parentThere(dataDir));
  const free = bavail * bsize;
  const words = `${free < 1e9 ? `${Math.floor(free / 1e6)} MB` : `${(free / 1e9).toFixed(1)} GB`} free for the data`;
  if (free < NO_SPACE) return fail('space', words, 'make room: calls are not recorded on a full disk');
  return free < LITTLE_SPACE ? warn('space', words, 'make room before it runs out') : ok('space', words);
}

/** Whether the database is whole and of a schema that this relay knows. */
export function checkStore({ dataDir }: Config): Finding {
  const path = join(dataDir, 'relay.db');
  if (!existsSync(path)) return ok('store', 'no database yet: the first start makes it');
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    const schema = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
    if (db.prepare('PRAGMA application_id').get()?.['application_id'] !== APPLICATION_ID) {
      return fail('store', `${path} is another program's database`, 'name another dataDir');
    }
    if (schema > newestSchema()) {
      return fail(
        'store',
        `${path} was written by a newer relay`,
        'update the relay, or "relay restore" an older backup',
      );
    }
    const fault = db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'];
    if (fault !== 'ok') return fail('store', `${path} is damaged: ${String(fault)}`, '"relay restore" a backup');
    const calls = Number(db.prepare('SELECT count(*) AS n FROM conversation').get()?.['n']);
    if (schema === newestSchema()) return ok('store', `whole, ${counted(calls, 'call')}, schema ${schema}`);
    return ok(
      'store',
      `whole, ${counted(calls, 'call')}; the next start brings it to schema ${newestSchema()}, with a backup`,
    );
  } catch (error) {
    return unreadable(path, error);
  } finally {
    db?.close();
  }
}

// What a full disk keeps from being read is whole: nobody shall put an old backup in its place.
function unreadable(path: string, error: unknown): Finding {
  if (isDamage(error)) return fail('store', `${path} is damaged or no database`, '"relay restore" a backup');
  return fail('store', `${path} cannot be read now`, 'make room, or give the right to read and write; then ask again');
}

/** Whether this machine's time can be right: not before what was recorded, and kept by a time service where one tells. */
export function checkClock({ dataDir }: Config, now: Date): Finding {
  const remedy = 'set the clock and let a time service keep it (chrony, systemd-timesyncd, w32time)';
  const path = join(dataDir, 'relay.db');
  const newest = existsSync(path) ? newestCallIn(path) : undefined;
  if (newest !== undefined && Date.parse(newest) > now.getTime() + 60_000) {
    return fail('clock', `it is ${now.toISOString()}, but a call was recorded at ${newest}`, remedy);
  }
  const synchronised = timeService();
  if (synchronised === false) return warn('clock', 'no time service keeps this clock', remedy);
  return ok('clock', `${now.toISOString()}${synchronised ? ', kept by a time service' : ''}`);
}

/** Every secret of the configuration, by where it stands. */
export function checkSecrets(config: Config, env: Environment): Finding {
  const refs = secretsOf(config);
  const read = secretReaderOf(config, env);
  for (const { ref } of refs) {
    try {
      read(ref);
    } catch (error) {
      return fail('secrets', error instanceof Error ? error.message : String(error), 'see docs/admin.md, "Secrets"');
    }
  }
  return ok('secrets', refs.length === 0 ? 'none needed' : `${refs.length} can be read`);
}

/** The certificate: whether it fits its key, is in its term, and is for the addresses that browsers use. */
export function checkTls(config: Config, env: Environment, now: number): Finding {
  const behindProxy = 'none here: browsers on other machines need a proxy with TLS';
  const remedy = '"relay tls init" with the same hosts and --renew, then "relay config reload"';
  try {
    const certificate = certificateOf(config, env);
    if (!certificate) return ok('tls', behindProxy);
    const problem = termProblem(certificate, now);
    if (problem !== undefined)
      return now < certificate.validTo.getTime() ? warn('tls', problem, remedy) : fail('tls', problem, remedy);
    const origins = publicOriginsOf(config, { port: config.listen.port, certificateNames: certificate.names });
    const other = origins.map((origin) => new URL(origin).hostname).find((host) => !isForHost(certificate.names, host));
    if (other !== undefined) {
      return fail(
        'tls',
        `the certificate is not for ${other}, which is in publicOrigins`,
        `"relay tls init ${other} …"`,
      );
    }
    return ok(
      'tls',
      `good until ${certificate.validTo.toISOString().slice(0, 10)}, for ${certificate.names.join(', ')}`,
    );
  } catch (error) {
    return fail('tls', error instanceof Error ? error.message : String(error), remedy);
  }
}

/** Whether the relay could listen where it is to. Only asked while it does not run. */
export async function checkPorts({ listen, health }: Pick<Config, 'listen' | 'health'>): Promise<Finding> {
  const wanted = [
    { key: 'listen' as const, address: listen },
    ...(health ? [{ key: 'health' as const, address: health }] : []),
  ];
  for (const { key, address } of wanted) {
    try {
      await tryListening(address);
    } catch (error) {
      const told = listenError(key, address, error);
      return fail('ports', told instanceof Error ? told.message : String(told), 'see the line above');
    }
  }
  return ok('ports', `free: ${wanted.map(({ address }) => `${address.host}:${address.port}`).join(', ')}`);
}

/** Logs in to every phone system by its driver, as the relay would. Only asked while it does not run. */
export async function checkLogins(config: Config, env: Environment): Promise<Finding[]> {
  const readSecret = secretReaderOf(config, env);
  const found = new Map<string, PromiseWithResolvers<string>>();
  for (const { id } of config.pbx) found.set(id, Promise.withResolvers());
  const systems = openPhoneSystems({
    systems: config.pbx.map(({ id, kind, options }) => ({
      pbxId: id,
      open: (context) => openDriver({ kind, options }, context, readSecret),
    })),
    switchboard: { handle: () => undefined, applySnapshot: () => undefined },
    clock: systemClock,
    log: createLog({ level: 'silent', destination: { write: () => undefined } }),
    onLines: (pbxId, lines) => found.get(pbxId)?.resolve(`logged in, ${counted(lines.length, 'line')}`),
  });
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), LOGIN_LIMIT_MS);
  const isLate = new Promise<undefined>((resolve) => late.signal.addEventListener('abort', () => resolve(undefined)));
  const findings = await Promise.all(
    config.pbx.map(async ({ id }): Promise<Finding> => {
      const message = await Promise.race([found.get(id)?.promise, isLate]);
      if (message !== undefined) return ok(`pbx ${id}`, message);
      const status = systems.status().find((line) => line.startsWith(`${id}: `)) ?? id;
      return fail(
        `pbx ${id}`,
        status.slice(id.length + 2),
        `check pbx[].options of ${id}, its password and the network`,
      );
    }),
  );
  clearTimeout(timer);
  await systems.close();
  return findings;
}

/** What is to be said of each phone system itself: rights, versions, who can read along. Asked whether the relay runs or not. */
export async function checkPhoneSystems(config: Config, env: Environment): Promise<Finding[]> {
  const tools = { clock: systemClock, readSecret: secretReaderOf(config, env) };
  const found = await Promise.all(
    config.pbx.map(async ({ id, kind, options }) =>
      (await examinePbx({ kind, options }, tools)).map((finding) => ({ check: `pbx ${id}`, ...finding })),
    ),
  );
  return found.flat();
}

/** What the running relay says of its phone systems, `'main: connected'` each. */
export function findingsOf(pbxStatus: readonly string[]): Finding[] {
  return pbxStatus.map((line) => {
    const [, id = '', status = ''] = /^([^:]+): (.*)$/s.exec(line) ?? [];
    if (status === 'connected') return ok(`pbx ${id}`, status);
    return fail(`pbx ${id}`, status, `check pbx[].options of ${id}, its password and the network`);
  });
}

function tryListening(address: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(address, () => server.close(() => resolve()));
  });
}

function parentThere(path: string): string {
  const parent = dirname(path);
  return parent === path || existsSync(parent) ? parent : parentThere(parent);
}

function newestCallIn(path: string): string | undefined {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true });
    const newest = db.prepare('SELECT max(startedAt) AS newest FROM conversation').get()?.['newest'];
    return typeof newest === 'string' ? newest : undefined;
  } catch {
    // The check of the store tells what is wrong with it.
    return undefined;
  } finally {
    db?.close();
  }
}

// systemd knows; elsewhere nobody is asked.
function timeService(): boolean | undefined {
  if (!existsSync('/run/systemd/system')) return undefined;
  try {
    const args = ['show', '--property=NTPSynchronized', '--value'];
    return (
      execFileSync('/usr/bin/timedatectl', args, { timeout: 2_000, stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .trim() === 'yes'
    );
  } catch {
    return undefined;
  }
}
