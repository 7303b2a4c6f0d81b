// The headers of tables and grids: which words stand above a cell, and which beside it. Each head is read once for all
// its rows, so that a long table costs no more per cell than a short one; any change of the page makes it be read again.
// Reads the page, never changes it.
import {
  attributeOf,
  childrenOf,
  closestOf,
  documentOf,
  firstElementOf,
  isElement,
  localNameOf,
  nextElementOf,
  parentOf,
  previousElementOf,
} from './dom.ts';
import { isLabelText, namedBy, nameIn, visibleText } from './label-text.ts';

export interface Columns {
  /** The words for a cell, outermost first (`['Contact: Phone']`, `['Fax', 'Work']`); undefined where it is no cell. */
  labelsOf(cell: Element): readonly string[] | undefined;
  /** The words above a part of a row in a list that only looks like a table: rows of the same make under a row of words. */
  labelInRow(part: Element): string | undefined;
  /** The page has changed. */
  forget(): void;
  /** The table or grid around a changed header if it reads otherwise than before; its cells are to be read anew. */
  changedTable(inHeader: Element): Element | undefined;
}

/** A head: the words of each column, from 0 on, and for grids by `aria-colindex`. */
interface Head {
  epoch: number;
  columns: readonly string[];
  byIndex: ReadonlyMap<string, string>;
  /** `guess`: a first row of plain cells that reads like one. */
  kind: 'head' | 'guess' | 'none';
}

/** What the first row of a list says, by the number of its parts. */
interface Lookalike {
  epoch: number;
  byCount: Map<number, readonly string[]>;
}

interface Row {
  epoch: number;
  row: Element;
  starts: ReadonlyMap<Element, number>;
  label: string | undefined;
}

const MAX_COLUMNS = 200;
const MAX_HEAD_ROWS = 4;
const MAX_HEAD_NODES = 1_500;
const MAX_ROWS_BACK = 8;
const FEWEST_GUESSED = 3;
const GRID = '[role="grid"],[role="treegrid"],[role="table"]';
const CELL_ROLES = new Set(['gridcell', 'cell']);

/** The heads of one document. */
export function createColumns(): Columns {
  let epoch = 0;
  let lastRow: Row | undefined;
  const heads = new WeakMap<Element, Head>();
  const lookalikes = new WeakMap<Element, Lookalike>();
  let rowOfParts: { epoch: number; row: Element; parts: readonly Element[] } | undefined;
  // Containers of whole lists are met again and again on the way up.
  const wide = new WeakSet<Element>();
  const partsOf = (row: Element): readonly Element[] => {
    if (wide.has(row)) return [];
    if (rowOfParts?.row !== row || rowOfParts.epoch !== epoch) {
      rowOfParts = { epoch, row, parts: childrenOf(row, MAX_COLUMNS + 1) };
      if (rowOfParts.parts.length > MAX_COLUMNS) wide.add(row);
    }
    return rowOfParts.parts;
  };
  const headOf = (table: Element, read: (table: Element) => Omit<Head, 'epoch'>): Head => {
    const known = heads.get(table);
    if (known?.epoch === epoch) return known;
    const head = { epoch, ...read(table) };
    heads.set(table, head);
    return head;
  };
  const rowOf = (row: Element): Row => {
    if (lastRow?.row !== row || lastRow.epoch !== epoch) lastRow = { epoch, row, ...readRow(row) };
    return lastRow;
  };
  const inTable = (cell: Element): readonly string[] => {
    const row = parentOf(cell);
    const table = closestOf(cell, 'table');
    if (!table || !isElement(row)) return [];
    return tableLabels(cell, { head: headOf(table, readTable), row: rowOf(row) });
  };
  return {
    labelsOf(cell) {
      const isTableCell = localNameOf(cell) === 'td';
      if (!isTableCell && !CELL_ROLES.has(attributeOf(cell, 'role') ?? '')) return undefined;
      const named = namedByIds(cell, 'headers');
      if (named.length > 0) return named;
      const labels = isTableCell ? inTable(cell) : [];
      if (labels.length > 0) return labels;
      const grid = closestOf(cell, GRID);
      const label = grid && gridLabel(cell, headOf(grid, isTableCell ? readTable : readGrid));
      return label ? [label] : [];
    },
    labelInRow(part) {
      const row = parentOf(part);
      const list = row && parentOf(row);
      if (!isElement(row) || !isElement(list)) return undefined;
      const parts = partsOf(row);
      const count = parts.length;
      if (count < FEWEST_GUESSED || count > MAX_COLUMNS) return undefined;
      let known = lookalikes.get(list);
      if (known?.epoch !== epoch) {
        known = { epoch, byCount: new Map() };
        lookalikes.set(list, known);
      }
      const words = known.byCount.get(count) ?? readLookalike(list, count);
      known.byCount.set(count, words);
      const label = words.length > 0 ? words[parts.indexOf(part)] : undefined;
      return label === undefined || visibleText(part) === label ? undefined : label;
    },
    forget() {
      epoch += 1;
      // They would keep alive what the page has dropped.
      lastRow = undefined;
      rowOfParts = undefined;
    },
    changedTable(inHeader) {
      const table = closestOf(inHeader, `table,${GRID}`);
      const before = table && heads.get(table);
      if (!table || !before) return undefined;
      epoch += 1;
      const now = headOf(table, localNameOf(table) === 'table' ? readTable : readGrid);
      return now.columns.join('\n') === before.columns.join('\n') ? undefined : table;
    },
  };
}

