// What the chip stands beside right now, and the focus while a keyboard command lent it to the chip. What is shown is
// only ever answered as the page still shows it.
import type { Send } from '#lib/messages.ts';
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

type ReadyView = Extract<ChipView, { type: 'ready' | 'reached' }>;

/** The stage of one chip. `onFocusLost`: the focus that was lent to the chip has gone elsewhere. */
export function createStage(options: {
  document: Document;
  openShadowRoot: (element: Element) => ShadowRoot | null;
  host: ChipHost<ChipView>;
  send: Send;
  onFocusLost: () => void;
}): Stage {
  const { host, send } = options;
  const loan = createFocusLoan({ ...options, focus: host.focus });
  let shown: Shown | undefined;
  // Each number that is shown is a turn: an answer about an earlier one is void.
  let turn = 0;
  host.listen('focusout', () => {
    if (loan.left()) options.onFocusLost();
  });
  const end = () => {
    loan.giveBack();
    shown = undefined;
  };
  const show = (target: Target, type: 'ready' | 'reached'): boolean => {
    const { element, number, text } = target;
    const kind = type === 'ready' ? 'beside' : 'reached';
    const view: ReadyView = { type, number, text };
    const boxes = target.boxes();
    const isShown = (kind === 'reached' || boxes.length > 0) && host.show(view, { boxes, kind, element });
    const mine = isShown ? { target, boxes, element } : undefined;
    shown = mine;
    turn += 1;
    if (mine) void tell(view, kind, turn);
    return isShown;
  };
  // What will be dialled is said as soon as the worker knows; a worker that does not answer keeps nobody from calling.
  const tell = async (view: ReadyView, kind: 'beside' | 'reached', mine: number): Promise<void> => {
    const outlook = await send('number-outlook', { number: view.number }).catch(() => undefined);
    if (!outlook || !('number' in outlook) || mine !== turn || !shown || !host.isThere()) return;
    host.extend({ ...view, outlook }, { view, boxes: shown.boxes, kind });
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
      show(target, 'ready');
    },
    reach(target) {
      loan.remember();
      const isShown = show(target, 'reached');
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
