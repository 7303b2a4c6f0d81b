// Contacts from the rows of a query. Which column is what is guessed from the columns' names, as it is for files.
import { type FieldNames, mappingOf, type Part, partsOf, recordOf } from './fields.ts';
import type { SourceRecord } from './record.ts';
import { ContactsError, type ReadLimits, type ReadOptions } from './source.ts';

/** What a query answered, some rows at a time; every batch has the same columns. */
export interface RowBatch {
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
}

/** The records of a query's rows. Throws ContactsError where no column holds numbers. */
export async function* tableRecords(
  batches: AsyncIterable<RowBatch>,
  { fields, limits, told }: { fields: FieldNames | undefined; limits: ReadLimits; told: ReadOptions },
): AsyncIterable<SourceRecord> {
  let parts: readonly Part[] | undefined;
  let count = 0;
  let length = 0;
  for await (const { columns, rows } of batches) {
    told.signal?.throwIfAborted();
    if (!parts) {
      parts = columnParts(columns, fields, limits);
      told.onMapping?.(mappingOf(parts));
    }
    for (const row of rows) {
      count += 1;
      if (count > limits.maxRows)
        throw new ContactsError(`more than ${limits.maxRows} rows: raise limits.maxRows, or narrow "query"`);
      const texts = row.map((value) => textOf(value).slice(0, limits.maxFieldLength));
      length += texts.reduce((sum, text) => sum + text.length, 0);
      if (length > limits.maxBytes)
        throw new ContactsError(`the rows are larger than ${limits.maxBytes} bytes: raise limits.maxBytes`);
      yield recordOf({ line: count }, parts, {
        of: (place) => [texts[place] ?? ''],
        fieldOf: (place) => columns[place] ?? '',
        get: (name) => texts[columns.indexOf(name)],
      });
    }
  }
}

function columnParts(columns: readonly string[], fields: FieldNames | undefined, { maxFields }: ReadLimits): Part[] {
  if (columns.length > maxFields) throw new ContactsError(`the query answers more than ${maxFields} columns`);
  const parts = partsOf(columns, fields);
  if (parts.some(({ field }) => field === 'number')) return parts;
  throw new ContactsError(
    `no column for telephone numbers among ${columns.join(', ')}: call one phone, mobile or the like ("AS phone"), or name ` +
      'them under "fields"',
  );
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}
