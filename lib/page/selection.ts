// What the agent has selected in the page, in its text or in a field, and the number in it. Only ever read on the
// agent's own command, and only the number of it is shown.
import { oneNumberIn } from '#lib/numbers/one-number.ts';
import { activeElementIn, isElement, parentOf, viewOf } from './dom.ts';
import { boxesOfElement, focusedField, selectedIn } from './field.ts';
import type { Box } from './place.ts';
import type { ReadTarget, Target } from './target.ts';

// Whoever selects a whole mail does not mean one number.
const MAX_SELECTED_LENGTH = 1_000;

/** What is selected, in the page's text (`range`) or in a field. */
export interface Selected {
  text: string;
  element: Element | undefined;
  boxes: () => Box[];
  range?: Range;
}

interface Where {
  document: Document;
  openShadowRoot: (element: Element) => ShadowRoot | null;
}

/** What the agent has selected in this frame; undefined where that is nothing, or in another frame. */
export function selectionHere(options: Where): Selected | undefined {
  return isSelectedHere(options.document) ? (selectedField(options) ?? selectedText(options.document)) : undefined;
}

/** The number in the selection as something to show the chip beside, or undefined where there is none. */
export function selectedTarget(options: Where & { country: string }): Target | undefined {
  const selected = selectionHere(options);
  const read = selected && selected.text.length <= MAX_SELECTED_LENGTH ? numberIn(selected.text, options) : undefined;
  if (!selected || !read) return undefined;
  const target: Target = {
    ...read,
    element: selected.element,
    boxes: selected.boxes,
    // The chip spells out what it dials; the page cannot change that any more.
    current: () => target,
  };
  return target;
}

// Each frame keeps its last selection; what the agent selected is in the frame that has the focus. A page that is in front
// with the focus in a view of the browser has none: there its top frame answers, unless a frame in it was used last.
function isSelectedHere(document: Document): boolean {
  const view = viewOf(document);
  const active = activeElementIn(document, () => null);
  if (active instanceof HTMLIFrameElement || active instanceof HTMLFrameElement) return false;
  return view === view?.top || document.hasFocus();
}

/** The first number of a text, or the text as a whole where it is one, extensions and service numbers too. */
export function numberIn(text: string, { country }: { country: string }): ReadTarget | undefined {
  const read = oneNumberIn(text, { country });
  if (!read) return undefined;
  const { found, ...target } = read;
  return found ? { ...target, place: { found, text } } : target;
}

function selectedField(options: Where): Selected | undefined {
  const field = focusedField(options.document, options.openShadowRoot);
  const text = field && selectedIn(field);
  return text === undefined ? undefined : { text, element: field, boxes: () => (field ? boxesOfElement(field) : []) };
}

function selectedText(document: Document): Selected | undefined {
  const selection = Document.prototype.getSelection.call(document);
  const range = selection && selection.rangeCount > 0 ? selection.getRangeAt(0) : undefined;
  const text = selection?.toString() ?? '';
  if (!range || text.trim() === '') return undefined;
  const { endContainer } = range;
  const element = isElement(endContainer) ? endContainer : parentOf(endContainer);
  return {
    text,
    range,
    element: isElement(element) ? element : undefined,
    boxes: () => [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0),
  };
}
