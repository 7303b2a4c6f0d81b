// The one element of ours that a page ever holds: a div with a closed shadow root beside body, there only while the chip
// is. Its name says nothing a page could register first; what only informs is inert, so that neither select-all nor
// window.find() tells the page what it says. Knows when the chip has been seen long enough to be dialled from.
import { rootElementOf } from './dom.ts';
import type { Box } from './place.ts';
import { corner, placeChip } from './place.ts';

/** How the chip looks: its style sheet, and a function that draws it into the container, at once; null takes it away. */
export interface ChipSkin<View> {
  style: string;
  render: (container: HTMLElement, view: View | null) => void;
}

export interface ChipHost<View> {
  /** Shows a view beside the boxes. What informs is always shown, if need be in the corner;
   * false where a chip that acts finds no room: nothing is shown then. */
  show(view: View, boxes: readonly Box[], kind: 'acts' | 'informs'): boolean;
  hide(): void;
  /** Whether `node` is our host. */
  isOwn(node: Node): boolean;
  /** Whether the point is on the shown chip. */
  contains(point: { x: number; y: number }): boolean;
  /**
   * Whether the chip has been visible for long enough before now: `seen`; `soon` while that may still come, `covered`
   * where the page keeps the browser from vouching for it.
   */
  sightAt(point: { x: number; y: number }): 'seen' | 'soon' | 'covered';
  /** Listens to the chip's own pointer events; they do not bubble to the page. */
  listen<Type extends 'pointerdown' | 'pointerup' | 'pointercancel' | 'click'>(
    type: Type,
    listener: (event: HTMLElementEventMap[Type]) => void,
  ): void;
}

// How long a chip must have been visible before a press on it counts.
const MIN_SEEN_MS = 300;
// A chip that nobody could have seen by then, the browser's own delay included, is covered.
const COVERED_AFTER_MS = 1_000;

// `!important` inside the root wins over the page's own rules for the host.
const STYLE = `
:host { all: initial !important; position: fixed !important; inset: 0 auto auto 0 !important; width: 0 !important;
  height: 0 !important; display: block !important; overflow: visible !important; z-index: 2147483647 !important; }
.place { position: fixed; width: max-content; user-select: none; -webkit-user-select: none; }
`;

/** A host for `document`; nothing is in the page until `show`. */
export function createChipHost<View>(document: Document, skin: ChipSkin<View>): ChipHost<View> {
  const { host, place, content } = createElements(document, skin.style);
  let visibleSince: number | undefined;
  let shownSince = 0;
  const observer = new IntersectionObserver(
    (entries) => {
      const last = entries.at(-1);
      const isSeen = last?.isIntersecting === true && (last as VisibilityEntry).isVisible !== false;
      if (!isSeen) visibleSince = undefined;
      else visibleSince ??= performance.now();
    },
    // Version 2 of the observer (Chromium only) also tells covered and transparent; others ignore the option.
    { trackVisibility: true, delay: 100, threshold: 1 } as IntersectionObserverInit,
  );
  for (const type of ['pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'dblclick']) {
    place.addEventListener(type, (event) => event.stopPropagation());
  }
  // The focus stays where the agent types.
  place.addEventListener('mousedown', (event) => event.preventDefault());
  const hide = () => {
    if (!host.parentNode) return;
    observer.disconnect();
    visibleSince = undefined;
    skin.render(content, null);
    host.remove();
  };
  return {
    show(view, boxes, kind) {
      const isNew = !host.isConnected;
      content.inert = kind === 'informs';
      if (isNew) {
        attach(document, host);
        shownSince = performance.now();
      }
      skin.render(content, view);
      const { clientWidth: width = 0, clientHeight: height = 0 } = rootElementOf(document) ?? {};
      const size = place.getBoundingClientRect();
      const at =
        placeChip(boxes, size, { width, height }) ?? (kind === 'informs' ? corner(size, { width, height }) : undefined);
      if (at) {
        place.style.left = `${at.x}px`;
        place.style.top = `${at.y}px`;
        if (isNew) observer.observe(place);
      } else hide();
      return at !== undefined;
    },
    hide,
    isOwn: (node) => node === host,
    contains({ x, y }) {
      if (!host.isConnected) return false;
      const { left, right, top, bottom } = place.getBoundingClientRect();
      return x >= left && x <= right && y >= top && y <= bottom;
    },
    sightAt(point) {
      const now = performance.now();
      const isVisible = visibleSince !== undefined && isOnTop(document, host, point);
      if (!isVisible) return now - shownSince >= COVERED_AFTER_MS ? 'covered' : 'soon';
      return now - (visibleSince ?? now) >= MIN_SEEN_MS ? 'seen' : 'soon';
    },
    listen(type, listener) {
      place.addEventListener(type, listener);
    },
  };
}

interface VisibilityEntry extends IntersectionObserverEntry {
  /** Only in browsers that know `trackVisibility`. */
  readonly isVisible?: boolean;
}

function createElements(document: Document, style: string) {
  const create = (name: string) => Document.prototype.createElement.call(document, name);
  const host = create('div');
  // The place takes clicks and keeps them from the page, also those meant for what stood there a moment ago; only the
  // content is inert.
  const place = create('div');
  const content = create('div');
  const root = host.attachShadow({ mode: 'closed' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE + style);
  root.adoptedStyleSheets = [sheet];
  place.className = 'place';
  place.append(content);
  root.append(place);
  return { host, place, content };
}

function attach(document: Document, host: HTMLElement): void {
  host.popover = 'manual';
  rootElementOf(document)?.append(host);
  // The top layer: no z-index of the page covers the chip.
  host.showPopover();
}

// For browsers whose observer does not tell: the topmost element is ours and the page has not faded or moved it.
function isOnTop(document: Document, host: HTMLElement, { x, y }: { x: number; y: number }): boolean {
  const root = rootElementOf(document);
  if (!root) return false;
  const { opacity, transform, filter, clipPath } = getComputedStyle(root);
  const isPlain = opacity === '1' && transform === 'none' && filter === 'none' && clipPath === 'none';
  return isPlain && Document.prototype.elementFromPoint.call(document, x, y) === host;
}
