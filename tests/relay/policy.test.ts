// `relay policy test`: the explanation is that of the code that dials, the file is enough for it, and with a user the
// running relay says from which lines and how often. Real processes for what is printed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainDialling } from '@offhook/protocol/explain-dialling';
import { locationOf } from '@offhook/protocol/location-settings';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diallingLines, remedyFor } from '../../relay/src/cli/dial-words.ts';
import { type ControlHandlers, type ControlServer, controlPath, createControlServer } from '../../relay/src/control.ts';
import { createGuard } from '../../relay/src/guard.ts';
import { policyHandlers } from '../../relay/src/policy-commands.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { noHandlers } from '../fakes/control.ts';
import { aGrant, aLine, aViewer, BERLIN } from './builders.ts';

const MAIN = join(import.meta.dirname, '../../relay/src/main.ts');
const DRESDEN = locationOf({ country: 'DE', areaCode: '351', outsideLine: '0', carrierCode: '01033' });

const linesFor = (text: string) => diallingLines(text, DRESDEN, explainDialling(text, DRESDEN));

describe('the explanation', () => {
  test('names what the number was read as, the rules and every part of the digits', () => {
    expect(linesFor('0 01033 0044 20 7946 0018')).toEqual([
      'read as   +44 20 7946 0018, a fixed-line number: it has a country code; "0" before it is the outside line; ' +
        '"01033" before it is the carrier',
      'rules     allowed, an international call',
      'dialled   0              outside line',
      '          01033          carrier',
      '          00             prefix for numbers with a country code',
      '          442079460018   country code and number',
      'digits    00103300442079460018',
    ]);
  });

  test.each([
    ['112', 'confirmation: an emergency number, dialled once the agent has confirmed it, without limits'],
    ['116117', 'confirmation: a service number, dialled once the agent has confirmed it, without limits'],
  ])('says that %j is asked about first', (text, words) => {
    expect(linesFor(text).join('\n')).toContain(words);
  });

  test.each([
    ['118 33', 'refused (policy-blocked, service): service numbers are dialled on the phone itself'],
    ['*21#', 'refused (policy-blocked, code): feature codes are dialled on the phone itself'],
    ['0900 1 234567', 'refused (policy-blocked, premium): premium-rate numbers are never dialled'],
    ['+881 6 12345678', 'refused (policy-blocked, satellite): satellite and international network numbers'],
    ['call me', 'refused (number-invalid): there is nothing that could be dialled'],
  ])('says by which rule %j is refused', (text, words) => {
    const lines = linesFor(text);
    expect(lines[1]).toContain(words);
    expect(lines).toHaveLength(2);
  });

  test('the digits are the parts in their order', () => {
    for (const text of ['18', '4911705', '030 23125042', '+1 212 555 0100', '0180 5 123456']) {
      const { parts, verdict } = explainDialling(text, DRESDEN);
      expect(parts.map(({ digits }) => digits).join('')).toBe(verdict.dialString);
    }
  });

  test('says which outside line it is where there are several', () => {
    const place = locationOf({ country: 'DE', areaCode: '351', outsideLine: { local: '8', longDistance: '0' } });
    const lines = diallingLines('4911705', place, explainDialling('4911705', place));
    expect(lines).toContain('dialled   8              outside line for local calls');
  });
});

test('a number in the own area that keeps its area code is not said to be without', () => {
  const place = locationOf({ country: 'DE', areaCode: '351', outsideLine: '0', stripAreaCodeForLocal: true });
  const partsFor = (text: string) => diallingLines(text, place, explainDialling(text, place)).slice(2);
  expect(partsFor('0351 4911705')).toContain('          4911705        number in the own area');
  expect(partsFor('0351 1105123')).toContain('          3511105123     area code and number');
});

describe('the remedy', () => {
  const bare = locationOf({ country: 'DE' });
  test.each([
    ['call me', 'write digits, for example +49 30 23125042'],
    ['030 23125042, 030 23125043', 'write one number'],
    ['+49 112', 'check country code and length'],
    ['01033 0351 4911705', 'set carrierCode'],
    ['4911705', 'set areaCode'],
    ['011 49 30 23125042', 'write it as in DE'],
  ])('for %j', (text, words) => {
    expect(remedyFor(text, bare, explainDialling(text, bare))).toContain(words);
  });

  test('there is none for a number', () => {
    expect(remedyFor('030 23125042', bare, explainDialling('030 23125042', bare))).toBeUndefined();
  });
});

