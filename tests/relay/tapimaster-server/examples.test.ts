// The examples of docs/tapimaster.md do what the page says, against a whole relay with the simulator behind it. Those in
// PowerShell are only compared with the others: there is none here. The web page is tried in tests/e2e-page.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SimulatorServer, startSimulatorServer } from '../../../relay/src/pbx/simulator/server.ts';
import { type RelayRun, runRelay } from '../process-rig.ts';

const KEY = 'sample-key-of-anna-0123456789';
const page = readFileSync(join(import.meta.dirname, '../../../docs/tapimaster.md'), 'utf8');
const exampleOf = (language: string, sign: string) => {
  const blocks = [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text = '']) => text,
  );
  const found = blocks.filter((text) => text.includes(sign));
  if (found.length !== 1) throw new Error(`${found.length} examples in ${language} with ${sign}`);
  return found[0] ?? '';
};
const isHere = (program: string) =>
  (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program)));

let dir: string;
let simulator: SimulatorServer;
let relay: RelayRun;
let port: number;

// The file names its port, so one is looked for that is free for both.
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'offhook-examples-'));
  mkdirSync(join(dir, 'cti'), { mode: 0o700 });
  writeFileSync(join(dir, 'key'), KEY, { mode: 0o600 });
  const lines = [{ extension: '100', name: 'Sample Desk' }];
  simulator = await startSimulatorServer({ port: 0, exchange: { lines }, print: () => undefined });
  port = await freePort();
  const config = {
    ...{ listen: '127.0.0.1:0', dataDir: './data' },
    pbx: [{ id: 'main', kind: 'simulator', location: { country: 'DE' }, options: { port: simulator.port } }],
    seed: {
      tenants: [{ id: 'sample', name: 'Sample Company', country: 'DE' }],
      users: [{ login: 'anna', name: 'Anna Sample', line: '100' }],
    },
    tapiMasterServer: {
      ...{ tcp: `127.0.0.1:${port}`, udp: `127.0.0.1:${port}` },
      callers: [
        { user: 'anna', key: 'file:key' },
        { user: 'anna', folder: './cti' },
      ],
    },
  };
  writeFileSync(join(dir, 'relay.yaml'), JSON.stringify(config));
  relay = runRelay(['start', '--config', join(dir, 'relay.yaml')]);
  await relay.said(/"type":"connected"/);
  await relay.said(/relay listening on/);
});
afterAll(async () => {
  relay.child.kill('SIGTERM');
  await relay.ended;
  await simulator.close();
  rmSync(dir, { recursive: true });
});

/** Runs an example; resolves with what it printed, and the number of calls that reached the phone system by it. */
async function run(program: string, args: (text: string) => string[], example: string) {
  const before = simulator.exchange.received().length;
  const env = { ...process.env, OFFHOOK_KEY: KEY, OFFHOOK_FOLDER: join(dir, 'cti') };
  const { stdout } = await promisify(execFile)(program, args(example.replaceAll('2503', String(port))), { env });
  return { said: stdout, calls: () => simulator.exchange.received().slice(before) };
}

function hangUp(): void {
  simulator.exchange.hands.hangUp('100');
}

describe('the examples', () => {
  it.each([
    ['sh', 'nc -N', 'nc'],
    ['sh', 'nc -u', 'nc'],
    ['sh', 'curl', 'curl'],
    ['python', 'create_connection', 'python3'],
  ])('in %s with %s: one call, and the answer is printed', async (language, sign, program) => {
    if (!isHere(program)) return console.info(`skipped: needs ${program}`);
    const runner = language === 'python' ? 'python3' : 'sh';
    const { said, calls } = await run(runner, (text) => ['-c', text], exampleOf(language, sign));
    expect(said.trim()).toBe('OK done');
    expect(calls()).toMatchObject([{ name: 'makeCall', lineKey: '100', dialString: '03023125042' }]);
    hangUp();
  });

  it('with a file: one call, and the answer lies beside', async () => {
    const called = new Promise<void>((resolve) => {
      const stop = simulator.exchange.onEvent((event) => {
        if (event.type !== 'outcome') return;
        stop();
        resolve();
      });
    });
    const { calls } = await run('sh', (text) => ['-c', text], exampleOf('sh', 'call.CTI'));
    await called;
    await relay.said(/"way":"folder"/);
    expect(calls()).toMatchObject([{ name: 'makeCall', lineKey: '100', dialString: '03023125042' }]);
    hangUp();
  });

  it('in PowerShell and in the page ask for the same as the one with curl', () => {
    const urlIn = (text: string) => /http:\/\/[^\s"']+/.exec(text)?.[0];
    const wanted = urlIn(exampleOf('sh', 'curl'));
    expect(wanted).toBe('http://127.0.0.1:2503/MakeCall%20100%2003023125042');
    expect(urlIn(exampleOf('powershell', 'Invoke-RestMethod'))).toBe(wanted);
    expect(urlIn(exampleOf('html', 'fetch'))).toBe(wanted);
    for (const [language, sign] of [
      ['powershell', 'Invoke-RestMethod'],
      ['html', 'fetch'],
    ] as const) {
      expect(exampleOf(language, sign)).toMatch(/Authorization\W+Bearer /);
    }
  });

  it('the relay says at its start what is risky, and nothing of the key', () => {
    const said = relay.out() + relay.err();
    expect(said).toContain('the TAPIMaster interface is open');
    expect(said).not.toContain(KEY);
    expect(said).not.toContain('23125042');
  });
});

it('the configuration of the page is one', async () => {
  const { readConfig } = await import('../../../relay/src/config.ts');
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  expect(blocks).toHaveLength(2);
  for (const block of blocks) expect(() => readConfig(block, join(dir, 'other.yaml'), {})).not.toThrow();
});
