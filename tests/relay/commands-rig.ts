// Orders over a real SQLite file and a phone system that fails in every way: the rig of the fault tests. The log of what
// the phone system received is the truth that everything is compared with.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PhoneNumber } from '@offhook/protocol';
import {
  type CommandContext,
  type CommandReport,
  type Commands,
  commandKeyOf,
  createCommands,
} from '../../relay/src/commands.ts';
import { createGuard } from '../../relay/src/guard.ts';
import type { DriverOrder, SendResult } from '../../relay/src/pbx/driver.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { Store } from '../../relay/src/store/store.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { aLine, aMakeCall, aViewer, BERLIN, SILENT, settled } from './builders.ts';

type LedgerStore = CommandContext['store'];

/** How the phone system takes its next order. */
export type Manner =
  | 'done'
  | 'outcomeFirst'
  | 'rejected'
  | 'failed'
  | 'silent'
  | 'lostBefore'
  | 'lostAfter'
  | 'twice'
  | 'contradicts'
  | 'neverReturns'
  | 'diesBefore'
  | 'diesAfter';
/** What goes wrong at the n-th call of the store. */
export interface Fault {
  call: number;
  kind: 'throwBefore' | 'throwAfter' | 'dieBefore' | 'dieAfter';
}
export type Step =
  | { type: 'order'; key: number; args: number; deadlineMs: number }
  | { type: 'settle' }
  | { type: 'wait'; ms: number }
  | { type: 'lateOutcome'; state: 'done' | 'failed' }
  | { type: 'restart' };
export interface History {
  steps: readonly Step[];
  manners: readonly Manner[];
  faults: readonly Fault[];
}

const NUMBERS: readonly PhoneNumber[] = [
  { kind: 'e164', number: '+493023125042' },
  { kind: 'e164', number: '+491713920012' },
];
const OUTCOME_TIMEOUT_MS = 10_000;

interface Told {
  key: number;
  args: number;
  report: CommandReport;
  /** How many orders the phone system had received by then. */
  receivedBefore: number;
}

/** What a history came to: an empty list means that every promise was kept. */
export async function violationsOf(
  history: History,
  plant: (store: LedgerStore) => LedgerStore = (store) => store,
): Promise<string[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'offhook-commands-'));
  const rig = await openRig(dataDir, history, plant);
  try {
    for (const step of history.steps) await rig.run(step);
    await rig.run({ type: 'wait', ms: OUTCOME_TIMEOUT_MS + 1 });
    return await rig.check();
  } finally {
    await rig.close();
    rmSync(dataDir, { recursive: true });
  }
}

