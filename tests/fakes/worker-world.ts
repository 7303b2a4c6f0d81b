// A browser with a worker in it and a relay at the other end of its sockets: the worker can be killed and started again,
// the relay answers sign-ins and remembers what it was sent.
import type { ClientMessage, Line, ServerMessage } from '@offhook/protocol';
import type { Desk } from '#lib/messages.ts';
import { saveConnection } from '#lib/settings.ts';
import { startWorker } from '#lib/worker.ts';
import { tOf } from '../components/test-words.ts';
import { createFakeBrowser } from './browser.ts';
import { createFakeClock } from './clock.ts';
import { createFakeContacts } from './contacts.ts';
import { OWN_PAGE } from './messaging.ts';
import { aChallenge, aSnapshot, aWelcome } from './relay-messages.ts';
import { createFakeSockets, type FakeSocket } from './sockets.ts';

/** Lets everything that waits for promises alone go on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

interface WorldOptions {
  lines?: Line[];
  kind?: 'chrome' | 'firefox';
  origins?: string[];
  manifest?: object;
}

/** The world of one browser profile; nothing runs in it yet. */
export function createWorkerWorld(options: WorldOptions = {}) {
  const { kind = 'chrome', origins = ['https://crm.example/*'], manifest = {} } = options;
  const fake = createFakeBrowser({ origins, manifest });
  const clock = createFakeClock();
  const relay = {
    lines: options.lines ?? [],
    isUp: true,
    /** Whether a sign-in is answered with the lines, or left there. */
    sendsLines: true,
    refuses: undefined as { code: number; reason: string } | undefined,
    /** What it says of signing in with the company's account. */
    signIn: undefined as { provider: string } | undefined,
    keys: 0,
    forgottenKeys: 0,
    /** The tones that were to be heard, `undefined` for silence. */
    rings: [] as (string | undefined)[],
    received: [] as ClientMessage[],
    answer: (_message: ClientMessage, _socket: FakeSocket): void => undefined,
  };
  const contacts = createFakeContacts();
  const networkUp: (() => void)[] = [];
  const sockets = createFakeSockets((message, socket) => {
    relay.received.push(message);
    if (message.type === 'hello') socket.says(aWelcome());
    if (message.type === 'subscribe' && relay.sendsLines) socket.says(aSnapshot(relay.lines));
    if (message.type === 'enrol') {
      socket.says({ type: 'enrolled', device: 'device-9', user: { userId: 'mia', name: 'Mia Sample' } });
    }
    relay.answer(message, socket);
  });

  /** What the relay says when a socket comes; run after every step that may have opened one. */
  async function greet(): Promise<void> {
    await settled();
    const waiting = sockets.all.filter((socket) => socket.onmessage && !greeted.has(socket));
    for (const socket of waiting) {
      greeted.add(socket);
      if (!relay.isUp) socket.ends();
      else if (relay.refuses) socket.ends(relay.refuses.code, relay.refuses.reason);
      else socket.says({ ...aChallenge(), ...(relay.signIn && { signIn: relay.signIn }) });
    }
    if (waiting.length > 0) await greet();
    await settled();
  }
  const greeted = new Set<FakeSocket>();

  /** What views are told. */
  async function desk(): Promise<Desk> {
    return (await fake.messaging.send({ name: 'get-state', request: {} }, OWN_PAGE)) as Desk; // the worker's own answer
  }

  return {
    ...fake,
    clock,
    relay,
    contacts,
    sockets,
    networkUp: () => networkUp.forEach((listener) => void listener()),
    greet,
    commands: () => relay.received.filter((message) => message.type === 'command'),
    pairedWith: (origin = 'ws://127.0.0.1:8730') =>
      saveConnection(fake.storage.local, { origin, device: 'device-1', userName: 'Mia Sample' }),
    async says(message: ServerMessage): Promise<void> {
      sockets.last().says(message);
      await settled();
    },
    async startWorker(): Promise<void> {
      startWorker({
        browser: fake.browser,
        kind,
        t: tOf('en'),
        clock,
        openSocket: sockets.open,
        keys: {
          async load() {
            relay.keys += 1;
            return { publicKey: 'key', sign: async () => 'proof' };
          },
          async forget() {
            relay.forgottenKeys += 1;
          },
        },
        contactStore: contacts.store,
        player: { set: async (ring) => void relay.rings.push(ring?.tone) },
        onNetworkUp: (listener) => networkUp.push(listener),
      });
      await greet();
    },
    /** The worker is gone: its ports, its listeners for messages, its socket. What it stored stays. */
    killWorker(): void {
      for (const socket of sockets.all) socket.onmessage = socket.onclose = null;
      fake.messaging.killWorker();
    },
    /** A request of one of our own pages. */
    ask: (name: string, request: object = {}) => fake.messaging.send({ name, request }, OWN_PAGE),
    desk,
    async state() {
      return (await desk()).phone;
    },
  };
}

/** A world whose worker runs and is signed in. */
export async function aPairedWorld(lines: Line[] = [], kind: 'chrome' | 'firefox' = 'chrome') {
  const world = createWorkerWorld({ lines, kind });
  await world.pairedWith();
  await world.startWorker();
  return world;
}
