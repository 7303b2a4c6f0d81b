// TAPIMaster's orders with another driver's eyes: that one tells of lines and calls, its own commands are never used. What
// can be ordered is what TAPIMaster has a word for and what can mean one call alone; an order is done when its effect is seen.
import type {
  Driver,
  DriverContext,
  DriverEvent,
  DriverOrder,
  Leg,
  LineReport,
  PbxStatus,
  SendResult,
} from '../driver.ts';
import { commandsFor } from './abilities.ts';
import { createProofs, type Proofs } from './proof.ts';
import { watchReach } from './reach.ts';
import { isExtension, lineFor } from './text.ts';
import type { Aftermath, Wire } from './wire.ts';

interface CombinedParts {
  context: DriverContext;
  openEvents(context: DriverContext): Driver;
  openWire(onLost: (reason: string) => void): Wire;
  /** How often it is tried whether TAPIMaster is there. */
  checkEveryMs: number;
}

interface Combined {
  emit: DriverContext['emit'];
  wire: Wire;
  proofs: Proofs;
  lines: Map<string, LineReport>;
  /** Those that are not over, by line and key, as the other driver tells them. */
  legs: Map<string, Leg>;
  /** Which order started a call. */
  startedBy: Map<string, string>;
  status: PbxStatus['type'];
}

/** Opens both. In touch means: with the one that tells; an order finds out by itself whether TAPIMaster is there. */
export function openCombinedDriver({ context, openEvents, openWire, checkEveryMs }: CombinedParts): Driver {
  const { signal, clock, log } = context;
  let isOpen = !signal.aborted;
  const both: Combined = {
    emit: (event) => {
      if (isOpen) context.emit(event);
    },
    wire: openWire((reason) => reach.lost(reason)),
    proofs: createProofs(clock),
    ...{ lines: new Map(), legs: new Map(), startedBy: new Map(), status: 'connecting' },
  };
  let lastTold: PbxStatus['type'] | undefined;
  // What is told goes on without TAPIMaster; that orders are refused meanwhile is for the log.
  const reach = watchReach({
    clock,
    everyMs: checkEveryMs,
    check: () => both.wire.check(),
    onStatus(status) {
      if (status.type === 'connecting' || status.type === lastTold) return;
      lastTold = status.type;
      if (status.type === 'connected') log.info('TAPIMaster can be reached for orders');
      else log.warn({ reason: status.reason }, 'TAPIMaster is out of reach for orders');
    },
    random: Math.random,
  });
  const events = openEvents({ ...context, emit: (event) => take(both, event) });
  const close = () => {
    isOpen = false;
    reach.close();
    both.wire.close();
    both.proofs.close();
  };
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  return {
    async snapshot() {
      const { lines, legs } = await events.snapshot();
      both.lines = new Map(lines.map((line) => [line.lineKey, line]));
      both.legs = new Map(legs.map((leg) => [keyOf(leg), leg]));
      // Calls that ended while nobody told.
      for (const key of both.startedBy.keys()) if (!both.legs.has(key)) both.startedBy.delete(key);
      return { lines: lines.map(lineWith), legs: legs.map((leg) => legWith(both, leg)) };
    },
    // Datagrams and files need no connection: nothing else would keep an order from going out now.
    command: async (order) => (isOpen ? command(both, order) : { type: 'rejected', code: 'pbx-unreachable' }),
    async close() {
      close();
      await events.close();
    },
  };
}

function take(both: Combined, event: DriverEvent): void {
  switch (event.type) {
    case 'line':
      both.lines.set(event.line.lineKey, event.line);
      return both.emit({ type: 'line', line: lineWith(event.line) });
    case 'leg':
      return takeLeg(both, event.leg);
    case 'status':
      both.status = event.status.type;
      return both.emit(event);
    case 'link':
      return both.emit(event);
    case 'outcome':
      // None of its orders is ours.
      return;
    default:
      return event satisfies never;
  }
}

