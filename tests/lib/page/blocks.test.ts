// Which blocks are read and which are kept for later, on a page whose boxes the test places.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Blocks, createBlocks } from '#lib/page/blocks.ts';
import { createExclusions } from '#lib/page/exclusions.ts';
import type { MarkedBlock } from '#lib/page/marks.ts';

const HEIGHT = 20;
// Where the window's upper edge is on the page.
let scrolledTo = 0;

beforeEach(() => {
  scrolledTo = 0;
  vi.stubGlobal(
    'StaticRange',
    class {
      constructor(points: object) {
        Object.assign(this, points);
      }
    },
  );
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    const row = this.closest('[data-at]')?.getAttribute('data-at') ?? '0';
    return new DOMRect(Number(this.getAttribute('data-left') ?? 0), Number(row) * HEIGHT - scrolledTo, 100, HEIGHT);
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

interface World {
  blocks: Blocks;
  texts: string[];
  shown(): string[];
  rows: Element[];
  settle(): void;
}

function world(): World {
  const texts: string[] = [];
  const shown = new Set<MarkedBlock>();
  const rows: Element[] = [];
  const blocks = createBlocks({
    read(text) {
      texts.push(text);
      return [
        { start: 0, end: text.length, number: text, kind: 'phone', rule: 'national', confidence: 'high' } as never,
      ];
    },
    labelOf: () => undefined,
    excludes: createExclusions(document, []),
    onRow: (row) => void rows.push(row),
    onBlock(block, previous) {
      if (previous) shown.delete(previous);
      if (block.marks.length > 0) shown.add(block);
    },
  });
  const settle = () => {
    while (blocks.readNext() || blocks.look('coarse') || blocks.look('full'));
  };
  return { blocks, texts, rows, settle, shown: () => [...shown].map(({ marks }) => marks[0]?.text ?? '') };
}

function lines(count: number): Element[] {
  document.body.innerHTML = Array.from({ length: count }, (_, at) => `<p data-at="${at}">1${at}</p>`).join('');
  return [...document.querySelectorAll('p')];
}

test('what is far from the window is not read until it comes near, and is let go when it is far again', () => {
  const { blocks, texts, shown, settle } = world();
  for (const line of lines(1_000)) blocks.meet(line);
  blocks.endPart();
  settle();
  expect(shown()).toContain('10');
  expect(texts.length).toBeLessThan((3 * innerHeight) / HEIGHT);
  scrolledTo = 700 * HEIGHT;
  blocks.beginLook('coarse');
  settle();
  expect(shown()).toContain('1700');
  expect(shown()).not.toContain('10');
});

test('a coarse look asks a few of many for their place', () => {
  const { blocks, settle } = world();
  const all = lines(5_000);
  for (const line of all) blocks.meet(line);
  blocks.endPart();
  settle();
  const rect = vi.mocked(Element.prototype.getBoundingClientRect);
  rect.mockClear();
  blocks.beginLook('coarse');
  settle();
  expect(rect.mock.calls.length).toBeLessThan(all.length / 8);
});

test('a full look finds the one that stands elsewhere than its neighbours', () => {
  const { blocks, shown, settle } = world();
  const all = lines(1_000);
  for (const line of all) blocks.meet(line);
  blocks.endPart();
  settle();
  all[777]?.setAttribute('data-at', '3');
  blocks.beginLook('full');
  settle();
  expect(shown()).toContain('1777');
});

test('cells are looked for by their row, which is met again when it comes near', () => {
  const { blocks, rows, settle } = world();
  const cells = (at: number) => `<td>1${at}</td><td>2${at}</td>`;
  const body = Array.from({ length: 500 }, (_, at) => `<tr data-at="${at}">${cells(at)}</tr>`);
  document.body.innerHTML = `<table><tbody>${body.join('')}</tbody></table>`;
  for (const cell of document.querySelectorAll('td')) blocks.meet(cell);
  blocks.endPart();
  settle();
  expect(blocks.farCount()).toBeLessThan(500);
  rows.length = 0;
  scrolledTo = 400 * HEIGHT;
  blocks.beginLook('coarse');
  settle();
  expect(rows).toContain(document.querySelector('[data-at="410"]'));
});

test('a cell out of a wide row’s view does not make the row be met for ever', () => {
  const { blocks, rows, settle } = world();
  const cells = Array.from({ length: 200 }, (_, at) => `<td data-left="${at * 200}">1${at}</td>`);
  document.body.innerHTML = `<table><tbody><tr>${cells.join('')}</tr></tbody></table>`;
  for (const cell of document.querySelectorAll('td')) blocks.meet(cell);
  blocks.endPart();
  settle();
  blocks.beginLook('full');
  settle();
  expect(rows).toEqual([]);
});

test('of a block that the page has dropped nothing is left, read or not', () => {
  const { blocks, shown, settle } = world();
  const all = lines(400);
  for (const line of all) blocks.meet(line);
  blocks.endPart();
  settle();
  expect(shown().length).toBeGreaterThan(0);
  document.body.replaceChildren();
  blocks.beginLook('full');
  settle();
  expect(shown()).toEqual([]);
  expect(blocks.farCount()).toBe(0);
  expect(all.some((line) => blocks.get(line) !== undefined)).toBe(false);
});

test('a far block is read when somebody asks for it, once, and anew when it has changed', () => {
  const { blocks, texts, settle } = world();
  const all = lines(400);
  for (const line of all) blocks.meet(line);
  blocks.endPart();
  settle();
  const [last] = all.slice(-1);
  if (!last) throw new Error('no line');
  texts.length = 0;
  blocks.readNow(last);
  blocks.readNow(last);
  expect(texts).toEqual(['1399']);
  last.textContent = '77';
  blocks.add(last);
  expect(blocks.isWaiting(last)).toBe(true);
  blocks.readNow(last);
  expect(blocks.get(last)?.marks[0]?.text).toBe('77');
});

test('what the page has dropped is let go although nobody looks at the page', () => {
  const { blocks, settle, shown } = world();
  const log = document.createElement('div');
  document.body.append(log);
  for (let at = 0; at < 3_000; at += 1) {
    const line = document.createElement('p');
    line.textContent = `1${at}`;
    log.replaceChildren(line);
    blocks.add(line);
    settle();
  }
  expect(shown().length).toBeLessThan(2_500);
  expect(shown()).toContain('12999');
});

test('the same holds for what was dropped far from the window', () => {
  const { blocks, settle } = world();
  const log = document.createElement('div');
  document.body.append(log);
  for (let at = 0; at < 3_000; at += 1) {
    const line = document.createElement('p');
    line.dataset['at'] = '5000';
    line.textContent = `1${at}`;
    log.replaceChildren(line);
    blocks.add(line);
    settle();
  }
  expect(blocks.farCount()).toBeLessThan(2_500);
});
