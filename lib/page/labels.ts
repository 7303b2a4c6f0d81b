// The words in front of a block that say what its digits are: column header, `dt`, label cell, a short line before it,
// names for screen readers. A wrong label turns an order into a phone or hides one, so that only near and short words
// count. Reads the page, never changes it.
import { isSkipped } from './assemble.ts';
import { createColumns, namedByIds } from './columns.ts';
import {
  attributeOf,
  closestOf,
  isElement,
  isText,
  localNameOf,
  nextElementOf,
  parentOf,
  previousElementOf,
  previousSiblingOf,
} from './dom.ts';
import { accessibleName, isLabelText, isValueText, namedBy, nameIn, visibleText } from './label-text.ts';

/** `block`: for all lines of the block, as a column header is; `line`: for its first line. */
export interface Label {
  text: string;
  reach: 'block' | 'line';
}

export interface Labels {
  /** The label in front of a block, `'Contact: Phone'`, nearest words last. A shadow root's is that of its host. */
  of(block: Element | ShadowRoot): Label | undefined;
  /** What the words around a field for input say that it is for; empty where they say nothing. */
  around(field: Element): string;
  /** The page has changed: what is remembered of its tables is read again. */
  forget(): void;
  /** Where a change under this node makes others read differently: the table of a header, what stands behind a `dt`. */
  changedBy(target: Node): Element | undefined;
}

const MAX_CLIMB = 6;
const MAX_SIBLINGS = 8;
// Further out a name is that of a region ("Orders"), and a row is a part of the page's layout.
const MAX_NAMED_LEVEL = 1;
const MAX_MARKED_LEVEL = 4;
const MAX_ROW_LEVEL = 2;
const MAX_CELL_LENGTH = 80;
// Nothing in front of these says what is in them.
const ENDS = new Set(
  'html body main article section nav aside header footer form table thead tbody tr dialog dl fieldset'.split(' '),
);
const HEADINGS = new Set('h1 h2 h3 h4 h5 h6'.split(' '));
const FIELDS = 'input,select,textarea';
const WRITTEN_FIELDS = 'input:not([type="checkbox" i],[type="radio" i],[type="hidden" i]),select,textarea';
const HEADERS = 'th,thead,[role="columnheader"]';
const NAMES = 'dt,label';

/** The labels of one document. */
export function createLabels(): Labels {
  const columns = createColumns();
  const climb = (start: Element): Label | undefined => {
    // Nearest first.
    const parts: string[] = [];
    let isOpen = true;
    let at: Element | undefined = start;
    for (let level = 0; at && level < MAX_CLIMB; level += 1) {
      const held = ownName(at, level) ?? heldLabels(at) ?? rowLabel(at, level);
      if (held) return labelOf([...held, ...parts.reverse()], 'block');
      if (isOpen) {
        const found = lineBefore(at, level);
        if (found.label !== undefined) parts.push(found.label);
        isOpen = found.label === undefined && found.isFree;
      }
      at = parentElementOf(at);
    }
    return labelOf(parts, 'line');
  };
  const heldLabels = (at: Element): readonly string[] | undefined => {
    if (localNameOf(at) === 'dd') return termOf(at);
    return columns.labelsOf(at);
  };
  const rowLabel = (at: Element, level: number): readonly string[] | undefined => {
    const above = level <= MAX_ROW_LEVEL && isShort(at) ? columns.labelInRow(at) : undefined;
    return above === undefined ? undefined : [above];
  };
  return {
    of: (block) => climb(block instanceof ShadowRoot ? block.host : block),
    around: (field) => climb(field)?.text ?? '',
    forget: columns.forget,
    changedBy(target) {
      const element = isElement(target) ? target : parentOf(target);
      if (!isElement(element)) return undefined;
      const header = closestOf(element, HEADERS);
      if (header) return columns.changedTable(header);
      const name = closestOf(element, NAMES);
      return (name && nextElementOf(name)) ?? undefined;
    },
  };
}

