// The chip beside a number: appears on hover intent, dials on one real click, says what became of it, goes by itself.
// Nothing but a person's press, release and click on a chip that has been visible long enough dials, once; and what is
// dialled is what the page showed at the moment of the press.
import type { PhoneNumber } from '@offhook/protocol';
import type { OrderResult, Requests, Send } from '#lib/messages.ts';
import type { FoundNumber } from '#lib/numbers/find.ts';
import { type ChipHost, type ChipSkin, createChipHost } from './chip-host.ts';
import { createGesture, isRepeatedClick } from './gesture.ts';
import { boxesOf, markUnder } from './hit.ts';
import type { Place } from './hover.ts';
import { createHovering } from './hovering.ts';
import type { Mark } from './marks.ts';
import type { Box } from './place.ts';
import type { Scanner } from './scan.ts';

/** What the chip shows. `ready` can be clicked; the others inform. */
export type ChipView =
  | { type: 'ready'; number: PhoneNumber; text: string }
  | { type: 'calling' }
  /** It was pressed, but the page may have hidden it: nothing was dialled. */
  | { type: 'covered' }
  | { type: 'result'; result: OrderResult };

export interface Chip {
  pointerMove(event: PointerEvent): void;
  /** The pointer left the window, or the page moved under it. */
  pointerGone(): void;
  /** Escape: takes away what is shown, unless an order is under way. */
  dismiss(): void;
  /** A press somewhere in the page: the chip goes, a result stays to be read. */
  pressedElsewhere(): void;
  /** The page was read anew: the number may be gone or may be another one. */
  verify(): void;
  /** Dials for a phone link and shows beside it what becomes of it. */
  dialLink(request: DialRequest, boxes: readonly Box[]): void;
  isOwn(node: Node): boolean;
  /** Takes the chip away, whatever it shows. */
  close(): void;
}

type DialRequest = Requests['dial']['request'];

interface Shown {
  mark: Mark;
  boxes: readonly Box[];
  /** A point on the number, where it is looked for again. */
  anchor: { x: number; y: number };
}

/** How long a result stays: long enough to be read. */
const DONE_MS = 2_500;
const FAILED_MS = 8_000;

/** Makes the chip of one document; nothing is in the page until a number is hovered. */
export function createChip(options: {
  document: Document;
  scanner: () => Scanner;
  send: Send;
  skin: ChipSkin<ChipView>;
}): Chip {
  const { document, scanner } = options;
  const host = createChipHost(document, options.skin);
  const order = createOrder({ host, send: options.send, onOver: () => dismiss() });
  let shown: Shown | undefined;
  const hovering = createHovering<Mark>({
    isSame: (now, before) => isSameDrawn(document, now, before),
    placeAt: (point) => placeAt(point),
    onShown: (mark) => show(mark),
  });
  const placeAt = (point: { x: number; y: number }): Place<Mark> => {
    if (shown && host.contains(point)) return { type: 'chip' };
    const mark = markUnder(document, scanner(), point);
    // Fax numbers are marked, but never one click away.
    return mark && mark.found.kind !== 'fax' ? { type: 'number', mark } : { type: 'other' };
  };
  const show = (mark: Mark | undefined) => {
    if (order.isRunning() || (!mark && order.isShown())) return;
    order.forget();
    host.hide();
    shown = mark && showReady(host, mark, boxesOf(document, mark));
  };
  const dismiss = () => {
    if (!order.isRunning()) close();
  };
  const close = () => {
    order.forget();
    hovering.reset();
    host.hide();
    shown = undefined;
  };
  // The same number at the same place, even if the page has drawn it anew.
  const current = (): Shown | undefined => {
    const now = shown && markUnder(document, scanner(), shown.anchor);
    if (!shown || !now || !isSameNumber(now, shown.mark) || !scanner().isCurrent(now)) return undefined;
    hovering.replace(now);
    shown = { ...shown, mark: now };
    return shown;
  };
  const dial = (request: DialRequest, boxes: readonly Box[]) => {
    shown = undefined;
    hovering.reset();
    void order.place(request, boxes);
  };
  takeClicks(host, {
    pressed() {
      scanner().catchUp();
      return current();
    },
    clicked({ mark, boxes }) {
      dial({ number: numberOf(mark.found), shownText: mark.text, from: 'chip' }, boxes);
    },
    covered() {
      const boxes = shown?.boxes ?? [];
      shown = undefined;
      hovering.reset();
      order.say({ type: 'covered' }, boxes);
    },
  });
  return {
    pointerMove(event) {
      if (!event.isTrusted || event.pointerType === 'touch') return;
      const point = { x: event.clientX, y: event.clientY };
      const isDragging = event.buttons !== 0 && !(shown && host.contains(point));
      hovering.moveTo(isDragging ? undefined : point);
    },
    pointerGone: () => hovering.moveTo(undefined),
    dismiss,
    pressedElsewhere() {
      if (!order.isShown()) dismiss();
    },
    verify() {
      if (order.isRunning() || order.isShown()) return;
      if (shown && !current()) {
        host.hide();
        shown = undefined;
        hovering.forget();
      }
      hovering.lookAgain();
    },
    dialLink(request, boxes) {
      if (!order.isRunning()) dial(request, boxes);
    },
    isOwn: (node) => host.isOwn(node),
    close,
  };
}

