// A small telephone exchange in memory: lines with phones, ring groups, calls among them and with an outside world that
// people and tests play. The built-in phone system, and the truth that checkers compare with: it keeps every order that
// reached it, and dials an order that comes twice twice, since a real one would. It never protects the relay from itself.
import type { Cause } from '@offhook/protocol';
import type { Clock } from '../../clock.ts';
import type { CommandOutcome, DriverEvent, Leg, LineReport, SendResult } from '../driver.ts';
import { type Hands, handsOn } from './hands.ts';
import { carryOut, type ExchangeOrder } from './orders.ts';
import { callIn } from './ringing.ts';
import { createSwitching, type Switching, type Timing } from './switching.ts';
import { type Handset, legReport, lineReport, liveLegs } from './talk.ts';

/** A line that the exchange shall have. */
export interface LineSetup {
  extension: string;
  name: string;
  isRegistered?: boolean;
  /** Default true: a second call rings while one is going on. */
  hasCallWaiting?: boolean;
  /** The phone answers by itself; for colleagues in a demo. */
  answersAfterMs?: number;
}

/** A number that rings several lines. */
export interface GroupSetup {
  extension: string;
  name: string;
  members: readonly string[];
  /** Whether callers wait until a member is free, instead of hearing that all are busy. */
  isQueue?: boolean;
}

export interface ExchangeOptions {
  clock: Clock;
  lines?: readonly LineSetup[];
  groups?: readonly GroupSetup[];
  /** What is dialled before an outside number, `'0'`; default none. */
  outsideLine?: string;
  /**
   * Times in milliseconds. `ownPhoneLiftsMs`, `farAnswersMs` and `farTalksMs` make a demo live by itself; with
   * `farAnswersMs`, an outside number that ends in 1 is busy, in 2 never answers, in 3 declines.
   */
  timing?: Partial<Timing>;
}

/** An order as it arrived, in the order of arrival, refused ones included. */
export type ReceivedOrder = Pick<ExchangeOrder, 'commandKey' | 'name' | 'lineKey' | 'dialString'>;

/** What goes wrong on purpose. Each holds for the next order only. */
export type Fault =
  | { type: 'delayNextOutcome'; delayMs: number }
  | { type: 'dropNextOutcome' }
  | { type: 'rejectNext'; cause: Cause };

/** A call from outside. Without `from` or with `isWithheld` the number is withheld. */
export interface OutsideCall {
  to: string;
  from?: string | undefined;
  name?: string | undefined;
  isWithheld?: boolean | undefined;
  /** The number of ours that the caller dialled, if it is not `to`. */
  dialled?: string | undefined;
}

export interface Exchange {
  order(order: ExchangeOrder): SendResult;
  snapshot(): { lines: LineReport[]; legs: Leg[] };
  /** The ring groups, as they were set up. */
  groups(): readonly GroupSetup[];
  /** The call's keys of ours; none, with the cause, when nobody could be rung. */
  callIn(call: OutsideCall): { callKeys: string[]; cause?: Cause };
  hands: Hands;
  /** A new line, or another name for one that is there. */
  putLine(line: Pick<LineSetup, 'extension' | 'name'>): void;
  /** The line is gone with its calls; whoever asks for a snapshot learns it. */
  removeLine(extension: string): boolean;
  fault(fault: Fault): void;
  received(): readonly ReceivedOrder[];
  onEvent(listener: (event: DriverEvent) => void): () => void;
}

const DEFAULT_TIMING: Timing = {
  setupMs: 0,
  noAnswerMs: 60_000,
  ownPhoneMs: 30_000,
  busyToneMs: 10_000,
  ownPhoneLiftsMs: undefined,
  farAnswersMs: undefined,
  farTalksMs: undefined,
};
const SAMPLE_NAMES = ['Ada', 'Ben', 'Cleo', 'Dario', 'Edda', 'Falk', 'Gitta', 'Hugo', 'Ines', 'Jona', 'Kira', 'Levi'];
const FIRST_EXTENSION = 10;

/** So many sample lines, from extension 10 on. */
export function sampleLines(count = SAMPLE_NAMES.length): LineSetup[] {
  return Array.from({ length: count }, (_, index) => ({
    extension: String(FIRST_EXTENSION + index),
    name: `${SAMPLE_NAMES[index % SAMPLE_NAMES.length]} Sample${index < SAMPLE_NAMES.length ? '' : ` ${index + 1}`}`,
  }));
}

