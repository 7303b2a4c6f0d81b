// Directories as companies have them, started for one test file: real servers of the distribution on loopback, in a folder of
// their own. Where one is not installed, the tests say what they need and are skipped.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Folder {
  path: string;
  file(name: string, content: string): string;
  close(): void;
}

export interface RunningServer {
  port: number;
  close(): Promise<void>;
}

const SLAPD = '/usr/sbin/slapd';
const SCHEMAS = '/etc/ldap/schema';
const RADICALE = '/usr/bin/radicale';
const POSTGRES = '/usr/lib/postgresql/15/bin';
const LIMIT_MS = 30_000;

/** Which servers this machine has, as `describe.skipIf` wants it. */
export const missing = {
  slapd: !existsSync(SLAPD),
  radicale: !existsSync(RADICALE),
  postgres: !existsSync(`${POSTGRES}/postgres`),
};

/** Words for a title: what a skipped test would need. */
export function titled(title: string, isMissing: boolean, what: string): string {
  return isMissing ? `${title} (skipped: needs ${what})` : title;
}

export function aFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'offhook-contacts-'));
  return {
    path,
    file(name, content) {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
    close: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A port that nobody has now. The servers here cannot choose one themselves. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

/** Resolves when somebody listens there; rejects when the process ends first. */
async function listening(port: number, child: ChildProcess, said: () => string): Promise<void> {
  const until = performance.now() + LIMIT_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended: ${said()}`);
    if (await isOpen(port)) return;
    if (performance.now() > until) throw new Error(`the server does not listen: ${said()}`);
    // Nothing tells when a foreign program listens: it is tried again.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function started(
  command: string,
  args: readonly string[],
  options: { port: number; uid?: number; gid?: number; cwd?: string },
): Promise<RunningServer> {
  const { port, ...how } = options;
  const child = spawn(command, args, { ...how, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit');
  await listening(port, child, () => said);
  return {
    port,
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export interface LdapServer extends RunningServer {
  /** The port of ldaps. */
  tlsPort: number;
}

/** OpenLDAP with `ou=people,dc=example` in it and what `ldif` adds. Anonymous searches end at 500 entries. */
export async function startSlapd(
  folder: Folder,
  { ldif, tls }: { ldif: string; tls: { cert: string; key: string; ca: string } },
): Promise<LdapServer> {
  const [port, tlsPort] = [await freePort(), await freePort()];
  mkdirSync(join(folder.path, 'db'));
  const schemas = ['core', 'cosine', 'inetorgperson'].map((name) => `include ${SCHEMAS}/${name}.schema`);
  const config = folder.file(
    'slapd.conf',
    [
      ...schemas,
      'modulepath /usr/lib/ldap',
      'moduleload back_mdb',
      `pidfile ${folder.path}/slapd.pid`,
      `TLSCertificateFile ${tls.cert}`,
      `TLSCertificateKeyFile ${tls.key}`,
      `TLSCACertificateFile ${tls.ca}`,
      'database mdb',
      'suffix "dc=example"',
      'rootdn "cn=admin,dc=example"',
      'rootpw sample-password',
      `directory ${folder.path}/db`,
      'maxsize 100000000',
      'limits dn.exact="cn=reader,dc=example" size.soft=unlimited size.hard=unlimited size.pr=unlimited',
      'limits anonymous size=500',
      '',
    ].join('\n'),
  );
  const base = [
    'dn: dc=example\nobjectClass: dcObject\nobjectClass: organization\no: Sample\ndc: example\n',
    'dn: ou=people,dc=example\nobjectClass: organizationalUnit\nou: people\n',
    'dn: cn=reader,dc=example\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: reader\nuserPassword: sample-reader\n',
  ];
  const data = folder.file('data.ldif', `${base.join('\n')}\n${ldif}`);
  const added = spawnSync('/usr/sbin/slapadd', ['-q', '-f', config, '-l', data], { encoding: 'utf8' });
  if (added.status !== 0) throw new Error(`slapadd: ${added.stderr}`);
  const urls = `ldap://127.0.0.1:${port}/ ldaps://127.0.0.1:${tlsPort}/`;
  const server = await started(SLAPD, ['-f', config, '-h', urls, '-d', '0'], { port });
  return { ...server, tlsPort };
}

/** Radicale with the user `anna` (password `sample-password`); its collections lie in `folder`. */
export async function startRadicale(folder: Folder): Promise<RunningServer> {
  const port = await freePort();
  const users = folder.file('users', 'anna:sample-password\n');
  const config = folder.file(
    'radicale.conf',
    [
      '[server]',
      `hosts = 127.0.0.1:${port}`,
      '[auth]',
      'type = htpasswd',
      `htpasswd_filename = ${users}`,
      'htpasswd_encryption = plain',
      'delay = 0',
      '[storage]',
      `filesystem_folder = ${join(folder.path, 'collections')}`,
      '',
    ].join('\n'),
  );
  return started(RADICALE, ['--config', config], { port });
}

/** PostgreSQL with the database `crm`, the user `reader` (password `sample-password`), and what `sql` makes. */
export async function startPostgres(folder: Folder, sql: string): Promise<RunningServer> {
  const port = await freePort();
  const data = join(folder.path, 'pg');
  const as = postgresUser();
  mkdirSync(data);
  chmodSync(folder.path, 0o755);
  if (as) chownSync(data, as.uid, as.gid);
  const run = (command: string, args: readonly string[], input = '') => {
    const { status, stderr } = spawnSync(`${POSTGRES}/${command}`, args, { ...as, input, encoding: 'utf8', cwd: '/' });
    if (status !== 0) throw new Error(`${command}: ${stderr}`);
  };
  run('initdb', ['-D', data, '-U', 'admin', '-A', 'trust', '-N', '--no-instructions', '-E', 'UTF8', '--locale', 'C']);
  writeFileSync(
    join(data, 'pg_hba.conf'),
    'local all all trust\nhost all admin 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n',
  );
  const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', data, '-F'];
  const server = await started(`${POSTGRES}/postgres`, args, { port, ...as, cwd: '/' });
  const connection = ['-h', '127.0.0.1', '-p', String(port), '-U', 'admin', '-q', '-v', 'ON_ERROR_STOP=1'];
  run('psql', [...connection, 'postgres'], "CREATE ROLE reader LOGIN PASSWORD 'sample-password'; CREATE DATABASE crm;");
  run('psql', [...connection, 'crm'], sql);
  return server;
}

// PostgreSQL does not run as root.
function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: idOf('-u'), gid: idOf('-g') };
}
