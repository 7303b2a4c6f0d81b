// The relay's front: HTTP for the start page, a WebSocket for extensions. Counts who is there, ties sockets to sessions and
// tells sessions when grants changed. A GET never changes anything; nothing here reads a message.
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { CLOSE_CODES, MAX_CLIENT_BYTES, SUBPROTOCOL } from '@offhook/protocol';
import fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { createFrontDoor, type FrontDoor, type FrontDoorOptions, type UpgradeRefusal } from './front-door.ts';
import type { EndCode } from './handshake.ts';
import { createSession, type Session, type SessionContext } from './session.ts';
import { startPage, startPageHeaders } from './start-page.ts';

export interface ServerOptions extends Pick<FrontDoorOptions, 'extensionOrigins'> {
  host: string;
  /** 0 lets the system choose one. */
  port: number;
  /** How agents reach this relay, once it is known which port was bound. */
  publicOrigins(port: number): readonly string[];
  log: Logger;
  session: Omit<SessionContext, 'onSeen'>;
}

export interface Server {
  /** The port that was bound, for `port: 0`. */
  port: number;
  /** Those that are not over. */
  sessions(): readonly Session[];
  /** Says goodbye to every extension, then stops listening. */
  close(): Promise<void>;
}

const MAX_UNAUTHENTICATED_PER_ADDRESS = 20;
const MAX_UNAUTHENTICATED = 1_000;
// Who does not send a request for so long is no browser.
const REQUEST_LIMIT_MS = 10_000;
// A closing handshake that nobody answers: revoked, stalled or gone.
const CLOSE_LIMIT_MS = 3_000;
const GOODBYE_MS = 500;

interface Connections {
  options: ServerOptions;
  door: FrontDoor;
  /** With the address that each came from. */
  sessions: Map<Session, string>;
  /** Those that are being told why they may not come in, with the address that each came from. */
  turnedAway: Map<WebSocket, string>;
  sockets: WebSocketServer;
  isClosing: boolean;
}