/** The sample ring groups: the first three lines behind 90, the next three behind the queue 91. */
export const SAMPLE_GROUPS: readonly GroupSetup[] = [
  { extension: '90', name: 'Sales', members: ['10', '11', '12'] },
  { extension: '91', name: 'Support', members: ['13', '14', '15'], isQueue: true },
];

/** Opens an exchange for business. */
export function createExchange(options: ExchangeOptions): Exchange {
  const { clock } = options;
  const listeners = new Set<(event: DriverEvent) => void>();
  const emit = (event: DriverEvent) => {
    for (const listener of [...listeners]) listener(event);
  };
  const received: ReceivedOrder[] = [];
  const faults: Fault[] = [];
  const { lines = sampleLines() } = options;
  const handsets = new Map(lines.map((line) => [line.extension, handsetOf(line)]));
  const x = groundFor(options, { handsets, emit });
  const hands = handsOn(x, (handset) => emit({ type: 'line', line: lineReport(handset) }));

  function report(outcome: CommandOutcome, fault: Fault | undefined): void {
    if (fault?.type === 'dropNextOutcome') return;
    if (fault?.type !== 'delayNextOutcome') return emit({ type: 'outcome', outcome });
    clock.after(fault.delayMs, () => emit({ type: 'outcome', outcome }));
  }

  return {
    order(order) {
      const { commandKey, name, lineKey, dialString } = order;
      received.push({ commandKey, name, lineKey, dialString });
      const fault = faults.shift();
      if (fault?.type === 'rejectNext') {
        report({ commandKey, state: 'failed', code: 'pbx-rejected', params: { cause: fault.cause } }, undefined);
        return { type: 'sent' };
      }
      const carried = carryOut(x, order, (handset) => emit({ type: 'line', line: lineReport(handset) }));
      x.settle();
      if (carried.type === 'rejected') return carried;
      report({ commandKey, ...carried.outcome }, fault);
      return { type: 'sent' };
    },
    snapshot: () => ({
      lines: [...x.handsets.values()].map(lineReport),
      legs: x.legs().map((leg) => legReport(leg, x.legsOf(leg.handset))),
    }),
    groups: () => groupsOf(options),
    callIn(call) {
      const number = call.isWithheld ? undefined : call.from;
      const caller = { number, ...(call.name !== undefined && { name: call.name }) };
      const { talk, cause } = callIn(x, caller, { to: call.to, dialled: call.dialled ?? call.to });
      x.settle();
      return { callKeys: liveLegs(talk).map(({ callKey }) => callKey), ...(cause && { cause }) };
    },
    hands,
    putLine(line) {
      const known = handsets.get(line.extension);
      const handset = known ?? handsetOf(line);
      handset.name = line.name;
      handsets.set(line.extension, handset);
      emit({ type: 'line', line: lineReport(handset) });
    },
    removeLine(extension) {
      if (!handsets.has(extension)) return false;
      hands.setRegistered(extension, 'loggedOut');
      return handsets.delete(extension);
    },
    fault: (fault) => void faults.push(fault),
    received: () => [...received],
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function groupsOf({ groups, lines }: ExchangeOptions): readonly GroupSetup[] {
  return groups ?? (lines ? [] : SAMPLE_GROUPS);
}

function groundFor(
  options: ExchangeOptions,
  { handsets, emit }: { handsets: ReadonlyMap<string, Handset>; emit: (event: DriverEvent) => void },
): Switching {
  const { clock, outsideLine = '' } = options;
  const groups = groupsOf(options);
  return createSwitching({
    plan: { handsets, groups: groups.map(({ extension, ...rest }) => ({ key: extension, ...rest })), outsideLine },
    timing: { ...DEFAULT_TIMING, ...options.timing },
    clock,
    keyPrefix: `${clock.now().toString(36)}-`,
    emit,
  });
}

function handsetOf(line: LineSetup): Handset {
  return {
    key: line.extension,
    name: line.name,
    device: 'Desk phone',
    isRegistered: line.isRegistered ?? true,
    dnd: false,
    forward: null,
    voicemail: 0,
    hasCallWaiting: line.hasCallWaiting ?? true,
    answersAfterMs: line.answersAfterMs,
  };
}
