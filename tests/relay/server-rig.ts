// A relay's front with real sockets, a real SQLite file, real keys and orders that end in a fake phone system. Clients wait
// for frames and for the end of their connection, never for time.
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cursor, proofText, readServerMessage, type ServerMessage, SUBPROTOCOL } from '@offhook/protocol';
import { WebSocket } from 'ws';
import { createAccess } from '../../relay/src/access.ts';
import { createCommands } from '../../relay/src/commands.ts';
import { createGuard } from '../../relay/src/guard.ts';
import type { DriverOrder } from '../../relay/src/pbx/driver.ts';
import { startServer } from '../../relay/src/server.ts';
import { createSignIn } from '../../relay/src/sign-in.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { Grant } from '../../relay/src/store/store.ts';
import { createFakeBoard } from '../fakes/board.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { BERLIN, SILENT } from './builders.ts';

export const EXTENSION = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';
export const HOST = 'relay.test:8730';

type MessageOf<Type> = Extract<ServerMessage, { type: Type }>;

export interface WireClient {
  socket: WebSocket;
  frames: ServerMessage[];
  closed: Promise<{ code: number; reason: string }>;
  send(message: object | string | Buffer): void;
  /** The next frame of this type that nobody asked for yet. */
  next<Type extends ServerMessage['type']>(type: Type): Promise<MessageOf<Type>>;
}

/** Starts a server with two companies: user-1 and user-2 in tenant-1, user-9 in tenant-2. */
export async function startRig(grants: Grant[] = []) {
  const dataDir = mkdtempSync(join(tmpdir(), 'offhook-server-'));
  const store = openSqliteStore(dataDir);
  const user = (userId: string, tenantId: string) => ({
    userId,
    tenantId,
    login: userId,
    displayName: `Sample ${userId}`,
  });
  await store.seed({
    tenants: ['tenant-1', 'tenant-2'].map((tenantId) => ({ tenantId, name: `${tenantId} Ltd`, country: 'DE' })),
    users: [user('user-1', 'tenant-1'), user('user-2', 'tenant-1'), user('user-9', 'tenant-2')],
    lines: [],
    grants,
  });
  const clock = createFakeClock();
  const board = createFakeBoard();
  const orders: DriverOrder[] = [];
  const access = createAccess({ store });
  const signIn = createSignIn({ store, clock });
  const guard = createGuard({ limits: { perHour: 120, burstPerMinute: 100 }, clock });
  const commands = createCommands({
    store,
    guard,
    clock,
    log: SILENT,
    line: board.line,
    locationOf: () => BERLIN,
    callIdOf: (_pbxId, callKey) => callKey,
    async send(_pbxId, order) {
      orders.push(order);
      return { type: 'sent' };
    },
    outcomeTimeoutMs: 10_000,
  });
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    extensionOrigins: [EXTENSION],
    publicOrigins: [`ws://${HOST}`, 'wss://relay.example'],
    log: SILENT,
    session: {
      version: '0.1.0',
      clock,
      log: SILENT,
      signIn,
      access,
      commands,
      guard,
      feed: { ...board, clock, epoch: 'epoch-1', locationOf: () => BERLIN, contactOf: () => undefined },
      journal: {
        since: store.journalSince,
        page: store.journalPage,
        seq: store.journalSeq,
        onConversation: () => () => undefined,
        entryFor: () => undefined,
        watchedLines: (viewer) => ['line-1', 'line-2'].filter((lineId) => viewer.rightsOn(lineId).has('watch')),
      },
    },
  });
  const sockets = new Set<WebSocket>();

  function connect(headers: Record<string, string> = {}): WireClient {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1`, SUBPROTOCOL, {
      headers: { Host: HOST, Origin: EXTENSION, ...headers },
    });
    sockets.add(socket);
    const frames: ServerMessage[] = [];
    const unread: ServerMessage[] = [];
    let look: () => void = () => undefined;
    const closed = new Promise<{ code: number; reason: string }>((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const message = readServerMessage(data.toString());
      if (!message) return;
      frames.push(message);
      unread.push(message);
      look();
    });
    async function next<Type extends ServerMessage['type']>(type: Type): Promise<MessageOf<Type>> {
      for (;;) {
        const index = unread.findIndex((message) => message.type === type);
        const [found] = index < 0 ? [] : unread.splice(index, 1);
        if (found) return found as MessageOf<Type>; // found by its type
        await new Promise<void>((resolve) => {
          look = resolve;
        });
      }
    }
    return {
      socket,
      frames,
      closed,
      next,
      send: (message) =>
        socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message)),
    };
  }

  /** Pairs a new key on an open connection. */
  async function pair(client: WireClient, userId: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');
    const { code } = await signIn.issueCode(userId);
    client.send({ type: 'enrol', code, publicKey: spki, device: { name: 'Sample browser' } });
    const { device } = await client.next('enrolled');
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
    const proof = (nonce: string, origin = `ws://${HOST}`) =>
      sign('sha256', Buffer.from(proofText({ nonce, device, origin })), key).toString('base64url');
    return { device, proof };
  }

  /** A browser profile that was paired as the user. */
  async function pairedDevice(userId: string) {
    const client = connect();
    await client.next('challenge');
    const device = await pair(client, userId);
    client.socket.terminate();
    await client.closed;
    return device;
  }

  type Device = Awaited<ReturnType<typeof pairedDevice>>;
  const helloOf = ({ device }: Device, proof: string, resume?: Cursor) => ({
    type: 'hello',
    client: { name: 'test', version: '1', os: 'test', browser: 'test' },
    device,
    proof,
    features: [],
    ...(resume && { resume }),
  });

  async function signedIn(userId: string, device?: Device): Promise<WireClient> {
    const known = device ?? (await pairedDevice(userId));
    const client = connect();
    const { nonce } = await client.next('challenge');
    client.send(helloOf(known, known.proof(nonce)));
    await client.next('welcome');
    return client;
  }

  /** The status of a plain request, and its headers. */
  function http(headers: Record<string, string>, { path = '/', method = 'GET' } = {}) {
    return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      });
      sent.on('upgrade', (_response, socket) => {
        socket.destroy();
        resolve({ status: 101, headers: {}, body: '' });
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  async function close(): Promise<void> {
    for (const socket of sockets) socket.terminate();
    await server.close();
    commands.close();
    await store.close();
    rmSync(dataDir, { recursive: true });
  }
  return {
    server,
    store,
    clock,
    board,
    access,
    commands,
    signIn,
    orders,
    connect,
    pair,
    pairedDevice,
    signedIn,
    helloOf,
    http,
    close,
  };
}

export type Rig = Awaited<ReturnType<typeof startRig>>;
