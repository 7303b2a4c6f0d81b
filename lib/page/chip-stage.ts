// What chip or card stands beside right now, and the focus while a keyboard command lent it to them. What is shown is only
// ever answered as the page still shows it.
import type { Send } from '#lib/messages.ts';
import type { NumberFacts } from '#lib/page-facts.ts';
import type { CardNote, CardView, NumberReading } from './card.ts';
import type { ChipView } from './chip.ts';
import type { ChipHost, ChipKind } from './chip-host.ts';
import { createFocusLoan } from './focus-loan.ts';
import { type Box, isWithin } from './place.ts';
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
  /** Shows the card in the place of what was shown; false where there is no room for it. */
  open(target: Target, note?: CardNote): boolean;
  /** Shows something that is pressed or read, and stands for no number any more; the focus stays where it is. */
  replace(view: ChipView): void;
  /** Says something on the card. */
  note(note: CardNote): void;
  /** The card, if it is shown. */
  card(): CardView | undefined;
  /** Whether a point is on the way from the number, or the button that opened the card, to the card. */
  isOnWay(point: { x: number; y: number }): boolean;
  /** What is known of the number on the chip. */
  outlook(): CardView['outlook'];
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

type NumberView = Extract<ChipView, { type: 'ready' | 'reached' | 'card' }>;

export interface StageOptions {
  document: Document;
  openShadowRoot: (element: Element) => ShadowRoot | null;
  host: ChipHost<ChipView>;
  send: Send;
  /** How a number of the page was read. */
  readingOf: (target: Target) => NumberReading;
  onFocusLost: () => void;
}

/** The stage of one chip. `onFocusLost`: the focus that was lent to the chip has gone elsewhere. */
export function createStage(options: StageOptions): Stage {
  const { host, send, readingOf } = options;
  const loan = createFocusLoan({ ...options, focus: host.focus });
  let shown: (Shown & { view: NumberView; kind: ChipKind }) | undefined;
  let openedFrom: readonly Box[] = [];
  // Each number that is shown is a turn: an answer about an earlier one is void.
  let turn = 0;
  listenToFocus(host, { loan, hasCard: () => shown?.view.type === 'card', onFocusLost: options.onFocusLost });
  const end = () => {
    loan.giveBack();
    shown = undefined;
  };
  const show = (target: Target, view: NumberView, kind: ChipKind): boolean => {
    const { element } = target;
    const boxes = target.boxes();
    const shape = view.type === 'card' ? 'card' : 'chip';
    const isShown = (kind === 'reached' || boxes.length > 0) && host.show(view, { boxes, kind, element, shape });
    shown = isShown ? { target, boxes, element, view, kind } : undefined;
    turn += 1;
    if (isShown) void tell(turn);
    return isShown;
  };
  const extend = (more: Partial<Pick<CardView, 'outlook' | 'facts' | 'note'>>) => {
    if (!shown || !host.isThere()) return;
    const { view, boxes, kind } = shown;
    const next = { ...view, ...more };
    shown = { ...shown, view: next };
    host.extend(next, { view, boxes, kind });
  };
  // What will be dialled is said as soon as the worker knows; a worker that does not answer keeps nobody from calling.
  const tell = async (mine: number): Promise<void> => {
    const { view } = shown ?? {};
    if (!view) return;
    const { number } = view;
    if (view.type === 'card') void tellWhom(number, mine);
    const outlook = await send('number-outlook', { number }).catch(() => undefined);
    if (outlook && 'number' in outlook && mine === turn) extend({ outlook });
  };
  // Only for who opened the card: the relay learns the number.
  const tellWhom = async (number: NumberView['number'], mine: number): Promise<void> => {
    const facts = await factsOf(number, send);
    if (mine === turn) extend({ facts });
  };
  const keepFocus = (draw: () => boolean) => drawWithFocus(loan, draw);
  return {
    shown: () => shown,
    current() {
      const target = shown && host.isThere() ? shown.target.current() : undefined;
      if (!shown || !target) return undefined;
      shown = { ...shown, target };
      return shown;
    },
    point: (target) => void show(target, { type: 'ready', number: target.number, text: target.text }, 'beside'),
    reach(target) {
      loan.remember();
      const isShown = show(target, { type: 'reached', number: target.number, text: target.text }, 'reached');
      // Where the page keeps the focus out, the chip still shows the number and takes a click.
      if (isShown) loan.take();
      return isShown;
    },
    open(target, note) {
      const { number, text } = target;
      const { outlook } = shown?.view ?? {};
      const view: CardView = { type: 'card', number, text, reading: readingOf(target), note };
      const isSame = JSON.stringify(shown?.view.number) === JSON.stringify(number);
      const known = { ...view, ...(isSame && outlook && { outlook }) };
      const from = shown && host.box();
      openedFrom = from ? [from] : [];
      return keepFocus(() => show(target, known, loan.isTaken() || shown?.kind === 'reached' ? 'reached' : 'beside'));
    },
    replace(view) {
      const { boxes = [], element } = shown ?? {};
      shown = undefined;
      turn += 1;
      keepFocus(() => host.show(view, { boxes, kind: 'reached', element }));
    },
    note: (note) => extend({ note }),
    isOnWay(point) {
      const card = shown?.view.type === 'card' ? host.box() : undefined;
      return shown !== undefined && card !== undefined && isWithin([card, ...openedFrom, ...shown.boxes], point);
    },
    card: () => (shown?.view.type === 'card' ? shown.view : undefined),
    outlook: () => shown?.view.outlook,
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

async function factsOf(number: NumberView['number'], send: Send): Promise<NumberFacts> {
  const facts = await send('number-facts', { number }).catch(() => undefined);
  return facts && 'person' in facts ? facts : { person: { type: 'unasked' } };
}

// What is drawn anew loses the focus, and gets it again if it was lent.
function drawWithFocus(loan: ReturnType<typeof createFocusLoan>, draw: () => boolean): boolean {
  const wasLent = loan.isTaken();
  if (wasLent) loan.remember();
  const isShown = draw();
  if (isShown && wasLent) loan.take();
  return isShown;
}

// From one button of ours to the next the focus is still with us; into a list of countries it comes by a click.
function listenToFocus(
  host: ChipHost<ChipView>,
  {
    loan,
    hasCard,
    onFocusLost,
  }: { loan: ReturnType<typeof createFocusLoan>; hasCard: () => boolean; onFocusLost: () => void },
): void {
  host.listen('focusout', ({ relatedTarget }) => {
    if (host.holds(relatedTarget)) return;
    if (loan.left()) onFocusLost();
  });
  host.listen('focusin', ({ isTrusted, relatedTarget }) => {
    if (!isTrusted || !hasCard() || host.holds(relatedTarget)) return;
    loan.adopt(relatedTarget instanceof Element ? relatedTarget : undefined);
  });
}