/** The texts of the elements that an attribute names by their ids. */
export function namedByIds(element: Element, attribute: 'headers' | 'aria-labelledby'): string[] {
  const ids = attributeOf(element, attribute)?.split(/\s+/, 4) ?? [];
  if (ids.length === 0) return [];
  const root = Node.prototype.getRootNode.call(element);
  const owner = documentOf(element);
  return ids.flatMap((id) => {
    const named =
      root instanceof ShadowRoot ? root.getElementById(id) : Document.prototype.getElementById.call(owner, id);
    return (named && named !== element && namedBy(named)) || [];
  });
}

function tableLabels(cell: Element, { head, row }: { head: Head; row: Row }): readonly string[] {
  const start = row.starts.get(cell) ?? 0;
  const isRowLabelled = row.label !== undefined && start > 0;
  const above = head.columns[start];
  if (head.kind === 'head' && above) {
    // With nothing above it the first column holds labels of its own: a person's name has one.
    return isRowLabelled && !head.columns[0] && row.label ? [row.label, above] : [above];
  }
  const beside = besideLabel(cell) ?? (isRowLabelled ? row.label : undefined);
  if (head.kind !== 'guess' || row.starts.size < FEWEST_GUESSED || !above) return beside === undefined ? [] : [beside];
  return beside === undefined || beside === above ? [above] : [above, beside];
}

// `Phone | 030 …`: the cell right before it, where it is words.
function besideLabel(cell: Element): string | undefined {
  const previous = previousElementOf(cell);
  const text = previous && visibleText(previous);
  return previous && text && (localNameOf(previous) === 'th' || isLabelText(text)) ? nameIn(text) : undefined;
}

function readRow(row: Element): Pick<Row, 'starts' | 'label'> {
  const starts = new Map<Element, number>();
  const cells = childrenOf(row, MAX_COLUMNS);
  let at = heldColumns(row);
  for (const cell of cells) {
    starts.set(cell, at);
    at += spanOf(cell, 'colSpan');
  }
  const [first] = cells;
  return { starts, label: first && localNameOf(first) === 'th' ? namedBy(first) : undefined };
}

// First cells of rows above that reach down into this one.
function heldColumns(row: Element): number {
  let above = previousElementOf(row);
  for (let back = 1; above && back <= MAX_ROWS_BACK; back += 1) {
    const first = firstElementOf(above);
    if (first && spanOf(first, 'rowSpan') > back) return spanOf(first, 'colSpan');
    above = previousElementOf(above);
  }
  return 0;
}

function spanOf(cell: Element, span: 'colSpan' | 'rowSpan'): number {
  return cell instanceof HTMLTableCellElement ? Math.min(Math.max(cell[span], 1), MAX_COLUMNS) : 1;
}

function readTable(table: Element): Omit<Head, 'epoch'> {
  const { rows, kind } = headRowsOf(table);
  return { kind, columns: columnTexts(rows), byIndex: new Map() };
}

