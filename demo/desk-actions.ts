// What can be done from the phone desk's page, and what it sees: the words of its interface, in one schema for the server
// that reads them. The phone system itself comes in as an argument; nothing here knows how it is reached.
import * as v from 'valibot';

const line = v.pipe(v.string(), v.regex(/^[0-9]{1,16}$/));
const digits = v.pipe(v.string(), v.regex(/^[+0-9*#]{1,32}$/));
const text = v.pipe(v.string(), v.maxLength(256));

/** One thing that somebody does at the desk. */
export const DeskActionSchema = v.variant('do', [
  v.object({
    do: v.literal('callIn'),
    to: digits,
    from: v.optional(text),
    name: v.optional(text),
    isWithheld: v.optional(v.boolean()),
  }),
  v.object({
    do: v.picklist(['lift', 'hangUp', 'reject', 'hold', 'retrieve', 'completeTransfer', 'farAnswers']),
    line,
  }),
  v.object({ do: v.literal('farHangsUp'), line, cause: v.optional(v.picklist(['normal', 'busy', 'rejected'])) }),
  v.object({ do: v.picklist(['dial', 'transfer', 'consult']), line, digits }),
  v.object({ do: v.literal('setRegistered'), line, state: v.picklist(['loggedIn', 'loggedOut']) }),
  v.object({ do: v.literal('setDnd'), line, state: v.picklist(['on', 'off']) }),
]);
export type DeskAction = v.InferOutput<typeof DeskActionSchema>;

/** A call as one line sees it. */
export interface DeskLeg {
  lineKey: string;
  callKey: string;
  direction: string;
  state: string;
  remote: { number: string | undefined; name?: string | undefined };
  group?: string | undefined;
}

export interface DeskState {
  lines: readonly {
    lineKey: string;
    name: string;
    isRegistered: boolean | undefined;
    dnd: boolean | null;
  }[];
  legs: readonly DeskLeg[];
  groups: readonly { extension: string; name: string; members: readonly string[] }[];
}

type OnLine = (line: string) => Promise<boolean>;
type WithDigits = (line: string, digits: string) => Promise<boolean>;

/** The phone system as the desk needs it. `false`: there was no call to do it with. */
export interface PhoneDesk {
  callIn(call: {
    to: string;
    from?: string | undefined;
    name?: string | undefined;
    isWithheld?: boolean | undefined;
  }): Promise<{ callKeys: readonly string[]; cause?: string | undefined }>;
  lift: OnLine;
  hangUp: OnLine;
  reject: OnLine;
  hold: OnLine;
  retrieve: OnLine;
  completeTransfer: OnLine;
  farAnswers: OnLine;
  farHangsUp(line: string, cause?: 'normal' | 'busy' | 'rejected'): Promise<boolean>;
  dial: WithDigits;
  transfer: WithDigits;
  consult: WithDigits;
  setRegistered(line: string, state: 'loggedIn' | 'loggedOut'): Promise<boolean>;
  setDnd(line: string, state: 'on' | 'off'): Promise<boolean>;
  state(): Promise<DeskState>;
  onEvent(listener: () => void): () => void;
}

/** What became of an action: the cause says why nobody could be rung. */
export interface DeskResult {
  isDone: boolean;
  cause?: string;
}

/** Does it. */
export async function carryOut(desk: PhoneDesk, action: DeskAction): Promise<DeskResult> {
  switch (action.do) {
    case 'callIn': {
      const { callKeys, cause } = await desk.callIn(action);
      return { isDone: callKeys.length > 0, ...(cause !== undefined && { cause }) };
    }
    case 'farHangsUp':
      return { isDone: await desk.farHangsUp(action.line, action.cause) };
    case 'dial':
    case 'transfer':
    case 'consult':
      return { isDone: await desk[action.do](action.line, action.digits) };
    case 'setRegistered':
      return { isDone: await desk.setRegistered(action.line, action.state) };
    case 'setDnd':
      return { isDone: await desk.setDnd(action.line, action.state) };
    default:
      return { isDone: await desk[action.do](action.line) };
  }
}
