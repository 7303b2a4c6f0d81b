// The one link to the relay: opens its socket, notices when it is dead and comes back. It holds no telephone state; what
// arrives is handed on, how the link stands is a union.
import {
  type ClientMessage,
  type Cursor,
  ERROR_CODES,
  type ErrorCode,
  isRetryable,
  type ServerMessage,
} from '@offhook/protocol';
import type { Clock } from './clock.ts';
import type { LinkStatus } from './phone.ts';
import { createPulse, type Pulse } from './pulse.ts';
import { type OpenSocket, openRelaySocket, type RelaySocket } from './relay-socket.ts';

export interface LinkOptions {
  /** `'ws://127.0.0.1:8730'`: the origin that the proof is made for. */
  origin: string;
  device: string;
  sign(text: string): Promise<string>;
  client: { name: string; version: string; os: string; browser: string };
  openSocket: OpenSocket;
  clock: Clock;
  /** 0 ≤ x < 1, for the jitter of the back-off. */
  random(): number;
  /** Where we are in what the relay sent, for resuming. */
  resume(): { cursor?: Cursor | undefined; journal?: string | undefined };
  onMessage(message: ServerMessage): void;
  /** `online` means signed in; whether the picture is complete is the phone's word. */
  onStatus(status: LinkStatus): void;
}

export interface Link {
  /** Sends while signed in; answers false, having sent nothing, otherwise. */
  send(message: ClientMessage): boolean;
  /** Something gives reason to look at the link, such as an alarm: connects at once if it waits or is dead. */
  wake(): void;
  /** As `wake`, and what looks healthy must answer a ping within 5 s: the network may be another one now. */
  probe(): void;
  close(): void;
}

const MAX_BACK_OFF_MS = 30_000;
const FIRST_BACK_OFF_MS = 500;
// A relay that lets us in and drops us at once is no success: it is still approached ever more slowly.
const STEADY_MS = 10_000;
// The longest wait that a relay may ask for when it says goodbye.
const MAX_GOODBYE_MS = 600_000;

type Goodbye = Extract<ServerMessage, { type: 'bye' }>;

type Phase =
  /** Waits for the next attempt; before `notBefore` not even `wake` makes one, since the relay asked for it. */
  | { type: 'waiting'; notBefore: number }
  | { type: 'connecting' }
  | { type: 'online'; since: number }
  | { type: 'refused' }
  | { type: 'closed' };

/** Opens the link; it lives until `close()`. */
export function createLink(options: LinkOptions): Link {
  const { clock, onStatus } = options;
  let socket: RelaySocket | undefined;
  let pulse: Pulse | undefined;
  let phase: Phase = { type: 'connecting' };
  let failures = 0;
  let cancelRetry: (() => void) | undefined;
  let goodbye: Goodbye | undefined;

  function connect(): void {
    drop();
    phase = { type: 'connecting' };
    goodbye = undefined;
    onStatus({ type: 'connecting' });
    pulse = createPulse({
      clock,
      ping: pinger(),
      onDeath: (why) => (why === 'slept' ? connect() : lost({ code: 1006, reason: '' })),
    });
    try {
      socket = openRelaySocket({
        ...options,
        introduction: () => introductionOf(options),
        onHeard: () => pulse?.heard(),
        onMessage: receive,
        onMismatch: () => refuse('version-too-old-extension'),
        onLost: lost,
      });
    } catch {
      // The browser does not even try (address or policy): the same as a relay that cannot be reached.
      lost({ code: 1006, reason: '' });
    }
  }

  function pinger(): () => void {
    let n = 0;
    return () => {
      n += 1;
      socket?.send({ type: 'ping', n });
    };
  }

  function drop(): void {
    cancelRetry?.();
    pulse?.stop();
    socket?.close();
    socket = undefined;
  }

  function receive(message: ServerMessage): void {
    if (message.type === 'bye') goodbye = message;
    if (message.type === 'welcome') {
      phase = { type: 'online', since: clock.now() };
      pulse?.signedIn();
      onStatus({ type: 'online' });
    }
    options.onMessage(message);
    if (message.type === 'welcome') socket?.send({ type: 'subscribe', lines: ['*'], journal: true });
  }

  function lost({ code: closeCode, reason }: { code: number; reason: string }): void {
    const wasSteady = phase.type === 'online' && clock.now() - phase.since >= STEADY_MS;
    drop();
    const code = ERROR_CODES.find((known) => known === reason);
    if (!isRetryable(closeCode)) return refuse(code ?? 'internal');
    if (wasSteady) failures = 0;
    const delayMs = retryDelayMs({ goodbye, failures, random: options.random });
    failures += 1;
    phase = { type: 'waiting', notBefore: goodbye?.reconnect ? clock.now() + delayMs : 0 };
    cancelRetry = clock.after(delayMs, connect);
    onStatus({ type: 'offline', ...(code && { code }) });
  }

  function refuse(code: ErrorCode): void {
    drop();
    phase = { type: 'refused' };
    onStatus({ type: 'refused', code });
  }

  function wake(): void {
    if (phase.type === 'closed' || phase.type === 'refused') return;
    const isFine = phase.type === 'waiting' ? clock.now() < phase.notBefore : pulse?.isAlive();
    if (!isFine) connect();
  }

  connect();
  return {
    send(message) {
      if (phase.type !== 'online' || !socket) return false;
      socket.send(message);
      return true;
    },
    wake,
    probe() {
      wake();
      if (phase.type === 'online') pulse?.probe();
    },
    close() {
      phase = { type: 'closed' };
      drop();
    },
  };
}

function introductionOf({ client, resume }: LinkOptions) {
  const { cursor, journal } = resume();
  const place = cursor && { ...cursor, ...(journal !== undefined && { journal }) };
  return { client, features: [], ...(place && { resume: place }) };
}

/** Full jitter: a relay that comes back is not met by all its clients at once. */
function retryDelayMs(last: { goodbye: Goodbye | undefined; failures: number; random(): number }): number {
  const asked = last.goodbye?.reconnect;
  if (asked) return Math.min(MAX_GOODBYE_MS, asked.afterMs + last.random() * asked.jitterMs);
  return last.random() * Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(last.failures, 10));
}
