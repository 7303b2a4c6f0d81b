// The blocks of a page that hold digits: which wait to be read, which are far from the window and are read when they come
// near, and what was read. Of what is far only the block itself is kept, and a block that the page has dropped not at all.
import { assemble, type BlockNode, type Flow, flowOf, type LabelOf } from './assemble.ts';
import { closestOf, isConnected, isElement, parentOf } from './dom.ts';
import type { Exclusions } from './exclusions.ts';
import { isSameReading, type MarkedBlock, markBlock, type ReadText } from './marks.ts';
import { createLooks, frameNow, type LookKind, sideOf } from './nearness.ts';
import { createQueue } from './queue.ts';

// Behind so many that were not near, those that a walk meets next are not asked one by one.
const MISSES = 64;
const MANY = 2_000;
const ROW = 'tr,[role="row"]';

export interface Blocks {
  /** The block has changed. */
  add(node: BlockNode): void;
  /** A walk through a part has met it: the first ones are asked at once where they are, the others when it is over. */
  meet(node: BlockNode): void;
  /** Whether such a walk may pass an element by with all that is in it, since it is looked through when it comes near. */
  passesBy(element: Element): boolean;
  /** Such a walk is over. */
  endPart(): void;
  /** Reads one that waits, or puts it with those that are far; false when none waits. */
  readNext(): boolean;
  /** Something may have moved: looks for blocks that have come near, or gone. */
  beginLook(kind: LookKind): void;
  /** The next step of such a look; false when there is nothing to look at. */
  look(kind: LookKind): boolean;
  /** Whether it has changed since it was read. */
  isWaiting(node: BlockNode): boolean;
  /** Reads this block now, wherever it stands, unless what is known of it holds. */
  readNow(node: BlockNode): void;
  /** The same for one that no walk may have met so far. */
  readUnmet(node: BlockNode): void;
  /** The last reading of a block with numbers. */
  get(node: BlockNode): MarkedBlock | undefined;
  /** How many are far from the window. */
  farCount(): number;
  clear(): void;
}

interface BlocksOptions {
  read: ReadText;
  labelOf: LabelOf;
  /** What is not read at all. */
  excludes: Exclusions;
  /** A row has come near: its blocks are to be met again. */
  onRow: (row: Element) => void;
  onBlock: (block: MarkedBlock, previous: MarkedBlock | undefined) => void;
}

/** Reads blocks by `read` and announces each reading near the window that has, or had, numbers. */
export function createBlocks({ read, labelOf, excludes, onBlock, onRow }: BlocksOptions): Blocks {
  const { known, readBlock } = createReadings({ read, labelOf, excludes });
  const waiting = createQueue<BlockNode>(isConnected);
  // Cells are where their row is, which saves most of what a long table would take.
  const far = new Set<BlockNode>();
  // Those with numbers in them that were announced.
  const near = new Set<BlockNode>();
  const announce = (node: BlockNode, block: MarkedBlock, previous: MarkedBlock | undefined) => {
    if (block.marks.length > 0) near.add(node);
    else near.delete(node);
    if (previous || block.marks.length > 0) onBlock(block, previous);
  };
  const forget = (node: BlockNode) => {
    const previous = near.delete(node) ? known.get(node) : undefined;
    known.delete(node);
    far.delete(node);
    if (previous) onBlock({ node, runs: [], marks: [] }, previous);
  };
  const leave = (node: BlockNode) => {
    forget(node);
    if (isConnected(node)) far.add(placeOf(node));
  };
  const arrive = (node: BlockNode) => {
    const previous = near.has(node) ? known.get(node) : undefined;
    if (far.delete(node) && isRow(node)) onRow(node);
    announce(node, readBlock(node), previous);
  };
  const isFar = (node: BlockNode) => far.has(node) || rowsAround(node).some((row) => far.has(row));
  const looks = createLooks({
    far,
    near,
    leave,
    arrive(node) {
      far.delete(node);
      if (isRow(node)) onRow(node);
      else waiting.add(node);
    },
  });
  const run = createRun(near);
  const thinOut = createThinning([near, far], forget);
  const putFar = (node: BlockNode) => {
    far.add(node);
    if (run.miss()) looks.begin('coarse');
  };
  const readNow = (node: BlockNode) => {
    const isChanged = waiting.delete(node);
    if (isChanged && (near.has(node) || isNear(node))) arrive(node);
    else if (near.has(node)) return;
    else if (isChanged || (isFar(node) && !known.has(node))) {
      // Also where it holds none: it is not read at every look.
      known.set(node, readBlock(node));
      far.add(placeOf(node));
    }
  };
  return {
    add: waiting.add,
    meet(node) {
      if (!run.isLong() || near.has(node)) return waiting.add(node);
      forget(node);
      putFar(placeOf(node));
    },
    passesBy(element) {
      if (!run.isLong() || !isRow(element) || run.isRowHere(element)) return false;
      putFar(element);
      return true;
    },
    endPart() {
      if (run.isLong()) looks.begin('coarse');
      run.end();
      thinOut();
    },
    readNext() {
      const next = waiting.take();
      if (!next) return false;
      const row = rowOf(next);
      // It is met again when its row comes near.
      if (row && far.has(row)) forget(next);
      else if (isConnected(next) && (near.has(next) || isNear(next))) {
        run.end();
        arrive(next);
      } else {
        run.miss();
        leave(next);
      }
      thinOut();
      return true;
    },
    beginLook: looks.begin,
    look: looks.step,
    readNow,
    readUnmet(node) {
      readNow(node);
      if (!known.has(node)) known.set(node, readBlock(node));
    },
    farCount: () => far.size,
    isWaiting: waiting.has,
    get: (node) => known.get(node),
    clear() {
      for (const one of [waiting, looks, far, near]) one.clear();
    },
  };
}

