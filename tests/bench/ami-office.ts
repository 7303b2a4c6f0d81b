// Where the rows about Asterisk are measured: a fake manager interface with many phones, the relay as users start it over it,
// one agent who watches all lines, and a bare relay beside it.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerMessage } from '@offhook/protocol';
import { WebSocket } from 'ws';
import { type AmiServer, type Packet, startAmiServer } from '../fakes/asterisk/ami-server.ts';
import { createExchange, type Exchange } from '../fakes/asterisk/exchange.ts';
import { createOffice } from '../fakes/asterisk/office.ts';
import { createSwitch } from '../fakes/asterisk/switch.ts';
import { codeIn, pairBrowser, runRelay, signInTo } from '../relay/process-rig.ts';
import type { Ground } from './row.ts';

const LIMIT_MS = 20_000;
const FIRST_EXTENSION = 1_000;
const PASSWORD = 'sample-secret';
const BARE = new URL('./ami-bare.ts', import.meta.url).pathname;

export interface AmiOffice {
  server: AmiServer;
  exchange: Exchange;
  /** In the order of lines. */
  extensions: readonly string[];
  relayPid: number;
  barePid: number;
  /** Hears of every frame of the relay at the agent, with the moment it came at. */
  onFrame(hear: (message: ServerMessage, at: number) => void): () => void;
  /** The same of the bare relay. */
  onBare(hear: (packet: string, at: number) => void): () => void;
}

/** Opens it until the family ends. */
export async function openAmiOffice(ground: Ground, { lines }: { lines: number }): Promise<AmiOffice> {
  const extensions = Array.from({ length: lines }, (_, n) => String(FIRST_EXTENSION + n));
  const tell = (event: Packet) => server.tell(event);
  const office = createOffice(extensions, tell);
  const exchange = createExchange(office, { x: createSwitch(tell), tell });
  const server = await startAmiServer({
    users: { sample: PASSWORD },
    answer: (action) => office.answer(action) ?? exchange.act(action),
  });
  ground.atEnd(() => server.close());
  const { pid: relayPid, url, cli } = await startRelayOver(server.port, ground);
  const frames = new Set<(message: ServerMessage, at: number) => void>();
  const device = await pairBrowser(url, codeIn(await cli('pair', 'ada')));
  const { client } = await signInTo(url, device, (message) => {
    const at = performance.now();
    for (const hear of [...frames]) hear(message, at);
  });
  await client.next('snapshot');
  const bare = await startBare(server.port, ground);
  return {
    server,
    exchange,
    extensions,
    relayPid,
    barePid: bare.pid,
    onBare: bare.onPacket,
    onFrame(hear) {
      frames.add(hear);
      return () => frames.delete(hear);
    },
  };
}

async function startRelayOver(port: number, ground: Ground) {
  const dir = mkdtempSync(join(tmpdir(), 'offhook-bench-'));
  ground.atEnd(() => rmSync(dir, { recursive: true, force: true }));
  const config = join(dir, 'relay.yaml');
  const password = join(dir, 'password');
  writeFileSync(password, PASSWORD, { mode: 0o600 });
  const options = {
    port,
    username: 'sample',
    password: `file:${password}`,
    dialContext: 'internal',
    features: 'astdb',
  };
  writeFileSync(
    config,
    JSON.stringify({
      listen: '127.0.0.1:0',
      dataDir: join(dir, 'data'),
      pbx: [{ id: 'main', kind: 'asterisk', location: { country: 'DE', areaCode: '30' }, options }],
      seed: {
        tenants: [{ id: 'sample', name: 'Sample company', country: 'DE' }],
        users: [{ login: 'ada', name: 'Ada Sample', line: String(FIRST_EXTENSION), watch: '*' }],
      },
    }),
  );
  const run = runRelay(['start', '--config', config]);
  ground.atEnd(async () => {
    run.child.kill('SIGKILL');
    await run.ended;
  });
  const [, url = ''] = await run.said(/relay listening on (\S+)/);
  const cli = async (...args: string[]): Promise<unknown[]> => {
    const ended = runRelay([...args, '--config', config, '--json']);
    await ended.ended;
    return ended
      .out()
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
  };
  return { pid: run.child.pid ?? 0, url, cli };
}

async function startBare(amiPort: number, ground: Ground) {
  const child: ChildProcess = fork(BARE, [String(amiPort)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  ground.atEnd(() => void child.kill('SIGKILL'));
  const port = await new Promise((resolve) => child.once('message', resolve));
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  ground.atEnd(() => socket.terminate());
  await new Promise((resolve) => socket.once('open', resolve));
  const listeners = new Set<(packet: string, at: number) => void>();
  socket.on('message', (data) => {
    const at = performance.now();
    const packet = String(data);
    for (const hear of [...listeners]) hear(packet, at);
  });
  return {
    pid: child.pid ?? 0,
    onPacket(hear: (packet: string, at: number) => void) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
  };
}

/** Resolves with what `find` answers first; rejects when that takes too long, naming `what`. */
export function heard<Found>(what: string, listen: (resolve: (found: Found) => void) => () => void): Promise<Found> {
  return new Promise((resolve, reject) => {
    let isFound = false;
    let stop: (() => void) | undefined;
    const end = () => {
      clearTimeout(limit);
      stop?.();
    };
    const limit = setTimeout(() => {
      end();
      reject(new Error(`waited ${LIMIT_MS / 1000} s for ${what}`));
    }, LIMIT_MS);
    stop = listen((found) => {
      isFound = true;
      end();
      resolve(found);
    });
    // It was there before anybody listened.
    if (isFound) stop();
  });
}
