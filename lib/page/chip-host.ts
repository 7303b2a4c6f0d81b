// The one element of ours that a page ever holds: a div with a closed shadow root beside body, there only while chip or
// card is. Its name says nothing a page could register first; what only informs is inert, so that neither select-all nor
// window.find() tells the page what it says. Knows when the chip has been seen long enough to be dialled from.
import { createAnnouncer } from './announcer.ts';
import { composedParentOf, isElement, rootElementOf } from './dom.ts';
import type { Box } from './place.ts';
import { corner, placeCard, placeChip } from './place.ts';
import { buttonNamed, type PressedButton } from './pressed-button.ts';
import { createSight, type Sight } from './sight.ts';

/** How the chip looks: its style sheet, and a function that draws it into the container, at once; null takes it away. */
export interface ChipSkin<View> {
  style: string;
  render: (container: HTMLElement, view: View | null) => void;
  /** What a screen reader is told while the view is shown, beside the name of what has the focus. */
  announcementOf: (view: View) => string;
}

/** What is shown: something to press beside a number, the same that may stand in a corner and takes keys, or words. */
export type ChipKind = 'beside' | 'reached' | 'informs';

/** Where it is shown: by the boxes of what stands in `element`. A card is large, and never covers the number. */
export interface ChipPlace {
  boxes: readonly Box[];
  kind: ChipKind;
  element: Element | undefined;
  shape?: 'chip' | 'card';
}

export interface ChipHost<View> {
  /**
   * Shows a view beside the boxes of what stands in `element`. Without room beside the number it goes to a corner, or is
   * not shown: false, for a `beside` one, which may not say which number is meant.
   */
  show(view: View, where: ChipPlace): boolean;
  /**
   * Shows more of the same: it stays where it is and stays seen. Where there is no room for more, the view that was shown
   * before stays.
   */
  extend(view: View, before: { view: View; boxes: readonly Box[]; kind: ChipKind }): void;
  /** Follows the number that it stands beside. */
  moveTo(boxes: readonly Box[]): void;
  hide(): void;
  /** Puts the focus into the first button; false where the page or its dialog keeps it out. */
  focus(): boolean;
  /** Moves the focus on to another of several buttons, round and round; false where there is one only. */
  moveFocus(step: 1 | -1, among: 'buttons' | 'all'): boolean;
  /** Whether this is part of what is shown. */
  holds(target: EventTarget | null): boolean;
  /** The button of ours that an event is about. */
  buttonOf(event: Event): PressedButton | undefined;
  /** Looks at the page as if the chip were not in front of it. */
  lookBehind<Result>(look: () => Result): Result;
  /** Whether `node` is our host. */
  isOwn(node: Node): boolean;
  /** Whether the page still holds the shown chip. */
  isThere(): boolean;
  /** Where what is shown stands in the window. */
  box(): Box | undefined;
  /** Whether the point is on the shown chip. */
  contains(point: { x: number; y: number }): boolean;
  /**
   * Whether the chip has been visible for long enough before now: `seen`; `soon` while that may still come, `covered`
   * where the page keeps the browser from vouching for it. Without a point its middle is looked at.
   */
  sightAt(point?: { x: number; y: number }): Sight;
  /** Listens to the chip's own events; those of pointer and keys do not bubble to the page. */
  listen<Type extends HeardEvent>(type: Type, listener: (event: HTMLElementEventMap[Type]) => void): void;
}

type HeardEvent =
  | 'pointerdown'
  | 'pointerup'
  | 'pointercancel'
  | 'click'
  | 'keydown'
  | 'keyup'
  | 'focusin'
  | 'focusout'
  | 'change';

const BUTTON = 'button:not([disabled])';
const XHTML = 'http://www.w3.org/1999/xhtml';

// `!important` inside the root wins over the page's own rules for the host.
const STYLE = `
:host { all: initial !important; position: fixed !important; inset: 0 auto auto 0 !important; width: 0 !important;
  height: 0 !important; display: block !important; overflow: visible !important; z-index: 2147483647 !important; }
.place { position: fixed; width: max-content; user-select: none; -webkit-user-select: none; }
.heard { position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  user-select: none; -webkit-user-select: none; }
@media print { :host { display: none !important; } }
`;

