// What NFON's streams say of calls, as documented and as seen in production: keys, order, both halves of internal calls and
// transfers, announcements, hang-ups that come late or never.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canFollow } from '../../../../relay/src/call-states.ts';
import type { Leg } from '../../../../relay/src/pbx/driver.ts';
import { createCallBook } from '../../../../relay/src/pbx/nfon/calls.ts';
import { type CallEvent, readCallEvents } from '../../../../relay/src/pbx/nfon/wire.ts';
import { createFakeClock } from '../../../fakes/clock.ts';

const UUID = '715a1333-0174-40ea-8b38-67e289069476';
const OTHER = '715a1333-0174-40ea-8b38-67e289069477';
const EXTENSIONS = ['10', '11', '12'];

function aBook() {
  const clock = createFakeClock();
  const told: Leg[] = [];
  const book = createCallBook({
    account: 'K1234',
    clock,
    isExtension: (number) => EXTENSIONS.includes(number),
    emit: (leg) => told.push(leg),
  });
  return {
    book,
    clock,
    told,
    statesOf: (callKey: string) => told.filter((leg) => leg.callKey === callKey).map(({ state }) => state),
    last: (callKey = `${UUID}@10`) => told.findLast((leg) => leg.callKey === callKey),
    take: (...events: object[]) => events.map((event) => book.take(eventOf(event))),
  };
}

/** An event as it is read from the wire: of an outgoing call of extension 10 to Berlin unless said otherwise. */
function eventOf(event: object): CallEvent {
  const usual = {
    uuid: UUID,
    caller: '10',
    caller_context: 'K1234',
    callee: '493023125042',
    callee_context: 'global',
    direction: 'outbound',
    extension: '10',
    customer: 'K1234',
    updated: '2025-09-23T16:51:22.954969226+02:00',
  };
  const [read] = readCallEvents({ ...usual, ...event }).items;
  if (!read) throw new Error(`not understood: ${JSON.stringify(event)}`);
  return read;
}

const inbound = (event: object) => ({
  direction: 'inbound',
  caller: '493023125042',
  caller_context: 'global',
  callee: '10',
  callee_context: 'K1234',
  ...event,
});
const states = (...list: string[]) => list.map((state) => ({ state }));

describe('an ordered call', () => {
  test('goes from the own phone to the far end, and is connected by the far end’s answer alone', () => {
    const { take, statesOf, last } = aBook();
    take(...states('start', 'caller-dial', 'caller-ring', 'caller-answer', 'dial', 'ring'));
    expect(statesOf(`${UUID}@10`)).not.toContain('connected');
    take(...states('answer', 'end', 'hangup'));
    expect(statesOf(`${UUID}@10`)).toEqual(['initiated', 'prompting', 'dialing', 'ringback', 'connected', 'ended']);
    expect(last()).toMatchObject({ cause: 'normal', remote: { number: '+493023125042' }, linkKey: UUID });
  });

  test('is ordered, and can be dropped, under the key that the account’s stream uses, whichever comes first', () => {
    for (const isStreamFirst of [true, false]) {
      const { book, take, last, told } = aBook();
      if (isStreamFirst) take({ state: 'start' });
      const key = book.ordered(UUID, { extension: '10', callee: '+493023125042', commandKey: 'order-1' });
      if (!isStreamFirst) take({ state: 'start' });
      expect(last(key)).toMatchObject({ commandKey: 'order-1', capabilities: ['drop'], state: 'initiated' });
      expect(new Set(told.map(({ callKey }) => callKey))).toEqual(new Set([`${UUID}@10`]));
    }
  });

  test.each([
    [['caller-ring'], 'timeout', 'ended', 'ownPhoneNotAnswered'],
    [['caller-ring'], 'reject', 'ended', 'ownPhoneNotAnswered'],
    [['caller-dial'], 'busy', 'ended', 'ownPhoneNotAnswered'],
    [['caller-ring'], 'cancel', 'ended', 'cancelled'],
    [['caller-answer', 'dial'], 'busy', 'failed', 'busy'],
    [['caller-answer', 'dial', 'ring'], 'timeout', 'failed', 'noAnswer'],
    [['caller-answer', 'dial', 'ring'], 'reject', 'failed', 'rejected'],
    [['caller-answer', 'dial'], 'something-new', 'failed', 'unknown'],
  ])('after %j, the end with "%s" is %s with the cause %s', (before, error, state, cause) => {
    const { book, last } = aBook();
    const key = book.ordered(UUID, { extension: '10', callee: '+493023125042', commandKey: 'order-1' });
    for (const one of before) book.takeOrdered(key, eventOf({ state: one }));
    book.takeOrdered(key, eventOf({ state: 'end', error }));
    expect(last(key)).toMatchObject({ state, cause });
  });

  test('its end without an error closes the request, not the call', () => {
    const { book, last } = aBook();
    const key = book.ordered(UUID, { extension: '10', callee: '+493023125042', commandKey: 'order-1' });
    for (const state of ['caller-answer', 'dial', 'answer', 'end']) book.takeOrdered(key, eventOf({ state }));
    expect(last(key)?.state).toBe('connected');
  });

  test('its stream cannot speak of another call', () => {
    const { book, last } = aBook();
    const key = book.ordered(UUID, { extension: '10', callee: '11', commandKey: 'order-1' });
    book.takeOrdered(key, eventOf({ uuid: OTHER, state: 'hangup' }));
    expect(last(key)?.state).toBe('initiated');
  });

  test('that failed ends when the handset is down, or after a while, and keeps why it failed', () => {
    for (const isHungUp of [true, false]) {
      const { take, clock, last } = aBook();
      take(...states('caller-answer', 'dial'), { state: 'end', error: 'busy' });
      if (isHungUp) take({ state: 'hangup' });
      else clock.advance(15_000);
      expect(last()).toMatchObject({ state: 'ended', cause: 'busy', answerReported: true });
    }
  });
});

