// Marks → what the agent sees: custom highlights over the text, which change nothing in the page's tree. Only what is
// near the viewport is painted, and never more than a few hundred numbers: thousands make every repaint slow.
import type { MarkedBlock } from './marks.ts';
import type { Traces } from './traces.ts';

export interface Painter {
  /** Takes a new reading of a block in place of the previous one. */
  update(block: MarkedBlock, previous: MarkedBlock | undefined): void;
  close(): void;
}

const MAX_PAINTED = 500;

/** Paints the blocks of one document as they come near its viewport. */
export function createPainter(document: Document, traces: Traces): Painter {
  const { paint, unpaint, paintRefused } = createBrush(traces);
  const watched = new WeakMap<Element, Set<MarkedBlock>>();
  const near = new WeakSet<Element>();
  const observer = new IntersectionObserver(
    (entries) => {
      // First what leaves, so that what comes finds room.
      for (const { target } of entries.filter(({ isIntersecting }) => !isIntersecting)) {
        near.delete(target);
        for (const block of watched.get(target) ?? []) unpaint(block);
      }
      for (const { target } of entries.filter(({ isIntersecting }) => isIntersecting)) {
        near.add(target);
        for (const block of watched.get(target) ?? []) paint(block);
      }
      paintRefused();
    },
    { root: document, rootMargin: '100%' },
  );
  const drop = (block: MarkedBlock) => {
    const target = targetOf(block);
    const blocks = watched.get(target);
    unpaint(block);
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
      }
      if (previous && previous !== block) drop(previous);
      if (near.has(target)) paint(block);
    },
    close: () => observer.disconnect(),
  };
}

function createBrush(traces: Traces) {
  const painted = new Set<MarkedBlock>();
  const refused = new Set<MarkedBlock>();
  let total = 0;
  const paint = (block: MarkedBlock) => {
    if (painted.has(block)) return;
    if (total + block.marks.length > MAX_PAINTED) {
      refused.add(block);
      return;
    }
    refused.delete(block);
    painted.add(block);
    for (const { found, range } of block.marks) traces.highlightOf(found.kind).add(range);
    total += block.marks.length;
  };
  return {
    paint,
    unpaint(block: MarkedBlock) {
      refused.delete(block);
      if (!painted.delete(block)) return;
      for (const { found, range } of block.marks) traces.highlightOf(found.kind).delete(range);
      total -= block.marks.length;
    },
    paintRefused() {
      for (const block of [...refused]) paint(block);
    },
  };
}

function targetOf({ node }: MarkedBlock): Element {
  return node instanceof ShadowRoot ? node.host : node;
}
