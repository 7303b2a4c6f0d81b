// A fake of a TAPIMaster's IP interface on loopback: takes the documented commands over TCP, UDP and HTTP, writes them down,
// and hands them to whoever plays the phones. It follows the manual's words alone; a real one was never seen here.
import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface FakeTapiMaster {
  tcp: number;
  udp: number;
  /** Every line that came, in its order, without its end. */
  lines: readonly string[];
  /** The bytes as they came over TCP. */
  bytes(): Buffer;
  /** How many connections came. */
  connections(): number;
  /** Resolves when so many lines have come. */
  heard(count: number): Promise<void>;
  /** Resolves when no connection is open: whoever had one has what was answered. */
  untilLeft(): Promise<void>;
  /** How it behaves from now on; `answers` first. */
  behave(manner: Manner): void;
  /** Breaks what is open; new connections are taken. */
  cut(): void;
  close(): Promise<void>;
}

export type Manner = 'answers' | 'closes' | 'silent' | 'resets' | { status: number; inPieces?: boolean };

// Whoever reads in this process has read what lies there by then.
async function laterThanRead(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Starts one; `onCommand` is what it does with a line. */
export async function startFakeTapiMaster(
  onCommand: (line: string) => void = () => undefined,
): Promise<FakeTapiMaster> {
  const lines: string[] = [];
  const chunks: Buffer[] = [];
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  let manner: Manner = 'answers';
  let connections = 0;

  function take(line: string): void {
    lines.push(line);
    onCommand(line);
    for (const look of waiting) look();
  }

  function answer(socket: Socket, isHttp: boolean): void {
    if (manner === 'resets') return void socket.resetAndDestroy();
    if (manner === 'closes') return void socket.end();
    if (manner === 'silent') return;
    if (!isHttp) return void socket.write('OK 100\r\n');
    const { status, inPieces = false } = typeof manner === 'object' ? manner : { status: 200 };
    const head = `HTTP/1.1 ${status} Sample\r\nContent-Length: 0\r\n\r\n`;
    if (!inPieces) return void socket.end(head);
    socket.setNoDelay(true);
    socket.write(head.slice(0, 7));
    void laterThanRead().then(() => socket.end(head.slice(7)));
  }

  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    let text = '';
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      text += chunk.toString('latin1');
      const http = /^GET \/(\S+) HTTP\/1\.1\r\n[\s\S]*\r\n\r\n$/.exec(text);
      if (http) {
        take(decodeURIComponent(http[1] ?? ''));
        return answer(socket, true);
      }
      if (text.startsWith('GET ')) return;
      const parts = text.split(/\r\n|\n|\r/);
      text = parts.pop() ?? '';
      for (const line of parts) {
        take(line);
        answer(socket, false);
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      for (const look of waiting) look();
    });
  });
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isSo()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const datagrams = createSocket('udp4');
  datagrams.on('message', (data, { port, address }) => {
    take(data.toString('latin1').trimEnd());
    if (manner === 'answers') datagrams.send('OK\r\n', port, address);
  });
  await new Promise<void>((resolve) => datagrams.bind(0, '127.0.0.1', resolve));
  return {
    tcp: (server.address() as AddressInfo).port, // a TCP server has no other kind of address
    udp: datagrams.address().port,
    lines,
    bytes: () => Buffer.concat(chunks),
    connections: () => connections,
    heard: (count) => until(() => lines.length >= count),
    untilLeft: () => until(() => sockets.size === 0),
    behave(next) {
      manner = next;
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => datagrams.close(() => resolve()));
    },
  };
}