describe('order and loss', () => {
  test('ringing after the answer is old news, and so is the own phone’s after the far end’s', () => {
    const { take, statesOf } = aBook();
    take(...states('caller-answer', 'answer', 'dial', 'ring', 'caller-ring'));
    expect(statesOf(`${UUID}@10`)).toEqual(['dialing', 'connected']);
  });

  test('whatever comes in whatever order, no state is taken back and nothing follows an end', () => {
    const words = ['start', 'caller-wait', 'caller-dial', 'caller-ring', 'caller-answer', 'dial', 'ring', 'answer'];
    const state = fc.constantFrom(...words, 'bridge', 'hangup', 'end', 'teleport');
    const error = fc.option(fc.constantFrom('timeout', 'busy', 'cancel', 'reject', 'unspecified', 'new'), {
      nil: undefined,
    });
    const direction = fc.constantFrom('inbound', 'outbound', 'sideways', undefined);
    const extension = fc.constantFrom('10', '11', undefined);
    fc.assert(
      fc.property(fc.array(fc.record({ state, error, direction, extension }), { maxLength: 25 }), (events) => {
        const { take, told } = aBook();
        take(...events);
        const last = new Map<string, Leg['state']>();
        for (const { callKey, state: next } of told) {
          const before = last.get(callKey);
          expect(before === undefined || canFollow(before, next), `${before} then ${next}`).toBe(true);
          last.set(callKey, next);
        }
      }),
    );
  });

  test('a hang-up of a call that was never seen is no call, nor is what comes behind it', () => {
    const { take, told } = aBook();
    take({ state: 'hangup' }, { state: 'answer' });
    expect(told).toEqual([]);
  });

  test('a late hang-up, or a late answer, changes nothing of a call that is over', () => {
    const { take, told } = aBook();
    take(...states('dial', 'answer', 'hangup'));
    const before = told.length;
    take(...states('hangup', 'ring', 'answer'));
    expect(told.length).toBe(before);
  });

  test('what rings for five minutes or talks for four hours without a word is over, at a time that nobody knows', () => {
    const { take, clock, last } = aBook();
    take(inbound({ state: 'ring' }), inbound({ uuid: OTHER, state: 'answer' }));
    clock.advance(300_000);
    expect(last()).toMatchObject({ state: 'ended', cause: 'unknown', answerReported: false });
    expect(last(`${OTHER}@10`)?.state).toBe('connected');
    clock.advance(4 * 3_600_000);
    expect(last(`${OTHER}@10`)).toMatchObject({ state: 'ended', cause: 'unknown', answerReported: false });
    take(inbound({ uuid: OTHER, state: 'hangup' }));
    expect(last(`${OTHER}@10`)?.cause).toBe('unknown');
  });

  test('when its line is idle, a call from before is over; one that began since is not', () => {
    const { book, take, clock, last } = aBook();
    take(inbound({ state: 'answer' }));
    clock.advance(5_000);
    const idleAt = clock.elapsed();
    clock.advance(1);
    take(inbound({ uuid: OTHER, state: 'ring' }));
    book.lineIsIdle('10', idleAt);
    expect(last()?.state).toBe('ended');
    expect(last(`${OTHER}@10`)?.state).toBe('offering');
  });

  test('"bridge" is an answer, and a word that nobody knows says nothing', () => {
    const { take, statesOf } = aBook();
    take(...states('dial', 'teleport', 'bridge'));
    expect(statesOf(`${UUID}@10`)).toEqual(['dialing', 'connected']);
  });
});

