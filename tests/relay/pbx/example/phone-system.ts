// The phone system of the example: a simulated exchange that speaks lines of words over TCP, with everything that can go
// wrong on a wire.
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Leg } from '../../../../relay/src/pbx/driver.ts';
import type { Exchange } from '../../../../relay/src/pbx/simulator/exchange.ts';

export interface ExamplePhoneSystem {
  port: number;
  /** What is wrong with the wire until further notice. */
  wrong: { inPieces: boolean; isSilent: boolean; refusesLogin: boolean };
  cut(): void;
  say(line: string): void;
  close(): Promise<void>;
}

/** Opens it on a free port. */
export async function openExamplePhoneSystem(exchange: Exchange, password: string): Promise<ExamplePhoneSystem> {
  const sockets = new Set<Socket>();
  const wrong = { inPieces: false, isSilent: false, refusesLogin: false };
  const say = (line: string, to: Iterable<Socket> = sockets) => {
    if (wrong.isSilent) return;
    for (const socket of to) {
      if (!wrong.inPieces) socket.write(`${line}\n`);
      else for (const byte of Buffer.from(`${line}\n`)) socket.write(Buffer.of(byte));
    }
  };
  const stop = exchange.onEvent((event) => {
    if (event.type === 'leg') say(wordsOf(event.leg));
  });
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    createInterface({ input: socket })
      .on('line', (line) => answer(line, (words) => say(words, [socket])))
      .on('error', () => socket.destroy());
  });

  function answer(line: string, tell: (words: string) => void): void {
    const [verb, ...words] = line.split(' ');
    const [first = '', second = '', commandKey = ''] = words;
    if (verb === 'ping') tell('alive');
    else if (verb === 'login') tell(first === password && !wrong.refusesLogin ? 'welcome' : 'refused');
    else if (verb === 'list') {
      const { lines, legs } = exchange.snapshot();
      for (const { extension, name } of lines) tell(`line ${extension} ${name}`);
      for (const leg of legs) tell(wordsOf(leg));
      tell(`answer ${first} done`);
    } else if (verb === 'dial' || verb === 'drop') {
      const order =
        verb === 'dial'
          ? ({ name: 'makeCall', lineKey: first, dialString: second } as const)
          : ({ name: 'drop', lineKey: first, callKey: second } as const);
      tell(`answer ${commandKey} ${exchange.order({ commandKey, ...order }).type === 'sent' ? 'done' : 'failed'}`);
    }
  }

  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port, // a TCP server has no other kind of address
    wrong,
    cut,
    say,
    async close() {
      stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      await closed;
    },
  };
}

function wordsOf({ lineKey, callKey, linkKey, direction, state, remote, cause }: Leg): string {
  return ['call', lineKey, callKey, linkKey, direction, state, remote.number ?? '-', cause ?? '-'].join(' ');
}
