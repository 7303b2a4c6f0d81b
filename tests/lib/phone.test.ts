// The picture of the phones: examples of each rule, and any order of frames against the sender's own model.
import type { Line, ServerMessage } from '@offhook/protocol';
import { locationOf } from '@offhook/protocol/location-settings';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyPhone, type LinkStatus, ownCallsOf, type PhoneState, reducePhone } from '#lib/phone.ts';
import { aCall, aColleague, aLine } from '../components/builders.ts';
import { aDelta, aSnapshot, aWelcome } from '../fakes/relay-messages.ts';

const AT = 1_800_000_000_000;
const BERLIN = locationOf({ country: 'DE', areaCode: '30' });
const RUNS = process.env['OFFHOOK_FULL'] === '1' ? 20_000 : 1_000;

const told = (state: PhoneState, ...messages: ServerMessage[]) =>
  messages.reduce((next, message) => reducePhone(next, { type: 'message', message, at: AT }), state);
const linked = (state: PhoneState, status: LinkStatus) => reducePhone(state, { type: 'link', status });
const signedIn = (state: PhoneState = emptyPhone('DE')) => told(linked(state, { type: 'online' }), aWelcome());
const linesOf = (state: PhoneState) => state.lines.map(({ line }) => line);
const idsOf = (state: PhoneState) => linesOf(state).map(({ lineId }) => lineId);

test('dial plans that are told later take the place of those of the welcome', () => {
  const state = told(signedIn(), { type: 'dial-plans', dialPlans: [{ dialPlanId: 'main', location: BERLIN }] });
  expect(state.dialPlans).toEqual([{ dialPlanId: 'main', location: BERLIN }]);
  expect(told(state, { type: 'dial-plans', dialPlans: [] }).dialPlans).toEqual([]);
});

describe('what is current', () => {
  test('signed in is still connecting, until the first snapshot', () => {
    expect(signedIn().link).toEqual({ type: 'connecting' });
    expect(told(signedIn(), aSnapshot([])).link).toEqual({ type: 'online' });
  });

  test('after a resumption the first delta makes it current, even an empty one', () => {
    const before = linked(told(signedIn(), aSnapshot([aLine()])), { type: 'offline' });
    const resumed = signedIn(before);
    expect(resumed.link).toEqual({ type: 'connecting' });
    expect(told(resumed, aDelta([], { rev: 1 })).link).toEqual({ type: 'online' });
  });

  test('a part of a snapshot is not the picture', () => {
    const begun = told(signedIn(), aSnapshot([aLine()], { part: 1, parts: 2 }));
    expect([begun.link.type, begun.lines]).toEqual(['connecting', []]);
  });

  test.each<[LinkStatus, LinkStatus]>([
    [{ type: 'online' }, { type: 'connecting' }],
    [{ type: 'offline', code: 'timeout' }, { type: 'connecting' }],
    [{ type: 'unpaired' }, { type: 'unpaired' }],
    [
      { type: 'refused', code: 'revoked' },
      { type: 'refused', code: 'revoked' },
    ],
  ])('restored: %o is shown as %o, with its lines and their age', (stored, shown) => {
    const state = { ...told(signedIn(), aSnapshot([aLine()])), link: stored };
    const restored = reducePhone(emptyPhone('FR'), { type: 'restored', state });
    expect(restored).toEqual({ ...state, link: shown });
    expect(restored.heardAt).toBe(AT);
  });

  test.each(['revoked', 'unauthenticated'] as const)('%s: lines and names are gone, the reason stays', (code) => {
    const state = told(signedIn(), aSnapshot([aLine()]));
    const link = { type: 'refused', code } as const;
    expect(linked(state, link)).toEqual({ ...emptyPhone('DE'), link });
  });

  test('a refusal that says nothing about rights leaves the picture with its age', () => {
    const state = told(signedIn(), aSnapshot([aLine()]));
    const link = { type: 'refused', code: 'version-too-old-extension' } as const;
    expect(linked(state, link)).toEqual({ ...state, link });
  });

  test('a disconnected profile knows nothing any more', () => {
    const state = told(signedIn(), aSnapshot([aLine()]));
    expect(reducePhone(state, { type: 'forgotten' })).toEqual(emptyPhone('DE'));
  });
});

