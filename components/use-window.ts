// Draws of a long list only the rows that can be seen, a few around them, and the one that has the focus: thousands of
// rows cost as much as twenty. Rows have one height.
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

// What is drawn beyond the edges, so that scrolling by wheel meets drawn rows.
const MARGIN_ROWS = 8;
// Until the list has been measured, and where nothing can be: a screen full.
const UNMEASURED_ROWS = 24;

export interface ListWindow {
  /** For the element that scrolls. */
  scroller: RefObject<HTMLDivElement | null>;
  /** The places of the rows to draw, ascending. */
  places: readonly number[];
  /** Brings a row into sight. */
  reveal(place: number): void;
}

export interface ListWindowOptions {
  count: number;
  rowHeight: number;
  /** A row that stays drawn wherever the list is scrolled to: the one with the focus. */
  pinned: number | undefined;
}

/** The window of a list. The rows are placed by their `place * rowHeight` in an element of `count * rowHeight`. */
export function useWindow({ count, rowHeight, pinned }: ListWindowOptions): ListWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [first, setFirst] = useState(0);
  const [rows, setRows] = useState(UNMEASURED_ROWS);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const measure = () => {
      // In steps of the margin: most scrolling draws nothing anew.
      const top = Math.floor(element.scrollTop / rowHeight / MARGIN_ROWS) * MARGIN_ROWS;
      setFirst(top);
      if (element.clientHeight > 0) setRows(Math.ceil(element.clientHeight / rowHeight) + MARGIN_ROWS);
    };
    element.addEventListener('scroll', measure, { passive: true });
    // It reports once at the start, after the layout that is made anyway: to measure here would make one more.
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', measure);
      observer.disconnect();
    };
  }, [rowHeight]);
  const from = Math.max(0, Math.min(first, count - rows) - MARGIN_ROWS);
  const until = Math.min(count, first + rows + MARGIN_ROWS);
  const places = Array.from({ length: Math.max(0, until - from) }, (_, index) => from + index);
  if (pinned !== undefined && pinned < count && (pinned < from || pinned >= until)) places.push(pinned);
  return {
    scroller,
    places: places.sort((a, b) => a - b),
    reveal(place) {
      const element = scroller.current;
      if (!element) return;
      const top = place * rowHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      const bottom = top + rowHeight - element.clientHeight;
      if (bottom > element.scrollTop) element.scrollTop = bottom;
    },
  };
}
