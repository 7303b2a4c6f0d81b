// A relay's front with real sockets, a real SQLite file, real keys and orders that end in a fake phone system. Clients wait
// for frames and for the end of their connection, never for time.
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { createAccess } from '../../relay/src/access.ts';
import { createCallBacks } from '../../relay/src/call-backs.ts';
import { createCommands } from '../../relay/src/commands.ts';
import { createDirectory } from '../../relay/src/directory.ts';
import { createFanOut } from '../../relay/src/fan-out.ts';
import { createGuard } from '../../relay/src/guard.ts';
import { openJournal } from '../../relay/src/journal.ts';
import { createJournalFanOut } from '../../relay/src/journal-fan-out.ts';
import { createJournalMark } from '../../relay/src/journal-mark.ts';
import { createNotes } from '../../relay/src/notes.ts';
import type { DriverOrder } from '../../relay/src/pbx/driver.ts';
import { startServer } from '../../relay/src/server.ts';
import { createSignIn } from '../../relay/src/sign-in.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { Grant } from '../../relay/src/store/store.ts';
import { createFakeBoard } from '../fakes/board.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { BERLIN, SILENT } from './builders.ts';
import { connectWire, enrolKey, helloOf, type WireClient, type WireDevice } from './wire-client.ts';

export const EXTENSION = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';
export const HOST = 'relay.test:8730';

/** What became of a request for a WebSocket. */
interface Upgraded {
  status: number;
  first: string | undefined;
  protocol?: string | undefined;
  leave(): void;
  /** The relay, or `leave`, ended the connection. */
  ended: Promise<void>;
}

// A server's short frame: opcode, length, payload. Longer ones are not refusals: their message's type tells enough.
function firstFrame(bytes: Buffer): string | undefined {
  const [head, length = 0] = bytes;
  if (head === undefined || bytes.length < 2) return undefined;
  if ((head & 0x0f) !== 8) return /"type":"([a-z]+)"/.exec(bytes.toString('latin1'))?.[1];
  if (bytes.length < 2 + length) return undefined;
  return `${bytes.readUInt16BE(2)} ${bytes.toString('utf8', 4, 2 + length)}`;
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
    hasLine: () => false,
    isContact: () => false,
    locationOf: () => BERLIN,
    callIdOf: (_pbxId, callKey) => callKey,
    async send(_pbxId, order) {
      orders.push(order);
      return { type: 'sent' };
    },
    outcomeTimeoutMs: 10_000,
  });
  const log = SILENT;
  const journal = await openJournal({ store, clock, log });
  const present = { ...board, clock, epoch: 'epoch-1', contactOf: () => undefined };
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    extensionOrigins: [EXTENSION],
    publicOrigins: () => [`ws://${HOST}`, 'wss://relay.example'],
    log: SILENT,
    session: {
      version: '0.1.0',
      clock,
      log: SILENT,
      signIn,
      access,
      entryFormsOf: () => undefined,
      dialPlansOf: () => [],
      commands,
      guard,
      feed: { ...present, locationOf: () => BERLIN, fanOut: createFanOut(present) },
      journal: {
        since: store.journalSince,
        page: store.journalPage,
        seq: store.journalSeq,
        fanOut: createJournalFanOut(() => undefined),
        entryFor: () => undefined,
        watchedLines: (viewer) => ['line-1', 'line-2'].filter((lineId) => viewer.rightsOn(lineId).has('watch')),
      },
      contacts: {
        directory: createDirectory({ store, sources: [], clock, log }),
        lines: board.lines,
        line: board.line,
      },
      choices: { change: async () => ({ state: 'failed', code: 'not-permitted' }) },
      facts: { now: () => undefined, whole: async () => undefined },
      history: {
        ...{ directory: { lookUp: () => [], search: async () => ({ matches: [], more: false }) } },
        ...{ lines: board.lines, line: board.line, numbersOf: () => undefined, entryFor: () => undefined },
        pageOf: store.journalPageOf,
      },
      notes: createNotes({ journal, clock, log }),
      mark: createJournalMark({ store, clock, log }),
      callBacks: createCallBacks({ journal, clock, log }),
      gaps: { of: async () => [], onChange: () => () => undefined },
    },
  });
  const sockets = new Set<WebSocket>();
  const held = new Set<Duplex>();

  /** `port` is where a proxy listens, `localAddress` from where the connection comes. */
  function connect(
    headers: Record<string, string> = {},
    { port = server.port, localAddress }: { port?: number; localAddress?: string } = {},
  ): WireClient {
    const url = `ws://127.0.0.1:${port}/v1`;
    const client = connectWire(url, { Host: HOST, Origin: EXTENSION, ...headers }, { localAddress });
    sockets.add(client.socket);
    return client;
  }

  /** Pairs a new key on an open connection. */
  async function pair(client: WireClient, userId: string) {
    const { code } = await signIn.issueCode(userId);
    return enrolKey(client, { code, origin: `ws://${HOST}` });
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

  async function signedIn(userId: string, device?: WireDevice): Promise<WireClient> {
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
      sent.on('error', reject);
      sent.end();
    });
  }

  /**
   * Asks for a WebSocket with these headers and reads the first frame, to which it never answers: `'challenge'`, or the
   * code and reason of a close. The connection stays open until the relay or `leave` ends it.
   */
  function upgrade(headers: Record<string, string>, path = '/v1') {
    const asked = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'c2FtcGxlc2FtcGxlc2FtcA==',
      ...headers,
    };
    return new Promise<Upgraded>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: server.port, path, headers: asked }, (response) => {
        response.resume();
        resolve({
          status: response.statusCode ?? 0,
          first: undefined,
          leave: () => undefined,
          ended: Promise.resolve(),
        });
      });
      sent.on('upgrade', ({ headers: answered }, socket, head) => {
        held.add(socket);
        socket.on('error', () => undefined);
        const ended = new Promise<void>((done) => {
          socket.once('close', () => done());
        });
        let bytes = head;
        const look = () => {
          const first = firstFrame(bytes);
          if (first === undefined) return;
          const protocol = answered['sec-websocket-protocol'];
          resolve({ status: 101, first, protocol, leave: () => void socket.destroy(), ended });
        };
        socket.on('data', (chunk: Buffer) => {
          bytes = Buffer.concat([bytes, chunk]);
          look();
        });
        look();
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  async function close(): Promise<void> {
    for (const socket of sockets) socket.terminate();
    for (const socket of held) socket.destroy();
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
    upgrade,
    close,
  };
}

export type Rig = Awaited<ReturnType<typeof startRig>>;
