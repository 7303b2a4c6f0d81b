// Sets the stage for people and tests: the simulated phone system and the relay as processes of their own, in a data
// folder of their own, with sample lines, agents and contacts. `npm start`, the tour, the user stories and the bench
// stand on it, so that all of them meet the product as users start it.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { JournalEntry, Line } from '@offhook/protocol';
import { callControl, controlPath } from '../../relay/src/control.ts';
import { connectDesk, type Desk } from '../../relay/src/pbx/simulator/desk-client.ts';

/** The checkout. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const RELAY_MAIN = join(ROOT, 'relay', 'src', 'main.ts');
const START_LIMIT_MS = 60_000;
// What the demo CRM's forms take from their address.
const FORM_QUERY =
  'contact={contact.id}&subject={subject}&from={from}&to={to}&number={number}&direction={direction}&outcome={outcome}' +
  '&result={result}&line={line}&user={user}&note={note}';

/** An agent of the seed: `line` is the own one, `watch` those of colleagues. */
export interface StageAgent {
  login: string;
  name: string;
  line: string;
  watch: '*' | readonly string[];
}

/** Ada sees everybody, Ben nobody but himself. */
const STAGE_AGENTS: readonly StageAgent[] = [
  { login: 'ada', name: 'Ada Sample', line: '10', watch: '*' },
  { login: 'ben', name: 'Ben Sample', line: '11', watch: [] },
];

export interface StageOptions {
  /** Where configuration, data and logs live; without it a temporary folder that `close` removes. */
  dir?: string;
  /** Where the CRM that contacts link to is served. */
  crmUrl?: string;
  /** Preferred port of the relay; another free one is taken when it is in use. */
  port?: number;
  lines?: number;
  agents?: readonly StageAgent[];
  guard?: { perHour: number; burstPerMinute: number };
  /** More keys of relay.yaml. */
  relayKeys?: Readonly<Record<string, unknown>>;
  /** Arguments for `relay simulate`, for a demo that lives by itself. */
  simulatorArgs?: readonly string[];
}

export interface RelayProcess {
  readonly pid: number | undefined;
  /** The relay's log so far, all its lives together. */
  output(): string;
  start(): Promise<void>;
  /** As a crash: SIGKILL. */
  kill(): Promise<void>;
  /** As an admin would: SIGTERM. */
  stop(): Promise<void>;
}