/** A host for `document`; nothing is in the page until `show`. */
export function createChipHost<View>(document: Document, skin: ChipSkin<View>): ChipHost<View> {
  const { host, place, content, heard } = createElements(document, skin.style);
  const sight = createSight(document, host, place);
  const announcer = createAnnouncer(heard);
  keepFromPage(place);
  const hide = () => {
    if (!host.parentNode) return;
    sight.end();
    announcer.silence();
    skin.render(content, null);
    host.remove();
  };
  let shape: ChipPlace['shape'];
  const put = (boxes: readonly Box[], kind: ChipKind): boolean => {
    const { clientWidth: width = 0, clientHeight: height = 0 } = rootElementOf(document) ?? {};
    const view = { width, height };
    place.style.removeProperty('--room');
    const size = place.getBoundingClientRect();
    const cardAt = shape === 'card' && boxes.length > 0 ? placeCard(boxes, size, view) : undefined;
    // A card that has no place beside its number would cover it.
    const isStuck = shape === 'card' ? boxes.length > 0 || kind === 'beside' : kind === 'beside';
    const beside = shape === 'card' ? cardAt : placeChip(boxes, size, view);
    const at = beside ?? (isStuck ? undefined : corner(size, view));
    if (!at) return false;
    if (cardAt) place.style.setProperty('--room', `${cardAt.height}px`);
    place.style.left = `${at.x}px`;
    place.style.top = `${at.y}px`;
    return true;
  };
  return {
    show(view, { boxes, kind, element, shape: next = 'chip' }) {
      shape = next;
      content.inert = kind === 'informs';
      const isMoved = attach(host, containerOf(document, element, kind));
      skin.render(content, view);
      if (!put(boxes, kind)) {
        hide();
        return false;
      }
      // Words may take the place of a button and are not pressed; each button must be seen for itself.
      if (isMoved || kind !== 'informs') sight.begin();
      if (kind !== 'beside') announcer.say(skin.announcementOf(view));
      return true;
    },
    extend(view, { view: shown, boxes, kind }) {
      const { left, top } = place.style;
      const { height } = place.getBoundingClientRect();
      skin.render(content, view);
      if (!put(boxes, kind)) {
        skin.render(content, shown);
        put(boxes, kind);
      }
      // On a card that grows other buttons may stand where somebody is about to press.
      const isOther = shape === 'card' && place.getBoundingClientRect().height !== height;
      const isMoved = place.style.left !== left || place.style.top !== top || isOther;
      if (isMoved && kind !== 'informs') sight.begin();
      if (kind !== 'beside') announcer.say(skin.announcementOf(view));
    },
    moveTo: (boxes) => void put(boxes, 'reached'),
    hide,
    focus() {
      const button = content.querySelector('button');
      button?.focus({ preventScroll: true });
      return button?.matches(':focus') ?? false;
    },
    moveFocus(step, among) {
      const all = [...content.querySelectorAll<HTMLElement>(among === 'all' ? `${BUTTON},select` : BUTTON)];
      const at = all.findIndex((one) => one.matches(':focus'));
      if (all.length < 2 || shape !== 'card') return false;
      all.at((at + step) % all.length)?.focus({ preventScroll: false });
      return true;
    },
    holds: (target) => target instanceof Node && place.contains(target),
    buttonOf({ target }) {
      const button = target instanceof Element ? target.closest(BUTTON) : null;
      return buttonNamed(button?.getAttribute('data-act') ?? undefined);
    },
    lookBehind(look) {
      place.style.pointerEvents = 'none';
      try {
        return look();
      } finally {
        place.style.pointerEvents = '';
      }
    },
    isOwn: (node) => node === host,
    isThere: () => host.isConnected,
    box: () => (host.isConnected ? place.getBoundingClientRect() : undefined),
    contains({ x, y }) {
      if (!host.isConnected) return false;
      const { left, right, top, bottom } = place.getBoundingClientRect();
      return x >= left && x <= right && y >= top && y <= bottom;
    },
    sightAt: (point) => sight.at(point),
    listen(type, listener) {
      place.addEventListener(type, listener);
    },
  };
}

function createElements(document: Document, style: string) {
  // In a document of SVG or XML a `div` without its namespace would be no HTML element.
  const create = () => Document.prototype.createElementNS.call(document, XHTML, 'div') as HTMLElement;
  const host = create();
  // The place takes clicks and keeps them from the page, also those meant for what stood there a moment ago; only the
  // content is inert.
  const place = create();
  const content = create();
  const heard = create();
  const root = host.attachShadow({ mode: 'closed' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE + style);
  root.adoptedStyleSheets = [sheet];
  place.className = 'place';
  heard.className = 'heard';
  place.append(content);
  root.append(place, heard);
  return { host, place, content, heard };
}

function keepFromPage(place: HTMLElement): void {
  for (const type of ['pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'dblclick', 'focusin', 'focusout']) {
    place.addEventListener(type, (event) => event.stopPropagation());
  }
  // The focus stays where the agent types; a list of countries opens only with it.
  place.addEventListener('mousedown', (event) => {
    if (!(event.target instanceof HTMLSelectElement)) event.preventDefault();
  });
}

// Beside body, but inside what makes the rest of the page inert: nothing outside a modal dialog can be pressed. What a
// page merely calls modal leaves the pointer alone, yet takes the focus back from whatever is outside of it.
function containerOf(document: Document, element: Element | undefined, kind: ChipKind): Element | null {
  for (let node: Node | null = element ?? null; node; node = composedParentOf(node)) {
    if (!isElement(node)) continue;
    const isModal = Element.prototype.matches.call(node, kind === 'reached' ? ':modal, [aria-modal="true"]' : ':modal');
    if (isModal && node !== rootElementOf(document)) return node;
  }
  return rootElementOf(document);
}

function attach(host: HTMLElement, container: Element | null): boolean {
  if (!container || (host.isConnected && host.parentNode === container)) return false;
  host.popover = 'manual';
  Element.prototype.append.call(container, host);
  // The top layer: no z-index of the page covers the chip.
  host.showPopover();
  return true;
}
