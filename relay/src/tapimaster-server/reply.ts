// What a caller of the TAPIMaster interface hears: one line of ASCII. Never a number, a name or a token: whoever can make
// this server answer learns no more than how the own order came out.
import type { ErrorCode, Params } from '@offhook/protocol';
import { errorWords } from '../cli/error-words.ts';

/** How an order came out. `unknown`: nobody knows whether it was carried out. */
export type Reply =
  | { state: 'ok'; text: string }
  | { state: 'refused' | 'unknown'; code: ErrorCode | 'not-understood' | 'caller-unknown'; text: string };

// What a caller may hear of the parameters of a code. A token for a confirmation is for our own interface alone.
const TOLD = ['reason', 'cause', 'command', 'limit', 'windowSeconds', 'country'];

const OWN_WORDS: Partial<Record<ErrorCode, string>> = {
  'confirmation-needed':
    'a person has to confirm this number first, which is only possible in the browser: dial it there',
  'call-unknown': 'this line has no call for it',
};

/** `OK done` and `OK sent`: the phone system carried it out, or has it. */
export function accepted(how: 'done' | 'sent'): Reply {
  return { state: 'ok', text: `OK ${how}` };
}

/** `ERR policy-blocked …`, from a code of the relay. */
export function refused(code: ErrorCode, params: Params = {}, reason?: string): Reply {
  const told = Object.fromEntries(Object.entries(params).filter(([name]) => TOLD.includes(name)));
  const words = reason ?? OWN_WORDS[code];
  const details = Object.entries(told).map(([name, value]) => `${name}: ${value}`);
  const text = words === undefined ? errorWords(code, told) : [words, ...details].join(', ');
  const state = code === 'outcome-unknown' ? 'unknown' : 'refused';
  return { state, code, text: `${state === 'unknown' ? 'UNKNOWN' : 'ERR'} ${code} ${ascii(text)}` };
}

/** `ERR not-understood …`: the line was no order, or came in a way that is not allowed. */
export function notUnderstood(fault: string): Reply {
  return { state: 'refused', code: 'not-understood', text: `ERR not-understood ${ascii(fault)}` };
}

/** `ERR caller-unknown …` */
export function callerUnknown(why: string): Reply {
  return { state: 'refused', code: 'caller-unknown', text: `ERR caller-unknown ${ascii(why)}` };
}

function ascii(text: string): string {
  return text.replaceAll('’', "'").replace(/[^\x20-\x7e]/g, '?');
}