function headRowsOf(table: Element): { rows: readonly Element[]; kind: Head['kind'] } {
  const parts = childrenOf(table, 8);
  const head = parts.find((part) => localNameOf(part) === 'thead');
  if (head && firstElementOf(head)) return { rows: childrenOf(head, MAX_HEAD_ROWS), kind: 'head' };
  const body = parts.find((part) => localNameOf(part) === 'tbody') ?? table;
  const first = childrenOf(body, MAX_HEAD_ROWS).filter((row) => localNameOf(row) === 'tr');
  const rest = first.findIndex((row) => !isHeadRow(row));
  const heads = rest < 0 ? first : first.slice(0, rest);
  if (heads.length > 0) return { rows: heads, kind: 'head' };
  const [row] = first;
  return row && isRowOfWords(row, childrenOf(row, MAX_COLUMNS).length)
    ? { rows: [row], kind: 'guess' }
    : { rows: [], kind: 'none' };
}

function isHeadRow(row: Element): boolean {
  const cells = childrenOf(row, MAX_COLUMNS);
  const isHead = (cell: Element, at: number) =>
    localNameOf(cell) === 'th' ? attributeOf(cell, 'scope') !== 'row' : at === 0 && visibleText(cell) === '';
  return cells.length > 0 && cells.some((cell) => localNameOf(cell) === 'th') && cells.every(isHead);
}

function isRowOfWords(row: Element, count: number): boolean {
  const cells = childrenOf(row, count + 1);
  if (cells.length !== count || count < FEWEST_GUESSED) return false;
  const texts = cells.map(visibleText);
  const words = texts.filter(isLabelText).length;
  return words >= 2 && texts.every((text) => text === '' || isLabelText(text));
}

// A group's header stands above several columns, and each keeps it: "Contact: Phone".
function columnTexts(rows: readonly Element[]): string[] {
  const parts: string[][] = [];
  const freeFrom: number[] = [];
  for (const [y, row] of rows.entries()) {
    let x = 0;
    for (const cell of childrenOf(row, MAX_COLUMNS)) {
      while ((freeFrom[x] ?? 0) > y) x += 1;
      const text = namedBy(cell);
      const end = Math.min(x + spanOf(cell, 'colSpan'), MAX_COLUMNS);
      for (; x < end; x += 1) {
        freeFrom[x] = y + spanOf(cell, 'rowSpan');
        const column = parts[x] ?? [];
        if (text !== undefined && !column.includes(text)) column.push(text);
        parts[x] = column;
      }
    }
  }
  return Array.from(parts, (column) => column?.join(': ') ?? '');
}

// Grids made of any elements: their headers may stand far from the rows, and columns may be left out.
function readGrid(grid: Element): Omit<Head, 'epoch'> {
  const columns: string[] = [];
  const byIndex = new Map<string, string>();
  const walker = Document.prototype.createTreeWalker.call(documentOf(grid), grid, NodeFilter.SHOW_ELEMENT);
  for (let nodes = 0; nodes < MAX_HEAD_NODES; nodes += 1) {
    const node = walker.nextNode();
    if (!isElement(node)) break;
    const role = attributeOf(node, 'role') ?? '';
    if (CELL_ROLES.has(role)) break;
    if (role !== 'columnheader') continue;
    const text = namedBy(node) ?? '';
    columns.push(text);
    const index = attributeOf(node, 'aria-colindex');
    if (index !== undefined) byIndex.set(index, text);
  }
  return { kind: columns.length > 0 ? 'head' : 'none', columns, byIndex };
}

function gridLabel(cell: Element, { columns, byIndex }: Head): string | undefined {
  const index = attributeOf(cell, 'aria-colindex');
  const named = index === undefined ? undefined : byIndex.get(index);
  if (named !== undefined) return named || undefined;
  let before = 0;
  for (let one = previousElementOf(cell); one && before < MAX_COLUMNS; one = previousElementOf(one)) before += 1;
  return columns[before] || undefined;
}

// The first row of the list, or of a part right before it, that has as many parts and reads like a head.
function readLookalike(list: Element, count: number): readonly string[] {
  const before = previousElementOf(list);
  const first = firstElementOf(list);
  const rows = [first, before, before && firstElementOf(before)];
  for (const row of rows) {
    if (!row || !isRowOfWords(row, count)) continue;
    // A row alone is no head.
    if (row === first && !nextElementOf(row)) continue;
    return childrenOf(row, count).map(visibleText);
  }
  return [];
}
