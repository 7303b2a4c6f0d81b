// Orders on their way from a click to the relay's answer. An order is given once under its own key; when the link breaks
// before the answer came, the same key asks what became of it, and never gives the order anew.
import type { ClientMessage, CommandOrder, ErrorCode, Params, ServerMessage } from '@offhook/protocol';
import type { Clock } from './clock.ts';
import type { DialPreview, OrderResult } from './messages.ts';

export interface OrdersOptions {
  /** Sends to the relay; false when the link is down. */
  send(message: ClientMessage): boolean;
  clock: Clock;
  newId(): string;
}

export interface Orders {
  /** Gives an order. Resolves with its end; waits a moment for a link that is just coming up. */
  give(order: { lineId: string; callId?: string | undefined; order: CommandOrder }): Promise<OrderResult>;
  preview(question: { lineId: string; number: (ClientMessage & { type: 'preview' })['number'] }): Promise<DialPreview>;
  /** To be told of every message, since answers come that way. */
  onMessage(message: ServerMessage): void;
  /** To be told of each sign-in, before anything else is sent over the new socket. */
  onSignedIn(): void;
  /** Whether an order waits for its end. */
  isBusy(): boolean;
  /** The relay will never answer, since this browser is disconnected from it. */
  abandon(): void;
}

interface Given {
  message: Extract<ClientMessage, { type: 'command' }>;
  /** Whether it may have reached the relay. Once true, it never leaves with a deadline again. */
  wasSent: boolean;
  finish(result: OrderResult): void;
}

const LINK_WAIT_MS = 5_000;
const DEADLINE_MS = 5_000;
const ANSWER_LIMIT_MS = 20_000;
const PREVIEW_LIMIT_MS = 3_000;

/** The orders of one worker. */
export function createOrders({ send, clock, newId }: OrdersOptions): Orders {
  const given = new Map<string, Given>();
  const questions = new Map<string, (answer: DialPreview) => void>();

  function give({ lineId, callId, order }: Parameters<Orders['give']>[0]): Promise<OrderResult> {
    return new Promise((resolve) => {
      const id = newId();
      const message = {
        type: 'command',
        id,
        key: newId(),
        lineId,
        ...(callId !== undefined && { callId }),
        ...order,
        deadlineMs: DEADLINE_MS,
      } as Given['message']; // name and args come as one member of the union
      const cancels: (() => void)[] = [];
      const one: Given = {
        message,
        wasSent: false,
        finish(result) {
          if (!given.delete(id)) return;
          for (const cancel of cancels) cancel();
          resolve(result);
        },
      };
      given.set(id, one);
      // Never sent: certainly not dialled. Sent, but no answer: nobody knows.
      cancels.push(
        clock.after(LINK_WAIT_MS, () => {
          if (!one.wasSent) one.finish({ type: 'failed', code: 'relay-unreachable' });
        }),
        clock.after(ANSWER_LIMIT_MS, () => one.finish({ type: 'unknown' })),
      );
      transmit(one);
    });
  }

  // Marked before it leaves: whatever happens while it is sent, it counts as sent unless the link says that it was not.
  function transmit(one: Given): void {
    const { wasSent } = one;
    one.wasSent = true;
    // An order that may have arrived is only asked about: a deadline of 0 never dials.
    if (!send(wasSent ? { ...one.message, deadlineMs: 0 } : one.message)) one.wasSent = wasSent;
  }

  function onResult(result: Extract<ServerMessage, { type: 'result' }>): void {
    const one = given.get(result.id);
    if (!one) return;
    const { state, callId, code = 'internal', params } = result;
    if (state === 'done') one.finish({ type: 'done', callId });
    if (state === 'failed') one.finish(failureOf(code, params));
    if (state === 'unknown') one.finish({ type: 'unknown' });
  }

  return {
    give,
    preview({ lineId, number }) {
      return new Promise((resolve) => {
        const id = newId();
        const unreachable: DialPreview = { decision: 'refused', code: 'relay-unreachable' };
        const cancel = clock.after(PREVIEW_LIMIT_MS, () => questions.get(id)?.(unreachable));
        questions.set(id, (answer) => {
          cancel();
          questions.delete(id);
          resolve(answer);
        });
        if (!send({ type: 'preview', id, lineId, number })) questions.get(id)?.(unreachable);
      });
    },
    onMessage(message) {
      if (message.type === 'result') onResult(message);
      if (message.type === 'error' && message.id !== undefined) {
        given.get(message.id)?.finish(failureOf(message.code, message.params));
        questions.get(message.id)?.({ decision: 'refused', code: message.code, params: message.params });
      }
      if (message.type === 'preview') {
        const { dialled, number, numberType, decision, code, params } = message;
        questions.get(message.id)?.({ dialled, number, numberType, decision, code, params });
      }
    },
    onSignedIn() {
      for (const one of [...given.values()]) transmit(one);
    },
    isBusy: () => given.size > 0,
    abandon() {
      for (const one of [...given.values()]) {
        one.finish(one.wasSent ? { type: 'unknown' } : { type: 'failed', code: 'relay-unreachable' });
      }
    },
  };
}

function failureOf(code: ErrorCode, params: Params | undefined): OrderResult {
  return code === 'outcome-unknown' ? { type: 'unknown' } : { type: 'failed', code, params };
}
