import { describe, expect, it } from 'vitest';
import type { BoardCall, BoardLine } from '../../../relay/src/switchboard.ts';
import type { Wish } from '../../../relay/src/tapimaster-server/grammar.ts';
import { planFor } from '../../../relay/src/tapimaster-server/plan.ts';
import { aCall, aLine, aViewer } from '../builders.ts';

const call = (callId: string, state: BoardCall['state'], since = 0) => aCall({ callId, state, since });
const plan = (wish: Wish, calls: BoardCall[] = [], line: Partial<BoardLine> = {}) =>
  planFor(wish, aViewer(), [aLine({ extension: '100', calls, ...line })]);
const redirect: Wish = { verb: 'redirect', extension: '100', number: '102' };

describe('Redirect', () => {
  it('deflects the first incoming call, though another one is connected', () => {
    const calls = [call('talk', 'connected', 1), call('second', 'offering', 5), call('first', 'offering', 3)];
    expect(plan(redirect, calls)).toMatchObject({ orders: [{ callId: 'first', order: { name: 'redirect' } }] });
  });

  it('transfers the first connected call where none comes in', () => {
    const calls = [call('held', 'held', 0), call('later', 'connected', 9), call('first', 'connected', 2)];
    expect(plan(redirect, calls)).toMatchObject({ orders: [{ callId: 'first' }] });
  });

  it('touches neither a call on hold nor one that is over', () => {
    expect(plan(redirect, [call('held', 'held'), call('over', 'ended')])).toEqual({ code: 'call-unknown' });
  });
});

describe('the other commands find their call', () => {
  it.each([
    ['answer', [call('a', 'connected', 0), call('b', 'offering', 2), call('c', 'offering', 1)], 'c'],
    ['drop', [call('a', 'offering', 0), call('b', 'held', 0), call('c', 'ringback', 3)], 'c'],
    ['drop', [call('a', 'held', 0), call('b', 'offering', 5)], 'b'],
    ['drop', [call('a', 'held', 0)], 'a'],
  ] as const)('%s', (verb, calls, callId) => {
    expect(plan({ verb, extension: '100' }, [...calls])).toMatchObject({ orders: [{ callId }] });
  });

  it.each(['toggle', 'transfer', 'conference'] as const)('%s needs one active call and one on hold', (verb) => {
    const two = plan({ verb, extension: '100' }, [call('held', 'held'), call('active', 'connected')]);
    expect(two).toMatchObject({ orders: [{ callId: 'active', order: { args: { otherCallId: 'held' } } }] });
    expect(plan({ verb, extension: '100' }, [call('active', 'connected')])).toMatchObject({ code: 'call-unknown' });
  });
});

describe('Forward', () => {
  const orders = (line: Partial<BoardLine>) => {
    const made = plan({ verb: 'forwardOff', extension: '100' }, [], line);
    return 'code' in made ? made.code : made.orders.map(({ order }) => [order.name, order.args]);
  };

  it('without a target takes back what is set, and what is not known to be off', () => {
    const off = ['setForward', { when: 'all', to: null }];
    expect(orders({ dnd: false })).toEqual([off]);
    expect(orders({ dnd: true })).toEqual([off, ['setDnd', { on: false }]]);
    expect(orders({ dnd: null })).toEqual([off, ['setDnd', { on: false }]]);
    const to = { kind: 'internal', number: '12' } as const;
    expect(orders({ dnd: false, forward: { when: 'busy', to } })).toEqual([['setForward', { when: 'busy', to: null }]]);
    expect(orders({ capabilities: ['makeCall'] })).toBe('not-supported');
  });

  it('with a star means do not disturb', () => {
    const made = plan({ verb: 'disturbNot', extension: '100' });
    expect(made).toMatchObject({ orders: [{ order: { name: 'setDnd', args: { on: true } } }] });
  });
});

describe('the extension', () => {
  it('of a line that the user does not see is no line', () => {
    expect(planFor(redirect, aViewer(), [aLine({ lineId: 'line-2', extension: '100' })])).toEqual({
      code: 'line-unknown',
    });
  });

  it('means the line that the user operates where several phone systems have it', () => {
    const viewer = aViewer({
      grants: [
        { userId: 'user-1', lineId: 'line-1', rights: ['watch'], isOwn: false },
        { userId: 'user-1', lineId: 'line-2', rights: [], isOwn: true },
      ],
    });
    const lines = ['line-1', 'line-2'].map((lineId) => aLine({ lineId, extension: '100' }));
    const wish: Wish = { verb: 'makeCall', extension: '100', number: '102' };
    expect(planFor(wish, viewer, lines)).toMatchObject({ lineId: 'line-2' });
    const both = aViewer({
      grants: lines.map(({ lineId }) => ({ userId: 'user-1', lineId, rights: [], isOwn: true })),
    });
    expect(planFor(wish, both, lines)).toMatchObject({ code: 'line-unknown', reason: expect.any(String) });
  });
});
