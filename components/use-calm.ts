// A window that comes up by itself comes up under hands that are busy with something else. Nothing in it counts until it has
// been there for a moment, and a key only after the keyboard was at rest: whoever types on is not answering a question.
import { useEffect, useRef, useState } from 'preact/hooks';

/** How long something must have been shown before a press counts. */
export const CALM_MS = 700;

/**
 * Whether what is shown may be answered by the keyboard now; `content` is another text whenever something else is shown.
 * The handlers, for the element around all buttons, keep presses away that come too early.
 */
export function useCalm(content: string) {
  const [calmContent, setCalmContent] = useState<string>();
  const shownAt = useRef({ content, at: Date.now() });
  if (shownAt.current.content !== content) shownAt.current = { content, at: Date.now() };
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setCalmContent(content), CALM_MS);
    };
    // Each key, and each time the window gets the keyboard, the rest begins anew.
    const disturb = () => {
      setCalmContent(undefined);
      wait();
    };
    const hearKey = (event: KeyboardEvent) => (isStray(event) ? disturb() : wait());
    wait();
    window.addEventListener('keydown', hearKey, { capture: true });
    window.addEventListener('focus', disturb);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', hearKey, { capture: true });
      window.removeEventListener('focus', disturb);
    };
  }, [content]);
  const isCalm = calmContent === content;
  const isTooEarly = (event: Event) =>
    Date.now() - shownAt.current.at < CALM_MS || (!isCalm && event instanceof MouseEvent && event.detail === 0);
  const keepAway = (event: Event) => {
    if (!isTooEarly(event)) return;
    event.stopPropagation();
    event.preventDefault();
  };
  return { isCalm, handlers: { onClickCapture: keepAway, onSubmitCapture: keepAway } };
}

// A letter that nothing here takes was meant for something else, and so is the Enter behind it.
function isStray({ key, target }: KeyboardEvent): boolean {
  return key.length === 1 && key !== ' ' && !(target instanceof HTMLInputElement);
}
