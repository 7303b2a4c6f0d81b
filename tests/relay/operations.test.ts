// Operating a relay through what its admin has: the command line, signals and files. Each relay is a process of its own.
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, getCACertificates, type PeerCertificate, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SimulatorServer, startSimulatorServer } from '../../relay/src/pbx/simulator/server.ts';
import { codeIn, configOf, connectTo, pairBrowser, type RelayRun, runRelay, signInTo } from './process-rig.ts';

const PASSWORD = 'sample-pass-phrase';
let dir = '';
let simulator: SimulatorServer;
const running: RelayRun[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'offhook-operations-'));
  simulator = await startSimulatorServer({ port: 0, password: PASSWORD, print: () => undefined });
});
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await simulator.close();
  rmSync(dir, { recursive: true });
});

const configFile = () => join(dir, 'relay.yaml');
const dataDir = () => join(dir, 'data');

function write(changes: object = {}): void {
  const base = configOf({ dataDir: dataDir(), pbxPort: simulator.port });
  const [pbx] = base.pbx;
  const options = { port: simulator.port, password: 'secret:pbx' };
  writeFileSync(configFile(), JSON.stringify({ ...base, pbx: [{ ...pbx, options }], ...changes }, null, 2));
}

/** Runs a command to its end. `input` is what is typed. */
async function relay(args: string[], input = ''): Promise<{ code: number | null; out: string; err: string }> {
  const run = runRelay([...args, '--config', configFile()]);
  run.child.stdin?.end(input);
  const { code } = await run.ended;
  return { code, out: run.out(), err: run.err() };
}

async function start(): Promise<RelayRun & { url: string }> {
  const run = runRelay(['start', '--config', configFile()]);
  running.push(run);
  const [, url = ''] = await run.said(/relay listening on (\S+)/);
  return { ...run, url };
}

async function stop(run: RelayRun): Promise<void> {
  run.child.kill('SIGTERM');
  await run.ended;
}

function keepPassword(): Promise<unknown> {
  return relay(['secrets', 'set', 'pbx'], `${PASSWORD}\n`);
}

describe('secrets', () => {
  test('a password that is kept lets the relay in, and nothing that it says or writes shows it', async () => {
    write();
    const checked = await relay(['config', 'check', configFile()]);
    expect(checked.code).toBe(1);
    expect(checked.err).toMatch(
      /relay\.yaml:\d+: pbx\[0\]\.options\.password: there is no file .*"relay secrets set pbx"/,
    );
    await keepPassword();
    const run = await start();
    await run.said(/"type":"connected"/);
    await relay(['trace', 'start']);
    await relay(['call', '10', '03023125042']);
    await relay(['trace', 'bundle', join(dir, 'trace.jsonl')]);
    const said = [run.out(), run.err(), readFileSync(join(dir, 'trace.jsonl'), 'utf8')];
    for (const command of [
      ['secrets', 'list'],
      ['config', 'check', configFile()],
      ['status', '--json'],
      ['doctor', '--json'],
    ]) {
      const { out, err } = await relay(command);
      said.push(out, err);
    }
    expect(said.join('\n')).not.toContain(PASSWORD);
    expect(said[2]).toContain('"name":"makeCall"');
    expect(said[2]).not.toContain('23125042');
    expect(statSync(join(dir, 'trace.jsonl')).mode & 0o777).toBe(0o600);
  });

  test('a password that was changed is taken at the next connection, without a restart', async () => {
    write();
    await relay(['secrets', 'set', 'pbx'], 'wrong\n');
    const run = await start();
    await run.said(/the simulator refused the login/);
    await keepPassword();
    await run.said(/"type":"connected"/);
    expect((await relay(['secrets', 'remove', 'pbx'])).out).toBe('pbx is forgotten\n');
    expect((await relay(['secrets', 'remove', 'pbx'])).err).toMatch(/there is no secret pbx/);
  });
});

