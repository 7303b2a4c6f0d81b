// Each check of the doctor finds what it is there for, and says what to do.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { issueServerCertificate, makeAuthority } from '../../relay/src/certificate-authority.ts';
import {
  checkClock,
  checkLogins,
  checkModes,
  checkNode,
  checkPorts,
  checkSecrets,
  checkSpace,
  checkStore,
  checkTls,
  checkUser,
  findingsOf,
} from '../../relay/src/cli/doctor-checks.ts';
import { readConfig } from '../../relay/src/config.ts';
import { startSimulatorServer } from '../../relay/src/pbx/simulator/server.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import { aConversation, SEED } from '../fakes/store-rows.ts';

const DAY_MS = 24 * 3_600_000;
let dir = '';
const at = (...names: string[]) => join(dir, ...names);
const configOf = (yaml = '') => readConfig(yaml, at('relay.yaml'), {});

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'offhook-doctor-'));
  writeFileSync(at('relay.yaml'), '', { mode: 0o640 });
});
afterEach(() => rmSync(dir, { recursive: true }));

async function aStore(): Promise<void> {
  mkdirSync(at('data'), { mode: 0o700 });
  const store = openSqliteStore(at('data'));
  await store.seed(SEED);
  await store.saveConversation(aConversation());
  await store.close();
}

describe('the machine', () => {
  test('an old Node fails, root is warned of', () => {
    expect(checkNode('22.20.0')).toMatchObject({ state: 'fail', remedy: expect.stringContaining('Node 24') });
    expect(checkNode('24.0.0').state).toBe('ok');
    expect(checkUser(0).state).toBe('warn');
    expect(checkUser(1000).state).toBe('ok');
    expect(checkUser(undefined).state).toBe('ok');
  });

  test('room is told where the data folder will be, too', () => {
    expect(checkSpace(configOf('dataDir: a/b/c')).message).toMatch(/^\d+(\.\d GB| MB) free/);
  });

  test('a clock before the newest call fails', async () => {
    await aStore();
    expect(checkClock(configOf(), new Date('2026-11-21T09:00:00Z'))).toMatchObject({ state: 'fail' });
    expect(checkClock(configOf(), new Date('2026-11-21T10:00:30Z')).state).not.toBe('fail');
    expect(checkClock(configOf('dataDir: none'), new Date()).state).not.toBe('fail');
  });
});

describe('files', () => {
  test('a data folder, database or secret that others can read fails', async () => {
    await aStore();
    expect(checkModes(configOf()).state).toBe('ok');
    chmodSync(at('data', 'relay.db'), 0o644);
    expect(checkModes(configOf())).toMatchObject({
      state: 'fail',
      message: expect.stringMatching(/relay\.db can be read by others/),
    });
    chmodSync(at('data', 'relay.db'), 0o600);
    chmodSync(at('data'), 0o755);
    expect(checkModes(configOf()).state).toBe('fail');
  });

  test('a configuration that others can write is warned of', () => {
    chmodSync(at('relay.yaml'), 0o666);
    expect(checkModes(configOf())).toMatchObject({
      state: 'warn',
      message: expect.stringContaining('can be written by others'),
    });
  });

  test('the database: none yet, whole, damaged, another program’s, a newer relay’s', async () => {
    expect(checkStore(configOf())).toMatchObject({ state: 'ok', message: expect.stringContaining('no database yet') });
    await aStore();
    expect(checkStore(configOf())).toMatchObject({ state: 'ok', message: expect.stringContaining('whole, 1 call,') });
    const change = (sql: string) => {
      const db = new DatabaseSync(at('data', 'relay.db'));
      db.exec(sql);
      db.close();
    };
    change('PRAGMA user_version = 1');
    expect(checkStore(configOf()).message).toMatch(/the next start brings it to schema/);
    change('PRAGMA user_version = 999');
    expect(checkStore(configOf())).toMatchObject({ state: 'fail', message: expect.stringContaining('newer relay') });
    change('PRAGMA application_id = 1');
    expect(checkStore(configOf()).message).toMatch(/another program/);
    writeFileSync(at('data', 'relay.db'), 'x'.repeat(9_000));
    expect(checkStore(configOf())).toMatchObject({ state: 'fail', remedy: expect.stringContaining('relay restore') });
  });
});

