// The simulated exchange itself, beyond what every driver owes: groups, forwards, faults, automatic behaviour.
import type { CallState } from '@offhook/protocol';
import { describe, expect, it } from 'vitest';
import type { CommandOutcome, DriverEvent, Leg } from '../../../relay/src/pbx/driver.ts';
import { createExchange, type ExchangeOptions, sampleLines } from '../../../relay/src/pbx/simulator/exchange.ts';
import type { ExchangeOrder } from '../../../relay/src/pbx/simulator/orders.ts';
import { createFakeClock } from '../../fakes/clock.ts';

const NUMBER = '03023125040';

function anExchange(options: Omit<ExchangeOptions, 'clock'> = {}) {
  const clock = createFakeClock();
  const exchange = createExchange({ ...options, clock });
  const events: DriverEvent[] = [];
  exchange.onEvent((event) => events.push(event));
  let orders = 0;
  return {
    ...exchange,
    clock,
    events,
    legs: (lineKey: string): Leg[] =>
      events.flatMap((event) => (event.type === 'leg' && event.leg.lineKey === lineKey ? [event.leg] : [])),
    states(lineKey: string): CallState[] {
      const states = this.legs(lineKey).map(({ state }) => state);
      return states.filter((state, index) => state !== states[index - 1]);
    },
    last(lineKey: string): Leg | undefined {
      return this.legs(lineKey).at(-1);
    },
    outcomes: (): CommandOutcome[] => events.flatMap((event) => (event.type === 'outcome' ? [event.outcome] : [])),
    send(order: Omit<ExchangeOrder, 'commandKey'> & { commandKey?: string }) {
      orders += 1;
      return exchange.order({ commandKey: `order-${orders}`, ...order });
    },
    call(dialString: string, lineKey = '10') {
      return this.send({ name: 'makeCall', lineKey, dialString });
    },
  };
}

describe('the order book', () => {
  it('keeps every order that arrived, and dials one that comes twice twice', () => {
    const exchange = anExchange();
    const order = { commandKey: 'same', name: 'makeCall', lineKey: '10', dialString: NUMBER } as const;
    exchange.order(order);
    exchange.hands.lift('10');
    exchange.hands.hangUp('10');
    exchange.order(order);
    exchange.order({ commandKey: 'other', name: 'drop', lineKey: '99' });
    expect(exchange.received()).toEqual([order, order, { commandKey: 'other', name: 'drop', lineKey: '99' }]);
    expect(new Set(exchange.legs('10').map(({ callKey }) => callKey)).size).toBe(2);
  });

  it('gives no key out twice, also after the exchange was started anew', () => {
    const clock = createFakeClock();
    const keys = [0, 1].flatMap(() => {
      clock.advance(1);
      return createExchange({ clock }).callIn({ to: '90' }).callKeys;
    });
    expect(new Set(keys).size).toBe(6);
  });
});

describe('faults on purpose', () => {
  it('lose, delay or refuse the next order only', () => {
    const exchange = anExchange();
    exchange.fault({ type: 'dropNextOutcome' });
    exchange.fault({ type: 'delayNextOutcome', delayMs: 500 });
    exchange.fault({ type: 'rejectNext', cause: 'congestion' });
    for (const lineKey of ['10', '11', '12', '13']) exchange.call(NUMBER, lineKey);
    expect(exchange.outcomes().map(({ commandKey, state }) => `${commandKey} ${state}`)).toEqual([
      'order-3 failed',
      'order-4 done',
    ]);
    exchange.clock.advance(500);
    expect(exchange.outcomes().at(-1)).toMatchObject({ commandKey: 'order-2', state: 'done' });
    expect(exchange.legs('12')).toEqual([]);
    expect(exchange.states('10')).toEqual(['initiated', 'prompting']);
  });
});

