// The wire between a relay and the simulator, frame by frame: whoever taps it hears of each frame before it goes on, and
// may keep it from going on. So a relay can be killed between any two frames of an order. It changes no frame.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createLineReader } from '../../../relay/src/pbx/simulator/line-reader.ts';

/** A frame on its way: what it is, and of which order. */
export interface PassingFrame {
  to: 'relay' | 'pbx';
  type: 'order' | 'ack' | 'outcome' | 'other';
}

export interface TappedWire {
  port: number;
  close(): Promise<void>;
}

/** A wire to `targetPort` on loopback. `tap` answers whether the frame goes on. */
export async function openTappedWire(targetPort: number, tap: (frame: PassingFrame) => boolean): Promise<TappedWire> {
  const sockets = new Set<Socket>();
  const server = createServer((relay) => {
    const pbx = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    relay.setNoDelay(true);
    forward({ from: relay, to: pbx }, (line) => tap({ to: 'pbx', type: typeOf(line) }));
    forward({ from: pbx, to: relay }, (line) => tap({ to: 'relay', type: typeOf(line) }));
    for (const socket of [relay, pbx]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        // What was forwarded before still arrives.
        relay.destroySoon();
        pbx.destroySoon();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port, // a TCP server has no other kind of address
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function forward({ from, to }: { from: Socket; to: Socket }, goesOn: (line: string) => boolean): void {
  from.on(
    'data',
    createLineReader((line) => {
      if (goesOn(line) && to.writable) to.write(`${line}\n`);
    }),
  );
}

// The simulator's own words (wire.ts): an order, its acknowledgement, and the event that tells how it came out.
function typeOf(line: string): PassingFrame['type'] {
  if (line.startsWith('{"type":"order"')) return 'order';
  if (line.startsWith('{"type":"ack"')) return 'ack';
  return line.startsWith('{"type":"event","event":{"type":"outcome"') ? 'outcome' : 'other';
}
