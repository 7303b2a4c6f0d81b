// What would become of a number if it were dialled now, as far as this browser knows: by the same dial plan and the same
// rules as the relay's, and without telling the relay which number somebody looks at. The relay decides in the end.
import type { Decision, ErrorCode, Line, NumberType, Params, PhoneNumber } from '@offhook/protocol';
import { judgeNumber } from '@offhook/protocol/number-policy';
import { typeOf } from '@offhook/protocol/number-type';
import { type CallOnLine, callInProgress } from './during-call.ts';
import { ownLinesOf, type PhoneState } from './phone.ts';
import type { Words } from './words.ts';

/** For chip and card. */
export interface NumberOutlook {
  number: PhoneNumber;
  /** The number with its country code, in the groups of its country: `'+49 30 23125042'`. */
  display: string;
  /** Only public numbers have one. */
  numberType?: NumberType | undefined;
  /** The line that a click calls from; absent where there is none. */
  line?: { lineId: string; extension: string } | undefined;
  /** What the phone system would be given, digit for digit; absent where that is refused, or only the relay knows it. */
  dialled?: string | undefined;
  /** Absent where only the relay knows. */
  decision?: Decision | undefined;
  code?: ErrorCode | undefined;
  params?: Params | undefined;
  /** The call that the agent speaks in now, and what can be done about it with this number; not with whom it is. */
  inCall?: { callId: string; canConsult: boolean; canTransfer: boolean } | undefined;
}

/** The outlook of a number that a page shows. `defaultLineId`: the agent's choice. */
export function outlookOf(
  number: PhoneNumber,
  {
    state,
    defaultLineId,
    words,
  }: { state: PhoneState; defaultLineId: string | undefined; words: Pick<Words, 'number'> },
): NumberOutlook {
  const numberType = typeOf(number);
  const talk = callInProgress(state);
  const line = talk?.line ?? lineToCallFrom(state, defaultLineId);
  const outlook: NumberOutlook = {
    number,
    display: words.number(number, { isKnown: true }),
    ...(numberType && { numberType }),
    ...(line && { line: { lineId: line.lineId, extension: line.extension } }),
    ...(talk && { inCall: inCallOf(talk) }),
  };
  const plan = state.dialPlans?.find(({ dialPlanId }) => dialPlanId === line?.dialPlan);
  if (!plan) return outlook;
  const { decision, dialString, code, params } = judgeNumber(number, plan.location);
  return {
    ...outlook,
    decision,
    ...(dialString !== undefined && { dialled: dialString }),
    ...(code && { code }),
    ...(params && { params }),
  };
}

function inCallOf({ line, call }: CallOnLine): NumberOutlook['inCall'] {
  return {
    callId: call.callId,
    canConsult: call.capabilities.includes('hold') && line.capabilities.includes('makeCall'),
    canTransfer: call.capabilities.includes('redirect'),
  };
}

/** The own line that a click on a page calls from: the agent's choice, else the first that can call. */
export function lineToCallFrom(state: PhoneState, defaultLineId: string | undefined): Line | undefined {
  const own = ownLinesOf(state).map(({ line }) => line);
  const able = own.filter(({ capabilities }) => capabilities.includes('makeCall'));
  return able.find(({ lineId }) => lineId === defaultLineId) ?? able[0] ?? own[0];
}
