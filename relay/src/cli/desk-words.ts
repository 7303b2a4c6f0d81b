// The words that a person types at the simulator's prompt, as actions at its desk. Plays the outside world and the
// handsets; knows nothing of the relay.
import { CAUSES } from '@offhook/protocol';
import type { Clock } from '../clock.ts';
import type { Desk } from '../pbx/simulator/desk-client.ts';

// What can be typed, for `help`.
const DESK_HELP = `call FROM TO [NAME]    a call from outside, "-" for a withheld number: call 03023125042 18 Contoso Sample
lift LINE              pick the handset up: answers, or starts an ordered call
hang LINE              put it down
reject LINE            decline what rings
answers LINE           the party outside answers
leaves LINE [CAUSE]    the party outside hangs up, or cannot be had: leaves 18 busy
dial LINE NUMBER       dial on the phone itself
hold LINE, retrieve LINE   hold the call, take it back
send LINE NUMBER       transfer the call, connected or ringing, unannounced
ask LINE NUMBER        hold it and call somebody else, then: join LINE
join LINE              connect the one on hold with the one in the hand
login LINE, logout LINE    a phone logs in or out
dnd LINE on|off        do not disturb
forward LINE [NUMBER]  forward all calls; without a number none any more
voicemail LINE COUNT   so many new messages
line LINE NAME         a new line, or another name for one that is there
noline LINE            the line is gone, as the relay learns when it connects again
silent [SECONDS]       nothing reaches the relay any more
cut                    break the relay's connection
garbage                send the relay what is no message
pieces                 from now on, send everything byte by byte
refuse                 cut, and let the relay log in no more
flood COUNT            so many changes at once
fail CAUSE             refuse the next order: fail congestion
late SECONDS, lost     tell the outcome of the next order late, or never
well                   end silence, pieces and refusing
wait SECONDS           in a script: do nothing
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
  hold: onLine((desk, line) => desk.hold(line)),
  retrieve: onLine((desk, line) => desk.retrieve(line)),
  send: onLine((desk, line, digits) => desk.transfer(line, digits ?? '')),
  ask: onLine((desk, line, digits) => desk.consult(line, digits ?? '')),
  join: onLine((desk, line) => desk.completeTransfer(line)),
  forward: onLine((desk, line, to) => desk.setForward(line, ...(to === undefined ? [] : [to]))),
  voicemail: onLine((desk, line, count) => desk.setVoicemail(line, Number(count ?? 0))),
  noline: onLine((desk, line) => desk.removeLine(line)),
  async line(desk, [line, ...name]) {
    if (line === undefined || name.length === 0) return 'line LINE NAME';
    await desk.putLine(line, name.join(' '));
    return 'done';
  },
  garbage: fault((desk) => desk.wireFault('garbage')),
  pieces: fault((desk) => desk.wireFault('pieces')),
  refuse: fault((desk) => desk.wireFault('refuseLogin')),
  well: fault((desk) => desk.wireFault('well')),
  flood: fault((desk, count) => desk.flood(Number(count ?? 100))),
  lost: fault((desk) => desk.fault({ type: 'dropNextOutcome' })),
  late: fault((desk, seconds) => desk.fault({ type: 'delayNextOutcome', delayMs: Number(seconds ?? 1) * 1000 })),
  async fail(desk, [word]) {
    const cause = CAUSES.find((known) => known === word);
    if (cause === undefined) return `fail CAUSE, one of ${CAUSES.join(' ')}`;
    await desk.fault({ type: 'rejectNext', cause });
    return 'done';
  },
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

/**
 * Plays a script: the same words, one a line, `wait SECONDS` between them, `#` before a remark. Ends early when `signal`
 * aborts; what each line came to goes to `tell`.
 */
export async function playScript(
  desk: Desk,
  script: string,
  { clock, signal, tell }: { clock: Pick<Clock, 'after'>; signal: AbortSignal; tell: (words: string) => void },
): Promise<void> {
  for (const line of script.split('\n')) {
    if (signal.aborted) return;
    const words = line.replace(/#.*$/, '').trim();
    const [, seconds] = /^wait\s+([0-9.]+)$/.exec(words) ?? [];
    if (seconds !== undefined) await waited(Number(seconds) * 1000, { clock, signal });
    else if (words !== '') tell(`${words}: ${await runDeskWords(desk, words)}`);
  }
}

function waited(ms: number, { clock, signal }: { clock: Pick<Clock, 'after'>; signal: AbortSignal }): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    signal.addEventListener('abort', () => {
      cancel();
      resolve();
    });
  });
}

function fault(act: (desk: Desk, word: string | undefined) => Promise<void>): Action {
  return async (desk, [word]) => {
    await act(desk, word);
    return 'done';
  };
}

function onLine(act: (desk: Desk, line: string, word: string | undefined) => Promise<boolean>): Action {
  return async (desk, [line, word]) => {
    if (line === undefined) return 'which line? "help" lists the words';
    return (await act(desk, line, word)) ? 'done' : `there is no such line, or nothing to do on it: ${line}`;
  };
}
