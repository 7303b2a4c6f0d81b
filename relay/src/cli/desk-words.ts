// The words that a person types at the simulator's prompt, as actions at its desk. Plays the outside world and the
// handsets; knows nothing of the relay.
import { CAUSES } from '@offhook/protocol';
import type { Desk } from '../pbx/simulator/desk-client.ts';

// What can be typed, for `help`.
const DESK_HELP = `call FROM TO [NAME]    a call from outside, "-" for a withheld number: call 03023125042 18 Contoso Sample
lift LINE              pick the handset up: answers, or starts an ordered call
hang LINE              put it down
reject LINE            decline what rings
answers LINE           the party outside answers
leaves LINE [CAUSE]    the party outside hangs up, or cannot be had: leaves 18 busy
dial LINE NUMBER       dial on the phone itself
login LINE, logout LINE    a phone logs in or out
dnd LINE on|off        do not disturb
silent [SECONDS]       nothing reaches the relay any more
cut                    break the relay's connection
state                  lines and calls
orders                 what the relay has ordered
help, quit`;

type Action = (desk: Desk, words: readonly string[]) => Promise<string>;

/** Carries out one typed line and answers what to print. Never throws for a mistyped one. */
export async function runDeskWords(desk: Desk, line: string): Promise<string> {
  const [verb = '', ...words] = line.trim().split(/\s+/);
  if (verb === '') return '';
  const action = Object.hasOwn(ACTIONS, verb) ? ACTIONS[verb] : undefined;
  return action ? action(desk, words) : `"${verb}" is none of the words; "help" lists them`;
}

const ACTIONS: Record<string, Action> = {
  async call(desk, [from, to, ...name]) {
    if (from === undefined || to === undefined) return 'call FROM TO [NAME]';
    const caller = from === '-' ? { isWithheld: true } : { from };
    const { callKeys, cause } = await desk.callIn({ to, ...caller, ...(name.length > 0 && { name: name.join(' ') }) });
    return callKeys.length > 0 ? `rings: ${callKeys.join(' ')}` : `nobody rings (${cause ?? 'unknown'})`;
  },
  lift: onLine((desk, line) => desk.lift(line)),
  hang: onLine((desk, line) => desk.hangUp(line)),
  reject: onLine((desk, line) => desk.reject(line)),
  answers: onLine((desk, line) => desk.farAnswers(line)),
  leaves: onLine((desk, line, word) => {
    const cause = CAUSES.find((known) => known === word);
    return cause === undefined ? desk.farHangsUp(line) : desk.farHangsUp(line, cause);
  }),
  dial: onLine((desk, line, digits) => desk.dial(line, digits ?? '')),
  login: onLine((desk, line) => desk.setRegistered(line, 'loggedIn')),
  logout: onLine((desk, line) => desk.setRegistered(line, 'loggedOut')),
  dnd: onLine((desk, line, word) => desk.setDnd(line, word === 'off' ? 'off' : 'on')),
  async silent(desk, [seconds]) {
    await (seconds === undefined ? desk.goSilent() : desk.goSilent(Number(seconds) * 1000));
    return 'done';
  },
  async cut(desk) {
    await desk.disconnectCti();
    return 'done';
  },
  async state(desk) {
    const { lines, legs } = await desk.state();
    return lines
      .map(({ lineKey, name, isRegistered }) => {
        const calls = legs.filter((leg) => leg.lineKey === lineKey);
        const talk = calls.map((leg) => `${leg.state} ${leg.direction} ${leg.remote.number ?? 'withheld'}`);
        return [lineKey, name, isRegistered === false ? 'no phone' : '', ...talk].filter(Boolean).join('  ');
      })
      .join('\n');
  },
  async orders(desk) {
    const received = await desk.received();
    return received.map(({ name, lineKey, dialString }) => [name, lineKey, dialString ?? ''].join('  ')).join('\n');
  },
  help: async () => DESK_HELP,
};

function onLine(act: (desk: Desk, line: string, word: string | undefined) => Promise<boolean>): Action {
  return async (desk, [line, word]) => {
    if (line === undefined) return 'which line? "help" lists the words';
    return (await act(desk, line, word)) ? 'done' : `there is no such line, or nothing to do on it: ${line}`;
  };
}
