// The configuration is read strictly, and every fault says which key, where and what to do.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RIGHTS } from '@offhook/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Config, loadConfig, publicOriginsOf, readConfig } from '../../relay/src/config.ts';
import { ConfigError, listenError } from '../../relay/src/config-error.ts';
import { seedOf } from '../../relay/src/seed.ts';

const PBX = `
pbx:
  - id: main
    kind: simulator
    options: { port: 8732 }
    location: { country: DE }
`;

function faultOf(read: () => unknown): ConfigError {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

const read = (yaml: string, env = {}): Config => readConfig(yaml, '/etc/offhook/relay.yaml', env);

describe('defaults', () => {
  test('an empty file gives a relay on loopback with the data folder beside the file', () => {
    const config = read('');
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 8730 });
    expect(config.dataDir).toBe('/etc/offhook/data');
    expect(config.guard).toEqual({
      perHour: 120,
      burstPerMinute: 10,
      newCountries: 'ask',
      countries: [],
      inCallCodes: ['##'],
    });
    expect(config.extensionOrigins).toHaveLength(1);
  });

  test('extensions may dial the loopback spellings of the port that was really bound', () => {
    expect(publicOriginsOf(read('listen: "127.0.0.1:0"'), { port: 4711 })).toEqual([
      'ws://127.0.0.1:4711',
      'ws://localhost:4711',
    ]);
    expect(publicOriginsOf(read('publicOrigins: ["wss://relay.example"]'), { port: 4711 })).toEqual([
      'wss://relay.example',
    ]);
    expect(publicOriginsOf(read('listen: "[::1]:8730"'), { port: 8730 })[0]).toBe('ws://[::1]:8730');
  });

  test('paths are relative to the file, the environment goes before it', () => {
    const config = read('dataDir: ../var\nlog: { file: relay.log }\n', {
      OFFHOOK_LOG_LEVEL: 'debug',
      OFFHOOK_LISTEN: '127.0.0.1:1',
    });
    expect(config.dataDir).toBe('/etc/var');
    expect(config.log).toEqual({ level: 'debug', file: '/etc/offhook/relay.log' });
    expect(config.listen.port).toBe(1);
    expect(read('', { OFFHOOK_DATA_DIR: '/srv/data' }).dataDir).toBe('/srv/data');
  });

  test('the forms of the CRM are those of the only tenant', () => {
    const seed = 'seed: { tenants: [{ id: sample, name: Sample, country: DE }] }';
    const time = 'https://crm.example/time/new?from={from}&to={to}&n={number.national}';
    expect(read(`entryForms: [{ time: "${time}" }]\n${seed}`).entryForms).toEqual([{ tenant: 'sample', time }]);
    expect(read('').entryForms).toEqual([]);
  });

  test('the example file is good', () => {
    const config = loadConfig(join(import.meta.dirname, '../../relay/relay.example.yaml'), {});
    expect(config.pbx[0]?.tenant).toBe('sample');
    expect(config.contacts[0]).toMatchObject({
      kind: 'csv',
      file: expect.stringMatching(/relay\/sample\/contacts\.csv$/),
    });
  });
});