describe('callers', () => {
  test('has the lines that the user may operate, why one cannot call, and what is left of the allowance', async () => {
    const clock = createFakeClock();
    const guard = createGuard({ limits: { perHour: 120, burstPerMinute: 10 }, clock });
    const viewer = aViewer({
      userId: 'anna',
      grants: [
        { userId: 'anna', lineId: 'l18', rights: [], isOwn: true },
        aGrant('anna', 'l10', 'watch', 'control'),
        aGrant('anna', 'l11', 'watch'),
      ],
    });
    guard.spend('anna');
    const { callers } = policyHandlers({
      store: { users: async () => [viewer.user] },
      access: { viewer: async () => viewer },
      switchboard: {
        lines: () => [
          aLine({ lineId: 'l10', extension: '10', capabilities: [] }),
          aLine({ lineId: 'l11', extension: '11' }),
          aLine({ lineId: 'l18', extension: '18' }),
        ],
      },
      guard,
      locationOf: () => BERLIN,
    });
    const items: unknown[] = [];
    await callers({ user: 'anna' }, { emit: (item) => items.push(item), signal: new AbortController().signal });
    expect(items).toEqual([
      {
        user: 'anna',
        left: { hour: 119, minute: 9 },
        places: [
          {
            pbx: 'pbx-1',
            location: BERLIN,
            lines: [
              { extension: '10', name: 'Sample Desk', isOwn: false, obstacle: 'not-supported' },
              { extension: '18', name: 'Sample Desk', isOwn: true },
            ],
          },
        ],
      },
    ]);
  });
});

describe('the command', () => {
  let dataDir = '';
  let server: ControlServer | undefined;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'offhook-policy-'));
    const place = (id: string, location: string) =>
      `  - { id: ${id}, kind: simulator, options: { port: 8732 }, location: ${location} }\n`;
    const main = place('main', '{ country: DE, areaCode: "30", outsideLine: "0" }');
    writeFileSync(join(dataDir, 'relay.yaml'), `pbx:\n${main}${place('nyc', '{ country: US, outsideLine: "9" }')}`);
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
    rmSync(dataDir, { recursive: true });
  });

  async function policyTest(...args: string[]) {
    const all = [MAIN, 'policy', 'test', ...args];
    const child = spawn(process.execPath, all, { env: { ...process.env, NO_COLOR: '1' } });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdin.end();
    await once(child, 'close');
    return { out, err, exitCode: child.exitCode };
  }
  const inFile = (...args: string[]) => policyTest(...args, '--config', join(dataDir, 'relay.yaml'));

  test('explains a number from every phone system of the file, without a relay', async () => {
    const { out, exitCode } = await inFile('+49 30 23125042');
    expect(out).toContain('from phone system main (DE, area 30, phoneBook)\n');
    expect(out).toContain('  digits    003023125042\n');
    expect(out).toContain('from phone system nyc (US, phoneBook)\n');
    expect(out).toContain('  digits    9011493023125042\n');
    expect(exitCode).toBe(0);
  });

  test('ends with 1 for what is not dialled, and says what to do', async () => {
    const { out, exitCode } = await inFile('call me', '--pbx', 'main');
    expect(out).toContain('  remedy    write digits');
    expect(exitCode).toBe(1);
  });

  test('is one JSON object a phone system for programs', async () => {
    const { out } = await inFile('112', '--pbx', 'main', '--json');
    expect(JSON.parse(out)).toMatchObject({
      pbx: 'main',
      reading: 'service',
      verdict: { decision: 'confirm', code: 'confirmation-needed', params: { reason: 'emergency' } },
      parts: [{ code: 'number', digits: '112' }],
    });
  });

  test.each([
    [['', '--pbx', 'main'], /there is no number: write it in quotes/],
    [['18', '--pbx', 'paris'], /no phone system to call from is called paris: there are main, nyc/],
  ])('%j is told in one sentence', async (args, words) => {
    const { err, exitCode } = await inFile(...args);
    expect(err).toMatch(words);
    expect(exitCode).toBe(1);
  });

  test('with a user, adds lines and allowance of the running relay', async () => {
    const callers: ControlHandlers['callers'] = async ({ user }, { emit }) =>
      emit({
        user,
        left: { hour: 119, minute: 9 },
        places: [
          {
            pbx: 'main',
            location: BERLIN,
            lines: [
              { extension: '10', name: 'Sample Desk', isOwn: false, obstacle: 'not-supported' },
              { extension: '18', name: 'Anna Sample', isOwn: true },
            ],
          },
        ],
      });
    const path = controlPath(dataDir);
    server = await createControlServer({ path, handlers: { ...noHandlers, callers }, onError: () => undefined });
    const { out, exitCode } = await policyTest('030 23125042', '--user', 'anna', '--data', dataDir);
    expect(out).toContain('  digits    003023125042\n');
    expect(out).toContain(
      '  anna may call from line 18 (Anna Sample, own), line 10 (Sample Desk, which cannot start calls)\n' +
        '  anna may still start 119 calls within this hour, 9 within this minute\n',
    );
    expect(exitCode).toBe(0);
  });

  test('without a relay, a user cannot be asked for', async () => {
    const { err, exitCode } = await policyTest('18', '--user', 'anna', '--data', dataDir);
    expect(err).toMatch(/no relay is running in .*: start it with/);
    expect(exitCode).toBe(1);
  });
});
