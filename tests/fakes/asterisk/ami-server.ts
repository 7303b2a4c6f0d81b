// A fake of Asterisk's manager interface on loopback, written from the documented protocol: greeting, logins, responses,
// lists, events. It knows no calls: what it answers and tells is put in by whoever plays the phone system.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** A packet by its keys, in their order. */
export type Packet = Record<string, string>;

/** What an action is answered with: the response, and the events of a list behind it. */
export interface Answer {
  response: Packet;
  list?: { items: readonly Packet[]; complete: string };
}

export interface AmiServerOptions {
  users: Readonly<Record<string, string>>;
  /** Actions that this user may send besides those that everybody may; the default is a user with `system`. */
  actions?: readonly string[];
  /** Undefined: the action is unknown. */
  answer(action: Packet, connection: AmiPeer): Answer | undefined;
}

/** One that is logged in. */
export interface AmiPeer {
  send(packet: Packet): void;
}

export interface AmiServer {
  port: number;
  /** Tells everybody who is logged in. */
  tell(event: Packet): void;
  /** The same for many at once, in one piece of bytes. */
  tellAll(events: readonly Packet[]): void;
  /** Every action but logins and pings, oldest first. */
  actions: Packet[];
  /** The first action of this name, past or to come. */
  untilAction(name: string): Promise<Packet>;
  /** Does something right before the next action of this name is answered. */
  onNext(name: string, action: () => void): void;
  /** Resolves when so many actions of this name have come. */
  untilActionsOf(name: string, count: number): Promise<void>;
  peers(): number;
  /** When the next connection is taken, by `performance.now()`; `nudge` is called until then. */
  nextConnection(nudge?: () => void): Promise<number>;
  /** Bytes as they are. */
  raw(bytes: string | Buffer): void;
  cut(): void;
  /** From now on bytes come in pieces of this size. */
  setPieces(size: number): void;
  setSilent(): void;
  refuseLogins(): void;
  close(): Promise<void>;
}

const ALL_ACTIONS = ['Originate', 'Redirect', 'CoreShowChannels', 'DBPut', 'DBGetTree', 'PJSIPNotify'];
const BANNER = 'Asterisk Call Manager/5.0.4\r\n';

