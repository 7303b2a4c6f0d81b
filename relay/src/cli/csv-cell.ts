// A text as a cell of a CSV file that people open in a spreadsheet. Names, notes and records come from outside: none of them
// may compute anything there.

/**
 * The cell, quoted where it must be. What a spreadsheet would compute has an apostrophe before it, also where it takes another
 * character for the separator, and in full-width forms. A number with its plus is none of that.
 */
export function csvCell(text: string): string {
  const isNumber = /^\+[0-9]+$/.test(text);
  const safe = isNumber ? text : text.replace(/(^|[,;\t\r\n|"])(\s{0,8})(?=[=+\-@＝＋－＠])/g, "$1$2'");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
