// Clicks on a number's own text, where somebody chose that they dial: only on one whose chip has been seen, and only then
// the page does not get that click. Everything else that is clicked, dragged, selected or written in stays the page's.
import { createGesture, isRepeatedClick } from './gesture.ts';

/** What a click on the text of a number does. */
export interface TextClicks {
  /** Whether the press began on such a number. */
  pointerDown(event: PointerEvent): boolean;
  pointerUp(event: PointerEvent): void;
  pointerCancel(): void;
  /** Whether the click was taken. */
  click(event: MouseEvent): boolean;
}

/** Takes such clicks while `isActive`; `shownAt` answers what the chip has shown of the number at a point. */
export function createTextClicks<Shown>(options: {
  isActive: () => boolean;
  shownAt: (point: { x: number; y: number }) => Shown | undefined;
  dial: (shown: Shown) => void;
}): TextClicks {
  const gesture = createGesture<Shown>();
  return {
    pointerDown(event) {
      if (!event.isTrusted) return false;
      const isMeant = options.isActive() && event.pointerType !== 'touch';
      const shown = isMeant ? options.shownAt({ x: event.clientX, y: event.clientY }) : undefined;
      gesture.down(event, shown);
      return shown !== undefined;
    },
    pointerUp: gesture.up,
    pointerCancel: gesture.cancel,
    click(event) {
      const pressed = gesture.click(event);
      if (pressed === undefined) return false;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!isRepeatedClick(event)) options.dial(pressed);
      return true;
    },
  };
}
