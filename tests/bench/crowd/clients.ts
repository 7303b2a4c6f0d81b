// A crowd of clients in one process, the same code whoever serves them: plain sockets, each from an address of its own,
// frames that are counted and not understood once a client is live. Only signing in to the relay takes reading.
import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { type Cursor, proofText, SUBPROTOCOL } from '@offhook/protocol';
import { DEMO_EXTENSION_ID } from '../../../relay/src/extension-ids.ts';
import { answerQuestions, sharedNow } from './child.ts';
import type { Agent } from './company.ts';
import { clientFrame, createFrameReader } from './frames.ts';

export type Kind = 'offhook' | 'ws' | 'socket.io';

export type CrowdQuestion =
  /** Connects one client for each entry and waits until all are live, or, with `isPatient: false`, only starts. */
  | {
      ask: 'connect';
      kind: Kind;
      host: string;
      port: number;
      agents: readonly Agent[];
      paths: readonly string[];
      atOnce: number;
    }
  /** Forgets what was counted. */
  | { ask: 'reset' }
  /** What was counted since. */
  | { ask: 'counted' }
  /** Cuts all connections. */
  | { ask: 'drop' };

export interface Counted {
  /** Frames that each client got. */
  frames: number[];
  /** Each frame's number, and when it came. */
  revs: Float64Array;
  times: Float64Array;
  /** The last frame as text. */
  sample: string;
  /** Connections that broke by themselves. */
  broken: number;
}

export interface Connected {
  /** From the first attempt to the last client that was live. */
  tookMs: number;
  /** Connections that were refused and tried again. */
  refused: number;
  /** The line pictures that each client holds, and up to which revision. */
  pictures: { rev: number; lines: number }[];
}

interface Client {
  index: number;
  socket: Socket | undefined;
  isLive: boolean;
  frames: number;
  /** Of the relay's: goes on from here. */
  cursor: Cursor | undefined;
  lines: number;
}

const [maxFrames = '1000000'] = process.argv.slice(2);
const revs = new Float64Array(Number(maxFrames));
const times = new Float64Array(Number(maxFrames));
let count = 0;
let chunkAt = 0;
let broken = 0;
let sample = '';
let isDropping = false;
const clients: Client[] = [];
const REV = Buffer.from('"rev":');
const [EVENT_D, EVENT_L] = [0x64, 0x6c];
const RETRY_MS = 100;
const PING_EVERY_MS = 20_000;
// Not all at once.
const PING_STEPS = 200;
let isKeptAlive = false;

answerQuestions<CrowdQuestion>(async (question) => {
  switch (question.ask) {
    case 'connect':
      return connectAll(question);
    case 'reset':
      count = 0;
      broken = 0;
      for (const client of clients) client.frames = 0;
      return undefined;
    case 'counted':
      return counted();
    case 'drop':
      isDropping = true;
      for (const { socket } of clients) socket?.destroy();
      return undefined;
    default:
      return question satisfies never;
  }
});

function counted(): Counted {
  return {
    frames: clients.map(({ frames }) => frames),
    revs: revs.slice(0, count),
    times: times.slice(0, count),
    sample,
    broken,
  };
}

async function connectAll(question: CrowdQuestion & { ask: 'connect' }): Promise<Connected> {
  const startedAt = sharedNow();
  isDropping = false;
  const size = Math.max(question.agents.length, question.paths.length);
  for (let index = clients.length; index < size; index += 1) {
    clients.push({ index, socket: undefined, isLive: false, frames: 0, cursor: undefined, lines: 0 });
  }
  // Who came first must not be silent until the last one is there: on a busy machine that takes longer than 45 seconds.
  keepAlive(question.kind);
  let refused = 0;
  const waiting = clients.map((client) => async () => {
    while (!(await join(client, question))) {
      refused += 1;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS * Math.random() * 2));
    }
  });
  await Promise.all(
    Array.from({ length: Math.min(question.atOnce, size) }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await next();
    }),
  );
  const pictures = clients.map(({ cursor, lines }) => ({ rev: cursor?.rev ?? 0, lines }));
  return { tookMs: sharedNow() - startedAt, refused, pictures };
}

// As extensions do: the relay ends who says nothing for 45 seconds.
function keepAlive(kind: Kind): void {
  if (kind !== 'offhook' || isKeptAlive) return;
  isKeptAlive = true;
  const ping = clientFrame('{"type":"ping","n":1}');
  let next = 0;
  const startedAt = sharedNow();
  setInterval(() => {
    // By the clock, so that steps which come late on a busy machine do not add up.
    for (const until = ((sharedNow() - startedAt) * clients.length) / PING_EVERY_MS; next < until; next += 1) {
      const client = clients[next % clients.length];
      if (client?.isLive) client.socket?.write(ping);
    }
  }, PING_EVERY_MS / PING_STEPS);
}

