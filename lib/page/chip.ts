// The chip beside a number, and the card that it opens to: appear on hover intent or by a keyboard command, dial on one real
// press, say what became of it, go by themselves. Nothing but a person's press and release on a button that has been visible
// long enough dials, once; and what is dialled is what the page showed at the moment of the press.
import type { PhoneNumber } from '@offhook/protocol';
import type { OrderResult, Send } from '#lib/messages.ts';
import type { NumberOutlook } from '#lib/number-outlook.ts';
import type { DialRequest } from '#lib/page-facts.ts';
import type { CardView, NumberReading } from './card.ts';
import { createDecisions, type Decisions, type DecisionView, type LookOut } from './chip-decisions.ts';
import { type ChipHost, type ChipSkin, createChipHost } from './chip-host.ts';
import { type ChipOrder, createChipOrder, type OrderPlace } from './chip-order.ts';
import { createStage, type Shown, type Stage } from './chip-stage.ts';
import { copyText } from './clipboard.ts';
import type { Field } from './field.ts';
import { fieldUnder, markUnder } from './hit.ts';
import { CARD_LINGER_MS, LINGER_MS, type Place } from './hover.ts';
import { createHovering } from './hovering.ts';
import type { Mark } from './marks.ts';
import { type PressActions, takeClicks, takeKeys } from './press.ts';
import type { PressedButton } from './pressed-button.ts';
import type { Scanner } from './scan.ts';
import { isSameDrawn, pointedTarget, type Target } from './target.ts';

/** How an order is given: plainly, or about the call that the agent is in. */
export type OrderManner = NonNullable<DialRequest['during']>['how'] | 'call';

/** What the chip shows. `ready`, `reached`, `card` and `decided` can be pressed; the others inform. */
export type ChipView =
  | { type: 'ready'; number: PhoneNumber; text: string; outlook?: NumberOutlook | undefined }
  /** By the keyboard: it has the focus, and spells the number out. */
  | { type: 'reached'; number: PhoneNumber; text: string; outlook?: NumberOutlook | undefined }
  | CardView
  | DecisionView
  | { type: 'calling'; how?: OrderManner }
  /** It was pressed, but the page may have hidden it: nothing was dialled. */
  | { type: 'covered' }
  /** The card was asked for, and would cover its number. */
  | { type: 'no-room' }
  | { type: 'result'; result: OrderResult; how?: OrderManner };

export interface Chip {
  pointerMove(event: PointerEvent): void;
  /** The pointer left the window, or the page moved under it. */
  pointerGone(): void;
  /** Another window is in front: a card that has not the focus goes. */
  windowLeft(): void;
  /** Escape: takes away what is shown, unless an order is under way. */
  dismiss(): void;
  /** A press somewhere in the page: the chip goes, a result stays to be read. */
  pressedElsewhere(): void;
  /** The page was read anew: the number may be gone or may be another one. */
  verify(): void;
  /** The page is read by other rules from now on; what is said about a decision stays. */
  rulesChanged(): void;
  /** Shows the chip beside a number with the focus in it, for Enter and Space; false where it cannot be shown. */
  reach(target: Target): boolean;
  /** Opens the card of what `reach` has shown, if that still has the focus; the target that it is about. */
  openReached(): Target | undefined;
  /** Looks at the page as if the chip were not in front of it. */
  lookBehind<Result>(look: () => Result): Result;
  /** The number at a point of the page whose chip has been seen, as the page shows it now; not while it is written in. */
  shownAt(point: { x: number; y: number }): Shown | undefined;
  /** Dials what was shown. */
  dialShown(shown: Shown): void;
  /** Dials for a phone link and shows beside it what becomes of it. */
  dialLink(target: Target): void;
  isOwn(node: Node): boolean;
  /** Takes the chip away, whatever it shows. */
  close(): void;
}

export interface ChipOptions {
  document: Document;
  scanner: () => Scanner;
  openShadowRoot: (element: Element) => ShadowRoot | null;
  /** The one number that a field holds; undefined where it holds none, or several, or somebody types in it. */
  fieldTarget: (field: Field) => Target | undefined;
  /** How a number of the page was read. */
  readingOf: (target: Target) => NumberReading;
  send: Send;
  skin: ChipSkin<ChipView>;
}

/** A press on a button, on what was shown then; what is said about a decision stands for no number. */
interface Pressed {
  button: PressedButton;
  shown?: Shown;
}

interface Parts {
  host: ChipHost<ChipView>;
  stage: Stage;
  order: ChipOrder;
  decisions: Decisions;
  hovering: ReturnType<typeof createChipHovering>;
}

