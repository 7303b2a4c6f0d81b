// The driver of TAPIMaster's IP interface, which takes orders and tells nothing. Alone it assumes the calls that it ordered
// and knows no others; combined with another driver it leaves the telling to that one and only gives the orders.
import {
  type Driver,
  type DriverContext,
  type DriverOrder,
  type LineReport,
  PbxError,
  type SendResult,
} from '../driver.ts';
import { type AssumedCalls, createAssumedCalls } from './assumed-calls.ts';
import { openCombinedDriver } from './combined.ts';
import type { TapiMasterOptions } from './options.ts';
import { createFileWire, createUdpWire } from './other-wires.ts';
import { type Reach, watchReach } from './reach.ts';
import { createHttpWire, createTcpWire } from './tcp-wire.ts';
import { lineFor } from './text.ts';
import type { Aftermath, Wire, WireContext } from './wire.ts';

/** Opens the driver that tells of lines and calls, where there is one. */
export type OpenEvents = (context: DriverContext) => Driver;

const LINE_COMMANDS = ['makeCall', 'setForward', 'setDnd'] as const;

/** Opens the driver, alone or with the one that tells. */
export function openTapiMasterDriver(
  options: TapiMasterOptions,
  context: DriverContext,
  openEvents?: OpenEvents | undefined,
): Driver {
  if (!openEvents) return openLoneDriver(options, context);
  const checkEveryMs = options.checkSeconds * 1_000;
  return openCombinedDriver({
    context,
    openEvents,
    checkEveryMs,
    openWire: (onLost) => openWire(options, context, onLost),
  });
}

function openWire(options: TapiMasterOptions, { clock, log }: DriverContext, onLost: WireContext['onLost']): Wire {
  const wireContext = { options, clock, log, onLost };
  switch (options.mode) {
    case 'tcp':
      return createTcpWire(wireContext);
    case 'http':
      return createHttpWire(wireContext);
    case 'udp':
      return createUdpWire(wireContext);
    case 'file':
      return createFileWire(wireContext);
    default:
      return options.mode satisfies never;
  }
}

interface Lone {
  options: TapiMasterOptions;
  emit: DriverContext['emit'];
  wire: Wire;
  reach: Reach;
  calls: AssumedCalls;
}

function openLoneDriver(options: TapiMasterOptions, context: DriverContext): Driver {
  const { signal, clock } = context;
  let isOpen = !signal.aborted;
  const emit: DriverContext['emit'] = (event) => {
    if (isOpen) context.emit(event);
  };
  const calls = createAssumedCalls({
    clock,
    lastsMs: options.assumeSeconds * 1_000,
    onChange: (leg) => emit({ type: 'leg', leg }),
  });
  const wire = openWire(options, context, (reason) => reach.lost(reason));
  const reach = watchReach({
    clock,
    everyMs: options.checkSeconds * 1_000,
    check: () => wire.check(),
    onStatus: (status) => emit({ type: 'status', status }),
    random: Math.random,
  });
  const close = () => {
    isOpen = false;
    reach.close();
    wire.close();
    calls.close();
  };
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  const lone: Lone = { options, emit, wire, reach, calls };
  return {
    async snapshot() {
      if (!isOpen) throw new PbxError('pbx-unreachable', 'the driver is closed');
      return { lines: options.lines.map(lineReport), legs: calls.all() };
    },
    command: (order) => command(lone, order),
    async close() {
      close();
    },
  };
}

// Nothing is known of a line but that it is there.
function lineReport({ extension, name }: TapiMasterOptions['lines'][number]): LineReport {
  return {
    lineKey: extension,
    extension,
    name,
    isRegistered: undefined,
    lamp: 'unknown',
    dnd: null,
    forward: null,
    capabilities: [...LINE_COMMANDS, 'pickup'],
    restrictions: ['calls-not-reported', 'answer-not-reported', 'running-calls-not-reported'],
  };
}

async function command(lone: Lone, order: DriverOrder): Promise<SendResult> {
  const { options, wire, reach, calls } = lone;
  const { name } = order.order;
  const lineOf = (lineKey: string | undefined) => options.lines.find(({ extension }) => extension === lineKey);
  const line = lineOf(order.lineKey);
  if (!line) return { type: 'rejected', code: 'line-unknown' };
  const refusal = refusalOf(lone, order);
  if (refusal) return refusal;
  const text = lineFor(order, { own: line.extension, other: lineOf(order.otherLineKey)?.extension });
  if (text === undefined) return { type: 'rejected', code: 'not-supported', params: { command: name } };
  if (!reach.isUp()) return { type: 'rejected', code: 'pbx-unreachable' };
  const handing = await wire.send(text);
  if (handing.type === 'rejected') return handing;
  if (name === 'makeCall') calls.begin(order, { isInternal: (dialString) => lineOf(dialString) !== undefined });
  void handing.aftermath.then((aftermath) => {
    if (name === 'drop' && aftermath.type === 'taken' && order.callKey !== undefined) calls.end(order.callKey);
    settle(lone, order, aftermath);
  });
  return { type: 'sent' };
}

function refusalOf({ calls }: Lone, { order, lineKey, callKey }: DriverOrder): SendResult | undefined {
  const { name } = order;
  if (name === 'drop')
    return calls.at(lineKey)?.callKey === callKey ? undefined : { type: 'rejected', code: 'call-unknown' };
  if (name === 'pickup' || LINE_COMMANDS.some((one) => one === name)) return undefined;
  return { type: 'rejected', code: 'not-supported', params: { command: name } };
}

// Handed over and not refused is all that will ever be known here; of what was lost on the way, not even that.
function settle({ emit, calls }: Lone, { commandKey, order }: DriverOrder, aftermath: Aftermath): void {
  const callKey = order.name === 'makeCall' ? { callKey: commandKey } : {};
  switch (aftermath.type) {
    case 'taken':
      return emit({ type: 'outcome', outcome: { commandKey, state: 'done', ...callKey } });
    case 'failed': {
      const { code, params } = aftermath;
      calls.end(commandKey);
      return emit({ type: 'outcome', outcome: { commandKey, state: 'failed', code, params, ...callKey } });
    }
    case 'lost':
      return;
    default:
      return aftermath satisfies never;
  }
}
