// What the agent has selected in the page, in its text or in a field, and the number in it. Only ever read on the
// agent's own command, and only the number of it is shown.
import type { PhoneNumber } from '@offhook/protocol';
import { findNumbers } from '#lib/numbers/find.ts';
import { readWrittenNumber } from '#lib/numbers/written-number.ts';
import { activeElementIn, isElement, parentOf, viewOf } from './dom.ts';
import { boxesOfElement, focusedField, selectedIn } from './field.ts';
import type { Box } from './place.ts';
import { numberOf, type Target } from './target.ts';

// Whoever selects a whole mail does not mean one number.
const MAX_SELECTED_LENGTH = 1_000;
const MAX_SHOWN_LENGTH = 256;

interface Selected {
  text: string;
  element: Element | undefined;
  boxes: () => Box[];
}

/** The number in the selection as something to show the chip beside, or undefined where there is none. */
export function selectedTarget(options: {
  document: Document;
  openShadowRoot: (element: Element) => ShadowRoot | null;
  country: string;
}): Target | undefined {
  if (!isSelectedHere(options.document)) return undefined;
  const selected = selectedField(options) ?? selectedText(options.document);
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
export function numberIn(
  text: string,
  { country }: { country: string },
): Pick<Target, 'number' | 'text' | 'isFax'> | undefined {
  const found = findNumbers(text, { country });
  const best = found.find(({ kind }) => kind !== 'fax') ?? found[0];
  if (best) {
    return { number: numberOf(best), text: text.slice(best.start, best.end), isFax: best.kind === 'fax' };
  }
  const whole = text.trim();
  const number = whole === '' || /\p{L}/u.test(whole) ? undefined : wholeNumber(whole, country);
  return number && { number, text: whole.slice(0, MAX_SHOWN_LENGTH), isFax: false };
}

function wholeNumber(text: string, country: string): PhoneNumber | undefined {
  const number = readWrittenNumber(text, country);
  return number?.kind === 'code' ? undefined : number;
}

function selectedField(options: Parameters<typeof selectedTarget>[0]): Selected | undefined {
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
    element: isElement(element) ? element : undefined,
    boxes: () => [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0),
  };
}
