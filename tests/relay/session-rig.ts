// Sessions without sockets: a board set by hand, people in memory, and clients that keep a picture by the protocol's
// rules. Every frame that a client gets passes `onFrame` at the moment it is sent.
import { type Cursor, type EntryForms, type Line, readServerMessage, type ServerMessage } from '@offhook/protocol';
import { type Access, type AccessStore, createAccess } from '../../relay/src/access.ts';
import { createFanOut } from '../../relay/src/fan-out.ts';
import { createGuard } from '../../relay/src/guard.ts';
import { createJournalFanOut } from '../../relay/src/journal-fan-out.ts';
import type { JournalFeedContext } from '../../relay/src/journal-feed.ts';
import { createJournalMark } from '../../relay/src/journal-mark.ts';
import { createSession, type SessionContext } from '../../relay/src/session.ts';
import type { Grant, Store } from '../../relay/src/store/store.ts';
import { createFakeBoard, type FakeBoard } from '../fakes/board.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createFakePeople, type FakePeople } from '../fakes/people.ts';
import { BERLIN, SILENT, settled } from './builders.ts';

export interface RigOptions {
  users: Record<string, string>;
  grants?: Grant[];
  epoch?: string;
  plant?: (access: Access) => Access;
  plantStore?: (store: FakePeople) => AccessStore;
  commands?: (board: FakeBoard) => SessionContext['commands'];
  contactOf?: SessionContext['feed']['contactOf'];
  onFrame?: (client: Client, message: ServerMessage, text: string) => void;
  directory?: SessionContext['contacts']['directory'];
  choices?: SessionContext['choices'];
  facts?: SessionContext['facts'];
  history?: Partial<SessionContext['history']>;
  notes?: SessionContext['notes'];
  callBacks?: SessionContext['callBacks'];
  gaps?: SessionContext['gaps'];
  /** By tenant. */
  entryForms?: Record<string, EntryForms>;
}

export interface Client {
  userId: string;
  frames: ServerMessage[];
  picture: Map<string, Line>;
  cursor: Cursor | undefined;
  isAssembling: boolean;
  closed: string | undefined;
  buffered: number;
  isStalled: boolean;
  send(message: object): Promise<void>;
  leave(): void;
}

const noJournal: JournalFeedContext = {
  since: async () => [],
  page: async () => [],
  seq: async () => 0,
  fanOut: createJournalFanOut(() => undefined),
  entryFor: () => undefined,
  watchedLines: () => [],
};

const noDirectory: SessionContext['contacts']['directory'] = {
  lookUp: () => [],
  search: async () => ({ matches: [], more: false }),
};

function marksInMemory(): Pick<Store, 'journalMark' | 'moveJournalMark'> {
  const marks = new Map<string, string>();
  return {
    journalMark: async (userId) => marks.get(userId),
    async moveJournalMark(userId, until) {
      if ((marks.get(userId) ?? '') >= until) return false;
      marks.set(userId, until);
      return true;
    },
  };
}

