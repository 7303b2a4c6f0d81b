// Marks → what the agent sees: custom highlights over the text, which change nothing in the page's tree. Only what is
// near the viewport and not hidden is painted, and never more than a few hundred numbers: thousands make every repaint slow.
import { isElement, parentOf } from './dom.ts';
import type { MarkedBlock } from './marks.ts';
import type { Traces } from './traces.ts';
import { boxedElement, isVisible } from './visible.ts';

export interface Painter {
  /** Takes a new reading of a block in place of the previous one. */
  update(block: MarkedBlock, previous: MarkedBlock | undefined): void;
  close(): void;
}

const MAX_PAINTED = 500;

// Every change of a highlight makes the browser look at the whole page again: they are made together, a few times a
// second (measured with 10,000 rows while scrolling: 64 frames instead of 121 when made in each).
const PAINT_MS = 150;
// Nothing tells when a page shows what it had hidden by a style alone.
const HIDDEN_LOOK_MS = 500;

/** Paints the blocks of one document as they come near its viewport. */
export function createPainter(document: Document, traces: Traces): Painter {
  const brush = createBrush(traces);
  const watched = new WeakMap<Element, Set<MarkedBlock>>();
  const near = new WeakSet<Element>();
  const targets = new WeakMap<MarkedBlock, Element>();
  const targetOf = (block: MarkedBlock): Element => {
    const target = targets.get(block) ?? boxedElement(elementOf(block));
    targets.set(block, target);
    return target;
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const { target } = entry;
        const isNear = entry.isIntersecting && !isClippedAway(entry);
        if (isNear) near.add(target);
        else near.delete(target);
        for (const block of watched.get(target) ?? []) brush.want(block, isNear ? 'painted' : 'bare');
      }
    },
    { root: document, rootMargin: '100%' },
  );
  const drop = (block: MarkedBlock) => {
    const target = targetOf(block);
    const blocks = watched.get(target);
    brush.want(block, 'bare');
    blocks?.delete(block);
    if (blocks?.size !== 0) return;
    watched.delete(target);
    near.delete(target);
    observer.unobserve(target);
  };
  return {
    update(block, previous) {
      const target = targetOf(block);
      if (block.marks.length > 0) {
        watched.set(target, (watched.get(target) ?? new Set()).add(block));
        observer.observe(target);
        if (near.has(target)) brush.want(block, 'painted');
      }
      if (previous && previous !== block) drop(previous);
    },
    close() {
      observer.disconnect();
      brush.close();
    },
  };
}

// Brings what is painted in line with what is wanted, as far as the limit allows.
function createBrush(traces: Traces) {
  const wanted = new Set<MarkedBlock>();
  const painted = new Set<MarkedBlock>();
  let total = 0;
  let paintedAtMs = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let laterTimer: ReturnType<typeof setTimeout> | undefined;
  const paint = () => {
    clearTimeout(timer);
    timer = undefined;
    paintedAtMs = performance.now();
    const seen = new Set([...wanted].filter(isShown));
    // First what goes, so that what comes finds room.
    for (const block of painted) if (!seen.has(block)) remove(block);
    for (const block of seen) {
      if (!painted.has(block) && total + block.marks.length <= MAX_PAINTED) add(block);
    }
    clearTimeout(laterTimer);
    if (seen.size < wanted.size) laterTimer = setTimeout(paint, HIDDEN_LOOK_MS);
  };
  const add = (block: MarkedBlock) => {
    painted.add(block);
    total += block.marks.length;
    for (const { found, range } of block.marks) traces.highlightOf(found.kind).add(range);
  };
  const remove = (block: MarkedBlock) => {
    painted.delete(block);
    total -= block.marks.length;
    for (const { found, range } of block.marks) traces.highlightOf(found.kind).delete(range);
  };
  return {
    want(block: MarkedBlock, how: 'painted' | 'bare') {
      if (how === 'painted') wanted.add(block);
      else wanted.delete(block);
      timer ??= setTimeout(paint, Math.max(0, paintedAtMs + PAINT_MS - performance.now()));
    },
    close() {
      clearTimeout(timer);
      clearTimeout(laterTimer);
    },
  };
}

// A line may be shown in a part of the page that is hidden around it.
function isShown({ marks }: MarkedBlock): boolean {
  const first = marks[0] ? parentOf(marks[0].range.startContainer) : null;
  return isElement(first) ? isVisible(first) : marks.length > 0;
}

function elementOf({ node }: MarkedBlock): Element {
  return node instanceof ShadowRoot ? node.host : node;
}

// Words for screen readers alone: a dot of a pixel, in which nothing can be seen.
function isClippedAway({ target, intersectionRect, boundingClientRect }: IntersectionObserverEntry): boolean {
  if (isDot(boundingClientRect)) return getComputedStyle(target).overflow !== 'visible';
  return isDot(intersectionRect);
}

function isDot({ width, height }: DOMRectReadOnly): boolean {
  return width <= 1 && height <= 1;
}
