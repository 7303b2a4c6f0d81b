// Point of the window → number or field under it. A caret snaps to text hundreds of pixels away, so that the number's own boxes
// decide; what covers the number (a page's dialog, our chip) hides it.
import { isText, rangeOver } from './dom.ts';
import { type Field, isField } from './field.ts';
import type { Mark } from './marks.ts';
import type { Box } from './place.ts';
import type { Scanner } from './scan.ts';

const SLACK_PX = 1;
const MAX_DEPTH = 32;

/** The mark whose text is at the point, in the document or in any shadow root. */
export function markUnder(document: Document, scanner: Scanner, point: { x: number; y: number }): Mark | undefined {
  const shadowRoots = rootsUnder(document, scanner, point);
  const caret = Document.prototype.caretPositionFromPoint.call(document, point.x, point.y, { shadowRoots });
  const node = caret?.offsetNode ?? null;
  if (!caret || !isText(node)) return undefined;
  const mark = scanner.markAt(node, caret.offset);
  return mark && boxesOf(document, mark).some((box) => contains(box, point)) ? mark : undefined;
}

/** The field for input that is topmost at the point, in the document or in any shadow root. */
export function fieldUnder(
  document: Document,
  scanner: Pick<Scanner, 'rootOf'>,
  { x, y }: { x: number; y: number },
): Field | undefined {
  const root = rootsUnder(document, scanner, { x, y }).at(-1);
  const top = root ? root.elementFromPoint(x, y) : Document.prototype.elementFromPoint.call(document, x, y);
  return top && isField(top) ? top : undefined;
}

/** The boxes of a mark's lines in the window, reading order; none if the page hides or has dropped it. */
export function boxesOf(document: Document, mark: Mark): Box[] {
  const rects = [...rangeOver(document, mark.range).getClientRects()];
  return rects.filter(({ width, height }) => width > 0 && height > 0);
}

function rootsUnder(
  document: Document,
  scanner: Pick<Scanner, 'rootOf'>,
  { x, y }: { x: number; y: number },
): ShadowRoot[] {
  const roots: ShadowRoot[] = [];
  let element = Document.prototype.elementFromPoint.call(document, x, y);
  while (element && roots.length < MAX_DEPTH) {
    const root = scanner.rootOf(element);
    if (!root || roots.includes(root)) break;
    roots.push(root);
    element = root.elementFromPoint(x, y);
  }
  return roots;
}

function contains(box: Box, { x, y }: { x: number; y: number }): boolean {
  return x >= box.left - SLACK_PX && x <= box.right + SLACK_PX && y >= box.top - SLACK_PX && y <= box.bottom + SLACK_PX;
}