// What was read, and reading itself: the same text is the same block.
function createReadings({ read, labelOf, excludes }: Pick<BlocksOptions, 'read' | 'labelOf' | 'excludes'>) {
  const known = new WeakMap<BlockNode, MarkedBlock>();
  return {
    known,
    readBlock(node: BlockNode): MarkedBlock {
      const previous = known.get(node);
      const runs = excludes.covers(node) ? [] : assemble(node, { flow: rememberFlow(excludes), labelOf });
      if (previous && isSameReading(previous.runs, runs)) return previous;
      const block = markBlock(node, runs, read);
      if (block.marks.length > 0) known.set(node, block);
      else known.delete(node);
      return block;
    },
  };
}

// A page that nobody sees is not looked at, and may draw itself anew for days: whenever there are twice as many blocks, those
// that it has dropped are let go.
function createThinning(kept: readonly ReadonlySet<BlockNode>[], forget: (node: BlockNode) => void): () => void {
  const count = () => kept.reduce((sum, { size }) => sum + size, 0);
  let limit = MANY;
  return () => {
    if (count() <= limit) return;
    for (const nodes of kept) for (const node of nodes) if (!isConnected(node)) forget(node);
    limit = Math.max(MANY, 2 * count());
  };
}

// How many blocks of a part, one after the other, were not near; and which rows hold some that are.
function createRun(near: ReadonlySet<BlockNode>) {
  let misses = 0;
  let rows: Set<Element> | undefined;
  return {
    /** Answers whether it is time to look among them. */
    miss(): boolean {
      misses += 1;
      return misses % MANY === 0;
    },
    isLong: () => misses >= MISSES,
    isRowHere(row: Element): boolean {
      rows ??= new Set([...near].flatMap(rowsAround));
      return rows.has(row);
    },
    end() {
      misses = 0;
      rows = undefined;
    },
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

// Under what a block is looked for: its row, unless that is here while some of its cells are not.
function placeOf(node: BlockNode): BlockNode {
  const row = rowOf(node);
  return row && !isNear(row) ? row : node;
}

function isNear(node: BlockNode): boolean {
  return sideOf(node, frameNow()) === 'near';
}

function rowOf(node: BlockNode): Element | undefined {
  const parent = parentOf(node);
  return (isElement(parent) && closestOf(parent, ROW)) || undefined;
}

function rowsAround(node: BlockNode): Element[] {
  const rows: Element[] = [];
  for (let row = rowOf(node); row; row = rowOf(row)) rows.push(row);
  return rows;
}

function isRow(node: BlockNode): node is Element {
  return isElement(node) && Element.prototype.matches.call(node, ROW);
}
