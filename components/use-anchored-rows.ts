// Keeps the rows of a list where they are on the screen while something above the list grows or shrinks: a call that
// comes in slides over the list instead of pushing it, so that the row under the pointer stays the row under the pointer.
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** For an element that scrolls; only while the pointer is over it. */
export function useAnchoredRows(scroller: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    let top = element.getBoundingClientRect().top;
    // Told after layout and before painting: what moved is never seen.
    const observer = new ResizeObserver(() => {
      const movedBy = element.getBoundingClientRect().top - top;
      top += movedBy;
      if (movedBy !== 0 && element.matches(':hover')) element.scrollTop += movedBy;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
}
