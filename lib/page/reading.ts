// The numbers of the page as a reader meets them, one after the other: for the list in the popup and for the keyboard's
// way through the page. Lists what is shown and nothing else; a number twice on the page is there twice.

import type { PageNumber } from '#lib/messages.ts';
import { numberOf } from '#lib/numbers/one-number.ts';
import { becauseOf } from './because.ts';
import { attributeOf, localNameOf, parentOf, textIn } from './dom.ts';
import type { Exclusions } from './exclusions.ts';
import { type Field, fieldLabel, isField } from './field.ts';
import { readPhoneLink } from './links.ts';
import type { Mark, ReadText } from './marks.ts';
import type { Scanner } from './scan.ts';
import { elementTarget, type PlacedTarget, type ReadTarget, reachedTarget, type Target } from './target.ts';
import { isSeeable } from './visible.ts';

const MAX_LISTED = 500;
const MAX_SHOWN_LENGTH = 256;
// Longer than any note about a call: a text that somebody writes is not read at every look.
const MAX_FIELD_LENGTH = 2_000;
const MAX_IN_FIELD = 20;

export interface ReadPage {
  document: Document;
  scanner: Scanner;
  read: ReadText;
  excludes: Exclusions;
  /** By which phone links without country code are read. */
  country: string;
  /** Beginnings of addresses that a click calls by, besides `tel:` and its like. */
  phoneLinks: readonly string[];
  /** Titles of columns that the site's rule names, for saying why. */
  alwaysColumns?: readonly string[] | undefined;
}

/** All shown numbers of this frame, at most 500, also where the page has to be scrolled to them. */
export function listNumbers(page: ReadPage): PageNumber[] {
  const list: PageNumber[] = [];
  for (const target of targetsInOrder(page)) {
    if (!isShown(target)) continue;
    const { number, text, isFax, place } = target;
    const why = place ? becauseOf(place, page.alwaysColumns) : { rule: 'link' };
    list.push({ number, text: text.slice(0, MAX_SHOWN_LENGTH), isFax, why });
    if (list.length >= MAX_LISTED) break;
  }
  return list;
}

/** All numbers of this frame in the order of the page, shown or not: in its text, its fields, and its phone links. */
export function* targetsInOrder(page: ReadPage): Generator<PlacedTarget> {
  let link: PlacedTarget | undefined;
  for (const place of page.scanner.inOrder()) {
    if (isNode(place) && isField(place)) {
      if (link) yield link;
      link = undefined;
      yield* fieldTargets(place, page);
      continue;
    }
    const target = isNode(place) ? linkTarget(place, page) : reachedTarget(place, page);
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

function linkTarget(element: Element, { document, country, phoneLinks, excludes }: ReadPage): PlacedTarget | undefined {
  if (localNameOf(element) !== 'a' || excludes.covers(element)) return undefined;
  return elementTarget(element, document, () => {
    const href = attributeOf(element, 'href') ?? '';
    const number = readPhoneLink(href, { country, phoneLinks });
    return number && { number, text: textIn(element, MAX_SHOWN_LENGTH) || href, isFax: false, href };
  });
}

/** The numbers that a field holds now. Each stays what it is while the field holds the same text at its place. */
export function fieldTargets(field: Field, page: ReadPage): PlacedTarget[] {
  const read = () => numbersIn(field, page);
  return read().flatMap((_, index) => elementTarget(field, page.document, () => read()[index]) ?? []);
}

function numbersIn(field: Field, { scanner, read, excludes }: ReadPage): ReadTarget[] {
  const { value } = field;
  if (value.length > MAX_FIELD_LENGTH || !/\p{Nd}/u.test(value) || excludes.covers(field)) return [];
  const before = fieldLabel(field, scanner.labelAround) || undefined;
  const found = read(value, before);
  return found.slice(0, MAX_IN_FIELD).map((one) => ({
    number: numberOf(one),
    text: value.slice(one.start, one.end),
    isFax: one.kind === 'fax',
    place: { found: one, text: value, before },
    isField: true as const,
  }));
}

/** Whether the page draws the target somewhere, in the window or not. */
export function isShown({ element, boxes }: Target): boolean {
  return element !== undefined && boxes().length > 0 && isSeeable(element);
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
