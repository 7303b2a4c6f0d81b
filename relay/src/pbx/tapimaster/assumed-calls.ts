// Calls that were ordered and that nobody tells about: each is assumed for a while, as no more than "ordered", and then
// forgotten. Never said to be answered, never with a cause that nobody told: `answerReported` is false and the call partial.
import type { PhoneNumber } from '@offhook/protocol';
import type { Clock } from '../../clock.ts';
import type { DriverOrder, Leg } from '../driver.ts';

export interface AssumedCalls {
  /** Begins to assume the call of an order; an earlier one on the line is assumed no more. */
  begin(order: DriverOrder, more: { isInternal: (dialString: string) => boolean }): Leg;
  /** The call is assumed no more. */
  end(callKey: string): void;
  at(lineKey: string): Leg | undefined;
  all(): Leg[];
  close(): void;
}

/** The assumptions of one driver. `onChange` hears of each as it begins and ends. */
export function createAssumedCalls(parts: { clock: Clock; lastsMs: number; onChange(leg: Leg): void }): AssumedCalls {
  const { clock, lastsMs, onChange } = parts;
  const calls = new Map<string, { leg: Leg; cancel: () => void }>();

  function end(callKey: string): void {
    const call = calls.get(callKey);
    if (!call) return;
    call.cancel();
    calls.delete(callKey);
    onChange({ ...call.leg, state: 'ended', cause: 'unknown', capabilities: [] });
  }

  return {
    begin(order, { isInternal }) {
      const { lineKey, commandKey, dialString = '' } = order;
      for (const [callKey, { leg }] of calls) if (leg.lineKey === lineKey) end(callKey);
      const leg: Leg = {
        ...{ lineKey, commandKey, callKey: commandKey },
        direction: isInternal(dialString) ? 'internal' : 'outbound',
        state: 'initiated',
        remote: { number: numberIn(order) },
        since: clock.now(),
        answerReported: false,
        isPartial: true,
        capabilities: ['drop'],
      };
      calls.set(commandKey, { leg, cancel: clock.after(lastsMs, () => end(commandKey)) });
      onChange(leg);
      return leg;
    },
    end,
    at: (lineKey) => [...calls.values()].find(({ leg }) => leg.lineKey === lineKey)?.leg,
    all: () => [...calls.values()].map(({ leg }) => leg),
    close() {
      for (const { cancel } of calls.values()) cancel();
      calls.clear();
    },
  };
}

// As the relay read it: what the dial plan put before it is no part of the number.
function numberIn({ order, dialString }: DriverOrder): string | undefined {
  if (order.name !== 'makeCall') return dialString;
  const { number }: { number: PhoneNumber } = order.args;
  switch (number.kind) {
    case 'e164':
    case 'internal':
    case 'service':
      return number.number;
    case 'code':
    case 'anonymous':
    case 'hidden':
    case 'raw':
      return dialString;
    default:
      return number satisfies never;
  }
}
