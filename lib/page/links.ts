// Phone links (`tel:`, `callto:`, `sip:`, and the addresses of a local phone program that a site rule names) that the
// agent lets us take: a person's click on one dials it instead of what the browser would do. Only then the page's default
// is prevented; every other click is left as it is.
import type { PhoneNumber } from '@offhook/protocol';
import { readTelLink } from '#lib/numbers/tel-link.ts';
import { createGesture, type Gesture, isRepeatedClick } from './gesture.ts';
import { isLinkInSight } from './link-sight.ts';

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

const PHONE_SCHEME = /^(?:tel|callto|sips?):/i;

/**
 * The number of a link, or undefined where it holds none. `phoneLinks` are beginnings of addresses (`'http://localhost:2503/
 * Makecall'`) behind which stand the own extension and the number (TAPIMaster's IP interface: `Makecall NNNNN 0123456789`).
 */
export function readPhoneLink(
  href: string,
  { country, phoneLinks }: { country: string; phoneLinks: readonly string[] },
): PhoneNumber | undefined {
  const order = orderIn(href, phoneLinks);
  return readTelLink(order === undefined ? href : `tel:${order}`, { country });
}

// What is to be dialled; undefined where the link is none of these.
function orderIn(href: string, phoneLinks: readonly string[]): string | undefined {
  const plain = decoded(href).trim();
  const prefix = phoneLinks.find((one) => one !== '' && startsWith(plain, decoded(one).trim()));
  if (prefix === undefined) return undefined;
  const rest = plain.slice(decoded(prefix).trim().length).replace(/^[\s/?&=+]+/, '');
  const [own = '', ...dialled] = rest.split(/\s+/);
  return dialled.length > 0 ? dialled.join(' ') : own;
}

// The prefix ends a word: `/Makecall` is no beginning of `/Makecalls`.
function startsWith(text: string, prefix: string): boolean {
  const isSame = text.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase();
  return isSame && (!/\w$/.test(prefix) || !/^\w/.test(text.slice(prefix.length)));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign: the text as it is.
    return text;
  }
}

/**
 * Takes clicks on phone links while `isActive`. `canDial` answers whether there is something to dial; the second click of
 * a double click is taken as well, so that the browser does not call another program, but dials nothing.
 */
export function createPhoneLinks(options: {
  isActive: () => boolean;
  /** Whether an address is one that this is about. */
  isPhoneLink: (href: string) => boolean;
  openShadowRoot: (element: Element) => ShadowRoot | null;
  canDial: (link: PressedLink) => boolean;
  dial: (link: PressedLink) => void;
}): PhoneLinks {
  const gesture: Gesture<PressedLink> = createGesture();
  const linkOf = (event: Event) => (options.isActive() ? phoneLinkIn(event, options) : undefined);
  return {
    pointerDown(event) {
      const link = linkOf(event);
      gesture.down(event, link && isLinkInSight(link.anchor) ? link : undefined);
    },
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

type Reader = Pick<Parameters<typeof createPhoneLinks>[0], 'openShadowRoot' | 'isPhoneLink'>;

// A closed root hides its elements from a listener on the document: there the point tells.
function phoneLinkIn(event: Event, { openShadowRoot, isPhoneLink }: Reader): PressedLink | undefined {
  const linkIn = (targets: readonly EventTarget[]) => {
    for (const target of targets) {
      const link = phoneLink(target, isPhoneLink);
      if (link) return link;
    }
    return undefined;
  };
  const path = event.composedPath();
  const known = linkIn(path);
  if (known) return known;
  let root = path[0] instanceof Element ? openShadowRoot(path[0]) : null;
  while (root && event instanceof MouseEvent) {
    const element: Element | null = root.elementFromPoint(event.clientX, event.clientY);
    const link = linkIn(ancestors(element));
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

function phoneLink(target: EventTarget, isPhoneLink: (href: string) => boolean): PressedLink | undefined {
  if (!(target instanceof HTMLAnchorElement)) return undefined;
  const href = target.getAttribute('href')?.trim() ?? '';
  return isPhoneLink(href) ? { anchor: target, href } : undefined;
}

/** Whether an address calls by its scheme, or by one of these beginnings. */
export function isPhoneAddress(href: string, phoneLinks: readonly string[]): boolean {
  return PHONE_SCHEME.test(href.trim()) || orderIn(href, phoneLinks) !== undefined;
}