/** False if the connection ended before the client was live. */
function join(client: Client, question: CrowdQuestion & { ask: 'connect' }): Promise<boolean> {
  const { kind, host, port } = question;
  return new Promise((resolve) => {
    client.isLive = false;
    const socket = connect({ host, port, localAddress: addressOf(client.index), noDelay: true });
    client.socket = socket;
    const live = () => {
      client.isLive = true;
      resolve(true);
    };
    const greet = greetings(question, client, { send: (text) => void socket.write(clientFrame(text)), live });
    const read = createFrameReader((payload) => {
      if (client.isLive) take(client, kind, payload);
      else greet(payload);
    });
    let head: string | undefined = '';
    socket.on('connect', () => socket.write(upgradeRequest(question, client.index)));
    socket.on('data', (chunk) => {
      chunkAt = sharedNow();
      if (head === undefined) return read(chunk);
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const rest = Buffer.from(head.slice(end + 4), 'latin1');
      head = undefined;
      if (kind === 'ws') live();
      if (rest.length > 0) read(rest);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (client.isLive && !isDropping) broken += 1;
      resolve(false);
    });
  });
}

// As in a company: everybody has an address of his own.
function addressOf(index: number): string {
  return `127.1.${Math.floor(index / 250)}.${1 + (index % 250)}`;
}

function upgradeRequest({ kind, host, port, paths }: CrowdQuestion & { ask: 'connect' }, index: number): string {
  const headers = [
    `GET ${paths[index] ?? '/v1'} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Version: 13',
    `Origin: chrome-extension://${DEMO_EXTENSION_ID}`,
    ...(kind === 'offhook' ? [`Sec-WebSocket-Protocol: ${SUBPROTOCOL}`] : []),
  ];
  return `${headers.join('\r\n')}\r\n\r\n`;
}

interface Greeting {
  send(text: string): void;
  live(): void;
}

/** What a client says and hears until it is live. */
function greetings(
  { kind, host, port, agents }: CrowdQuestion & { ask: 'connect' },
  client: Client,
  { send, live }: Greeting,
): (payload: Buffer) => void {
  const agent = agents[client.index];
  if (kind !== 'offhook' || !agent) {
    return (payload) => {
      const text = payload.toString();
      // Engine.IO's opening, and Socket.IO's.
      if (text.startsWith('0')) send('40');
      else if (text.startsWith('40')) live();
    };
  }
  return (payload) => {
    const message = JSON.parse(payload.toString()) as { type: string; nonce: string }; // a frame of the relay's
    if (message.type === 'challenge')
      send(JSON.stringify(helloOf(agent, { ...message, host, port, resume: client.cursor })));
    if (message.type === 'welcome') send(JSON.stringify({ type: 'subscribe', lines: ['*'], journal: true }));
    if (message.type === 'snapshot' || message.type === 'delta') keep(client, message as unknown as Picture, live);
  };
}

interface Picture {
  type: 'snapshot' | 'delta';
  epoch: string;
  rev: number;
  aclRev: number;
  lines: unknown[];
  part: number;
  parts: number;
}

function keep(client: Client, { type, epoch, rev, aclRev, lines, part, parts }: Picture, live: () => void): void {
  client.lines = type === 'snapshot' && part > 1 ? client.lines + lines.length : lines.length;
  if (type === 'snapshot') client.cursor = { epoch, rev, aclRev };
  else if (client.cursor) client.cursor = { ...client.cursor, rev };
  if (type === 'delta' || part === parts) live();
}

function helloOf(
  { device, key }: Agent,
  { nonce, host, port, resume }: { nonce: string; host: string; port: number; resume: Cursor | undefined },
): object {
  const text = Buffer.from(proofText({ nonce, device, origin: `ws://${host}:${port}` }));
  const privateKey = createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' });
  const proof = sign('sha256', text, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  const about = { name: 'bench', version: '1', os: 'bench', browser: 'bench' };
  return { type: 'hello', client: about, device, proof, features: [], ...(resume && { resume }) };
}

// The timed path: what kind of frame it is, its number, and the time.
function take(client: Client, kind: Kind, payload: Buffer): void {
  if (kind === 'socket.io' && payload[0] === 0x32) {
    client.socket?.write(clientFrame('3'));
    return;
  }
  // `{"type":"delta"`, in socket.io within `42["delta",`.
  const at = kind === 'socket.io' ? 11 : 0;
  if (payload[at + 9] !== EVENT_D || payload[at + 11] !== EVENT_L) return;
  client.frames += 1;
  revs[count] = numberAt(payload, payload.indexOf(REV) + REV.length);
  times[count] = chunkAt;
  count += 1;
  if (count === 1 || sample === '') sample = payload.toString('utf8', at);
}

function numberAt(bytes: Buffer, start: number): number {
  let value = 0;
  for (let at = start; ; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return value;
    value = value * 10 + digit;
  }
}
