// One run of the tests' Asterisk in its root, on loopback, on ports that are free now: another one may run beside it. What it
// writes is in a folder of its own that goes with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';

const BOOT_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 5_000;
const LOOK_EVERY_MS = 50;
const RTP_PORTS = 120;

export interface AsteriskServer {
  amiPort: number;
  sipPort: number;
  /** Where the trunk's far end has to listen. */
  trunkPort: number;
  /** Where the phone that forwards has to listen. */
  forwardPort: number;
  /** What Asterisk has logged. */
  log(): string;
  /** Runs a command of its console and answers what that printed. */
  console(command: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts Asterisk with the configuration in `confDir` and waits until it is fully booted. */
export async function startAsterisk({
  root,
  modules,
  confDir,
}: {
  root: string;
  modules: string;
  confDir: string;
}): Promise<AsteriskServer> {
  const [amiPort, sipPort] = [await freePort(), await freePort()];
  const [trunkPort, forwardPort] = [await freePort(), await freePort()];
  const inside = `/srv/run-${process.pid}-${amiPort}`;
  const folder = join(root, inside);
  for (const name of ['etc', 'log', 'spool']) mkdirSync(join(folder, name), { recursive: true });
  // Sound goes over ports far above: of several runs each has its own part of them.
  const rtpStart = 34_000 + ((amiPort / PORT_STEP) % 250) * RTP_PORTS;
  const values: Record<string, string> = {
    RUN: inside,
    MODULES: modules,
    AMI_PORT: String(amiPort),
    SIP_PORT: String(sipPort),
    TRUNK_PORT: String(trunkPort),
    FORWARD_PORT: String(forwardPort),
    RTP_START: String(rtpStart),
    RTP_END: String(rtpStart + RTP_PORTS - 1),
  };
  for (const name of readdirSync(confDir)) {
    const text = readFileSync(join(confDir, name), 'utf8').replace(/@([A-Z_]+)@/g, (all, key) => values[key] ?? all);
    writeFileSync(join(folder, 'etc', name), text);
  }
  writeFileSync(join(root, 'etc/hosts'), `127.0.0.1 localhost ${hostname()}\n`);
  let printed = '';
  const server = inRoot(root, ['/usr/sbin/asterisk', '-f', '-C', `${inside}/etc/asterisk.conf`]);
  const keep = (chunk: Buffer) => {
    printed = `${printed}${chunk}`.slice(-100_000);
  };
  server.stdout?.on('data', keep);
  server.stderr?.on('data', keep);
  const log = () =>
    existsSync(join(folder, 'log/messages')) ? readFileSync(join(folder, 'log/messages'), 'utf8') : printed;
  const close = async () => {
    await stop(server);
    rmSync(folder, { recursive: true, force: true });
  };
  const consoleOf = (command: string) =>
    outputOf(inRoot(root, ['/usr/sbin/asterisk', '-C', `${inside}/etc/asterisk.conf`, '-rx', command]));
  try {
    await booted(server, consoleOf);
  } catch (error) {
    const words = `${printed}\n${log()}`.slice(-3_000);
    await close();
    throw new Error(`Asterisk did not start: ${error instanceof Error ? error.message : error}\n${words}`);
  }
  return { amiPort, sipPort, trunkPort, forwardPort, log, console: consoleOf, close };
}

// The root's /proc is mounted for these processes alone, and gone with them.
function inRoot(root: string, command: readonly string[]): ChildProcess {
  const script = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';
  const args = ['--mount', '--propagation', 'private', 'sh', '-c', script, root, ...command];
  return ours(spawn('unshare', args, { stdio: ['ignore', 'pipe', 'pipe'] }));
}

async function booted(server: ChildProcess, consoleOf: (command: string) => Promise<string>): Promise<void> {
  const ends = Date.now() + BOOT_LIMIT_MS;
  while (Date.now() < ends) {
    if (server.exitCode !== null) throw new Error(`it ended with ${server.exitCode}`);
    if (/fully booted/i.test(await consoleOf('core waitfullybooted'))) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error(`it was not fully booted within ${BOOT_LIMIT_MS / 1000} s`);
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += String(chunk);
  });
  await once(child, 'close');
  return text;
}

/** A process that does not outlive this one. */
export function ours(child: ChildProcess): ChildProcess {
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return child;
}

/** Ends a process that was started here; one that does not listen is killed. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(timer);
}

// Below the ports that the system gives out by itself, so that nobody takes one between our look and its use.
const FIRST_PORT = 10_000;
const PORT_STEP = 10;
const PORT_COUNT = 2_000;
const TRIES = 50;

/**
 * A port on loopback that is free now for TCP and UDP, and the one behind it, which SIP phones take for TLS. Far enough from
 * others that are asked for.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = FIRST_PORT + PORT_STEP * Math.floor(Math.random() * PORT_COUNT);
    const free = await Promise.all([port, port + 1].flatMap((one) => [isFreeForTcp(one), isFreeForUdp(one)]));
    if (free.every(Boolean)) return port;
  }
  throw new Error('no port on loopback is free');
}

function isFreeForTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function isFreeForUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
  });
}
