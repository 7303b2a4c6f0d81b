// A wire that a test can damage: forwards TCP to a port, and cuts it, slips bytes in, or passes them one by one.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  port: number;
  /** Breaks all connections. */
  cut(): void;
  /** The connections of now are dead from here on, and neither side is told: no byte passes, nothing is closed. */
  freeze(): void;
  /** Writes to every client as if it came from the other side. */
  inject(text: string): void;
  /** From now on, what goes to clients arrives byte by byte. */
  dribble(): void;
  /** From now on, what goes to clients waits for `release`, which delivers all of it at once. */
  hold(): void;
  /** Resolves when something more has come to wait. */
  held(): Promise<void>;
  release(): void;
  close(): Promise<void>;
}

/** A proxy on loopback in front of `targetPort`. `onBytes` hears of everything that passes, either way. */
export async function createTcpProxy(targetPort: number, onBytes: () => void = () => undefined): Promise<TcpProxy> {
  const clients = new Set<Socket>();
  const frozen = new WeakSet<Socket>();
  let isDribbling = false;
  let waiting: { client: Socket; chunk: Buffer }[] | undefined;
  const heldListeners = new Set<() => void>();
  const server = createServer((client) => {
    clients.add(client);
    client.setNoDelay(true);
    const target = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    client.on('data', (chunk) => {
      if (frozen.has(client)) return;
      onBytes();
      target.write(chunk);
    });
    target.on('data', (chunk) => {
      if (frozen.has(client)) return;
      onBytes();
      if (waiting) {
        waiting.push({ client, chunk });
        for (const tell of heldListeners) tell();
        heldListeners.clear();
      } else if (!isDribbling) client.write(chunk);
      else for (const byte of chunk) client.write(Buffer.of(byte));
    });
    const end = () => {
      clients.delete(client);
      client.destroy();
      target.destroy();
    };
    for (const socket of [client, target]) socket.on('close', end).on('error', end);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const client of clients) client.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port, // a TCP server has no other kind of address
    cut,
    freeze() {
      for (const client of clients) frozen.add(client);
    },
    inject(text) {
      for (const client of clients) client.write(text);
    },
    dribble() {
      isDribbling = true;
    },
    hold() {
      waiting = [];
    },
    held: () => new Promise((resolve) => heldListeners.add(resolve)),
    release() {
      const chunks = waiting ?? [];
      waiting = undefined;
      for (const client of clients) {
        client.write(Buffer.concat(chunks.filter((one) => one.client === client).map(({ chunk }) => chunk)));
      }
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      await closed;
    },
  };
}
