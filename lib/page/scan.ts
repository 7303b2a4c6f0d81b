// Finds the numbers of a living page: walks the document and every shadow root, reads blocks that hold digits, watches
// for changes and reads only what changed, near the viewport first, in slices that never hold the page up.
// Reads the page, never changes it; keeps no block alive that the page has dropped.
import { assemble, type BlockNode, blockOf, type Flow, flowOf, isSkipped, isUnchanged } from './assemble.ts';
import { isConnected, isElement, isText, localNameOf, parentOf, rectOf } from './dom.ts';
import { isSameReading, type Mark, type MarkedBlock, markAt, markBlock, type ReadText } from './marks.ts';

export interface ScannerOptions {
  document: Document;
  read: ReadText;
  openShadowRoot: (element: Element) => ShadowRoot | null;
  /** Whether a node is our own and no part of the page. */
  isOwn: (node: Node) => boolean;
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
  /** Whether the page still shows what this mark was read from. */
  isCurrent(mark: Mark): boolean;
  /** Reads what waits, at once, for one slice. */
  catchUp(): void;
  /** The shadow root of an element, if it is known or just came to be. */
  rootOf(host: Element): ShadowRoot | undefined;
  /** Looks again for roots that came after their host, and for a document that was written anew. */
  lookAgain(): void;
  close(): void;
}

const SLICE_MS = 8;
const DIGIT = /\p{Nd}/u;
const MAX_WALK_RESTARTS = 20;
const MAX_ROOTLESS_HOSTS = 2_000;
const MUTATIONS: MutationObserverInit = { childList: true, characterData: true, subtree: true };
// The built-in elements that may have a shadow root (DOM Standard, "valid shadow host name").
const HOST_NAMES = new Set(
  'article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span'.split(' '),
);

/** Starts to scan at once; the first blocks come with the first idle slice. */
export function createScanner(options: ScannerOptions): Scanner {
  const { document, schedule } = options;
  const blocks = new WeakMap<BlockNode, MarkedBlock>();
  const roots = new WeakMap<Element, ShadowRoot>();
  const rootless = new Set<Element>();
  const walks: Generator<void>[] = [];
  const dirty = new Set<BlockNode>();
  const far: BlockNode[] = [];
  let isScheduled = false;
  let isClosed = false;
  const observer = new MutationObserver((records) => {
    for (const record of records) takeRecord(record);
    wake();
  });
  const wake = () => {
    if (isScheduled || isClosed) return;
    isScheduled = true;
    schedule(() => {
      isScheduled = false;
      slice();
    });
  };
  const slice = () => {
    if (isClosed) return;
    const hasMore = runUntil(performance.now() + SLICE_MS);
    if (hasMore) wake();
    else options.onSettled();
  };
  const runUntil = (deadlineMs: number): boolean => {
    const flow = rememberFlow();
    do {
      if (!step(flow)) return false;
    } while (performance.now() < deadlineMs);
    return true;
  };
  // Changed and near blocks first, then the walk that finds more, then what is far from the viewport.
  const step = (flow: (element: Element) => Flow): boolean => {
    const [next] = dirty;
    if (next) {
      dirty.delete(next);
      if (blocks.has(next) || isNear(next)) readBlock(next, flow);
      else far.push(next);
      return true;
    }
    const walk = walks[0];
    if (walk) {
      if (walk.next().done) walks.shift();
      return true;
    }
    const last = far.shift();
    if (last) readBlock(last, flow);
    return last !== undefined;
  };
  const readBlock = (node: BlockNode, flow: (element: Element) => Flow) => {
    const previous = blocks.get(node);
    if (!isConnected(node)) return;
    const runs = assemble(node, flow);
    if (previous && isSameReading(previous.runs, runs)) return options.onBlock(previous, previous);
    const block = markBlock(node, runs, options.read);
    if (block.marks.length > 0) blocks.set(node, block);
    else blocks.delete(node);
    if (previous || block.marks.length > 0) options.onBlock(block, previous);
  };
  const takeRecord = ({ type, target, addedNodes }: MutationRecord) => {
    if (options.isOwn(target)) return;
    if (type === 'characterData') return touch(target);
    if (isElement(target) || target instanceof ShadowRoot) touchInside(target);
    for (const node of addedNodes) {
      if (isElement(node) && !options.isOwn(node)) walks.push(walk(node));
    }
  };
  const touch = (node: Node) => {
    const block = blockOf(node, rememberedFlow);
    if (block && !options.isOwn(block)) dirty.add(block);
  };
  // A block that a change cannot have given a number is not read: lists grow by elements, texts change with digits.
  const touchInside = (node: Element | ShadowRoot) => {
    if (node instanceof ShadowRoot) dirty.add(node);
    else if (!isSkipped(node)) {
      if (rememberedFlow(node) === 'block') dirty.add(node);
      else touch(node);
    }
  };
  const rememberedFlow = flowOf;
  const walk = (start: Node) =>
    walkTexts(start, {
      isOwn: options.isOwn,
      onElement: (element) => lookForRoot(element),
      onText: (text) => {
        const block = blockOf(text, rememberedFlow);
        if (block) dirty.add(block);
      },
    });
  const lookForRoot = (element: Element): ShadowRoot | undefined => {
    const known = roots.get(element);
    if (known) return known;
    const name = localNameOf(element);
    if (!name.includes('-') && !HOST_NAMES.has(name)) return undefined;
    const root = options.openShadowRoot(element);
    if (root) addRoot(element, root);
    else if (name.includes('-') && rootless.size < MAX_ROOTLESS_HOSTS) rootless.add(element);
    return root ?? undefined;
  };
  const addRoot = (host: Element, root: ShadowRoot) => {
    roots.set(host, root);
    rootless.delete(host);
    observer.observe(root, MUTATIONS);
    options.onRoot(root);
    walks.push(walk(root));
    wake();
  };
  observer.observe(document, MUTATIONS);
  walks.push(walk(document));
  wake();
  return {
    markAt(node, offset) {
      const block = blockOf(node, flowOf);
      const known = block && blocks.get(block);
      return known && markAt(known, node, offset);
    },
    isCurrent(mark) {
      const block = blockOf(mark.range.startContainer, flowOf);
      return block !== undefined && !dirty.has(block) && isUnchanged(mark.run);
    },
    catchUp: () => void runUntil(performance.now() + SLICE_MS),
    rootOf: lookForRoot,
    lookAgain() {
      for (const element of rootless) {
        if (!isConnected(element)) rootless.delete(element);
        else lookForRoot(element);
      }
    },
    close() {
      isClosed = true;
      observer.disconnect();
      for (const pending of [walks, far]) pending.length = 0;
      dirty.clear();
      rootless.clear();
    },
  };
}