function showReady(host: ChipHost<ChipView>, mark: Mark, boxes: readonly Box[]): Shown | undefined {
  const last = boxes.at(-1);
  const view: ChipView = { type: 'ready', number: numberOf(mark.found), text: mark.text };
  if (!last || !host.show(view, boxes, 'acts')) return undefined;
  return { mark, boxes, anchor: { x: (last.left + last.right) / 2, y: (last.top + last.bottom) / 2 } };
}

// One real click on the shown chip: pressed on what the page still showed, released and clicked there.
function takeClicks(
  host: ChipHost<ChipView>,
  on: { pressed: () => Shown | undefined; clicked: (shown: Shown) => void; covered: () => void },
): void {
  const gesture = createGesture<Shown | 'covered'>();
  host.listen('pointerdown', (event) => {
    const sight = host.sightAt({ x: event.clientX, y: event.clientY });
    const shown = sight === 'soon' ? undefined : on.pressed();
    gesture.down(event, shown && (sight === 'covered' ? 'covered' : shown));
  });
  host.listen('pointerup', (event) => gesture.up(event));
  host.listen('pointercancel', () => gesture.cancel());
  host.listen('click', (event) => {
    const pressed = gesture.click(event);
    if (pressed === undefined || isRepeatedClick(event)) return;
    if (pressed === 'covered') on.covered();
    else on.clicked(pressed);
  });
}

// One order at a time, and what is said about it.
function createOrder({ host, send, onOver }: { host: ChipHost<ChipView>; send: Send; onOver: () => void }) {
  let state: 'none' | 'running' | 'shown' = 'none';
  let timer: ReturnType<typeof setTimeout> | undefined;
  function say(view: ChipView, boxes: readonly Box[], forMs = FAILED_MS): void {
    clearTimeout(timer);
    state = 'shown';
    host.show(view, boxes, 'informs');
    timer = setTimeout(onOver, forMs);
  }
  return {
    isRunning: () => state === 'running',
    isShown: () => state === 'shown',
    forget() {
      clearTimeout(timer);
      state = 'none';
    },
    async place(request: DialRequest, boxes: readonly Box[]) {
      clearTimeout(timer);
      state = 'running';
      host.show({ type: 'calling' }, boxes, 'informs');
      // Without an answer nobody knows whether the order arrived, and nobody repeats it.
      const result = await send('dial', request).catch((): OrderResult => ({ type: 'unknown' }));
      // The page script was closed meanwhile.
      if (state !== 'running') return;
      say({ type: 'result', result }, boxes, result.type === 'done' ? DONE_MS : FAILED_MS);
    },
    say,
  };
}

function isSameNumber(a: Mark, b: Mark): boolean {
  return a.text === b.text && a.found.number === b.found.number && a.found.extension === b.found.extension;
}

// The very same mark, or the same number that took the place of one that is not drawn any more; not its twin elsewhere.
function isSameDrawn(document: Document, now: Mark, before: Mark): boolean {
  if (now === before) return true;
  const isInPlace = now.range.startContainer === before.range.startContainer;
  return isSameNumber(now, before) && (isInPlace || boxesOf(document, before).length === 0);
}

function numberOf({ kind, number, extension }: FoundNumber): PhoneNumber {
  if (kind === 'internal') return { kind: 'internal', number };
  return extension === undefined ? { kind: 'e164', number } : { kind: 'e164', number, extension };
}
