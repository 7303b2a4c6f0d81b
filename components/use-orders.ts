// Orders that a view gave and what came of them, each under the key of the thing it is shown at. An order is never
// repeated by itself, and one thing has at most one order under way: see order-lock.ts.
import type { CommandOrder } from '@offhook/protocol';
import { useRef, useState } from 'preact/hooks';
import type { OrderResult, Send } from '#lib/messages.ts';
import { createOrderLock, type OrderLock } from './order-lock.ts';

export type OrderState = { type: 'pending' } | Exclude<OrderResult, { type: 'done' }>;

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

  function put(key: string, state: OrderState | undefined): void {
    setStates((before) => {
      const after = new Map(before);
      if (state) after.set(key, state);
      else after.delete(key);
      return after;
    });
  }

  async function carryOut({ key, lineId, callId, order }: GivenOrder): Promise<void> {
    const release = lock.take(key, order.name);
    if (!release) return;
    put(key, { type: 'pending' });
    const result = await resultOf(send('command', { lineId, callId, order }));
    release(result);
    put(key, result.type === 'done' ? undefined : result);
  }

  return {
    of: (key) => states.get(key),
    give: (order) => void carryOut(order),
    dismiss: (key) => put(key, undefined),
  };
}

/** An order's result; when the worker died on the way nobody knows, and that is what is said. */
export async function resultOf(answer: Promise<OrderResult>): Promise<OrderResult> {
  try {
    return await answer;
  } catch {
    return { type: 'unknown' };
  }
}
