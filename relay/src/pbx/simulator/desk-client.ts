// The hands of people and tests on a running simulator: the outside world's callers, the handsets, and faults on purpose.
// It speaks the desk role of the simulator's socket and knows nothing of the relay.
import type { Cause } from '@offhook/protocol';
import { type Clock, systemClock } from '../../clock.ts';
import { PbxError } from '../driver.ts';
import { type Connection, openConnection } from './connection.ts';
import type { Fault, OutsideCall } from './exchange.ts';
import { createRequests } from './requests.ts';
import type { DeskAction, DeskAnswer, ServerFrame, WIRE_FAULTS } from './wire.ts';

type DeskEvent = Extract<ServerFrame, { type: 'event' }>['event'];

/** Everything that can be done at the desk. `false`: no such line, or no call to do it with. Lines go by extension. */
export interface Desk {
  callIn(call: OutsideCall): Promise<{ callKeys: string[]; cause?: Cause | undefined }>;
  lift(line: string): Promise<boolean>;
  hangUp(line: string): Promise<boolean>;
  reject(line: string): Promise<boolean>;
  hold(line: string): Promise<boolean>;
  retrieve(line: string): Promise<boolean>;
  /** The phone sends its call, connected or ringing, to another number, unannounced. */
  transfer(line: string, digits: string): Promise<boolean>;
  /** The phone puts its call on hold and calls somebody else. */
  consult(line: string, digits: string): Promise<boolean>;
  /** The phone connects the party on hold with the one it talks to. */
  completeTransfer(line: string): Promise<boolean>;
  farAnswers(line: string): Promise<boolean>;
  /** The party outside hangs up, or cannot be had (`busy`, `rejected`). */
  farHangsUp(line: string, cause?: Cause): Promise<boolean>;
  dial(line: string, digits: string): Promise<boolean>;
  setRegistered(line: string, state: 'loggedIn' | 'loggedOut'): Promise<boolean>;
  setDnd(line: string, state: 'on' | 'off'): Promise<boolean>;
  /** Forwards all calls; without a number none any more. */
  setForward(line: string, to?: string): Promise<boolean>;
  setVoicemail(line: string, newMessages: number): Promise<boolean>;
  /** A new line, or another name for one that is there. */
  putLine(line: string, name: string): Promise<void>;
  /** The line is gone; the relay learns it when it connects again. */
  removeLine(line: string): Promise<boolean>;
  fault(fault: Fault): Promise<void>;
  /** What goes wrong with the connections to relays; `well` ends all of it. */
  wireFault(fault: (typeof WIRE_FAULTS)[number]): Promise<void>;
  /** So many changes of the second and third line at once, after which all is as it was. */
  flood(changes: number): Promise<void>;
  /** Nothing reaches the relay any more, for so long or for good; its orders still arrive. */
  goSilent(forMs?: number): Promise<void>;
  disconnectCti(): Promise<void>;
  state(): Promise<NonNullable<DeskAnswer['state']>>;
  /** Every order that reached the exchange, oldest first, with what was dialled. */
  received(): Promise<NonNullable<DeskAnswer['received']>>;
  onEvent(listener: (event: DeskEvent) => void): () => void;
  close(): void;
}

/** Connects to a simulator's desk; rejects when nothing answers there at the first attempt. */
export function connectDesk(options: { host?: string; port: number; clock?: Clock }): Promise<Desk> {
  const { host = '127.0.0.1', port, clock = systemClock } = options;
  const listeners = new Set<(event: DeskEvent) => void>();
  const requests = createRequests<DeskAnswer>(clock);
  return new Promise((resolve, reject) => {
    const connection = openConnection({
      host,
      port,
      role: 'desk',
      clock,
      random: Math.random,
      onTrying: () => undefined,
      onUp: () => resolve(deskOver(connection, { requests, listeners })),
      onDown(reason) {
        requests.abandon(reason);
        connection.close();
        reject(new PbxError('pbx-unreachable', `no simulator at ${host}:${port}: ${reason}`));
      },
      onFrame(frame) {
        if (frame.type === 'answer') requests.answer(frame.id, frame.answer);
        if (frame.type === 'event') for (const listener of [...listeners]) listener(frame.event);
      },
      onGarbage: () => undefined,
    });
  });
}

interface DeskParts {
  requests: ReturnType<typeof createRequests<DeskAnswer>>;
  listeners: Set<(event: DeskEvent) => void>;
}

function deskOver(connection: Connection, { requests, listeners }: DeskParts): Desk {
  const act = (action: DeskAction) =>
    requests.ask(`the desk's ${action.do}`, (id) => connection.send({ type: 'desk', id, action }));
  const isDone = async (action: DeskAction) => (await act(action)).isDone;
  return {
    async callIn(call) {
      const { callKeys = [], cause } = await act({ do: 'callIn', ...call });
      return { callKeys, ...(cause && { cause }) };
    },
    lift: (line) => isDone({ do: 'lift', line }),
    hangUp: (line) => isDone({ do: 'hangUp', line }),
    reject: (line) => isDone({ do: 'reject', line }),
    hold: (line) => isDone({ do: 'hold', line }),
    retrieve: (line) => isDone({ do: 'retrieve', line }),
    transfer: (line, digits) => isDone({ do: 'transfer', line, digits }),
    consult: (line, digits) => isDone({ do: 'consult', line, digits }),
    completeTransfer: (line) => isDone({ do: 'completeTransfer', line }),
    farAnswers: (line) => isDone({ do: 'farAnswers', line }),
    farHangsUp: (line, cause) => isDone({ do: 'farHangsUp', line, ...(cause && { cause }) }),
    dial: (line, digits) => isDone({ do: 'dial', line, digits }),
    setRegistered: (line, state) => isDone({ do: 'setRegistered', line, state }),
    setDnd: (line, state) => isDone({ do: 'setDnd', line, state }),
    setForward: (line, to) => isDone({ do: 'setForward', line, ...(to !== undefined && { to }) }),
    setVoicemail: (line, newMessages) => isDone({ do: 'setVoicemail', line, newMessages }),
    wireFault: async (fault) => void (await act({ do: 'wireFault', fault })),
    flood: async (changes) => void (await act({ do: 'flood', changes })),
    putLine: async (line, name) => void (await act({ do: 'putLine', line, name })),
    removeLine: (line) => isDone({ do: 'removeLine', line }),
    fault: async (fault) => void (await act({ do: 'fault', fault })),
    goSilent: async (forMs) => void (await act({ do: 'goSilent', ...(forMs !== undefined && { forMs }) })),
    disconnectCti: async () => void (await act({ do: 'disconnectCti' })),
    state: async () => (await act({ do: 'state' })).state ?? { lines: [], legs: [], groups: [] },
    received: async () => (await act({ do: 'received' })).received ?? [],
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      connection.close();
      requests.abandon('the desk was closed');
    },
  };
}
