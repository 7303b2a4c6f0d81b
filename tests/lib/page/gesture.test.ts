// One gesture: press, release and click of a person on the same thing.
import { describe, expect, test } from 'vitest';
import { createGesture, type PressEvent } from '#lib/page/gesture.ts';

function press(changes: Partial<PressEvent> = {}): PressEvent {
  const at = { clientX: 10, clientY: 10, button: 0 };
  const keys = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
  return { isTrusted: true, isPrimary: true, ...at, ...keys, ...changes };
}

describe('gesture', () => {
  test('press, release and click give the target once', () => {
    const gesture = createGesture<string>();
    gesture.down(press(), 'chip');
    gesture.up(press());
    expect([gesture.click(press()), gesture.click(press())]).toEqual(['chip', undefined]);
  });

  test('a click without press or without release gives nothing', () => {
    const gesture = createGesture<string>();
    expect(gesture.click(press())).toBeUndefined();
    gesture.down(press(), 'chip');
    expect(gesture.click(press())).toBeUndefined();
  });

  test.each<[string, Partial<PressEvent>]>([
    ['made by a script', { isTrusted: false }],
    ['with another button', { button: 2 }],
    ['with a modifier', { ctrlKey: true }],
    ['with a modifier', { metaKey: true }],
    ['with a modifier', { shiftKey: true }],
    ['with a modifier', { altKey: true }],
    ['elsewhere, after a drag', { clientX: 40 }],
  ])('any part %s gives nothing', (_, change) => {
    for (const odd of ['down', 'up', 'click']) {
      const gesture = createGesture<string>();
      gesture.down(press(odd === 'down' ? change : {}), 'chip');
      gesture.up(press(odd === 'up' ? change : {}));
      expect(gesture.click(press(odd === 'click' ? change : {}))).toBeUndefined();
    }
  });

  test('a second finger gives nothing', () => {
    const gesture = createGesture<string>();
    gesture.down(press({ isPrimary: false }), 'chip');
    gesture.up(press());
    expect(gesture.click(press())).toBeUndefined();
  });

  test('what a script dispatches in between neither counts nor disturbs', () => {
    const gesture = createGesture<string>();
    gesture.down(press(), 'chip');
    gesture.down(press({ isTrusted: false }), 'another');
    gesture.up(press());
    expect([gesture.click(press({ isTrusted: false })), gesture.click(press())]).toEqual([undefined, 'chip']);
  });

  test('a press on nothing and a cancelled press give nothing', () => {
    const gesture = createGesture<string>();
    gesture.down(press(), 'chip');
    gesture.down(press(), undefined);
    gesture.up(press());
    expect(gesture.click(press())).toBeUndefined();
    gesture.down(press(), 'chip');
    gesture.cancel();
    gesture.up(press());
    expect(gesture.click(press())).toBeUndefined();
  });
});
