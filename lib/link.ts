// The one WebSocket to the relay: proves who we are, keeps it alive, notices when it is dead and comes back. It holds no
// telephone state; what arrives is handed on, how the link stands is a union.
import {
  type ClientMessage,
  type Cursor,
  ERROR_CODES,
  type ErrorCode,
  isRetryable,
  ProtocolError,
  proofText,
  readServerMessage,
  type ServerMessage,
  SUBPROTOCOL,
  WEBSOCKET_PATH,
} from '@offhook/protocol';
import type { LinkStatus } from './phone.ts';

/** Time as the link needs it; `now` is wall-clock time in milliseconds. */
export interface LinkClock {
  now(): number;
  after(delayMs: number, action: () => void): () => void;
}

/** The part of a WebSocket that is used; the browser's own fits. */
export interface LinkSocket {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
}

export interface LinkOptions {
  /** `'ws://127.0.0.1:8730'`: the origin that the proof is made for. */
  origin: string;
  device: string;
  sign(text: string): Promise<string>;
  client: { name: string; version: string; os: string; browser: string };
  openSocket(url: string, subprotocol: string): LinkSocket;
  clock: LinkClock;
  /** 0 ≤ x < 1, for the jitter of the back-off. */
  random(): number;
  /** Where we are in what the relay sent, for resuming. */
  resume(): { cursor?: Cursor | undefined; journal?: string | undefined };
  onMessage(message: ServerMessage): void;
  onStatus(status: LinkStatus): void;
}

export interface Link {
  /** Sends while signed in; answers false, having sent nothing, otherwise. */
  send(message: ClientMessage): boolean;
  /** Something happened that makes the link worth a look now: an alarm, back online, back from idle. */
  wake(): void;
  close(): void;
}

const PING_MS = 20_000;
const SILENCE_LIMIT_MS = 35_000;
const CONNECT_LIMIT_MS = 10_000;
const SLEEP_JUMP_MS = 45_000;
const MAX_BACK_OFF_MS = 30_000;
const FIRST_BACK_OFF_MS = 500;

/** Opens the link; it lives until `close()`. */
export function createLink(options: LinkOptions): Link {
  const { clock, onStatus } = options;
  let socket: LinkSocket | undefined;
  let phase: 'idle' | 'connecting' | 'online' | 'refused' | 'closed' = 'idle';
  let failures = 0;
  let pings = 0;
  let lastHeardAt = clock.now();
  let lastTickAt = clock.now();
  let lastPingAt = clock.now();
  let cancelRetry: (() => void) | undefined;
  let cancelTick: (() => void) | undefined;
  let goodbye: Extract<ServerMessage, { type: 'bye' }> | undefined;

  function connect(): void {
    cancelRetry?.();
    cancelRetry = undefined;
    drop();
    phase = 'connecting';
    goodbye = undefined;
    lastHeardAt = clock.now();
    lastTickAt = clock.now();
    onStatus({ type: 'connecting' });
    const opened = options.openSocket(`${options.origin}${WEBSOCKET_PATH}`, SUBPROTOCOL);
    socket = opened;
    opened.onmessage = (event) => {
      if (socket === opened) receive(String(event.data));
    };
    opened.onclose = (event) => {
      if (socket === opened) lost(event.code, event.reason);
    };
    opened.onerror = null;
    tick();
  }

  /** Forgets the socket at once; whatever it still says is not ours any more. */
  function drop(): void {
    cancelTick?.();
    const old = socket;
    socket = undefined;
    if (!old) return;
    old.onmessage = null;
    old.onclose = null;
    try {
      old.close();
    } catch {
      // A socket that is already closed; there is nothing left to end.
    }
  }

  function receive(frame: string): void {
    lastHeardAt = clock.now();
    let message: ServerMessage | undefined;
    try {
      message = readServerMessage(frame);
    } catch (error) {
      // One frame that breaks the protocol is skipped: the relay's heartbeat tells by its rev whether anything is missing.
      if (error instanceof ProtocolError) return;
      throw error;
    }
    if (!message) return;
    if (message.type === 'challenge') return void hello(message, socket);
    if (message.type === 'welcome') welcomed();
    if (message.type === 'bye') goodbye = message;
    options.onMessage(message);
    if (message.type === 'welcome') transmit({ type: 'subscribe', lines: ['*'], journal: true });
  }

  async function hello(challenge: Extract<ServerMessage, { type: 'challenge' }>, asked: LinkSocket | undefined) {
    if (!challenge.versions.includes(SUBPROTOCOL)) return refuse('version-too-old-extension');
    const { origin, device, client } = options;
    const proof = await options.sign(proofText({ nonce: challenge.nonce, device, origin }));
    if (socket !== asked) return;
    const { cursor, journal } = options.resume();
    const resume = cursor && { ...cursor, ...(journal !== undefined && { journal }) };
    transmit({ type: 'hello', client, device, proof, features: [], ...(resume && { resume }) });
  }

  function welcomed(): void {
    phase = 'online';
    failures = 0;
    lastPingAt = clock.now();
    onStatus({ type: 'online' });
    tick();
  }

  function transmit(message: ClientMessage): void {
    socket?.send(JSON.stringify(message));
  }

  function lost(closeCode: number, reason: string): void {
    drop();
    const code = ERROR_CODES.find((known) => known === reason);
    if (!isRetryable(closeCode)) return refuse(code ?? 'internal');
    failures += 1;
    phase = 'idle';
    onStatus({ type: 'offline', ...(code && { code }) });
    cancelRetry = clock.after(retryDelayMs(), connect);
  }

  function retryDelayMs(): number {
    if (goodbye?.reconnect) return goodbye.reconnect.afterMs + options.random() * goodbye.reconnect.jitterMs;
    return options.random() * Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(failures, 10));
  }

  function refuse(code: ErrorCode): void {
    drop();
    phase = 'refused';
    onStatus({ type: 'refused', code });
  }

  // The link's own pulse. It also notices that the machine slept: then the socket is dead, whatever it says of itself.
  function tick(): void {
    cancelTick?.();
    const now = clock.now();
    const hasSlept = now - lastTickAt > SLEEP_JUMP_MS;
    lastTickAt = now;
    const limitMs = phase === 'online' ? SILENCE_LIMIT_MS : CONNECT_LIMIT_MS;
    if (hasSlept && phase === 'online') return connect();
    if (now - lastHeardAt >= limitMs) return lost(1006, '');
    if (phase === 'online' && now - lastPingAt >= PING_MS) {
      lastPingAt = now;
      transmit({ type: 'ping', n: ++pings });
    }
    const dueAt = Math.min(lastHeardAt + limitMs, phase === 'online' ? lastPingAt + PING_MS : Number.POSITIVE_INFINITY);
    cancelTick = clock.after(Math.max(500, dueAt - now), tick);
  }

  connect();
  return {
    send(message) {
      if (phase !== 'online' || !socket) return false;
      transmit(message);
      return true;
    },
    wake() {
      if (phase === 'closed' || phase === 'refused') return;
      if (phase === 'idle') return connect();
      const now = clock.now();
      if (now - lastHeardAt >= SILENCE_LIMIT_MS || now - lastTickAt > SLEEP_JUMP_MS) connect();
    },
    close() {
      phase = 'closed';
      cancelRetry?.();
      drop();
    },
  };
}