/** Binds and serves. A port in use rejects with the system's own error. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const connections: Connections = {
    options,
    // Until it is known where the relay listens, nobody is let in.
    door: createFrontDoor({ extensionOrigins: [], publicOrigins: [] }),
    sessions: new Map(),
    turnedAway: new Map(),
    sockets: new WebSocketServer({
      noServer: true,
      maxPayload: MAX_CLIENT_BYTES,
      perMessageDeflate: false,
      handleProtocols,
    }),
    isClosing: false,
  };
  const http = serveHttp(connections);
  http.server.on('upgrade', (request, socket, head) => upgrade(connections, { request, socket, head }));
  await http.listen({ host: options.host, port: options.port });
  const { port } = http.server.address() as AddressInfo; // a TCP listener's address is never a string
  connections.door = createFrontDoor({ ...options, publicOrigins: options.publicOrigins(port) });
  const stopListening = options.session.access.onChange((tenantId) => refreshTenant(connections, tenantId));
  return {
    port,
    sessions: () => [...connections.sessions.keys()].filter((session) => !session.isOver),
    close() {
      stopListening();
      return close(connections, http);
    },
  };
}

function serveHttp(connections: Connections): FastifyInstance {
  const http = fastify({
    logger: false,
    trustProxy: false,
    // Who says nothing, or half a request, does not keep the relay from ending.
    forceCloseConnections: true,
    requestTimeout: REQUEST_LIMIT_MS,
    http: { headersTimeout: REQUEST_LIMIT_MS, connectionsCheckingInterval: 1_000 },
  });
  http.addHook('onRequest', async (request, reply) => {
    if (connections.door.dialledOrigin(request.headers.host) === undefined)
      await reply.code(421).send({ code: 'origin-refused' });
  });
  http.get('/', async (request, reply) => {
    const page = startPage({ acceptLanguage: request.headers['accept-language'] ?? '' });
    return reply.headers(startPageHeaders).type('text/html; charset=utf-8').send(page);
  });
  http.get('/healthz', async () => ({ status: 'ok' }));
  return http;
}

interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

function upgrade(connections: Connections, { request, socket, head }: Upgrade): void {
  const { door, sockets } = connections;
  const refusal = connections.isClosing
    ? { status: 503, reason: 'closing' }
    : (door.refusalOf(request) ?? crowdRefusal(connections, request));
  if (!refusal) return sockets.handleUpgrade(request, socket, head, (opened) => accept(connections, opened, request));
  const { origin, host } = request.headers;
  connections.options.log.warn({ ...refusal, origin, host }, 'refused a connection');
  if ('status' in refusal) return refuse(socket, refusal);
  // Who is turned away has a crowd limit of its own: it takes no place from those who may come in.
  const { remoteAddress } = request.socket;
  if (isCrowded([...connections.turnedAway.values()], remoteAddress)) {
    return refuse(socket, { status: 429, reason: 'rate-limited' });
  }
  sockets.handleUpgrade(request, socket, head, (opened) => {
    turnAway(connections, opened, { code: refusal.code, address: remoteAddress ?? '' });
  });
}

function crowdRefusal({ sessions }: Connections, request: IncomingMessage): UpgradeRefusal | undefined {
  const waiting = [...sessions].filter(([session]) => session.viewer === undefined).map(([, address]) => address);
  return isCrowded(waiting, request.socket.remoteAddress) ? { code: 'rate-limited' } : undefined;
}

function isCrowded(addresses: readonly string[], here: string | undefined): boolean {
  const fromHere = addresses.filter((address) => address === here);
  return addresses.length >= MAX_UNAUTHENTICATED || fromHere.length >= MAX_UNAUTHENTICATED_PER_ADDRESS;
}

// A browser gives up a connection, and shows no close code, unless one of the subprotocols that it offered is chosen.
function handleProtocols(offered: ReadonlySet<string>): string | false {
  const [first = false] = offered;
  return offered.has(SUBPROTOCOL) ? SUBPROTOCOL : first;
}

// The close is all that is ever sent; what comes in has no listener and is dropped.
function turnAway(
  { options, turnedAway }: Connections,
  webSocket: WebSocket,
  { code, address }: { code: EndCode; address: string },
): void {
  turnedAway.set(webSocket, address);
  const cancelCut = options.session.clock.after(CLOSE_LIMIT_MS, () => webSocket.terminate());
  webSocket.on('error', (error) => options.log.info({ err: error }, 'socket error'));
  webSocket.on('close', () => {
    cancelCut();
    turnedAway.delete(webSocket);
  });
  webSocket.close(CLOSE_CODES[code], code);
}

function refuse(socket: Duplex, refusal: { status: number; reason: string }): void {
  socket.on('error', () => undefined);
  // The other end may never close its half.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${refusal.status} ${refusal.reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function accept(connections: Connections, webSocket: WebSocket, request: IncomingMessage): void {
  const { options, door, sessions } = connections;
  const { log } = options;
  const { origin = '', host } = request.headers;
  const address = request.socket.remoteAddress ?? '';
  let cancelCut = () => {};
  const session = createSession(
    {
      send: (frame) => webSocket.send(frame),
      close(code, reason) {
        webSocket.close(code, reason);
        cancelCut = options.session.clock.after(CLOSE_LIMIT_MS, () => webSocket.terminate());
      },
      get bufferedBytes() {
        return webSocket.bufferedAmount;
      },
    },
    { origin, address, dialledOrigin: door.dialledOrigin(host) ?? '' },
    { ...options.session, onSeen: (...seen) => spreadSeen(sessions, ...seen) },
  );
  sessions.set(session, address);
  webSocket.on('message', (data, isBinary) => {
    if (isBinary) session.end('message-invalid');
    else session.receive(data.toString());
  });
  // ws reports a frame that is too large or broken as an error and closes by itself; the session only has to end.
  webSocket.on('error', (error) => log.info({ err: error }, 'socket error'));
  webSocket.on('close', () => {
    cancelCut();
    session.dispose();
    sessions.delete(session);
    if (!connections.isClosing) noteLeaving(connections, session);
  });
}

// So that the list of devices tells when each was last here. After a restart of the relay they are back within seconds.
function noteLeaving({ options }: Connections, { viewer, deviceId }: Session): void {
  if (!viewer || deviceId === undefined) return;
  options.session.signIn.noteSeen(deviceId).catch((error: unknown) => {
    options.log.error({ err: error, device: deviceId }, 'when a device was last seen could not be written down');
  });
}

// Sessions that are still signing in belong to no tenant yet; they are told, too, and look again.
function refreshTenant({ sessions }: Connections, tenantId: string): void {
  for (const session of sessions.keys()) {
    if ((session.viewer?.tenant.tenantId ?? tenantId) === tenantId) void session.refresh();
  }
}

// What one device of a user dismissed or opened is cleared on the user's other devices.
function spreadSeen(
  sessions: ReadonlyMap<Session, string>,
  from: Session,
  callId: string,
  action: 'shown' | 'dismissed' | 'opened',
): void {
  const userId = from.viewer?.user.userId;
  if (action === 'shown' || userId === undefined) return;
  for (const session of sessions.keys()) {
    if (session !== from && session.viewer?.user.userId === userId) {
      session.send({ type: 'notify', callId, show: false, reason: action });
    }
  }
}

async function close(connections: Connections, http: FastifyInstance): Promise<void> {
  const { sessions, sockets } = connections;
  connections.isClosing = true;
  for (const session of sessions.keys()) {
    session.send({ type: 'bye', code: 'internal', reconnect: { afterMs: 500, jitterMs: 2_000 } });
    session.dispose();
  }
  for (const client of sockets.clients) client.close(1001, 'going away');
  const cut = setTimeout(() => {
    for (const client of sockets.clients) client.terminate();
  }, GOODBYE_MS);
  await http.close();
  clearTimeout(cut);
}
