// How a browser profile becomes a device of an agent: it enrols the public half of its key with a short-lived code, or by
// what the company's identity provider says, over a connection of its own.
import {
  type ClientMessage,
  ERROR_CODES,
  type ErrorCode,
  readServerMessage,
  type ServerMessage,
  SUBPROTOCOL,
  WEBSOCKET_PATH,
} from '@offhook/protocol';
import type { Clock } from './clock.ts';
import type { LinkSocket, OpenSocket } from './relay-socket.ts';

/**
 * `'http://127.0.0.1:8730'` → `'ws://127.0.0.1:8730'`: the origin that the link dials and that a proof is made for.
 * Undefined for what is no relay's address.
 */
export function webSocketOrigin(relayUrl: string): string | undefined {
  const url = URL.parse(relayUrl);
  return url && /^(?:http|ws)s?:$/.test(url.protocol) ? url.origin.replace(/^http/, 'ws') : undefined;
}

/** Why the relay could not be talked to, or did not do what it was asked. */
export interface NoAnswer {
  type: 'failed';
  code: ErrorCode | 'relay-unreachable';
}

export type EnrolResult = { type: 'paired'; device: string; userName: string } | NoAnswer;

/** A relay, as one that is not its device yet reaches it. */
export interface RelayPlace {
  origin: string;
  openSocket: OpenSocket;
  clock: Clock;
}

export interface EnrolOptions extends RelayPlace {
  code: string;
  publicKey: string;
  deviceName: string;
}

type Challenge = Extract<ServerMessage, { type: 'challenge' }>;

const ANSWER_LIMIT_MS = 10_000;

/** Enrols this profile's key under a pairing code. Never throws: what went wrong is a code. */
export function enrol({ code, publicKey, deviceName, ...place }: EnrolOptions): Promise<EnrolResult> {
  return askOnce<EnrolResult>(place, {
    ask: () => ({ type: 'enrol', code, publicKey, device: { name: deviceName } }),
    read: enrolledFrom,
  });
}

/** What `enrolled` says; undefined for every other message. */
export function enrolledFrom(message: ServerMessage): EnrolResult | undefined {
  if (message.type !== 'enrolled') return undefined;
  return { type: 'paired', device: message.device, userName: message.user.name };
}

/**
 * One question to a relay, over a connection that is closed when it is answered. `ask` gets the challenge and may have its
 * answer from that alone. Never rejects.
 */
export function askOnce<Answer>(
  { origin, openSocket, clock }: RelayPlace,
  {
    ask,
    read = () => undefined,
    limitMs = ANSWER_LIMIT_MS,
  }: {
    ask(challenge: Challenge): ClientMessage | { answer: Answer };
    read?(message: ServerMessage): Answer | undefined;
    limitMs?: number;
  },
): Promise<Answer | NoAnswer> {
  return new Promise((resolve) => {
    let socket: LinkSocket | undefined;
    const cancel = clock.after(limitMs, () => finish({ type: 'failed', code: 'relay-unreachable' }));

    function finish(answer: Answer | NoAnswer): void {
      cancel();
      if (socket) {
        socket.onmessage = null;
        socket.onclose = null;
        socket.close();
      }
      resolve(answer);
    }

    function receive(frame: string): void {
      const message = readServerMessage(frame);
      if (message?.type === 'challenge') return challenged(message);
      if (message?.type === 'error') return finish({ type: 'failed', code: message.code });
      const answer = message && read(message);
      if (answer !== undefined) finish(answer);
    }

    function challenged(challenge: Challenge): void {
      if (!challenge.versions.includes(SUBPROTOCOL))
        return finish({ type: 'failed', code: 'version-too-old-extension' });
      const asked = ask(challenge);
      if ('answer' in asked && !('type' in asked)) return finish(asked.answer);
      socket?.send(JSON.stringify(asked));
    }

    try {
      socket = openSocket(`${origin}${WEBSOCKET_PATH}`, SUBPROTOCOL);
    } catch {
      return finish({ type: 'failed', code: 'relay-unreachable' });
    }
    socket.onmessage = (event) => {
      try {
        receive(String(event.data));
      } catch {
        finish({ type: 'failed', code: 'message-invalid' });
      }
    };
    socket.onclose = (event) => {
      const known = ERROR_CODES.find((one) => one === event.reason);
      finish({ type: 'failed', code: known ?? 'relay-unreachable' });
    };
  });
}