async function openRig(dataDir: string, history: History, plant: (store: LedgerStore) => LedgerStore) {
  const clock = createFakeClock();
  const guard = createGuard({ limits: { perHour: 1000, burstPerMinute: 1000 }, clock });
  const received: DriverOrder[] = [];
  const refusedByPbx = new Set<string>();
  const told: Told[] = [];
  const manners = [...history.manners];
  const faults = new Map(history.faults.map(({ call, kind }) => [call, kind]));
  let storeCalls = 0;
  let run: { store: Store; commands: Commands; isAlive: boolean };

  async function begin(): Promise<void> {
    const store = openSqliteStore(dataDir);
    await store.settleCommands();
    const life = { store, isAlive: true };
    const commands = createCommands({
      store: plant(faulty(store, life)),
      guard,
      clock,
      log: SILENT,
      line: (lineId) => (lineId === 'line-1' ? aLine() : undefined),
      locationOf: () => BERLIN,
      hasLine: () => false,
      isContact: () => false,
      callIdOf: (_pbxId, callKey) => `id of ${callKey}`,
      send: (_pbxId, order) => receive(life, order),
      outcomeTimeoutMs: OUTCOME_TIMEOUT_MS,
    });
    run = Object.assign(life, { commands });
  }

  function faulty(store: Store, life: { isAlive: boolean }): LedgerStore {
    async function call<Result>(action: () => Promise<Result>): Promise<Result> {
      if (!life.isAlive) throw new Error('this process is dead');
      storeCalls += 1;
      const kind = faults.get(storeCalls);
      if (kind === 'dieBefore') life.isAlive = false;
      if (kind === 'throwBefore' || kind === 'dieBefore') throw new Error(kind);
      const result = await action();
      if (kind === 'dieAfter') life.isAlive = false;
      if (kind === 'throwAfter' || kind === 'dieAfter') throw new Error(kind);
      return result;
    }
    return {
      command: (key) => call(() => store.command(key)),
      recordCommand: (record) => call(() => store.recordCommand(record)),
      advanceCommand: (...args) => call(() => store.advanceCommand(...args)),
    };
  }

  async function receive(life: { isAlive: boolean }, order: DriverOrder): Promise<SendResult> {
    if (!life.isAlive) throw new Error('this process is dead');
    const manner = manners.shift() ?? 'done';
    const { commandKey } = order;
    const outcome = (state: 'done' | 'failed') => run.commands.settle('pbx-1', { commandKey, state, callKey: 'leg-1' });
    if (manner === 'diesBefore') life.isAlive = false;
    if (manner === 'lostBefore' || manner === 'diesBefore') throw new Error(manner);
    if (manner === 'rejected') {
      refusedByPbx.add(commandKey);
      return { type: 'rejected', code: 'pbx-rejected' };
    }
    received.push(order);
    if (manner === 'diesAfter') life.isAlive = false;
    if (manner === 'lostAfter' || manner === 'diesAfter') throw new Error(manner);
    if (manner === 'neverReturns') return new Promise(() => undefined);
    if (manner === 'failed' || manner === 'contradicts') refusedByPbx.add(commandKey);
    if (manner === 'outcomeFirst') await outcome('done');
    else queueMicrotask(() => void answerLater(manner, outcome));
    return { type: 'sent' };
  }

  async function answerLater(manner: Manner, outcome: (state: 'done' | 'failed') => Promise<void>): Promise<void> {
    if (manner === 'done' || manner === 'twice' || manner === 'contradicts') await outcome('done');
    if (manner === 'twice') await outcome('done');
    if (manner === 'failed' || manner === 'contradicts') await outcome('failed');
  }

  function order({ key, args, deadlineMs }: Extract<Step, { type: 'order' }>): Promise<void> {
    const life = run;
    const [fallback] = NUMBERS;
    const command = aMakeCall({ key: `key-${key}`, args: { number: NUMBERS[args] ?? fallback! }, deadlineMs });
    return life.commands.submit(aViewer(), command, (report) => {
      if (life.isAlive) told.push({ key, args, report, receivedBefore: received.length });
    });
  }

  async function restart(): Promise<void> {
    run.isAlive = false;
    await settled();
    run.commands.close();
    await run.store.close();
    await begin();
  }

  async function runStep(step: Step): Promise<void> {
    if (!run.isAlive) await restart();
    switch (step.type) {
      case 'order':
        // Not awaited: orders meet each other on the way.
        void order(step);
        return;
      case 'settle':
        return settled();
      case 'wait':
        await settled();
        clock.advance(step.ms);
        return settled();
      case 'lateOutcome':
        for (const { commandKey } of received) {
          if (step.state === 'failed') refusedByPbx.add(commandKey);
          await run.commands.settle('pbx-1', { commandKey, state: step.state });
        }
        return;
      case 'restart':
        return restart();
      default:
        return step satisfies never;
    }
  }

  async function check(): Promise<string[]> {
    faults.clear();
    await settled();
    if (!run.isAlive) await restart();
    const before = received.length;
    const problems = [...doubleDials(received)];
    for (let key = 0; key < 3; key += 1) problems.push(...(await checkKey(key)));
    if (received.length > before) problems.push('asking what became of an order dialled');
    return problems;
  }

  // Asks what became of the order, as a client does after a broken link.
  async function checkKey(key: number): Promise<string[]> {
    const earlier = told.filter((one) => one.key === key);
    if (earlier.length === 0) return [];
    const problems: string[] = [];
    for (const args of [0, 1]) {
      const from = told.length;
      await order({ type: 'order', key, args, deadlineMs: 0 });
      await settled();
      const answer = told.slice(from).at(-1)?.report;
      if (!answer) problems.push(`key ${key}: no answer`);
      const dialled = received.find(({ commandKey }) => commandKey === commandKeyOf('user-1', `key-${key}`));
      const isOurs = dialled?.dialString === (args === 0 ? '003023125042' : '001713920012');
      if (dialled && isOurs && answer?.state === 'failed' && !refusedByPbx.has(dialled.commandKey)) {
        problems.push(`key ${key}: dialled, but the record says failed`);
      }
      if (dialled && !isOurs && answer?.code !== 'key-reused')
        problems.push(`key ${key}: other arguments were accepted`);
      if (dialled && isOurs && !refusedByPbx.has(dialled.commandKey) && saidFailed(earlier, args, dialled)) {
        problems.push(`key ${key}: somebody was told that it failed, but it was dialled`);
      }
    }
    return problems;
  }

  // After a failing store, the same key may be given again: `store-unavailable` only says what was true until then.
  function saidFailed(earlier: readonly Told[], args: number, dialled: DriverOrder): boolean {
    const position = received.indexOf(dialled);
    return earlier.some(({ args: those, report: { state, code }, receivedBefore }) => {
      if (those !== args || state !== 'failed' || code === 'key-reused') return false;
      return code !== 'store-unavailable' || position < receivedBefore;
    });
  }

  await begin();
  return {
    run: runStep,
    check,
    async close() {
      run.isAlive = false;
      await settled();
      run.commands.close();
      await run.store.close();
    },
  };
}

function doubleDials(received: readonly DriverOrder[]): string[] {
  const keys = received.map(({ commandKey }) => commandKey);
  return keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `${key} was dialled twice`);
}
