// Marks → what the agent sees: custom highlights over the text, which change nothing in the page's tree. Only what is
// near the window and not hidden is painted, and never more than a few hundred numbers: thousands make every repaint slow.
import { isElement, parentOf, rectOf } from './dom.ts';
import type { MarkedBlock } from './marks.ts';
import type { Traces } from './traces.ts';
import { isDrawn } from './visible.ts';

export interface Painter {
  /** Takes a new reading of a block near the window in place of the previous one; one without marks is not painted. */
  update(block: MarkedBlock, previous: MarkedBlock | undefined): void;
  close(): void;
}

const MAX_PAINTED = 500;

// Every change of a highlight makes the browser look at the whole page again (measured with 60,000 cells: 40 ms): they are
// made together, and the more a page has to draw, the more seldom.
const GATHER_MS = 40;
const PAINT_MS = 150;
const MAX_PAINT_MS = 1_000;
const SHARE = 10;
// Nothing tells when a page shows what it had hidden by a style alone.
const HIDDEN_LOOK_MS = 500;

/** Paints the blocks of one document. */
export function createPainter(traces: Traces): Painter {
  const wanted = new Set<MarkedBlock>();
  const painted = createPainted(traces);
  const frames = createFrameWatch();
  let paintedAtMs = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let laterTimer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  const paint = () => {
    timer = undefined;
    if (isClosed) return;
    paintedAtMs = performance.now();
    const seen = [...wanted].filter(isShown);
    if (painted.become(nearestFirst(seen))) frames.next();
    clearTimeout(laterTimer);
    if (seen.length < wanted.size) laterTimer = setTimeout(paintSoon, HIDDEN_LOOK_MS);
  };
  const paintSoon = () => {
    const restMs = Math.min(MAX_PAINT_MS, Math.max(PAINT_MS, SHARE * frames.lastMs()));
    // In an idle moment the page is laid out, and asking what it shows costs nothing.
    timer ??= setTimeout(
      () => requestIdleCallback(paint, { timeout: PAINT_MS }),
      Math.max(GATHER_MS, paintedAtMs + restMs - performance.now()),
    );
  };
  return {
    update(block, previous) {
      if (previous) wanted.delete(previous);
      if (block.marks.length > 0) wanted.add(block);
      paintSoon();
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      clearTimeout(laterTimer);
    },
  };
}

// What is painted now, brought in line with what shall be as far as the limit allows.
function createPainted(traces: Traces): { become(blocks: readonly MarkedBlock[]): boolean } {
  const painted = new Set<MarkedBlock>();
  return {
    become(blocks) {
      let count = 0;
      const next = new Set<MarkedBlock>();
      for (const block of blocks) {
        if (count + block.marks.length > MAX_PAINTED) continue;
        count += block.marks.length;
        next.add(block);
      }
      const gone = [...painted].filter((block) => !next.has(block));
      const come = [...next].filter((block) => !painted.has(block));
      for (const block of gone) {
        painted.delete(block);
        for (const { found, range } of block.marks) traces.highlightOf(found.kind).delete(range);
      }
      for (const block of come) {
        painted.add(block);
        for (const { found, range } of block.marks) traces.highlightOf(found.kind).add(range);
      }
      return gone.length + come.length > 0;
    },
  };
}

// How long the browser takes to draw a frame: from its beginning until other tasks have their turn again.
function createFrameWatch(): { next(): void; lastMs(): number } {
  let lastMs = 0;
  return {
    next() {
      requestAnimationFrame(() => {
        const startMs = performance.now();
        setTimeout(() => {
          lastMs = performance.now() - startMs;
        });
      });
    },
    lastMs: () => lastMs,
  };
}

// Where there are more than may be painted, those in the window come before those around it.
function nearestFirst(blocks: readonly MarkedBlock[]): readonly MarkedBlock[] {
  if (blocks.reduce((count, { marks }) => count + marks.length, 0) <= MAX_PAINTED) return blocks;
  return blocks
    .map((block) => ({ block, distance: distanceOf(block) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ block }) => block);
}

function distanceOf({ node }: MarkedBlock): number {
  const { top, bottom } = rectOf(node instanceof ShadowRoot ? node.host : node);
  return Math.max(0, -bottom, top - innerHeight);
}

// A line may be shown in a part of the page that is hidden around it.
function isShown({ marks }: MarkedBlock): boolean {
  const first = marks[0] ? parentOf(marks[0].range.startContainer) : null;
  return isElement(first) ? isDrawn(first) : marks.length > 0;
}
