import type { Call } from '@offhook/protocol';
import { expect, test } from 'vitest';
import { type Followed, follow, shownCalls } from '#components/followed-calls.ts';
import { aCall, aLine, aState } from './builders.ts';

const NOW = 1_000_000;

function ringing(change: Partial<Call> = {}): Call {
  const { connectedMs: _none, ...call } = aCall({ state: 'offering', ageMs: 4000, ...change });
  return call;
}

function after(before: readonly Followed[], calls: readonly Call[], { now = NOW, isFresh = true } = {}) {
  return follow(before, aState([aLine({ calls: [...calls] })]), { now, isFresh });
}

const stagesOf = (followed: readonly Followed[]) => followed.map(({ call, stage }) => `${call.callId} ${stage.type}`);

test('an offered call is followed, and a call that the agent started is not', () => {
  const own = aCall({ callId: 'own', direction: 'outbound' });
  expect(stagesOf(after([], [ringing(), own]))).toEqual(['call-1 ringing']);
});

test('a window that opens late takes up the call that was just answered, but none that is over', () => {
  const over = aCall({ callId: 'over', state: 'ended' });
  expect(stagesOf(after([], [aCall(), over]))).toEqual(['call-1 running']);
});

test('a call that was talked keeps its card when it ends, and after the relay has forgotten it', () => {
  const talking = after(after([], [ringing()]), [aCall()]);
  const ended = after(talking, [aCall({ state: 'ended', cause: 'normal' })], { now: NOW + 1000 });
  expect(ended[0]?.stage).toEqual({ type: 'talked', overAt: NOW + 1000 });
  expect(after(ended, [], { now: NOW + 90_000 })[0]?.stage).toEqual({ type: 'talked', overAt: NOW + 1000 });
});

test('a call that was answered elsewhere is told for three seconds and does not come back', () => {
  const elsewhere = ringing({ state: 'ended', cause: 'answeredElsewhere' });
  const gone = after(after([], [ringing()]), [elsewhere]);
  expect(stagesOf(gone)).toEqual(['call-1 gone']);
  expect(stagesOf(after(gone, [elsewhere], { now: NOW + 2999 }))).toEqual(['call-1 gone']);
  const left = after(gone, [elsewhere], { now: NOW + 3000 });
  expect(left).toEqual([]);
  expect(after(left, [elsewhere], { now: NOW + 3001 })).toEqual([]);
});

test('a call of which nothing is heard while the link is away stays, and is over once the picture is whole again', () => {
  const talking = after(after([], [ringing()]), [aCall()]);
  const away = after(talking, [], { isFresh: false });
  expect(stagesOf(away)).toEqual(['call-1 running']);
  const back = after(away, []);
  expect(stagesOf(back)).toEqual(['call-1 talked']);
  expect(back[0]?.call.capabilities).toEqual([]);
});

test('what rings stands first, each call separately', () => {
  const followed = after(
    [],
    [aCall({ callId: 'a', conversationId: 'a' }), ringing({ callId: 'b', conversationId: 'b' })],
  );
  expect(stagesOf(shownCalls(followed))).toEqual(['b ringing', 'a running']);
});

test('one conversation on two own lines is one card: that of the line that talks, else of one that can answer', () => {
  const lines = (first: Call, second: Call) =>
    aState([aLine({ calls: [first] }), aLine({ lineId: 'line-19', extension: '19', calls: [second] })]);
  const deaf = ringing({ callId: 'a', capabilities: [] });
  const able = ringing({ callId: 'b' });
  const both = follow([], lines(deaf, able), { now: NOW, isFresh: true });
  expect(stagesOf(shownCalls(both))).toEqual(['b ringing']);
  const lifted = { ...deaf, state: 'connected', connectedMs: 0 } as const;
  const elsewhere = { ...able, state: 'ended', cause: 'answeredElsewhere' } as const;
  const talked = follow(both, lines(lifted, elsewhere), { now: NOW, isFresh: true });
  expect(stagesOf(shownCalls(talked))).toEqual(['a running']);
});
