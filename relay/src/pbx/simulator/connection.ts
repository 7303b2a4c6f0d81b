// A line-wise connection to the simulator that keeps itself alive: connects, says hello, listens for silence, comes back
// with growing pauses. Knows frames, no calls. It never reports up twice without a down between.
import { connect, type Socket } from 'node:net';
import { type Clock, retryPauseMs } from '../../clock.ts';
import { createLineReader } from './line-reader.ts';
import { type ClientFrame, readServerFrame, type ServerFrame } from './wire.ts';

const CONNECT_TIMEOUT_MS = 5000;
const PING_EVERY_MS = 3000;
// Pings in a row that nothing came after: nine seconds after the last word at the latest, the lines are known to be
// unknown. Counted rather than timed: what came while this process itself stood still is read after the timers due.
const MOST_UNANSWERED = 2;
const PAUSES = { firstMs: 250, longestMs: 10_000 };

export interface ConnectionOptions {
  host: string;
  port: number;
  role: 'cti' | 'desk';
  /** Asked for at each connection; a throw counts as a failed one. */
  password?: () => string;
  clock: Clock;
  /** From 0 to 1, spreads the pauses. */
  random: () => number;
  onTrying(): void;
  onUp(): void;
  onDown(reason: string): void;
  onFrame(frame: ServerFrame): void;
  /** A line that was no frame this side knows. */
  onGarbage(line: string): void;
}

export interface Connection {
  /** False, with nothing sent, while there is no connection. */
  send(frame: ClientFrame): boolean;
  close(): void;
}

interface Link {
  options: ConnectionOptions;
  socket: Socket | undefined;
  phase: 'trying' | 'up' | 'waiting' | 'closed';
  attempts: number;
  /** Pings that were sent since anything was heard. */
  unanswered: number;
  cancelTimer: (() => void) | undefined;
}

/** Connects, and stays at it until closed. */
export function openConnection(options: ConnectionOptions): Connection {
  const link: Link = {
    options,
    socket: undefined,
    phase: 'waiting',
    attempts: 0,
    unanswered: 0,
    cancelTimer: undefined,
  };
  tryNow(link);
  return {
    send(frame) {
      if (link.phase !== 'up') return false;
      return write(link, frame);
    },
    close() {
      link.phase = 'closed';
      link.cancelTimer?.();
      link.socket?.destroy();
    },
  };
}

function write({ socket }: Link, frame: ClientFrame): boolean {
  if (!socket?.writable) return false;
  socket.write(`${JSON.stringify(frame)}\n`);
  return true;
}

function tryNow(link: Link): void {
  const { host, port, clock, onTrying } = link.options;
  link.phase = 'trying';
  onTrying();
  const socket = connect({ host, port, noDelay: true });
  link.socket = socket;
  const read = createLineReader((line) => {
    if (link.socket === socket) receive(link, line);
  });
  socket.on('connect', () => greet(link, socket));
  socket.on('data', read);
  socket.on('error', (error) => lose(link, socket, error.message));
  socket.on('close', () => lose(link, socket, 'the simulator closed the connection'));
  link.cancelTimer = clock.after(CONNECT_TIMEOUT_MS, () => {
    lose(link, socket, `no welcome from the simulator at ${host}:${port} within ${CONNECT_TIMEOUT_MS / 1000} s`);
  });
}

function greet(link: Link, socket: Socket): void {
  const { role, password } = link.options;
  try {
    write(link, { type: 'hello', role, ...(password && { password: password() }) });
  } catch (error) {
    lose(link, socket, error instanceof Error ? error.message : 'there is no password');
  }
}

function receive(link: Link, line: string): void {
  const { onFrame, onGarbage, onUp } = link.options;
  link.unanswered = 0;
  const frame = readServerFrame(line);
  if (!frame) return onGarbage(line);
  if (frame.type === 'pong') return;
  if (frame.type === 'refused') return lose(link, link.socket, 'the simulator refused the login: check its password');
  if (frame.type !== 'welcome') return onFrame(frame);
  if (link.phase !== 'trying') return;
  link.phase = 'up';
  link.attempts = 0;
  link.cancelTimer?.();
  watchSilence(link);
  onUp();
}

function watchSilence(link: Link): void {
  const { clock } = link.options;
  const { socket } = link;
  link.cancelTimer = clock.after(PING_EVERY_MS, () => {
    if (link.unanswered >= MOST_UNANSWERED) {
      const seconds = (PING_EVERY_MS * MOST_UNANSWERED) / 1000;
      return lose(link, socket, `nothing was heard from the simulator for ${seconds} s`);
    }
    link.unanswered += 1;
    write(link, { type: 'ping' });
    watchSilence(link);
  });
}

function lose(link: Link, socket: Socket | undefined, reason: string): void {
  if (link.socket !== socket || link.phase === 'closed') return;
  link.cancelTimer?.();
  link.socket = undefined;
  socket?.destroy();
  link.phase = 'waiting';
  const { clock, random, onDown } = link.options;
  const pauseMs = retryPauseMs(link.attempts, { ...PAUSES, random: random() });
  link.attempts += 1;
  link.cancelTimer = clock.after(pauseMs, () => tryNow(link));
  onDown(reason);
}
