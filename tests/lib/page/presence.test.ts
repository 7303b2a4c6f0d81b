// Who is at work in a frame.
import { expect, test } from 'vitest';
import { presenceOf, setPresence } from '#lib/page/presence.ts';

test('gate and page script know of each other through the scope they share, and through no other', () => {
  const scope = {};
  const presence = { isAlive: () => true, close: () => undefined };
  setPresence(scope, 'page', presence);
  expect([presenceOf(scope, 'page'), presenceOf(scope, 'gate'), presenceOf({}, 'page')]).toEqual([
    presence,
    undefined,
    undefined,
  ]);
});
