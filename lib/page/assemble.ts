// Block → runs of text: what stands on one line of thought for a reader, joined over inline elements, with the way back
// to the text nodes. Breaks where a reader sees a break (block, cell, `br`, footnote digit): joining too much makes a
// wrong number, which is worse than missing one. Reads the page, never changes it.
import {
  firstChildOf,
  isConnected,
  isElement,
  isText,
  localNameOf,
  nextSiblingOf,
  parentOf,
  previousElementOf,
  textIn,
} from './dom.ts';

/** A stretch of one text node inside a run. */
interface Piece {
  node: Text;
  nodeStart: number;
  runStart: number;
  length: number;
}

/** Text as a reader sees it, and where it comes from. `before` is the label in front of it, if there is a short one. */
export interface Run {
  text: string;
  pieces: readonly Piece[];
  before?: string;
}

/** How an element takes part in a line: it continues it, breaks it, or does not show at all. */
export type Flow = 'inline' | 'block' | 'hidden';

// Text nodes longer than this are not read: a megabyte of digits takes seconds to paint.
const MAX_NODE_LENGTH = 100_000;
const MAX_LABEL_LENGTH = 40;

// Elements whose text is not for calling, or not text: they break the line and are not entered.
const SKIPPED = new Set(
  (
    'script style noscript template textarea select option input code time kbd samp svg math iframe object embed canvas ' +
    'video audio picture img map head title meta link datalist progress meter sup sub br hr'
  ).split(' '),
);
const FIELDS = new Set(['input', 'select', 'textarea']);
const BLOCK_TAGS = new Set(
  (
    'html body div p td th tr table thead tbody tfoot caption ul ol li dl dt dd pre blockquote section article header ' +
    'footer main nav aside address figure figcaption form fieldset legend h1 h2 h3 h4 h5 h6 hgroup details summary dialog'
  ).split(' '),
);

/** Whether the text of elements with this name is left alone, with all that is inside. */
export function isSkipped(element: Element): boolean {
  return SKIPPED.has(localNameOf(element));
}

/**
 * How an element takes part in its line. Names decide the usual cases without asking for a style; custom elements and
 * whatever is laid out as a box of its own (a badge as inline-block) break the line.
 */
export function flowOf(element: Element): Flow {
  const name = localNameOf(element);
  if (BLOCK_TAGS.has(name) || name.includes('-')) return 'block';
  const { display, visibility } = getComputedStyle(element);
  if (display === 'none' || visibility === 'hidden' || visibility === 'collapse') return 'hidden';
  return display === 'inline' || display === 'contents' || display === '' ? 'inline' : 'block';
}

/** What a line belongs to: an element, or a shadow root for what stands directly in it. */
export type BlockNode = Element | ShadowRoot;

/** The block of a text node's or an inline element's line: the nearest ancestor that does not merely continue it. */
export function blockOf(node: Node, flow: (element: Element) => Flow): BlockNode | undefined {
  for (let parent = parentOf(node); parent; parent = parentOf(parent)) {
    if (parent instanceof ShadowRoot) return parent;
    if (!isElement(parent)) return undefined;
    if (flow(parent) === 'block') return parent;
  }
  return undefined;
}

/** The runs of a block: of its own lines, not of blocks inside it. Text directly in a shadow root comes by `root`. */
export function assemble(block: BlockNode, flow: (element: Element) => Flow): Run[] {
  const builder = createRunBuilder(keepsNewlines(block));
  addChildren(block, builder, flow);
  const runs = builder.finish();
  const first = runs[0];
  const label = first && !(block instanceof ShadowRoot) ? labelOf(block) : undefined;
  if (first && label !== undefined) runs[0] = { ...first, before: label };
  return runs;
}

/** Where an offset of a run stands in the page. `end` takes the text before the offset, so that no empty node is met. */
export function pointAt(run: Run, offset: number, side: 'start' | 'end'): { node: Text; offset: number } | undefined {
  const piece = run.pieces.find(({ runStart, length }) =>
    side === 'start'
      ? offset >= runStart && offset < runStart + length
      : offset > runStart && offset <= runStart + length,
  );
  return piece && { node: piece.node, offset: piece.nodeStart + (offset - piece.runStart) };
}

