// What the chip can stand beside: a number of the page, whatever holds it. A target answers afresh where it is and
// whether the page still shows it; it never remembers a place that may have moved, and never names another number.
import type { PhoneNumber } from '@offhook/protocol';
import { numberOf } from '#lib/numbers/one-number.ts';
import type { ReadPlace } from './because.ts';
import { isElement, parentOf } from './dom.ts';
import { boxesOfElement } from './field.ts';
import { boxesOf, markUnder } from './hit.ts';
import type { Mark } from './marks.ts';
import type { Box } from './place.ts';
import type { Scanner } from './scan.ts';

export interface Target {
  number: PhoneNumber;
  /** As the page shows it. */
  text: string;
  isFax: boolean;
  /** What it stands in. */
  element: Element | undefined;
  /** The mark of a number in the page's text; what stands in a field or a link has none. */
  mark?: Mark;
  /** How it was read; a link's address is no text. */
  place?: ReadPlace | undefined;
  /** The address that the number was read from, for a link. */
  href?: string | undefined;
  /** It stands in a field for input. */
  isField?: true;
  /** Its lines in the window, in reading order; none where the page hides or has dropped it. */
  boxes(): Box[];
  /** The same number as the page shows it now, uncovered; undefined where it does not. */
  current(): Target | undefined;
}

interface Point {
  x: number;
  y: number;
}

interface Page {
  document: Document;
  scanner: Scanner;
}

/** The target of a mark under the pointer: it counts only where it stood first. */
export function pointedTarget(mark: Mark, page: Page): Target {
  return targetOf(mark, page, middleOf(boxesOf(page.document, mark)));
}

/** A target with its place in the order of the page. */
export interface PlacedTarget extends Target {
  start: { node: Node; offset: number };
}

/** The target of a mark that was reached otherwise: it counts wherever the page has moved it to. */
export function reachedTarget(mark: Mark, page: Page): PlacedTarget {
  const { startContainer: node, startOffset: offset } = mark.range;
  return { ...targetOf(mark, page, undefined), start: { node, offset } };
}

/** What a target is made of where the page's text is not what holds it. */
export type ReadTarget = Pick<Target, 'number' | 'text' | 'isFax' | 'place' | 'href' | 'isField'>;

/** The target of a number that an element stands for as a whole; `read` reads it again. */
export function elementTarget(
  element: Element,
  document: Document,
  read: () => ReadTarget | undefined,
): PlacedTarget | undefined {
  const first = read();
  if (!first) return undefined;
  const boxes = () => boxesOfElement(element);
  const target: PlacedTarget = {
    ...first,
    element,
    start: { node: element, offset: 0 },
    boxes,
    current() {
      const now = read();
      const middle = middleOf(boxes());
      const isSame = now?.text === first.text && isSameDialled(now.number, first.number);
      return isSame && middle && isAtPoint(document, element, middle) ? target : undefined;
    },
  };
  return target;
}

function targetOf(mark: Mark, page: Page, fixed: Point | undefined): Target {
  const { document, scanner } = page;
  const boxes = () => boxesOf(document, mark);
  const parent = parentOf(mark.range.startContainer);
  let lastSeen = fixed;
  const target: Target = {
    number: numberOf(mark.found),
    text: mark.text,
    isFax: mark.found.kind === 'fax',
    element: isElement(parent) ? parent : undefined,
    mark,
    place: { found: mark.found, text: mark.run.text, before: mark.run.before },
    boxes,
    current() {
      // Where the page has drawn the number anew, the new one stands where the old one was.
      lastSeen = fixed ?? middleOf(boxes()) ?? lastSeen;
      const now = lastSeen && markUnder(document, scanner, lastSeen);
      if (!now || !isSameNumber(now, mark) || !scanner.isCurrent(now)) return undefined;
      return now === mark ? target : targetOf(now, page, fixed);
    },
  };
  return target;
}

function isSameDialled(a: PhoneNumber, b: PhoneNumber): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

// Nothing of the page covers it.
function isAtPoint(document: Document, element: Element, { x, y }: Point): boolean {
  const root = Node.prototype.getRootNode.call(element);
  const top =
    root instanceof ShadowRoot ? root.elementFromPoint(x, y) : Document.prototype.elementFromPoint.call(document, x, y);
  return top !== null && Node.prototype.contains.call(element, top);
}

function middleOf(boxes: readonly Box[]): Point | undefined {
  const last = boxes.at(-1);
  return last && { x: (last.left + last.right) / 2, y: (last.top + last.bottom) / 2 };
}

/** The very same mark, or the same number that took the place of one that is not drawn any more; not its twin elsewhere. */
export function isSameDrawn(document: Document, now: Mark, before: Mark): boolean {
  if (now === before) return true;
  const isInPlace = now.range.startContainer === before.range.startContainer;
  return isSameNumber(now, before) && (isInPlace || boxesOf(document, before).length === 0);
}

function isSameNumber(a: Mark, b: Mark): boolean {
  return a.text === b.text && a.found.number === b.found.number && a.found.extension === b.found.extension;
}
