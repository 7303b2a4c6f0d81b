// Reading a page's DOM through the prototypes' own getters: a form's or document's named children shadow its properties
// (`form.parentNode` may be an input), in isolated worlds too. Must never read such a property straight from an element
// of the page while climbing or walking.

type Getter<Value> = (target: object) => Value;

function getter<Value>(prototype: object, name: string): Getter<Value> {
  const read = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  if (!read) throw new Error(`no getter ${name}`);
  // The platform declares what each of these getters returns; TypeScript cannot follow a descriptor.
  return (target) => read.call(target) as Value;
}

/** `node.parentNode`, unclobbered. */
export const parentOf: Getter<Node | null> = getter(Node.prototype, 'parentNode');
/** `node.firstChild`, unclobbered. */
export const firstChildOf: Getter<Node | null> = getter(Node.prototype, 'firstChild');
/** `node.nextSibling`, unclobbered. */
export const nextSiblingOf: Getter<Node | null> = getter(Node.prototype, 'nextSibling');
/** `node.isConnected`, unclobbered. */
export const isConnected: Getter<boolean> = getter(Node.prototype, 'isConnected');
/** `node.textContent`, unclobbered. */
export const textOf: Getter<string | null> = getter(Node.prototype, 'textContent');
/** `element.localName`, unclobbered. */
export const localNameOf: Getter<string> = getter(Element.prototype, 'localName');
/** `element.previousElementSibling`, unclobbered. */
export const previousElementOf: Getter<Element | null> = getter(Element.prototype, 'previousElementSibling');
/** `document.documentElement`, unclobbered. */
export const documentElementOf: Getter<Element | null> = getter(Document.prototype, 'documentElement');
/** `document.defaultView`, unclobbered. */
export const viewOf: Getter<(Window & typeof globalThis) | null> = getter(Document.prototype, 'defaultView');

const nodeType: Getter<number> = getter(Node.prototype, 'nodeType');

/** Whether a node is an element. */
export function isElement(node: Node | null): node is Element {
  return node !== null && nodeType(node) === 1;
}

/** Whether a node is a text node. */
export function isText(node: Node | null): node is Text {
  return node !== null && nodeType(node) === 3;
}

/** The element around a node; out of a shadow tree it is the host. */
export function elementAround(node: Node): Element | null {
  const parent = parentOf(node);
  if (isElement(parent)) return parent;
  return parent instanceof ShadowRoot ? parent.host : null;
}

/** `element.getBoundingClientRect()`, unclobbered. */
export function rectOf(element: Element): DOMRect {
  return Element.prototype.getBoundingClientRect.call(element);
}

/** A live range over text, made without touching the page's tree. */
export function rangeOver(
  document: Document,
  { startContainer, startOffset, endContainer, endOffset }: StaticRange,
): Range {
  const range = Document.prototype.createRange.call(document);
  range.setStart(startContainer, startOffset);
  range.setEnd(endContainer, endOffset);
  return range;
}