/** Whether the page still shows this run as it was read. */
export function isUnchanged({ text, pieces }: Run): boolean {
  return pieces.every(({ node, nodeStart, runStart, length }) => {
    const now = node.data.slice(nodeStart, nodeStart + length).replace(/[\t\n\r\f]/g, ' ');
    return isConnected(node) && now === text.slice(runStart, runStart + length).replace(/[\t\n\r\f]/g, ' ');
  });
}

/** The offset in a run of a point in the page, or undefined where the run does not hold it. */
export function offsetIn(run: Run, node: Text, nodeOffset: number): number | undefined {
  const piece = run.pieces.find(
    (one) => one.node === node && nodeOffset >= one.nodeStart && nodeOffset <= one.nodeStart + one.length,
  );
  return piece && piece.runStart + (nodeOffset - piece.nodeStart);
}

interface RunBuilder {
  text(node: Text): void;
  break(): void;
  /** A field for input: the label in front of it is its own, and none of the next run. */
  field(): void;
  finish(): Run[];
}

function createRunBuilder(isPreformatted: boolean): RunBuilder {
  const runs: Run[] = [];
  let text = '';
  let pieces: Piece[] = [];
  // How many runs stand before the last field.
  let beforeField = 0;
  const add = (node: Text, nodeStart: number, part: string) => {
    pieces.push({ node, nodeStart, runStart: text.length, length: part.length });
    text += part;
  };
  const endRun = () => {
    if (text.trim() !== '') {
      const previous = runs.length > beforeField ? runs.at(-1)?.text.trim() : undefined;
      runs.push(previous && isLabel(previous) ? { text, pieces, before: previous } : { text, pieces });
    }
    text = '';
    pieces = [];
  };
  return {
    text(node) {
      if (node.data.length > MAX_NODE_LENGTH) return endRun();
      if (isPreformatted) return add(node, 0, node.data);
      // White space collapses as it does on the screen, also over the borders of elements.
      for (const match of node.data.matchAll(/[ \t\n\r\f]+|[^ \t\n\r\f]+/g)) {
        if (!/^[ \t\n\r\f]/.test(match[0])) add(node, match.index, match[0]);
        else if (!text.endsWith(' ')) add(node, match.index, ' ');
      }
    },
    break: endRun,
    field() {
      endRun();
      beforeField = runs.length;
    },
    finish() {
      endRun();
      return runs;
    },
  };
}

function addChildren(parent: Node, builder: RunBuilder, flow: (element: Element) => Flow): void {
  for (let child = firstChildOf(parent); child; child = nextSiblingOf(child)) {
    if (isText(child)) builder.text(child);
    else if (isElement(child)) addElement(child, builder, flow);
  }
}

function addElement(element: Element, builder: RunBuilder, flow: (element: Element) => Flow): void {
  if (localNameOf(element) === 'wbr') return;
  if (FIELDS.has(localNameOf(element))) return builder.field();
  const kind = isSkipped(element) ? 'block' : flow(element);
  if (kind === 'block') builder.break();
  else if (kind === 'inline') addChildren(element, builder, flow);
}

function keepsNewlines(block: BlockNode): boolean {
  return /pre|break-spaces/.test(getComputedStyle(block instanceof ShadowRoot ? block.host : block).whiteSpace);
}

// The label in front of a block: the column's header, the label cell, the `dt`, a short line right before it.
function labelOf(block: Element): string | undefined {
  const header = localNameOf(block) === 'td' ? columnHeader(block) : undefined;
  if (header !== undefined) return header;
  const previous = previousElementOf(block);
  return previous && !isSkipped(previous) ? shortText(previous) : undefined;
}

function columnHeader(cell: Element): string | undefined {
  const table = cell.closest('table');
  const index = cell instanceof HTMLTableCellElement ? cell.cellIndex : -1;
  const header = table?.querySelector(':scope > thead > tr:last-child')?.children[index];
  return header && shortText(header);
}

function shortText(element: Element): string | undefined {
  const text = textIn(element, 2 * MAX_LABEL_LENGTH);
  return isLabel(text) ? text : undefined;
}

function isLabel(text: string): boolean {
  return text.length > 0 && text.length <= MAX_LABEL_LENGTH && !/\d/.test(text);
}
