// An office whose relay is killed again and again: the simulator stays in this process and is the truth, the relay is a
// process as its users start it, three agents' browsers are real connections. It knows how to begin, end and look; what is
// done in which order, and what must hold then, is drill.ts.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Line, ServerMessage } from '@offhook/protocol';
import { callControl, controlPath } from '../../../relay/src/control.ts';
import type { Exchange } from '../../../relay/src/pbx/simulator/exchange.ts';
import { startSimulatorServer } from '../../../relay/src/pbx/simulator/server.ts';
import { configOf, connectTo, pairBrowser, type RelayRun, runRelay } from '../process-rig.ts';
import { helloOf, type WireClient, type WireDevice } from '../wire-client.ts';
import { openTappedWire, type PassingFrame } from './tapped-wire.ts';

/** Extensions of those who order calls; the first one watches all lines and the journal. */
export const AGENTS = ['10', '11', '12'] as const;
/** On these the outside world and the handsets make calls. */
export const OTHER_LINES = ['13', '14', '15', '16', '17', '18', '19', '20', '21'] as const;
export const PBX = 'simulator';
const WAIT_MS = 20_000;

export interface Office {
  dataDir: string;
  exchange: Exchange;
  /** The lines as the first agent's browser has them. */
  picture: Map<string, Line>;
  userIds: Map<string, string>;
  clientOf(agent: string): WireClient | undefined;
  /** Starts the relay and signs all agents in. */
  start(): Promise<void>;
  /** The agent's browser comes back on a new connection. */
  signInAnew(agent: string): Promise<void>;
  /** SIGKILL, sent at once; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Resolves as soon as the relay has logged this. */
  logged(pattern: RegExp): Promise<unknown>;
  /** Resolves as soon as the condition holds; it is looked at whenever a browser or the wire brings something. */
  until(what: string, holds: () => boolean): Promise<void>;
  close(): Promise<void>;
}

export interface Ears {
  message(agent: string, message: ServerMessage): void;
  /** A frame between relay and phone system; the answer says whether it goes on. */
  frame(frame: PassingFrame): boolean;
}

/** Opens an office; `main` is the relay's file when it is not the checkout's own, `dir` an empty folder for its data. */
export async function openOffice(
  ears: Ears,
  { main, dir: given }: { main?: string | undefined; dir?: string } = {},
): Promise<Office> {
  const dir = given ?? mkdtempSync(join(tmpdir(), 'offhook-office-'));
  const dataDir = join(dir, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const simulator = await startSimulatorServer({
    port: 0,
    print: () => undefined,
    exchange: { timing: { ownPhoneMs: 3_600_000, noAnswerMs: 3_600_000 } },
  });
  const wake = new Set<() => void>();
  const heard = () => {
    for (const look of [...wake]) look();
  };
  const wire = await openTappedWire(simulator.port, (frame) => {
    const goesOn = ears.frame(frame);
    // Whoever waits for the frame looks after it has passed.
    queueMicrotask(heard);
    return goesOn;
  });
  const config = join(dir, 'relay.yaml');
  writeFileSync(config, JSON.stringify(officeConfig(dataDir, wire.port)));
  const devices = new Map<string, WireDevice>();
  const clients = new Map<string, WireClient>();
  const userIds = new Map<string, string>();
  const picture = new Map<string, Line>();
  let run: RelayRun | undefined;
  let url = '';

  async function signIn(agent: string): Promise<void> {
    const device = devices.get(agent) ?? (await pairBrowser(url, await codeFor(dataDir, `agent-${agent}`)));
    devices.set(agent, device);
    const client = connectTo(url, (message) => {
      if (agent === AGENTS[0]) keep(picture, message);
      ears.message(agent, message);
      heard();
    });
    clients.set(agent, client);
    const { nonce } = await client.next('challenge');
    client.send(helloOf(device, device.proof(nonce, url.replace(/^http/, 'ws'))));
    const { user } = await client.next('welcome');
    userIds.set(agent, user.userId);
    client.send({ type: 'subscribe', lines: ['*'], journal: true });
    await client.next('snapshot');
  }

  return {
    ...{ dataDir, picture, userIds },
    exchange: simulator.exchange,
    clientOf: (agent) => clients.get(agent),
    logged: async (pattern) => run?.said(pattern),
    async start() {
      run = runRelay(['start', '--config', config], main === undefined ? {} : { main });
      [, url = ''] = await run.said(/relay listening on (\S+)/);
      picture.clear();
      await Promise.all(AGENTS.map(signIn));
    },
    async signInAnew(agent) {
      clients.get(agent)?.socket.terminate();
      await clients.get(agent)?.closed;
      picture.clear();
      await signIn(agent);
    },
    async kill() {
      run?.child.kill('SIGKILL');
      await run?.ended;
      for (const { socket } of clients.values()) socket.terminate();
    },
    until: (what, holds) => until(wake, { what, holds }),
    async close() {
      run?.child.kill('SIGKILL');
      await run?.ended;
      for (const { socket } of clients.values()) socket.terminate();
      await wire.close();
      await simulator.close();
      if (given === undefined) rmSync(dir, { recursive: true });
    },
  };
}

function officeConfig(dataDir: string, pbxPort: number): object {
  return {
    ...configOf({ dataDir, pbxPort }),
    guard: { perHour: 1_000_000, burstPerMinute: 1_000_000 },
    seed: {
      tenants: [{ id: 'sample', name: 'Sample company', country: 'DE' }],
      users: AGENTS.map((line, index) => ({
        login: `agent-${line}`,
        name: `Sample ${line}`,
        line,
        ...(index === 0 && { watch: '*' }),
      })),
    },
  };
}

async function codeFor(dataDir: string, user: string): Promise<string> {
  const codes: string[] = [];
  await callControl(controlPath(dataDir), 'pair', { user }, { onItem: ({ code }) => codes.push(code) });
  return codes[0] ?? '';
}

function keep(picture: Map<string, Line>, message: ServerMessage): void {
  if (message.type !== 'snapshot' && message.type !== 'delta') return;
  if (message.type === 'snapshot' && message.part === 1) picture.clear();
  for (const line of message.lines) {
    if ('gone' in line) picture.delete(line.lineId);
    else picture.set(line.lineId, line);
  }
}

function until(wake: Set<() => void>, { what, holds }: { what: string; holds: () => boolean }): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      wake.delete(look);
      reject(new Error(`waited ${WAIT_MS / 1000} s for ${what}`));
    }, WAIT_MS);
    function look(): void {
      if (!holds()) return;
      wake.delete(look);
      clearTimeout(limit);
      resolve();
    }
    wake.add(look);
    look();
  });
}