/** Makes the chip of one document; nothing is in the page until a number is hovered or reached. */
export function createChip(options: ChipOptions): Chip {
  const { document, scanner } = options;
  const parts = createParts(options, { onLeft: () => leaving.dismiss(), onRead: () => leaving.makeRoom() });
  const leaving = createLeaving(parts);
  const { host, stage, order, decisions, hovering } = parts;
  const { close, dismiss, makeRoom } = leaving;
  const current = () => {
    const shown = stage.current();
    if (shown?.target.mark) hovering.replace(shown.target.mark);
    return shown;
  };
  const currentNow = () => {
    scanner().catchUp();
    return current();
  };
  const dial = createDialling(parts);
  const open = ({ target, boxes, element }: Shown) => {
    if (stage.open(target)) return;
    stage.end();
    order.say({ type: 'no-room' }, { boxes, element });
  };
  const presses: PressActions<Pressed> = {
    pressed(button) {
      if (decisions.areShown()) return button === 'undo' ? { button } : undefined;
      const shown = currentNow();
      return shown && { button, shown };
    },
    done: ({ button, shown }) => press(button, shown),
    covered() {
      const { boxes = [], element } = stage.shown() ?? {};
      stage.end();
      hovering.reset();
      order.say({ type: 'covered' }, { boxes, element });
    },
  };
  const press = createPressing(parts, { document, dial, open });
  takeClicks(host, presses);
  const openCurrent = () => {
    const shown = currentNow();
    if (shown && !stage.card()) open(shown);
  };
  takeKeys(host, { ...presses, isLent: stage.isLent, leave: dismiss, move: host.moveFocus, open: openCurrent });
  takeChoices(host, decisions);
  return {
    pointerMove: hovering.pointerMove,
    pointerGone: () => hovering.moveTo(undefined),
    windowLeft() {
      if (stage.card() && !stage.isLent()) dismiss();
    },
    dismiss,
    pressedElsewhere() {
      stage.letFocusGo();
      if (!order.isShown()) dismiss();
    },
    verify() {
      if (order.isRunning() || order.isShown() || decisions.areShown()) return;
      if (!stage.shown() || current()) stage.follow();
      else if (!decisions.areOpen()) {
        stage.clear();
        hovering.forget();
      }
      hovering.lookAgain();
    },
    rulesChanged() {
      if (!decisions.areOpen() && !order.isShown()) makeRoom();
    },
    reach(target) {
      if (order.isRunning()) return false;
      order.forget();
      decisions.forget();
      hovering.reset();
      return stage.reach(target);
    },
    openReached() {
      if (!stage.isLent() || !stage.shown()) return undefined;
      openCurrent();
      return stage.shown()?.target;
    },
    lookBehind: host.lookBehind,
    shownAt(point) {
      if (host.contains(point) || host.sightAt() !== 'seen') return undefined;
      const shown = currentNow();
      const mark = shown?.target.mark && markUnder(document, scanner(), point);
      return mark && mark === shown.target.mark && !isWrittenIn(shown.element) ? shown : undefined;
    },
    dialShown: (shown) => press('call', shown),
    dialLink(target) {
      const [boxes, { element }] = [target.boxes(), target];
      if (!order.isRunning()) dial({ target, boxes, element }, 'link');
    },
    isOwn: (node) => host.isOwn(node),
    close,
  };
}

// The ways in which what is shown goes.
function createLeaving({ stage, order, decisions, hovering }: Omit<Parts, 'host'>) {
  const end = () => {
    order.forget();
    decisions.forget();
    stage.clear();
  };
  const close = () => {
    end();
    hovering.reset();
  };
  return {
    close,
    dismiss() {
      if (!order.isRunning()) close();
    },
    /** By itself; the pointer may have come to a number meanwhile, and is not made to come again. */
    makeRoom() {
      if (order.isRunning()) return;
      end();
      hovering.forget();
      hovering.lookAgain();
    },
  };
}

// A list that is typed in, or gone through by arrows, chooses at each key: then what it comes to rest on counts.
function takeChoices(host: ChipHost<ChipView>, { country }: Decisions): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let typedAt = Number.NEGATIVE_INFINITY;
  host.listen('keydown', ({ isTrusted, target }) => {
    if (isTrusted && target instanceof HTMLSelectElement) typedAt = performance.now();
  });
  host.listen('change', ({ isTrusted, target }) => {
    if (!isTrusted || !(target instanceof HTMLSelectElement) || host.sightAt() !== 'seen') return;
    clearTimeout(timer);
    const isTyped = performance.now() - typedAt < TYPING_MS;
    timer = setTimeout(() => country(target.value), isTyped ? TYPING_MS : 0);
  });
}

