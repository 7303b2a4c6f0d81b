// The shadow roots of a page, open and closed, by their host. A root may come long after its element, and nothing tells of
// it: hosts that are likely to get one are looked at again and again, all others a few at a time.
import { isConnected, localNameOf } from './dom.ts';

export interface Roots {
  /** The element's root, known or new; each root is announced once. */
  of(element: Element): ShadowRoot | undefined;
  /** Looks again at custom elements that had no root, and at the next part of the page. */
  lookAgain(): void;
}

const MAX_WAITING = 2_000;
const SWEPT = 2_000;
const SWEEP_MS = 4;
// The built-in elements that may have a shadow root (DOM Standard, "valid shadow host name").
const HOST_NAMES = new Set(
  'article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span'.split(' '),
);

/** Finds roots by `openShadowRoot` and announces each by `onRoot`. */
export function createRoots({
  document,
  openShadowRoot,
  onRoot,
}: {
  document: Document;
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
  // Live, and walked on by place: what moves meanwhile has its turn in the next round. Others than hosts are not touched,
  // since a browser keeps a hull of some hundred bytes for each node that a script has had in its hands.
  const hosts = [...HOST_NAMES].map((name) => Document.prototype.getElementsByTagName.call(document, name));
  let [at, next] = [0, 0];
  const sweep = () => {
    const endMs = performance.now() + SWEEP_MS;
    let swept = 0;
    for (let kinds = 0; kinds < hosts.length && swept < SWEPT && performance.now() < endMs; swept += 1) {
      const element = hosts[at]?.item(next);
      next += 1;
      if (element) of(element);
      else {
        [at, next] = [(at + 1) % hosts.length, 0];
        kinds += 1;
      }
    }
  };
  return {
    of,
    lookAgain() {
      for (const element of waiting) {
        if (isConnected(element)) of(element);
        else waiting.delete(element);
      }
      sweep();
    },
  };
}
