// Finds the numbers of a living page: walks the document and every shadow root, reads blocks that hold digits, watches
// for changes and reads only what changed, near the viewport first, in slices that never hold the page up.
// Reads the page, never changes it.
import { blockOf, flowOf, isSkipped, isUnchanged } from './assemble.ts';
import { createBlocks } from './blocks.ts';
import { isElement, isText } from './dom.ts';
import type { Exclusions } from './exclusions.ts';
import { createLabels } from './labels.ts';
import { type Mark, type MarkedBlock, markAt, type ReadText } from './marks.ts';
import { createRoots } from './roots.ts';
import { nodesInOrder, walkTexts } from './walk.ts';

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
  schedule: (slice: () => void) => void;
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

const SLICE_MS = 8;
// Somebody waits for an answer, once: longer than a slice, and still no standstill.
const LOOK_MS = 250;
const MUTATIONS: MutationObserverInit = { childList: true, characterData: true, subtree: true };

/** Starts to scan at once; the first blocks come with the first idle slice. */
export function createScanner(options: ScannerOptions): Scanner {
  const { document, isOwn } = options;
  const walks: Generator<void>[] = [];
  const labels = createLabels();
  const blocks = createBlocks({ ...options, labelOf: labels.of });
  // Changed and near blocks first, then the walk that finds more, then what is far from the viewport.
  const step = (): boolean => {
    if (blocks.readNear()) return true;
    if (!walks[0]) return blocks.readFar();
    if (walks[0].next().done) walks.shift();
    return true;
  };
  const slices = createSlices(step, options);
  const observer = new MutationObserver((records) => {
    labels.forget();
    for (const record of records) if (!isOwn(record.target)) takeRecord(record);
    slices.wake();
  });
  const addBlockOf = (node: Node) => {
    const block = blockOf(node, flowOf);
    if (block && !isOwn(block)) blocks.add(block);
  };
  const takeRecord = ({ type, target, addedNodes }: MutationRecord) => {
    const relabelled = labels.changedBy(target);
    if (relabelled) addWalk(relabelled);
    if (type === 'characterData') return addBlockOf(target);
    if (target instanceof ShadowRoot) blocks.add(target);
    else if (isElement(target) && !isSkipped(target)) {
      const flow = flowOf(target);
      if (flow === 'block' || flow === 'apart') blocks.add(target);
      else addBlockOf(target);
    }
    for (const node of addedNodes) if (isElement(node) && !isOwn(node)) addWalk(node);
  };
  const addWalk = (start: Node) => {
    walks.push(walkTexts(start, { isOwn, onElement: (element) => roots.of(element), onText: addBlockOf }));
    slices.wake();
  };
  const watch = (root: Document | ShadowRoot) => {
    observer.observe(root, MUTATIONS);
    addWalk(root);
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
      const block = blockOf(node, flowOf);
      const known = block && blocks.get(block);
      return known && markAt(known, node, offset);
    },
    *inOrder() {
      const endMs = performance.now() + LOOK_MS;
      const told = new Set<Mark>();
      for (const node of nodesInOrder(document, { isOwn, rootOf: roots.of })) {
        if (!isText(node)) {
          yield node;
          continue;
        }
        const block = blockOf(node, flowOf);
        if (!block) continue;
        if (performance.now() < endMs) blocks.readNow(block);
        for (const mark of blocks.get(block)?.marks ?? []) {
          // A number may begin in a text without digits (`<b>+</b>49 …`).
          const isHere = mark.range.startContainer === node || mark.range.endContainer === node;
          if (!isHere || told.has(mark)) continue;
          told.add(mark);
          yield mark;
        }
      }
    },
    isCurrent(mark) {
      const block = blockOf(mark.range.startContainer, flowOf);
      return block !== undefined && !blocks.isWaiting(block) && isUnchanged(mark.run);
    },
    labelAround: labels.around,
    catchUp: slices.catchUp,
    rootOf: roots.of,
    lookAgain: roots.lookAgain,
    close() {
      observer.disconnect();
      slices.close();
      walks.length = 0;
      blocks.clear();
    },
  };
}

// Runs steps in slices while there is something to do.
function createSlices(
  step: () => boolean,
  { schedule, onSettled }: Pick<ScannerOptions, 'schedule' | 'onSettled'>,
): { wake(): void; catchUp(): void; close(): void } {
  let isScheduled = false;
  let isClosed = false;
  const run = (): boolean => {
    const endMs = performance.now() + SLICE_MS;
    do {
      if (!step()) return false;
    } while (performance.now() < endMs);
    return true;
  };
  const slice = () => {
    isScheduled = false;
    if (isClosed) return;
    let isMore = true;
    try {
      isMore = run();
    } finally {
      // Also where one text could not be read: the fault is heard of, and the rest of the page is still read.
      if (isMore) wake();
    }
    if (!isMore) onSettled();
  };
  const wake = () => {
    if (isScheduled || isClosed) return;
    isScheduled = true;
    schedule(slice);
  };
  return {
    wake,
    catchUp: () => void run(),
    close() {
      isClosed = true;
    },
  };
}
