// Keys on the chip: which of them dial, and when.
import { describe, expect, test } from 'vitest';
import { takeKeys } from '#lib/page/press.ts';
import type { PressedButton } from '#lib/page/pressed-button.ts';
import type { Sight } from '#lib/page/sight.ts';

type Keys = Pick<KeyboardEvent, 'key' | 'isTrusted' | 'repeat' | 'isComposing' | 'ctrlKey'>;

// A chip with the focus in it, as far as keys need one.
function chip(start: { sight?: Sight; isLent?: boolean } = {}) {
  const listeners = new Map<string, (event: unknown) => void>();
  const state = {
    ...{ sight: 'seen' as Sight, isLent: true, hasSeveral: false, button: 'call' as PressedButton | undefined },
    shown: { number: 'a' } as object | undefined,
  };
  Object.assign(state, start);
  const log: unknown[] = [];
  takeKeys<object>(
    {
      sightAt: () => state.sight,
      buttonOf: () => state.button,
      // The listener gets the event of its own type: the calls below name both.
      listen: (type, listener) => void listeners.set(type, listener as (event: unknown) => void),
    },
    {
      move: (step) => {
        if (state.hasSeveral) log.push(`moved ${step}`);
        return state.hasSeveral;
      },
      open: () => log.push('opened'),
      isLent: () => state.isLent,
      pressed: () => state.shown,
      done: (shown) => log.push(shown),
      covered: () => log.push('covered'),
      leave: () => log.push('left'),
    },
  );
  const send = (type: string, key: string, changes: Partial<Keys> = {}) => {
    let isKept = false;
    const keep = { preventDefault: () => undefined, stopPropagation: () => (isKept = true) };
    const keys = { isTrusted: true, repeat: false, isComposing: false, ctrlKey: false, metaKey: false };
    listeners.get(type)?.({ key, ...keys, altKey: false, shiftKey: false, ...keep, ...changes });
    return isKept;
  };
  return {
    state,
    log,
    down: send.bind(null, 'keydown'),
    up: send.bind(null, 'keyup'),
    leave: send.bind(null, 'focusout'),
  };
}

describe('keys on the chip', () => {
  test.each(['Enter', ' '])('%j dials when it is released, what was shown when it was pressed', (key) => {
    const { down, up, log, state } = chip();
    down(key);
    expect(log).toEqual([]);
    state.shown = { number: 'b' };
    up(key);
    expect(log).toEqual([{ number: 'a' }]);
  });

  test('are kept from the page, others are left to it', () => {
    const { down, up } = chip();
    expect(['Enter', ' ', 'Escape', 'Tab', 'a', 'ArrowDown'].map((key) => down(key))).toEqual([
      true,
      true,
      true,
      true,
      false,
      true,
    ]);
    expect([up('Enter'), up('a')]).toEqual([true, false]);
  });

  test.each<[string, Partial<Keys>]>([
    ['made by a script', { isTrusted: false }],
    ['with a modifier', { ctrlKey: true }],
    ['that repeats itself', { repeat: true }],
    ['of an input method', { isComposing: true }],
  ])('a key %s dials nothing', (_, changes) => {
    const { down, up, log } = chip();
    down('Enter', changes);
    up('Enter');
    expect(log).toEqual([]);
  });

  test('a key released by a script dials nothing', () => {
    const { down, up, log } = chip();
    down('Enter');
    up('Enter', { isTrusted: false });
    expect(log).toEqual([]);
  });

  test('a chip that was there too short, or whose number is gone, dials nothing', () => {
    const early = chip({ sight: 'soon' });
    early.down('Enter');
    early.state.sight = 'seen';
    early.up('Enter');
    const gone = chip();
    gone.state.shown = undefined;
    gone.down('Enter');
    gone.up('Enter');
    expect([early.log, gone.log]).toEqual([[], []]);
  });

  test('a chip that the page covers says so', () => {
    const { down, up, log } = chip({ sight: 'covered' });
    down('Enter');
    up('Enter');
    expect(log).toEqual(['covered']);
  });

  test('a focus that no command of ours put there dials nothing and keeps no key from the page', () => {
    const { down, up, log } = chip({ isLent: false });
    expect([down('Enter'), up('Enter'), down('Escape')]).toEqual([false, false, false]);
    expect(log).toEqual([]);
  });

  test('a press ends when the focus leaves, and when another key comes in between', () => {
    const left = chip();
    left.down('Enter');
    left.leave('');
    left.up('Enter');
    const mixed = chip();
    mixed.down('Enter');
    mixed.up(' ');
    mixed.up('Enter');
    expect([left.log, mixed.log]).toEqual([[], []]);
  });

  test.each(['Escape', 'Tab'])('%s leaves, also in the middle of a press', (key) => {
    const { down, up, log } = chip();
    down('Enter');
    down(key);
    up('Enter');
    expect(log).toEqual(['left']);
  });
});