function labelOf(parts: readonly string[], reach: Label['reach']): Label | undefined {
  // The words of two levels say enough; those further out are about something else.
  const text = parts.slice(-2).join(': ');
  return text === '' ? undefined : { text, reach };
}

// Out of a shadow root to its host; nothing beyond what ends a group.
function parentElementOf(element: Element): Element | undefined {
  const parent = parentOf(element);
  const next = parent instanceof ShadowRoot ? parent.host : parent;
  return isElement(next) && !ENDS.has(localNameOf(next)) ? next : undefined;
}

function isShort(element: Element): boolean {
  return visibleText(element).length <= MAX_CELL_LENGTH;
}

// Names that the page gives on purpose; those with digits are the value itself ("Call 030 …").
function ownName(element: Element, level: number): readonly string[] | undefined {
  const marked =
    attributeOf(element, 'data-label') ??
    attributeOf(element, 'data-th') ??
    attributeOf(element, 'data-title') ??
    (localNameOf(element).includes('-') ? attributeOf(element, 'label') : undefined);
  if (marked !== undefined && level <= MAX_MARKED_LEVEL && isLabelText(marked)) return [marked];
  if (level > MAX_NAMED_LEVEL) return undefined;
  const [labelled] = namedByIds(element, 'aria-labelledby');
  const named = labelled ?? attributeOf(element, 'aria-label');
  return named !== undefined && isLabelText(named) ? [named] : undefined;
}

// All `dd` behind a `dt` belong to it.
function termOf(description: Element): readonly string[] | undefined {
  let previous = previousElementOf(description);
  for (let back = 0; previous && back < MAX_SIBLINGS; back += 1) {
    if (localNameOf(previous) === 'dt') {
      const name = namedBy(previous);
      return name === undefined ? [] : [name];
    }
    previous = previousElementOf(previous);
  }
  return [];
}

// The line right before an element, over values of the same kind. `isFree`: nothing stands before it in its parent.
function lineBefore(element: Element, level: number): { label?: string; isFree: boolean } {
  let node = previousSiblingOf(element);
  for (let back = 0; node && back < MAX_SIBLINGS; back += 1) {
    if (isText(node) && node.data.trim() !== '') {
      const text = node.data.length < 200 ? node.data.trim() : '';
      return isLabelText(text) ? { label: text, isFree: false } : { isFree: false };
    }
    if (isElement(node)) {
      const said = saidBefore(node, element, level);
      if (said) return said;
    }
    node = previousSiblingOf(node);
  }
  return { isFree: node === null };
}

// What an element before says; undefined where it says nothing and the one before it may.
function saidBefore(
  previous: Element,
  element: Element,
  level: number,
): { label?: string; isFree: boolean } | undefined {
  const name = localNameOf(previous);
  if (name === 'br' || name === 'script' || name === 'style' || name === 'template') return undefined;
  if (isSkipped(previous)) return nameless(previous);
  const text = visibleText(previous);
  if (text === '') return nameless(previous);
  if (isLabelText(text)) {
    // Words with a field behind them in one element are about that field.
    const isOther = (level > 0 && HEADINGS.has(name)) || holdsField(previous);
    return isOther ? { isFree: false } : { label: text, isFree: false };
  }
  const isTwin = localNameOf(element) === name && isValueText(text);
  return isTwin ? undefined : { isFree: false };
}

function holdsField(element: Element): boolean {
  return Element.prototype.querySelector.call(element, WRITTEN_FIELDS) !== null;
}

// Without text: an icon may have a name, and a field takes the words before it for itself.
function nameless(previous: Element): { label?: string; isFree: boolean } | undefined {
  const isField =
    Element.prototype.matches.call(previous, FIELDS) || Element.prototype.querySelector.call(previous, FIELDS) !== null;
  if (isField) return { isFree: false };
  const name = nameIn(accessibleName(previous) ?? '');
  return name === undefined ? undefined : { label: name, isFree: false };
}
