// Whether something of the page has come into the browser's top layer after the chip, where it lies over the chip and may
// let presses through to it. Only needed where the browser does not vouch for what is seen; it never changes the page.
import { openShadowRoot } from '#lib/shadow-root.ts';
import { rootElementOf } from './dom.ts';

export interface TopLayer {
  /** The host has just been shown: from now on, what comes is above it. Later ones before `end` change nothing. */
  begin(): void;
  end(): void;
  /** Whether `host` is still there and nothing has come since. */
  isClear(): boolean;
}

const IN_TOP_LAYER = ':popover-open, :modal, :fullscreen';

/** Watches the top layer of `document` around `host`, a popover of ours. */
export function watchTopLayer(document: Document, host: HTMLElement): TopLayer {
  const below = new Set<Element>();
  let isWatching = false;
  // What was below and is shown anew comes to the top. A page can keep the event from us; it then has to have had that
  // element open before, with the number in sight.
  const hear = (event: Event) => {
    const [first] = event.composedPath();
    if (first !== host) below.delete(first as Element); // whatever it is, a set may be asked for it
  };
  const end = () => {
    isWatching = false;
    below.clear();
    removeEventListener('beforetoggle', hear, true);
  };
  return {
    begin() {
      if (isWatching) return;
      isWatching = true;
      for (const element of topLayerOf(document)) below.add(element);
      addEventListener('beforetoggle', hear, true);
    },
    end,
    isClear() {
      const now = topLayerOf(document);
      return (
        now.includes(host) && now.every((element) => element === host || below.has(element)) && !isMoving(document)
      );
    },
  };
}

function topLayerOf(document: Document): Element[] {
  const found = [...Document.prototype.querySelectorAll.call(document, IN_TOP_LAYER)];
  const look = (all: HTMLCollectionOf<Element> | NodeListOf<Element>): void => {
    for (const element of all) {
      const root = openShadowRoot(element);
      if (!root) continue;
      found.push(...DocumentFragment.prototype.querySelectorAll.call(root, IN_TOP_LAYER));
      look(DocumentFragment.prototype.querySelectorAll.call(root, '*'));
    }
  };
  look(Document.prototype.getElementsByTagName.call(document, '*'));
  return found;
}

// A view transition draws pictures of the page over the top layer.
function isMoving(document: Document): boolean {
  const root = rootElementOf(document);
  try {
    return root !== null && Element.prototype.matches.call(root, ':active-view-transition');
  } catch {
    // A browser that does not know the selector has no transitions.
    return false;
  }
}
