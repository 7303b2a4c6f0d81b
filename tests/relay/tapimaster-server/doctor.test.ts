// What the doctor and the configuration say about the TAPIMaster server.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkTapiMaster, checkTapiMasterPorts } from '../../../relay/src/cli/doctor-tapimaster.ts';
import { firewallRows } from '../../../relay/src/cli/firewall.ts';
import { readConfig } from '../../../relay/src/config.ts';
import { secretsOf } from '../../../relay/src/config-outside.ts';

let dir: string;
const config = (settings: unknown) =>
  readConfig(JSON.stringify({ tapiMasterServer: settings }), join(dir, 'relay.yaml'), {});
const findings = (settings: unknown, env = {}) =>
  checkTapiMaster(config(settings), env).map(({ state, message }) => `${state}: ${message}`);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'offhook-tapimaster-doctor-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('the doctor', () => {
  it('says nothing where the server is off', async () => {
    const off = readConfig('', join(dir, 'relay.yaml'), {});
    expect(checkTapiMaster(off, {})).toEqual([]);
    expect(await checkTapiMasterPorts(off)).toEqual([]);
  });

  it('is content with keys that nobody guesses', () => {
    const settings = { tcp: '127.0.0.1:2503', callers: [{ user: 'anna', key: 'env:KEY' }] };
    expect(findings(settings, { KEY: '0123456789abcdef' })).toEqual(['ok: 1 callers, keys and folders are in order']);
    expect(findings(settings, { KEY: 'guess' })).toEqual(['fail: the key of anna is shorter than 16 characters']);
    expect(secretsOf(config(settings))).toMatchObject([{ keys: ['tapiMasterServer', 'callers', 0, 'key'] }]);
  });

  it('finds folders that are not there, or into which everybody can write', () => {
    const settings = { callers: [{ user: 'anna', folder: './anna' }] };
    expect(findings(settings)).toMatchObject([expect.stringMatching(/^fail: .*anna is not there/)]);
    mkdirSync(join(dir, 'anna'));
    chmodSync(join(dir, 'anna'), 0o777);
    expect(findings(settings)).toMatchObject([expect.stringMatching(/^fail: everybody can write into/)]);
    chmodSync(join(dir, 'anna'), 0o770);
    expect(findings(settings)).toMatchObject([expect.stringMatching(/^ok/)]);
  });

  it('finds a table that says nothing', () => {
    const settings = { extensions: './FCTIIPEX.INI', callers: [{ user: 'anna', folder: '.' }] };
    expect(findings(settings)[0]).toMatch(/^warn: .*cannot be read/);
    writeFileSync(join(dir, 'FCTIIPEX.INI'), '127.0.0.1=100\r\n');
    expect(findings(settings)[0]).toMatch(/^warn: .*gives no address/);
    writeFileSync(join(dir, 'FCTIIPEX.INI'), '[Extensions]\r\n127.0.0.1=100\r\n');
    expect(findings(settings)[0]).toMatch(/^ok/);
  });

  it('names every risk', () => {
    const settings = {
      ...{ tcp: '0.0.0.0:2503', udp: '0.0.0.0:2503', otherMachines: true, acceptUnterminated: true },
      origins: ['https://crm.example'],
      callers: [
        { user: 'anna', addresses: ['127.0.0.1'], plainGet: true },
        { user: 'ben', key: 'env:KEY' },
      ],
    };
    const text = findings(settings, { KEY: '0123456789abcdef' }).join('\n');
    for (const word of ['plainGet', 'addresses', 'udp', 'key', 'origins', 'acceptUnterminated']) {
      expect(text).toContain(`warn: ${word}: `);
    }
    expect(text).toContain('everybody who is signed in at this machine');
  });

  it('finds ports that are taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const callers = [{ user: 'anna', addresses: ['127.0.0.1'] }];
    const taken = await checkTapiMasterPorts(config({ tcp: `127.0.0.1:${port}`, udp: '127.0.0.1:0', callers }));
    expect(taken.map(({ state }) => state)).toEqual(['fail', 'ok']);
    await new Promise((resolve) => server.close(resolve));
  });
});

it('the table for the firewall has its doors', () => {
  const settings = { tcp: '127.0.0.1:2503', udp: '0.0.0.0:2503', otherMachines: true };
  const rows = firewallRows(config(settings)).filter(({ port }) => port === 2503);
  expect(rows.map(({ protocol, scope }) => `${protocol} ${scope}`)).toEqual(['TCP machine', 'UDP network']);
});

describe('the configuration', () => {
  it.each([
    [{ tcp: '0.0.0.0:2503' }, 'can be reached from other machines'],
    [{ udp: '192.168.1.5:2503' }, 'can be reached from other machines'],
    [{ tcp: '127.0.0.1:2503', callers: [{ user: 'anna' }] }, 'recognised by nothing'],
    [{ callers: [{ user: 'anna', addresses: ['127.0.0.1'] }] }, 'nowhere to call'],
    [{ tcp: '127.0.0.1:1', callers: [{ user: 'anna', key: 'env:KEY', plainGet: true }] }, 'no key'],
    [{ tcp: '127.0.0.1:1', callers: [{ user: 'anna', addresses: ['10.0.0.0/33'] }] }, 'should be an IP address'],
    [{ tcp: '127.0.0.1:1', callers: [{ user: 'anna', key: 'the key itself' }] }, 'does not belong into this file'],
    [{ origins: ['crm.example/page'] }, 'without a path'],
    [
      { callers: ['anna', 'ben'].map((user) => ({ user, folder: user === 'anna' ? 'cti' : './cti/' })) },
      'another caller',
    ],
    [{ tpc: '127.0.0.1:1' }, 'did you mean "tcp"'],
  ])('refuses %j', (settings, words) => {
    expect(() => config(settings)).toThrow(words);
  });
});
