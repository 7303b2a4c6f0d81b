// Which blocks have come near the window, and which have left: looked up by asking where they stand, a few at a time. An
// observer for each would cost a long table more than all of its reading does (measured with 10,000 rows while scrolling:
// 7 ms in every frame, and 300 bytes for each number). Asks for boxes, changes nothing.
import type { BlockNode } from './assemble.ts';
import { isConnected, rectOf } from './dom.ts';
import { boxedElement } from './visible.ts';

/** `near`: within one screen of the window; `around`: within two; `nowhere`: it has no box, or none that is laid out. */
export type Side = 'near' | 'around' | 'above' | 'below' | 'left' | 'right' | 'nowhere';

/** `coarse`: one of several neighbours is asked, and all of them where it stands about the window; `full`: each one. */
export type LookKind = 'coarse' | 'full';

export interface Looks {
  /** Begins a look; one of the same kind that is under way is begun anew, once it is over. */
  begin(kind: LookKind): void;
  /** The next step of a look of this kind; false when there is none. */
  step(kind: LookKind): boolean;
  clear(): void;
}

// Blocks that follow each other on the page mostly stand beside each other in the window.
const NEIGHBOURS = 16;

/** Looks at the blocks in `far`, which `arrive` takes out, and at those in `near`, which `leave` takes out. */
export function createLooks({
  far,
  near,
  arrive,
  leave,
}: {
  far: ReadonlySet<BlockNode>;
  near: ReadonlySet<BlockNode>;
  arrive: (node: BlockNode) => void;
  leave: (node: BlockNode) => void;
}): Looks {
  const looks: Record<LookKind, { running: Generator<void> | undefined; isWanted: boolean }> = {
    coarse: { running: undefined, isWanted: false },
    full: { running: undefined, isWanted: false },
  };
  const check = (node: BlockNode, frame: Frame) => {
    if (!far.has(node)) return;
    if (!isConnected(node)) leave(node);
    else if (sideOf(node, frame) === 'near') arrive(node);
  };
  function* look(kind: LookKind): Generator<void> {
    yield* lookAtNear();
    let group: BlockNode[] = [];
    let frame = frameNow();
    const probe = (node: BlockNode): Side => (kind === 'coarse' ? sideOf(node, frame) : 'near');
    let side: Side = 'near';
    let isAround = true;
    for (const node of far) {
      if (group.length === 0) side = probe(node);
      if (group.length < NEIGHBOURS) {
        group.push(node);
        continue;
      }
      // What is between one that stands above and one that stands below may stand here.
      const next = probe(node);
      const isPassed = isOut(side) && side === next;
      if (!isPassed || isAround) for (const one of group) check(one, frame);
      isAround = !isPassed;
      side = next;
      group = [node];
      yield;
      frame = frameNow();
    }
    for (const node of group) check(node, frame);
  }
  function* lookAtNear(): Generator<void> {
    let frame = frameNow();
    let count = 0;
    for (const node of near) {
      if (!isConnected(node) || isOut(sideOf(node, frame))) leave(node);
      count += 1;
      if (count % NEIGHBOURS !== 0) continue;
      yield;
      frame = frameNow();
    }
  }
  return {
    begin(kind) {
      looks[kind].isWanted = true;
    },
    step(kind) {
      const one = looks[kind];
      if (!one.running) {
        if (!one.isWanted) return false;
        one.isWanted = false;
        one.running = look(kind);
      }
      if (one.running.next().done) one.running = undefined;
      return one.running !== undefined || one.isWanted;
    },
    clear() {
      for (const one of Object.values(looks)) Object.assign(one, { running: undefined, isWanted: false });
    },
  };
}

/** The size of the window. Asking for it costs as much as asking for a box. */
export interface Frame {
  width: number;
  height: number;
}

/** The window as it is now. */
export function frameNow(): Frame {
  return { width: innerWidth, height: innerHeight };
}

/** Where a block stands. */
export function sideOf(node: BlockNode, { width, height }: Frame): Side {
  const element = boxOf(node);
  if (!element) return 'nowhere';
  const { top, bottom, left, right } = rectOf(element);
  if (bottom < -2 * height) return 'above';
  if (top > 3 * height) return 'below';
  if (right < -2 * width) return 'left';
  if (left > 3 * width) return 'right';
  const isNear = bottom >= -height && top <= 2 * height && right >= -width && left <= 2 * width;
  return isNear ? 'near' : 'around';
}

function isOut(side: Side): boolean {
  return side !== 'near' && side !== 'around';
}

// What the browser has put off laying out is not laid out for being asked.
function boxOf(node: BlockNode): Element | undefined {
  const element = node instanceof ShadowRoot ? node.host : node;
  if (isLaidOut(element)) return element;
  const boxed = boxedElement(element);
  return boxed !== element && isLaidOut(boxed) ? boxed : undefined;
}

function isLaidOut(element: Element): boolean {
  return Element.prototype.checkVisibility.call(element, { contentVisibilityAuto: true });
}
