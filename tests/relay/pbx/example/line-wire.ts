// A connection that carries lines of text and keeps itself alive: connects, asks for a sign of life, notices silence, comes
// back with growing pauses. It knows no calls; the example's driver is built on it.
import { connect, type Socket } from 'node:net';
import type { Clock } from '../../../../relay/src/clock.ts';

const ALIVE_MS = 3_000;
const SILENCE_MS = 9_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const LONGEST_LINE = 10_000;

interface LineWireOptions {
  host: string;
  port: number;
  clock: Clock;
  /** What is said first at each connection; a throw counts as a failed one. */
  hello(): string;
  onTrying(): void;
  onLine(line: string): void;
  onLost(reason: string): void;
}

export interface LineWire {
  /** False, with nothing sent, while there is no connection. */
  write(line: string): boolean;
  /** The other side let us in: the next pause is short again. */
  isWell(): void;
  /** Ends this connection, and tries again later. */
  lose(reason: string): void;
  close(): void;
}

/** Connects, and stays at it until closed. */
export function openLineWire({ host, port, clock, hello, onTrying, onLine, onLost }: LineWireOptions): LineWire {
  let socket: Socket | undefined;
  let cancel: () => void = () => undefined;
  let failures = 0;
  let heardAt = 0;

  function open(): void {
    onTrying();
    const mine = connect({ host, port, noDelay: true });
    const ifMine = (action: () => void) => {
      if (socket === mine) action();
    };
    socket = mine;
    heardAt = clock.elapsed();
    mine.on('connect', () => ifMine(() => greet(mine)));
    mine.on(
      'data',
      linesOf((line) => ifMine(() => hear(line))),
    );
    mine.on('error', (error) => ifMine(() => lose(error.message)));
    mine.on('close', () => ifMine(() => lose('the phone system closed the connection')));
    stayAlive();
  }

  function greet(mine: Socket): void {
    try {
      mine.write(`${hello()}\n`);
    } catch (error) {
      lose(error instanceof Error ? error.message : 'there is no password');
    }
  }

  function hear(line: string): void {
    heardAt = clock.elapsed();
    onLine(line);
  }

  function stayAlive(): void {
    cancel = clock.after(ALIVE_MS, () => {
      if (clock.elapsed() - heardAt >= SILENCE_MS) return lose(`nothing was heard for ${SILENCE_MS / 1000} s`);
      socket?.write('ping\n');
      stayAlive();
    });
  }

  function lose(reason: string): void {
    if (!socket) return;
    cancel();
    socket.destroy();
    socket = undefined;
    cancel = clock.after(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures) * (0.5 + Math.random() / 2), open);
    failures += 1;
    onLost(reason);
  }

  open();
  return {
    write: (line) => socket?.write(`${line}\n`) ?? false,
    isWell() {
      failures = 0;
    },
    lose,
    close() {
      cancel();
      socket?.destroy();
      socket = undefined;
    },
  };
}

// Whole lines out of pieces, cut wherever they are. After an answer the rest waits for a turn of the event loop: whoever
// asked has the answer before anything newer, even if both came in one packet.
function linesOf(hear: (line: string) => void): (chunk: Buffer) => void {
  const decoder = new TextDecoder();
  const lines: string[] = [];
  let rest = '';
  let isHeld = false;
  const pump = () => {
    isHeld = false;
    for (let line = lines.shift(); line !== undefined && !isHeld; line = isHeld ? undefined : lines.shift()) {
      hear(line);
      isHeld = line.startsWith('answer ');
    }
    if (isHeld) setImmediate(pump);
  };
  return (chunk) => {
    const parts = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n');
    rest = (parts.pop() ?? '').slice(0, LONGEST_LINE);
    lines.push(...parts);
    if (!isHeld) pump();
  };
}
