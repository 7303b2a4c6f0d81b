// One driver where it will live: behind the relay's phone systems, switchboard and journal, as in a company of one phone
// system. Everything the driver emits and logs is kept, and a test can wait for what has not come yet.
import type { CallState, JournalEntry, Location } from '@offhook/protocol';
import { RIGHTS } from '@offhook/protocol';
import { pino } from 'pino';
import { openJournal } from '../../../relay/src/journal.ts';
import { entryOf } from '../../../relay/src/journal-entry.ts';
import type {
  CommandOutcome,
  Driver,
  DriverContext,
  DriverEvent,
  DriverOrder,
  Leg,
  PbxStatus,
  SendResult,
} from '../../../relay/src/pbx/driver.ts';
import { openPhoneSystems } from '../../../relay/src/phone-systems.ts';
import { type BoardLine, createSwitchboard, type Switchboard } from '../../../relay/src/switchboard.ts';
import type { FakeClock } from '../../fakes/clock.ts';
import { fakeJournalStore } from '../journal-rig.ts';

const PBX = 'sample';
const TENANT = 'company';
// A loaded machine that starts a real phone system beside the tests stands still for seconds; who passes waits for nothing.
const PATIENCE_MS = 30_000;

export interface LegMatch {
  lineKey?: string;
  callKey?: string | undefined;
  state?: CallState;
}

export interface Company {
  driver: Driver;
  events: DriverEvent[];
  logLines: string[];
  board: Switchboard;
  /** The first event, past or to come, for which `find` answers something; `what` is named when it does not come. */
  until<Found>(what: string, find: (event: DriverEvent) => Found | undefined, fromIndex?: number): Promise<Found>;
  untilLeg(match: LegMatch, fromIndex?: number): Promise<Leg>;
  untilStatus(type: PbxStatus['type'], fromIndex?: number): Promise<PbxStatus>;
  untilOutcome(commandKey: string): Promise<CommandOutcome>;
  /** The latest that was told of a call. */
  latest(leg: Pick<Leg, 'lineKey' | 'callKey'>): Leg;
  /** Sends an order under a key of its own. What the driver throws is thrown. */
  order(order: Omit<DriverOrder, 'commandKey'>): Promise<{ commandKey: string; result: SendResult }>;
  line(lineKey: string): BoardLine;
  /** The line, as soon as agents would see it so. */
  shows(what: string, lineKey: string, is: (line: BoardLine) => boolean): Promise<BoardLine>;
  /** Every journal entry as somebody with all rights on this line reads it, oldest first. */
  entries(lineKey: string): Promise<JournalEntry[]>;
  close(): Promise<void>;
}

/** Opens the company; its driver connects by itself. */
export async function openCompany(
  open: (context: DriverContext) => Driver,
  { clock, location }: { clock: FakeClock; location: Location },
): Promise<Company> {
  const logLines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void logLines.push(line) });
  const store = fakeJournalStore();
  const journal = await openJournal({ store, clock, log: pino({ level: 'silent' }) });
  const board = createSwitchboard({ clock, log, epoch: 'first', journal, locationOf: () => location });
  board.attach({ pbxId: PBX, tenantId: TENANT, lines: [] });
  const heard = listen();
  let driver: Driver | undefined;
  const systems = openPhoneSystems({
    systems: [
      {
        pbxId: PBX,
        open: (context) => {
          driver = open({ ...context, emit: (event) => heard.hear(event, context.emit) });
          return driver;
        },
      },
    ],
    switchboard: board,
    clock,
    log,
    onLines: () => undefined,
  });
  if (!driver) throw new Error('the driver was not opened');
  const line = (lineKey: string): BoardLine => {
    const found = board.lines(TENANT).find((one) => one.lineKey === lineKey);
    if (!found) throw new Error(`no line ${lineKey} on the board`);
    return found;
  };
  return {
    driver,
    board,
    logLines,
    ...heard.watching,
    line,
    order: orderer(systems),
    shows: (what, lineKey, is) => untilShown(board, { what, lineKey, is }),
    async entries(lineKey) {
      await journal.drained();
      const newest = new Map(store.saves.map((conversation) => [conversation.conversationId, conversation]));
      const viewer = viewerOf(line(lineKey).lineId);
      const entries = [...newest.values()].flatMap((conversation) => {
        const entry = entryOf(conversation, viewer);
        return entry && !('gone' in entry) ? [entry] : [];
      });
      return entries.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
    },
    async close() {
      await systems.close();
      board.close();
      await journal.close();
    },
  };
}

