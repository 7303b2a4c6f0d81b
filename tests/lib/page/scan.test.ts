// The scanner's work in slices, with slices that the test runs by hand. Layout and live pages: tests/e2e-page.
import { afterEach, expect, test } from 'vitest';
import { createExclusions } from '#lib/page/exclusions.ts';
import { createScanner } from '#lib/page/scan.ts';

afterEach(() => document.body.replaceChildren());

test('a text that cannot be read costs itself, not the rest of the page', () => {
  document.body.innerHTML = '<p>1</p><p>2</p><p>3</p>';
  const read: string[] = [];
  const slices: (() => void)[] = [];
  const scanner = createScanner({
    document,
    read(text) {
      if (text === '2') throw new Error('unreadable');
      read.push(text);
      return [];
    },
    openShadowRoot: () => null,
    isOwn: () => false,
    excludes: createExclusions(document, []),
    onRoot: () => undefined,
    onBlock: () => undefined,
    onSettled: () => undefined,
    schedule: (slice) => void slices.push(slice),
  });
  const faults: unknown[] = [];
  for (let slice = slices.shift(); slice; slice = slices.shift()) {
    try {
      slice();
    } catch (fault) {
      faults.push(fault);
    }
  }
  scanner.close();
  expect(read).toEqual(['1', '3']);
  expect(faults).toEqual([new Error('unreadable')]);
});
