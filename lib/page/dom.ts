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
/** `node.previousSibling`, unclobbered. */
export const previousSiblingOf: Getter<Node | null> = getter(Node.prototype, 'previousSibling');
/** `node.isConnected`, unclobbered. */
export const isConnected: Getter<boolean> = getter(Node.prototype, 'isConnected');
/** `element.localName`, unclobbered. */
export const localNameOf: Getter<string> = getter(Element.prototype, 'localName');
/** `element.previousElementSibling`, unclobbered. */
export const previousElementOf: Getter<Element | null> = getter(Element.prototype, 'previousElementSibling');
/** `element.nextElementSibling`, unclobbered. */
export const nextElementOf: Getter<Element | null> = getter(Element.prototype, 'nextElementSibling');
/** `element.firstElementChild`, unclobbered. */
export const firstElementOf: Getter<Element | null> = getter(Element.prototype, 'firstElementChild');
/** `element.lastElementChild`, unclobbered. */
export const lastElementOf: Getter<Element | null> = getter(Element.prototype, 'lastElementChild');
/** `node.ownerDocument`, unclobbered; null for a document itself. */
const ownerOf: Getter<Document | null> = getter(Node.prototype, 'ownerDocument');
/** `document.documentElement`, unclobbered. */
export function rootElementOf(document: Document): Element | null {
  return getter<Element | null>(Document.prototype, 'documentElement')(document);
}

/** `document.defaultView`, unclobbered. */
export function viewOf(document: Document): (Window & typeof globalThis) | null {
  return getter<(Window & typeof globalThis) | null>(Document.prototype, 'defaultView')(document);
}

/** The element or root that a node stands in, over the borders of shadow roots. */
export function composedParentOf(node: Node): Node | null {
  if (node instanceof ShadowRoot) return node.host;
  const slot = isElement(node) ? node.assignedSlot : null;
  // A form may have a field of that name.
  return slot instanceof HTMLSlotElement ? slot : parentOf(node);
}

/** `element.getAttribute(name)`, unclobbered; an empty one counts as none. */
export function attributeOf(element: Element, name: string): string | undefined {
  return Element.prototype.getAttribute.call(element, name) || undefined;
}

/** `element.closest(selector)`, unclobbered. */
export function closestOf(element: Element, selector: string): Element | null {
  return Element.prototype.closest.call(element, selector);
}

/** The first element children, as many as asked for. */
export function childrenOf(element: Element, most: number): Element[] {
  const children: Element[] = [];
  for (let child = firstElementOf(element); child && children.length < most; child = nextElementOf(child)) {
    children.push(child);
  }
  return children;
}

/** The document that a node belongs to; a document is its own. */
export function documentOf(node: Node): Document {
  // Nothing else has no owner.
  return ownerOf(node) ?? (node as Document);
}

const nodeType: Getter<number> = getter(Node.prototype, 'nodeType');

/** Whether a node is an element. */
export function isElement(node: Node | null): node is Element {
  return node !== null && nodeType(node) === 1;
}

/** Whether a node is a text node. */
export function isText(node: Node | null): node is Text {
  return node !== null && nodeType(node) === 3;
}

/** The text inside a node with its white space collapsed, read no further than about `maxLength` characters. */
export function textIn(node: Node, maxLength: number): string {
  const parts: string[] = [];
  let length = 0;
  const collect = (parent: Node) => {
    for (let child = firstChildOf(parent); child && length <= maxLength; child = nextSiblingOf(child)) {
      if (!isText(child)) collect(child);
      else {
        const part = child.data.slice(0, 4 * maxLength).replace(/\s+/g, ' ');
        parts.push(part);
        length += part.length;
      }
    }
  };
  collect(node);
  return parts.join('').replace(/ +/g, ' ').trim();
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

/** The element that has the focus, in whatever shadow root it is; undefined where none of the page's elements has it. */
export function activeElementIn(
  document: Document,
  openShadowRoot: (element: Element) => ShadowRoot | null,
): Element | undefined {
  let active = getter<Element | null>(Document.prototype, 'activeElement')(document);
  if (active && (localNameOf(active) === 'body' || active === rootElementOf(document))) return undefined;
  for (let root = active && openShadowRoot(active); root?.activeElement; root = openShadowRoot(root.activeElement)) {
    active = root.activeElement;
  }
  return active ?? undefined;
}
