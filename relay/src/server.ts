// The relay's front: HTTP for the start page, a WebSocket for extensions. Counts who is there, ties sockets to sessions and
// tells sessions when grants changed. A GET never changes anything; nothing here reads a message.
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Server as TlsServer } from 'node:tls';
import { CLOSE_CODES, MAX_CLIENT_BYTES, SUBPROTOCOL } from '@offhook/protocol';
import fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AccessChange } from './access.ts';
import { CLOSE_LIMIT_MS, ClientSocket } from './client-socket.ts';
import { createDeviceCopies, type DeviceCopies } from './device-copies.ts';
import { createFrontDoor, type FrontDoor, type FrontDoorOptions, type UpgradeRefusal } from './front-door.ts';
import type { EndCode } from './handshake.ts';
import { serveHealth } from './health.ts';
import { createSession, type Session, type SessionContext } from './session.ts';
import { createSpeakers, type Speakers } from './speakers.ts';
import { startPage, startPageHeaders } from './start-page.ts';
import type { Certificate } from './tls.ts';
import type { Trace } from './trace.ts';

export interface ServerOptions extends Pick<FrontDoorOptions, 'extensionOrigins'> {
  host: string;
  /** 0 lets the system choose one. */
  port: number;
  /** With it, nothing but TLS is spoken. */
  certificate?: Certificate | undefined;
  /** How agents reach this relay, once it is known which port was bound. */
  publicOrigins(port: number): readonly string[];
  log: Logger;
  trace?: Pick<Trace, 'isOn' | 'note'>;
  /** Whether what happens can be written down, for `/healthz`; always, where nobody tells. */
  canWrite?: () => boolean;
  session: Omit<SessionContext, 'onSeen' | 'onUsed' | 'onSubscribed'>;
}

export interface Server {
  /** The port that was bound, for `port: 0`. */
  port: number;
  /** Those that are not over. */
  sessions(): readonly Session[];
  /** Takes another certificate, or other rules for who may come in, for connections from now on. */
  adapt(changes: ServerChanges): void;
  /** Says goodbye to every extension, then stops listening. */
  close(): Promise<void>;
}

/** What a running server may take over. */
export interface ServerChanges extends FrontDoorOptions {
  certificate?: Certificate | undefined;
}

const MAX_UNAUTHENTICATED_PER_ADDRESS = 20;
const MAX_UNAUTHENTICATED = 1_000;
// Who does not send a request for so long is no browser.
const REQUEST_LIMIT_MS = 10_000;
const GOODBYE_MS = 500;
const SESSIONS_A_SLICE = 20;

interface Connections {
  options: ServerOptions;
  door: FrontDoor;
  /** What all sessions share. */
  context: SessionContext;
  sessions: Set<Session>;
  /** Those that have not signed in yet, with the address that each came from. */
  newcomers: Map<Session, string>;
  /** Those that are being told why they may not come in, with the address that each came from. */
  turnedAway: Map<WebSocket, string>;
  sockets: WebSocketServer;
  speakers: Speakers;
  copies: DeviceCopies;
  isClosing: boolean;
}

