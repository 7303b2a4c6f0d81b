// The interface over TCP, on one port as TAPIMaster has it: lines of text, or HTTP. The first line decides which, for good:
// a request of a browser with a command in its body must never be taken for a program that sends commands. The first line
// that is no command ends the connection, so that nothing is found by trying in what something else sent here.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { plainAddress } from './callers.ts';
import type { Door } from './datagram.ts';
import type { Desk } from './desk.ts';
import { LONGEST_LINE } from './grammar.ts';
import { createWebDoor } from './web-door.ts';
import type { WebRules } from './web-rules.ts';

export interface StreamDoorOptions {
  host: string;
  port: number;
  desk: Desk;
  clock: Clock;
  log: Logger;
  rules: WebRules;
  /** Whether the end of the connection ends a command, too. */
  acceptUnterminated: boolean;
}

const MOST_CONNECTIONS = 200;
const MOST_PER_ADDRESS = 20;
const SILENCE_MS = 60_000;
// Commands of one connection that wait for their turn; no more is read until some were carried out.
const MOST_WAITING = 20;
const REQUEST_LIMIT_MS = 15_000;
const HTTP_LINE = /^[A-Za-z]+ \S+ HTTP\/[0-9.]+$/;

/** Binds. A port in use rejects with the system's own error. */
export async function openStreamDoor(options: StreamDoorOptions): Promise<Door> {
  const { host, port, desk, rules, log } = options;
  const sockets = new Set<Socket>();
  const web = createWebDoor({ desk, rules });
  // Whoever has said all is still to hear the answer.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const address = plainAddress(socket.remoteAddress);
    const fromThere = [...sockets].filter((one) => plainAddress(one.remoteAddress) === address);
    socket.on('error', (error) => log.debug({ err: error }, 'a connection of the TAPIMaster interface'));
    if (sockets.size >= MOST_CONNECTIONS || fromThere.length >= MOST_PER_ADDRESS) return void socket.destroy();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    listen(socket, { ...options, address, toWeb: () => void web.emit('connection', socket) });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', (error) => log.warn({ err: error }, 'the TAPIMaster interface over TCP'));
  return {
    port: (server.address() as AddressInfo).port, // a TCP server has no other kind of address
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      web.close();
      return closed;
    },
  };
}

interface Listening extends StreamDoorOptions {
  address: string;
  toWeb(): void;
}

function listen(socket: Socket, listening: Listening): void {
  const { clock, acceptUnterminated, toWeb } = listening;
  let bytes: Buffer = Buffer.alloc(0);
  let isFirst = true;
  let turn = Promise.resolve();
  let waiting = 0;
  let cancelCut = clock.after(SILENCE_MS, () => socket.destroy());
  const leave = () => {
    socket.removeAllListeners('data');
    cancelCut();
  };
  const take = (line: string) => {
    waiting += 1;
    if (waiting === MOST_WAITING) socket.pause();
    turn = turn.then(async () => {
      await answer(socket, line, listening);
      waiting -= 1;
      if (waiting === MOST_WAITING - 1) socket.resume();
    });
  };
  const read = (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let end = endOf(bytes); end >= 0; end = endOf(bytes)) {
      const line = bytes.toString('latin1', 0, end);
      if (isFirst && HTTP_LINE.test(line)) {
        leave();
        socket.off('end', finish);
        socket.pause();
        socket.unshift(bytes);
        // A server that does not listen by itself watches no time limits of its own.
        socket.once(
          'close',
          clock.after(REQUEST_LIMIT_MS, () => socket.destroy()),
        );
        toWeb();
        return void socket.resume();
      }
      bytes = bytes.subarray(end + 1);
      if (line === '') continue;
      isFirst = false;
      // Time is given for whole commands: who sends byte by byte gets no more of it.
      cancelCut();
      cancelCut = clock.after(SILENCE_MS, () => socket.destroy());
      take(line);
    }
    // A request line of HTTP may be longer than a command.
    if (bytes.length > 4 * LONGEST_LINE) socket.destroy();
  };
  const finish = () => {
    cancelCut();
    const rest = bytes.toString('latin1');
    if (acceptUnterminated && rest !== '') take(rest);
    else if (rest !== '')
      turn = turn.then(() => say(socket, 'ERR not-understood the command has no line break at its end'));
    void turn.then(() => socket.end());
  };
  socket.on('data', read);
  socket.on('end', finish);
  socket.on('close', leave);
}

// What was understood is answered, and the next line read; what was not ends it.
async function answer(socket: Socket, line: string, { desk, address }: Listening): Promise<void> {
  if (socket.destroyed || socket.writableEnded) return;
  const reply = await desk.take({ way: 'tcp', line, address });
  const isOver = reply.state !== 'ok' && (reply.code === 'not-understood' || reply.code === 'caller-unknown');
  if (isOver) socket.end(`${reply.text}\r\n`);
  else say(socket, reply.text);
}

function say(socket: Socket, text: string): void {
  if (!socket.destroyed && !socket.writableEnded) socket.write(`${text}\r\n`);
}

function endOf(bytes: Buffer): number {
  return bytes.findIndex((byte) => byte === 0x0a || byte === 0x0d);
}