/** A relay's sessions with everything around them. */
export function createRig(options: RigOptions) {
  const clock = createFakeClock();
  const board = createFakeBoard();
  const tenantIds = [...new Set(Object.values(options.users))];
  const users = Object.entries(options.users).map(([userId, tenantId]) => {
    return { userId, tenantId, login: userId, displayName: `Sample ${userId}` };
  });
  const people = createFakePeople({
    tenants: tenantIds.map((tenantId) => ({ tenantId, name: `${tenantId} Ltd`, country: 'DE' })),
    users,
    grants: options.grants ?? [],
  });
  const real = createAccess({ store: options.plantStore?.(people) ?? people });
  const access = options.plant?.(real) ?? real;
  const sessions = new Set<ReturnType<typeof createSession>>();
  access.onChange(({ userIds }) => {
    for (const session of sessions) {
      if (!session.viewer || userIds.has(session.viewer.user.userId)) void session.refresh();
    }
  });
  const { epoch = 'epoch-1', contactOf = () => undefined } = options;
  const present = { ...board, clock, epoch, contactOf };
  const context: SessionContext = {
    version: '0.1.0',
    clock,
    log: SILENT,
    access,
    entryFormsOf: (tenantId) => options.entryForms?.[tenantId],
    dialPlansOf: () => [{ dialPlanId: 'pbx-1', location: BERLIN }],
    signIn: {
      issueCode: () => Promise.reject(new Error('not here')),
      enrol: async () => ({ code: 'code-invalid' }),
      async verify({ deviceId }) {
        const user = users.find(({ userId }) => deviceId === userId);
        if (!user) return { code: 'unauthenticated' };
        const device = { deviceId, userId: user.userId, name: 'Sample', publicKey: '', origin: '', createdAt: '' };
        return { device, user };
      },
      noteSeen: async () => undefined,
    },
    commands: options.commands?.(board) ?? {
      submit: async () => undefined,
      settle: async () => undefined,
      close: () => undefined,
    },
    guard: createGuard({ limits: { perHour: 1, burstPerMinute: 1 }, clock }),
    feed: { ...present, locationOf: () => BERLIN, fanOut: createFanOut(present) },
    journal: noJournal,
    contacts: { lines: board.lines, line: board.line, directory: options.directory ?? noDirectory },
    choices: options.choices ?? { change: async () => ({ state: 'failed', code: 'not-permitted' }) },
    facts: options.facts ?? { now: () => undefined, whole: async () => undefined },
    history: {
      ...{ lines: board.lines, line: board.line, directory: options.directory ?? noDirectory },
      ...{ numbersOf: () => undefined, pageOf: async () => [], entryFor: () => undefined },
      ...options.history,
    },
    notes: options.notes ?? { write: async () => ({ state: 'failed', code: 'call-unknown' }) },
    callBacks: options.callBacks ?? { change: async () => ({ state: 'failed', code: 'call-unknown' }) },
    gaps: options.gaps ?? { of: async () => [], onChange: () => () => undefined },
    mark: createJournalMark({ store: marksInMemory(), clock, log: SILENT }),
    onSeen: () => undefined,
    onUsed: () => undefined,
    onSubscribed: () => undefined,
  };

  async function connect(
    userId: string,
    resume?: Cursor,
    lines: string[] = ['*'],
    picture: Map<string, Line> = new Map(),
    { subscribes } = { subscribes: true },
  ): Promise<Client> {
    const client: Client = {
      userId,
      frames: [],
      picture: new Map(picture),
      cursor: resume,
      isAssembling: false,
      closed: undefined,
      buffered: 0,
      isStalled: false,
      async send(message) {
        session.receive(JSON.stringify(message));
        await settled();
      },
      leave() {
        session.dispose();
        sessions.delete(session);
      },
    };
    const take = pictureKeeper(client);
    const session = createSession(
      {
        send(text) {
          if (client.isStalled) client.buffered += text.length;
          const message = readServerMessage(text);
          if (!message) throw new Error(`not of the protocol: ${text}`);
          client.frames.push(message);
          take(message);
          options.onFrame?.(client, message, text);
        },
        sendMade({ text }) {
          this.send(text);
        },
        close: (_code, reason) => {
          client.closed = reason;
          sessions.delete(session);
        },
        get bufferedBytes() {
          return client.buffered;
        },
      },
      { origin: 'chrome-extension://sample', address: '127.0.0.1', dialledOrigin: 'ws://relay.test' },
      context,
    );
    sessions.add(session);
    const about = { name: 'test', version: '1', os: 'test', browser: 'test' };
    const hello = { type: 'hello', client: about, device: userId, proof: 'cHJvb2Y', features: [] };
    await client.send({ ...hello, ...(resume && { resume }) });
    if (subscribes) await client.send({ type: 'subscribe', lines, journal: false });
    return client;
  }

  return { clock, board, access, people, connect, context };
}

// The protocol's rules for a client, as plainly as they can be written.
function pictureKeeper(client: Client): (message: ServerMessage) => void {
  let parts: Line[] = [];
  let waiting: (ServerMessage & { type: 'delta' })[] = [];
  function apply(delta: ServerMessage & { type: 'delta' }): void {
    if (client.cursor?.epoch !== delta.epoch) return;
    for (const line of delta.lines) {
      if ('gone' in line) client.picture.delete(line.lineId);
      else client.picture.set(line.lineId, line);
    }
    client.cursor.rev = Math.max(client.cursor.rev, delta.rev);
  }
  return (message) => {
    if (message.type === 'snapshot') {
      if (message.part === 1) [parts, waiting] = [[], []];
      parts.push(...message.lines);
      client.isAssembling = message.part < message.parts;
      if (client.isAssembling) return;
      client.picture = new Map(parts.map((line) => [line.lineId, line]));
      client.cursor = { epoch: message.epoch, rev: message.rev, aclRev: message.aclRev };
      for (const delta of waiting) apply(delta);
    }
    if (message.type === 'delta' && client.isAssembling) waiting.push(message);
    else if (message.type === 'delta') apply(message);
    if (message.type === 'heartbeat' && client.cursor?.epoch === message.epoch) {
      client.cursor.rev = Math.max(client.cursor.rev, message.rev);
    }
  };
}