describe('whose call', () => {
  test('an event of another account is nobody’s here', () => {
    const { take, told } = aBook();
    expect(take({ state: 'ring', customer: 'K9999' })).toEqual(['foreign']);
    expect(told).toEqual([]);
  });

  test('without an extension, an own one among the parties is it; without one, it is left out', () => {
    const { take, last } = aBook();
    take(inbound({ state: 'ring', extension: undefined }));
    expect(last()?.state).toBe('offering');
    expect(take(inbound({ state: 'ring', uuid: OTHER, extension: undefined, callee: '4930231250' }))).toEqual([
      'nobody',
    ]);
  });

  test('the company’s number as caller does not change whose call it is', () => {
    const { take, last } = aBook();
    take({ state: 'dial', caller: '4930231250', caller_context: 'global' });
    expect(last()).toMatchObject({ lineKey: '10', direction: 'outbound', remote: { number: '+493023125042' } });
  });

  test.each([
    ['493023125042', 'global', '+493023125042'],
    ['03023125042', 'K1234', '03023125042'],
    ['493023125042', 'K1234', '493023125042'],
    ['anonymous', 'global', 'anonymous'],
    ['', 'global', undefined],
    ['112', 'global', '112'],
    ['0049112', 'global', '0049112'],
    ['*87', 'K1234', '*87'],
  ])('the number %j in the context %s is %j', (callee, callee_context, number) => {
    const { take, last } = aBook();
    take({ state: 'dial', callee, callee_context });
    expect(last()?.remote.number).toBe(number);
  });
});

