// Orders that a view gave and what came of them, each under the key of the thing it is shown at. An order is never
// repeated by itself, and one thing has at most one order under way: see order-lock.ts.
import type { CommandOrder } from '@offhook/protocol';
import { useRef, useState } from 'preact/hooks';
import type { OrderResult, Send } from '#lib/messages.ts';
import { createOrderLock, type OrderLock } from './order-lock.ts';

type Failed = Extract<OrderResult, { type: 'failed' }>;

export type OrderState =
  | { type: 'pending' }
  | { type: 'unknown' }
  /** `confirm` gives the order again with the relay's token, where it only wants to be confirmed. */
  | (Failed & { confirm?: (() => void) | undefined });

export interface GivenOrder {
  /** Where it is shown: a callId, or a lineId with what it is for. */
  key: string;
  lineId: string;
  callId?: string;
  order: CommandOrder;
}

export interface Orders {
  of(key: string): OrderState | undefined;
  give(order: GivenOrder): void;
  dismiss(key: string): void;
}

/** The orders of one view. */
export function useOrders(send: Send): Orders {
  const [states, setStates] = useState<ReadonlyMap<string, OrderState>>(new Map());
  const kept = useRef<OrderLock | undefined>(undefined);
  kept.current ??= createOrderLock();
  const lock = kept.current;
  // Rows that are not drawn anew give their orders through the present `send` all the same.
  const latestSend = useRef(send);
  latestSend.current = send;

  function put(key: string, state: OrderState | undefined): void {
    setStates((before) => {
      const after = new Map(before);
      if (state) after.set(key, state);
      else after.delete(key);
      return after;
    });
  }

  async function carryOut(given: GivenOrder): Promise<void> {
    const { key, lineId, callId, order } = given;
    // Off after on is another order than on after on.
    const release = lock.take(key, JSON.stringify(order));
    if (!release) return;
    put(key, { type: 'pending' });
    const result = await resultOf(latestSend.current('command', { lineId, callId, order }));
    release(result);
    if (result.type === 'done') return put(key, undefined);
    const confirmed = confirmedOrder(order, result);
    const confirm = confirmed && (() => void carryOut({ ...given, order: confirmed }));
    put(key, result.type === 'failed' ? { ...result, confirm } : result);
  }

  return {
    of: (key) => states.get(key),
    give: (order) => void carryOut(order),
    dismiss: (key) => put(key, undefined),
  };
}

// Only what dials can be wanted confirmed; the token is the relay's, for this order alone.
function confirmedOrder(order: CommandOrder, result: OrderResult): CommandOrder | undefined {
  const token = tokenOf(result);
  if (token === undefined) return undefined;
  switch (order.name) {
    case 'makeCall':
      return { name: order.name, args: { ...order.args, confirm: token } };
    case 'redirect':
      return { name: order.name, args: { ...order.args, confirm: token } };
    case 'setForward':
      return { name: order.name, args: { ...order.args, confirm: token } };
    default:
      return undefined;
  }
}

/** The token of an order that the relay wants confirmed. */
export function tokenOf(result: OrderResult): string | undefined {
  if (result.type !== 'failed' || result.code !== 'confirmation-needed') return undefined;
  const token = result.params?.['confirm'];
  return typeof token === 'string' ? token : undefined;
}

/** An order's result; when the worker died on the way nobody knows, and that is what is said. */
export async function resultOf(answer: Promise<OrderResult>): Promise<OrderResult> {
  try {
    return await answer;
  } catch {
    return { type: 'unknown' };
  }
}
