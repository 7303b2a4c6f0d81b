// The chip beside a number: appears on hover intent, dials on one real click, says what became of it, goes by itself.
// Nothing but a person's press, release and click on a chip that has been visible long enough dials, once; and what is
// dialled is what the page showed at the moment of the press.
import type { PhoneNumber } from '@offhook/protocol';
import type { OrderResult, Send } from '#lib/messages.ts';
import type { FoundNumber } from '#lib/numbers/find.ts';
import { type ChipSkin, createChipHost } from './chip-host.ts';
import { createGesture } from './gesture.ts';
import { boxesOf, markUnder } from './hit.ts';
import { type Hover, nextHover, type Place, wakeAt } from './hover.ts';
import type { Mark } from './marks.ts';
import type { Box } from './place.ts';
import type { Scanner } from './scan.ts';

/** What the chip shows. `ready` can be clicked; the others inform. */
export type ChipView =
  | { type: 'ready'; number: PhoneNumber; text: string }
  | { type: 'calling' }
  | { type: 'result'; result: OrderResult };

export interface Chip {
  pointerMove(event: PointerEvent): void;
  /** The pointer left the window, or the page moved under it. */
  pointerGone(): void;
  /** A press somewhere in the page, or Escape. */
  dismiss(): void;
  /** The page was read anew: the number may be gone or may be another one. */
  verify(): void;
  /** Dials for a phone link and shows beside it what becomes of it. */
  dialLink(request: DialRequest, boxes: readonly Box[]): void;
  isOwn(node: Node): boolean;
  close(): void;
}

export interface DialRequest {
  number: PhoneNumber;
  shownText: string;
  from: 'chip' | 'link';
}

/** How long a result stays: long enough to be read. */
const DONE_MS = 2_500;
const FAILED_MS = 8_000;

interface Shown {
  mark: Mark;
  boxes: readonly Box[];
  /** A point on the number, where it is looked for again. */
  anchor: { x: number; y: number };
}
type Mode = { type: 'hovering' } | { type: 'calling' } | { type: 'result' };

/** Makes the chip of one document; nothing is in the page until a number is hovered. */
export function createChip(options: {
  document: Document;
  scanner: () => Scanner;
  send: Send;
  skin: ChipSkin<ChipView>;
}): Chip {
  const { document, scanner, send } = options;
  const host = createChipHost(document, options.skin);
  const gesture = createGesture<Shown>();
  let hover: Hover<Mark> = { type: 'idle' };
  let mode: Mode = { type: 'hovering' };
  let shown: Shown | undefined;
  let point: { x: number; y: number } | undefined;
  let frame: number | undefined;
  let wakeTimer: ReturnType<typeof setTimeout> | undefined;
  let resultTimer: ReturnType<typeof setTimeout> | undefined;

  const hide = () => {
    clearTimeout(resultTimer);
    clearTimeout(wakeTimer);
    gesture.cancel();
    host.hide();
    shown = undefined;
    hover = { type: 'idle' };
    mode = { type: 'hovering' };
  };
  const placeOf = (): Place<Mark> => {
    if (!point) return { type: 'other' };
    if (mode.type === 'hovering' && host.contains(point)) return { type: 'chip' };
    const mark = markUnder(document, scanner(), point);
    // Fax numbers are marked, but never one click away.
    return mark && mark.found.kind !== 'fax' ? { type: 'number', mark } : { type: 'other' };
  };
  const evaluate = () => {
    if (mode.type === 'calling') return;
    hover = nextHover(hover, placeOf(), performance.now());
    const isMarkShown = hover.type === 'shown' || hover.type === 'leaving';
    if (hover.type === 'shown' && shown?.mark !== hover.mark) showReady(hover.mark);
    else if (!isMarkShown && shown && mode.type === 'hovering') {
      host.hide();
      shown = undefined;
    }
    clearTimeout(wakeTimer);
    const at = wakeAt(hover);
    if (at !== undefined) wakeTimer = setTimeout(evaluate, Math.max(1, at - performance.now() + 1));
  };
  const showReady = (mark: Mark) => {
    clearTimeout(resultTimer);
    host.hide();
    const boxes = boxesOf(document, mark);
    const last = boxes.at(-1);
    mode = { type: 'hovering' };
    const view: ChipView = { type: 'ready', number: numberOf(mark.found), text: mark.text };
    if (!last || !host.show(view, boxes, 'acts')) shown = undefined;
    else shown = { mark, boxes, anchor: { x: (last.left + last.right) / 2, y: (last.top + last.bottom) / 2 } };
  };
  // The same number at the same place, even if the page has drawn it anew.
  const stillShown = (): boolean => {
    if (!shown) return false;
    const now = markUnder(document, scanner(), shown.anchor);
    if (!now || !isSameNumber(now, shown.mark) || !scanner().isCurrent(now)) return false;
    if (hover.type !== 'idle') hover = { ...hover, mark: now };
    shown = { ...shown, mark: now };
    return true;
  };
  const dial = async (request: DialRequest, boxes: readonly Box[]) => {
    mode = { type: 'calling' };
    clearTimeout(wakeTimer);
    clearTimeout(resultTimer);
    host.show({ type: 'calling' }, boxes, 'informs');
    // Without an answer nobody knows whether the order arrived, and nobody repeats it.
    const result = await send('dial', request).catch((): OrderResult => ({ type: 'unknown' }));
    if (mode.type !== 'calling') return;
    mode = { type: 'result' };
    hover = { type: 'idle' };
    host.show({ type: 'result', result }, boxes, 'informs');
    resultTimer = setTimeout(hide, result.type === 'done' ? DONE_MS : FAILED_MS);
  };

  host.listen('pointerdown', (event) => {
    const isReady = mode.type === 'hovering' && host.hasBeenSeen({ x: event.clientX, y: event.clientY });
    scanner().catchUp();
    if (isReady && stillShown()) gesture.down(event, shown);
    else gesture.down(event, undefined);
  });
  host.listen('pointerup', (event) => gesture.up(event));
  host.listen('pointercancel', () => gesture.cancel());
  host.listen('click', (event) => {
    const pressed = gesture.click(event);
    if (!pressed || mode.type !== 'hovering') return;
    const number = numberOf(pressed.mark.found);
    void dial({ number, shownText: pressed.mark.text, from: 'chip' }, pressed.boxes);
  });
  return {
    pointerMove(event) {
      if (!event.isTrusted || event.pointerType === 'touch') return;
      const isPressing = event.buttons !== 0 && !host.contains({ x: event.clientX, y: event.clientY });
      point = isPressing ? undefined : { x: event.clientX, y: event.clientY };
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        evaluate();
      });
    },
    pointerGone() {
      point = undefined;
      evaluate();
    },
    dismiss: hide,
    verify() {
      if (shown && mode.type === 'hovering' && !stillShown()) hide();
    },
    dialLink: (request, boxes) => {
      hide();
      void dial(request, boxes);
    },
    isOwn: (node) => host.isOwn(node),
    close() {
      if (frame !== undefined) cancelAnimationFrame(frame);
      hide();
    },
  };
}

function isSameNumber(a: Mark, b: Mark): boolean {
  return a.text === b.text && a.found.number === b.found.number && a.found.extension === b.found.extension;
}

function numberOf({ kind, number, extension }: FoundNumber): PhoneNumber {
  if (kind === 'internal') return { kind: 'internal', number };
  return extension === undefined ? { kind: 'e164', number } : { kind: 'e164', number, extension };
}
