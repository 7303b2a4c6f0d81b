// A view in which cards come and go moves buttons under a pointer that rests. A click that was meant for what stood there
// before must not answer or end another call: until the pointer has moved, clicks right after a change count for nothing.
import { useRef } from 'preact/hooks';

// Shorter than it takes to see what came and to decide to click it.
const REST_MS = 500;

/** Handlers for the element around the buttons. `arrangement` is another text whenever buttons may have moved. */
export function useSteadyClicks(arrangement: string) {
  const kept = useRef({ arrangement, changedAt: Number.NEGATIVE_INFINITY, movedAt: 0 });
  if (kept.current.arrangement !== arrangement) {
    kept.current = { ...kept.current, arrangement, changedAt: Date.now() };
  }
  return {
    onPointerMoveCapture() {
      kept.current.movedAt = Date.now();
    },
    onClickCapture(event: MouseEvent) {
      const { changedAt, movedAt } = kept.current;
      // A key has no place: it presses what has the focus, and that did not move.
      const isByPointer = event.detail > 0;
      if (!isByPointer || movedAt >= changedAt || Date.now() - changedAt > REST_MS) return;
      event.stopPropagation();
      event.preventDefault();
    },
  };
}
