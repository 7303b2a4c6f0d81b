// What Offhook leaves on a page besides the chip's host: entries `offhook…` in the highlight registry and one adopted
// sheet, per root where the browser needs that. Puts them back when the page clears them, and takes exactly its own away
// at the end.
import { lastElementOf, rootElementOf, viewOf } from './dom.ts';
import { addSheet, adoptStyle, askEachElement, dropSheet, isForRoot } from './style.ts';

export interface Traces {
  /** The highlight that numbers of a kind are painted with. */
  highlightOf(kind: 'phone' | 'fax' | 'internal'): Highlight;
  addRoot(root: ShadowRoot): void;
  /** Puts back what the page has cleared. */
  reassert(): void;
  /** Takes away everything but the document's sheet, which may be needed again: see `dropStyle`. */
  remove(): void;
}

/** Registers the highlights at once; `scope` is the isolated world's global object, in which the sheet is kept. */
export function createTraces(document: Document, scope: object): Traces {
  const plain = new Highlight();
  const fax = new Highlight();
  const named = { offhook: plain, 'offhook-fax': fax };
  const sheet = adoptStyle(scope, document);
  const isHandedDown = isForRoot(sheet) && handsDown(document);
  if (!isHandedDown) askEachElement(sheet);
  // Weakly: a root that the page has dropped goes with its sheet.
  const roots = new Set<WeakRef<ShadowRoot>>();
  const allRoots = () => [...roots].flatMap((root) => root.deref() ?? []);
  const registry = () => viewOf(document)?.CSS.highlights;
  const reassert = () => {
    for (const [name, highlight] of Object.entries(named)) {
      if (registry()?.get(name) !== highlight) registry()?.set(name, highlight);
    }
    adoptStyle(scope, document);
    for (const root of allRoots()) addSheet(root, sheet);
  };
  reassert();
  return {
    highlightOf: (kind) => (kind === 'fax' ? fax : plain),
    addRoot(root) {
      if (isHandedDown) return;
      for (const known of roots) if (!known.deref()) roots.delete(known);
      roots.add(new WeakRef(root));
      reassert();
    },
    reassert,
    remove() {
      for (const [name, highlight] of Object.entries(named)) {
        highlight.clear();
        if (registry()?.get(name) === highlight) registry()?.delete(name);
      }
      for (const root of allRoots()) dropSheet(root, sheet);
      roots.clear();
    },
  };
}

// Whether an element inside looks as the root was told to.
function handsDown(document: Document): boolean {
  const root = rootElementOf(document);
  const inside = root && lastElementOf(root);
  return inside !== null && getComputedStyle(inside, '::highlight(offhook)').textDecorationLine === 'underline';
}
