// Orders from agents, each at most once: recorded before it is sent, its outcome recorded, `unknown` included, and
// `unknown` never sent again. The order of the steps below is the promise; do not reorder them.
import { createHash } from 'node:crypto';
import type { Command, CommandState, ErrorCode, Params, PhoneNumber } from '@offhook/protocol';
import type { Location } from '@offhook/protocol/dial-plan';
import type { Logger } from 'pino';
import { refusalOf, type Viewer } from './access.ts';
import type { Clock } from './clock.ts';
import type { Guard } from './guard.ts';
import type { CommandOutcome, DriverOrder, SendResult } from './pbx/driver.ts';
import type { CommandAdvance, CommandRecord, Store } from './store/store.ts';
import type { BoardCall, BoardLine } from './switchboard.ts';

/** How an order stands. Several may be reported for one order: accepted, sent, then done, failed or unknown. */
export interface CommandReport {
  key: string;
  state: CommandState;
  callId?: string | undefined;
  code?: ErrorCode | undefined;
  params?: Params | undefined;
}

/** The parts of the relay that an order meets. */
export interface CommandContext {
  store: Store;
  guard: Guard;
  clock: Clock;
  log: Logger;
  line(lineId: string): BoardLine | undefined;
  locationOf(pbxId: string): Location;
  callIdOf(pbxId: string, callKey: string, lineKey: string): string;
  /** Hands an order to a phone system. Throws when nobody knows whether it arrived; undefined while out of reach. */
  send(pbxId: string, order: DriverOrder): Promise<SendResult> | undefined;
  /** How long the phone system may take to say how an order came out. */
  outcomeTimeoutMs: number;
}

export interface Commands {
  /** Carries out an order or answers what became of it before. Reports until the order's end is known. */
  submit(viewer: Viewer, command: Command, report: (report: CommandReport) => void): Promise<void>;
  /** An outcome that a phone system reported, on time or late. */
  settle(pbxId: string, outcome: CommandOutcome): Promise<void>;
  close(): void;
}

const LATE_OUTCOME_MS = 600_000;

type Report = (report: CommandReport) => void;

interface Pending {
  lineKey: string;
  reports: Set<Report>;
  cancelTimeout?: (() => void) | undefined;
}

interface Prepared {
  line: BoardLine;
  order: Omit<DriverOrder, 'commandKey'>;
}

interface Refusal {
  code: ErrorCode;
  params?: Params | undefined;
}

/** The order's id at the phone system: one per user and key, the same after a restart. */
export function commandKeyOf(userId: string, key: string): string {
  return `cmd-${createHash('sha256').update(`${userId}\n${key}`).digest('hex').slice(0, 24)}`;
}