function takeLeg(both: Combined, leg: Leg): void {
  const before = new Map(siblings(both, leg).map((one) => [one.callKey, commandsOf(both, one).join()]));
  if (leg.state === 'ended') both.legs.delete(keyOf(leg));
  else both.legs.set(keyOf(leg), leg);
  const proved = both.proofs.see(leg);
  for (const { commandKey, startedIt } of proved) if (startedIt) both.startedBy.set(keyOf(leg), commandKey);
  both.emit({ type: 'leg', leg: legWith(both, leg) });
  // What can be done with one call depends on the others of its line.
  for (const other of siblings(both, leg)) {
    if (other.callKey === leg.callKey || before.get(other.callKey) === commandsOf(both, other).join()) continue;
    both.emit({ type: 'leg', leg: legWith(both, other) });
  }
  for (const { commandKey } of proved) {
    both.emit({ type: 'outcome', outcome: { commandKey, state: 'done', callKey: leg.callKey } });
  }
  if (leg.state === 'ended') both.startedBy.delete(keyOf(leg));
}

async function command(both: Combined, order: DriverOrder): Promise<SendResult> {
  const { lines, legs, proofs, wire } = both;
  const { name } = order.order;
  if (both.status !== 'connected') return { type: 'rejected', code: 'pbx-unreachable' };
  const line = lines.get(order.lineKey);
  if (!line) return { type: 'rejected', code: 'line-unknown' };
  const unsupported = { type: 'rejected', code: 'not-supported', params: { command: name } } as const;
  if (order.callKey !== undefined) {
    const leg = legs.get(keyOf({ lineKey: order.lineKey, callKey: order.callKey }));
    if (!leg) return { type: 'rejected', code: 'call-unknown' };
    if (!commandsOf(both, leg).some((one) => one === name)) return unsupported;
  } else if (!lineWith(line).capabilities.includes(name)) return unsupported;
  const other = order.otherLineKey === undefined ? undefined : lines.get(order.otherLineKey);
  const text = lineFor(order, { own: line.extension, other: other?.extension });
  if (text === undefined) return unsupported;
  const isSeen = hasVisibleEffect(name);
  // Before it is sent: its effect may be told sooner than the hand-over is over.
  if (isSeen) proofs.await(order, siblings(both, order));
  try {
    const handing = await wire.send(text);
    if (handing.type === 'rejected') {
      proofs.forget(order.commandKey);
      return handing;
    }
    void handing.aftermath.then((aftermath) => settle(both, order, { aftermath, isSeen }));
    return { type: 'sent' };
  } catch (error) {
    // Nobody knows: if the effect is seen after all, the relay hears of it.
    if (!isSeen) proofs.forget(order.commandKey);
    throw error;
  }
}

function settle(
  { emit, proofs }: Combined,
  { commandKey }: DriverOrder,
  { aftermath, isSeen }: { aftermath: Aftermath; isSeen: boolean },
): void {
  if (aftermath.type === 'failed') {
    const { code, params } = aftermath;
    proofs.forget(commandKey);
    emit({ type: 'outcome', outcome: { commandKey, state: 'failed', code, params } });
  } else if (aftermath.type === 'taken' && !isSeen) {
    emit({ type: 'outcome', outcome: { commandKey, state: 'done' } });
  }
}

// What changes no call's state is done when it was handed over: not every driver tells of forwards.
function hasVisibleEffect(name: DriverOrder['order']['name']): boolean {
  return name !== 'setDnd' && name !== 'setForward' && name !== 'conference';
}

// There is no choice of device, and a call is put on hold by the phone alone.
function lineWith({ devices: _, ...line }: LineReport): LineReport {
  const restrictions = new Set([...(line.restrictions ?? []), 'hold-at-the-phone' as const]);
  return {
    ...line,
    capabilities: isExtension(line.extension) ? ['makeCall', 'pickup', 'setForward', 'setDnd'] : [],
    restrictions: [...restrictions],
  };
}

function legWith(both: Combined, leg: Leg): Leg {
  const { commandKey: _, ...rest } = leg;
  const commandKey = both.startedBy.get(keyOf(leg));
  return {
    ...rest,
    capabilities: leg.state === 'ended' ? [] : commandsOf(both, leg),
    ...(commandKey !== undefined && { commandKey }),
  };
}

function commandsOf(both: Combined, leg: Leg) {
  return commandsFor(leg, siblings(both, leg));
}

function siblings({ legs }: Combined, { lineKey }: { lineKey: string }): Leg[] {
  return [...legs.values()].filter((leg) => leg.lineKey === lineKey);
}

function keyOf({ lineKey, callKey }: { lineKey: string; callKey: string }): string {
  return `${lineKey} ${callKey}`;
}
