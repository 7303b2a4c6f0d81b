// The command line as people and scripts use it: real processes, results on standard output, errors in words.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ERROR_CODES, type JournalEntry } from '@offhook/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runDeskWords } from '../../relay/src/cli/desk-words.ts';
import { deviceText } from '../../relay/src/cli/devices.ts';
import { errorWords } from '../../relay/src/cli/error-words.ts';
import { entryText, lineText } from '../../relay/src/cli/line-text.ts';
import {
  ControlError,
  type ControlHandlers,
  type ControlServer,
  controlPath,
  createControlServer,
} from '../../relay/src/control.ts';
import { connectDesk } from '../../relay/src/pbx/simulator/desk-client.ts';
import { startSimulatorServer } from '../../relay/src/pbx/simulator/server.ts';
import { aLine, noHandlers } from '../fakes/control.ts';

const MAIN = join(import.meta.dirname, '../../relay/src/main.ts');
let dataDir = '';
let server: ControlServer | undefined;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-cli-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(dataDir, { recursive: true });
});

async function aRelay(handlers: Partial<ControlHandlers>): Promise<void> {
  const path = controlPath(dataDir);
  server = await createControlServer({ path, handlers: { ...noHandlers, ...handlers }, onError: () => undefined });
}

function start(args: readonly string[]) {
  return spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, NO_COLOR: '1', TZ: 'UTC' } });
}

async function relay(...args: string[]): Promise<{ out: string; err: string; exitCode: number | null }> {
  const child = start(args);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.end();
  await once(child, 'close');
  return { out, err, exitCode: child.exitCode };
}

const anEntry: JournalEntry = {
  entryId: 'v1',
  conversationId: 'v1',
  direction: 'inbound',
  lineId: 'l18',
  remote: { number: { kind: 'e164', number: '+493023125042' }, name: 'Contoso Sample', verified: false },
  startedAt: '2026-11-21T10:01:02.000Z',
  answeredAt: '2026-11-21T10:01:10.000Z',
  endedAt: '2026-11-21T10:01:44.000Z',
  isEstimated: false,
  outcome: 'answered',
};

