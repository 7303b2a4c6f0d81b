// What becomes of a page's changes: gathered at once, understood later, each block and part once.
import { afterEach, expect, test, vi } from 'vitest';
import { type Changes, watchChanges } from '#lib/page/changes.ts';

afterEach(() => document.body.replaceChildren());

function watched(): { changes: Changes; blocks: (Element | ShadowRoot)[]; forget: ReturnType<typeof vi.fn> } {
  const blocks: (Element | ShadowRoot)[] = [];
  const forget = vi.fn<() => void>();
  const changes = watchChanges({
    labels: { forget, changedBy: () => undefined },
    isOwn: () => false,
    onBlock: (block) => void blocks.push(block),
    onRecords: () => undefined,
  });
  changes.watch(document);
  changes.nextPart();
  return { changes, blocks, forget };
}

function added(html: string): Element {
  document.body.insertAdjacentHTML('beforeend', html);
  const last = document.body.lastElementChild;
  if (!last) throw new Error('nothing was added');
  return last;
}

test('a line that changes a thousand times is one block to be read', () => {
  const line = added('<p>1</p>');
  const { changes, blocks } = watched();
  for (let at = 0; at < 1_000; at += 1) line.textContent = String(at);
  expect(blocks).toEqual([]);
  changes.settle();
  expect(blocks.filter((block) => block === line)).toHaveLength(1);
  changes.close();
});

test('what was added and dropped again before anybody looked is neither read nor walked through', () => {
  const { changes, blocks } = watched();
  const line = added('<p>1</p>');
  line.textContent = '2';
  line.remove();
  changes.settle();
  expect(blocks).not.toContain(line);
  expect(changes.nextPart()).toBeUndefined();
  changes.close();
});

test('a part that a walk has met inside another is not walked through again', () => {
  const { changes } = watched();
  const list = added('<ul></ul>');
  list.insertAdjacentHTML('beforeend', '<li>1</li><li>2</li>');
  changes.settle();
  const [first, second] = list.children;
  if (!first || !second) throw new Error('no items');
  expect(changes.nextPart()).toBe(list);
  changes.met(first);
  expect(changes.nextPart()).toBe(second);
  expect(changes.nextPart()).toBeUndefined();
  changes.close();
});