describe('faults', () => {
  const faults: [yaml: string, path: string, line: number, words: RegExp][] = [
    ['log:\n  levl: info', 'log.levl', 2, /did you mean "level"/],
    ['listn: "127.0.0.1:1"', 'listn', 1, /did you mean "listen"/],
    ['colour: red', 'colour', 1, /known here: listen, tls, health/],
    ['guard:\n  perHour: many', 'guard.perHour', 2, /is the text "many", but should be a number/],
    ['guard:\n  perHour: 0', 'guard.perHour', 2, /at least 1/],
    ['log: { level: loud }', 'log.level', 1, /should be one of "debug"/],
    ['listen: 8730', 'listen', 1, /HOST:PORT/],
    ['listen: "127.0.0.1:99999"', 'listen', 1, /above 65535/],
    ['pbx:\n  - kind: simulator\n    location: { country: DE }', 'pbx[0].id', 2, /is missing/],
    ['contacts:\n  - { id: a, kind: csvv, file: x, country: DE }', 'contacts[0].kind', 2, /one of "csv", "vcard"/],
    [
      'contacts:\n  - { id: a, kind: ldap, url: "ldaps://h", bsae: x, base: x, country: DE }',
      'contacts[0].bsae',
      2,
      /did you mean "base"/,
    ],
    [
      'contacts:\n  - { id: a, kind: ldap, url: "ldap://h.example", base: x, country: DE, bindDn: a, password: "env:A" }',
      'contacts[0].url',
      2,
      /would send the password unencrypted/,
    ],
    [
      'contacts:\n  - { id: a, kind: carddav, url: "https://h.example", country: DE, username: anna }',
      'contacts[0].username',
      2,
      /needs "password", too/,
    ],
    [
      'contacts:\n  - { id: a, kind: postgres, host: h, database: d, user: u, password: "env:A", query: x, country: DE }',
      'contacts[0].password',
      2,
      /unencrypted: add "tls: \{\}"/,
    ],
    [
      'contacts:\n  - { id: a, kind: json, url: "ftp://h.example", fields: {}, country: DE }',
      'contacts[0].url',
      2,
      /should be an https/,
    ],
    [
      'contacts:\n  - { id: a, kind: vcard, file: x, country: DE, every: 10s }',
      'contacts[0].every',
      2,
      /a time such as 15m/,
    ],
    [
      'pbx:\n  - id: main\n    kind: simulatr\n    location: { country: DE }',
      'pbx[0].kind',
      3,
      /should be one of "simulator"/,
    ],
    [
      `${PBX}  - id: b\n    kind: simulator\n    options: { prt: 1 }\n    location: { country: DE }`,
      'pbx[1].options.port',
      9,
      /is missing/,
    ],
    [PBX.replace('DE', 'de'), 'pbx[0].location.country', 6, /two-letter country code/],
    ['publicOrigins: ["ws://relay.example"]', 'publicOrigins[0]', 1, /not encrypted/],
    ['publicOrigins: ["http://127.0.0.1"]', 'publicOrigins[0]', 1, /ws:\/\/HOST:PORT/],
    ['extensionOrigins: ["*"]', 'extensionOrigins[0]', 1, /32 letters/],
    [
      'entryForms:\n  - activity: "https://crm.example/new?who={caller}"',
      'entryForms[0].activity',
      2,
      /unknown placeholder \{caller\} \(known: \{contact\.id\}, .*\{to\}/,
    ],
    [
      'entryForms:\n  - { activity: "https://crm.example/new",\n      time: "javascript:alert({note})" }',
      'entryForms[0].time',
      3,
      /should begin with https:\/\//,
    ],
    [
      'pbx:\n  - id: main\n    kind: simulator\n    options: { port: 8732 }\n    location:\n      country: BR',
      'pbx[0].location.internationalPrefix',
      5,
      /is missing: in BR it depends on the carrier.* such as internationalPrefix: "00"/,
    ],
    [
      'pbx:\n  - id: main\n    kind: simulator\n    options: { port: 8732 }\n    location:\n      country: DE\n      stripAreaCodeForLocal: true',
      'pbx[0].location.areaCode',
      5,
      /is missing: stripAreaCodeForLocal needs to know/,
    ],
    [
      'pbx:\n  - id: main\n    kind: simulator\n    options: { port: 8732 }\n    location:\n      country: DE\n      format: international\n      carrierCode: "01033"',
      'pbx[0].location.carrierCode',
      8,
      /only dialled with the format "phoneBook"/,
    ],
    [
      'pbx:\n  - id: main\n    kind: simulator\n    options: { port: 8732 }\n    location:\n      country: DE\n      outsideLine: 0',
      'pbx[0].location.outsideLine',
      7,
      /should be digits, \* or # in quotes, such as "0"/,
    ],
    [
      'contacts:\n  - { id: crm, kind: csv, file: a.csv, country: DE,\n      urlTemplate: "https://crm.example/{phone}" }',
      'contacts[0].urlTemplate',
      3,
      /unknown placeholder \{phone\} \(known: \{id\}, \{number\}/,
    ],
    ['entryForms:\n  - time: "https://{contact.company}/new"', 'entryForms[0].time', 2, /without placeholder/],
    ['entryForms:\n  - timeUrl: "https://crm.example/new"', 'entryForms[0].timeUrl', 2, /known here: tenant, activity/],
    [
      'entryForms:\n  - time: "https://a.example/"\n  - time: "https://b.example/"',
      'entryForms[1].tenant',
      3,
      /same as that of entry 1/,
    ],
    ['entryForms:\n  - { tenant: x, time: "https://a.example/" }', 'entryForms[0].tenant', 2, /not in seed\.tenants/],
    ['listen: "0.0.0.0:8730"', 'listen', 1, /needs TLS: "relay tls init HOST"/],
    ['health: "0.0.0.0:8731"', 'health', 1, /give it a loopback address/],
    [
      'tls: { cert: a.crt, key: a.key }\npublicOrigins: ["ws://127.0.0.1:8730"]',
      'publicOrigins[0]',
      2,
      /should begin with wss/,
    ],
    [
      'tls: { cert: a.crt, key: a.key, passphrase: hunter2 }',
      'tls.passphrase',
      1,
      /should say where the secret stands/,
    ],
    ['tls: { cert: a.crt, key: a.key, passphrase: 12345 }', 'tls.passphrase', 1, /does not belong into this file/],
    [
      `${PBX.replace('8732', '8732, password: "secret:"')}`,
      'pbx[0].options.password',
      5,
      /"env:NAME", "file:PATH" or "secret:NAME"/,
    ],
    ['listen: "192.0.2.7:8730"', 'listen', 1, /publicOrigins/],
    [`${PBX}seed:\n  users:\n    - { login: anna, name: Anna, line: 18 }`, 'seed.users[0].line', 9, /in quotes/],
    [
      `${PBX}seed:\n  users:\n    - { login: anna, name: Anna, watch: "18" }`,
      'seed.users[0].watch',
      9,
      /"\*" \(in quotes\) or a list/,
    ],
    [
      `${PBX}seed:\n  users:\n    - { login: anna, name: Anna, line: other/18 }`,
      'seed.users[0].line',
      9,
      /"other" is not the id/,
    ],
    ['seed:\n  users:\n    - { login: anna, name: Anna, line: "18" }', 'seed.users[0].line', 3, /no phone system/],
    [
      'contacts:\n  - { id: crm, kind: csv, file: a.csv, country: DE, tenant: x }',
      'contacts[0].tenant',
      2,
      /not in seed\.tenants/,
    ],
  ];
  test.each(faults.map(([yaml, path, line, words]) => ({ yaml, path, line, words })))(
    '$path on line $line is told as $words',
    ({ yaml, path, line, words }) => {
      const error = faultOf(() => read(yaml));
      expect(error.path).toBe(path);
      expect(error.faults[0]?.line).toBe(line);
      expect(error.message).toMatch(words);
      expect(error.message).toContain(`/etc/offhook/relay.yaml:${line}: ${path}: `);
    },
  );

  test('all faults are told at once, in the order of the file', () => {
    const error = faultOf(() => read('guard: { perHour: x }\nlog: { level: y }\nlisten: 5'));
    expect(error.faults.map((fault) => fault.path)).toEqual(['guard.perHour', 'log.level', 'listen']);
  });

  test('two listeners on one port: both keys are named', () => {
    const error = faultOf(() => read('listen: "127.0.0.1:8730"\nhealth: "127.0.0.1:8730"'));
    expect(error.message).toMatch(/"listen" and "health" are both on port 8730/);
    expect(read('listen: "127.0.0.1:0"\nhealth: "127.0.0.1:0"').health?.port).toBe(0);
  });

  test('two phone systems of one name, two users of one login, several tenants and none named', () => {
    const twice = `pbx:\n${PBX.slice(6)}${PBX.slice(6)}`;
    expect(faultOf(() => read(twice)).message).toMatch(/pbx\[1\]\.id: is the same as that of entry 1/);
    const tenants = 'seed: { tenants: [{ id: a, name: A, country: DE }, { id: b, name: B, country: DE }] }';
    expect(faultOf(() => read(`${PBX}${tenants}`)).message).toMatch(/pbx\[0\]\.tenant: is missing: there are several/);
  });

  test('a file that is not there, and one that is no YAML, say so', () => {
    expect(faultOf(() => loadConfig('/nowhere/relay.yaml', {})).message).toMatch(
      /no such file: name one with --config/,
    );
    const error = faultOf(() => read('listen: "a\nlog: ['));
    expect(error.message).toMatch(/relay\.yaml:\d+: is not valid YAML/);
    expect(faultOf(() => read('- a list')).message).toMatch(/should be a block of keys/);
  });

  test.each(['seed:\n  users:\n    - { login: anna, name: Anna, watch: * }', 'log:\n\n  level: *info'])(
    'a star without quotes is told with its line and the remedy: %j',
    (yaml) => {
      const error = faultOf(() => read(yaml));
      expect(error.message).toMatch(/relay\.yaml:3: is not valid YAML: .*begins with \* needs quotes/);
    },
  );

  test('no YAML makes anything but a configuration or a ConfigError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (yaml) => {
        try {
          read(yaml);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a listener that cannot start', () => {
  test('a port in use is a fault of its key', async () => {
    const first = createServer();
    const port = await new Promise<number>((done) => {
      first.listen(0, '127.0.0.1', () => {
        const address = first.address();
        done(typeof address === 'object' ? (address?.port ?? 0) : 0);
      });
    });
    const second = createServer();
    const cause = await new Promise<unknown>((done) => {
      second.once('error', done);
      second.listen(port, '127.0.0.1');
    });
    const error = listenError('listen', { host: '127.0.0.1', port }, cause);
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain(`listen: port ${port} on 127.0.0.1 is in use by another program`);
    await new Promise((done) => first.close(done));
  });

  test('an error that is not about the address stays what it is', () => {
    const cause = new Error('something else');
    expect(listenError('health', { host: '127.0.0.1', port: 1 }, cause)).toBe(cause);
  });
});

describe('seed', () => {
  const lineIdOf = (pbx: string, key: string) => `${pbx}:${key}`;

  test('an own line carries every right, what is watched only the rights that were given', () => {
    const seed = seedOf(
      read(`${PBX}seed:
  users:
    - { login: anna, name: Anna Sample, line: '18', watch: '*', pickup: ['10'], control: ['11'] }
`),
      lineIdOf,
    );
    expect(seed.tenants).toEqual([{ tenantId: 'default', name: 'Company', country: 'DE' }]);
    expect(seed.users[0]).toMatchObject({ userId: 'default.anna', login: 'anna', tenantId: 'default' });
    expect(seed.grants).toContainEqual({ userId: 'default.anna', lineId: 'main:18', rights: [...RIGHTS], isOwn: true });
    expect(seed.grants).toContainEqual({ userId: 'default.anna', lineId: '*', rights: ['watch'], isOwn: false });
    expect(seed.grants).toContainEqual({
      userId: 'default.anna',
      lineId: 'main:10',
      rights: ['watch', 'pickup'],
      isOwn: false,
    });
    expect(seed.grants).toContainEqual({
      userId: 'default.anna',
      lineId: 'main:11',
      rights: ['watch', 'control'],
      isOwn: false,
    });
    expect(seed.grants).toHaveLength(4);
  });

  test('a line of the seed is found by its extension, whatever its key', () => {
    const seed = seedOf(
      read(`${PBX}seed:
  lines: [{ pbx: main, key: SIP/anna, extension: '18', name: Anna }]
  users: [{ login: anna, name: Anna Sample, line: main/18 }]
`),
      lineIdOf,
    );
    expect(seed.lines[0]).toMatchObject({ lineId: 'main:SIP/anna', extension: '18', tenantId: 'default' });
    expect(seed.grants[0]?.lineId).toBe('main:SIP/anna');
  });
});

describe('from a file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'offhook-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('the data folder is found beside the file', () => {
    writeFileSync(join(folder, 'relay.yaml'), 'dataDir: here');
    expect(loadConfig(join(folder, 'relay.yaml'), {}).dataDir).toBe(join(folder, 'here'));
  });
});
