// When blocks of a page may have come to the window or gone: it was scrolled, a part of it was opened, a picture came.
// Nothing tells of a change by a style alone, so that it is also looked for every now and then. Hears the page, and never
// looks at it itself.
import { firstChildOf, isElement, nextSiblingOf } from './dom.ts';
import type { LookKind } from './nearness.ts';

export interface Movement {
  /** The page has changed. */
  moved(): void;
  /** Hears a document or root, once; again after a document was written anew, which drops its listeners. */
  listenTo(root: Document | ShadowRoot): void;
  close(): void;
}

const EVENTS = 'scroll load toggle transitionend animationend click keyup input visibilitychange'.split(' ');
const COARSE_MS = 100;
const QUIET_MS = 300;
const UNASKED_MS = 1_000;
const UNASKED_FULL = 5;

/** Asks for looks: a coarse one soon and again while it goes on, a full one when it is over. */
export function watchMovement({
  document,
  look,
  isSmall,
}: {
  document: Document;
  look: (kind: LookKind) => void;
  /** Whether a full look costs next to nothing. */
  isSmall: () => boolean;
}): Movement {
  const life = new AbortController();
  const timers: { soon?: Timer; quiet?: Timer } = {};
  let unasked = 0;
  const lookIfShown = (kind: LookKind) => {
    if (document.visibilityState === 'visible') look(kind);
  };
  const interval = setInterval(() => {
    unasked += 1;
    lookIfShown(isSmall() || unasked % UNASKED_FULL === 0 ? 'full' : 'coarse');
  }, UNASKED_MS);
  const moved = () => {
    timers.soon ??= setTimeout(() => {
      delete timers.soon;
      lookIfShown('coarse');
    }, COARSE_MS);
    clearTimeout(timers.quiet);
    timers.quiet = setTimeout(() => lookIfShown('full'), QUIET_MS);
  };
  const options = { capture: true, passive: true, signal: life.signal };
  addEventListener('resize', moved, options);
  // A filter, an opened part: most of what styles alone change makes the page longer or shorter.
  const sizes = new ResizeObserver(moved);
  return {
    moved,
    listenTo(root) {
      for (let child = firstChildOf(document); child; child = nextSiblingOf(child)) {
        if (isElement(child)) sizes.observe(child);
      }
      for (const type of EVENTS) EventTarget.prototype.addEventListener.call(root, type, moved, options);
    },
    close() {
      life.abort();
      clearInterval(interval);
      sizes.disconnect();
      for (const timer of Object.values(timers)) clearTimeout(timer);
    },
  };
}

type Timer = ReturnType<typeof setTimeout>;