interface WalkOptions {
  isOwn: (node: Node) => boolean;
  onElement: (element: Element) => void;
  onText: (text: Text) => void;
}

// Text nodes with digits and elements under `start`, in steps. When the page drops the node where the walk stands, the
// walk begins again: what it meets twice costs little.
function* walkTexts(start: Node, options: WalkOptions): Generator<void> {
  for (let restarts = 0; restarts <= MAX_WALK_RESTARTS; restarts += 1) {
    if (!isConnected(start)) return;
    if (yield* walkOnce(start, options)) return;
  }
}

const STEP_NODES = 100;

function* walkOnce(start: Node, { isOwn, onElement, onText }: WalkOptions): Generator<void, boolean> {
  const owner = start instanceof Document ? start : start.ownerDocument;
  if (!owner) return true;
  const walker = Document.prototype.createTreeWalker.call(owner, start, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  if (isElement(start)) onElement(start);
  let count = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (isText(node)) {
      if (DIGIT.test(node.data) && isReadable(node)) onText(node);
    } else if (isElement(node)) {
      if (isOwn(node)) continue;
      onElement(node);
    }
    count += 1;
    if (count % STEP_NODES === 0) {
      yield;
      if (!isConnected(node)) return false;
    }
  }
  return true;
}

function isReadable(text: Text): boolean {
  const parent = parentOf(text);
  return !isElement(parent) || !isSkipped(parent);
}

// Styles are asked once per element and slice.
function rememberFlow(): (element: Element) => Flow {
  const known = new WeakMap<Element, Flow>();
  return (element) => {
    const flow = known.get(element) ?? flowOf(element);
    known.set(element, flow);
    return flow;
  };
}

/** Whether a block stands in the viewport or within one screen of it. */
function isNear(node: BlockNode): boolean {
  const { top, bottom } = rectOf(node instanceof ShadowRoot ? node.host : node);
  return bottom >= -innerHeight && top <= 2 * innerHeight;
}
