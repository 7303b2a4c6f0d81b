// The short way to read the news of a call must come to what the schema comes to, and leave alone what it does not know.
import { CALL_STATES, COMMANDS, DIRECTIONS } from '@offhook/protocol';
import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { hotFrameOf } from '../../../relay/src/pbx/simulator/hot-frame.ts';
import { ServerFrameSchema } from '../../../relay/src/pbx/simulator/wire.ts';

const maybe = <Value>(value: fc.Arbitrary<Value>, ...odd: unknown[]) =>
  fc.oneof(
    { arbitrary: value, weight: 20 },
    { arbitrary: fc.constantFrom(...odd, 7, -1, null, '', [], {}), weight: 1 },
  );
const text = fc.string({ maxLength: 70 });
const plain = {
  lineKey: fc.string({ minLength: 1, maxLength: 64 }),
  callKey: fc.string({ minLength: 1, maxLength: 64 }),
  direction: fc.constantFrom(...DIRECTIONS),
  state: fc.constantFrom(...CALL_STATES),
  remote: fc.record({ number: text, name: text }, { requiredKeys: [] }),
  dialled: text,
  since: fc.nat(),
  connectedSince: fc.nat(),
  answerReported: fc.boolean(),
  capabilities: fc.array(fc.constantFrom(...COMMANDS)),
};
const plainLegs = fc.record(plain, {
  requiredKeys: ['lineKey', 'callKey', 'direction', 'state', 'remote', 'since', 'answerReported', 'capabilities'],
});
const oddLegs = fc.record(
  {
    lineKey: maybe(plain.lineKey, 'x'.repeat(65)),
    callKey: maybe(plain.callKey),
    linkKey: text,
    direction: maybe(plain.direction, 'sideways'),
    state: maybe(plain.state, 'lost'),
    cause: fc.constantFrom('busy', 'nonsense'),
    remote: maybe(fc.record({ number: maybe(text, 'x'.repeat(257)), name: text, more: text }, { requiredKeys: [] })),
    dialled: maybe(text, 'x'.repeat(257)),
    since: maybe(plain.since, -5),
    connectedSince: maybe(plain.connectedSince, -5),
    answerReported: maybe(plain.answerReported, 'yes'),
    capabilities: maybe(fc.array(fc.constantFrom(...COMMANDS, 'fly')), ['x'.repeat(257)]),
    group: text,
  },
  { requiredKeys: [] },
);
const legs = fc.oneof(plainLegs, oddLegs);

test('what is read the short way is what the schema reads', () => {
  let read = 0;
  fc.assert(
    fc.property(legs, fc.constantFrom('leg', 'line'), (leg, type) => {
      const json: unknown = JSON.parse(JSON.stringify({ type: 'event', event: { type, leg } }));
      const hot = hotFrameOf(json);
      if (!hot) return;
      read += 1;
      const long = v.safeParse(ServerFrameSchema, json);
      expect(long.success).toBe(true);
      expect(hot).toStrictEqual(long.output);
    }),
    { numRuns: 2_000 },
  );
  expect(read).toBeGreaterThan(100);
});

test('a plain call is read the short way; everything else is left to the schema', () => {
  const leg = {
    ...{ lineKey: '10', callKey: 'call-1', direction: 'inbound', state: 'held', since: 1, connectedSince: 2 },
    ...{ remote: { number: '03023125077', name: 'Sample caller' }, answerReported: true },
    capabilities: ['transfer', 'drop'],
  };
  const frameOf = (change: object) => hotFrameOf({ type: 'event', event: { type: 'leg', leg: { ...leg, ...change } } });
  expect(frameOf({})).toBeDefined();
  for (const change of [
    { linkKey: 'k' },
    { cause: 'busy' },
    { capabilities: ['fly'] },
    { remote: null },
    { since: -1 },
  ]) {
    expect(frameOf(change)).toBeUndefined();
  }
  for (const other of [
    null,
    'x',
    [],
    { type: 'pong' },
    { type: 'event' },
    { type: 'event', event: { type: 'line' } },
  ]) {
    expect(hotFrameOf(other)).toBeUndefined();
  }
});
