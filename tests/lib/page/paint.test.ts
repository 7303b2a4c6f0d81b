// When marks are painted, and how many: with a clock of the test's own and highlights that only count.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Mark, MarkedBlock } from '#lib/page/marks.ts';
import { createPainter } from '#lib/page/paint.ts';

let nowMs = 0;
let drawingMs = 0;

beforeEach(() => {
  nowMs = 0;
  drawingMs = 0;
  vi.useFakeTimers();
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs + Date.now());
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    return new DOMRect(0, Number(this.getAttribute('data-top')), 100, 20);
  });
  vi.stubGlobal('requestIdleCallback', (run: () => void) => setTimeout(run, 0));
  // A frame is drawn, and only then other tasks have their turn.
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => {
    setTimeout(() => {
      run();
      nowMs += drawingMs;
    }, 16);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

function painting() {
  const ranges = new Set<AbstractRange>();
  const changes = { count: 0, atMs: [] as number[] };
  const highlight = {
    add(range: AbstractRange) {
      ranges.add(range);
      changes.count += 1;
      changes.atMs.push(performance.now());
    },
    delete(range: AbstractRange) {
      changes.count += 1;
      return ranges.delete(range);
    },
  };
  const painter = createPainter({
    // Only what a painter uses.
    highlightOf: () => highlight as unknown as Highlight,
    addRoot: () => undefined,
    reassert: () => undefined,
    remove: () => undefined,
  });
  return { painter, ranges, changes };
}

function line(top = 0): MarkedBlock {
  const node = document.createElement('p');
  node.textContent = '1';
  document.body.append(node);
  node.setAttribute('data-top', String(top));
  const range = { startContainer: node.firstChild } as unknown as StaticRange;
  return { node, runs: [], marks: [{ found: { kind: 'phone' }, range } as unknown as Mark] };
}

test('many blocks are painted together, soon', () => {
  const { painter, ranges, changes } = painting();
  for (let at = 0; at < 20; at += 1) painter.update(line(), undefined);
  expect(ranges.size).toBe(0);
  vi.advanceTimersByTime(60);
  expect(ranges.size).toBe(20);
  expect(new Set(changes.atMs).size).toBe(1);
});

test('never more than five hundred, those in the window first', () => {
  const { painter, ranges } = painting();
  const [far, here] = [5_000, 100].map((top) => Array.from({ length: 300 }, () => line(top)));
  for (const block of [...(far ?? []), ...(here ?? [])]) painter.update(block, undefined);
  vi.advanceTimersByTime(60);
  expect(ranges.size).toBe(500);
  expect(here?.every(({ marks }) => marks[0] && ranges.has(marks[0].range))).toBe(true);
});

test('what is gone makes room, and what is painted already is left alone', () => {
  const { painter, ranges, changes } = painting();
  const [a, b] = [line(), line()];
  painter.update(a, undefined);
  painter.update(b, undefined);
  vi.advanceTimersByTime(60);
  changes.count = 0;
  painter.update({ node: a.node, runs: [], marks: [] }, a);
  painter.update(b, b);
  vi.advanceTimersByTime(1_000);
  expect([...ranges]).toEqual([b.marks[0]?.range]);
  expect(changes.count).toBe(1);
});

test.each([
  ['a page that is drawn quickly', 5, 7],
  ['a page that takes long to draw', 80, 2],
])('%s is painted anew as often as it bears', (_title, ms, times) => {
  drawingMs = ms;
  const { painter, changes } = painting();
  for (let at = 0; at < 100; at += 1) {
    painter.update(line(), undefined);
    vi.advanceTimersByTime(10);
  }
  const paints = new Set(changes.atMs).size;
  expect(Math.abs(paints - times)).toBeLessThanOrEqual(1);
});

test('nothing is painted any more once it is closed', () => {
  const { painter, ranges } = painting();
  painter.update(line(), undefined);
  painter.close();
  vi.advanceTimersByTime(1_000);
  expect(ranges.size).toBe(0);
});
