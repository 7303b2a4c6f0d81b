// Orders from agents, each at most once: recorded before it is sent, its outcome recorded, `unknown` included, and
// `unknown` never sent again. The order of the steps below is the promise; do not reorder them.
import { createHash } from 'node:crypto';
import type { Command, CommandState, ErrorCode, Params } from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Viewer } from './access.ts';
import type { Clock } from './clock.ts';
import type { Guard } from './guard.ts';
import { type OrderRules, prepareOrder, type Refusal } from './order.ts';
import type { CommandOutcome, DriverOrder, SendResult } from './pbx/driver.ts';
import type { CommandRecord, Store } from './store/store.ts';

/** How an order stands. Several may be reported for one order: accepted, sent, then done, failed or unknown. */
export interface CommandReport {
  key: string;
  state: CommandState;
  callId?: string | undefined;
  code?: ErrorCode | undefined;
  params?: Params | undefined;
}

/** The parts of the relay that an order meets. */
export interface CommandContext extends OrderRules {
  store: Pick<Store, 'command' | 'recordCommand' | 'advanceCommand'>;
  guard: Guard;
  clock: Clock;
  log: Logger;
  callIdOf(pbxId: string, callKey: string, lineKey: string): string;
  /** Hands an order to a phone system. Throws when nobody knows whether it arrived; undefined while out of reach. */
  send(pbxId: string, order: DriverOrder): Promise<SendResult> | undefined;
  /** How long the phone system may take to say how an order came out. */
  outcomeTimeoutMs: number;
}

export interface Commands {
  /**
   * Carries out an order, or answers what became of it before. Reports until the order's end is known; resolves as soon
   * as nothing stands between the order and the phone system any more. Never rejects.
   */
  submit(viewer: Viewer, command: Command, report: (report: CommandReport) => void): Promise<void>;
  /** An outcome that a phone system reported, on time or late. Never rejects. */
  settle(pbxId: string, outcome: CommandOutcome): Promise<void>;
  /** Nothing is handed over any more; what was not handed over yet is left to the next start. */
  close(): void;
}

type Report = (report: CommandReport) => void;

/** An order that this run of the relay knows of, from its arrival until nobody can want to hear of it any more. */
interface Flight {
  commandKey: string;
  key: string;
  argsHash: string;
  listeners: Set<Report>;
  /** Settles when the order is handed over, or will never be. */
  cleared?: Promise<void> | undefined;
  /** What was told last; whoever joins hears it. */
  last?: CommandReport | undefined;
  lineKey?: string | undefined;
  cancelTimer?: (() => void) | undefined;
}

type Outcome = Omit<CommandReport, 'key' | 'state'> & { state: 'done' | 'failed' | 'unknown' };

interface Ledger {
  context: CommandContext;
  flights: Map<string, Flight>;
  isClosed: boolean;
}

// A late outcome may still correct an unknown one, for as long as somebody may look at it.
const LATE_OUTCOME_MS = 600_000;
// A client that repeats itself more often than this hears how the order stands, but not how it goes on.
const MOST_LISTENERS = 32;

/** The order's id at the phone system: one per user and key, the same after a restart. */
export function commandKeyOf(userId: string, key: string): string {
  return `cmd-${createHash('sha256').update(`${userId}\n${key}`).digest('hex').slice(0, 24)}`;
}

/** The ledger of orders. Before the first one, `store.settleCommands` must have ended what an earlier run left open. */
export function createCommands(context: CommandContext): Commands {
  const ledger: Ledger = { context, flights: new Map(), isClosed: false };
  return {
    submit: (viewer, command, report) => submit(ledger, { viewer, command, report }),
    settle: (pbxId, outcome) => settle(ledger, pbxId, outcome),
    close() {
      ledger.isClosed = true;
      for (const { cancelTimer } of ledger.flights.values()) cancelTimer?.();
      ledger.flights.clear();
    },
  };
}

interface Submission {
  viewer: Viewer;
  command: Command;
  report: Report;
}

async function submit(ledger: Ledger, { viewer, command, report }: Submission): Promise<void> {
  const dueAt = ledger.context.clock.elapsed() + command.deadlineMs;
  const commandKey = commandKeyOf(viewer.user.userId, command.key);
  const argsHash = argsHashOf(command);
  for (let known = ledger.flights.get(commandKey); known; known = ledger.flights.get(commandKey)) {
    if (known.argsHash === argsHash) return join(known, report);
    // Whose key it is, the record says; until that was read, this flight may be the one that reuses it.
    await known.cleared;
    if (known === ledger.flights.get(commandKey))
      return report({ key: command.key, state: 'failed', code: 'key-reused' });
  }
  // Taken before anything is awaited: of two orders with one key, one flies and the other one listens.
  const flight: Flight = { commandKey, key: command.key, argsHash, listeners: new Set([report]) };
  ledger.flights.set(commandKey, flight);
  flight.cleared = start(ledger, flight, { viewer, command, dueAt });
  await flight.cleared;
}

