// Phone links (`tel:`, `callto:`, `sip:`) that the agent lets us take: a person's click on one dials it instead of what
// the browser would do. Only then the page's default is prevented; every other click is left as it is.
import { createGesture, type Gesture, isRepeatedClick } from './gesture.ts';

export interface PhoneLinks {
  pointerDown(event: PointerEvent): void;
  pointerUp(event: PointerEvent): void;
  pointerCancel(): void;
  click(event: MouseEvent): void;
}

/** What was pressed: the link, its address at that moment, and the text it showed. */
export interface PressedLink {
  anchor: HTMLAnchorElement;
  href: string;
}

const PHONE_SCHEME = /^(?:tel|callto|sip):/i;

/**
 * Takes clicks on phone links while `isActive`. `canDial` answers whether there is something to dial; the second click of
 * a double click is taken as well, so that the browser does not call another program, but dials nothing.
 */
export function createPhoneLinks(options: {
  isActive: () => boolean;
  openShadowRoot: (element: Element) => ShadowRoot | null;
  canDial: (link: PressedLink) => boolean;
  dial: (link: PressedLink) => void;
}): PhoneLinks {
  const gesture: Gesture<PressedLink> = createGesture();
  const linkOf = (event: Event) => (options.isActive() ? phoneLinkIn(event, options.openShadowRoot) : undefined);
  return {
    pointerDown: (event) => gesture.down(event, linkOf(event)),
    pointerUp: (event) => gesture.up(event),
    pointerCancel: () => gesture.cancel(),
    click(event) {
      const pressed = gesture.click(event);
      const now = linkOf(event);
      // A link that became another one under the pointer is not what the person pressed.
      if (!pressed || now?.anchor !== pressed.anchor || now.href !== pressed.href) return;
      if (!options.canDial(pressed)) return;
      event.preventDefault();
      if (!isRepeatedClick(event)) options.dial(pressed);
    },
  };
}

// A closed root hides its elements from a listener on the document: there the point tells.
function phoneLinkIn(event: Event, openShadowRoot: (element: Element) => ShadowRoot | null): PressedLink | undefined {
  const path = event.composedPath();
  const known = path.map(phoneLink).find((link) => link !== undefined);
  if (known) return known;
  let root = path[0] instanceof Element ? openShadowRoot(path[0]) : null;
  while (root && event instanceof MouseEvent) {
    const element: Element | null = root.elementFromPoint(event.clientX, event.clientY);
    const link = ancestors(element)
      .map(phoneLink)
      .find((one) => one !== undefined);
    if (link || !element) return link;
    const next: ShadowRoot | null = openShadowRoot(element);
    root = next === root ? null : next;
  }
  return undefined;
}

function ancestors(element: Element | null): Element[] {
  const list: Element[] = [];
  for (let one = element; one; one = one.parentElement) list.push(one);
  return list;
}

function phoneLink(target: EventTarget): PressedLink | undefined {
  if (!(target instanceof HTMLAnchorElement)) return undefined;
  const href = target.getAttribute('href')?.trim() ?? '';
  return PHONE_SCHEME.test(href) ? { anchor: target, href } : undefined;
}
