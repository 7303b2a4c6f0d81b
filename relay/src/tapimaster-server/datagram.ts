// The interface over UDP: one datagram, one line, one answer. A datagram that comes twice is carried out once; whoever is
// not recognised gets no answer, so that nobody is made to send anything to an address that was forged.
import { createSocket, type Socket } from 'node:dgram';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { plainAddress } from './callers.ts';
import type { Desk } from './desk.ts';
import { LONGEST_LINE } from './grammar.ts';

export interface Door {
  port: number;
  close(): Promise<void>;
}

export interface DoorOptions {
  host: string;
  port: number;
  desk: Desk;
  clock: Clock;
  log: Logger;
}

const UNANSWERED: readonly string[] = ['caller-unknown', 'not-understood', 'rate-limited'];
const TWICE_MS = 2_000;
const MOST_KEPT = 1_000;

/** Binds. A port in use rejects with the system's own error. */
export async function openDatagramDoor({ host, port, desk, clock, log }: DoorOptions): Promise<Door> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const heardBefore = createEchoFilter(clock);
  let isClosed = false;
  socket.on('message', (data, { address, port: from }) => {
    if (data.length > LONGEST_LINE + 2) return;
    const line = data.toString('latin1').replace(/(?:\r\n|\r|\n|\0)$/, '');
    if (heardBefore(`${address} ${from} ${line}`)) return;
    void desk.take({ way: 'udp', line, address: plainAddress(address) }).then((reply) => {
      // Sending on a socket that is closed throws.
      if (isClosed || (reply.state !== 'ok' && UNANSWERED.includes(reply.code))) return;
      socket.send(`${reply.text}\r\n`, from, address, () => undefined);
    });
  });
  await bound(socket, { host, port });
  socket.on('error', (error) => log.warn({ err: error }, 'the TAPIMaster interface over UDP'));
  return {
    port: socket.address().port,
    close() {
      isClosed = true;
      return new Promise((resolve) => socket.close(() => resolve()));
    },
  };
}

function bound(socket: Socket, address: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address: address.host, port: address.port }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
}

// Networks double datagrams, and programs send once more when no answer comes.
function createEchoFilter(clock: Clock): (datagram: string) => boolean {
  const times = new Map<string, number>();
  return (datagram) => {
    const at = times.get(datagram);
    if (at !== undefined && clock.elapsed() - at < TWICE_MS) return true;
    times.delete(datagram);
    times.set(datagram, clock.elapsed());
    const [oldest] = times.keys();
    if (oldest !== undefined && times.size > MOST_KEPT) times.delete(oldest);
    return false;
  };
}