describe('secrets and certificate', () => {
  const authority = makeAuthority({ name: 'Sample', hosts: ['relay.example'], now: new Date() });
  const yaml = 'tls: { cert: relay.crt, key: relay.key }\n';
  function aCertificate(madeAt = new Date()): void {
    const issued = issueServerCertificate(authority, { hosts: ['relay.example'], now: madeAt });
    writeFileSync(at('relay.crt'), issued.cert);
    writeFileSync(at('relay.key'), issued.key, { mode: 0o600 });
  }

  test('a secret that is not there fails', () => {
    const pbx = '{ id: main, kind: simulator, options: { port: 1, password: "env:PBX" }, location: { country: DE } }';
    const config = configOf(`pbx: [${pbx}]`);
    expect(checkSecrets(config, {})).toMatchObject({ state: 'fail', message: expect.stringContaining('PBX') });
    expect(checkSecrets(config, { PBX: 'sample' })).toEqual({
      check: 'secrets',
      state: 'ok',
      message: '1 can be read',
    });
  });

  test('a certificate is told with its hosts and its end, and warned of before it', () => {
    aCertificate();
    const now = Date.now();
    expect(checkTls(configOf(), {}, now).message).toMatch(/browsers on other machines need a proxy/);
    expect(checkTls(configOf(yaml), {}, now)).toMatchObject({
      state: 'ok',
      message: expect.stringContaining('relay.example'),
    });
    expect(checkTls(configOf(yaml), {}, now + 800 * DAY_MS)).toMatchObject({ state: 'warn' });
    expect(checkTls(configOf(yaml), {}, now + 900 * DAY_MS)).toMatchObject({
      state: 'fail',
      message: expect.stringContaining('ran out'),
    });
  });

  test('a public address that the certificate is not for fails', () => {
    aCertificate();
    const other = checkTls(configOf(`${yaml}publicOrigins: ["wss://other.example"]`), {}, Date.now());
    expect(other).toMatchObject({ state: 'fail', message: expect.stringContaining('not for other.example') });
    expect(checkTls(configOf('tls: { cert: none, key: none }'), {}, Date.now()).state).toBe('fail');
  });
});

describe('the network', () => {
  test('a port in use fails, with its key', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
      });
    });
    const found = await checkPorts(configOf(`listen: "127.0.0.1:0"\nhealth: "127.0.0.1:${port}"`));
    expect(found).toMatchObject({ state: 'fail', message: expect.stringContaining(`health: port ${port}`) });
    await new Promise((resolve) => other.close(resolve));
    expect((await checkPorts(configOf('listen: "127.0.0.1:0"'))).state).toBe('ok');
  });

  test('logs in to each phone system and leaves again', async () => {
    const simulator = await startSimulatorServer({ port: 0, password: 'right', print: () => undefined });
    const one = (id: string, name: string) =>
      `{ id: ${id}, kind: simulator, options: { port: ${simulator.port}, password: "env:${name}" }, location: { country: DE } }`;
    const config = configOf(`pbx: [${one('good', 'RIGHT')}, ${one('bad', 'WRONG')}]`);
    const findings = await checkLogins(config, { RIGHT: 'right', WRONG: 'wrong' });
    expect(findings).toMatchObject([
      { check: 'pbx good', state: 'ok', message: 'logged in, 12 lines' },
      { check: 'pbx bad', state: 'fail', message: expect.stringContaining('refused the login') },
    ]);
    await simulator.close();
  });

  test('what a running relay says of its phone systems is taken as it is', () => {
    expect(findingsOf(['main: connected', 'other: disconnected (no answer: 5 s)'])).toMatchObject([
      { check: 'pbx main', state: 'ok' },
      { check: 'pbx other', state: 'fail', message: 'disconnected (no answer: 5 s)' },
    ]);
  });
});
