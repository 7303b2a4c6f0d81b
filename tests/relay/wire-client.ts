// An extension's end of the wire, as plainly as it can be written: a real WebSocket and a real key. It waits for frames and
// for the end of its connection, never for time.
import { generateKeyPairSync, sign } from 'node:crypto';
import { type Cursor, proofText, readServerMessage, type ServerMessage, SUBPROTOCOL } from '@offhook/protocol';
import { WebSocket } from 'ws';

type MessageOf<Type> = Extract<ServerMessage, { type: Type }>;

export interface WireClient {
  socket: WebSocket;
  frames: ServerMessage[];
  closed: Promise<{ code: number; reason: string }>;
  send(message: object | string | Buffer): void;
  /** The next frame of this type that nobody asked for yet. Rejects when the connection ends without one. */
  next<Type extends ServerMessage['type']>(type: Type): Promise<MessageOf<Type>>;
  /** Lets go of all frames that nobody asked for yet. */
  forget(): void;
}

/** A browser profile that was paired. `proof` answers a challenge. */
export interface WireDevice {
  device: string;
  proof(nonce: string, origin?: string): string;
}

export interface WireOptions {
  /** Hears of every frame at once. */
  onFrame?: ((message: ServerMessage) => void) | undefined;
  /** One of this machine's own addresses, `'127.0.1.7'`. */
  localAddress?: string | undefined;
}

/** Opens a connection to `url`, `'ws://127.0.0.1:8730/v1'`. */
export function connectWire(
  url: string,
  headers: Record<string, string>,
  { onFrame = () => undefined, localAddress }: WireOptions = {},
): WireClient {
  const socket = new WebSocket(url, SUBPROTOCOL, { headers, ...(localAddress !== undefined && { localAddress }) });
  const frames: ServerMessage[] = [];
  const unread: ServerMessage[] = [];
  let end: { code: number; reason: string } | undefined;
  const waiting = new Set<() => void>();
  const look = () => {
    for (const wake of waiting) wake();
    waiting.clear();
  };
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      end = { code, reason: reason.toString() };
      resolve(end);
      look();
    });
  });
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const message = readServerMessage(data.toString());
    if (!message) return;
    frames.push(message);
    unread.push(message);
    onFrame(message);
    look();
  });
  async function next<Type extends ServerMessage['type']>(type: Type): Promise<MessageOf<Type>> {
    for (;;) {
      const index = unread.findIndex((message) => message.type === type);
      const [found] = index < 0 ? [] : unread.splice(index, 1);
      if (found) return found as MessageOf<Type>; // found by its type
      if (end) throw new Error(`the connection ended (${end.code} ${end.reason}) before a ${type}`);
      await new Promise<void>((resolve) => waiting.add(resolve));
    }
  }
  return {
    socket,
    frames,
    closed,
    next,
    forget: () => void unread.splice(0),
    send: (message) =>
      socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message)),
  };
}

/** Pairs a new key on an open connection to the relay at `origin`, `'ws://127.0.0.1:8730'`. */
export async function enrolKey(
  client: WireClient,
  { code, origin }: { code: string; origin: string },
): Promise<WireDevice> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');
  client.send({ type: 'enrol', code, publicKey: spki, device: { name: 'Sample browser' } });
  const { device } = await client.next('enrolled');
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  const proof = (nonce: string, dialled = origin) =>
    sign('sha256', Buffer.from(proofText({ nonce, device, origin: dialled })), key).toString('base64url');
  return { device, proof };
}

/** The hello of a paired device, with its answer to the challenge. */
export function helloOf({ device }: WireDevice, proof: string, resume?: Cursor): object {
  return {
    type: 'hello',
    client: { name: 'test', version: '1', os: 'test', browser: 'test' },
    device,
    proof,
    features: [],
    ...(resume && { resume }),
  };
}
