// The blocks of a page that hold digits: what waits to be read, nearest first, and what was read. A block that the page
// has dropped is not kept alive.
import { assemble, type BlockNode, type Flow, flowOf, type LabelOf } from './assemble.ts';
import { isConnected, rectOf } from './dom.ts';
import type { Exclusions } from './exclusions.ts';
import { isSameReading, type MarkedBlock, markBlock, type ReadText } from './marks.ts';

export interface Blocks {
  /** The block is new or has changed. */
  add(node: BlockNode): void;
  /** Reads one changed or near block; false when none waits. */
  readNear(): boolean;
  /** Reads one block that is far from the viewport; false when none waits. */
  readFar(): boolean;
  isWaiting(node: BlockNode): boolean;
  /** Reads this block now if it waits. */
  readNow(node: BlockNode): void;
  /** The last reading of a block with numbers. */
  get(node: BlockNode): MarkedBlock | undefined;
  clear(): void;
}

/** Reads blocks by `read` and announces each reading that has, or had, numbers. */
export function createBlocks({
  read,
  labelOf,
  excludes,
  onBlock,
}: {
  read: ReadText;
  labelOf: LabelOf;
  /** What is not read at all. */
  excludes: Exclusions;
  onBlock: (block: MarkedBlock, previous: MarkedBlock | undefined) => void;
}): Blocks {
  const known = new WeakMap<BlockNode, MarkedBlock>();
  const waiting = createQueue<BlockNode>();
  const far = createQueue<BlockNode>();
  const readBlock = (node: BlockNode) => {
    if (!isConnected(node)) return;
    const previous = known.get(node);
    const runs = excludes.covers(node) ? [] : assemble(node, { flow: rememberFlow(excludes), labelOf });
    if (previous && isSameReading(previous.runs, runs)) return onBlock(previous, previous);
    const block = markBlock(node, runs, read);
    if (block.marks.length > 0) known.set(node, block);
    else known.delete(node);
    if (previous || block.marks.length > 0) onBlock(block, previous);
  };
  return {
    add: waiting.add,
    readNear() {
      const next = waiting.take();
      if (!next) return false;
      if (known.has(next) || isNear(next)) {
        far.delete(next);
        readBlock(next);
      } else far.add(next);
      return true;
    },
    readFar() {
      const next = far.take();
      if (!next) return false;
      readBlock(next);
      return true;
    },
    readNow(node) {
      const isWaiting = waiting.delete(node);
      if (far.delete(node) || isWaiting) readBlock(node);
    },
    isWaiting: (node) => waiting.has(node) || far.has(node),
    get: (node) => known.get(node),
    clear() {
      waiting.clear();
      far.clear();
    },
  };
}

/** First in, first out, each once. */
function createQueue<Entry extends object>() {
  const entries = new Set<Entry>();
  // Goes on where it stood: a new one would pass by everything that was ever taken out.
  let iterator = entries.values();
  return {
    add: (entry: Entry) => void entries.add(entry),
    take(): Entry | undefined {
      let next = iterator.next();
      if (next.done) {
        iterator = entries.values();
        next = iterator.next();
      }
      if (next.value) entries.delete(next.value);
      return next.value;
    },
    delete: (entry: Entry) => entries.delete(entry),
    has: (entry: Entry) => entries.has(entry),
    clear: () => entries.clear(),
  };
}

// Styles are asked once per element and reading. What is left out breaks the line like any block, and is not entered.
function rememberFlow(excludes: Exclusions): (element: Element) => Flow {
  const known = new Map<Element, Flow>();
  return (element) => {
    const flow = known.get(element) ?? (excludes.names(element) ? 'block' : flowOf(element));
    known.set(element, flow);
    return flow;
  };
}

// In the viewport or within one screen of it.
function isNear(node: BlockNode): boolean {
  const { top, bottom } = rectOf(node instanceof ShadowRoot ? node.host : node);
  return bottom >= -innerHeight && top <= 2 * innerHeight;
}