describe('TLS', () => {
  const tls = () => ({ tls: { cert: join(dir, 'tls', 'relay.crt'), key: join(dir, 'tls', 'relay.key') } });
  const ca = () => readFileSync(join(dir, 'tls', 'ca.crt'), 'utf8');
  async function serialAt(url: string): Promise<string> {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), servername: 'localhost', ca: ca() });
    await once(socket, 'secureConnect');
    const { serialNumber }: PeerCertificate = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  }

  /** A browser on a computer that trusts the authority, paired by the link that the relay gives. */
  async function signedIn(url: string) {
    setDefaultCACertificates([ca()]);
    const { out } = await relay(['pair', 'ada', '--json']);
    expect(out).toContain(`"url":"${url}/#pair=`);
    return await signInTo(url, await pairBrowser(url, codeIn([JSON.parse(out)])));
  }

  const usual = getCACertificates();
  beforeEach(async () => {
    write();
    await keepPassword();
  });
  afterEach(() => setDefaultCACertificates(usual));

  test('a certificate of the company’s own lets browsers in by TLS, and by nothing else', async () => {
    const made = await relay(['tls', 'init', 'localhost', '127.0.0.1']);
    expect(made.code).toBe(0);
    expect(statSync(join(dir, 'tls', 'ca.key')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 'tls', 'relay.key')).mode & 0o777).toBe(0o600);
    write({ ...tls(), listen: '0.0.0.0:0' });
    const { url } = await start();
    expect(url).toMatch(/^https:\/\/localhost:\d+$/);
    const { client } = await signedIn(url);
    client.socket.terminate();
    await expect(fetch(url.replace('https', 'http'))).rejects.toThrow();
  });

  test('without it a relay that others could reach does not start, and says how to make one', async () => {
    write({ listen: '0.0.0.0:0' });
    const { code, err } = await relay(['start']);
    expect(code).toBe(1);
    expect(err).toMatch(
      /listen: 0\.0\.0\.0 can be reached from other machines, which needs TLS: "relay tls init HOST"/,
    );
  });

  test('a renewed certificate is taken on SIGHUP, and connections that are open stay', async () => {
    await relay(['tls', 'init', 'localhost', '127.0.0.1']);
    write(tls());
    const run = await start();
    const before = await serialAt(run.url);
    const { client } = await signedIn(run.url);
    expect((await relay(['tls', 'init', 'localhost', '127.0.0.1'])).err).toMatch(/already: --renew replaces it/);
    const authority = ca();
    await relay(['tls', 'init', 'localhost', '127.0.0.1', '--renew']);
    expect(ca()).toBe(authority);
    expect(await serialAt(run.url)).toBe(before);
    run.child.kill('SIGHUP');
    await run.said(/the configuration was read anew/);
    expect(await serialAt(run.url)).not.toBe(before);
    client.send({ type: 'ping', n: 7 });
    expect(await client.next('pong')).toMatchObject({ n: 7 });
    client.socket.terminate();
  });

  test('a host that the authority was not made for is refused', async () => {
    await relay(['tls', 'init', 'localhost']);
    const { code, err } = await relay(['tls', 'init', 'relay.example', '--renew']);
    expect(code).toBe(1);
    expect(err).toMatch(/was not made for relay\.example/);
    expect((await relay(['tls', 'init', 'wss://relay.example'])).err).toMatch(/is no host name or address/);
  });
});

describe('a configuration read anew', () => {
  beforeEach(async () => {
    write();
    await keepPassword();
  });

  test('takes over what can be, names what cannot, and keeps the old one when the new one has a fault', async () => {
    const health = '127.0.0.1:0';
    write({ health });
    const run = await start();
    write({ guard: { perHour: 1 }, listen: '127.0.0.1:1', health });
    expect((await relay(['config', 'reload'])).out).toBe('in force: guard.perHour\nneeds a restart: listen.port\n');
    expect((await relay(['call', '10', '03023125010'])).code).toBe(0);
    expect((await relay(['call', '11', '03023125010'])).out).toMatch(/too many in too short a time/);
    write({ guard: { perHour: 'many' } });
    const refused = await relay(['config', 'reload']);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(
      /relay\.yaml:\d+: guard\.perHour: is the text "many".*\nthe configuration before stays/,
    );
    run.child.kill('SIGHUP');
    await run.said(/"level":"error".*guard\.perHour.*the configuration was not taken over/);
    expect((await relay(['status'])).code).toBe(0);
  });

  test('an extension that is not on the list any more is refused from then on', async () => {
    const { url } = await start();
    const before = connectTo(url);
    await before.next('challenge');
    write({ extensionOrigins: [`chrome-extension://${'b'.repeat(32)}`] });
    expect((await relay(['config', 'reload'])).out).toBe('in force: extensionOrigins[0]\n');
    expect(await connectTo(url).closed).toEqual({ code: 4403, reason: 'origin-refused' });
    before.socket.terminate();
  });

  test('contacts follow: a source that is new is imported, one that is gone is emptied', async () => {
    const file = join(dir, 'contacts.csv');
    writeFileSync(file, 'Name,Phone\nContoso Sample,03023125042\n');
    const source = { id: 'crm', kind: 'csv', file, country: 'DE' };
    const run = await start();
    write({ contacts: [source] });
    await relay(['config', 'reload']);
    await run.said(/"contacts":1,.*contacts imported/);
    write();
    await relay(['config', 'reload']);
    await run.said(/"contacts":0,.*contacts imported/);
  });

  test('the log goes on in a new file after SIGHUP, so that the old one can be moved away', async () => {
    const log = join(dir, 'relay.log');
    write({ log: { file: log } });
    const run = await start();
    renameSync(log, `${log}.1`);
    run.child.kill('SIGHUP');
    // What asks the relay comes after the signal that it got before.
    while (!existsSync(log) || !readFileSync(log, 'utf8').includes('read anew')) await relay(['status']);
    expect(statSync(log).mode & 0o077).toBe(0);
  });
});

