// Block → runs of text: what stands on one line of thought for a reader, joined over inline elements, with the way back
// to the text nodes. Breaks where a reader sees a break (block, cell, `br`, footnote digit): joining too much makes a
// wrong number, which is worse than missing one. Reads the page, never changes it.
import {
  attributeOf,
  composedParentOf,
  firstChildOf,
  isConnected,
  isElement,
  isText,
  localNameOf,
  nextSiblingOf,
  parentOf,
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

/**
 * How an element takes part in a line: it continues it, breaks it, does not show at all, or stands `apart`, a block of its
 * own that leaves the line as it is (a tooltip, words for screen readers).
 */
export type Flow = 'inline' | 'block' | 'hidden' | 'apart';

// Text nodes longer than this are not read: a megabyte of digits takes seconds to paint.
const MAX_NODE_LENGTH = 100_000;
const HAS_DIGIT = /\p{Nd}/u;
const MAX_LABEL_LENGTH = 40;
// Fields of these kinds take no words for themselves that stand before them in a line.
const TICKED = /^(?:checkbox|radio|button|submit|reset|image|hidden)$/i;

// Elements whose text is not for calling, or not text: they break the line and are not entered.
const SKIPPED = new Set(
  (
    'script style noscript template textarea select option input code time kbd samp math iframe object embed canvas ' +
    'video audio picture img map head title meta link datalist progress meter sup sub br hr ' +
    'defs symbol clipPath mask pattern marker desc metadata'
  ).split(' '),
);
const CELL_ROLES = new Set(['gridcell', 'cell', 'columnheader', 'rowheader']);
const PLACES = ['x', 'y', 'dx', 'dy'];
const FIELDS = new Set(['input', 'select', 'textarea']);
const BLOCK_TAGS = new Set(
  (
    'html body div p td th tr table thead tbody tfoot caption ul ol li dl dt dd pre blockquote section article header ' +
    'footer main nav aside address figure figcaption form fieldset legend h1 h2 h3 h4 h5 h6 hgroup details summary dialog ' +
    'svg text foreignObject'
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
  if (CELL_ROLES.has(attributeOf(element, 'role') ?? '')) return 'block';
  // A part of a drawing's text that has a place of its own.
  if (name === 'tspan' && PLACES.some((place) => attributeOf(element, place) !== undefined)) return 'block';
  const { display, visibility, position } = getComputedStyle(element);
  if (display === 'none' || (isHiddenBy(visibility) && isShownAround(element))) return 'hidden';
  if (position === 'absolute' || position === 'fixed') return 'apart';
  return display === 'inline' || display === 'contents' || display === '' ? 'inline' : 'block';
}

// A line that is hidden as a whole is read as one: it may be shown by a style alone, which nobody tells.
function isShownAround(element: Element): boolean {
  const parent = composedParentOf(element);
  const around = parent instanceof ShadowRoot ? parent.host : parent;
  return !isElement(around) || !isHiddenBy(getComputedStyle(around).visibility);
}

function isHiddenBy(visibility: string): boolean {
  return visibility === 'hidden' || visibility === 'collapse';
}

/** What a line belongs to: an element, or a shadow root for what stands directly in it. */
export type BlockNode = Element | ShadowRoot;

/** The block of a text node's or an inline element's line: the nearest ancestor that does not merely continue it. */
export function blockOf(node: Node, flow: (element: Element) => Flow): BlockNode | undefined {
  for (let parent = parentOf(node); parent; parent = parentOf(parent)) {
    if (parent instanceof ShadowRoot) return parent;
    if (!isElement(parent)) return undefined;
    const kind = flow(parent);
    if (kind === 'block' || kind === 'apart') return parent;
  }
  return undefined;
}

/** The words in front of a block, for all of its lines or for the first one; see labels.ts. */
export type LabelOf = (block: BlockNode) => { text: string; reach: 'block' | 'line' } | undefined;

/** How a block is read: how each element takes part in a line, and which words stand in front of the block. */
export interface BlockReading {
  flow: (element: Element) => Flow;
  labelOf: LabelOf;
}

/** The runs of a block: of its own lines, not of blocks inside it. Text directly in a shadow root comes by `root`. */
export function assemble(block: BlockNode, { flow, labelOf }: BlockReading): Run[] {
  const builder = createRunBuilder(keepsNewlines(block));
  addChildren(block, builder, flow);
  const { runs, afterField } = builder.finish();
  const hasDigits = runs.some(({ text }) => HAS_DIGIT.test(text));
  const label = hasDigits ? labelOf(block) : undefined;
  if (!label) return runs;
  return runs.map((run, index) => {
    const isReached = index === 0 ? afterField > 0 : label.reach === 'block' && index < afterField;
    if (!isReached) return run;
    return { ...run, before: run.before === undefined ? label.text : `${label.text}: ${run.before}` };
  });
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
  /** `afterField`: the index of the first run behind a field, beyond the last one where there is none. */
  finish(): { runs: Run[]; afterField: number };
}

function createRunBuilder(isPreformatted: boolean): RunBuilder {
  const runs: Run[] = [];
  let text = '';
  let pieces: Piece[] = [];
  // How many runs stand before the first and the last field.
  let firstField: number | undefined;
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
      firstField ??= runs.length;
    },
    finish() {
      endRun();
      return { runs, afterField: firstField ?? runs.length };
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
  if (FIELDS.has(localNameOf(element))) return isTicked(element) ? builder.break() : builder.field();
  const kind = isSkipped(element) ? 'block' : flow(element);
  if (kind === 'block') builder.break();
  else if (kind === 'inline') addChildren(element, builder, flow);
}

function isTicked(field: Element): boolean {
  return TICKED.test(attributeOf(field, 'type') ?? '');
}

function isLabel(text: string): boolean {
  return text.length <= MAX_LABEL_LENGTH && !HAS_DIGIT.test(text);
}

function keepsNewlines(block: BlockNode): boolean {
  return /pre|break-spaces/.test(getComputedStyle(block instanceof ShadowRoot ? block.host : block).whiteSpace);
}