/** Binds and serves. A port in use rejects with the system's own error. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { session: shared, log } = options;
  const speakers = createSpeakers({ ...shared.feed, clock: shared.clock });
  const copies = createDeviceCopies({ clock: shared.clock, log });
  const connections: Connections = {
    options,
    // Until it is known where the relay listens, nobody is let in.
    door: createFrontDoor({ extensionOrigins: [], publicOrigins: [] }),
    context: {
      ...shared,
      onSeen: speakers.seen,
      onUsed: speakers.used,
      onSubscribed(session) {
        speakers.joined(session);
        copies.joined(session);
      },
    },
    sessions: new Set(),
    newcomers: new Map(),
    turnedAway: new Map(),
    sockets: new WebSocketServer({
      noServer: true,
      maxPayload: MAX_CLIENT_BYTES,
      perMessageDeflate: false,
      handleProtocols,
    }),
    speakers,
    copies,
    isClosing: false,
  };
  const http = serveHttp(connections);
  http.server.on('upgrade', (request, socket, head) => upgrade(connections, { request, socket, head }));
  await http.listen({ host: options.host, port: options.port });
  const { port } = http.server.address() as AddressInfo; // a TCP listener's address is never a string
  connections.door = createFrontDoor({ ...options, publicOrigins: options.publicOrigins(port) });
  const stopListening = options.session.access.onChange((change) => refreshUsers(connections, change));
  return {
    port,
    sessions: () => [...connections.sessions].filter((session) => !session.isOver),
    adapt({ certificate, ...rules }) {
      connections.door = createFrontDoor(rules);
      if (certificate && http.server instanceof TlsServer) http.server.setSecureContext(secureContext(certificate));
    },
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
    serverFactory: (handler) => listenerFor(connections.options, handler),
  });
  http.addHook('onRequest', async (request, reply) => {
    if (connections.door.dialledOrigin(request.headers.host) === undefined)
      await reply.code(421).send({ code: 'origin-refused' });
    else if (connections.door.isForeignPart(request.headers)) await reply.code(403).send({ code: 'origin-refused' });
  });
  http.get('/', async (request, reply) => {
    const { provider } = connections.options.session.oidc ?? {};
    const page = startPage({ acceptLanguage: request.headers['accept-language'] ?? '', provider });
    return reply.headers(startPageHeaders).type('text/html; charset=utf-8').send(page);
  });
  serveHealth(http, connections.options.canWrite ?? (() => true));
  return http;
}

function listenerFor({ certificate }: ServerOptions, handler: RequestListener): HttpServer {
  const limits = {
    requestTimeout: REQUEST_LIMIT_MS,
    headersTimeout: REQUEST_LIMIT_MS,
    connectionsCheckingInterval: 1_000,
  };
  if (!certificate) return createHttpServer(limits, handler);
  return createHttpsServer({ ...limits, ...secureContext(certificate), handshakeTimeout: REQUEST_LIMIT_MS }, handler);
}

function secureContext({ cert, key, passphrase }: Certificate) {
  return { cert, key, ...(passphrase !== undefined && { passphrase }), minVersion: 'TLSv1.2' as const };
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
  if (!refusal)
    return sockets.handleUpgrade(request, socket, head, (opened) => accept(connections, opened, { request, socket }));
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

function crowdRefusal({ newcomers }: Connections, request: IncomingMessage): UpgradeRefusal | undefined {
  for (const session of newcomers.keys()) if (session.viewer) newcomers.delete(session);
  return isCrowded([...newcomers.values()], request.socket.remoteAddress) ? { code: 'rate-limited' } : undefined;
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

function accept(
  connections: Connections,
  webSocket: WebSocket,
  { request, socket }: Pick<Upgrade, 'request' | 'socket'>,
): void {
  const { options, door, sessions, newcomers } = connections;
  const { log, trace } = options;
  const { origin = '', host } = request.headers;
  const address = request.socket.remoteAddress ?? '';
  const client = new ClientSocket({ webSocket, stream: socket, clock: options.session.clock, trace });
  const peer = { origin, address, dialledOrigin: door.dialledOrigin(host) ?? '' };
  const session = createSession(client, peer, connections.context);
  client.who = session.sessionId;
  sessions.add(session);
  newcomers.set(session, address);
  webSocket.on('message', (data, isBinary) => {
    if (isBinary) session.end('message-invalid');
    else {
      const frame = data.toString();
      if (trace?.isOn()) trace.note({ wire: 'browser', way: 'in', who: client.who, frame });
      session.receive(frame);
    }
  });
  // ws reports a frame that is too large or broken as an error and closes by itself; the session only has to end.
  webSocket.on('error', (error) => log.info({ err: error }, 'socket error'));
  webSocket.on('close', () => {
    client.closed();
    session.dispose();
    sessions.delete(session);
    newcomers.delete(session);
    connections.speakers.left(session);
    connections.copies.left(session);
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

// Sessions that are still signing in belong to nobody yet; they are told, too, and look again.
function refreshUsers({ sessions }: Connections, { userIds }: AccessChange): void {
  const pace = inSlices(SESSIONS_A_SLICE);
  for (const session of sessions) {
    if (!session.viewer || userIds.has(session.viewer.user.userId)) void session.refresh(pace);
  }
}

// Every so many that wait wait for one more turn of the event loop: calls go on while a whole company is told anew.
function inSlices(size: number): () => Promise<void> {
  let count = 0;
  let turn = Promise.resolve();
  return () => {
    count += 1;
    if (count % size === 0) turn = turn.then(() => nextTurn());
    return turn;
  };
}

async function close(connections: Connections, http: FastifyInstance): Promise<void> {
  const { sessions, sockets, speakers, copies } = connections;
  connections.isClosing = true;
  speakers.close();
  copies.close();
  for (const session of sessions) {
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
