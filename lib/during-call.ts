// What a number on a page can be used for while the agent speaks: the call is put on hold before somebody else is asked
// (consult), or it is sent on (transfer). Only for the very call that chip or card showed, by its own capabilities, and
// never a call beside it that nobody asked for.
import type { Call, Line, PhoneNumber } from '@offhook/protocol';
import type { OrderResult } from './messages.ts';
import type { Orders } from './orders.ts';
import type { DialRequest } from './page-facts.ts';
import { ownCallsOf, type PhoneState } from './phone.ts';
import type { PhoneHolder } from './phone-holder.ts';

/** A call with its line. */
export interface CallOnLine {
  call: Call;
  line: Line;
}

const HOLD_LIMIT_MS = 5_000;

/** The agent's own call that is spoken in, the latest where there are several; undefined: none. */
export function callInProgress(state: PhoneState): CallOnLine | undefined {
  const talking = ownCallsOf(state).filter(({ call }) => call.state === 'connected');
  const [latest] = talking.sort((a, b) => b.held.receivedAt - b.call.ageMs - (a.held.receivedAt - a.call.ageMs));
  return latest && { call: latest.call, line: latest.held.line };
}

/** Does what a press on the card asked for about the call that it showed. */
export async function dialDuringCall(
  { holder, orders }: { holder: Pick<PhoneHolder, 'state' | 'until'>; orders: Pick<Orders, 'give'> },
  number: PhoneNumber,
  { callId, how }: NonNullable<DialRequest['during']>,
): Promise<OrderResult> {
  const talk = callInProgress(holder.state());
  // It is over, or another one is spoken in: nobody decided about that.
  if (talk?.call.callId !== callId) return { type: 'failed', code: 'call-unknown' };
  const { call, line } = talk;
  const { lineId } = line;
  const makeCall = () => orders.give({ lineId, order: { name: 'makeCall', args: { number } } });
  if (how === 'transfer') {
    if (!call.capabilities.includes('redirect')) return { type: 'failed', code: 'not-supported' };
    return orders.give({ lineId, callId, order: { name: 'redirect', args: { to: number } } });
  }
  if (!line.capabilities.includes('makeCall')) return { type: 'failed', code: 'not-supported' };
  if (how === 'beside') return makeCall();
  if (!call.capabilities.includes('hold')) return { type: 'failed', code: 'not-supported' };
  const held = await orders.give({ lineId, callId, order: { name: 'hold', args: {} } });
  if (held.type !== 'done') return held;
  // The phone system took the order; that the other one hears no more is only sure once the call is shown as held.
  const after = await holder.until((state) => stateOf(state, callId) !== 'connected', HOLD_LIMIT_MS);
  if (!after) return { type: 'failed', code: 'timeout' };
  return stateOf(after, callId) === 'held' ? makeCall() : { type: 'failed', code: 'call-unknown' };
}

function stateOf(state: PhoneState, callId: string): Call['state'] | undefined {
  return ownCallsOf(state).find(({ call }) => call.callId === callId)?.call.state;
}
