// The numbers of the page as a reader meets them, one after the other: for the list in the popup and for the keyboard's
// way through the page. Lists what is shown and nothing else; a number twice on the page is there twice.
import type { PageNumber } from '#lib/messages.ts';
import { findNumbers } from '#lib/numbers/find.ts';
import { readTelLink } from '#lib/numbers/tel-link.ts';
import { localNameOf, parentOf, textIn } from './dom.ts';
import { type Field, isField } from './field.ts';
import type { Mark } from './marks.ts';
import type { Scanner } from './scan.ts';
import { elementTarget, numberOf, type PlacedTarget, reachedTarget, type Target } from './target.ts';

const MAX_LISTED = 500;
const MAX_SHOWN_LENGTH = 256;
// A note that happens to hold a number is no field for numbers.
const MAX_FIELD_LENGTH = 200;
const MAX_LABEL_LENGTH = 40;

export interface ReadPage {
  document: Document;
  scanner: Scanner;
  /** By which numbers without country code are read. */
  country: string;
}

/** All shown numbers of this frame, at most 500, also where the page has to be scrolled to them. */
export function listNumbers(page: ReadPage): PageNumber[] {
  const list: PageNumber[] = [];
  for (const target of targetsInOrder(page)) {
    if (!isShown(target)) continue;
    list.push({ number: target.number, text: target.text.slice(0, MAX_SHOWN_LENGTH), isFax: target.isFax });
    if (list.length >= MAX_LISTED) break;
  }
  return list;
}

/** All numbers of this frame in the order of the page, shown or not: in its text, its fields, and its phone links. */
export function* targetsInOrder(page: ReadPage): Generator<PlacedTarget> {
  let link: PlacedTarget | undefined;
  for (const place of page.scanner.inOrder()) {
    const target = isNode(place) ? elementOf(place, page) : reachedTarget(place, page);
    if (!target) continue;
    // A link that shows its number is one place, not two.
    if (link && !(link.element && isInside(target.start.node, link.element))) yield link;
    link = target.element instanceof HTMLAnchorElement && target.start.node === target.element ? target : undefined;
    if (!link) yield target;
  }
  if (link) yield link;
}

function isNode(place: Element | Mark): place is Element {
  return place instanceof Node;
}

function isInside(node: Node, element: Element): boolean {
  return Node.prototype.contains.call(element, node);
}

function elementOf(element: Element, { document, country }: ReadPage): PlacedTarget | undefined {
  const name = localNameOf(element);
  if (name === 'a') return elementTarget(element, document, () => linkNumber(element, country));
  if (name !== 'input' && name !== 'textarea') return undefined;
  return isField(element) ? elementTarget(element, document, () => fieldNumber(element, country)) : undefined;
}

function linkNumber(link: Element, country: string): Pick<Target, 'number' | 'text' | 'isFax'> | undefined {
  const href = Element.prototype.getAttribute.call(link, 'href') ?? '';
  const number = readTelLink(href, { country });
  return number && { number, text: textIn(link, MAX_SHOWN_LENGTH) || href, isFax: false };
}

function fieldNumber(field: Field, country: string): Pick<Target, 'number' | 'text' | 'isFax'> | undefined {
  const { value } = field;
  const found =
    value.length <= MAX_FIELD_LENGTH ? findNumbers(value, { country, before: labelOf(field) })[0] : undefined;
  return found && { number: numberOf(found), text: value.slice(found.start, found.end), isFax: found.kind === 'fax' };
}

// What the page says that the field is for.
function labelOf(field: Field): string {
  const label = field.labels?.[0];
  const text = label ? textIn(label, MAX_LABEL_LENGTH) : (field.ariaLabel ?? '');
  return text || (field.type === 'tel' ? 'Tel' : '');
}

/** Whether the page draws the target somewhere, in the window or not. */
export function isShown({ element, boxes }: Target): boolean {
  if (!element || boxes().length === 0) return false;
  return Element.prototype.checkVisibility.call(element, { opacityProperty: true, visibilityProperty: true });
}

/** Whether `a` stands before `b` on the page: a shadow root before what its host holds, a parent before its children. */
export function isBefore(a: Node, b: Node): boolean {
  const [pathA, pathB] = [pathTo(a), pathTo(b)];
  const fork = pathA.findIndex((node, index) => node !== pathB[index]);
  const [x, y] = fork < 0 ? [undefined, undefined] : [pathA[fork], pathB[fork]];
  // One holds the other.
  if (!x || !y) return pathA.length < pathB.length;
  if (x instanceof ShadowRoot || y instanceof ShadowRoot) return x instanceof ShadowRoot;
  return (Node.prototype.compareDocumentPosition.call(x, y) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

// From the top of the page down to the node; where a slot shows it does not matter for the order.
function pathTo(node: Node): Node[] {
  const path: Node[] = [];
  for (let at: Node | null = node; at; at = at instanceof ShadowRoot ? at.host : parentOf(at)) path.unshift(at);
  return path;
}
