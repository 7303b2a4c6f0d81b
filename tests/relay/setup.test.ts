// From nothing to a configuration that works: by questions or from a file of answers, each tried out at once.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { firewallRows } from '../../relay/src/cli/firewall.ts';
import { usualPbxPort } from '../../relay/src/cli/setup-pbx.ts';
import { type Draft, QUESTIONS } from '../../relay/src/cli/setup-questions.ts';
import { AnswerSchema, type Answers, AnswersSchema, REACHES, yamlOf } from '../../relay/src/cli/setup-yaml.ts';
import { readConfig } from '../../relay/src/config.ts';
import { PBX_KINDS, type PbxKind } from '../../relay/src/pbx/index.ts';
import { type SimulatorServer, startSimulatorServer } from '../../relay/src/pbx/simulator/server.ts';
import { freePort } from '../../scripts/stage/stage.ts';
import { startAmiServer } from '../fakes/asterisk/ami-server.ts';
import { createOffice } from '../fakes/asterisk/office.ts';
import { startNfonServer } from '../fakes/nfon-server.ts';
import { startFakeTapiMaster } from '../fakes/tapimaster.ts';
import { runRelay } from './process-rig.ts';

const FILE = '/etc/offhook/relay.yaml';
const ANSWERS: Answers = {
  company: 'Sample Ltd',
  country: 'DE',
  areaCode: '30',
  pbxKind: 'simulator',
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
    const odd = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => v.is(AnswerSchema.entries.company, text));
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

const { pbxHost: _host, pbxPort: _port, pbxPassword: _password, ...WITHOUT_PBX } = ANSWERS;
const PBX_ANSWERS: Record<PbxKind, Partial<Answers>> = {
  simulator: {},
  asterisk: { pbxUsername: 'offhook', pbxPassword: 'secret:pbx' },
  nfon: { pbxAccount: 'K1234', pbxPassword: 'secret:pbx' },
  tapimaster: { pbxExtensions: ['100', '*18'] },
};

describe('the phone system', () => {
  const configOf = (pbxKind: PbxKind, own: Partial<Answers> = {}) => {
    const answers = v.parse(AnswersSchema, { ...WITHOUT_PBX, pbxKind, ...PBX_ANSWERS[pbxKind], ...own });
    return readConfig(yamlOf(answers), FILE, {}).pbx[0];
  };

  test.each(PBX_KINDS)('%s: least answers make a block that the relay takes', (kind) => {
    expect(configOf(kind)).toMatchObject({ id: 'main', kind, location: { country: 'DE', areaCode: '30' } });
  });

  test('an Asterisk with TLS, its own certificate and features', () => {
    const own = { pbxHost: 'pbx.example', pbxTls: true, pbxCa: '/etc/ca.pem', pbxContext: 'phones' } as const;
    expect(configOf('asterisk', { ...own, pbxFeatures: 'freepbx', outsideLine: '0' })).toMatchObject({
      options: {
        ...{ host: 'pbx.example', port: 5039, tls: { ca: '/etc/ca.pem' }, username: 'offhook' },
        ...{ password: 'secret:pbx', dialContext: 'phones', features: 'freepbx' },
      },
      location: { outsideLine: { local: '0' } },
    });
    expect(usualPbxPort('asterisk', { pbxTls: false })).toBe(5038);
  });

  test('an account at NFON with a user of its own', () => {
    expect(configOf('nfon', { pbxUsername: 'K1234/crm' })?.options).toMatchObject({
      ...{ account: 'K1234', username: 'K1234/crm', password: 'secret:pbx' },
    });
  });

  test('what a kind needs is asked for by name, and what belongs to another one is not taken in silence', () => {
    const read = v.safeParse(AnswersSchema, { ...WITHOUT_PBX, pbxKind: 'nfon', pbxHost: 'pbx.example' });
    const problems = read.issues?.map((issue) => `${v.getDotPath(issue)} ${issue.message}`);
    expect(problems).toEqual([
      'pbxAccount is missing: nfon needs it',
      'pbxPassword is missing: nfon needs it',
      'pbxHost does not belong to nfon',
    ]);
  });
});

