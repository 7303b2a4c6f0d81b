// What every view of the desk works out of the state: the time, how old the picture is, the own lines, and the orders.
import type { Desk, Send } from '#lib/messages.ts';
import type { HeldLine } from '#lib/phone.ts';
import { isFresh } from './freshness.ts';
import type { Age } from './StatePill.tsx';
import { useNow } from './use-now.ts';
import { type Orders, useOrders } from './use-orders.ts';

export interface DeskNow {
  now: number;
  age: Age;
  orders: Orders;
  /** Whether orders can be given now; the link is up, or about to be. */
  canOrder: boolean;
  own: readonly HeldLine[];
}

/** The desk at this moment. */
export function useDesk({ phone }: Desk, send: Send): DeskNow {
  const now = useNow();
  const orders = useOrders(send);
  return {
    now,
    age: { now, staleSince: phone.heardAt, isFresh: isFresh(phone, now) },
    orders,
    canOrder: phone.link.type === 'online' || phone.link.type === 'connecting',
    own: phone.lines.filter(({ line }) => line.isOwn),
  };
}