/** The ledger of orders. */
export function createCommands(context: CommandContext): Commands {
  const { store, guard, clock, log } = context;
  const pending = new Map<string, Pending>();

  async function submit(viewer: Viewer, command: Command, report: Report): Promise<void> {
    const receivedAt = clock.now();
    const { userId } = viewer.user;
    const commandKey = commandKeyOf(userId, command.key);
    const argsHash = argsHashOf(command);
    // 1. What was ordered before is answered from the record, whatever the rules say by now.
    const before = await store.command(commandKey);
    if (before) return answerFromRecord(before, argsHash, report);
    const prepared = prepare(viewer, command);
    if ('code' in prepared) return report({ key: command.key, state: 'failed', ...prepared });
    const allowance = command.name === 'makeCall' && command.deadlineMs > 0 ? guard.spend(userId) : undefined;
    if (allowance) return report({ key: command.key, state: 'failed', ...allowance });
    // 2. Recorded before anything is sent; of two with one key, one is new. An order that is too late is recorded as
    //    failed, so that its twin that may still be under way on another socket finds it and stays undialled.
    const isLate = command.deadlineMs === 0;
    const { isNew, record } = await store.recordCommand({
      userId,
      key: command.key,
      commandKey,
      name: command.name,
      lineId: command.lineId,
      argsHash,
      state: isLate ? 'failed' : 'recorded',
      ...(isLate && { code: 'timeout' }),
      createdAt: new Date(receivedAt).toISOString(),
    });
    if (!isNew || isLate) return answerFromRecord(record, argsHash, report);
    pending.set(commandKey, { lineKey: prepared.line.lineKey, reports: new Set([report]) });
    report({ key: command.key, state: 'accepted' });
    await carryOut({ commandKey, key: command.key, prepared, dueAt: receivedAt + command.deadlineMs });
  }

  function answerFromRecord(record: CommandRecord, argsHash: string, report: Report): void {
    if (record.argsHash !== argsHash) return report({ key: record.key, state: 'failed', code: 'key-reused' });
    if (record.state === 'recorded' || record.state === 'sent') pending.get(record.commandKey)?.reports.add(report);
    report(reportOf(record));
  }

  function prepare(viewer: Viewer, command: Command): Prepared | Refusal {
    const line = context.line(command.lineId);
    const refusal = refusalOf(viewer, line, 'control');
    if (refusal || !line) return { code: refusal ?? 'line-unknown' };
    return prepareOrder({ viewer, command, line, context });
  }

  interface Flight {
    commandKey: string;
    key: string;
    prepared: Prepared;
    dueAt: number;
  }

  async function carryOut({ commandKey, key, prepared, dueAt }: Flight): Promise<void> {
    const { line, order } = prepared;
    // 3. Too late, or nobody to send to: guaranteed not dialled.
    if (clock.now() > dueAt) return end(commandKey, ['recorded'], { state: 'failed', code: 'timeout' });
    if (line.unavailableReason === 'pbxUnreachable') {
      return end(commandKey, ['recorded'], { state: 'failed', code: 'pbx-unreachable' });
    }
    // 4. From here on the order may reach the phone system; a crash leaves `sent`, which a restart reads as `unknown`.
    if (!(await store.advanceCommand(commandKey, ['recorded'], { state: 'sent' }))) return;
    const sent = await hand(line.pbxId, { ...order, commandKey });
    if (sent.type === 'rejected') {
      return end(commandKey, ['sent'], { state: 'failed', code: sent.code, params: sent.params });
    }
    if (sent.type === 'lost') return end(commandKey, ['sent'], { state: 'unknown', code: 'outcome-unknown' });
    const waiting = pending.get(commandKey);
    if (!waiting) return;
    for (const report of waiting.reports) report({ key, state: 'sent' });
    waiting.cancelTimeout = clock.after(context.outcomeTimeoutMs, () => {
      void end(commandKey, ['sent'], { state: 'unknown', code: 'outcome-unknown' });
    });
  }

  async function hand(pbxId: string, order: DriverOrder): Promise<SendResult | { type: 'lost' }> {
    try {
      return (await context.send(pbxId, order)) ?? { type: 'rejected', code: 'pbx-unreachable' };
    } catch (error) {
      log.warn({ err: error, commandKey: order.commandKey }, 'nobody knows whether the order arrived');
      return { type: 'lost' };
    }
  }

  // 5. The end is recorded first, then told to whoever still listens.
  async function end(commandKey: string, from: readonly CommandRecord['state'][], to: CommandAdvance): Promise<void> {
    if (!(await store.advanceCommand(commandKey, from, to))) return;
    const record = await store.command(commandKey);
    const waiting = pending.get(commandKey);
    if (!record || !waiting) return;
    waiting.cancelTimeout?.();
    for (const report of waiting.reports) report(reportOf(record));
    // A late outcome may still correct an unknown one, for as long as somebody may look at it.
    if (to.state !== 'unknown') pending.delete(commandKey);
    else waiting.cancelTimeout = clock.after(LATE_OUTCOME_MS, () => pending.delete(commandKey));
  }

  async function settle(pbxId: string, outcome: CommandOutcome): Promise<void> {
    const { commandKey, callKey } = outcome;
    const waiting = pending.get(commandKey);
    const lineKey = waiting?.lineKey ?? (await lineKeyOf(commandKey));
    const callId =
      callKey !== undefined && lineKey !== undefined ? context.callIdOf(pbxId, callKey, lineKey) : undefined;
    await end(commandKey, ['sent', 'unknown'], { state: outcome.state, code: outcome.code, params: outcome.params, callId });
  }

  async function lineKeyOf(commandKey: string): Promise<string | undefined> {
    const record = await store.command(commandKey);
    return record && context.line(record.lineId)?.lineKey;
  }

  return {
    submit,
    settle,
    close() {
      for (const { cancelTimeout } of pending.values()) cancelTimeout?.();
      pending.clear();
    },
  };
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

function reportOf(record: CommandRecord): CommandReport {
  const { key, state, callId, code, params } = record;
  return {
    key,
    state: state === 'recorded' ? 'accepted' : state,
    ...(callId !== undefined && { callId }),
    ...(code !== undefined && { code }),
    ...(params !== undefined && { params }),
  };
}

interface Preparation {
  viewer: Viewer;
  command: Command;
  line: BoardLine;
  context: CommandContext;
}

function prepareOrder({ viewer, command, line, context }: Preparation): Prepared | Refusal {
  const call = command.callId === undefined ? undefined : callOn(line, command.callId);
  const order: Omit<DriverOrder, 'commandKey'> = {
    lineKey: line.lineKey,
    order: { name: command.name, args: command.args } as DriverOrder['order'], // one member of the union, as it came in
    ...(call && { callKey: call.callKey }),
  };
  switch (command.name) {
    case 'makeCall':
      return dialled({ line, order, number: command.args.number, context });
    case 'pickup':
      return pickedUp({ viewer, line, order, targetId: command.args.lineId, context });
    case 'setDnd':
      return capable(line.capabilities, command, { line, order });
    case 'setForward':
      if (command.args.to === null) return capable(line.capabilities, command, { line, order });
      return dialled({ line, order, number: command.args.to, context });
    case 'redirect':
      if (!call) return { code: 'call-unknown' };
      return dialled({ line, order, number: command.args.to, context });
    case 'toggle':
    case 'transfer':
    case 'conference': {
      const other = callOn(line, command.args.otherCallId);
      if (!call || !other) return { code: 'call-unknown' };
      return capable(call.capabilities, command, { line, order: { ...order, otherCallKey: other.callKey } });
    }
    case 'answer':
    case 'drop':
    case 'hold':
    case 'retrieve':
    case 'sendDtmf':
      if (!call) return { code: 'call-unknown' };
      return capable(call.capabilities, command, { line, order });
    default:
      return command satisfies never;
  }
}

function callOn(line: BoardLine, callId: string): BoardCall | undefined {
  return line.calls.find((call) => call.callId === callId);
}

function capable(capabilities: readonly string[], command: Command, prepared: Prepared): Prepared | Refusal {
  return capabilities.includes(command.name) ? prepared : { code: 'not-supported', params: { command: command.name } };
}

interface Dialling {
  line: BoardLine;
  order: Omit<DriverOrder, 'commandKey'>;
  number: PhoneNumber;
  context: CommandContext;
}

function dialled({ line, order, number, context }: Dialling): Prepared | Refusal {
  const verdict = context.guard.judge(number, context.locationOf(line.pbxId));
  if (verdict.decision !== 'allowed' || verdict.dialString === undefined) {
    return { code: verdict.code ?? 'number-invalid', params: verdict.params };
  }
  return { line, order: { ...order, dialString: verdict.dialString } };
}

interface PickingUp {
  viewer: Viewer;
  line: BoardLine;
  order: Omit<DriverOrder, 'commandKey'>;
  targetId: string;
  context: CommandContext;
}

// `lineId` is the agent's own line, where the call shall ring; the right to pick up is needed on the colleague's.
function pickedUp({ viewer, line, order, targetId, context }: PickingUp): Prepared | Refusal {
  const target = context.line(targetId);
  const refusal = refusalOf(viewer, target, 'pickup');
  if (refusal || !target) return { code: refusal ?? 'line-unknown' };
  if (target.pbxId !== line.pbxId) return { code: 'not-supported', params: { command: 'pickup' } };
  return { line, order: { ...order, otherLineKey: target.lineKey } };
}
