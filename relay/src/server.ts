// The relay's front door: HTTP for the start page, a WebSocket for extensions. Checks where a connection comes from
// (Origin, Host) and how many there are before anything else happens; a GET never changes anything.
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { MAX_CLIENT_BYTES, SUBPROTOCOL, WEBSOCKET_PATH } from '@offhook/protocol';
import fastify from 'fastify';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { createSession, type Session, type SessionContext } from './session.ts';
import { startPage, startPageHeaders } from './start-page.ts';

export interface ServerOptions {
  host: string;
  port: number;
  /** Origins of extensions that may connect; any `moz-extension://` origin may pair and is pinned to its device. */
  extensionOrigins: readonly string[];
  /** How agents reach this relay, `ws://127.0.0.1:8730`; decides which Host headers are answered. */
  publicOrigins: readonly string[];
  log: Logger;
  session: Omit<SessionContext, 'onSeen' | 'publicOrigins'>;
}

export interface Server {
  /** The port that was bound, for `port: 0`. */
  port: number;
  sessions(): readonly Session[];
  /** Says goodbye to every extension, then stops listening. */
  close(): Promise<void>;
}

const MAX_UNAUTHENTICATED_PER_ADDRESS = 20;
const MAX_UNAUTHENTICATED = 1_000;

/** Binds and serves. A port in use rejects with the system's own error. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { log } = options;
  const sessions = new Map<Session, string>();
  const http = fastify({ logger: false, trustProxy: false });
  http.addHook('onRequest', async (request, reply) => {
    if (!isKnownHost(request.headers.host, options)) await reply.code(421).send({ code: 'origin-refused' });
  });
  http.get('/', async (request, reply) => {
    const page = startPage({ acceptLanguage: request.headers['accept-language'] ?? '' });
    return reply.headers(startPageHeaders).type('text/html; charset=utf-8').send(page);
  });
  http.get('/healthz', async () => ({ status: 'ok' }));
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_CLIENT_BYTES,
    perMessageDeflate: false,
    handleProtocols: (protocols) => (protocols.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  http.server.on('upgrade', (request, socket, head) => {
    const refusal = refusalOf(request, options) ?? crowdRefusal(request, sessions);
    if (refusal) return refuseUpgrade({ socket, refusal, request, log });
    sockets.handleUpgrade(request, socket, head, (webSocket) => accept(webSocket, request));
  });

  function accept(webSocket: WebSocket, request: IncomingMessage): void {
    const address = request.socket.remoteAddress ?? '';
    const session = createSession(
      {
        send: (frame) => webSocket.send(frame),
        close: (code, reason) => webSocket.close(code, reason),
        get bufferedBytes() {
          return webSocket.bufferedAmount;
        },
      },
      { origin: request.headers.origin ?? '', address, dialledOrigin: dialledOrigin(request.headers.host, options) ?? '' },
      { ...options.session, publicOrigins: options.publicOrigins, onSeen: (...seen) => spreadSeen(sessions, ...seen) },
    );
    sessions.set(session, address);
    webSocket.on('message', (data, isBinary) => {
      if (isBinary) session.end('message-invalid');
      else session.receive(data.toString());
    });
    // ws reports a frame that is too large as an error and closes by itself; the session only has to end.
    webSocket.on('error', (error) => log.info({ err: error }, 'socket error'));
    webSocket.on('close', () => {
      session.dispose();
      sessions.delete(session);
    });
  }

  await http.listen({ host: options.host, port: options.port });
  const address = http.server.address() as AddressInfo; // a TCP listener's address is never a string
  return {
    port: address.port,
    sessions: () => [...sessions.keys()],
    async close() {
      for (const session of sessions.keys()) {
        session.send({ type: 'bye', code: 'internal', reconnect: { afterMs: 500, jitterMs: 2_000 } });
        session.dispose();
      }
      for (const client of sockets.clients) client.close(1001, 'going away');
      const cut = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, 500);
      await http.close();
      clearTimeout(cut);
    },
  };
}

// The configured origin by which this connection came in; a browser puts the host it dialled into the Host header.
function dialledOrigin(host: string | undefined, { publicOrigins }: ServerOptions): string | undefined {
  return publicOrigins.find((origin) => new URL(origin).host === host?.toLowerCase());
}

function isKnownHost(host: string | undefined, options: ServerOptions): boolean {
  return dialledOrigin(host, options) !== undefined;
}

interface UpgradeRefusal {
  status: number;
  reason: string;
}

function refusalOf(request: IncomingMessage, options: ServerOptions): UpgradeRefusal | undefined {
  const { origin } = request.headers;
  if (!isKnownHost(request.headers.host, options)) return { status: 421, reason: 'unknown host' };
  if (request.url !== WEBSOCKET_PATH) return { status: 404, reason: 'unknown path' };
  const isKnownOrigin =
    origin !== undefined && (options.extensionOrigins.includes(origin) || /^moz-extension:\/\/[0-9a-f-]{36}$/.test(origin));
  if (!isKnownOrigin) return { status: 403, reason: 'origin-refused' };
  const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return protocols.includes(SUBPROTOCOL) ? undefined : { status: 426, reason: 'version' };
}

function crowdRefusal(request: IncomingMessage, sessions: ReadonlyMap<Session, string>): UpgradeRefusal | undefined {
  const waiting = [...sessions].filter(([session]) => session.viewer === undefined);
  const fromHere = waiting.filter(([, address]) => address === request.socket.remoteAddress);
  const isCrowded = waiting.length >= MAX_UNAUTHENTICATED || fromHere.length >= MAX_UNAUTHENTICATED_PER_ADDRESS;
  return isCrowded ? { status: 429, reason: 'rate-limited' } : undefined;
}

interface RefusedUpgrade {
  socket: Duplex;
  refusal: UpgradeRefusal;
  request: IncomingMessage;
  log: Logger;
}

function refuseUpgrade({ socket, refusal, request, log }: RefusedUpgrade): void {
  log.warn({ ...refusal, origin: request.headers.origin, host: request.headers.host }, 'refused a connection');
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${refusal.status} ${refusal.reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

// What one device of a user dismissed or opened is cleared on the user's other devices.
function spreadSeen(
  sessions: ReadonlyMap<Session, string>,
  from: Session,
  callId: string,
  action: 'shown' | 'dismissed' | 'opened',
): void {
  if (action === 'shown') return;
  for (const session of sessions.keys()) {
    if (session !== from && session.viewer?.user.userId === from.viewer?.user.userId) {
      session.send({ type: 'notify', callId, show: false, reason: action });
    }
  }
}
