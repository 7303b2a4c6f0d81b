// Orders on their way: at most one of them may ever dial.
import type { ClientMessage, ServerMessage } from '@offhook/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOrders } from '#lib/orders.ts';
import { createFakeClock } from '../fakes/clock.ts';

type Command = Extract<ClientMessage, { type: 'command' }>;
type Result = Extract<ServerMessage, { type: 'result' }>;

const RUNS = process.env['OFFHOOK_FULL'] === '1' ? 20_000 : 1_000;
const NUMBER = { kind: 'e164', number: '+493023125042' } as const;
const CALL = { lineId: 'line-18', order: { name: 'makeCall', args: { number: NUMBER } } } as const;

function setUp({ isUp = true } = {}) {
  const clock = createFakeClock();
  const link = { isUp };
  const wire: ClientMessage[] = [];
  let ids = 0;
  const orders = createOrders({
    clock,
    newId: () => `id-${++ids}`,
    send(message) {
      if (link.isUp) wire.push(message);
      return link.isUp;
    },
  });
  const commands = () => wire.filter((message): message is Command => message.type === 'command');
  const answer = (change: Partial<Result>) => {
    const { id, key } = commands()[0] ?? { id: 'none', key: 'none' };
    orders.onMessage({ type: 'result', id, key, state: 'done', ...change });
  };
  const reconnect = () => {
    link.isUp = true;
    orders.onSignedIn();
  };
  return { clock, link, wire, orders, commands, answer, reconnect };
}

describe('an order', () => {
  test('leaves at once, with a deadline and a key of its own', () => {
    const { orders, commands } = setUp();
    void orders.give(CALL);
    void orders.give({ ...CALL, callId: 'call-1' });
    expect(commands()).toMatchObject([
      { lineId: 'line-18', name: 'makeCall', args: { number: NUMBER }, deadlineMs: 5_000 },
      { callId: 'call-1' },
    ]);
    expect(commands()[0]).not.toHaveProperty('callId');
    expect(new Set(commands().flatMap(({ id, key }) => [id, key])).size).toBe(4);
  });

  test.each<[string, Partial<Result>, object]>([
    ['done', { state: 'done', callId: 'call-7' }, { type: 'done', callId: 'call-7' }],
    [
      'failed',
      { state: 'failed', code: 'pbx-rejected', params: { cause: 'busy' } },
      { type: 'failed', code: 'pbx-rejected', params: { cause: 'busy' } },
    ],
    ['failed without a code', { state: 'failed' }, { type: 'failed', code: 'internal' }],
    ['unknown', { state: 'unknown', code: 'outcome-unknown' }, { type: 'unknown' }],
    ['failed with an unknown outcome', { state: 'failed', code: 'outcome-unknown' }, { type: 'unknown' }],
  ])('ends %s', async (_title, result, expected) => {
    const { orders, answer } = setUp();
    const end = orders.give(CALL);
    answer({ state: 'accepted' });
    answer({ state: 'sent' });
    answer(result);
    expect(await end).toEqual(expected);
  });

  test('an answer that an earlier step overtook changes nothing, nor one that comes twice or late', async () => {
    const { orders, clock, answer } = setUp();
    const end = orders.give(CALL);
    answer({ state: 'done', callId: 'call-7' });
    answer({ state: 'sent' });
    answer({ state: 'failed', code: 'timeout' });
    answer({ id: 'somebody-else', state: 'unknown' });
    clock.advance(60_000);
    expect(await end).toEqual({ type: 'done', callId: 'call-7' });
    expect([orders.isBusy(), clock.pending()]).toEqual([false, 0]);
  });

  test('an error frame with its id ends it', async () => {
    const { orders, commands } = setUp();
    const end = orders.give(CALL);
    orders.onMessage({ type: 'error', code: 'internal' });
    orders.onMessage({ type: 'error', id: commands()[0]?.id, code: 'too-large', params: { limit: 1 } });
    expect(await end).toEqual({ type: 'failed', code: 'too-large', params: { limit: 1 } });
  });

  test('an answer that comes while it is being sent is heard', async () => {
    const orders = createOrders({
      clock: createFakeClock(),
      newId: () => 'id',
      send(message) {
        if (message.type === 'command') orders.onMessage({ ...message, type: 'result', state: 'done' });
        return true;
      },
    });
    expect(await orders.give(CALL)).toMatchObject({ type: 'done' });
  });

  test('without an answer for 20 s its outcome is unknown', async () => {
    const { orders, clock } = setUp();
    const end = orders.give(CALL);
    clock.advance(19_999);
    expect(orders.isBusy()).toBe(true);
    clock.advance(1);
    expect(await end).toEqual({ type: 'unknown' });
  });
});

