// Conferences, queues and what lines there are at the simulated exchange.
import { describe, expect, it } from 'vitest';
import { createExchange, type ExchangeOptions } from '../../../relay/src/pbx/simulator/exchange.ts';
import { createFakeClock } from '../../fakes/clock.ts';

const [FIRST, SECOND] = ['03023125040', '03023125041'];

function anExchange(options: Partial<ExchangeOptions> = {}) {
  const clock = createFakeClock();
  const exchange = createExchange({ clock, ...options });
  let orders = 0;
  const legAt = (line: string, state: string) =>
    exchange.snapshot().legs.find((leg) => leg.lineKey === line && leg.state === state);
  return {
    ...exchange,
    clock,
    calls: () => exchange.snapshot().legs.map(({ lineKey, state, remote }) => `${lineKey} ${state} ${remote.number}`),
    /** Joins the held and the connected call of a line. */
    confer(line: string) {
      orders += 1;
      const [callKey, otherCallKey] = [legAt(line, 'connected')?.callKey, legAt(line, 'held')?.callKey];
      return exchange.order({
        commandKey: `order-${orders}`,
        name: 'conference',
        lineKey: line,
        callKey,
        otherCallKey,
      });
    },
    /** Line 10 holds the caller and talks with somebody else. */
    consulting(digits: string) {
      exchange.callIn({ from: FIRST, to: '10' });
      exchange.hands.lift('10');
      clock.advance(1_000);
      exchange.hands.consult('10', digits);
      if (digits === '12') exchange.hands.lift('12');
      else exchange.hands.farAnswers('10');
      return this;
    },
  };
}

describe('a conference', () => {
  it('takes the caller off hold, and lets line, colleague and caller speak', () => {
    const exchange = anExchange().consulting('12');
    expect(exchange.confer('10')).toEqual({ type: 'sent' });
    expect(exchange.calls()).toEqual([`10 connected ${FIRST}`, `12 connected ${FIRST}`]);
  });

  it('goes on without whoever leaves, and ends when one is left', () => {
    const exchange = anExchange().consulting('12');
    exchange.confer('10');
    exchange.hands.hangUp('10');
    expect(exchange.calls()).toEqual([`12 connected ${FIRST}`]);
    exchange.hands.farHangsUp('12');
    expect(exchange.calls()).toEqual([]);
  });

  it('may have several parties outside: the others stay when one hangs up', () => {
    const exchange = anExchange().consulting(SECOND);
    exchange.confer('10');
    expect(exchange.calls()).toEqual([`10 connected ${FIRST}`]);
    exchange.hands.farHangsUp('10');
    expect(exchange.calls()).toEqual([`10 connected ${SECOND}`]);
    exchange.hands.farHangsUp('10');
    expect(exchange.calls()).toEqual([]);
  });
});

describe('a queue', () => {
  const lines = ['10', '11'].map((extension) => ({ extension, name: extension, hasCallWaiting: false }));
  const groups = [{ extension: '91', name: 'Support', members: ['10'], isQueue: true }];

  it('lets a caller wait while all are busy, and rings as soon as one is free', () => {
    const exchange = anExchange({ lines, groups });
    exchange.hands.dial('10', FIRST);
    exchange.hands.dial('11', '91');
    expect(exchange.calls()).toEqual([`10 ringback ${FIRST}`, '11 queued 91']);
    exchange.hands.hangUp('10');
    exchange.clock.advance(1_000);
    expect(exchange.calls()).toEqual(['11 ringback 10', '10 offering 11']);
  });

  it('gives up on who waits too long', () => {
    const exchange = anExchange({ lines, groups, timing: { noAnswerMs: 5_000 } });
    exchange.callIn({ from: FIRST, to: '10' });
    exchange.hands.lift('10');
    exchange.hands.dial('11', '91');
    exchange.clock.advance(6_000);
    expect(exchange.calls()).toEqual([`10 connected ${FIRST}`, '11 failed 91']);
  });

  it('forgets a caller who hangs up while waiting', () => {
    const exchange = anExchange({ lines, groups });
    exchange.hands.dial('10', FIRST);
    exchange.hands.dial('11', '91');
    exchange.hands.hangUp('11');
    exchange.hands.hangUp('10');
    exchange.clock.advance(60_000);
    expect(exchange.calls()).toEqual([]);
  });
});

describe('the lines', () => {
  it('come, are renamed and go, with their calls', () => {
    const exchange = anExchange();
    exchange.putLine({ extension: '30', name: 'Zoe Sample' });
    exchange.putLine({ extension: '10', name: 'Ada Muster' });
    const named = () => exchange.snapshot().lines.map(({ extension, name }) => `${extension} ${name}`);
    expect(named()).toEqual(expect.arrayContaining(['30 Zoe Sample', '10 Ada Muster']));
    exchange.callIn({ from: FIRST, to: '30' });
    expect(exchange.removeLine('30')).toBe(true);
    expect([named().includes('30 Zoe Sample'), exchange.calls()]).toEqual([false, []]);
    expect(exchange.removeLine('30')).toBe(false);
  });
});
