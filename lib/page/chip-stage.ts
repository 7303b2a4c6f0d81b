// What the chip stands beside right now, and the focus while a keyboard command lent it to the chip. What is shown is
// only ever answered as the page still shows it.
import type { ChipView } from './chip.ts';
import type { ChipHost } from './chip-host.ts';
import { createFocusLoan } from './focus-loan.ts';
import type { Box } from './place.ts';
import type { Target } from './target.ts';

export interface Shown {
  target: Target;
  boxes: readonly Box[];
  element: Element | undefined;
}

export interface Stage {
  shown(): Shown | undefined;
  /** What is shown as the page has it now, even drawn anew; undefined where the page shows it no more. */
  current(): Shown | undefined;
  /** Shows the chip for a pointer that rests on the number. */
  point(target: Target): void;
  /** Shows the chip with the focus in it. */
  reach(target: Target): boolean;
  /** Whether the focus is in the chip because of `reach`. */
  isLent(): boolean;
  /** The agent moves the focus elsewhere. */
  letFocusGo(): void;
  /** The chip that was reached stays beside its number while the page scrolls. */
  follow(): void;
  /** Nothing is offered any more; what is drawn stays until something else is. */
  end(): void;
  /** Takes the chip away. */
  clear(): void;
}

/** The stage of one chip. `onFocusLost`: the focus that was lent to the chip has gone elsewhere. */
export function createStage(options: {
  document: Document;
  openShadowRoot: (element: Element) => ShadowRoot | null;
  host: ChipHost<ChipView>;
  onFocusLost: () => void;
}): Stage {
  const { host } = options;
  const loan = createFocusLoan({ ...options, focus: host.focus });
  let shown: Shown | undefined;
  host.listen('focusout', () => {
    if (loan.left()) options.onFocusLost();
  });
  const end = () => {
    loan.giveBack();
    shown = undefined;
  };
  const show = (target: Target, view: ChipView, kind: 'beside' | 'reached'): boolean => {
    const { element } = target;
    const boxes = target.boxes();
    const isShown = (kind === 'reached' || boxes.length > 0) && host.show(view, { boxes, kind, element });
    shown = isShown ? { target, boxes, element } : undefined;
    return isShown;
  };
  return {
    shown: () => shown,
    current() {
      const target = shown && host.isThere() ? shown.target.current() : undefined;
      if (!shown || !target) return undefined;
      shown = { ...shown, target };
      return shown;
    },
    point(target) {
      show(target, { type: 'ready', number: target.number, text: target.text }, 'beside');
    },
    reach(target) {
      loan.remember();
      const isShown = show(target, { type: 'reached', number: target.number, text: target.text }, 'reached');
      // Where the page keeps the focus out, the chip still shows the number and takes a click.
      if (isShown) loan.take();
      return isShown;
    },
    isLent: loan.isTaken,
    letFocusGo: loan.letGo,
    follow() {
      if (!shown || !loan.isTaken()) return;
      shown = { ...shown, boxes: shown.target.boxes() };
      host.moveTo(shown.boxes);
    },
    end,
    clear() {
      end();
      host.hide();
    },
  };
}
