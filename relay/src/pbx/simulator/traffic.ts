// Made-up calls for a simulated exchange, so that there is something to look at and to measure by: people call, are
// answered or not, are put on hold, sent on, asked about, and hang up; phones log out, and far ends cannot be had. It plays
// with the same hands as everybody, and never faster than it was told.
import { CAUSES } from '@offhook/protocol';
import type { Clock } from '../../clock.ts';
import type { Exchange } from './exchange.ts';
import type { Hands } from './hands.ts';

export interface TrafficOptions {
  exchange: Pick<Exchange, 'callIn' | 'hands' | 'snapshot' | 'groups'>;
  clock: Pick<Clock, 'after'>;
  /** Calls a minute, 0 for none. */
  perMinute: number;
  /** From 0 to 1. */
  random: () => number;
}

const MINUTE_MS = 60_000;
const CALLERS = ['Contoso Sample', 'Fabrikam Sample', 'Northwind Sample', 'Adventure Sample', undefined];
// Numbers that are kept for made-up calls, such as 030 23125 000 to 999.
const NUMBER_PREFIX = '03023125';

type Dice = ReturnType<typeof diceOf>;
/** What may happen next to a call at this line. The hand answers whether there was anything to do. */
type Act = (hands: Hands, line: string, dice: Dice) => unknown;

const RINGING: readonly Act[] = [
  (hands, line) => hands.lift(line),
  (hands, line) => hands.lift(line),
  (hands, line) => hands.lift(line),
  (hands, line) => hands.reject(line),
  (hands, line) => hands.farHangsUp(line),
  (hands, line, dice) => hands.transfer(line, dice.line()),
  // Nobody is there.
  () => false,
];
const TALKING: readonly Act[] = [
  (hands, line) => hands.hangUp(line),
  (hands, line) => hands.farHangsUp(line),
  (hands, line) => hands.hold(line) && hands.retrieve(line),
  (hands, line, dice) => hands.transfer(line, dice.line()),
  (hands, line, dice) => hands.consult(line, dice.line()),
  (hands, line) => hands.completeTransfer(line),
];
const CALLING: readonly Act[] = [
  (hands, line) => hands.farAnswers(line),
  (hands, line) => hands.farAnswers(line),
  (hands, line, dice) => hands.farHangsUp(line, dice.of(CAUSES)),
  (hands, line) => hands.hangUp(line),
];

/** Starts the traffic; the answer ends it. What rings or talks then is left to itself. */
export function startTraffic(options: TrafficOptions): () => void {
  const { clock, perMinute, exchange } = options;
  if (perMinute === 0) return () => undefined;
  const dice = diceOf(options);
  const timers = new Set<() => void>();
  const later = (meanMs: number, action: () => void) => {
    const cancel = clock.after(meanMs * (0.5 + options.random()), () => {
      timers.delete(cancel);
      action();
    });
    timers.add(cancel);
  };
  const next = () => {
    begin(exchange, dice);
    later(MINUTE_MS / perMinute, next);
  };
  // Twice as often as calls begin, something happens to one of those that are there.
  const live = () => {
    happen(exchange, dice);
    later(MINUTE_MS / perMinute / 4, live);
  };
  later(MINUTE_MS / perMinute, next);
  later(MINUTE_MS / perMinute, live);
  return () => {
    for (const cancel of timers) cancel();
    timers.clear();
  };
}

function begin(exchange: TrafficOptions['exchange'], dice: Dice): void {
  const { hands } = exchange;
  const line = dice.line();
  const choice = dice.below(10);
  if (choice === 0) {
    hands.setRegistered(line, 'loggedOut');
    hands.setRegistered(line, 'loggedIn');
  } else if (choice < 4) hands.dial(line, dice.number());
  else if (choice === 4) hands.dial(line, dice.line());
  else if (choice === 5) hands.dial(line, dice.group());
  else {
    const name = dice.of(CALLERS);
    exchange.callIn({
      to: choice < 8 ? line : dice.group(),
      from: dice.number(),
      isWithheld: dice.below(10) === 0,
      ...(name !== undefined && { name }),
    });
  }
}

function happen({ hands, snapshot }: TrafficOptions['exchange'], dice: Dice): void {
  const { legs } = snapshot();
  if (legs.length === 0) return;
  const leg = dice.of(legs);
  const acts = leg.state === 'offering' ? RINGING : leg.state === 'connected' ? TALKING : CALLING;
  if (leg.state === 'prompting') hands.lift(leg.lineKey);
  else if (leg.state === 'held') hands.retrieve(leg.lineKey) || hands.hangUp(leg.lineKey);
  else if (leg.state === 'failed') hands.hangUp(leg.lineKey);
  else dice.of(acts)(hands, leg.lineKey, dice);
}

function diceOf({ exchange, random }: Pick<TrafficOptions, 'exchange' | 'random'>) {
  const below = (count: number) => Math.floor(random() * count);
  function of<Item>(list: readonly Item[]): Item {
    const item = list[below(list.length)];
    // An index below the length always has one, but for lists that hold undefined on purpose.
    return item as Item;
  }
  return {
    below,
    of,
    line: () => of(exchange.snapshot().lines).lineKey,
    group: () =>
      exchange.groups().length > 0 ? of(exchange.groups()).extension : of(exchange.snapshot().lines).lineKey,
    number: () => `${NUMBER_PREFIX}${String(below(1000)).padStart(3, '0')}`,
  };
}
