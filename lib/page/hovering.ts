// The hover machine on a real pointer: one look at the page per frame, and one timer for what happens while the pointer
// rests.
import { type Hover, nextHover, type Place, wakeAt } from './hover.ts';

export interface Hovering<Mark> {
  moveTo(point: { x: number; y: number } | undefined): void;
  /** The page was read anew: looks again where a pointer that has moved lately rests. */
  lookAgain(): void;
  /** The mark whose chip is or should be shown. */
  shown(): Mark | undefined;
  /** The same number drawn anew is still the one that is hovered. */
  replace(mark: Mark): void;
  /** What was hovered is gone; the pointer still rests where it was. */
  forget(): void;
  reset(): void;
}

/**
 * How long after its last move a resting pointer still means what is drawn under it: a page may redraw a number because
 * the pointer came. Later the page moves by itself, and nobody asked for a chip.
 */
const MEANT_MS = 1_500;

/** Watches by `placeAt`, and tells each time whose chip is to be shown now, undefined for none. */
export function createHovering<Mark>({
  isSame,
  placeAt,
  onShown,
  lingerMs,
}: {
  isSame: (a: Mark, b: Mark) => boolean;
  placeAt: (point: { x: number; y: number }) => Place<Mark>;
  onShown: (mark: Mark | undefined) => void;
  /** How long what is shown now may be left. */
  lingerMs: () => number;
}): Hovering<Mark> {
  let hover: Hover<Mark> = { type: 'idle' };
  let point: { x: number; y: number } | undefined;
  let movedAt = Number.NEGATIVE_INFINITY;
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const shown = () => (hover.type === 'shown' || hover.type === 'leaving' ? hover.mark : undefined);
  const look = () => {
    const before = shown();
    const place: Place<Mark> = point ? placeAt(point) : { type: 'other' };
    hover = nextHover(hover, { place, nowMs: performance.now(), isSame, lingerMs: lingerMs() });
    clearTimeout(timer);
    const at = wakeAt(hover, lingerMs());
    if (at !== undefined) timer = setTimeout(look, Math.max(1, at - performance.now() + 1));
    if (shown() !== before) onShown(shown());
  };
  return {
    moveTo(to) {
      point = to;
      movedAt = performance.now();
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        look();
      });
    },
    lookAgain() {
      if (point && performance.now() - movedAt < MEANT_MS) look();
    },
    shown,
    replace(mark) {
      if (hover.type !== 'idle') hover = { ...hover, mark };
    },
    forget() {
      hover = { type: 'idle' };
      clearTimeout(timer);
    },
    reset() {
      hover = { type: 'idle' };
      point = undefined;
      clearTimeout(timer);
      if (frame !== undefined) cancelAnimationFrame(frame);
      frame = undefined;
    },
  };
}
