// The relay as a process of its own, started as its users start it, with what a test needs of it: what it says, how it
// ends, and browsers that are paired with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerMessage } from '@offhook/protocol';
import { controlPath } from '../../relay/src/control.ts';
import { DEMO_EXTENSION_ID } from '../../relay/src/extension-ids.ts';
import { type SimulatorServer, startSimulatorServer } from '../../relay/src/pbx/simulator/server.ts';
import { connectWire, enrolKey, helloOf, type WireClient, type WireDevice } from './wire-client.ts';

const MAIN = join(import.meta.dirname, '../../relay/src/main.ts');
const LIMIT_MS = 30_000;

export interface RelayRun {
  child: ChildProcess;
  out(): string;
  err(): string;
  /** The match as soon as standard output or error has it; rejects when the process ends without it. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Runs the command line. `preload` is JavaScript that runs in the process before it, `main` the file that is run. */
export function runRelay(args: readonly string[], { preload = '', main = MAIN } = {}): RelayRun {
  const nodeArgs = preload === '' ? [] : ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
  const child = spawn(process.execPath, [...nodeArgs, main, ...args], { env: { ...process.env, NO_COLOR: '1' } });
  let [out, err] = ['', ''];
  const looking = new Set<() => void>();
  const heard = () => {
    for (const look of looking) look();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    heard();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    heard();
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    child,
    out: () => out,
    err: () => err,
    ended,
    said(pattern) {
      return new Promise((resolve, reject) => {
        const fail = (why: string) => reject(new Error(`${why} without saying ${pattern}: ${out}${err}`));
        const limit = setTimeout(() => fail(`${LIMIT_MS / 1000} s went by`), LIMIT_MS);
        const look = () => {
          const found = pattern.exec(out) ?? pattern.exec(err);
          if (!found) return;
          looking.delete(look);
          clearTimeout(limit);
          resolve(found);
        };
        looking.add(look);
        look();
        void ended.then(() => {
          clearTimeout(limit);
          fail('the process ended');
        });
      });
    },
  };
}

/** A relay with a simulator in this process, in a folder of its own, on a port that the system chose. */
export interface LoneRelay extends RelayRun {
  url: string;
  controlPath: string;
  /** Its configuration file. */
  config: string;
  simulator: SimulatorServer;
  /** Runs a command against it, to its end; answers what it printed, line by line. */
  cli(...args: string[]): Promise<unknown[]>;
  close(): Promise<void>;
}

/**
 * Starts one; resolves when it listens. Two agents: `ada` on line 10, who watches all, and `ben` on line 11. `contacts` is
 * the content of a CSV file.
 */
export async function startLoneRelay({ preload = '', contacts = '' } = {}): Promise<LoneRelay> {
  const dir = mkdtempSync(join(tmpdir(), 'offhook-process-'));
  const simulator = await startSimulatorServer({ port: 0, print: () => undefined });
  const config = join(dir, 'relay.yaml');
  const dataDir = join(dir, 'data');
  const file = join(dir, 'contacts.csv');
  writeFileSync(file, contacts);
  const sources = contacts === '' ? [] : [{ id: 'crm', kind: 'csv', file, country: 'DE' }];
  const written = { ...configOf({ dataDir, pbxPort: simulator.port }), contacts: sources };
  writeFileSync(config, JSON.stringify(written));
  const run = runRelay(['start', '--config', config], { preload });
  const close = async () => {
    run.child.kill('SIGKILL');
    await run.ended;
    await simulator.close();
    rmSync(dir, { recursive: true });
  };
  try {
    const [, url = ''] = await run.said(/relay listening on (\S+)/);
    const cli = (...args: string[]) => runCli([...args, '--config', config]);
    return { ...run, url, config, controlPath: controlPath(dataDir), simulator, cli, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A configuration with port 0 and one simulator. */
export function configOf({ dataDir, pbxPort }: { dataDir: string; pbxPort: number }) {
  return {
    listen: '127.0.0.1:0',
    dataDir,
    pbx: [{ id: 'simulator', kind: 'simulator', location: { country: 'DE' }, options: { port: pbxPort } }],
    seed: {
      tenants: [{ id: 'sample', name: 'Sample company', country: 'DE' }],
      users: [
        { login: 'ada', name: 'Ada Sample', line: '10', watch: '*' },
        { login: 'ben', name: 'Ben Sample', line: '11' },
      ],
    },
  };
}

async function runCli(args: readonly string[]): Promise<unknown[]> {
  const run = runRelay([...args, '--json']);
  const { code } = await run.ended;
  if (code !== 0) throw new Error(`relay ${args.join(' ')} ended with ${code}: ${run.err()}`);
  return run
    .out()
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

/** A browser's connection to the relay whose start page is at `url`, not signed in. */
export function connectTo(url: string, onFrame?: (message: ServerMessage) => void): WireClient {
  const headers = { Origin: `chrome-extension://${DEMO_EXTENSION_ID}` };
  return connectWire(`${url.replace(/^http/, 'ws')}/v1`, headers, { onFrame });
}

/** Pairs a browser by a code, as `relay pair` shows it. */
export async function pairBrowser(url: string, code: string): Promise<WireDevice> {
  const client = connectTo(url);
  await client.next('challenge');
  const device = await enrolKey(client, { code, origin: url.replace(/^http/, 'ws') });
  client.socket.terminate();
  await client.closed;
  return device;
}

/** A paired browser's connection after its welcome, subscribed to all lines and the journal. */
export async function signInTo(
  url: string,
  device: WireDevice,
  onFrame?: (message: ServerMessage) => void,
): Promise<{ client: WireClient; userId: string }> {
  const client = connectTo(url, onFrame);
  const { nonce } = await client.next('challenge');
  client.send(helloOf(device, device.proof(nonce)));
  const { user } = await client.next('welcome');
  client.send({ type: 'subscribe', lines: ['*'], journal: true });
  return { client, userId: user.userId };
}

/** The code in what `relay pair --json` printed. */
export function codeIn([answer]: readonly unknown[]): string {
  if (typeof answer === 'object' && answer !== null && 'code' in answer) return String(answer.code);
  throw new Error(`relay pair answered ${JSON.stringify(answer)}`);
}
