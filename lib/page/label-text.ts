// What a label says: short texts that name what stands behind them. Reads a little of the page and no more, however much
// an element holds; hidden from it is what nobody sees as a label (scripts, options, pictures without a name).
import { isSkipped } from './assemble.ts';
import { attributeOf, firstChildOf, isElement, isText, localNameOf, nextSiblingOf } from './dom.ts';

const MAX_LENGTH = 40;
const MAX_NODES = 60;
const HAS_LETTER = /\p{L}/u;
const HAS_DIGIT = /\p{Nd}/u;
const ICONS = new Set(['svg', 'img', 'i', 'picture']);

/** Whether a text is short enough for a label and names something instead of being a value. */
export function isLabelText(text: string): boolean {
  return text.length <= MAX_LENGTH && HAS_LETTER.test(text) && !HAS_DIGIT.test(text);
}

/** Whether a text is a value of its own: short, with digits. */
export function isValueText(text: string): boolean {
  return text.length <= MAX_LENGTH && HAS_DIGIT.test(text);
}

/** What an element that is a label by its nature says (`'Phone'` of "Phone 2"), or undefined where it says nothing. */
export function namedBy(element: Element): string | undefined {
  return nameIn(visibleText(element) || (accessibleName(element) ?? ''));
}

/** A label's text without what only counts it; cut at a word where it is long. */
export function nameIn(text: string): string | undefined {
  const plain = text
    .replace(/\p{Nd}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (!HAS_LETTER.test(plain)) return undefined;
  return plain.length <= MAX_LENGTH ? plain : plain.slice(0, MAX_LENGTH + 1).replace(/\s?\S*$/, '') || undefined;
}

/** The text of an element as far as it may be a label: a little more than that tells that it is none. */
export function visibleText(element: Element): string {
  let text = '';
  let nodes = 0;
  const collect = (parent: Node) => {
    for (let child = firstChildOf(parent); child; child = nextSiblingOf(child)) {
      nodes += 1;
      if (nodes > MAX_NODES || text.length > 2 * MAX_LENGTH) return;
      if (isText(child)) text += child.data.slice(0, 8 * MAX_LENGTH).replace(/\s+/g, ' ');
      else if (isElement(child) && !isSkipped(child)) collect(child);
    }
  };
  collect(element);
  return text.replace(/ +/g, ' ').trim();
}

/** What an element that shows no text is called: an icon, a picture. */
export function accessibleName(element: Element): string | undefined {
  const own = attributeOf(element, 'aria-label') ?? attributeOf(element, 'title');
  if (own !== undefined) return own;
  if (localNameOf(element) === 'img') return attributeOf(element, 'alt');
  const only = firstChildOf(element);
  return only && isElement(only) && ICONS.has(localNameOf(only)) ? accessibleName(only) : undefined;
}
