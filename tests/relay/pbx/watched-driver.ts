// A driver under observation: everything it emits is kept, and a test can wait for what has not come yet.
import type { CallState } from '@offhook/protocol';
import { pino } from 'pino';
import type { Clock } from '../../../relay/src/clock.ts';
import type {
  CommandOutcome,
  Driver,
  DriverContext,
  DriverEvent,
  DriverOrder,
  Leg,
  PbxStatus,
} from '../../../relay/src/pbx/driver.ts';

export interface WatchedDriver {
  driver: Driver;
  events: DriverEvent[];
  /** Ends the driver by its signal. */
  abort(): void;
  /** The first event, past or to come, for which `find` answers something. */
  until<Found>(find: (event: DriverEvent) => Found | undefined, fromIndex?: number): Promise<Found>;
  untilLeg(match: { lineKey?: string; callKey?: string; state: CallState }, fromIndex?: number): Promise<Leg>;
  untilStatus(type: PbxStatus['type'], fromIndex?: number): Promise<PbxStatus>;
  untilOutcome(commandKey: string): Promise<CommandOutcome>;
  /** The states that a call went through, in the order in which they were told, repeats left out. */
  statesOf(callKey: string): CallState[];
  /** Sends an order under a key of its own, and answers the key. */
  order(order: Omit<DriverOrder, 'commandKey'>): Promise<{ commandKey: string; result: unknown }>;
}

/** Opens a driver and keeps what it emits. */
export function watchDriver(open: (context: DriverContext) => Driver, clock: Clock): WatchedDriver {
  const abort = new AbortController();
  const events: DriverEvent[] = [];
  const waiting = new Set<(event: DriverEvent) => void>();
  let orders = 0;
  const driver = open({
    signal: abort.signal,
    clock,
    log: pino({ level: 'silent' }),
    emit(event) {
      events.push(event);
      for (const hear of [...waiting]) hear(event);
    },
  });

  const until: WatchedDriver['until'] = (find, fromIndex = 0) => {
    for (const event of events.slice(fromIndex)) {
      const found = find(event);
      if (found !== undefined) return Promise.resolve(found);
    }
    return new Promise((resolve) => {
      const hear = (event: DriverEvent) => {
        const found = find(event);
        if (found === undefined) return;
        waiting.delete(hear);
        resolve(found);
      };
      waiting.add(hear);
    });
  };

  return {
    driver,
    events,
    abort: () => abort.abort(),
    until,
    untilLeg({ lineKey, callKey, state }, fromIndex) {
      return until((event) => {
        if (event.type !== 'leg' || event.leg.state !== state) return undefined;
        if (lineKey !== undefined && event.leg.lineKey !== lineKey) return undefined;
        return callKey === undefined || event.leg.callKey === callKey ? event.leg : undefined;
      }, fromIndex);
    },
    untilStatus: (type, fromIndex) =>
      until((event) => (event.type === 'status' && event.status.type === type ? event.status : undefined), fromIndex),
    untilOutcome: (commandKey) =>
      until((event) =>
        event.type === 'outcome' && event.outcome.commandKey === commandKey ? event.outcome : undefined,
      ),
    statesOf(callKey) {
      const states = events.flatMap((event) =>
        event.type === 'leg' && event.leg.callKey === callKey ? [event.leg.state] : [],
      );
      return states.filter((state, index) => state !== states[index - 1]);
    },
    async order(order) {
      orders += 1;
      const commandKey = `order-${orders}`;
      return { commandKey, result: await driver.command({ commandKey, ...order }) };
    },
  };
}
