// Whether the agent is typing into this page just now, so that nothing takes the focus away. Only a person's own keys
// count, and only that there were some: neither keys nor text are kept.
import { activeElementIn } from './dom.ts';
import { isEditable } from './field.ts';

export interface Typing {
  /** A key or a change somewhere in the page. */
  seen(event: Event): void;
  isTyping(): boolean;
}

const TYPING_MS = 3_000;

/** Watches one document. */
export function watchTyping(document: Document, openShadowRoot: (element: Element) => ShadowRoot | null): Typing {
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    seen(event) {
      if (event.isTrusted && isEditable(activeElementIn(document, openShadowRoot))) lastAt = event.timeStamp;
    },
    isTyping: () => performance.now() - lastAt <= TYPING_MS,
  };
}
