// Whether the page shows an element, as far as its styles say: what is covered or outside the window is looked at elsewhere.
import { composedParentOf, isElement, parentOf, rectOf } from './dom.ts';

// How far around a text the box of a pixel may be in which it is hidden.
const MAX_CLIPPING = 3;

/** Whether the element is drawn: neither hidden by the page nor put into a dot of a pixel, as words for screen readers are. */
export function isDrawn(element: Element): boolean {
  if (!checkVisibility(element, { visibilityProperty: true })) return false;
  let at: Node | null = boxedElement(element);
  for (let depth = 0; isElement(at) && depth < MAX_CLIPPING; depth += 1) {
    if (isDot(at)) return false;
    at = parentOf(at);
  }
  return true;
}

/** The same for somebody who looks at it: not faded away, and not words for screen readers alone. */
export function isSeeable(element: Element): boolean {
  if (!Element.prototype.checkVisibility.call(element, { opacityProperty: true, visibilityProperty: true }))
    return false;
  let at: Node | null = element;
  for (let depth = 0; isElement(at) && depth < MAX_CLIPPING; depth += 1) {
    if (isOutOfSight(at)) return false;
    at = parentOf(at);
  }
  return true;
}

// A box of a pixel, or one put where no scrolling leads (`left: -9999px`).
function isOutOfSight(element: Element): boolean {
  if (isDot(element)) return true;
  const { right, bottom } = rectOf(element);
  if (right + scrollX > 0 && bottom + scrollY > 0) return false;
  return /absolute|fixed/.test(getComputedStyle(element).position);
}

function isDot(element: Element): boolean {
  const { width, height } = rectOf(element);
  return width <= 1 && height <= 1 && getComputedStyle(element).overflow !== 'visible';
}

// An element with `display: contents` counts as hidden there, though what is in it is shown.
function checkVisibility(element: Element, options: CheckVisibilityOptions): boolean {
  const boxed = boxedElement(element);
  return Element.prototype.checkVisibility.call(boxed, options);
}

/** The element whose box tells where this one is: one with `display: contents` has none of its own. */
export function boxedElement(element: Element): Element {
  let at = element;
  while (getComputedStyle(at).display === 'contents') {
    const parent = composedParentOf(at);
    const next = parent instanceof ShadowRoot ? parent.host : parent;
    if (!isElement(next)) break;
    at = next;
  }
  return at;
}