function viewerOf(lineId: string): Parameters<typeof entryOf>[1] {
  return {
    rightsOn: (asked) => new Set(asked === lineId ? RIGHTS : []),
    contactOf: () => undefined,
    lineName: () => undefined,
  };
}

function orderer(systems: ReturnType<typeof openPhoneSystems>): Company['order'] {
  let orders = 0;
  return async (order) => {
    orders += 1;
    const commandKey = `order-${orders}`;
    const result = await systems.send(PBX, { commandKey, ...order });
    if (!result) throw new Error('no phone system took the order');
    return { commandKey, result };
  };
}

// What a driver emits, kept before the relay gets it, and handed to whoever waits for it after the relay had it.
function listen() {
  const events: DriverEvent[] = [];
  const waiting = new Set<(event: DriverEvent) => void>();
  const until: Company['until'] = (what, find, fromIndex = 0) => {
    for (const event of events.slice(fromIndex)) {
      const found = find(event);
      if (found !== undefined) return Promise.resolve(found);
    }
    return inTime(`${what}; heard so far: ${inWords(events.slice(fromIndex))}`, (resolve) => {
      const hear = (event: DriverEvent) => {
        const found = find(event);
        if (found !== undefined) resolve(found);
      };
      waiting.add(hear);
      return () => waiting.delete(hear);
    });
  };
  const watching = {
    events,
    until,
    untilLeg({ lineKey, callKey, state }: LegMatch, fromIndex?: number) {
      const what = `a call ${state ?? 'in any state'} at line ${lineKey ?? 'any'}`;
      return until(
        what,
        (event) => {
          if (event.type !== 'leg' || (state !== undefined && event.leg.state !== state)) return undefined;
          if (lineKey !== undefined && event.leg.lineKey !== lineKey) return undefined;
          return callKey === undefined || event.leg.callKey === callKey ? event.leg : undefined;
        },
        fromIndex,
      );
    },
    untilStatus: (type: PbxStatus['type'], fromIndex?: number) =>
      until(
        `status ${type}`,
        (event) => (event.type === 'status' && event.status.type === type ? event.status : undefined),
        fromIndex,
      ),
    untilOutcome: (commandKey: string) =>
      until(`the outcome of ${commandKey}`, (event) =>
        event.type === 'outcome' && event.outcome.commandKey === commandKey ? event.outcome : undefined,
      ),
    latest({ lineKey, callKey }: Pick<Leg, 'lineKey' | 'callKey'>): Leg {
      const told = events.flatMap((event) =>
        event.type === 'leg' && event.leg.lineKey === lineKey && event.leg.callKey === callKey ? [event.leg] : [],
      );
      const leg = told.at(-1);
      if (!leg) throw new Error(`nothing was told of call ${callKey} at line ${lineKey}`);
      return leg;
    },
  };
  return {
    watching,
    hear(event: DriverEvent, pass: (event: DriverEvent) => void): void {
      events.push(event);
      pass(event);
      for (const tell of [...waiting]) tell(event);
    },
  };
}

function untilShown(
  board: Switchboard,
  { what, lineKey, is }: { what: string; lineKey: string; is: (line: BoardLine) => boolean },
): Promise<BoardLine> {
  const find = () => board.lines(TENANT).find((line) => line.lineKey === lineKey);
  const now = find();
  if (now && is(now)) return Promise.resolve(now);
  const seen = () => {
    const line = find();
    return line
      ? `${line.state} with ${line.calls.map(({ state }) => state).join(', ') || 'no calls'}`
      : 'no such line';
  };
  return inTime(
    `line ${lineKey}: ${what}`,
    (resolve) =>
      board.onChange(() => {
        const line = find();
        if (line && is(line)) resolve(line);
      }),
    seen,
  );
}

// Whatever does not come is named, long before the test's own limit.
function inTime<Found>(
  what: string,
  start: (resolve: (found: Found) => void) => () => unknown,
  seen: () => string = () => '',
): Promise<Found> {
  const { promise, resolve, reject } = Promise.withResolvers<Found>();
  const stop = start((found) => {
    clearTimeout(limit);
    stop();
    resolve(found);
  });
  const limit = setTimeout(() => {
    stop();
    reject(new Error(`within ${PATIENCE_MS / 1000} s there was not ${what} ${seen()}`));
  }, PATIENCE_MS);
  return promise;
}

function inWords(events: readonly DriverEvent[]): string {
  const words = events.map((event) => {
    if (event.type === 'leg') return `${event.leg.lineKey} ${event.leg.state}`;
    return event.type === 'status' ? event.status.type : event.type;
  });
  return words.slice(-30).join(', ') || 'nothing';
}
