// Hover intent: when the chip comes and when it goes.
import { describe, expect, test } from 'vitest';
import { DWELL_MS, type Hover, LINGER_MS, nextHover, type Place, wakeAt } from '#lib/page/hover.ts';

const IDLE: Hover<string> = { type: 'idle' };
const other: Place<string> = { type: 'other' };
const chip: Place<string> = { type: 'chip' };
const on = (mark: string): Place<string> => ({ type: 'number', mark });

function stateAfter(steps: [place: Place<string>, atMs: number][]): Hover<string> {
  return steps.reduce(
    (state, [place, atMs]) => nextHover(state, { place, nowMs: atMs, isSame: (a, b) => a === b }),
    IDLE,
  );
}

describe('hover intent', () => {
  test('shows the chip once the pointer has rested on a number', () => {
    expect(
      stateAfter([
        [on('a'), 0],
        [on('a'), DWELL_MS - 1],
      ]).type,
    ).toBe('waiting');
    expect(
      stateAfter([
        [on('a'), 0],
        [on('a'), DWELL_MS],
      ]),
    ).toEqual({ type: 'shown', mark: 'a' });
  });

  test('does not show one for a pointer that passes over', () => {
    expect(
      stateAfter([
        [on('a'), 0],
        [other, 50],
        [on('a'), 60],
        [on('a'), DWELL_MS + 10],
      ]).type,
    ).toBe('waiting');
    expect(
      stateAfter([
        [on('a'), 0],
        [on('b'), 100],
        [on('b'), DWELL_MS + 50],
      ]),
    ).toMatchObject({ type: 'waiting', mark: 'b' });
  });

  test('keeps the chip while the pointer is on it, and on the way to it', () => {
    const shown: [Place<string>, number][] = [
      [on('a'), 0],
      [on('a'), 200],
    ];
    expect(stateAfter([...shown, [other, 300], [chip, 300 + LINGER_MS - 1]])).toEqual({ type: 'shown', mark: 'a' });
    expect(stateAfter([...shown, [chip, 300], [chip, 9_000]])).toEqual({ type: 'shown', mark: 'a' });
  });

  test('takes the chip away some time after the pointer has left', () => {
    const left: [Place<string>, number][] = [
      [on('a'), 0],
      [on('a'), 200],
      [other, 300],
    ];
    expect(stateAfter([...left, [other, 300 + LINGER_MS - 1]]).type).toBe('leaving');
    expect(stateAfter([...left, [other, 300 + LINGER_MS]])).toEqual(IDLE);
  });

  test('goes on to another number that the pointer rests on', () => {
    const left: [Place<string>, number][] = [
      [on('a'), 0],
      [on('a'), 200],
      [on('b'), 300],
      [on('b'), 300 + LINGER_MS],
    ];
    expect(stateAfter(left)).toMatchObject({ type: 'waiting', mark: 'b' });
    expect(stateAfter([...left, [on('b'), 300 + LINGER_MS + DWELL_MS]])).toEqual({ type: 'shown', mark: 'b' });
  });

  test('wants to be asked again only while time decides', () => {
    expect(wakeAt(IDLE)).toBeUndefined();
    expect(wakeAt(stateAfter([[on('a'), 5]]))).toBe(5 + DWELL_MS);
    expect(
      wakeAt(
        stateAfter([
          [on('a'), 0],
          [on('a'), 200],
        ]),
      ),
    ).toBeUndefined();
    expect(
      wakeAt(
        stateAfter([
          [on('a'), 0],
          [on('a'), 200],
          [other, 300],
        ]),
      ),
    ).toBe(300 + LINGER_MS);
  });
});
