// One WebSocket to the relay from its opening to its end: answers the challenge, reads frames, and is silent for good
// once it is closed. When to open another one is the link's decision.
import {
  type ClientMessage,
  ProtocolError,
  proofText,
  readServerMessage,
  type ServerMessage,
  SUBPROTOCOL,
  WEBSOCKET_PATH,
} from '@offhook/protocol';

/** The part of a WebSocket that is used; the browser's own fits. */
export interface LinkSocket {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
}

/** Opens a WebSocket. May throw, when the browser does not even try. */
export type OpenSocket = (url: string, subprotocol: string) => LinkSocket;

export interface RelaySocketOptions {
  /** `'ws://127.0.0.1:8730'`: the origin that the proof is made for. */
  origin: string;
  device: string;
  sign(text: string): Promise<string>;
  openSocket: OpenSocket;
  /** What is said with the proof once it is made. */
  introduction(): Omit<Extract<ClientMessage, { type: 'hello' }>, 'type' | 'device' | 'proof'>;
  /** Something came, whatever it was. */
  onHeard(): void;
  onMessage(message: Exclude<ServerMessage, { type: 'challenge' }>): void;
  /** The relay speaks no version of the protocol that this extension knows. */
  onMismatch(): void;
  /** The socket ended, or could not be used, without `close()`. Called at most once. */
  onLost(end: { code: number; reason: string }): void;
}

export interface RelaySocket {
  send(message: ClientMessage): void;
  /** Forgets the socket at once: whatever it still says is not ours any more. */
  close(): void;
}

type Challenge = Extract<ServerMessage, { type: 'challenge' }>;

const UNUSABLE = { code: 1006, reason: '' };

/** Opens a socket and proves who we are as soon as the relay asks. Throws what `openSocket` throws. */
export function openRelaySocket(options: RelaySocketOptions): RelaySocket {
  const { origin, device } = options;
  const socket = options.openSocket(`${origin}${WEBSOCKET_PATH}`, SUBPROTOCOL);
  let isOver = false;
  let wasAsked = false;

  socket.onmessage = (event) => {
    if (isOver) return;
    options.onHeard();
    const message = readFrame(event.data);
    if (message?.type === 'challenge') answer(message);
    else if (message) options.onMessage(message);
  };
  socket.onclose = (event) => lose(event);

  function answer(challenge: Challenge): void {
    // One proof a socket: nobody collects signatures over one connection.
    if (wasAsked) return;
    wasAsked = true;
    if (!challenge.versions.includes(SUBPROTOCOL)) return options.onMismatch();
    void prove(challenge).catch(() => lose(UNUSABLE));
  }

  async function prove({ nonce }: Challenge): Promise<void> {
    const proof = await options.sign(proofText({ nonce, device, origin }));
    if (!isOver) send({ type: 'hello', device, proof, ...options.introduction() });
  }

  function send(message: ClientMessage): void {
    socket.send(JSON.stringify(message));
  }

  function lose({ code, reason }: { code: number; reason: string }): void {
    if (isOver) return;
    close();
    options.onLost({ code, reason });
  }

  function close(): void {
    if (isOver) return;
    isOver = true;
    socket.onmessage = null;
    socket.onclose = null;
    try {
      socket.close();
    } catch {
      // A socket that is already closed; there is nothing left to end.
    }
  }

  return { send, close };
}

// One frame that breaks the protocol is skipped: the relay's heartbeat tells by its rev whether anything is missing.
function readFrame(frame: unknown): ServerMessage | undefined {
  try {
    return readServerMessage(String(frame));
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
