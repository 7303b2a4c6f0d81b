// The blocks of a page that hold digits: what waits to be read, nearest first, and what was read. A block that the page
// has dropped is not kept alive.
import { assemble, type BlockNode, type Flow, flowOf } from './assemble.ts';
import { isConnected, rectOf } from './dom.ts';
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
  onBlock,
}: {
  read: ReadText;
  onBlock: (block: MarkedBlock, previous: MarkedBlock | undefined) => void;
}): Blocks {
  const known = new WeakMap<BlockNode, MarkedBlock>();
  const waiting = new Set<BlockNode>();
  const far = new Set<BlockNode>();
  const readBlock = (node: BlockNode) => {
    if (!isConnected(node)) return;
    const previous = known.get(node);
    const runs = assemble(node, rememberFlow());
    if (previous && isSameReading(previous.runs, runs)) return onBlock(previous, previous);
    const block = markBlock(node, runs, read);
    if (block.marks.length > 0) known.set(node, block);
    else known.delete(node);
    if (previous || block.marks.length > 0) onBlock(block, previous);
  };
  return {
    add: (node) => void waiting.add(node),
    readNear() {
      const [next] = waiting;
      if (!next) return false;
      waiting.delete(next);
      if (known.has(next) || isNear(next)) {
        far.delete(next);
        readBlock(next);
      } else far.add(next);
      return true;
    },
    readFar() {
      const [next] = far;
      if (!next) return false;
      far.delete(next);
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

// Styles are asked once per element and reading.
function rememberFlow(): (element: Element) => Flow {
  const known = new Map<Element, Flow>();
  return (element) => {
    const flow = known.get(element) ?? flowOf(element);
    known.set(element, flow);
    return flow;
  };
}

// In the viewport or within one screen of it.
function isNear(node: BlockNode): boolean {
  const { top, bottom } = rectOf(node instanceof ShadowRoot ? node.host : node);
  return bottom >= -innerHeight && top <= 2 * innerHeight;
}
