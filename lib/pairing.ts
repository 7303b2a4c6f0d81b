// How a browser profile becomes a device of an agent: it enrols the public half of its key with a short-lived code, over
// a connection of its own.
import { ERROR_CODES, type ErrorCode, readServerMessage, SUBPROTOCOL, WEBSOCKET_PATH } from '@offhook/protocol';
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

export type EnrolResult =
  | { type: 'paired'; device: string; userName: string }
  | { type: 'failed'; code: ErrorCode | 'relay-unreachable' };

export interface EnrolOptions {
  origin: string;
  code: string;
  publicKey: string;
  deviceName: string;
  openSocket: OpenSocket;
  clock: Clock;
}

const ENROL_LIMIT_MS = 10_000;

/** Enrols this profile's key under a pairing code. Never throws: what went wrong is a code. */
export function enrol({ origin, code, publicKey, deviceName, openSocket, clock }: EnrolOptions): Promise<EnrolResult> {
  return new Promise((resolve) => {
    let socket: LinkSocket | undefined;
    const cancel = clock.after(ENROL_LIMIT_MS, () => finish({ type: 'failed', code: 'relay-unreachable' }));

    function finish(result: EnrolResult): void {
      cancel();
      if (socket) {
        socket.onmessage = null;
        socket.onclose = null;
        socket.close();
      }
      resolve(result);
    }

    function receive(frame: string): void {
      const message = readServerMessage(frame);
      if (message?.type === 'challenge') {
        if (!message.versions.includes(SUBPROTOCOL))
          return finish({ type: 'failed', code: 'version-too-old-extension' });
        socket?.send(JSON.stringify({ type: 'enrol', code, publicKey, device: { name: deviceName } }));
      }
      if (message?.type === 'error') finish({ type: 'failed', code: message.code });
      if (message?.type === 'enrolled') finish({ type: 'paired', device: message.device, userName: message.user.name });
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
