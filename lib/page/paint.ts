// Marks → what the agent sees: custom highlights over the text, which change nothing in the page's tree. Only what is
// near the viewport is painted. Its traces are the registry entries `offhook…` and one adopted sheet per root; both are
// put back when the page clears them and taken away at the end.
import { viewOf } from './dom.ts';
import type { MarkedBlock } from './marks.ts';

export interface Painter {
  /** Takes a new reading of a block in place of the previous one. */
  update(block: MarkedBlock, previous: MarkedBlock | undefined): void;
  addRoot(root: ShadowRoot): void;
  /** Puts back what the page has cleared. */
  reassert(): void;
  /** How many numbers are painted now. */
  paintedCount(): number;
  close(): void;
}

const MAX_PAINTED = 500;
// Highlights take no cursor and no layout; the colours hold on light and dark pages.
const STYLE = `
::highlight(offhook) { text-decoration: underline 1px dotted #1d9a84; text-underline-offset: 3px; }
::highlight(offhook-fax) { text-decoration: underline 1px dotted #8d96a1; text-underline-offset: 3px; }
`;
const NAMES = { phone: 'offhook', fax: 'offhook-fax', internal: 'offhook' } as const;

/** Paints into `document` and the roots it is told of. */
export function createPainter(document: Document): Painter {
  const highlights = new Map(['offhook', 'offhook-fax'].map((name) => [name, new Highlight()]));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  const roots = new Set<ShadowRoot>();
  const watched = new WeakMap<Element, Set<MarkedBlock>>();
  const near = new WeakSet<Element>();
  const painted = new Map<MarkedBlock, number>();
  let total = 0;
  const paint = (block: MarkedBlock) => {
    if (painted.has(block) || total + block.marks.length > MAX_PAINTED) return;
    for (const { found, range } of block.marks) highlights.get(NAMES[found.kind])?.add(range);
    painted.set(block, block.marks.length);
    total += block.marks.length;
  };
  const unpaint = (block: MarkedBlock) => {
    if (!painted.delete(block)) return;
    for (const { found, range } of block.marks) highlights.get(NAMES[found.kind])?.delete(range);
    total -= block.marks.length;
  };
  const observer = new IntersectionObserver(
    (entries) => {
      const leaving = entries.filter(({ isIntersecting }) => !isIntersecting);
      const coming = entries.filter(({ isIntersecting }) => isIntersecting);
      for (const { target } of leaving) {
        near.delete(target);
        for (const block of watched.get(target) ?? []) unpaint(block);
      }
      for (const { target } of coming) {
        near.add(target);
        for (const block of watched.get(target) ?? []) paint(block);
      }
    },
    { root: document, rootMargin: '100%' },
  );
  const drop = (block: MarkedBlock) => {
    const target = targetOf(block);
    const blocks = watched.get(target);
    unpaint(block);
    blocks?.delete(block);
    if (blocks?.size !== 0) return;
    watched.delete(target);
    near.delete(target);
    observer.unobserve(target);
  };
  const reassert = () => {
    const registry = registryOf(document);
    for (const [name, highlight] of highlights) {
      if (registry && registry.get(name) !== highlight) registry.set(name, highlight);
    }
    for (const root of [document, ...roots]) {
      if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    }
  };
  reassert();
  return {
    update(block, previous) {
      if (previous && previous !== block) drop(previous);
      if (block.marks.length === 0) return;
      const target = targetOf(block);
      watched.set(target, (watched.get(target) ?? new Set()).add(block));
      if (near.has(target)) paint(block);
      observer.observe(target);
    },
    addRoot(root) {
      for (const known of roots) if (!known.host.isConnected) roots.delete(known);
      roots.add(root);
      reassert();
    },
    reassert,
    paintedCount: () => total,
    close() {
      observer.disconnect();
      const registry = registryOf(document);
      for (const [name, highlight] of highlights) {
        highlight.clear();
        if (registry?.get(name) === highlight) registry.delete(name);
      }
      for (const root of [document, ...roots]) {
        root.adoptedStyleSheets = [...root.adoptedStyleSheets].filter((one) => one !== sheet);
      }
    },
  };
}

function registryOf(document: Document): HighlightRegistry | undefined {
  return viewOf(document)?.CSS.highlights;
}

function targetOf({ node }: MarkedBlock): Element {
  return node instanceof ShadowRoot ? node.host : node;
}
