// Whether a person can have seen the chip: shown by the browser for long enough, covered by nothing, faded by nothing.
// What a page hides must never be pressed unseen.
import { rootElementOf } from './dom.ts';
import { watchTopLayer } from './top-layer.ts';

/** `covered`: the page keeps the browser from vouching for the chip, and it has been there long enough for that. */
export type Sight = 'seen' | 'soon' | 'covered';

interface SightOfChip {
  /** From now on, what is shown must be seen anew. */
  begin(): void;
  end(): void;
  at(point?: { x: number; y: number }): Sight;
}

interface VisibilityEntry extends IntersectionObserverEntry {
  /** Only in browsers that know `trackVisibility`. */
  readonly isVisible?: boolean;
}

// How long a chip must have been visible before a press on it counts.
const MIN_SEEN_MS = 300;
// A chip that nobody could have seen by then, the browser's own delay included, is covered.
const COVERED_AFTER_MS = 1_000;

/** Watches `place`, which stands in the shadow root of `host`. */
export function createSight(document: Document, host: HTMLElement, place: HTMLElement): SightOfChip {
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
  // Chromium's observer looks at the top layer itself.
  const topLayer = 'isVisible' in IntersectionObserverEntry.prototype ? undefined : watchTopLayer(document, host);
  const forget = () => {
    observer.disconnect();
    // What was observed before and not told yet is about what was shown before.
    observer.takeRecords();
    visibleSince = undefined;
  };
  return {
    begin() {
      forget();
      shownSince = performance.now();
      topLayer?.begin();
      observer.observe(place);
    },
    end() {
      topLayer?.end();
      forget();
    },
    at(point = middleOf(place)) {
      const now = performance.now();
      const isVisible = visibleSince !== undefined && isOnTop(document, host, point) && topLayer?.isClear() !== false;
      if (!isVisible) return now - shownSince >= COVERED_AFTER_MS ? 'covered' : 'soon';
      return now - (visibleSince ?? now) >= MIN_SEEN_MS ? 'seen' : 'soon';
    },
  };
}

function middleOf(place: HTMLElement): { x: number; y: number } {
  const { left, right, top, bottom } = place.getBoundingClientRect();
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

// For browsers whose observer does not tell: the topmost element is ours and the page has not faded or moved it.
function isOnTop(document: Document, host: HTMLElement, { x, y }: { x: number; y: number }): boolean {
  const root = rootElementOf(document);
  if (!root) return false;
  const { opacity, transform, filter, clipPath } = getComputedStyle(root);
  const isPlain = opacity === '1' && transform === 'none' && filter === 'none' && clipPath === 'none';
  const around = host.getRootNode();
  const top =
    around instanceof ShadowRoot
      ? around.elementFromPoint(x, y)
      : Document.prototype.elementFromPoint.call(document, x, y);
  return isPlain && top === host;
}
