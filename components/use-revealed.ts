// What was just opened inside something that scrolls must be seen.
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** A ref for an element that is scrolled into sight when it appears. */
export function useRevealed<Kind extends HTMLElement>(): RefObject<Kind | null> {
  const element = useRef<Kind>(null);
  useEffect(() => element.current?.scrollIntoView?.({ block: 'nearest' }), []);
  return element;
}
