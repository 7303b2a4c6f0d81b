// WebSockets without a network: the test plays the relay, frame by frame.
import type { ClientMessage } from '@offhook/protocol';
import type { LinkSocket, OpenSocket } from '#lib/relay-socket.ts';

export interface FakeSocket extends LinkSocket {
  readonly url: string;
  readonly subprotocol: string;
  /** What the extension sent, in order. */
  readonly sent: ClientMessage[];
  /** Whether the extension closed it. */
  readonly isClosed: boolean;
  /** A message of the relay arrives, or any text as a frame. */
  says(message: object | string): void;
  /** The relay, or the network, ends it. */
  ends(code?: number, reason?: string): void;
}

export interface FakeSockets {
  open: OpenSocket;
  /** All that were opened, in order. */
  all: FakeSocket[];
  last(): FakeSocket;
  /** Makes opening throw until called with `undefined`. */
  refuse(error: Error | undefined): void;
}

/** A place where sockets are opened. `onSend` lets a fake relay answer at once. */
export function createFakeSockets(
  onSend: (message: ClientMessage, socket: FakeSocket) => void = () => {},
): FakeSockets {
  const all: FakeSocket[] = [];
  let refusal: Error | undefined;
  return {
    all,
    open(url, subprotocol) {
      if (refusal) throw refusal;
      const socket = createFakeSocket(url, subprotocol, onSend);
      all.push(socket);
      return socket;
    },
    last() {
      const socket = all.at(-1);
      if (!socket) throw new Error('no socket was opened');
      return socket;
    },
    refuse(error) {
      refusal = error;
    },
  };
}

function createFakeSocket(
  url: string,
  subprotocol: string,
  onSend: (message: ClientMessage, socket: FakeSocket) => void,
) {
  const sent: ClientMessage[] = [];
  let isClosed = false;
  const socket: FakeSocket = {
    url,
    subprotocol,
    sent,
    get isClosed() {
      return isClosed;
    },
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send(data) {
      const message = JSON.parse(data) as ClientMessage; // the link writes nothing else
      sent.push(message);
      onSend(message, socket);
    },
    close() {
      isClosed = true;
    },
    says(message) {
      const data = typeof message === 'string' ? message : JSON.stringify(message);
      socket.onmessage?.({ data } as MessageEvent); // nothing else of the event is read
    },
    ends(code = 1006, reason = '') {
      socket.onclose?.({ code, reason } as CloseEvent); // nothing else of the event is read
    },
  };
  return socket;
}
