import { CALL_STATES, type CallState } from '@offhook/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canFollow, lineStateOf } from '../../relay/src/call-states.ts';

const HERE = { type: 'reported', isRegistered: true } as const;

describe('canFollow', () => {
  it.each<[CallState, CallState]>([
    ['initiated', 'prompting'],
    ['prompting', 'dialing'],
    ['dialing', 'connected'],
    ['ringback', 'queued'],
    ['queued', 'ringback'],
    ['offering', 'connected'],
    ['connected', 'held'],
    ['held', 'connected'],
    ['failed', 'ended'],
  ])('%s may be followed by %s', (from, to) => {
    expect(canFollow(from, to)).toBe(true);
  });

  it.each<[CallState, CallState]>([
    ['connected', 'ringback'],
    ['connected', 'dialing'],
    ['held', 'offering'],
    ['ringback', 'dialing'],
    ['dialing', 'prompting'],
    ['offering', 'ringback'],
    ['failed', 'connected'],
    ['ended', 'connected'],
    ['ended', 'ended'],
  ])('%s is never followed by %s', (from, to) => {
    expect(canFollow(from, to)).toBe(false);
  });

  it('lets every call end, and none return from its end', () => {
    for (const state of CALL_STATES.filter((one) => one !== 'ended')) {
      expect(canFollow(state, 'ended')).toBe(true);
      expect(canFollow('ended', state)).toBe(false);
    }
  });
});

describe('lineStateOf', () => {
  it.each<[CallState[], string]>([
    [[], 'idle'],
    [['ended'], 'idle'],
    [['offering'], 'ringing'],
    [['prompting'], 'busy'],
    [['ringback'], 'busy'],
    [['failed'], 'busy'],
    [['connected'], 'busy'],
    [['held'], 'held'],
    [['held', 'held'], 'held'],
    [['held', 'dialing'], 'busy'],
    [['connected', 'offering'], 'busyRinging'],
    [['held', 'offering'], 'busyRinging'],
    [['ended', 'offering'], 'ringing'],
  ])('calls %j make the line %s', (states, expected) => {
    const calls = states.map((state) => ({ state }));
    expect(lineStateOf(calls, HERE).state).toBe(expected);
  });

  it('says unknown about a line out of reach or not reported, whatever its calls were', () => {
    const calls = fc.array(fc.constantFrom(...CALL_STATES).map((state) => ({ state })));
    fc.assert(
      fc.property(calls, (list) => {
        expect(lineStateOf(list, { type: 'unreachable' })).toEqual({
          state: 'unknown',
          unavailableReason: 'pbxUnreachable',
        });
        expect(lineStateOf(list, { type: 'unreported' })).toEqual({ state: 'unknown' });
      }),
    );
  });

  it('calls a line without phone unavailable, and one whose phone system does not tell idle', () => {
    expect(lineStateOf([], { type: 'reported', isRegistered: false })).toEqual({
      state: 'unavailable',
      unavailableReason: 'noPhone',
    });
    expect(lineStateOf([], { type: 'reported', isRegistered: undefined })).toEqual({ state: 'idle' });
  });

  it.each(['ringing', 'busy'] as const)('shows the lamp %s where the phone system does not tell the call', (lamp) => {
    expect(lineStateOf([], { ...HERE, lamp })).toEqual({ state: lamp });
    expect(lineStateOf([{ state: 'ended' }], { ...HERE, lamp })).toEqual({ state: lamp });
    expect(lineStateOf([{ state: 'held' }], { ...HERE, lamp })).toEqual({ state: 'held' });
    expect(lineStateOf([{ state: 'offering' }], { ...HERE, lamp: 'idle' })).toEqual({ state: 'ringing' });
  });
});
