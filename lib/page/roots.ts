// The shadow roots of a page, open and closed, by their host. A root may come long after its element: hosts that are
// likely to get one are looked at again.
import { isConnected, localNameOf } from './dom.ts';

export interface Roots {
  /** The element's root, known or new; each root is announced once. */
  of(element: Element): ShadowRoot | undefined;
  /** Looks again at custom elements that had no root. */
  lookAgain(): void;
}

const MAX_WAITING = 2_000;
// The built-in elements that may have a shadow root (DOM Standard, "valid shadow host name").
const HOST_NAMES = new Set(
  'article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span'.split(' '),
);

/** Finds roots by `openShadowRoot` and announces each by `onRoot`. */
export function createRoots({
  openShadowRoot,
  onRoot,
}: {
  openShadowRoot: (element: Element) => ShadowRoot | null;
  onRoot: (root: ShadowRoot) => void;
}): Roots {
  const known = new WeakMap<Element, ShadowRoot>();
  const waiting = new Set<Element>();
  const of = (element: Element): ShadowRoot | undefined => {
    const before = known.get(element);
    if (before) return before;
    const name = localNameOf(element);
    const isCustom = name.includes('-');
    if (!isCustom && !HOST_NAMES.has(name)) return undefined;
    const root = openShadowRoot(element);
    if (root) {
      known.set(element, root);
      waiting.delete(element);
      onRoot(root);
    } else if (isCustom && waiting.size < MAX_WAITING) waiting.add(element);
    return root ?? undefined;
  };
  return {
    of,
    lookAgain() {
      for (const element of waiting) {
        if (isConnected(element)) of(element);
        else waiting.delete(element);
      }
    },
  };
}