function createParts(options: ChipOptions, { onLeft, onRead }: { onLeft: () => void; onRead: () => void }): Parts {
  const { document, scanner, send } = options;
  const host = createChipHost(document, options.skin);
  const stage = createStage({ ...options, host, onFocusLost: onLeft });
  const order = createChipOrder({ host, send, onOver: onRead });
  const lookOut: LookOut = () => {
    const before = scanner();
    return ({ mark, boxes, isField, element }) => {
      // What was read by the rules of before says nothing about the new ones.
      if (scanner() === before) return undefined;
      scanner().catchUp();
      if (isField && element) return options.fieldTarget(element as Field); // a field's target stands in its field
      if (!mark) return 'elsewhere';
      const last = boxes().at(-1);
      const middle = last && { x: (last.left + last.right) / 2, y: (last.top + last.bottom) / 2 };
      const now = middle && host.lookBehind(() => markUnder(document, scanner(), middle));
      return now && pointedTarget(now, { document, scanner: scanner() });
    };
  };
  const decisions = createDecisions({ stage, send, lookOut, forgetPointer: () => hovering.reset(), onOver: onRead });
  const hovering = createChipHovering(options, { host, stage, order, decisions });
  return { host, stage, order, decisions, hovering };
}

type Dial = (shown: Shown, from: DialRequest['from'], during?: DialRequest['during']) => void;

// Gives the order. A call that began meanwhile is told of by the worker: then the card says what can be done about it.
function createDialling({ stage, order, decisions, hovering }: Omit<Parts, 'host'>): Dial {
  return ({ target, boxes, element }, from, during) => {
    const wasReached = stage.isLent();
    // Nothing that is still being decided comes in front of what becomes of the call.
    decisions.forget();
    stage.end();
    hovering.reset();
    const where: OrderPlace = { boxes, element };
    const shownText = target.text.slice(0, MAX_SHOWN_LENGTH);
    const request: DialRequest = { number: target.number, shownText, from, ...(during && { during }) };
    void order.place(request, where).then((result) => {
      if (result?.type !== 'failed' || result.code !== 'in-call' || !target.current()) return;
      order.forget();
      if (wasReached) stage.reach(target);
      if (!stage.open(target)) order.say({ type: 'result', result }, where);
    });
  };
}

// What each button does.
function createPressing(
  { stage, order, decisions }: Parts,
  { document, dial, open }: { document: Document; dial: Dial; open: (shown: Shown) => void },
): (button: PressedButton, shown?: Shown) => void {
  const during = (how: NonNullable<DialRequest['during']>['how']): DialRequest['during'] => {
    const callId = stage.outlook()?.inCall?.callId;
    return callId === undefined ? undefined : { callId, how };
  };
  const copy = async (number: PhoneNumber) => {
    const isCopied = await copyText(document, copied(number));
    stage.note({ type: isCopied ? 'copied' : 'not-copied' });
  };
  const aboutCall = (shown: Shown, how: NonNullable<DialRequest['during']>['how']) => {
    const about = during(how);
    if (about) dial(shown, 'chip', about);
  };
  return (button, shown) => {
    if (button === 'undo') return decisions.undo();
    if (!shown || order.isRunning()) return;
    switch (button) {
      case 'call':
        // While somebody is spoken with nothing is dialled by the way.
        return stage.outlook()?.inCall ? open(shown) : dial(shown, 'chip');
      case 'open':
        return open(shown);
      case 'copy':
        return void copy(shown.target.number);
      case 'not-number':
        return decisions.notNumber();
      case 'always-column':
        return decisions.alwaysColumn();
      case 'consult':
        return aboutCall(shown, 'consult');
      case 'transfer':
        return aboutCall(shown, 'transfer');
      case 'call-beside':
        return aboutCall(shown, 'beside');
      default:
        return button satisfies never;
    }
  };
}

const MAX_SHOWN_LENGTH = 256;
const TYPING_MS = 800;

// As every other program reads it.
function copied(number: PhoneNumber): string {
  if (number.kind === 'e164' || number.kind === 'internal' || number.kind === 'service') return number.number;
  return number.kind === 'code' ? number.code : '';
}

// Hover intent over the marks of the page, and the chip that it shows.
function createChipHovering(
  { document, scanner, fieldTarget }: ChipOptions,
  { host, stage, order, decisions }: Omit<Parts, 'hovering'>,
) {
  const isThere = () => stage.shown() !== undefined || decisions.areShown();
  const isOnChip = (point: { x: number; y: number }) => isThere() && (host.contains(point) || stage.isOnWay(point));
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
    lingerMs: () => (stage.card() ? CARD_LINGER_MS : LINGER_MS),
    onShown(spot) {
      if (order.isRunning() || (!spot && (order.isShown() || decisions.areOpen()))) return;
      // Whoever chooses a country in the card may be anywhere with the pointer.
      if (!spot && stage.card() && stage.isLent()) return;
      order.forget();
      decisions.forget();
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
