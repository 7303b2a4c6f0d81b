// What people do at the simulated phones beyond lifting and hanging up: hold, transfer blind and attended, and the ring
// groups that the desk can name; in memory and over the desk's socket.
import { afterEach, describe, expect, it } from 'vitest';
import { connectDesk } from '../../../relay/src/pbx/simulator/desk-client.ts';
import { createExchange } from '../../../relay/src/pbx/simulator/exchange.ts';
import { startSimulatorServer } from '../../../relay/src/pbx/simulator/server.ts';
import { createFakeClock } from '../../fakes/clock.ts';

const NUMBER = '03023125040';

function anExchange() {
  const exchange = createExchange({ clock: createFakeClock() });
  const { hands } = exchange;
  return {
    ...exchange,
    hands,
    /** What each line sees, `'12 offering 03023125040'`, by line. */
    calls: () =>
      exchange
        .snapshot()
        .legs.map(({ lineKey, state, remote }) => `${lineKey} ${state} ${remote.number}`)
        .sort(),
    /** Line 10 talks to the caller outside. */
    withCaller() {
      exchange.callIn({ from: NUMBER, to: '10' });
      hands.lift('10');
      return this;
    },
  };
}

describe('hold at the phone', () => {
  it('holds the call in the hand and takes it back', () => {
    const exchange = anExchange().withCaller();
    expect(exchange.hands.hold('10')).toBe(true);
    expect(exchange.calls()).toEqual([`10 held ${NUMBER}`]);
    expect(exchange.hands.hold('10')).toBe(false);
    expect(exchange.hands.retrieve('10')).toBe(true);
    expect(exchange.calls()).toEqual([`10 connected ${NUMBER}`]);
    expect(exchange.hands.retrieve('10')).toBe(false);
  });
});

describe('a blind transfer at the phone', () => {
  it('sends the party of the call in the hand on', () => {
    const exchange = anExchange().withCaller();
    expect(exchange.hands.transfer('10', '12')).toBe(true);
    expect(exchange.calls()).toEqual([`12 offering ${NUMBER}`]);
  });

  it('sends on what rings', () => {
    const exchange = anExchange();
    exchange.callIn({ from: NUMBER, to: '10' });
    expect(exchange.hands.transfer('10', '12')).toBe(true);
    expect(exchange.calls()).toEqual([`12 offering ${NUMBER}`]);
  });

  it('changes nothing, and says so, when the other number cannot be rung or there is no call', () => {
    const exchange = anExchange().withCaller();
    exchange.hands.setRegistered('12', 'loggedOut');
    expect(exchange.hands.transfer('10', '12')).toBe(false);
    expect(exchange.calls()).toEqual([`10 connected ${NUMBER}`]);
    expect(exchange.hands.transfer('11', '12')).toBe(false);
    expect(exchange.hands.transfer('99', '12')).toBe(false);
  });
});

describe('an attended transfer at the phone', () => {
  it('holds the caller, asks a colleague and connects both', () => {
    const exchange = anExchange().withCaller();
    expect(exchange.hands.consult('10', '12')).toBe(true);
    expect(exchange.calls()).toEqual([`10 held ${NUMBER}`, '10 ringback 12', '12 offering 10']);
    expect(exchange.hands.completeTransfer('10')).toBe(false);
    exchange.hands.lift('12');
    expect(exchange.hands.completeTransfer('10')).toBe(true);
    expect(exchange.calls()).toEqual([`12 connected ${NUMBER}`]);
  });

  it('needs a call to ask about', () => {
    expect(anExchange().hands.consult('10', '12')).toBe(false);
    expect(anExchange().withCaller().hands.completeTransfer('10')).toBe(false);
  });
});

describe('over the desk', () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function aDesk() {
    const server = await startSimulatorServer({ port: 0, print: () => undefined });
    closers.push(() => server.close());
    const desk = await connectDesk({ port: server.port });
    closers.push(() => desk.close());
    return desk;
  }

  it('names the ring groups with their members, and rings one', async () => {
    const desk = await aDesk();
    const { groups } = await desk.state();
    expect(groups).toEqual([
      { extension: '90', name: 'Sales', members: ['10', '11', '12'] },
      { extension: '91', name: 'Support', members: ['13', '14', '15'] },
    ]);
    await desk.callIn({ from: NUMBER, to: '91' });
    const { legs } = await desk.state();
    expect(legs.map(({ lineKey, group }) => `${lineKey} ${group}`)).toEqual(['13 Support', '14 Support', '15 Support']);
  });

  it('does with a phone what its owner could', async () => {
    const desk = await aDesk();
    await desk.callIn({ from: NUMBER, to: '10' });
    await desk.lift('10');
    const done = [await desk.hold('10'), await desk.retrieve('10'), await desk.consult('10', '12')];
    await desk.lift('12');
    expect([...done, await desk.completeTransfer('10'), await desk.transfer('12', '14')]).toEqual(Array(5).fill(true));
    const { legs } = await desk.state();
    expect(legs.map(({ lineKey, state }) => `${lineKey} ${state}`)).toEqual(['14 offering']);
  });
});
