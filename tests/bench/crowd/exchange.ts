// A phone system for measuring: speaks as the built-in simulator does over its socket, and reports what it is told to, at
// the pace that it is told to. It keeps no calls and carries out no orders.

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import type { DriverEvent, Leg, LineReport } from '../../../relay/src/pbx/driver.ts';
import { createLineReader } from '../../../relay/src/pbx/simulator/line-reader.ts';

export interface BenchExchange {
  port: number;
  /** Resolves when somebody is logged in and has its snapshot, if it asks for one. */
  isWatched: Promise<void>;
  report(event: DriverEvent): void;
  close(): void;
}

/** Opens one on a free port of the loopback. */
export async function openBenchExchange(
  picture: { lines: readonly LineReport[]; legs: readonly Leg[] },
  { asksSnapshot }: { asksSnapshot: boolean },
): Promise<BenchExchange> {
  const sockets = new Set<Socket>();
  const { promise: isWatched, resolve: watched } = Promise.withResolvers<void>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const send = (frame: object) => socket.write(`${JSON.stringify(frame)}\n`);
    const read = createLineReader((line) => {
      const { type, id } = JSON.parse(line) as { type: string; id?: number }; // both ends are ours
      if (type === 'hello') send({ type: 'welcome' });
      if (type === 'ping') send({ type: 'pong' });
      if (type === 'snapshot') send({ type: 'snapshot', id, snapshot: picture });
      if (type === (asksSnapshot ? 'snapshot' : 'hello')) watched();
    });
    socket.on('data', read);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port, // a TCP listener's address is never a string
    isWatched,
    report(event) {
      const line = `${JSON.stringify({ type: 'event', event })}\n`;
      for (const socket of sockets) socket.write(line);
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