describe('commands to a running relay', () => {
  test('pair shows the code, its end and the link, or all of it as JSON', async () => {
    const item = {
      code: 'BCD-FGHJK',
      user: 'Anna Sample',
      endsAt: '2026-11-21T10:10:00.000Z',
      url: 'http://127.0.0.1:8730/#pair=BCDFGHJK',
    };
    await aRelay({ pair: async ({ user }, { emit }) => emit({ ...item, user }) });
    const inWords = await relay('pair', 'anna', '--data', dataDir);
    expect(inWords.out).toContain('Code for anna: BCD-FGHJK   good until 10:10:00');
    expect(inWords.out).toContain('http://127.0.0.1:8730/#pair=BCDFGHJK');
    const asJson = await relay('pair', 'anna', '--data', dataDir, '--json');
    expect(JSON.parse(asJson.out)).toEqual({ ...item, user: 'anna' });
    expect(asJson.exitCode).toBe(0);
  });

  test('lines and the journal print one line each', async () => {
    await aRelay({
      lines: async (_args, { emit }) => emit(aLine({ state: 'ringing' })),
      journal: async ({ limit }, { emit }) => {
        for (let index = 0; index < limit; index += 1) emit(anEntry);
      },
    });
    expect((await relay('lines', '--data', dataDir)).out).toBe(
      '-           l18  18      Anna Sample               ringing\n',
    );
    const journal = await relay('journal', '--limit', '2', '--data', dataDir);
    expect(journal.out.split('\n')[0]).toBe('2026-11-21 10:01:02  ←  18  +493023125042 Contoso Sample  answered 0:34');
    expect(journal.out.trim().split('\n')).toHaveLength(2);
    expect((await relay('journal', '--limit', 'x', '--data', dataDir)).err).toMatch(/--limit is x, but should be/);
  });

  test('the journal shows what agents said of a call, and what they wrote in lines below it', async () => {
    await aRelay({
      lines: async () => undefined,
      journal: async (_args, { emit }) =>
        emit({ ...anEntry, disposition: 'callBack', note: 'Wants an offer.\nOn Monday.' }),
    });
    const lines = (await relay('journal', '--data', dataDir)).out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/ {2}answered 0:34 {2}\[call back\]$/);
    expect(lines.slice(1)).toEqual(['        Wants an offer.', '        On Monday.']);
  });

  test('a call that fails says why and ends with exit code 1, one that is carried out with 0', async () => {
    await aRelay({
      async call({ line, number }, { emit }) {
        emit({ state: 'sent', dialled: number });
        if (line === '18') emit({ state: 'failed', code: 'pbx-rejected', params: { cause: 'busy' } });
        else emit({ state: 'done', callId: 'c1' });
      },
    });
    const failed = await relay('call', '18', '030 23125042', '--data', dataDir);
    expect(failed.out).toBe(
      'line 18 dials 030 23125042: sent\nline 18: failed: the phone system refused (cause: busy)\n',
    );
    expect(failed.exitCode).toBe(1);
    const done = await relay('call', '10', '+493023125042', '--data', dataDir, '--json');
    expect(
      done.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).state),
    ).toEqual(['sent', 'done']);
    expect(done.exitCode).toBe(0);
  });

  test('watch streams until it is interrupted', async () => {
    const hungUp = Promise.withResolvers<void>();
    await aRelay({
      async watch({ line }, { emit, signal }) {
        emit(aLine({ extension: line }));
        await once(signal, 'abort');
        hungUp.resolve();
      },
    });
    const child = start(['watch', '18', '--json', '--data', dataDir]);
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    expect(JSON.parse(line)).toMatchObject({ extension: '18', state: 'idle' });
    child.kill('SIGINT');
    await hungUp.promise;
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
  });

  test('without a relay every command says which folder was looked in and how to start one', async () => {
    const { err, exitCode, out } = await relay('lines', '--data', dataDir);
    expect(err).toBe(
      `no relay is running in ${dataDir}: start it with "relay start --data ${dataDir}", or name its data folder with --data\n`,
    );
    expect([exitCode, out]).toEqual([1, '']);
    expect((await relay('lines', '--data', join(dataDir, 'none'))).err).toContain('(there is no such folder)');
  });

  test('a reader that has enough ends the command, and is no error', async () => {
    await aRelay({
      async lines(_args, { emit, signal }) {
        while (!signal.aborted) {
          emit(aLine());
          await new Promise((next) => setImmediate(next));
        }
      },
    });
    const child = start(['lines', '--data', dataDir]);
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await once(child, 'exit');
    expect([child.exitCode, err]).toEqual([0, '']);
  });

  test('a refusal of the relay is told in its words', async () => {
    await aRelay({
      pair: async () => {
        throw new ControlError('refused', 'there is no user eve');
      },
    });
    const { err, exitCode } = await relay('pair', 'eve', '--data', dataDir);
    expect([err, exitCode]).toEqual(['there is no user eve\n', 1]);
  });
});

describe('config check and start', () => {
  test('a good file is good, a faulty one is told fault by fault', async () => {
    const file = join(dataDir, 'relay.yaml');
    writeFileSync(file, 'guard:\n  perHour: 10\n');
    expect((await relay('config', 'check', file)).out).toMatch(/relay\.yaml is good/);
    writeFileSync(file, 'guard:\n  perHuor: 10\n');
    const faulty = await relay('config', 'check', file);
    expect(faulty.err).toBe(`${file}:2: guard.perHuor: is not a known key (did you mean "perHour"?)\n`);
    expect(faulty.exitCode).toBe(1);
    const asJson = await relay('config', 'check', file, '--json');
    expect(JSON.parse(asJson.out)).toMatchObject({ ok: false, faults: [{ path: 'guard.perHuor', line: 2 }] });
    const started = await relay('start', '--config', file);
    expect([started.err, started.exitCode]).toEqual([faulty.err, 1]);
  });

  test('a missing file names the way out', async () => {
    const { err, exitCode } = await relay('start', '--config', join(dataDir, 'none.yaml'));
    expect(err).toMatch(/none\.yaml: there is no such file: name one with --config/);
    expect(exitCode).toBe(1);
  });
});

