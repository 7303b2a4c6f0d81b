// Walks a tree of the page in small steps, which others may spread over time, and stands it that the page changes
// underneath. Meets elements and text nodes with digits; never enters shadow trees by itself.
import { isSkipped } from './assemble.ts';
import { documentOf, isConnected, isElement, isText, parentOf } from './dom.ts';

export interface WalkOptions {
  /** Whether a node is our own and no part of the page. */
  isOwn: (node: Node) => boolean;
  /** Whether an element is not met, nor anything in it. Where the walk starts is always met. */
  passesBy: (element: Element) => boolean;
  onElement: (element: Element) => void;
  onText: (text: Text) => void;
}

const DIGIT = /\p{Nd}/u;
const MAX_RESTARTS = 20;
const STEP_NODES = 100;

/**
 * Text nodes with digits and elements under `start`, a hundred nodes a step. When the page drops the node where the walk
 * stands, the walk begins again: what it meets twice must cost little.
 */
export function* walkTexts(start: Node, options: WalkOptions): Generator<void> {
  for (let restarts = 0; restarts <= MAX_RESTARTS; restarts += 1) {
    if (!isConnected(start)) return;
    if (yield* walkOnce(start, options)) return;
  }
}

function* walkOnce(start: Node, options: WalkOptions): Generator<void, boolean> {
  const walker = Document.prototype.createTreeWalker.call(
    documentOf(start),
    start,
    NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
  );
  if (isElement(start)) options.onElement(start);
  let count = 0;
  for (let node = walker.nextNode(); node; ) {
    const isPassed = isElement(node) && options.passesBy(node);
    if (!isPassed) meet(node, options);
    count += 1;
    if (count % STEP_NODES === 0) {
      yield;
      if (!isConnected(node)) return false;
    }
    node = isPassed ? nextBehind(walker) : walker.nextNode();
  }
  return true;
}

// The next one that is not inside the one where the walker stands.
function nextBehind(walker: TreeWalker): Node | null {
  for (let next = walker.nextSibling(); ; next = walker.nextSibling()) {
    if (next || !walker.parentNode()) return next;
  }
}

/**
 * All elements and all text nodes with digits that are read, in the order of the page: what is in a shadow root stands
 * where its host does, before the host's own children.
 */
export function* nodesInOrder(
  start: Document | ShadowRoot,
  options: { isOwn: (node: Node) => boolean; rootOf: (host: Element) => ShadowRoot | undefined },
): Generator<Element | Text> {
  const walker = Document.prototype.createTreeWalker.call(
    documentOf(start),
    start,
    NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
  );
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (isElement(node)) {
      if (options.isOwn(node)) continue;
      yield node;
      const root = options.rootOf(node);
      if (root) yield* nodesInOrder(root, options);
    } else if (isText(node) && isRead(node)) yield node;
  }
}

function meet(node: Node, { isOwn, onElement, onText }: WalkOptions): void {
  if (isElement(node)) {
    if (!isOwn(node)) onElement(node);
  } else if (isText(node) && isRead(node)) onText(node);
}

function isRead(text: Text): boolean {
  if (!DIGIT.test(text.data)) return false;
  const parent = parentOf(text);
  return !isElement(parent) || !isSkipped(parent);
}