describe('several extensions', () => {
  const ringAt = (...list: string[]) =>
    list.map((extension) => inbound({ state: 'ring', extension, callee: '4930231250' }));

  test('one call that rings at several phones is one conversation of several legs, reported in part', () => {
    const { take, last } = aBook();
    take(...ringAt('10', '11', '12'));
    for (const extension of EXTENSIONS) {
      expect(last(`${UUID}@${extension}`)).toMatchObject({ lineKey: extension, linkKey: UUID, isPartial: true });
    }
  });

  test('where a colleague answers, the others fell silent because of that', () => {
    const { take, last } = aBook();
    take(...ringAt('10', '11'), inbound({ state: 'answer', extension: '11' }), inbound({ state: 'hangup' }));
    expect(last()).toMatchObject({ state: 'ended', cause: 'answeredElsewhere' });
    expect(last(`${UUID}@11`)?.state).toBe('connected');
  });

  test('where nobody is seen to answer, nobody claims to know', () => {
    const { take, last } = aBook();
    take(...ringAt('10', '11'), inbound({ state: 'hangup' }), inbound({ state: 'hangup', extension: '11' }));
    expect(last()).toMatchObject({ state: 'ended', cause: 'unknown', isPartial: true });
  });

  test('a call through another short number is one of a group, a queue or a forward, named by it', () => {
    const { take, last } = aBook();
    take(inbound({ state: 'ring', callee: '90' }));
    expect(last()).toMatchObject({ group: '90', isPartial: true });
  });

  test('a direct call that nobody answers is one', () => {
    const { take, last } = aBook();
    take(inbound({ state: 'ring' }), inbound({ state: 'hangup' }));
    expect(last()).toMatchObject({ state: 'ended', cause: 'noAnswer' });
    expect(last()?.isPartial).toBeUndefined();
  });

  test('an internal call that is written with extensions is one of colleagues', () => {
    const { take, last } = aBook();
    take({ state: 'dial', callee: '11', callee_context: 'K1234' });
    expect(last()).toMatchObject({ direction: 'internal', remote: { number: '11' }, dialled: '11' });
  });

  test('an internal call that is written with full numbers is known by its two halves', () => {
    const { take, last } = aBook();
    const numbers = {
      caller: '493023125010',
      caller_context: 'global',
      callee: '493023125011',
      callee_context: 'global',
    };
    take({ state: 'ring', ...numbers }, { state: 'ring', ...numbers, direction: 'inbound', extension: '11' });
    expect(last()).toMatchObject({ direction: 'internal', remote: { number: '11' }, dialled: '11' });
    expect(last(`${UUID}@11`)).toMatchObject({ direction: 'internal', remote: { number: '10' } });
    expect(last(`${UUID}@11`)?.isPartial).toBeUndefined();
  });

  test('a public number that merely looks like an extension stays a public one', () => {
    const { take, last } = aBook();
    take({ state: 'dial', callee: '11', callee_context: 'global' });
    expect(last()).toMatchObject({ direction: 'outbound', remote: { number: '11' } });
  });

  test('after a transfer, the other half under the same key does not end the first', () => {
    const { take, last, statesOf } = aBook();
    take(inbound({ state: 'ring' }), inbound({ state: 'answer' }));
    take(...states('start', 'dial', 'ring', 'answer', 'hangup'));
    expect(statesOf(`${UUID}@10`)).toEqual(['offering', 'connected']);
    take(inbound({ state: 'answer', extension: '12' }), inbound({ state: 'hangup' }));
    expect(last()?.cause).toBe('normal');
    expect(last(`${UUID}@12`)).toMatchObject({
      state: 'connected',
      linkKey: UUID,
      remote: { number: '+493023125042' },
    });
  });

  test('an internal call that is answered at once was answered by an announcement, unless the colleague’s phone says so', () => {
    const colleague = { callee: '11', callee_context: 'K1234' };
    const quick = aBook();
    quick.take({ state: 'dial', ...colleague }, { state: 'answer', ...colleague });
    expect(quick.last()).toMatchObject({ state: 'connected', answerReported: false });
    const real = aBook();
    real.take({ state: 'dial', ...colleague });
    real.take({ state: 'answer', ...colleague, caller: '10', direction: 'inbound', extension: '11' });
    real.take({ state: 'answer', ...colleague });
    expect(real.last()).toMatchObject({ state: 'connected', answerReported: true });
    const slow = aBook();
    slow.take({ state: 'dial', ...colleague });
    slow.clock.advance(400);
    slow.take({ state: 'answer', ...colleague });
    expect(slow.last()?.answerReported).toBe(true);
  });
});

describe('dropping', () => {
  test('only calls that were ordered here can be dropped', () => {
    const { book, take, last } = aBook();
    take({ state: 'dial' });
    expect(last()?.capabilities).toEqual([]);
    expect(book.uuidToDrop(`${UUID}@10`)).toBeUndefined();
  });

  test('where an answered call cannot be dropped, it is not offered any more', () => {
    const { book, take, last } = aBook();
    const key = book.ordered(UUID, { extension: '10', callee: '+493023125042', commandKey: 'order-1' });
    take(...states('dial', 'answer'));
    expect(last()?.capabilities).toEqual(['drop']);
    book.dropping(key, 'refused');
    expect(last()).toMatchObject({ state: 'connected', capabilities: [] });
  });

  test('a call that we dropped before the answer was cancelled', () => {
    const { book, take, last } = aBook();
    const key = book.ordered(UUID, { extension: '10', callee: '+493023125042', commandKey: 'order-1' });
    take(...states('caller-answer', 'dial'));
    book.dropping(key, 'asked');
    take({ state: 'hangup' });
    expect(last()?.cause).toBe('cancelled');
  });
});
