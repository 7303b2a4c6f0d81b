// The text of TAPIMaster's IP interface, read: one line, one order. Pure, and strict where it matters: a line is understood
// as a whole or not at all, so that nothing half-understood, no second line and no byte beside it is ever dialled.
// Source: TAPIMaster's manual, IP interface; `Forward 100 *` and `Forward 100` as in its German edition (the English one
// leaves the extension out).

/** What a line asks for. `extension` is the caller's own line, `'100'`, or the placeholder `'NNNNN'`. */
export type Wish =
  | { verb: 'makeCall' | 'redirect' | 'forward'; extension: string; number: string }
  | { verb: 'pickup'; extension: string; ringing: string }
  | { verb: 'answer' | 'drop' | 'toggle' | 'transfer' | 'conference'; extension: string }
  /** `Forward 100 *`: do not disturb; `Forward 100`: neither that nor forwarded any more. */
  | { verb: 'disturbNot' | 'forwardOff'; extension: string };

/** A line that was read: who says it is asking, and what for. `key` is Offhook's addition: `Key SECRET MakeCall …`. */
export interface ReadLine {
  key?: string | undefined;
  wish: Wish;
}

/** Why a line is no order, in words for whoever sent it. Nothing of the line is repeated. */
export interface LineFault {
  fault: string;
}

/** Stands for the caller's own extension. */
export const OWN_EXTENSION = 'NNNNN';
/** In bytes; an order is never longer. */
export const LONGEST_LINE = 256;

const EXTENSION = /^(?:(?=.*[0-9])[0-9*#]{1,15}|NNNNN)$/i;
// As people and programs write numbers: +49 (351) 4911705, 0351/4911705. An extension has no blanks: what stands behind one
// is something else, and nobody knows what.
const NUMBER = /^(?:[+0(][+0-9*#()./ -]{0,62}|[1-9*#][0-9*#./-]{0,62})$/;
const KEY = /^Key +([\x21-\x7e]{1,128}) +(.*)$/i;
const SINGLE = {
  answer: 'answer',
  drop: 'drop',
  toggle: 'toggle',
  transfer: 'transfer',
  conference: 'conference',
} as const;

/** Reads one line, without its end. Never throws. */
export function readLine(line: string): ReadLine | LineFault {
  if (line.length > LONGEST_LINE) return { fault: `the line is longer than ${LONGEST_LINE} characters` };
  if (!/^[\x20-\x7e]+$/.test(line)) return { fault: 'the line has characters that no command has' };
  const [, key, rest = line] = KEY.exec(line) ?? [];
  const read = readWish(rest.trim());
  if ('fault' in read) return read;
  return { ...(key !== undefined && { key }), wish: read };
}

function readWish(text: string): Wish | LineFault {
  const [, verb = '', extension = '', rest = ''] = /^([a-z]+)(?: +(\S+)(?: +(.*))?)?$/i.exec(text) ?? [];
  const command = verb.toLowerCase();
  if (!isVerb(command)) return { fault: `this is no command: known are ${VERBS.join(', ')}` };
  if (!EXTENSION.test(extension)) return { fault: 'behind the command, the own extension is missing' };
  const own = extension.toUpperCase();
  switch (command) {
    case 'makecall':
      return withNumber('makeCall', own, rest);
    case 'redirect':
      return withNumber('redirect', own, rest);
    case 'pickup':
      return EXTENSION.test(rest) && rest.toUpperCase() !== OWN_EXTENSION
        ? { verb: 'pickup', extension: own, ringing: rest }
        : { fault: 'the extension that rings is missing, or is none' };
    case 'forward':
      return forwarding(own, rest);
    default:
      return rest === ''
        ? { verb: SINGLE[command], extension: own }
        : { fault: 'there is something behind the extension that does not belong there' };
  }
}

function forwarding(extension: string, rest: string): Wish | LineFault {
  if (rest === '') return { verb: 'forwardOff', extension };
  if (rest === '*') return { verb: 'disturbNot', extension };
  return withNumber('forward', extension, rest);
}

function withNumber(verb: 'makeCall' | 'redirect' | 'forward', extension: string, number: string): Wish | LineFault {
  if (NUMBER.test(number) && /[0-9]/.test(number)) return { verb, extension, number };
  return { fault: 'the number is missing, or has signs that no number has' };
}

const VERBS = [
  'MakeCall',
  'Answer',
  'Drop',
  'Redirect',
  'Toggle',
  'Transfer',
  'Conference',
  'Pickup',
  'Forward',
] as const;
type Verb = Lowercase<(typeof VERBS)[number]>;

function isVerb(word: string): word is Verb {
  return VERBS.some((verb) => verb.toLowerCase() === word);
}