describe('while the link is down', () => {
  test('an order waits 5 s for it, and was then certainly not given', async () => {
    const { orders, clock, commands, reconnect } = setUp({ isUp: false });
    const end = orders.give(CALL);
    clock.advance(5_000);
    expect(await end).toEqual({ type: 'failed', code: 'relay-unreachable' });
    reconnect();
    expect(commands()).toEqual([]);
  });

  test('an order that waited leaves once with its deadline', async () => {
    const { orders, clock, commands, answer, reconnect } = setUp({ isUp: false });
    const end = orders.give(CALL);
    clock.advance(4_000);
    reconnect();
    expect(commands().map(({ deadlineMs }) => deadlineMs)).toEqual([5_000]);
    clock.advance(2_000);
    answer({ state: 'done' });
    expect(await end).toEqual({ type: 'done' });
  });

  test('one that may have arrived is only asked about, under its own key', () => {
    const { orders, link, commands, reconnect } = setUp();
    void orders.give(CALL);
    link.isUp = false;
    reconnect();
    const [first, second] = commands();
    expect(second).toEqual({ ...first, deadlineMs: 0 });
  });

  test('one that the link lost while sending it counts as sent', () => {
    const wire: ClientMessage[] = [];
    let breaks = true;
    const orders = createOrders({
      clock: createFakeClock(),
      newId: () => 'id',
      send(message) {
        wire.push(message);
        if (breaks) throw new Error('broken');
        return true;
      },
    });
    orders.give(CALL).catch(() => undefined);
    breaks = false;
    orders.onSignedIn();
    expect(wire.map((message) => message.type === 'command' && message.deadlineMs)).toEqual([5_000, 0]);
  });

  test('when the relay is given up: unknown for what was sent, failed for what was not', async () => {
    const { orders, link, commands, reconnect } = setUp();
    const sent = orders.give(CALL);
    link.isUp = false;
    const unsent = orders.give(CALL);
    orders.abandon();
    expect(await Promise.all([sent, unsent])).toEqual([
      { type: 'unknown' },
      { type: 'failed', code: 'relay-unreachable' },
    ]);
    reconnect();
    expect(commands()).toHaveLength(1);
  });
});

test('whatever happens to the link, one key has at most one frame that may dial, and each order ends', async () => {
  const step = fc.oneof(
    fc.constant({ type: 'give' as const }),
    fc.constant({ type: 'down' as const }),
    fc.constant({ type: 'up' as const }),
    fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 6_000 }) }),
    fc.record({
      type: fc.constant('answer' as const),
      which: fc.nat(5),
      state: fc.constantFrom<Result['state']>('accepted', 'sent', 'done', 'failed', 'unknown'),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { orders, clock, link, commands, reconnect } = setUp();
      const ends: Promise<unknown>[] = [];
      for (const one of steps) {
        if (one.type === 'give') ends.push(orders.give(CALL));
        if (one.type === 'down') link.isUp = false;
        if (one.type === 'up') reconnect();
        if (one.type === 'wait') clock.advance(one.ms);
        const asked = one.type === 'answer' && commands()[one.which];
        if (asked) orders.onMessage({ type: 'result', id: asked.id, key: asked.key, state: one.state });
      }
      clock.advance(60_000);
      await Promise.all(ends);
      const dialling = commands().filter(({ deadlineMs }) => deadlineMs > 0);
      expect(new Set(dialling.map(({ key }) => key)).size).toBe(dialling.length);
      expect(clock.pending()).toBe(0);
    }),
    { numRuns: RUNS },
  );
});

describe('a preview', () => {
  const QUESTION = { lineId: 'line-18', number: { kind: 'raw', text: '030 23125042' } } as const;

  test('resolves with what would be dialled', async () => {
    const { orders, wire } = setUp();
    const answer = orders.preview(QUESTION);
    const { id } = wire[0] as Extract<ClientMessage, { type: 'preview' }>; // the only message sent
    orders.onMessage({ type: 'preview', id: 'other', decision: 'refused' });
    orders.onMessage({ type: 'preview', id, decision: 'allowed', dialled: '003023125042', number: NUMBER });
    expect(await answer).toMatchObject({ decision: 'allowed', dialled: '003023125042', number: NUMBER });
  });

  test('is refused at once without a link, and after 3 s without an answer', async () => {
    const down = setUp({ isUp: false });
    expect(await down.orders.preview(QUESTION)).toEqual({ decision: 'refused', code: 'relay-unreachable' });
    const up = setUp();
    const answer = up.orders.preview(QUESTION);
    up.clock.advance(3_000);
    expect(await answer).toEqual({ decision: 'refused', code: 'relay-unreachable' });
    expect([down.clock.pending(), up.clock.pending()]).toEqual([0, 0]);
  });

  test('an error frame with its id says why', async () => {
    const { orders } = setUp();
    const answer = orders.preview(QUESTION);
    orders.onMessage({ type: 'error', id: 'id-1', code: 'line-unknown' });
    expect(await answer).toMatchObject({ decision: 'refused', code: 'line-unknown' });
  });
});
