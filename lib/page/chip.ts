// The chip beside a number: appears on hover intent or by a keyboard command, dials on one real press, says what became
// of it, goes by itself. Nothing but a person's press and release on a chip that has been visible long enough dials,
// once; and what is dialled is what the page showed at the moment of the press.
import type { PhoneNumber } from '@offhook/protocol';
import type { OrderResult, Requests, Send } from '#lib/messages.ts';
import type { NumberOutlook } from '#lib/number-outlook.ts';
import { type ChipHost, type ChipSkin, createChipHost } from './chip-host.ts';
import { type ChipOrder, createChipOrder, type OrderPlace } from './chip-order.ts';
import { createStage, type Shown, type Stage } from './chip-stage.ts';
import type { Field } from './field.ts';
import { fieldUnder, markUnder } from './hit.ts';
import type { Place } from './hover.ts';
import { createHovering } from './hovering.ts';
import type { Mark } from './marks.ts';
import { type PressActions, takeClicks, takeKeys } from './press.ts';
import type { Scanner } from './scan.ts';
import { isSameDrawn, pointedTarget, type Target } from './target.ts';

/** What the chip shows. `ready` and `reached` can be pressed; the others inform. */
export type ChipView =
  | { type: 'ready'; number: PhoneNumber; text: string; outlook?: NumberOutlook | undefined }
  /** By the keyboard: it has the focus, and spells the number out. */
  | { type: 'reached'; number: PhoneNumber; text: string; outlook?: NumberOutlook | undefined }
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
  /** Shows the chip beside a number with the focus in it, for Enter and Space; false where it cannot be shown. */
  reach(target: Target): boolean;
  /** Looks at the page as if the chip were not in front of it. */
  lookBehind<Result>(look: () => Result): Result;
  /** The number at a point of the page whose chip has been seen, as the page shows it now; not while it is written in. */
  shownAt(point: { x: number; y: number }): Shown | undefined;
  /** Dials what was shown. */
  dialShown(shown: Shown): void;
  /** Dials for a phone link and shows beside it what becomes of it. */
  dialLink(request: DialRequest, where: OrderPlace): void;
  isOwn(node: Node): boolean;
  /** Takes the chip away, whatever it shows. */
  close(): void;
}

type DialRequest = Requests['dial']['request'];

export interface ChipOptions {
  document: Document;
  scanner: () => Scanner;
  openShadowRoot: (element: Element) => ShadowRoot | null;
  /** The one number that a field holds; undefined where it holds none, or several, or somebody types in it. */
  fieldTarget: (field: Field) => Target | undefined;
  send: Send;
  skin: ChipSkin<ChipView>;
}

/** Makes the chip of one document; nothing is in the page until a number is hovered or reached. */
export function createChip(options: ChipOptions): Chip {
  const { document, scanner } = options;
  const host = createChipHost(document, options.skin);
  const stage = createStage({ ...options, host, onFocusLost: () => dismiss() });
  const order = createChipOrder({ host, send: options.send, onOver: () => dismiss() });
  const hovering = createChipHovering(options, { host, stage, order });
  const close = () => {
    order.forget();
    hovering.reset();
    stage.clear();
  };
  const dismiss = () => {
    if (!order.isRunning()) close();
  };
  const current = () => {
    const shown = stage.current();
    if (shown?.target.mark) hovering.replace(shown.target.mark);
    return shown;
  };
  const dial = (request: DialRequest, where: OrderPlace) => {
    stage.end();
    hovering.reset();
    void order.place(request, where);
  };
  const presses: PressActions<Shown> = {
    pressed() {
      scanner().catchUp();
      return current();
    },
    done: ({ target, boxes, element }) =>
      dial({ number: target.number, shownText: target.text, from: 'chip' }, { boxes, element }),
    covered() {
      const { boxes = [], element } = stage.shown() ?? {};
      stage.end();
      hovering.reset();
      order.say({ type: 'covered' }, { boxes, element });
    },
  };
  takeClicks(host, presses);
  takeKeys(host, { ...presses, isLent: stage.isLent, leave: dismiss });
  return {
    pointerMove: hovering.pointerMove,
    pointerGone: () => hovering.moveTo(undefined),
    dismiss,
    pressedElsewhere() {
      stage.letFocusGo();
      if (!order.isShown()) dismiss();
    },
    verify() {
      if (order.isRunning() || order.isShown()) return;
      if (!stage.shown() || current()) stage.follow();
      else {
        stage.clear();
        hovering.forget();
      }
      hovering.lookAgain();
    },
    reach(target) {
      if (order.isRunning()) return false;
      order.forget();
      hovering.reset();
      return stage.reach(target);
    },
    lookBehind: host.lookBehind,
    shownAt(point) {
      if (host.contains(point) || host.sightAt() !== 'seen') return undefined;
      const shown = presses.pressed();
      const mark = shown?.target.mark && markUnder(document, scanner(), point);
      return mark && mark === shown.target.mark && !isWrittenIn(shown.element) ? shown : undefined;
    },
    dialShown: presses.done,
    dialLink(request, where) {
      if (!order.isRunning()) dial(request, where);
    },
    isOwn: (node) => host.isOwn(node),
    close,
  };
}

// Hover intent over the marks of the page, and the chip that it shows.
function createChipHovering(
  { document, scanner, fieldTarget }: ChipOptions,
  { host, stage, order }: { host: ChipHost<ChipView>; stage: Stage; order: ChipOrder },
) {
  const isOnChip = (point: { x: number; y: number }) => stage.shown() !== undefined && host.contains(point);
  const placeAt = (point: { x: number; y: number }): Place<Mark | Field> => {
    if (isOnChip(point)) return { type: 'chip' };
    const mark = markUnder(document, scanner(), point);
    // Fax numbers are marked, but never one click away.
    if (mark) return mark.found.kind !== 'fax' ? { type: 'number', mark } : { type: 'other' };
    const field = fieldUnder(document, scanner(), point);
    return field && fieldTarget(field)?.isFax === false ? { type: 'number', mark: field } : { type: 'other' };
  };
  const targetOf = (spot: Mark | Field): Target | undefined =>
    isFieldSpot(spot) ? fieldTarget(spot) : pointedTarget(spot, { document, scanner: scanner() });
  const hovering = createHovering<Mark | Field>({
    isSame: (now, before) =>
      isFieldSpot(now) || isFieldSpot(before) ? now === before : isSameDrawn(document, now, before),
    placeAt,
    onShown(spot) {
      if (order.isRunning() || (!spot && order.isShown())) return;
      order.forget();
      stage.clear();
      const target = spot && targetOf(spot);
      if (target) stage.point(target);
    },
  });
  return {
    ...hovering,
    pointerMove(event: PointerEvent) {
      if (!event.isTrusted || event.pointerType === 'touch') return;
      const point = { x: event.clientX, y: event.clientY };
      hovering.moveTo(event.buttons !== 0 && !isOnChip(point) ? undefined : point);
    },
  };
}

function isFieldSpot(spot: Mark | Field): spot is Field {
  return spot instanceof Element;
}

// A click there places the caret.
function isWrittenIn(element: Element | undefined): boolean {
  return element instanceof HTMLElement && element.isContentEditable;
}
