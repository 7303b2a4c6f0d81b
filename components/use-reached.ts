// Whether somebody has scrolled to the end of a list. Without an observer in the browser nothing happens by itself, and
// the button there does it.
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

// Asked a little before it is seen, so that scrolling does not stop at the end of every page.
const MARGIN = '200px';

/** Tells when an element comes into sight; each time it is drawn anew, once. */
export function useReached(element: RefObject<HTMLElement | null>, onReached: () => void): void {
  const latest = useRef(onReached);
  latest.current = onReached;
  useEffect(() => {
    if (!element.current || typeof IntersectionObserver === 'undefined') return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) latest.current();
      },
      { rootMargin: MARGIN },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
}