describe('snapshots and deltas', () => {
  test('a snapshot replaces everything and sets the cursor', () => {
    const first = told(signedIn(), aSnapshot([aColleague('11'), aColleague('12')]));
    const second = told(first, aSnapshot([aColleague('12')], { epoch: 'epoch-2', rev: 3, aclRev: 9 }));
    expect(idsOf(second)).toEqual(['line-12']);
    expect(second.cursor).toEqual({ epoch: 'epoch-2', rev: 3, aclRev: 9 });
  });

  test('lines stand in the order of their extensions, read as numbers', () => {
    const lines = ['9', '100', '18', '2'].map((extension) => aColleague(extension));
    const state = told(signedIn(), aSnapshot(lines), aDelta([aColleague('20')]));
    expect(linesOf(state).map(({ extension }) => extension)).toEqual(['2', '9', '18', '20', '100']);
  });

  test('a delta changes, adds and takes away lines', () => {
    const state = told(
      signedIn(),
      aSnapshot([aColleague('11'), aColleague('12')]),
      aDelta([aColleague('11', { state: 'busy' }), { lineId: 'line-12', gone: true }, aColleague('13')], { rev: 5 }),
    );
    expect(linesOf(state).map(({ lineId, state: shown }) => [lineId, shown])).toEqual([
      ['line-11', 'busy'],
      ['line-13', 'idle'],
    ]);
    expect(state.cursor?.rev).toBe(5);
  });

  test('deltas wait for the last part', () => {
    const begun = told(
      signedIn(),
      aSnapshot([aColleague('11')], { part: 1, parts: 2 }),
      aDelta([aColleague('11', { state: 'ringing' })], { rev: 2 }),
    );
    expect(begun.lines).toEqual([]);
    const whole = told(begun, aSnapshot([aColleague('12')], { part: 2, parts: 2 }));
    expect(linesOf(whole).map((line) => line.state)).toEqual(['ringing', 'idle']);
    expect(whole.cursor?.rev).toBe(2);
  });

  test('a part without the one before it is no picture', () => {
    const state = told(signedIn(), aSnapshot([aColleague('12')], { part: 2, parts: 2 }));
    expect([state.lines, state.cursor, state.link.type]).toEqual([[], undefined, 'connecting']);
  });

  test('a connection that ended in the middle of a snapshot leaves nothing behind', () => {
    const begun = told(signedIn(), aSnapshot([aColleague('11')], { part: 1, parts: 2 }));
    const state = told(linked(begun, { type: 'offline' }), aSnapshot([aColleague('12')], { part: 2, parts: 2 }));
    expect(state.lines).toEqual([]);
  });

  test('a delta of another epoch is not applied', () => {
    const state = told(signedIn(), aSnapshot([aColleague('11')]));
    expect(told(state, aDelta([aColleague('12')], { epoch: 'epoch-9' }))).toBe(state);
  });

  test('a heartbeat moves the cursor on, never back, and not to another epoch', () => {
    const state = told(signedIn(), aSnapshot([], { rev: 5 }));
    const revAfter = (epoch: string, rev: number) => told(state, { type: 'heartbeat', epoch, rev }).cursor?.rev;
    expect([revAfter('epoch-1', 8), revAfter('epoch-1', 2), revAfter('epoch-2', 9)]).toEqual([8, 5, 5]);
  });

  test('a heartbeat before the picture is complete does not claim that it is', () => {
    const resumed = signedIn(told(signedIn(), aSnapshot([aLine()], { rev: 1 })));
    const heartbeat: ServerMessage = { type: 'heartbeat', epoch: 'epoch-1', rev: 9 };
    expect(told(resumed, heartbeat).cursor?.rev).toBe(1);
    const assembling = told(signedIn(), aSnapshot([]), aSnapshot([], { part: 1, parts: 2, rev: 9 }));
    expect(told(assembling, heartbeat).cursor?.rev).toBe(1);
  });
});

describe('the same object', () => {
  test('stays when the link says what it said before', () => {
    const state = linked(emptyPhone('DE'), { type: 'offline', code: 'timeout' });
    expect(linked(state, { type: 'offline', code: 'timeout' })).toBe(state);
    expect(linked(state, { type: 'offline' })).not.toBe(state);
  });

  test('lines that did not change stay the same', () => {
    const state = told(signedIn(), aSnapshot([aColleague('11'), aColleague('12')]));
    const changed = told(state, aDelta([aColleague('12', { state: 'busy' })]));
    expect(changed.lines[0]).toBe(state.lines[0]);
    expect(told(state, { type: 'pong', n: 1 }).lines).toBe(state.lines);
  });
});

test('own calls are those that are not over, on own lines alone', () => {
  const calls = [aCall({ callId: 'a', state: 'failed' }), aCall({ callId: 'b', state: 'ended' })];
  const state = told(signedIn(), aSnapshot([aLine({ calls }), aColleague('12', { calls: [aCall({ callId: 'c' })] })]));
  expect(ownCallsOf(state).map(({ call }) => call.callId)).toEqual(['a']);
});

// ---- any order of frames, against the relay's own picture

type Act =
  | { type: 'change'; extension: string; state: Line['state'] }
  | { type: 'revoke'; extension: string }
  /** Everything anew, in parts, while things go on changing between the parts. */
  | { type: 'snapshot'; parts: number; between: { extension: string; state: Line['state'] }[] }
  | { type: 'heartbeat' }
  | { type: 'other' }
  /** The socket ends after `lost` further changes that nobody hears of; then it is resumed, or not. */
  | { type: 'reconnect'; missed: { extension: string; state: Line['state'] }[]; cutAfterPart: boolean }
  | { type: 'newEpoch' };

