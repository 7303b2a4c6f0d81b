// Whether a person can have meant a phone link that was pressed. A link is dialled at the first click, so that one which
// a page has laid invisibly over itself, or under the pointer, would turn any click into a call. In doubt the click is
// left to the browser, which asks before it does anything.
import { composedParentOf, isElement, rectOf, textIn, viewOf } from './dom.ts';

const MIN_OPACITY = 0.3;
// Whoever presses somewhere on most of the window does not press a phone link.
const MAX_SHARE_OF_WINDOW = 0.5;
const MAX_LOOKED_AT = 50;
const PICTURES = 'img, svg, canvas, picture, video, object';
const NO_COLOUR = /^(?:transparent|rgba\(.*, 0(?:\.0\d*)?\)|.* \/ 0(?:\.0\d*)?\))$/;

/** Whether something of the link is drawn, is not faded away, and is no cover over the page. */
export function isLinkInSight(link: Element): boolean {
  return !isFaded(link) && !isCover(link) && isDrawn(link);
}

function isFaded(link: Element): boolean {
  let opacity = 1;
  for (let node: Node | null = link; node; node = composedParentOf(node)) {
    if (!isElement(node)) continue;
    const style = getComputedStyle(node);
    opacity *= Number(style.opacity);
    if (opacity < MIN_OPACITY || /opacity\(/.test(style.filter)) return true;
  }
  if (getComputedStyle(link).visibility !== 'visible') return true;
  // Null at the top, and where another origin holds the frame.
  const frame = viewOf(link.ownerDocument)?.frameElement;
  return frame ? isFaded(frame) : false;
}

function isCover(link: Element): boolean {
  const view = viewOf(link.ownerDocument);
  const { width, height } = rectOf(link);
  return view !== null && width * height > MAX_SHARE_OF_WINDOW * view.innerWidth * view.innerHeight;
}

// Words, a picture, a colour or an icon of a font: on the link itself or in it.
function isDrawn(link: Element): boolean {
  const inside = [link, ...Element.prototype.querySelectorAll.call(link, '*')].slice(0, MAX_LOOKED_AT);
  return inside.some((element) => {
    if (Element.prototype.matches.call(element, PICTURES)) return true;
    const { color, backgroundColor, backgroundImage, maskImage, fontSize } = getComputedStyle(element);
    if (backgroundImage !== 'none' || maskImage !== 'none' || !NO_COLOUR.test(backgroundColor)) return true;
    const hasWords = textIn(element, 1) !== '' || hasIcon(element, '::before') || hasIcon(element, '::after');
    return hasWords && !NO_COLOUR.test(color) && Number.parseFloat(fontSize) > 2;
  });
}

function hasIcon(element: Element, pseudo: '::before' | '::after'): boolean {
  return !['none', 'normal', '""'].includes(getComputedStyle(element, pseudo).content);
}
