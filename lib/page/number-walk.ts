// The keyboard's way from number to number: where it stands, and which comes next. It moves the page only as far as a
// number needs to be seen, and touches neither the page's selection nor its tree.
import { activeElementIn, isConnected, isElement, localNameOf, viewOf } from './dom.ts';
import type { Box } from './place.ts';
import { isBefore, isShown, type ReadPage, targetsInOrder } from './reading.ts';
import type { PlacedTarget, Target } from './target.ts';

export interface NumberWalk {
  /**
   * Goes to the next number that can be seen and called, and answers it as `reach` has taken it. After the last one it
   * begins anew: at once where the page is a single frame, else when asked again, so that other frames have their turn.
   */
  next(reach: (target: Target) => boolean): Target | undefined;
  /** The agent went elsewhere by hand: from there it goes on. */
  forget(): void;
}

interface Position {
  node: Node;
  offset: number;
  /** How many numbers were before it, for when the page has drawn it anew. */
  index: number;
}

// A page that hides each number as it comes into view is not scrolled through for ever.
const MAX_TRIES = 30;

/** The way through one document. */
export function createNumberWalk(page: {
  document: Document;
  readPage: () => ReadPage;
  openShadowRoot: (element: Element) => ShadowRoot | null;
}): NumberWalk {
  let position: Position | 'start' | undefined;
  const goFrom = (first: number, targets: readonly PlacedTarget[], reach: (target: Target) => boolean) => {
    let tries = 0;
    for (let index = first; index < targets.length && tries < MAX_TRIES; index += 1) {
      const target = targets[index];
      if (!target || target.isFax || !isShown(target) || isInert(target)) continue;
      tries += 1;
      const now = bringIntoView(page.document, target);
      if (!now || !reach(now)) continue;
      position = { ...target.start, index };
      return now;
    }
    position = 'start';
    return undefined;
  };
  return {
    next(reach) {
      const readPage = page.readPage();
      readPage.scanner.catchUp();
      const targets = [...targetsInOrder(readPage)];
      const first = position === undefined ? firstIndex(page, targets) : indexAfter(targets, position);
      const target = goFrom(first, targets, reach);
      if (target || first === 0 || !isSingleFrame(page.document)) return target;
      return goFrom(0, targets, reach);
    },
    forget() {
      position = undefined;
    },
  };
}

function isSingleFrame(document: Document): boolean {
  const view = viewOf(document);
  return view !== null && view === view.top && view.length === 0;
}

function indexAfter(targets: readonly PlacedTarget[], position: Position | 'start'): number {
  if (position === 'start') return 0;
  if (!isConnected(position.node)) return position.index + 1;
  return indexBehind(targets, position.node, position.offset + 1);
}

// Behind the focus, else behind the selection, else the first one in the window.
function firstIndex(page: Parameters<typeof createNumberWalk>[0], targets: readonly PlacedTarget[]): number {
  const active = activeElementIn(page.document, page.openShadowRoot);
  if (active) return indexBehind(targets, active, 0);
  const selection = Document.prototype.getSelection.call(page.document);
  const { focusNode, focusOffset } = selection ?? { focusNode: null, focusOffset: 0 };
  const isNowhere = !focusNode || (isElement(focusNode) && localNameOf(focusNode) === 'body');
  if (!isNowhere) return indexBehind(targets, focusNode, focusOffset);
  const height = viewOf(page.document)?.innerHeight ?? 0;
  const inView = targets.findIndex((target) => target.boxes().some(({ top, bottom }) => top >= 0 && bottom <= height));
  return Math.max(0, inView);
}

function indexBehind(targets: readonly PlacedTarget[], node: Node, offset: number): number {
  const isBehind = ({ start }: PlacedTarget) =>
    start.node === node ? start.offset >= offset : isBefore(node, start.node);
  // They stand in order: halving finds the border in a long list with few looks.
  let [from, to] = [0, targets.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const target = targets[middle];
    if (target && isBehind(target)) to = middle;
    else from = middle + 1;
  }
  return from;
}

function isInert({ element }: Target): boolean {
  // What a modal dialog makes inert has no attribute: there the look at the point decides.
  return element?.closest('[inert], [aria-hidden="true"]') !== null;
}

function bringIntoView(document: Document, target: Target): Target | undefined {
  const seen = target.current();
  if (seen && isInWindow(document, seen.boxes())) return seen;
  if (target.element) {
    // At once: a page that glides would still be on its way when the chip is placed, and some people get sick of it.
    Element.prototype.scrollIntoView.call(target.element, { block: 'center', inline: 'nearest', behavior: 'instant' });
  }
  const last = target.boxes().at(-1);
  const view = viewOf(document);
  // The element is larger than the window, and the number somewhere in it.
  if (last && view && !isInWindow(document, [last])) {
    view.scrollBy({ top: (last.top + last.bottom - view.innerHeight) / 2, behavior: 'instant' });
  }
  return target.current();
}

function isInWindow(document: Document, boxes: readonly Box[]): boolean {
  const view = viewOf(document);
  const last = boxes.at(-1);
  if (!view || !last) return false;
  return last.top >= 0 && last.left >= 0 && last.bottom <= view.innerHeight && last.right <= view.innerWidth;
}
