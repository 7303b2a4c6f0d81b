// Why a call ended, from what Asterisk says of it: how a dial came out, and Q.850 causes. Pure.
import type { Cause } from '@offhook/protocol';

// Words from outside are looked up in maps: an object would find what it has of itself.
const OF_DIAL: ReadonlyMap<string, Cause> = new Map<string, Cause>(
  Object.entries({
    BUSY: 'busy',
    NOANSWER: 'noAnswer',
    CANCEL: 'cancelled',
    CONGESTION: 'congestion',
    CHANUNAVAIL: 'unreachable',
    DONTCALL: 'blocked',
    TORTURE: 'blocked',
    INVALIDARGS: 'invalidNumber',
  } as const),
);

const OF_Q850: ReadonlyMap<string, Cause> = new Map<string, Cause>(
  Object.entries({
    '1': 'invalidNumber',
    '2': 'unreachable',
    '3': 'unreachable',
    '16': 'normal',
    '17': 'busy',
    '18': 'noAnswer',
    '19': 'noAnswer',
    '20': 'unreachable',
    '21': 'rejected',
    '22': 'invalidNumber',
    '26': 'answeredElsewhere',
    '27': 'unreachable',
    '28': 'invalidNumber',
    '29': 'rejected',
    '34': 'congestion',
    '38': 'networkFailure',
    '41': 'networkFailure',
    '42': 'congestion',
    '44': 'congestion',
    '52': 'permission',
    '57': 'permission',
  } as const),
);

/** The cause behind a DialStatus such as `'BUSY'`; undefined when it says nothing. */
export function causeOfDial(status: string | undefined): Cause | undefined {
  return OF_DIAL.get(status ?? '');
}

/** The cause behind a Q.850 number as a Hangup event has it, `'17'`; undefined when it says nothing (0, 127). */
export function causeOfQ850(cause: string | undefined): Cause | undefined {
  return OF_Q850.get(cause ?? '');
}