describe('simulate', () => {
  test('it says where it listens, does what is typed and ends on quit', async () => {
    const child = start(['simulate', '--port', '0', '--lines', '9']);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => (await lines.next()).value;
    expect(await next()).toMatch(/^simulator listening on 127\.0\.0\.1:\d+$/);
    child.stdin.write('call 03023125042 18 Contoso Sample\nlift 18\nlift 99\nfly 18\n');
    expect(await next()).toMatch(/^rings: /);
    expect(await next()).toBe('done');
    expect(await next()).toBe('there is no such line, or nothing to do on it: 99');
    expect(await next()).toBe('"fly" is none of the words; "help" lists them');
    child.stdin.write('quit\n');
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
  });

  test('a port that is no port is refused in words', async () => {
    const { err, exitCode } = await relay('simulate', '--port', 'high');
    expect([err, exitCode]).toEqual(['--port is high, but should be a whole number from 0 to 65535\n', 1]);
  });

  test('a port in use is told in words', async () => {
    const simulator = await startSimulatorServer({ port: 0, print: () => undefined });
    const { err, exitCode } = await relay('simulate', '--port', String(simulator.port));
    expect([err, exitCode]).toEqual([`the simulator cannot listen on 127.0.0.1:${simulator.port}\n`, 1]);
    await simulator.close();
  });

  test('every word does its deed at the desk', async () => {
    const simulator = await startSimulatorServer({ port: 0, print: () => undefined });
    const desk = await connectDesk({ port: simulator.port });
    const say = (words: string) => runDeskWords(desk, words);
    expect(await say('call - 18')).toMatch(/^rings: /);
    expect(await say('state')).toMatch(/^18 {2}\S.*offering inbound withheld$/m);
    expect(await say('reject 18')).toBe('done');
    expect(await say('dial 10 03023125042')).toBe('done');
    expect(await say('leaves 10 busy')).toBe('done');
    expect(await say('hang 10')).toBe('done');
    expect(await say('logout 18')).toBe('done');
    expect(await say('call 03023125042 18')).toMatch(/^nobody rings/);
    expect(await say('login 18')).toBe('done');
    expect(await say('dnd 18 on')).toBe('done');
    expect(await say('orders')).toBe('');
    expect(await say('cut')).toBe('done');
    expect(await say('')).toBe('');
    expect(await say('lift')).toMatch(/which line/);
    expect(await say('toString')).toMatch(/none of the words/);
    expect(await say('help')).toContain('call FROM TO');
    desk.close();
    await simulator.close();
  });
});

describe('words', () => {
  test('every error code has words', () => {
    for (const code of ERROR_CODES) expect(errorWords(code).length).toBeGreaterThan(10);
  });

  test('a line with a call, do not disturb and no phone', () => {
    const line = aLine({
      state: 'unavailable',
      unavailableReason: 'noPhone',
      dnd: true,
      calls: [
        {
          callId: 'c1',
          conversationId: 'v1',
          direction: 'outbound',
          state: 'failed',
          cause: 'busy',
          remote: { number: { kind: 'hidden' }, verified: false },
          answerReported: true,
          ageMs: 65_400,
          capabilities: [],
        },
      ],
    });
    expect(lineText(line).split('\n')).toEqual([
      '18      Anna Sample               unavailable (noPhone)  do not disturb',
      '        → hidden  failed (busy)  1:05  c1',
    ]);
  });

  test('a device that is here, here twice, away, new or revoked', () => {
    const device = {
      deviceId: 'd-1',
      user: 'ada',
      name: 'Sample browser',
      browser: 'firefox',
      pairedAt: '2026-11-21T10:01:02.000Z',
      sessions: 0,
    } as const;
    const lastSeenAt = '2026-11-22T10:01:02.000Z';
    expect(deviceText(device)).toMatch(
      /^d-1 {2}ada {7}Sample browser {2}firefox {2}paired 2026-11-21 .* {2}never seen$/,
    );
    expect(deviceText({ ...device, lastSeenAt })).toMatch(/last seen 2026-11-22/);
    expect(deviceText({ ...device, lastSeenAt, sessions: 1 })).toMatch(/ {2}connected$/);
    expect(deviceText({ ...device, lastSeenAt, sessions: 2 })).toMatch(/connected 2 times at once/);
    expect(deviceText({ ...device, lastSeenAt, revokedAt: lastSeenAt })).toMatch(/revoked 2026-11-22/);
  });

  test('an entry that goes on and one whose times are a guess', () => {
    const { endedAt: _end, outcome: _outcome, ...open } = anEntry;
    expect(entryText(open)).toMatch(/going on$/);
    expect(entryText({ ...anEntry, isEstimated: true })).toMatch(/answered 0:34 \(estimated\)$/);
  });
});
