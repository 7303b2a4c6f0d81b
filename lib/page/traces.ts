// What Offhook leaves on a page besides the chip's host: entries `offhook…` in the highlight registry and one adopted
// sheet per root. Puts them back when the page clears them, and takes exactly its own away at the end.
import { viewOf } from './dom.ts';

export interface Traces {
  /** The highlight that numbers of a kind are painted with. */
  highlightOf(kind: 'phone' | 'fax' | 'internal'): Highlight;
  addRoot(root: ShadowRoot): void;
  /** Puts back what the page has cleared. */
  reassert(): void;
  remove(): void;
}

// Highlights take no cursor and no layout; the colours hold on light and dark pages.
const STYLE = `
::highlight(offhook) { text-decoration: underline 1px dotted #1d9a84; text-underline-offset: 3px; }
::highlight(offhook-fax) { text-decoration: underline 1px dotted #8d96a1; text-underline-offset: 3px; }
`;

/** Registers the highlights and adopts the sheet in `document` at once. */
export function createTraces(document: Document): Traces {
  const plain = new Highlight();
  const fax = new Highlight();
  const named = { offhook: plain, 'offhook-fax': fax };
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  // Weakly: a root that the page has dropped goes with its sheet.
  const roots = new Set<WeakRef<ShadowRoot>>();
  const allRoots = () => [document, ...[...roots].flatMap((root) => root.deref() ?? [])];
  const registry = () => viewOf(document)?.CSS.highlights;
  const reassert = () => {
    for (const [name, highlight] of Object.entries(named)) {
      if (registry()?.get(name) !== highlight) registry()?.set(name, highlight);
    }
    for (const root of allRoots()) {
      if (!sheetsOf(root).includes(sheet)) setSheets(root, [...sheetsOf(root), sheet]);
    }
  };
  reassert();
  return {
    highlightOf: (kind) => (kind === 'fax' ? fax : plain),
    addRoot(root) {
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
      for (const root of allRoots()) {
        setSheets(
          root,
          sheetsOf(root).filter((one) => one !== sheet),
        );
      }
      roots.clear();
    },
  };
}

// Through the prototype: a form named adoptedStyleSheets would shadow the document's own.
function sheetsOf(root: Document | ShadowRoot): CSSStyleSheet[] {
  return [...Reflect.get(prototypeOf(root), 'adoptedStyleSheets', root)];
}

function setSheets(root: Document | ShadowRoot, sheets: CSSStyleSheet[]): void {
  Reflect.set(prototypeOf(root), 'adoptedStyleSheets', sheets, root);
}

function prototypeOf(root: Document | ShadowRoot): DocumentOrShadowRoot {
  return root instanceof ShadowRoot ? ShadowRoot.prototype : Document.prototype;
}
