// The pretended call: everything sees it, the relay never hears of it, and it ends by itself.
import { describe, expect, test } from 'vitest';
import { ownCallsOf, type PhoneState } from '#lib/phone.ts';
import { createSampleCall, isSample, type PhonePicture } from '#lib/sample-call.ts';
import { aCall, aColleague, aLine, aState } from '../components/builders.ts';
import { createFakeClock } from '../fakes/clock.ts';

const ANSWER = { name: 'answer', args: {} } as const;
const DROP = { name: 'drop', args: {} } as const;

function setUp(initial: PhoneState = aState([aLine(), aColleague('11')])) {
  const clock = createFakeClock();
  const listeners: (() => void)[] = [];
  let real = initial;
  const phone: PhonePicture = {
    state: () => real,
    onChange: (listener) => void listeners.push(() => listener(real)),
  };
  const sample = createSampleCall({ phone, clock, newId: () => 'id-1', name: () => 'Test call' });
  const seen: string[] = [];
  sample.onChange((state) =>
    seen.push(
      ownCallsOf(state)
        .map(({ call }) => call.state)
        .join(),
    ),
  );
  return {
    clock,
    sample,
    seen,
    become(state: PhoneState) {
      real = state;
      for (const listener of listeners) listener();
    },
    calls: () => ownCallsOf(sample.state()).map(({ call }) => call),
  };
}

test('without one, the picture is the real one', () => {
  const { sample, become, seen } = setUp();
  const next = aState([aLine({ calls: [aCall()] })]);
  become(next);
  expect([sample.state(), seen]).toEqual([next, ['connected']]);
});

describe('while it rings', () => {
  test('has no number that could be called back', () => {
    const { sample, calls } = setUp();
    sample.start();
    expect(calls()[0]?.remote.number.kind).toBe('raw');
  });

  test('it stands on the own line as a call from outside that says what it is', () => {
    const { sample, calls, seen } = setUp();
    const callId = sample.start();
    expect([callId, isSample(callId), isSample('call-1')]).toEqual(['sample:id-1', true, false]);
    expect(calls()).toMatchObject([
      { callId, state: 'offering', direction: 'inbound', remote: { name: 'Test call', verified: true } },
    ]);
    expect(sample.state().lines[0]?.line).toMatchObject({ state: 'ringing', lineId: 'line-18' });
    expect([sample.state().lines.length, seen]).toEqual([2, ['offering']]);
  });

  test('real changes go on beside it', () => {
    const { sample, become, calls } = setUp();
    sample.start();
    become(aState([aLine({ state: 'busy', calls: [aCall()] })]));
    expect(calls().map(({ state }) => state)).toEqual(['connected', 'offering']);
    expect(sample.state().lines[0]?.line.state).toBe('busy');
  });

  test('its age counts from its own beginning', () => {
    const { sample, clock, become } = setUp(aState([aLine()], { link: { type: 'online' } }));
    sample.start();
    clock.advance(5_000);
    become(aState([aLine()]));
    const [{ call, held } = { call: aCall(), held: { receivedAt: 0 } }] = ownCallsOf(sample.state());
    expect(clock.now() - held.receivedAt + call.ageMs).toBe(5_000);
  });

  test('who has no line yet gets one for it', () => {
    const { sample, calls } = setUp(aState([aColleague('11')]));
    sample.start();
    expect([calls().length, sample.state().lines.length]).toEqual([1, 2]);
  });
});

describe('its end', () => {
  test('comes by itself after 30 s, and nothing is left of it', () => {
    const { sample, clock, seen } = setUp();
    sample.start();
    clock.advance(29_999);
    expect(seen).toEqual(['offering']);
    clock.advance(1);
    expect(sample.state().lines[0]?.line.calls).toMatchObject([{ state: 'ended' }]);
    clock.advance(5_000);
    expect([sample.state().lines[0]?.line.calls, clock.pending()]).toEqual([[], 0]);
  });

  test('comes when it is declined', () => {
    const { sample, calls } = setUp();
    sample.start();
    expect(sample.give(DROP)).toEqual({ type: 'done', callId: 'sample:id-1' });
    expect(calls()).toEqual([]);
    expect(sample.give(DROP)).toEqual({ type: 'failed', code: 'call-unknown' });
  });

  test('comes after it was answered, and hung up', () => {
    const { sample, calls } = setUp();
    sample.start();
    expect(sample.give(ANSWER)).toMatchObject({ type: 'done' });
    expect(calls()).toMatchObject([{ state: 'connected', capabilities: ['drop'] }]);
    sample.give(DROP);
    expect(calls()).toEqual([]);
  });

  test('leaves a second one alone', () => {
    const { sample, clock, calls } = setUp();
    sample.start();
    sample.give(DROP);
    clock.advance(4_000);
    sample.start();
    clock.advance(20_000);
    expect(calls()).toHaveLength(1);
  });
});

test('what it cannot do is refused here', () => {
  const { sample } = setUp();
  expect(sample.give(ANSWER)).toEqual({ type: 'failed', code: 'call-unknown' });
  sample.start();
  expect(sample.give({ name: 'hold', args: {} })).toEqual({ type: 'failed', code: 'not-supported' });
});
