// Rows of text as CSV (RFC 4180) for spreadsheets. Cells come from callers and colleagues: none may become a formula,
// neither in a program that reads the separator as it is written nor in one that takes another character for it.
// Written here, since libraries look at the beginning of a cell only, and would put a quote before every `+49 30 …`.

/** `;` where a comma stands in decimal numbers, since spreadsheets of such regions take it for the separator. */
export type CsvSeparator = ',' | ';';

// What a cell, or what a wrong separator makes a cell of, begins with when a spreadsheet takes it for a formula. Full-width
// forms count, too; blanks before it do not help.
const FORMULA = /(^|[,;\t\r\n|"])(\s{0,8})(?=[=+\-@＝＋－＠])/g;
const TELEPHONE = /^\+[0-9][0-9 ]*$/;
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/**
 * One row with its line end. What could be a formula gets an apostrophe before it, as spreadsheets mark text; a telephone
 * number in international form stays as it is: digits and blanks behind a plus compute nothing.
 */
export function csvRow(cells: readonly string[], separator: CsvSeparator): string {
  return `${cells.map(cellOf).join(separator)}\r\n`;
}

/** The separator that spreadsheets of a region expect; `locale` as in `navigator.language`. */
export function csvSeparatorOf(locale: string): CsvSeparator {
  const decimal = new Intl.NumberFormat(locale).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value;
  // Switzerland and Liechtenstein write a decimal point and lists with a semicolon.
  return decimal === ',' || /-(?:CH|LI)$/.test(locale) ? ';' : ',';
}

function cellOf(text: string): string {
  // NUL ends a cell in some programs; it is no text anyway.
  const clean = text.replaceAll('\0', '');
  const safe = TELEPHONE.test(clean) ? clean : clean.replace(FORMULA, "$1$2'");
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