const change = fc.record({
  extension: fc.constantFrom('9', '10', '18', '101', '7'),
  state: fc.constantFrom<Line['state']>('idle', 'ringing', 'busy', 'held'),
});
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: change.map((one) => ({ type: 'change' as const, ...one })) },
  change.map(({ extension }) => ({ type: 'revoke' as const, extension })),
  fc.record({
    type: fc.constant('snapshot' as const),
    parts: fc.integer({ min: 1, max: 4 }),
    between: fc.array(change, { maxLength: 4 }),
  }),
  fc.constant({ type: 'heartbeat' as const }),
  fc.constant({ type: 'other' as const }),
  fc.record({
    type: fc.constant('reconnect' as const),
    missed: fc.array(change, { maxLength: 4 }),
    cutAfterPart: fc.boolean(),
  }),
  fc.constant({ type: 'newEpoch' as const }),
);

/** A relay with one connection: keeps its lines, each with the rev of its last change, and speaks by the rules. */
function createModel() {
  const lines = new Map<string, { line: Line; rev: number }>();
  const gone = new Map<string, number>();
  let [epoch, rev, aclRev] = [1, 1, 1];
  let phone = emptyPhone('DE');
  let wasCurrentAtEnd = true;

  const say = (message: ServerMessage) => {
    phone = told(phone, message);
  };
  const name = () => `epoch-${epoch}`;
  const put = ({ extension, state }: { extension: string; state: Line['state'] }) => {
    rev += 1;
    const line = aColleague(extension, { state, asOf: new Date(AT + rev).toISOString() });
    lines.set(line.lineId, { line, rev });
    gone.delete(line.lineId);
    return line;
  };
  const snapshot = (parts: number, between: { extension: string; state: Line['state'] }[] = [], upTo = parts) => {
    const all = [...lines.values()].map(({ line }) => line);
    const size = Math.ceil(all.length / parts);
    const frozen = { epoch: name(), rev, aclRev };
    for (let part = 1; part <= upTo; part += 1) {
      const slice = all.slice((part - 1) * size, part * size);
      say({ type: 'snapshot', ...frozen, lines: slice, part, parts });
      const next = between[part - 1];
      if (next && part < parts) say(aDelta([put(next)], { epoch: name(), rev }));
    }
  };
  const connect = () => {
    phone = linked(phone, { type: 'connecting' });
    phone = signedIn(phone);
    wasCurrentAtEnd &&= phone.link.type !== 'online';
    const { cursor } = phone;
    if (cursor?.epoch !== name() || cursor.aclRev !== aclRev) return snapshot(2);
    const newer = [...lines.values()].filter((one) => one.rev > cursor.rev).map(({ line }) => line);
    const taken = [...gone].filter(([, at]) => at > cursor.rev).map(([lineId]) => ({ lineId, gone: true as const }));
    say(aDelta([...newer, ...taken], { epoch: name(), rev }));
  };
  connect();

  return {
    phone: () => phone,
    neverCurrentTooEarly: () => wasCurrentAtEnd,
    expected: () =>
      [...lines.values()].map(({ line }) => line).sort((a, b) => Number(a.extension) - Number(b.extension)),
    position: () => ({ epoch: name(), rev, aclRev }),
    run(one: Act): void {
      switch (one.type) {
        case 'change':
          return say(aDelta([put(one)], { epoch: name(), rev }));
        case 'revoke': {
          rev += 1;
          const lineId = `line-${one.extension}`;
          if (lines.delete(lineId)) gone.set(lineId, rev);
          return say(aDelta([{ lineId, gone: true }], { epoch: name(), rev }));
        }
        case 'snapshot':
          aclRev += 1;
          return snapshot(one.parts, one.between);
        case 'heartbeat':
          return say({ type: 'heartbeat', epoch: name(), rev });
        case 'other':
          return say({ type: 'pong', n: 1 });
        case 'reconnect':
          // A new right, and the connection breaks before its last part has come.
          if (one.cutAfterPart) aclRev += 1;
          if (one.cutAfterPart) snapshot(3, [], 2);
          phone = linked(phone, { type: 'offline' });
          for (const missed of one.missed) put(missed);
          return connect();
        case 'newEpoch':
          epoch += 1;
          rev = 1;
          phone = linked(phone, { type: 'offline' });
          return connect();
        default:
          return one satisfies never;
      }
    },
  };
}

test('any order of parts, deltas, heartbeats, losses and epochs ends at what the relay holds', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
      const model = createModel();
      for (const one of acts) {
        model.run(one);
        expect(linesOf(model.phone())).toEqual(model.expected());
        expect(model.phone().link).toEqual({ type: 'online' });
        const { epoch, rev, aclRev } = model.position();
        const cursor = model.phone().cursor;
        // Never ahead of the relay; behind it only by what changed nothing here.
        expect([cursor?.epoch, cursor?.aclRev]).toEqual([epoch, aclRev]);
        expect(cursor?.rev).toBeLessThanOrEqual(rev);
      }
      expect(model.neverCurrentTooEarly()).toBe(true);
    }),
    { numRuns: RUNS },
  );
});
