// Whether an order had its effect, by what another driver tells of the line: this interface says nothing itself. An order is
// done when its effect is seen; one whose effect is never seen stays without an outcome, which the relay calls unknown.
import type { DriverOrder, Leg } from '../driver.ts';

export interface Proofs {
  /** From now on, its effect is looked for. `known` are the calls of the line that were there before. */
  await(order: DriverOrder, known: readonly Leg[]): void;
  /** The order failed after all. */
  forget(commandKey: string): void;
  /** A call changed: the orders that this proves. */
  see(leg: Leg): { commandKey: string; startedIt: boolean }[];
  close(): void;
}

interface Awaited {
  order: DriverOrder;
  /** The calls of the line by key, as they stood before. */
  known: ReadonlyMap<string, Leg['state']>;
}

// Longer than this, nobody takes a change for the effect of the order.
const LOOKED_FOR_MS = 30_000;

/** Orders whose effect is still to be seen. */
export function createProofs(clock: { after(delayMs: number, action: () => void): () => void }): Proofs {
  const waiting = new Map<string, Awaited & { cancel: () => void }>();
  const forget = (commandKey: string) => {
    waiting.get(commandKey)?.cancel();
    waiting.delete(commandKey);
  };
  return {
    await(order, known) {
      const { commandKey } = order;
      const cancel = clock.after(LOOKED_FOR_MS, () => waiting.delete(commandKey));
      waiting.set(commandKey, { order, known: new Map(known.map(({ callKey, state }) => [callKey, state])), cancel });
    },
    forget,
    see(leg) {
      const fitting = [...waiting.values()].filter((one) => isProof(one, leg));
      // One call is the effect of one order: of two that began the same, the one that was given first.
      const starter = fitting.find(isStarting);
      const proved = fitting.filter((one) => one === starter || !isStarting(one));
      for (const { order } of proved) forget(order.commandKey);
      return proved.map(({ order }) => ({
        commandKey: order.commandKey,
        startedIt: order.order.name === 'makeCall',
      }));
    },
    close() {
      for (const { cancel } of waiting.values()) cancel();
      waiting.clear();
    },
  };
}

function isStarting({ order }: Awaited): boolean {
  return order.order.name === 'makeCall' || order.order.name === 'pickup';
}

function isProof({ order, known }: Awaited, leg: Leg): boolean {
  if (leg.lineKey !== order.lineKey) return false;
  const isNew = !known.has(leg.callKey);
  const isMeant = leg.callKey === order.callKey || leg.callKey === order.otherCallKey;
  switch (order.order.name) {
    case 'makeCall':
      return isNew && leg.direction !== 'inbound' && leg.state !== 'offering' && isTo(leg, order.dialString ?? '');
    case 'pickup':
      return isNew && leg.state !== 'ended';
    case 'answer':
      return isMeant && leg.state === 'connected';
    case 'drop':
    case 'redirect':
    case 'transfer':
      return leg.callKey === order.callKey && leg.state === 'ended';
    case 'toggle':
      return isMeant && leg.state !== known.get(leg.callKey);
    case 'conference':
    case 'setForward':
    case 'setDnd':
    case 'hold':
    case 'retrieve':
    case 'sendDtmf':
      return false;
    default:
      return order.order satisfies never;
  }
}

// Prefixes differ from one side to the other; the last digits do not. What is not told is taken for it.
function isTo({ remote, dialled }: Leg, dialString: string): boolean {
  const told = [remote.number, dialled].filter((number) => number !== undefined).map((number) => digitsOf(number));
  const wanted = digitsOf(dialString);
  if (told.length === 0 || wanted === '') return true;
  const isSame = (a: string, b: string) =>
    a === b || (Math.min(a.length, b.length) >= 6 && a.slice(-6) === b.slice(-6));
  return told.some((one) => isSame(one, wanted));
}

function digitsOf(text: string): string {
  return text.replace(/[^0-9*#]/g, '');
}
