// One extension's open WebSocket as its session uses it: whole frames out, what still waits, the close. A class, since
// thousands are written to in turn: they share their functions, and nothing lies between a session and its stream.
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Clock } from './clock.ts';
import { type MadeFrame, madeFrame } from './made-frame.ts';
import type { SessionSocket } from './session.ts';
import type { Trace } from './trace.ts';

export interface ClientSocketParts {
  webSocket: WebSocket;
  /** What the WebSocket is spoken over. */
  stream: Duplex;
  clock: Pick<Clock, 'after'>;
  trace: Pick<Trace, 'isOn' | 'note'> | undefined;
}

const { OPEN } = WebSocket;
// A closing handshake that nobody answers: revoked, stalled or gone.
export const CLOSE_LIMIT_MS = 3_000;

/** The socket of a session. */
export class ClientSocket implements SessionSocket {
  /** In the trace; the challenge is sent before there is a session to name. */
  who = 'new';
  readonly #webSocket: WebSocket;
  readonly #stream: Duplex;
  readonly #clock: ClientSocketParts['clock'];
  readonly #trace: ClientSocketParts['trace'];
  #cancelCut: (() => void) | undefined;

  constructor({ webSocket, stream, clock, trace }: ClientSocketParts) {
    this.#webSocket = webSocket;
    this.#stream = stream;
    this.#clock = clock;
    this.#trace = trace;
  }

  send(text: string): void {
    this.sendMade(madeFrame(text));
  }

  sendMade({ text, wire }: MadeFrame): void {
    const trace = this.#trace;
    if (trace?.isOn()) trace.note({ wire: 'browser', way: 'out', who: this.who, frame: text });
    // Past ws, which would make the head anew for each, and write it by itself; without extensions it writes its own
    // frames whole and at once, so that ours stands between two of them. Once closing, nothing may follow its goodbye.
    if (this.#webSocket.readyState === OPEN) this.#stream.write(wire);
  }

  /** As ws would say, which sends nothing by itself but closes and pongs. */
  get bufferedBytes(): number {
    return this.#stream.writableLength;
  }

  close(code: number, reason: string): void {
    const webSocket = this.#webSocket;
    webSocket.close(code, reason);
    this.#cancelCut = this.#clock.after(CLOSE_LIMIT_MS, () => webSocket.terminate());
  }

  /** The connection is gone. */
  closed(): void {
    this.#cancelCut?.();
  }
}
