// Which of a line's phones rings first when the agent starts a call there: the agent's own choice goes with the order,
// wherever it was given. A phone that the line does not have any more is never named: the usual one rings.
import type { Line } from '@offhook/protocol';
import type { Orders } from './orders.ts';

interface ChosenPhoneOptions {
  /** The chosen phones by line, as they are stored. */
  phones(): Promise<Readonly<Record<string, string>>>;
  line(lineId: string): Line | undefined;
}

/** The same orders, with the choice for those that start a call and name no phone themselves. */
export function withChosenPhone(orders: Orders, { phones, line }: ChosenPhoneOptions): Orders {
  return {
    ...orders,
    async give(asked) {
      const { lineId, order } = asked;
      const devices = line(lineId)?.devices ?? [];
      if (order.name !== 'makeCall' || order.args.device !== undefined || devices.length < 2) return orders.give(asked);
      // Settings that cannot be read must not keep anybody from calling.
      const device = (await phones().catch(() => undefined))?.[lineId];
      if (device === undefined || !devices.some(({ deviceId }) => deviceId === device)) return orders.give(asked);
      return orders.give({ ...asked, order: { ...order, args: { ...order.args, device } } });
    },
  };
}
