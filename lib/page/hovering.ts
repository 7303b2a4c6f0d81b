// The hover machine on a real pointer: one look at the page per frame, and one timer for what happens while the pointer
// rests.
import { type Hover, nextHover, type Place, wakeAt } from './hover.ts';

export interface Hovering<Mark> {
  moveTo(point: { x: number; y: number } | undefined): void;
  /** Looks again where the pointer is. */
  look(): void;
  /** The mark whose chip is or should be shown. */
  shown(): Mark | undefined;
  /** The same number drawn anew is still the one that is hovered. */
  replace(mark: Mark): void;
  reset(): void;
}

/** Watches by `placeAt`, and tells each time whose chip is to be shown now, undefined for none. */
export function createHovering<Mark>({
  placeAt,
  onShown,
}: {
  placeAt: (point: { x: number; y: number }) => Place<Mark>;
  onShown: (mark: Mark | undefined) => void;
}): Hovering<Mark> {
  let hover: Hover<Mark> = { type: 'idle' };
  let point: { x: number; y: number } | undefined;
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const shown = () => (hover.type === 'shown' || hover.type === 'leaving' ? hover.mark : undefined);
  const look = () => {
    const before = shown();
    hover = nextHover(hover, point ? placeAt(point) : { type: 'other' }, performance.now());
    clearTimeout(timer);
    const at = wakeAt(hover);
    if (at !== undefined) timer = setTimeout(look, Math.max(1, at - performance.now() + 1));
    if (shown() !== before) onShown(shown());
  };
  return {
    moveTo(to) {
      point = to;
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        look();
      });
    },
    look,
    shown,
    replace(mark) {
      if (hover.type !== 'idle') hover = { ...hover, mark };
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
