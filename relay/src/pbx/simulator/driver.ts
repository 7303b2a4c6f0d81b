// The driver of the built-in simulator: the exchange in this process for unit tests, or over its socket as `npm start`,
// the stories and the restart tests run it. It translates and decides nothing.
import * as v from 'valibot';
import { secretRefSchema } from '../../secret-ref.ts';
import {
  type Driver,
  type DriverContext,
  type DriverOrder,
  type OpenDriver,
  PbxError,
  type SendResult,
} from '../driver.ts';
import { type Connection, openConnection } from './connection.ts';
import type { Exchange } from './exchange.ts';
import type { ExchangeOrder } from './orders.ts';
import { createRequests } from './requests.ts';
import type { ServerFrame } from './wire.ts';

/** `options` of a phone system of kind `simulator` in the configuration. */
export const SimulatorOptionsSchema = v.strictObject({
  host: v.optional(v.string(), '127.0.0.1'),
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
  password: v.optional(secretRefSchema),
});
export type SimulatorOptions = v.InferOutput<typeof SimulatorOptionsSchema>;

/** Opens the driver over the exchange of this process. It is in touch from the next tick on. */
export const openInProcessSimulator = ({ exchange }: { exchange: Exchange }, context: DriverContext): Driver => {
  const { signal, emit } = context;
  let isOpen = !signal.aborted;
  const tell: typeof emit = (event) => {
    if (isOpen) emit(event);
  };
  const stopListening = exchange.onEvent(tell);
  const shut = () => {
    isOpen = false;
    stopListening();
  };
  signal.addEventListener('abort', shut, { once: true });
  queueMicrotask(() => {
    tell({ type: 'status', status: { type: 'connecting' } });
    tell({ type: 'status', status: { type: 'connected' } });
  });
  return {
    async snapshot() {
      if (!isOpen) throw new PbxError('pbx-unreachable', 'the driver is closed');
      return exchange.snapshot();
    },
    async command(order) {
      return isOpen ? exchange.order(exchangeOrderOf(order)) : { type: 'rejected', code: 'pbx-unreachable' };
    },
    async close() {
      shut();
    },
  };
};

type Answer =
  | { type: 'snapshot'; snapshot: Awaited<ReturnType<Driver['snapshot']>> }
  | { type: 'ack'; result: SendResult };

/** Opens the driver over the simulator's socket. Reconnects by itself, with growing pauses, until closed. */
export const openSimulatorDriver: OpenDriver<SimulatorOptions> = ({ password, ...address }, context, readSecret) => {
  const { signal, emit, log, clock } = context;
  const requests = createRequests<Answer>(clock);
  let isOpen = !signal.aborted;
  const tell: typeof emit = (event) => {
    if (isOpen) emit(event);
  };
  const inbox = createInbox((frame) => {
    if (frame.type === 'event') return tell(frame.event);
    if (frame.type === 'snapshot' || frame.type === 'ack') requests.answer(frame.id, frame);
  });
  const connection: Connection | undefined = isOpen
    ? openConnection({
        ...address,
        role: 'cti',
        ...(password && { password: () => readSecret(password) }),
        clock,
        random: Math.random,
        onTrying: () => tell({ type: 'status', status: { type: 'connecting' } }),
        onUp: () => tell({ type: 'status', status: { type: 'connected' } }),
        onDown(reason) {
          inbox.clear();
          requests.abandon(reason);
          tell({ type: 'status', status: { type: 'disconnected', reason } });
        },
        onFrame: inbox.take,
        onGarbage: (line) => log.warn({ bytes: line.length }, 'the simulator sent something that is no frame'),
      })
    : undefined;

  function shut(): void {
    isOpen = false;
    connection?.close();
    inbox.clear();
    requests.abandon('the driver was closed');
  }
  signal.addEventListener('abort', shut, { once: true });

  return {
    async snapshot() {
      const answer = await requests.ask('a snapshot', (id) => connection?.send({ type: 'snapshot', id }) ?? false);
      if (answer.type !== 'snapshot') throw new PbxError('internal', 'the simulator answered something else');
      return answer.snapshot;
    },
    command: (order) => sendOrder(order, { requests, connection }),
    async close() {
      shut();
    },
  };
};

interface Wires {
  requests: ReturnType<typeof createRequests<Answer>>;
  connection: Connection | undefined;
}

async function sendOrder(order: DriverOrder, { requests, connection }: Wires): Promise<SendResult> {
  let isSent = false;
  try {
    const answer = await requests.ask(`the order ${order.commandKey}`, (id) => {
      isSent = connection?.send({ type: 'order', id, order: exchangeOrderOf(order) }) ?? false;
      return isSent;
    });
    if (answer.type !== 'ack') throw new PbxError('internal', 'the simulator answered something else');
    return answer.result;
  } catch (error) {
    // What was not sent was certainly not carried out; of anything else nobody knows.
    if (!isSent) return { type: 'rejected', code: 'pbx-unreachable' };
    throw error;
  }
}

// After a snapshot the frames that follow it wait for a turn of the event loop: whoever awaits the snapshot applies it
// before it hears of anything newer, which may have come in the same packet.
function createInbox(handle: (frame: ServerFrame) => void) {
  let held: ServerFrame[] = [];
  let isHolding = false;

  function take(frame: ServerFrame): void {
    if (isHolding) {
      held.push(frame);
      return;
    }
    handle(frame);
    if (frame.type !== 'snapshot') return;
    isHolding = true;
    setImmediate(release);
  }

  function release(): void {
    isHolding = false;
    const frames = held;
    held = [];
    for (const frame of frames) take(frame);
  }

  return {
    take,
    clear() {
      held = [];
    },
  };
}

function exchangeOrderOf({ commandKey, lineKey, callKey, order, dialString, ...others }: DriverOrder): ExchangeOrder {
  return {
    commandKey,
    lineKey,
    name: order.name,
    callKey,
    dialString,
    otherCallKey: others.otherCallKey,
    otherLineKey: others.otherLineKey,
    ...(order.name === 'setDnd' && { on: order.args.on }),
    ...(order.name === 'setForward' && { when: order.args.when }),
  };
}
