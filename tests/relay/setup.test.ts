// From nothing to a configuration that works: by questions or from a file of answers, each tried out at once.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { firewallRows } from '../../relay/src/cli/firewall.ts';
import { type Answers, AnswersSchema, REACHES, yamlOf } from '../../relay/src/cli/setup-yaml.ts';
import { readConfig } from '../../relay/src/config.ts';
import { type SimulatorServer, startSimulatorServer } from '../../relay/src/pbx/simulator/server.ts';
import { freePort } from '../../scripts/stage/stage.ts';
import { runRelay } from './process-rig.ts';

const FILE = '/etc/offhook/relay.yaml';
const ANSWERS: Answers = {
  company: 'Sample Ltd',
  country: 'DE',
  areaCode: '30',
  pbxHost: '192.0.2.20',
  pbxPort: 8732,
  pbxPassword: 'secret:pbx',
  reach: 'thisMachine',
  hosts: [],
  port: 8730,
  userLogin: 'ada',
  userName: 'Ada Sample',
  userLine: '10',
  overwrite: false,
};

describe('the file', () => {
  test('holds what was answered', () => {
    const config = readConfig(yamlOf({ ...ANSWERS, outsideLine: '0', contactsFile: 'contacts.csv' }), FILE, {});
    expect(config.pbx[0]?.location.outsideLine).toEqual({ local: '0', longDistance: '0', international: '0' });
    expect(config).toMatchObject({
      listen: { host: '127.0.0.1', port: 8730 },
      dataDir: '/etc/offhook/data',
      pbx: [{ id: 'main', options: { host: '192.0.2.20', port: 8732 }, location: { areaCode: '30' } }],
      contacts: [{ file: '/etc/offhook/contacts.csv', country: 'DE' }],
    });
    expect(config.seed.users).toMatchObject([{ login: 'ada', name: 'Ada Sample', line: '10', watch: '*' }]);
  });

  test('says what its keys are for, and how a password is referred to, never which', () => {
    const yaml = yamlOf(ANSWERS);
    expect(yaml.split('\n').filter((line) => line.trim().startsWith('#')).length).toBeGreaterThan(10);
    expect(yaml).toContain('password: "secret:pbx"');
  });

  test('no answer becomes a key, or a comment’s end', () => {
    const odd = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => v.is(AnswersSchema.entries.company, text));
    fc.assert(
      fc.property(odd, odd, fc.constantFrom(...REACHES), (company, userName, reach) => {
        const yaml = yamlOf({
          ...ANSWERS,
          company: company.trim(),
          userName: userName.trim(),
          reach,
          hosts: ['relay.example'],
        });
        const { seed, listen } = readConfig(yaml, FILE, {});
        expect(seed.tenants).toEqual([{ id: 'company', name: company.trim(), country: 'DE' }]);
        expect(seed.users[0]?.name).toBe(userName.trim());
        expect(listen.host).toBe(reach === 'tls' ? '0.0.0.0' : '127.0.0.1');
      }),
    );
  });
});

