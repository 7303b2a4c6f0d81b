// Finds the numbers of a living page: walks the document and every shadow root, reads blocks that hold digits, watches
// for changes and reads only what changed, near the viewport first, in slices that never hold the page up.
// Reads the page, never changes it.
import { blockOf, flowOf, isUnchanged } from './assemble.ts';
import { type Blocks, createBlocks } from './blocks.ts';
import { watchChanges } from './changes.ts';
import { isText } from './dom.ts';
import type { Exclusions } from './exclusions.ts';
import { createLabels } from './labels.ts';
import { type Mark, type MarkedBlock, markAt, type ReadText } from './marks.ts';
import { watchMovement } from './movement.ts';
import { createRoots } from './roots.ts';
import { createSlices } from './slices.ts';
import { nodesInOrder, type WalkOptions, walkTexts } from './walk.ts';

export interface ScannerOptions {
  document: Document;
  read: ReadText;
  openShadowRoot: (element: Element) => ShadowRoot | null;
  /** Whether a node is our own and no part of the page. */
  isOwn: (node: Node) => boolean;
  /** What is not read at all. */
  excludes: Exclusions;
  onRoot: (root: ShadowRoot) => void;
  /** A block was read anew; `previous` is its last reading. */
  onBlock: (block: MarkedBlock, previous: MarkedBlock | undefined) => void;
  /** Nothing is left to read for now. */
  onSettled: () => void;
  /** Runs a slice when the page is idle. */
  schedule: (slice: (deadline?: IdleDeadline) => void) => void;
}

export interface Scanner {
  /** The mark at a point of the page, as it was last read. */
  markAt(node: Text, offset: number): Mark | undefined;
  /**
   * The whole page in its own order: its elements, and the marks of its texts, read for this if need be, for as long as
   * one look may take.
   */
  inOrder(): Generator<Element | Mark>;
  /** What the words around a field for input say that it is for; empty where they say nothing. */
  labelAround(field: Element): string;
  /** Whether the page still shows what this mark was read from. */
  isCurrent(mark: Mark): boolean;
  /** Reads what waits, at once, for one slice. */
  catchUp(): void;
  /** The shadow root of an element, if it is known or just came to be. */
  rootOf(host: Element): ShadowRoot | undefined;
  /** Looks again for roots that came after their host. */
  lookAgain(): void;
  close(): void;
}

// Somebody waits for an answer, once: longer than a slice, and still no standstill.
const LOOK_MS = 250;
const FEW_FAR = 1_000;

/** Starts to scan at once; the first blocks come with the first idle slice. */
export function createScanner(options: ScannerOptions): Scanner {
  const { document, isOwn } = options;
  const labels = createLabels();
  const blocks = createBlocks({
    ...options,
    labelOf: labels.of,
    onRow: (row) => changes.addPart(row),
    onBlock(block, previous) {
      isNew = true;
      options.onBlock(block, previous);
    },
  });
  const onText = (text: Text) => {
    const block = blockOf(text, flowOf);
    if (block && !isOwn(block)) blocks.meet(block);
  };
  const onElement = (element: Element) => {
    changes.met(element);
    roots.of(element);
  };
  const walk = createWalk(() => changes.nextPart(), {
    isOwn,
    passesBy: blocks.passesBy,
    onElement,
    onText,
    onEnd: blocks.endPart,
  });
  // What has changed and what is near first, then the walk that finds more, then what may have moved unseen.
  const step = () => changes.step() || blocks.readNext() || blocks.look('coarse') || walk.step() || blocks.look('full');
  // A look that has found nothing new is nothing to tell of.
  let isNew = true;
  const slices = createSlices(step, {
    schedule: options.schedule,
    onSettled() {
      if (isNew) options.onSettled();
      isNew = false;
    },
  });
  const movement = watchMovement({
    document,
    look(kind) {
      blocks.beginLook(kind);
      slices.wake();
    },
    isSmall: () => blocks.farCount() < FEW_FAR,
  });
  const changes = watchChanges({
    labels,
    isOwn,
    onBlock: blocks.add,
    onRecords() {
      isNew = true;
      movement.moved();
      slices.wake();
    },
  });
  const watch = (root: Document | ShadowRoot) => {
    movement.listenTo(root);
    changes.watch(root);
  };
  const roots = createRoots({
    document,
    openShadowRoot: options.openShadowRoot,
    onRoot(root) {
      options.onRoot(root);
      watch(root);
    },
  });
  watch(document);
  return {
    markAt(node, offset) {
      changes.settle();
      const block = blockOf(node, flowOf);
      if (block) blocks.readNow(block);
      const known = block && blocks.get(block);
      return known && markAt(known, node, offset);
    },
    inOrder() {
      changes.settle();
      return placesInOrder(blocks, nodesInOrder(document, { isOwn, rootOf: roots.of }));
    },
    isCurrent(mark) {
      changes.settle();
      const block = blockOf(mark.range.startContainer, flowOf);
      if (!block || blocks.isWaiting(block)) return false;
      return blocks.get(block)?.marks.includes(mark) === true && isUnchanged(mark.run);
    },
    labelAround: labels.around,
    catchUp: slices.catchUp,
    rootOf: roots.of,
    lookAgain() {
      movement.listenTo(document);
      roots.lookAgain();
    },
    close() {
      movement.close();
      changes.close();
      slices.close();
      walk.clear();
      blocks.clear();
    },
  };
}

// Elements as they are, and for each text the marks that begin or end in it, each once.
function* placesInOrder(blocks: Blocks, nodes: Iterable<Element | Text>): Generator<Element | Mark> {
  const endMs = performance.now() + LOOK_MS;
  const told = new Set<Mark>();
  for (const node of nodes) {
    if (!isText(node)) {
      yield node;
      continue;
    }
    const block = blockOf(node, flowOf);
    if (!block) continue;
    if (performance.now() < endMs) blocks.readUnmet(block);
    for (const mark of blocks.get(block)?.marks ?? []) {
      // A number may begin in a text without digits (`<b>+</b>49 …`).
      const isHere = mark.range.startContainer === node || mark.range.endContainer === node;
      if (!isHere || told.has(mark)) continue;
      told.add(mark);
      yield mark;
    }
  }
}

// Walks through one part after the other.
function createWalk(nextPart: () => Node | undefined, { onEnd, ...options }: WalkOptions & { onEnd: () => void }) {
  let walk: Generator<void> | undefined;
  return {
    step(): boolean {
      const part = walk ? undefined : nextPart();
      if (part) walk = walkTexts(part, options);
      if (!walk) return false;
      if (walk.next().done) {
        walk = undefined;
        onEnd();
      }
      return true;
    },
    clear() {
      walk = undefined;
    },
  };
}