describe('looking for a fault', () => {
  beforeEach(async () => {
    write();
    await keepPassword();
  });

  test('a raised part logs more, and falls back by itself', async () => {
    const run = await start();
    expect((await relay(['log', 'level', 'pbx', 'debug', '--for', '1h'])).out).toMatch(/usual: info\npbx: debug until/);
    await relay(['call', '10', '03023125010']);
    await run.said(/"level":"debug","time":"[^"]+","part":"pbx"/);
    await relay(['log', 'level', 'pbx', 'debug', '--for', '1s']);
    while ((await relay(['log', 'level'])).out !== 'usual: info\n');
    expect((await relay(['log', 'level', 'phones', 'debug'])).err).toMatch(/phones is no part: pbx, server/);
    expect((await relay(['log', 'level', 'pbx', 'debug', '--for', '10'])).err).toMatch(
      /--for is 10, but should be a time/,
    );
  });

  test('a trace has both wires, ends when it is told to, and writes over no file', async () => {
    await start();
    const file = join(dir, 'trace.jsonl');
    expect((await relay(['trace', 'bundle', file])).err).toMatch(/there is no trace/);
    await relay(['trace', 'start', '--for', '1h']);
    await relay(['call', '10', '03023125010']);
    expect((await relay(['trace', 'stop'])).out).toMatch(/^traced until .*: \d+ frames, \d+ KiB\n$/);
    expect((await relay(['trace', 'bundle', file])).out).toMatch(/trace\.jsonl: \d+ frames, without secrets/);
    const [head, ...frames] = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(head).toMatchObject({ relay: expect.any(String), pbx: ['simulator: connected'], trace: { isOn: false } });
    expect(frames).toContainEqual(expect.objectContaining({ wire: 'pbx', way: 'out', who: 'simulator' }));
    expect(frames).toContainEqual(expect.objectContaining({ wire: 'pbx', way: 'in' }));
    expect((await relay(['trace', 'bundle', file])).err).toMatch(/there is a file .* already/);
  });
});

describe('doctor', () => {
  const findings = async () => {
    const { code, out } = await relay(['doctor', '--json']);
    const list = out
      .trim()
      .split('\n')
      .map((line): { check: string; state: string; message: string; remedy?: string } => JSON.parse(line));
    return { code, by: Object.fromEntries(list.map((finding) => [finding.check, finding])) };
  };

  test('logs in to the phone system while no relay runs, and asks the relay while one does', async () => {
    write();
    await keepPassword();
    const before = await findings();
    expect(before.by['pbx simulator']).toMatchObject({ state: 'ok', message: 'logged in, 12 lines' });
    expect(before.by['ports']).toMatchObject({ state: 'ok' });
    expect(before.code).toBe(0);
    const run = await start();
    await run.said(/"type":"connected"/);
    const now = await findings();
    expect(now.by['relay']).toMatchObject({ state: 'ok', message: expect.stringContaining(run.url) });
    expect(now.by['pbx simulator']).toMatchObject({ state: 'ok', message: 'connected' });
    expect(now.by['store']).toMatchObject({ state: 'ok', message: expect.stringContaining('whole') });
    expect(now.by['ports']).toBeUndefined();
  });

  test('a fault is told with its remedy, and ends it with exit code 1', async () => {
    write();
    await relay(['secrets', 'set', 'pbx'], 'wrong\n');
    const { code, by } = await findings();
    expect(code).toBe(1);
    expect(by['pbx simulator']).toMatchObject({
      state: 'fail',
      message: expect.stringContaining('the simulator refused the login'),
      remedy: expect.stringContaining('password'),
    });
    write({ guard: { perHour: 0 } });
    const broken = await findings();
    expect(broken.code).toBe(1);
    expect(broken.by['config']).toMatchObject({ state: 'fail', message: expect.stringContaining('guard.perHour') });
    expect(broken.by['store']).toBeUndefined();
  });
});

describe('backup and restore', () => {
  test('a backup of a running relay brings its calls back, once the relay has ended', async () => {
    write();
    await keepPassword();
    const first = await start();
    await first.said(/"type":"connected"/);
    simulator.exchange.callIn({ to: '10', from: '03023125010' });
    const calls = async () => (await relay(['journal', '--json'])).out.trim().split('\n').filter(Boolean).length;
    while ((await calls()) === 0);
    const file = join(dir, 'backup.db');
    expect((await relay(['backup', file])).out).toMatch(/backup\.db: 1 call, \d+ KiB, checked/);
    const refused = await relay(['restore', file]);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/a relay is already running in the data folder/);
    await stop(first);
    rmSync(join(dataDir(), 'relay.db'));
    const restored = await relay(['restore', file]);
    expect(restored.out).toMatch(/^restored: 1 call, the newest of/);
    await start();
    expect(await calls()).toBe(1);
    expect(readdirSync(dataDir())).toContain('relay.db');
  });
});