async function start(ledger: Ledger, flight: Flight, clearing: Clearing): Promise<void> {
  try {
    const cleared = await clear(ledger, flight, clearing);
    if (cleared) void handOver(ledger, flight, cleared);
  } catch (error) {
    // There was no record, and what failed failed before the hand-over: certainly not dialled. The flight stays for a
    // while, so that a twin that is still under way hears the same.
    ledger.context.log.error({ err: error, commandKey: flight.commandKey }, 'an order could not be recorded');
    tell(ledger, flight, { state: 'failed', code: 'store-unavailable' });
    linger(ledger, flight);
  }
}

function join(flight: Flight, report: Report): void {
  if (flight.listeners.size < MOST_LISTENERS) flight.listeners.add(report);
  if (flight.last) report(flight.last);
}

interface Clearing {
  viewer: Viewer;
  command: Command;
  dueAt: number;
}

interface Cleared {
  pbxId: string;
  order: Omit<DriverOrder, 'commandKey'>;
}

/** Everything up to the hand-over. Answers undefined, having told why, when there is nothing to hand over. */
async function clear(ledger: Ledger, flight: Flight, clearing: Clearing): Promise<Cleared | undefined> {
  const { store, guard, clock } = ledger.context;
  const { viewer, command, dueAt } = clearing;
  // 1. What was ordered before is answered from the record, whatever the rules say by now.
  const before = await recordOf(ledger, flight);
  if (before === 'unreadable') return;
  if (before) return fromRecord(ledger, flight, before);
  // Who only asks gets no question and uses up no token.
  const tooLate: Refusal | undefined = command.deadlineMs === 0 ? { code: 'timeout' } : undefined;
  const prepared = tooLate ?? prepareOrder(viewer, command, ledger.context);
  const refusal = 'code' in prepared ? prepared : undefined;
  // 2. Recorded before anything is sent. A refusal is recorded, too: an order of which somebody was told that it failed
  //    must stay undialled when its twin arrives on another socket and the rules have changed meanwhile.
  const { isNew, record } = await store.recordCommand({
    userId: viewer.user.userId,
    key: command.key,
    commandKey: flight.commandKey,
    name: command.name,
    lineId: command.lineId,
    argsHash: flight.argsHash,
    state: refusal ? 'failed' : 'recorded',
    code: refusal?.code,
    params: refusal?.params,
    createdAt: new Date(clock.now()).toISOString(),
  });
  if (!isNew || refusal || 'code' in prepared) return fromRecord(ledger, flight, record);
  flight.lineKey = prepared.line.lineKey;
  tell(ledger, flight, { state: 'accepted' });
  // 3. Too late, or too many: guaranteed not dialled.
  const isLate = () => ledger.isClosed || clock.elapsed() > dueAt;
  if (isLate()) return end(ledger, flight, { state: 'failed', code: 'timeout' });
  const spent = prepared.dials ? guard.spend(viewer.user.userId) : undefined;
  if (spent) return end(ledger, flight, { state: 'failed', ...spent });
  if (prepared.newCountry !== undefined) guard.learn(viewer.user.userId, prepared.newCountry);
  // 4. From here on the order may reach the phone system; a crash leaves `sent`, which a restart reads as `unknown`.
  if (!(await store.advanceCommand(flight.commandKey, ['recorded'], { state: 'sent' }))) {
    throw new Error('the record of a new order is not as it was written');
  }
  if (isLate()) return end(ledger, flight, { state: 'failed', code: 'timeout' });
  return { pbxId: prepared.line.pbxId, order: prepared.order };
}

// A record that cannot be read may say that the order was dialled long ago: nobody may be told that it failed.
async function recordOf(ledger: Ledger, flight: Flight): Promise<CommandRecord | undefined | 'unreadable'> {
  const { commandKey } = flight;
  try {
    return await ledger.context.store.command(commandKey);
  } catch (error) {
    ledger.context.log.error({ err: error, commandKey }, 'the record of an order could not be read');
    tell(ledger, flight, { state: 'unknown', code: 'outcome-unknown' });
    ledger.flights.delete(commandKey);
    return 'unreadable';
  }
}

async function fromRecord(ledger: Ledger, flight: Flight, record: CommandRecord): Promise<undefined> {
  const { state, code, params, callId } = record;
  if (record.argsHash !== flight.argsHash) {
    // Only those with these arguments hear it; the record's own order is nobody's business here.
    tell(ledger, flight, { state: 'failed', code: 'key-reused' });
  } else if (state === 'recorded') {
    // Left behind by a failing store: nobody is carrying it out, and it was certainly not sent.
    return end(ledger, flight, { state: 'failed', code: 'timeout' });
  } else if (state === 'sent') {
    return giveUp(ledger, flight);
  } else {
    tell(ledger, flight, { state, code, params, callId });
  }
  ledger.flights.delete(flight.commandKey);
}

