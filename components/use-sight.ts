// Whether somebody can have looked at something: it was on screen, in a document that is shown, for a while without a
// break, and that somebody was there: who opened it, came back to it or moved something in it in the last minutes. Being
// drawn in a hidden tab is not being seen, and neither is being left open over lunch; a window keeps its focus there.
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

const LOOK_EVERY_MS = 500;
const PRESENT_MS = 3 * 60_000;
const SIGNS = ['pointermove', 'pointerdown', 'wheel', 'keydown', 'focus'] as const;

interface Sight<Subject> {
  /** What there is to see; undefined: nothing. Another one is looked at from the beginning. */
  subject: Subject | undefined;
  afterMs: number;
  /** Heard once for each subject. */
  onSeen: (subject: Subject) => void;
}

/** Tells when an element with something to see has been visible for long enough. */
export function useSight<Subject extends string>(
  element: RefObject<HTMLElement | null>,
  { subject, afterMs, onSeen }: Sight<Subject>,
): void {
  const latest = useRef(onSeen);
  latest.current = onSeen;
  const isPresent = usePresence();
  useEffect(() => {
    if (subject === undefined) return;
    let seenMs = 0;
    const timer = setInterval(() => {
      seenMs = isVisible(element.current) && isPresent() ? seenMs + LOOK_EVERY_MS : 0;
      if (seenMs < afterMs) return;
      clearInterval(timer);
      latest.current(subject);
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [element, subject, afterMs]);
}

// Opening the view is a sign of somebody, too.
function usePresence(): () => boolean {
  const signAt = useRef(Date.now());
  useEffect(() => {
    const onSign = () => {
      signAt.current = Date.now();
    };
    const onShown = () => {
      if (document.visibilityState === 'visible') onSign();
    };
    for (const sign of SIGNS) window.addEventListener(sign, onSign, { capture: true, passive: true });
    document.addEventListener('visibilitychange', onShown);
    return () => {
      for (const sign of SIGNS) window.removeEventListener(sign, onSign, { capture: true });
      document.removeEventListener('visibilitychange', onShown);
    };
  }, []);
  return () => Date.now() - signAt.current < PRESENT_MS;
}

function isVisible(element: HTMLElement | null): boolean {
  return document.visibilityState === 'visible' && element !== null && element.checkVisibility();
}