describe('dialling', () => {
  it('takes the outside line off, and knows no number without it', () => {
    const exchange = anExchange({ outsideLine: '0' });
    exchange.call(`0${NUMBER}`);
    exchange.hands.lift('10');
    expect(exchange.last('10')).toMatchObject({ state: 'ringback', remote: { number: NUMBER }, dialled: NUMBER });
    exchange.call('4711', '11');
    exchange.hands.lift('11');
    expect(exchange.last('11')).toMatchObject({ state: 'failed', cause: 'invalidNumber' });
    exchange.call('112', '12');
    exchange.hands.lift('12');
    expect(exchange.last('12')?.state).toBe('ringback');
  });

  it('ends with the tone’s cause when nobody puts the handset down', () => {
    const exchange = anExchange();
    exchange.call('5');
    exchange.hands.lift('10');
    exchange.clock.advance(10_000);
    expect(exchange.last('10')).toMatchObject({ state: 'ended', cause: 'invalidNumber' });
    expect(exchange.snapshot().legs).toEqual([]);
  });

  it('names the colleague, and says busy, do not disturb or no phone', () => {
    const exchange = anExchange({ lines: sampleLines(4).map((line) => ({ ...line, hasCallWaiting: false })) });
    exchange.hands.dial('11', NUMBER);
    exchange.hands.setDnd('12', 'on');
    exchange.hands.setRegistered('13', 'loggedOut');
    for (const [digits, cause] of [
      ['11', 'busy'],
      ['12', 'dnd'],
      ['13', 'unreachable'],
      ['10', 'busy'],
    ] as const) {
      exchange.hands.dial('10', digits);
      expect(exchange.last('10')).toMatchObject({ state: 'failed', cause });
      exchange.hands.hangUp('10');
    }
    expect(exchange.legs('10')[0]?.remote).toEqual({ number: '11', name: 'Ben Sample' });
  });

  it('lets a second call wait while one is going on', () => {
    const exchange = anExchange();
    exchange.callIn({ from: NUMBER, to: '10' });
    exchange.hands.lift('10');
    const { callKeys } = exchange.callIn({ from: NUMBER, to: '10' });
    expect(callKeys).toHaveLength(1);
    expect(exchange.callIn({ from: NUMBER, to: '10' })).toEqual({ callKeys: [], cause: 'busy' });
    exchange.hands.lift('10');
    expect(exchange.snapshot().legs.map(({ state }) => state)).toEqual(['held', 'connected']);
  });
});

describe('groups and forwards', () => {
  it('rings only the free members, and ends all when nobody is there', () => {
    const exchange = anExchange();
    exchange.hands.setDnd('11', 'on');
    expect(exchange.callIn({ from: NUMBER, to: '90' }).callKeys).toHaveLength(2);
    exchange.clock.advance(60_000);
    expect([exchange.last('10'), exchange.last('12')]).toMatchObject([
      { state: 'ended', cause: 'noAnswer', group: 'Sales' },
      { state: 'ended', cause: 'noAnswer' },
    ]);
  });

  it('rings on when one of the group declines', () => {
    const exchange = anExchange();
    exchange.callIn({ from: NUMBER, to: '90' });
    exchange.hands.reject('10');
    expect(exchange.snapshot().legs.map(({ lineKey }) => lineKey)).toEqual(['11', '12']);
  });

  it('follows a forward at once or after ringing in vain, and never in a ring', () => {
    const exchange = anExchange();
    const forward = (lineKey: string, when: 'all' | 'noAnswer', dialString: string) =>
      exchange.send({ name: 'setForward', lineKey, when, dialString });
    forward('10', 'noAnswer', '11');
    exchange.callIn({ from: NUMBER, to: '10' });
    exchange.clock.advance(60_000);
    expect(exchange.last('10')).toMatchObject({ state: 'ended', cause: 'forwarded' });
    expect(exchange.last('11')).toMatchObject({ state: 'offering', dialled: '10', remote: { number: NUMBER } });
    exchange.hands.farHangsUp('11');
    forward('11', 'all', '12');
    forward('12', 'all', '11');
    expect(exchange.callIn({ from: NUMBER, to: '11' })).toEqual({ callKeys: [], cause: 'congestion' });
    exchange.send({ name: 'setForward', lineKey: '12', when: 'all' });
    expect(exchange.callIn({ from: NUMBER, to: '11' }).callKeys).toHaveLength(1);
    expect(exchange.last('12')?.state).toBe('offering');
  });
});

