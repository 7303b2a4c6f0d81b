// The focus is only borrowed: after a keyboard command it goes into the chip's button, and back to where the agent was
// when that is over. While it is there because of our command, and only then, keys on the chip count: a page can move
// no focus in there, and a focus that has left once is never ours again.
import { activeElementIn, viewOf } from './dom.ts';

export interface FocusLoan {
  /** Remembers where the focus is; call it before the chip is shown, then `take`. */
  remember(): void;
  /** Puts the focus into the chip; false where it cannot go there. */
  take(): boolean;
  /** The agent's own click put the focus into the card, away from `lender`. */
  adopt(lender: Element | undefined): void;
  isTaken(): boolean;
  /** Puts the focus back to where it was, if it is still in the chip. */
  giveBack(): void;
  /** The focus is on its way elsewhere by the agent's own hand: it is left to go. */
  letGo(): void;
  /** The focus left the chip: true if that ends the loan. */
  left(): boolean;
}

/** Borrows the focus of one document for what `focus` puts it into. */
export function createFocusLoan(options: {
  document: Document;
  openShadowRoot: (element: Element) => ShadowRoot | null;
  focus: () => boolean;
}): FocusLoan {
  const { document, openShadowRoot } = options;
  const view = viewOf(document);
  const isOnTop = view !== null && view === view.top;
  let lender: Element | undefined;
  let isTaken = false;
  const end = () => {
    isTaken = false;
    lender = undefined;
  };
  const giveBack = () => {
    if (!isTaken) return;
    const to = lender;
    // First the end, so that the focus that leaves now is not taken for lost.
    end();
    // Through the prototype: a form may have a field named focus.
    if (to instanceof HTMLElement) HTMLElement.prototype.focus.call(to, { preventScroll: true });
    else if (to instanceof SVGElement) SVGElement.prototype.focus.call(to, { preventScroll: true });
  };
  return {
    remember() {
      if (!isTaken) lender = activeElementIn(document, openShadowRoot);
      // On its way from one number to the next it may leave the chip for a moment.
      isTaken = false;
    },
    take() {
      isTaken = options.focus();
      return isTaken;
    },
    adopt(from) {
      // On its way from one of our buttons to another it is lent already.
      if (isTaken) return;
      lender ??= from;
      isTaken = true;
    },
    isTaken: () => isTaken,
    giveBack,
    letGo: end,
    left() {
      // The whole window lost the focus, and finds it here when it comes back. From a frame inside it looks the same when
      // the focus went to another one.
      const isAway = !document.hasFocus() && isOnTop;
      if (!isTaken || isAway) return false;
      end();
      return true;
    },
  };
}