describe('the login', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'offhook-setup-'));
    writeFileSync(join(dir, 'right'), 'sample-password\n', { mode: 0o600 });
    writeFileSync(join(dir, 'wrong'), 'other-password\n', { mode: 0o600 });
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const tried = (key: keyof Answers, draft: Draft) =>
    QUESTIONS.find((question) => question.key === key)?.test?.(draft, join(dir, 'relay.yaml'));

  test('to an Asterisk is tried as it will be', async () => {
    const office = createOffice(['100', '101'], () => undefined);
    const users = { offhook: 'sample-password' };
    const server = await startAmiServer({
      users,
      answer(action) {
        if (action['Action'] !== 'CoreShowChannels') return office.answer(action) ?? { response: {} };
        return { response: {}, list: { items: [], complete: 'CoreShowChannelsComplete' } };
      },
    });
    const draft: Draft = { pbxKind: 'asterisk', pbxPort: server.port, pbxUsername: 'offhook', country: 'DE' };
    try {
      expect(await tried('pbxPassword', { ...draft, pbxPassword: 'file:right' })).toEqual({
        ...{ isGood: true, message: 'logged in, 3 lines' },
      });
      const wrong = await tried('pbxPassword', { ...draft, pbxPassword: 'file:wrong' });
      expect(wrong).toMatchObject({ isGood: false, message: expect.stringContaining('refused the login of offhook') });
      const lost = await tried('pbxPassword', { ...draft, pbxPassword: 'file:right', pbxTls: true, pbxCa: 'none.pem' });
      expect(lost).toMatchObject({ isGood: false, message: expect.stringContaining(join(dir, 'none.pem')) });
      expect(await tried('pbxPassword', draft)).toMatchObject({ message: 'pbxPassword is missing: asterisk needs it' });
    } finally {
      await server.close();
    }
  });

  test('to NFON is tried as it will be', async () => {
    const server = await startNfonServer({ account: 'K1234', username: 'K1234', password: 'sample-password' });
    const draft: Draft = { pbxKind: 'nfon', pbxAccount: 'K1234', pbxUrl: server.baseUrl, country: 'DE' };
    try {
      const right = await tried('pbxPassword', { ...draft, pbxPassword: 'file:right' });
      expect(right).toMatchObject({ isGood: true, message: expect.stringMatching(/^logged in, [1-9]/) });
      const wrong = await tried('pbxPassword', { ...draft, pbxPassword: 'file:wrong' });
      expect(wrong).toMatchObject({ isGood: false, message: expect.stringContaining('refused the credentials') });
    } finally {
      await server.close();
    }
  });

  test('to a TAPIMaster, which knows none, is a connection', async () => {
    const tapiMaster = await startFakeTapiMaster();
    const draft: Draft = { pbxKind: 'tapimaster', pbxExtensions: ['100', '101'], country: 'DE' };
    const right = await tried('pbxExtensions', { ...draft, pbxPort: tapiMaster.tcp });
    expect(right).toEqual({ isGood: true, message: 'logged in, 2 lines' });
    await tapiMaster.close();
    expect(await tried('pbxExtensions', { ...draft, pbxPort: tapiMaster.tcp })).toMatchObject({ isGood: false });
    expect(tapiMaster.lines).toEqual([]);
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
      ...['', '', port, 'wrong', 'n'],
      ...['', '', '', 'sample-password'],
      ...['', ''],
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

  test('another kind of phone system is asked its own questions, and what was answered for the first one is forgotten', async () => {
    const gone = await freePort(0);
    const first = ['tapimaster', '', String(gone), '100, 101', 'n'];
    const second = ['simulator', '', String(simulator.port), 'sample-password'];
    const typed = [
      'Sample Ltd',
      '',
      '30',
      ...first,
      ...second,
      '',
      '',
      String(relayPort),
      '',
      'ada',
      'Ada Sample',
      '10',
    ];
    const { code, out, err } = await setup([], `${typed.join('\n')}\n`);
    expect(err).toBe('');
    expect(out).toMatch(/extensions of its lines.*failed: .*port \[8732\].*ok: logged in, 12 lines/s);
    expect(code).toBe(0);
    const config = readConfig(readFileSync(file(), 'utf8'), file(), {});
    expect(config.pbx[0]).toMatchObject({ kind: 'simulator', options: { port: simulator.port } });
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
      {
        kind: 'csv',
        file: 'contacts.csv',
        live: { url: 'https://crm.example/api/{id}', facts: [{ label: 'Tickets', field: 'open' }] },
      },
    ];
    const contacts = sources.map((source, index) => ({ id: `s${index}`, country: 'DE', ...source }));
    const rows = rowsOf(JSON.stringify({ contacts })).filter((row) => row.startsWith('the relay'));
    expect(rows).toEqual([
      'the relay → ldap.example:636 network',
      'the relay → cloud.example:8443 network',
      'the relay → db.example:5432 network',
      'the relay → crm.example:443 network',
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