describe('two calls of one line', () => {
  function withTwoCalls() {
    const exchange = anExchange();
    exchange.callIn({ from: NUMBER, to: '10' });
    exchange.hands.lift('10');
    const first = exchange.last('10')?.callKey ?? '';
    exchange.send({ name: 'hold', lineKey: '10', callKey: first });
    exchange.call('11');
    exchange.hands.lift('11');
    const second = exchange.snapshot().legs.find(({ lineKey, callKey }) => lineKey === '10' && callKey !== first);
    return { exchange, first, second: second?.callKey ?? '' };
  }

  it('need no second lifting of the handset, and swap by toggle', () => {
    const { exchange, first, second } = withTwoCalls();
    expect(exchange.states('10')).not.toContain('prompting');
    const order = { name: 'toggle', lineKey: '10', callKey: second, otherCallKey: first } as const;
    expect(exchange.send(order)).toEqual({ type: 'sent' });
    const states = new Map(exchange.snapshot().legs.map(({ callKey, state }) => [callKey, state]));
    expect([states.get(first), states.get(second)]).toEqual(['connected', 'held']);
  });

  it('leave the others connected after a transfer, and free when one of them hangs up', () => {
    const { exchange, first, second } = withTwoCalls();
    exchange.send({ name: 'transfer', lineKey: '10', callKey: second, otherCallKey: first });
    expect(exchange.last('11')).toMatchObject({ state: 'connected', remote: { number: NUMBER } });
    exchange.hands.farHangsUp('11');
    expect(exchange.last('11')).toMatchObject({ state: 'ended', cause: 'normal' });
    expect(exchange.snapshot().legs).toEqual([]);
  });

  it('send the caller on by a blind redirect; who stays hears that nobody answers', () => {
    const exchange = anExchange();
    exchange.hands.dial('11', '10');
    exchange.hands.lift('10');
    const { callKey } = exchange.last('10') ?? {};
    exchange.send({ name: 'redirect', lineKey: '10', callKey, dialString: '12' });
    expect(exchange.last('10')).toMatchObject({ state: 'ended', cause: 'transferred' });
    expect(exchange.last('12')).toMatchObject({ state: 'offering', remote: { number: '11' } });
    expect(exchange.last('11')?.state).toBe('connected');
    exchange.clock.advance(60_000);
    expect(exchange.last('12')).toMatchObject({ state: 'ended', cause: 'noAnswer' });
    expect(exchange.last('11')).toMatchObject({ state: 'ended', cause: 'noAnswer' });
  });
});

describe('a call that was sent on', () => {
  function sentOn() {
    const exchange = anExchange();
    exchange.hands.dial('11', '10');
    exchange.hands.lift('10');
    exchange.send({ name: 'redirect', lineKey: '10', callKey: exchange.last('10')?.callKey, dialString: '12' });
    return exchange;
  }

  it('is declined: who stays hears it', () => {
    const exchange = sentOn();
    exchange.hands.reject('12');
    expect(exchange.last('11')).toMatchObject({ state: 'ended', cause: 'rejected' });
  });

  it('is given up by who stays: the ringing ends as cancelled', () => {
    const exchange = sentOn();
    exchange.hands.hangUp('11');
    expect(exchange.last('12')).toMatchObject({ state: 'ended', cause: 'cancelled' });
  });
});

describe('a demo that lives by itself', () => {
  const timing = { setupMs: 100, ownPhoneLiftsMs: 1000, farAnswersMs: 2000, farTalksMs: 5000 };

  it.each([
    ['03023125040', ['initiated', 'prompting', 'dialing', 'ringback', 'connected', 'ended'], 'normal'],
    ['03023125041', ['initiated', 'prompting', 'dialing', 'failed', 'ended'], 'busy'],
    ['03023125042', ['initiated', 'prompting', 'dialing', 'ringback', 'failed', 'ended'], 'noAnswer'],
    ['03023125043', ['initiated', 'prompting', 'dialing', 'ringback', 'failed', 'ended'], 'rejected'],
  ])('takes a call to %s through %j', (number, states, cause) => {
    const exchange = anExchange({ timing });
    exchange.call(number);
    exchange.clock.advance(100_000);
    expect(exchange.states('10')).toEqual(states);
    expect(exchange.last('10')?.cause).toBe(cause);
    expect(exchange.clock.pending()).toBe(0);
  });

  it('lets a colleague’s phone answer by itself', () => {
    const [first, ...rest] = sampleLines(2);
    const lines = [...(first ? [first] : []), ...rest.map((line) => ({ ...line, answersAfterMs: 300 }))];
    const exchange = anExchange({ lines });
    exchange.hands.dial('10', '11');
    exchange.clock.advance(300);
    expect(exchange.last('10')?.state).toBe('connected');
  });
});