describe('the command', () => {
  let dir = '';
  let relayPort = 0;
  let simulator: SimulatorServer;
  beforeEach(async () => {
    relayPort = await freePort(0);
    dir = mkdtempSync(join(tmpdir(), 'offhook-setup-'));
    simulator = await startSimulatorServer({ port: 0, password: 'sample-password', print: () => undefined });
  });
  afterEach(async () => {
    await simulator.close();
    rmSync(dir, { recursive: true });
  });
  const file = () => join(dir, 'relay.yaml');

  async function setup(args: string[], input = '') {
    const run = runRelay(['setup', file(), ...args]);
    run.child.stdin?.end(input);
    const { code } = await run.ended;
    return { code, out: run.out(), err: run.err() };
  }

  function answers(changes: object = {}): string[] {
    const path = join(dir, 'answers.yaml');
    writeFileSync(join(dir, 'password'), 'sample-password\n', { mode: 0o600 });
    const own = { pbxHost: '127.0.0.1', pbxPort: simulator.port, pbxPassword: 'file:password' };
    const free = { port: relayPort };
    writeFileSync(path, JSON.stringify({ ...ANSWERS, ...own, ...free, ...changes }));
    return ['--answers', path];
  }

  test('asks, logs in to the phone system at once, asks again where it fails, and writes the file', async () => {
    const port = String(simulator.port);
    const typed = [
      'Sample Ltd',
      'de',
      '030',
      'n',
      '30',
      '',
      '',
      port,
      'wrong',
      'n',
      'sample-password',
      '',
      String(relayPort),
      '',
      'Ada',
    ];
    const { code, out } = await setup([], `${[...typed, 'Ada Sample', '10'].join('\n')}\n`);
    expect(out).toMatch(/Area code.*failed: areaCode: .*Keep it all the same\?.*Area code.*ok/s);
    expect(out).toMatch(/failed: disconnected \(the simulator refused the login.*ok: logged in, 12 lines/s);
    expect(code).toBe(0);
    const config = readConfig(readFileSync(file(), 'utf8'), file(), {});
    expect(config.pbx[0]?.options).toEqual({ host: '127.0.0.1', port: simulator.port, password: 'secret:pbx' });
    expect(config.seed.users[0]?.login).toBe('ada');
    expect(statSync(join(dir, 'data', 'secrets', 'pbx')).mode & 0o777).toBe(0o600);
    expect(out).not.toContain('sample-password');
  });

  test('answers that end too early write nothing', async () => {
    const { code, err } = await setup([], 'Sample Ltd\nDE\n');
    expect(code).toBe(1);
    expect(err).toMatch(/the answers ended before the questions/);
    expect(existsSync(file())).toBe(false);
  });

  test('takes answers from a file, trying each, and makes a certificate where it is wanted', async () => {
    const { code, out } = await setup(answers({ reach: 'tls', hosts: ['relay.example'] }));
    expect(out).toMatch(/ok {4}pbxPassword: logged in, 12 lines/);
    expect(code).toBe(0);
    expect(out).toMatch(/certificate for relay\.example/);
    expect(readdirSync(join(dir, 'tls')).toSorted()).toEqual(['ca.crt', 'ca.key', 'relay.crt', 'relay.key']);
  });

  test('tells all that is wrong with a file of answers, or does not work, and writes nothing', async () => {
    const wrong = await setup(answers({ country: 'Germany', reach: 'somehow', colour: 'red' }));
    expect(wrong.err).toMatch(
      /answers\.yaml: country: should be a two-letter.*answers\.yaml: reach: .*answers\.yaml: colour/s,
    );
    const failing = await setup(answers({ pbxPassword: 'file:none', contactsFile: 'none.csv' }));
    expect(failing.code).toBe(1);
    expect(failing.err).toBe('nothing was written: see pbxPassword, contactsFile above\n');
    expect(existsSync(file())).toBe(false);
  });

  test('a file that is there is not written over without a yes, and is kept then', async () => {
    writeFileSync(file(), 'listen: "127.0.0.1:1"\n');
    expect((await setup([], 'n\n')).out).toMatch(/nothing was written/);
    expect((await setup(answers())).err).toMatch(/already: "overwrite: true"/);
    expect(readFileSync(file(), 'utf8')).toBe('listen: "127.0.0.1:1"\n');
    expect((await setup(answers({ overwrite: true }))).code).toBe(0);
    const [kept = ''] = readdirSync(dir).filter((name) => name.startsWith('relay.yaml.before-'));
    expect(readFileSync(join(dir, kept), 'utf8')).toBe('listen: "127.0.0.1:1"\n');
  });
});

describe('the firewall’s table', () => {
  const rowsOf = (yaml: string) =>
    firewallRows(readConfig(yaml, FILE, {})).map(({ from, to, port, scope }) => `${from} → ${to}:${port} ${scope}`);

  test('behind a proxy, the proxy is what is opened', () => {
    expect(rowsOf('publicOrigins: ["wss://relay.example", "ws://localhost:8730"]\nhealth: "127.0.0.1:8731"')).toEqual([
      'browsers of the agents → relay.example:443 network',
      'this machine → 127.0.0.1:8730 machine',
      'this machine → 127.0.0.1:8731 machine',
    ]);
  });

  test('with TLS of its own, the relay is; phone systems are named with where they are reached', () => {
    const pbx = '{ id: main, kind: simulator, options: { host: pbx.example, port: 8732 }, location: { country: DE } }';
    expect(rowsOf(`listen: "0.0.0.0:443"\ntls: { cert: a, key: b }\npbx: [${pbx}]`)).toEqual([
      'browsers of the agents → 0.0.0.0:443 network',
      'the relay → pbx.example:8732 network',
    ]);
  });

  test('names the identity provider, at the port of its address', () => {
    const row = (issuer: string) =>
      rowsOf(`signIn: { oidc: { issuer: "${issuer}", name: ID, clientId: relay } }`).find((one) =>
        one.startsWith('the relay'),
      );
    expect(row('https://id.example/realms/a')).toBe('the relay → id.example:443 network');
    expect(row('https://id.example:8443')).toBe('the relay → id.example:8443 network');
  });

  test('names the servers that contacts come from', () => {
    const sources = [
      { kind: 'ldap', url: 'ldaps://ldap.example', base: 'dc=example' },
      { kind: 'carddav', url: 'https://cloud.example:8443/dav' },
      { kind: 'postgres', host: 'db.example', database: 'crm', user: 'reader', query: 'SELECT 1' },
      { kind: 'csv', file: 'contacts.csv' },
    ];
    const contacts = sources.map((source, index) => ({ id: `s${index}`, country: 'DE', ...source }));
    const rows = rowsOf(JSON.stringify({ contacts })).filter((row) => row.startsWith('the relay'));
    expect(rows).toEqual([
      'the relay → ldap.example:636 network',
      'the relay → cloud.example:8443 network',
      'the relay → db.example:5432 network',
    ]);
  });
});

test('the schema for editors has every key of the file, and takes the example', async () => {
  const run = runRelay(['schema']);
  expect((await run.ended).code).toBe(0);
  const schema: unknown = JSON.parse(run.out());
  expect(schema).toMatchObject({
    type: 'object',
    additionalProperties: false,
    properties: {
      listen: { default: '127.0.0.1:8730' },
      tls: { required: ['cert', 'key'] },
      guard: { type: 'object' },
    },
  });
});