export interface Stage {
  dir: string;
  /** The start page, `'http://127.0.0.1:8730'`. */
  relayUrl: string;
  relay: RelayProcess;
  /** The outside world and the handsets. */
  desk: Desk;
  /** Runs a CLI command of the relay with `--json` and answers what it printed, line by line. */
  cli(...args: string[]): Promise<unknown[]>;
  /** A line as the relay has it, as soon as it fits; rejects after `limitMs`, saying what it was instead. */
  lineUntil(extension: string, what: string, fits: (line: Line) => boolean, limitMs?: number): Promise<Line>;
  /** The relay's journal, newest first. */
  journal(): Promise<JournalEntry[]>;
  /** A pairing link for an agent, as `relay pair` prints it. */
  pairingLink(login: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts simulator and relay; resolves when both answer. */
export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'offhook-'));
  mkdirSync(dir, { recursive: true });
  const simulator = await startSimulator(options);
  const port = await freePort(options.port ?? 0);
  const configFile = join(dir, 'relay.yaml');
  const dataDir = join(dir, 'data');
  writeFileSync(
    configFile,
    `${JSON.stringify(configOf({ options, port, dataDir, pbxPort: simulator.port }), null, 2)}\n`,
  );
  const relay = createRelayProcess(['start', '--config', configFile]);
  const desk = await connectDesk({ port: simulator.port });
  // A relay that does not start must leave nothing running: it would hold the caller's process for good.
  await relay.start().catch(async (cause: unknown) => {
    desk.close();
    await Promise.all([relay.kill(), end(simulator.child, 'SIGTERM')]);
    if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    throw cause;
  });

  async function cli(...args: string[]): Promise<unknown[]> {
    const { stdout } = await promisify(execFile)(process.execPath, [
      RELAY_MAIN,
      ...args,
      '--config',
      configFile,
      '--json',
    ]);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
  }

  return {
    dir,
    relayUrl: `http://127.0.0.1:${port}`,
    relay,
    desk,
    cli,
    lineUntil: (extension, what, fits, limitMs = 20_000) =>
      watchUntil(dataDir, { extension, what, fits, signal: AbortSignal.timeout(limitMs) }),
    async journal() {
      const entries: JournalEntry[] = [];
      await callControl(controlPath(dataDir), 'journal', { limit: 100 }, { onItem: (entry) => entries.push(entry) });
      return entries;
    },
    async pairingLink(login) {
      const [answer] = await cli('pair', login);
      if (typeof answer === 'object' && answer !== null && 'url' in answer) return String(answer.url);
      throw new Error(`relay pair answered ${JSON.stringify(answer)}`);
    },
    async close() {
      desk.close();
      await relay.stop();
      await end(simulator.child, 'SIGTERM');
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}

interface Watching {
  extension: string;
  what: string;
  fits: (line: Line) => boolean;
  signal: AbortSignal;
}

async function watchUntil(dataDir: string, { extension, what, fits, signal }: Watching): Promise<Line> {
  const done = new AbortController();
  let found: Line | undefined;
  let last: Line | undefined;
  const onItem = (line: Line) => {
    last = line;
    if (!fits(line)) return;
    found ??= line;
    done.abort();
  };
  const either = AbortSignal.any([done.signal, signal]);
  await callControl(controlPath(dataDir), 'watch', { line: extension }, { onItem, signal: either });
  if (found) return found;
  const calls = last?.calls.map(({ state, cause }) => [state, cause].join(' ')).join(', ');
  throw new Error(`line ${extension}: waited for ${what}, but the relay says ${last?.state} (${calls ?? ''})`);
}

async function startSimulator({
  lines = 12,
  simulatorArgs = [],
}: StageOptions): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(
    process.execPath,
    [RELAY_MAIN, 'simulate', '--port', '0', '--lines', String(lines), '--outside-line', '0', ...simulatorArgs],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const line = await lineMatching(child, /simulator listening on 127\.0\.0\.1:(\d+)/);
  return { child, port: Number(line) };
}

function createRelayProcess(args: readonly string[]): RelayProcess {
  let child: ChildProcess | undefined;
  let output = '';
  return {
    get pid() {
      return child?.pid;
    },
    output: () => output,
    async start() {
      const started = spawn(process.execPath, [RELAY_MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      child = started;
      for (const stream of [started.stdout, started.stderr]) {
        stream?.on('data', (chunk) => {
          output += chunk;
        });
      }
      await lineMatching(started, /relay listening on \S*:(\d+)/);
    },
    async kill() {
      if (child) await end(child, 'SIGKILL');
    },
    async stop() {
      if (child) await end(child, 'SIGTERM');
    },
  };
}

/** Resolves with the first group of the first output line that matches; rejects when the process ends before. */
function lineMatching(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const limit = setTimeout(() => {
      reject(new Error(`waited ${START_LIMIT_MS / 1000} s for "${pattern.source}", got: ${output}`));
    }, START_LIMIT_MS);
    const look = (chunk: Buffer) => {
      output += chunk;
      const found = pattern.exec(output);
      if (!found) return;
      clearTimeout(limit);
      resolve(found[1] ?? '');
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('exit', (code) => {
      clearTimeout(limit);
      reject(new Error(`a process ended with ${code} before "${pattern.source}": ${output}`));
    });
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill(signal);
  });
}

/** The wanted port if it is free, else any free one. */
export function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', () => (wanted === 0 ? reject(new Error('no free port')) : resolve(freePort(0))));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : wanted));
    });
  });
}

interface ConfigParts {
  options: StageOptions;
  port: number;
  dataDir: string;
  pbxPort: number;
}

// JSON is YAML, too.
function configOf({ options, port, dataDir, pbxPort }: ConfigParts): object {
  const { crmUrl = 'http://127.0.0.1:1', agents = STAGE_AGENTS, guard, relayKeys } = options;
  return {
    ...relayKeys,
    listen: `127.0.0.1:${port}`,
    dataDir,
    pbx: [
      {
        id: 'simulator',
        kind: 'simulator',
        location: { country: 'DE', outsideLine: '0' },
        options: { host: '127.0.0.1', port: pbxPort },
      },
    ],
    contacts: [
      {
        id: 'crm',
        kind: 'csv',
        file: join(ROOT, 'demo', 'crm', 'people.csv'),
        country: 'DE',
        urlTemplate: `${crmUrl}/contacts/{id}`,
      },
    ],
    entryForms: [{ activity: `${crmUrl}/activities/new?${FORM_QUERY}`, time: `${crmUrl}/time/new?${FORM_QUERY}` }],
    ...(guard && { guard }),
    seed: {
      tenants: [{ id: 'sample', name: 'Sample company', country: 'DE' }],
      users: agents.map(({ login, name, line, watch }) => ({
        login,
        name,
        line,
        ...(watch.length > 0 && { watch, pickup: watch, seeNumbers: watch, seeNames: watch }),
      })),
    },
  };
}