/** Listens on a free port of loopback. */
export async function startAmiServer(options: AmiServerOptions): Promise<AmiServer> {
  const sockets = new Set<Socket>();
  const peers = new Map<Socket, AmiPeer>();
  const actions: Packet[] = [];
  const waiting = new Set<(action: Packet) => void>();
  const connecting = new Set<(at: number) => void>();
  let pieceSize = 0;
  let isSilent = false;
  let isRefusing = false;

  function write(socket: Socket, bytes: string | Buffer): void {
    if (isSilent || !socket.writable) return;
    const buffer = Buffer.from(bytes);
    if (pieceSize === 0) return void socket.write(buffer);
    for (let at = 0; at < buffer.length; at += pieceSize) socket.write(buffer.subarray(at, at + pieceSize));
  }

  function handle(socket: Socket, action: Packet, challenge: { text: string }): void {
    const { ActionID = '', Action = '' } = action;
    const reply = (packet: Packet) => write(socket, encode({ Response: 'Success', ActionID, ...packet }));
    if (Action === 'Challenge') {
      challenge.text = randomBytes(5).toString('hex');
      return reply({ Challenge: challenge.text });
    }
    if (Action === 'Login') {
      if (isRefusing || !isRight(options.users, action, challenge.text)) {
        reply({ Response: 'Error', Message: 'Authentication failed' });
        return socket.destroySoon();
      }
      peers.set(socket, { send: (packet) => write(socket, encode(packet)) });
      return reply({ Message: 'Authentication accepted' });
    }
    const peer = peers.get(socket);
    if (!peer) return reply({ Response: 'Error', Message: 'Permission denied' });
    if (Action === 'Ping') return reply({ Ping: 'Pong' });
    actions.push(action);
    for (const hear of [...waiting]) hear(action);
    if (Action === 'ListCommands') {
      const names = options.actions ?? ALL_ACTIONS;
      return reply(Object.fromEntries(names.map((name) => [name, `what it does (Priv: sample)`])));
    }
    const answer = options.answer(action, peer);
    if (!answer) return reply({ Response: 'Error', Message: 'Invalid/unknown command' });
    reply({ ...(answer.list && { EventList: 'start' }), ...answer.response });
    if (!answer.list) return;
    const { items, complete } = answer.list;
    write(socket, items.map((item) => encode({ ...item, ActionID })).join(''));
    write(socket, encode({ Event: complete, ActionID, EventList: 'Complete', ListItems: String(items.length) }));
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    for (const hear of [...connecting]) hear(performance.now());
    connecting.clear();
    socket.setNoDelay(true);
    const challenge = { text: '' };
    let text = '';
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      peers.delete(socket);
    });
    socket.on('data', (chunk) => {
      text += chunk.toString();
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const packet = decode(text.slice(0, end));
        text = text.slice(end + 4);
        if (!isSilent) handle(socket, packet, challenge);
        else if (packet['Action'] !== 'Ping') actions.push(packet);
      }
    });
    write(socket, BANNER);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: portOf(server),
    tell: (event) => {
      for (const peer of peers.values()) peer.send(event);
    },
    tellAll: (events) => {
      const bytes = events.map(encode).join('');
      for (const socket of peers.keys()) write(socket, bytes);
    },
    actions,
    untilAction(name) {
      const known = actions.find(({ Action }) => Action === name);
      if (known) return Promise.resolve(known);
      return new Promise((resolve) => {
        const hear = (action: Packet) => {
          if (action['Action'] !== name) return;
          waiting.delete(hear);
          resolve(action);
        };
        waiting.add(hear);
      });
    },
    onNext(name, action) {
      const hear = (one: Packet) => {
        if (one['Action'] !== name) return;
        waiting.delete(hear);
        action();
      };
      waiting.add(hear);
    },
    async untilActionsOf(name, count) {
      while (actions.filter(({ Action }) => Action === name).length < count) {
        await new Promise<void>((resolve) => {
          const hear = () => {
            waiting.delete(hear);
            resolve();
          };
          waiting.add(hear);
        });
      }
    },
    peers: () => peers.size,
    async nextConnection(nudge) {
      let at: number | undefined;
      const taken = new Promise<number>((resolve) => connecting.add(resolve)).then((moment) => {
        at = moment;
        return moment;
      });
      while (nudge && at === undefined) {
        nudge();
        await new Promise((resolve) => setImmediate(resolve));
      }
      return await taken;
    },
    raw: (bytes) => {
      for (const socket of peers.keys()) write(socket, bytes);
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    setPieces: (size) => {
      pieceSize = size;
    },
    setSilent: () => {
      isSilent = true;
    },
    refuseLogins: () => {
      isRefusing = true;
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A packet's bytes. */
export function encode(packet: Packet): string {
  return `${Object.entries(packet)
    .map(([key, value]) => `${key}: ${value}\r\n`)
    .join('')}\r\n`;
}

// Of a key that comes several times all values are kept, a line each.
function decode(text: string): Packet {
  const packet: Packet = {};
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    const [key, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
    packet[key] = packet[key] === undefined ? value : `${packet[key]}\n${value}`;
  }
  return packet;
}

function isRight(users: Readonly<Record<string, string>>, action: Packet, challenge: string): boolean {
  const secret = users[action['Username'] ?? ''];
  if (secret === undefined) return false;
  if (action['AuthType'] !== 'MD5') return action['Secret'] === secret;
  return action['Key'] === createHash('md5').update(`${challenge}${secret}`).digest('hex');
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake listens on no port');
  return address.port;
}