/** 5. The hand-over. Nothing here may reject: whatever goes wrong now, the order may have been dialled. */
async function handOver(ledger: Ledger, flight: Flight, { pbxId, order }: Cleared): Promise<void> {
  const { clock, outcomeTimeoutMs } = ledger.context;
  flight.cancelTimer = clock.after(outcomeTimeoutMs, () => void giveUp(ledger, flight));
  const answer = await hand(ledger.context, pbxId, { ...order, commandKey: flight.commandKey });
  if (answer.type === 'lost') return giveUp(ledger, flight);
  if (answer.type === 'sent') {
    if (flight.last?.state === 'accepted') tell(ledger, flight, { state: 'sent' });
    return;
  }
  await endSafely(ledger, flight, { state: 'failed', code: answer.code, params: answer.params });
}

async function hand(
  { send, log }: CommandContext,
  pbxId: string,
  order: DriverOrder,
): Promise<SendResult | { type: 'lost' }> {
  try {
    return (await send(pbxId, order)) ?? { type: 'rejected', code: 'pbx-unreachable' };
  } catch (error) {
    log.warn({ err: error, commandKey: order.commandKey }, 'nobody knows whether the order arrived');
    return { type: 'lost' };
  }
}

/** Nobody knows what became of it. That is told even if it cannot be recorded: `sent` in the record means the same. */
async function giveUp(ledger: Ledger, flight: Flight): Promise<undefined> {
  const unknown: Outcome = { state: 'unknown', code: 'outcome-unknown' };
  if ((await endSafely(ledger, flight, unknown)) !== 'failed') return;
  tell(ledger, flight, unknown);
  linger(ledger, flight);
}

/** 6. The end is recorded first, then told to whoever still listens. Of several ends, the record keeps the first. */
async function end(ledger: Ledger, flight: Flight, to: Outcome): Promise<undefined> {
  const from: CommandRecord['state'][] = to.state === 'unknown' ? ['sent'] : ['recorded', 'sent', 'unknown'];
  if (!(await ledger.context.store.advanceCommand(flight.commandKey, from, to))) return;
  flight.cancelTimer?.();
  tell(ledger, flight, to);
  if (to.state === 'unknown') linger(ledger, flight);
  else ledger.flights.delete(flight.commandKey);
}

async function endSafely(ledger: Ledger, flight: Flight, to: Outcome): Promise<'ended' | 'failed'> {
  try {
    await end(ledger, flight, to);
    return 'ended';
  } catch (error) {
    ledger.context.log.error(
      { err: error, commandKey: flight.commandKey },
      'the end of an order could not be recorded',
    );
    return 'failed';
  }
}

async function settle(ledger: Ledger, pbxId: string, outcome: CommandOutcome): Promise<void> {
  const { context, flights } = ledger;
  const { commandKey, callKey, state, code, params } = outcome;
  try {
    const flight = flights.get(commandKey);
    const lineKey = callKey === undefined ? undefined : (flight?.lineKey ?? (await lineKeyOf(context, commandKey)));
    const callId = callKey === undefined || !lineKey ? undefined : context.callIdOf(pbxId, callKey, lineKey);
    const to = { state, code, params, callId };
    // Only what was sent can have an outcome.
    if (!(await context.store.advanceCommand(commandKey, ['sent', 'unknown'], to)) || !flight) return;
    flight.cancelTimer?.();
    flights.delete(commandKey);
    tell(ledger, flight, to);
  } catch (error) {
    // Left as `sent`: if the phone system does not say it again, the order ends as unknown.
    context.log.error({ err: error, commandKey }, 'an outcome could not be recorded');
  }
}

async function lineKeyOf({ store, line }: CommandContext, commandKey: string): Promise<string | undefined> {
  const record = await store.command(commandKey);
  return record && line(record.lineId)?.lineKey;
}

function linger(ledger: Ledger, flight: Flight): void {
  flight.cancelTimer?.();
  flight.cancelTimer = ledger.context.clock.after(LATE_OUTCOME_MS, () => ledger.flights.delete(flight.commandKey));
}

function tell(ledger: Ledger, flight: Flight, { state, callId, code, params }: Omit<CommandReport, 'key'>): void {
  const report: CommandReport = {
    key: flight.key,
    state,
    ...(callId !== undefined && { callId }),
    ...(code !== undefined && { code }),
    ...(params !== undefined && { params }),
  };
  flight.last = report;
  for (const listener of flight.listeners) {
    try {
      listener(report);
    } catch (error) {
      // A socket that broke is no reason to lose the order.
      ledger.context.log.warn({ err: error, commandKey: flight.commandKey }, 'a report of an order was not taken');
    }
  }
}

function argsHashOf({ name, lineId, callId, args }: Command): string {
  return createHash('sha256')
    .update(JSON.stringify([name, lineId, callId ?? null, sorted(args)]))
    .digest('hex');
}

// The same arguments in another order are the same order.
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)]);
}
