// Fields of a page that somebody types into: which they are, what they are for, and what they hold or what is selected in
// them. Never reads a password, never writes.
import { activeElementIn, attributeOf, rectOf } from './dom.ts';
import { namedBy, nameIn } from './label-text.ts';
import type { Box } from './place.ts';

export type Field = HTMLInputElement | HTMLTextAreaElement;

const TEXT_TYPES = new Set(['text', 'tel', 'search', 'url', 'email', 'number', '']);

/** Whether the element is a field whose text can be read. */
export function isField(element: Element | undefined): element is Field {
  if (element instanceof HTMLTextAreaElement) return true;
  return element instanceof HTMLInputElement && TEXT_TYPES.has(element.type);
}

/** Whether somebody types into this element: a field, passwords too, or a page's own editor. */
export function isEditable(element: Element | undefined): boolean {
  if (isField(element) || element instanceof HTMLSelectElement) return true;
  if (element instanceof HTMLInputElement) {
    return !['button', 'checkbox', 'radio', 'submit', 'reset', 'image', 'file', 'range', 'color'].includes(
      element.type,
    );
  }
  return element instanceof HTMLElement && element.isContentEditable;
}

/** The selected part of a field, if there is one. */
export function selectedIn(field: Field): string | undefined {
  const { selectionStart, selectionEnd, value } = field;
  if (selectionStart === null || selectionEnd === null || selectionStart === selectionEnd) return undefined;
  return value.slice(selectionStart, selectionEnd);
}

/** The field that has the focus. */
export function focusedField(
  document: Document,
  openShadowRoot: (element: Element) => ShadowRoot | null,
): Field | undefined {
  const active = activeElementIn(document, openShadowRoot);
  return isField(active) ? active : undefined;
}

/** Where a field stands in the window; nothing if it is not drawn. */
export function boxesOfElement(element: Element): Box[] {
  const { left, top, right, bottom, width, height } = rectOf(element);
  return width > 0 && height > 0 ? [{ left, top, right, bottom }] : [];
}

/**
 * What the page says that a field is for, `'Tel: Private'`; `around` answers what stands in front of it. An input for
 * phone numbers may hold others (it brings up the digits on a screen), so that its label has the last word.
 */
export function fieldLabel(field: Field, around: (field: Field) => string): string {
  const label = field.labels?.[0];
  const said =
    (label && namedBy(label)) ||
    around(field) ||
    (nameIn(attributeOf(field, 'placeholder') ?? '') ??
      nameIn(attributeOf(field, 'title') ?? '') ??
      nameIn(wordsOf(attributeOf(field, 'name') ?? attributeOf(field, 'id') ?? '')));
  if (/(?:^|\s)tel(?:-national)?$/i.test(attributeOf(field, 'autocomplete') ?? ''))
    return said ? `${said}: Tel` : 'Tel';
  if (field.type !== 'tel') return said ?? '';
  return said ? `Tel: ${said}` : 'Tel';
}

// `customer[phoneNumber]` → "customer phone Number"; what a program calls `f17` says nothing.
function wordsOf(name: string): string {
  const words = name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').split(/[^\p{L}]+/u);
  return words.filter((word) => word.length > 2).join(' ');
}
