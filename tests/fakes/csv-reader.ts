// Reads CSV as another program would: an independent parser, strict about quotes, for what we write.
import { parse } from 'csv-parse/sync';

/** Every row, cell by cell. Throws for what is no CSV. */
export function readRows(text: string, separator: string): string[][] {
  return parse(text, { delimiter: separator, bom: true, record_delimiter: '\r\n', relax_column_count: true });
}
