// Tables that came as text: what the head of a column, or the cell in front, says of a cell that holds digits. Looks only
// where digits stand at the beginning of a cell; nothing is said about text whose lines do not have the same cells.
import type { Place } from './candidate.ts';
import { codeAt, isDigit, isLetter } from './characters.ts';
import { type Evidence, evidenceBefore, NO_EVIDENCE } from './evidence.ts';
import type { Words } from './words.ts';

const REACH = 240;
const NEWLINE = 0x0a;
const TAB = 0x09;
const BAR = 0x7c;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const COLON = 0x3a;
// A title may stand above the head.
const MAX_LINES_ABOVE = 3;
const NONE = null;
const LONGEST_HEAD = 40;
// Signs between the edge of a cell and its digits.
const MAX_EDGE = 3;

interface Cell {
  separator: number;
  /** How many separators stand before the cell, and in its whole line. */
  column: number;
  columns: number;
  lineStart: number;
  /** Behind the separator in front of the cell. */
  start: number;
}

/** What the table says of the cell that begins at `offset`; undefined where no table is or says nothing. */
export function tableEvidence(place: Place, offset: number): Evidence | undefined {
  const { text, words } = place;
  const cell = cellAt(place, offset);
  if (!cell) return undefined;
  const front = cell.separator === TAB ? labelInFront(text, cell) : '';
  if (front !== '') return evidenceBefore(front, front.length, words);
  const { separator, column, columns } = cell;
  // All rows share their heads.
  const key = (separator * REACH + columns) * REACH + column;
  if (place.heads?.has(key)) return place.heads.get(key);
  const head = place.headless?.has(key) ? NONE : headOf(text, cell);
  if (head === NONE) {
    place.headless ??= new Set();
    place.headless.add(key);
  } else if (head !== undefined) {
    const said = headEvidence(head, words);
    place.heads ??= new Map();
    place.heads.set(key, said);
    return said;
  }
  return separator === TAB || separator === BAR ? frontEvidence(text, cell, words) : undefined;
}

// The cell, if nothing but quotes and spaces stands between its edge and `offset`.
function cellAt(place: Place, offset: number): Cell | undefined {
  const { text } = place;
  let at = offset - 1;
  while (at >= 0 && offset - at <= MAX_EDGE && isEdge(codeAt(text, at))) at -= 1;
  const sign = codeAt(text, at);
  if (at >= 0 && sign !== NEWLINE && !isSeparator(sign)) return undefined;
  const separator = isSeparator(sign) ? sign : separatorBehind(text, offset);
  if (separator === 0) return undefined;
  place.firstLineEnd ??= text.indexOf('\n');
  const isFirstLine = place.firstLineEnd < 0 || offset < place.firstLineEnd;
  if (isFirstLine && separator !== TAB && separator !== BAR) return undefined;
  const low = Math.max(0, offset - REACH);
  let lineStart = at + 1;
  let column = 0;
  while (lineStart > low && codeAt(text, lineStart - 1) !== NEWLINE) {
    lineStart -= 1;
    if (codeAt(text, lineStart) === separator) column += 1;
  }
  if (lineStart > 0 && codeAt(text, lineStart - 1) !== NEWLINE) return undefined;
  const columns = countInLine(text, lineStart, separator);
  return columns < 1 ? undefined : { separator, column, columns, lineStart, start: at + 1 };
}

function isEdge(code: number): boolean {
  return code === 0x20 || code === 0x22 || code === 0x27;
}

function isSeparator(code: number): boolean {
  return code === TAB || code === SEMICOLON || code === BAR || code === COMMA;
}

// What ends the first cell of a line.
function separatorBehind(text: string, offset: number): number {
  for (let at = offset; at < text.length && at - offset < LONGEST_HEAD; at += 1) {
    const code = codeAt(text, at);
    if (isSeparator(code)) return code;
    if (code === NEWLINE || isLetter(code)) return 0;
  }
  return 0;
}

// The separators of a line; -1 if the line is longer than anybody's table.
function countInLine(text: string, from: number, separator: number): number {
  let count = 0;
  for (let at = from; at < text.length; at += 1) {
    const code = codeAt(text, at);
    if (code === NEWLINE) return count;
    if (code === separator) count += 1;
    if (at - from > REACH) return -1;
  }
  return count;
}

// The head of the cell's column: in the first line with as many cells, which holds words and no long digits. `NONE` where
// cells further down have none either.
function headOf(text: string, { separator, column, columns, lineStart }: Cell): string | typeof NONE | undefined {
  let start = 0;
  for (let line = 0; line < MAX_LINES_ABOVE && start < lineStart; line += 1) {
    const count = countInLine(text, start, separator);
    if (count < 0) return NONE;
    const end = text.indexOf('\n', start);
    if (count === columns) {
      const head = text.slice(start, end).split(String.fromCharCode(separator))[column]?.trim() ?? '';
      const isHead = head.length <= LONGEST_HEAD && !/\d{3}/.test(text.slice(start, end));
      return isHead ? head.replace(/^["']+|["'\d ]+$/g, '') : NONE;
    }
    start = end + 1;
  }
  return start < lineStart ? NONE : undefined;
}

// A head speaks more firmly than a word in a sentence does; one that we do not know is no phone's.
function headEvidence(head: string, words: () => Words): Evidence | undefined {
  if (head === '') return undefined;
  const said = evidenceBefore(head, head.length, words);
  if (said.kind === 'negative') {
    return said.isTopic ? { ...said, kind: 'phone', distance: 0 } : { ...said, isNumbered: true, distance: 0 };
  }
  return said.kind === 'none' ? { ...NO_EVIDENCE, isAfterCode: true, stop: 'cell' } : { ...said, distance: 0 };
}

// `Tel.:\t030 …`: a label that only its tab divides from the digits.
function labelInFront(text: string, { lineStart, start }: Cell): string {
  let end = start;
  while (end > lineStart && codeAt(text, end - 1) <= 0x20) end -= 1;
  if (end === lineStart || codeAt(text, end - 1) !== COLON) return '';
  return text.slice(Math.max(lineStart, end - LONGEST_HEAD), end);
}

// `Telefon | 030 …`: a line of two cells, the first of which names the second.
function frontEvidence(text: string, { separator, column, columns, lineStart, start }: Cell, words: () => Words) {
  const isFramed = separator === BAR && codeAt(text, lineStart) === BAR;
  if (column !== (isFramed ? 2 : 1) || columns > (isFramed ? 3 : 1)) return undefined;
  const front = text.slice(lineStart + (isFramed ? 1 : 0), start - 1).trim();
  if (front.length > LONGEST_HEAD || front === '' || isDigit(codeAt(front, front.length - 1))) return undefined;
  const said = evidenceBefore(front, front.length, words);
  if (said.kind === 'none' || said.kind === 'hint') return undefined;
  return said.kind === 'negative' ? { ...said, isNumbered: true } : said;
}
