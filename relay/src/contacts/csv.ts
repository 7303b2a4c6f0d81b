// Contacts from a CSV file as CRMs, Outlook and spreadsheets write it: separator, encoding and columns are found out.
// The file is hostile until proven otherwise: sizes are bounded, names are cleaned, addresses must be http(s).
import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { TextDecoder } from 'node:util';
import { type CsvError, parse } from 'csv-parse';
import * as v from 'valibot';
import { type ContactSettings, contactsOf } from './contact-of.ts';
import { delimiterOf } from './csv-header.ts';
import { type FieldNames, mappingOf, type Part, partsOf, recordOf } from './fields.ts';
import type { SourceRecord } from './record.ts';
import { type ContactSource, ContactsError, DEFAULT_LIMITS, type ReadLimits, type ReadOptions } from './source.ts';

/** What a CSV file may be written in. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
type Encoding = (typeof ENCODINGS)[number];

export interface CsvOptions extends ContactSettings, Partial<ReadLimits> {
  file: string;
  /** Else found out. */
  encoding?: Encoding | undefined;
  separator?: string | undefined;
  fields?: FieldNames | undefined;
}

const HEADER_BYTES = 65_536;
// One chunk is worked off in one go: small ones, so that calls are not kept waiting.
const CHUNK_BYTES = 8_192;
// A row may have several long fields, but is never held whole beyond this many of the longest.
const LONG_FIELDS_A_ROW = 4;

/** A contact source over one CSV file, which is read anew at each import. */
export function createCsvSource(options: CsvOptions): ContactSource {
  const whole = { ...DEFAULT_LIMITS, ...options };
  return { read: (readOptions) => contactsOf(recordsOf(whole, readOptions), options, readOptions) };
}

type Whole = CsvOptions & ReadLimits;

interface CsvRow {
  line: number;
  cells: readonly string[];
}

async function* recordsOf(options: Whole, told: ReadOptions): AsyncIterable<SourceRecord> {
  const { file, maxRows } = options;
  const encoding = await encodingOf(options);
  const head = await headOf(options, encoding);
  let parts: readonly Part[] | undefined;
  let count = 0;
  for await (const row of rowsOf(options, { encoding, ...head, signal: told.signal })) {
    if (!parts) {
      parts = headerParts(row, options);
      told.onMapping?.(mappingOf(parts));
      continue;
    }
    count += 1;
    if (count > maxRows) {
      throw new ContactsError(
        `${file}:${row.line}: more than ${maxRows} rows: split the file, or raise limits.maxRows`,
        { line: row.line },
      );
    }
    const { cells } = row;
    checkFields(row, options);
    yield recordOf({ line: row.line }, parts, {
      of: (place) => [cells[place] ?? ''],
      fieldOf: (place) => `column ${place + 1}`,
      get: (title) => cells[parts?.findIndex((part) => part.title === title) ?? -1],
    });
  }
  if (!parts) throw new ContactsError(`${file} is empty: its first line should name the columns`);
}

function checkFields({ line, cells }: CsvRow, { file, maxFields, maxFieldLength }: Whole): void {
  if (cells.length > maxFields) {
    throw new ContactsError(`${file}:${line}: more than ${maxFields} fields: is the separator the right one?`, {
      line,
    });
  }
  const place = cells.findIndex((cell) => cell.length > maxFieldLength);
  if (place < 0) return;
  throw new ContactsError(
    `${file}:${line}: field ${place + 1} is longer than ${maxFieldLength} characters: is a quotation mark left open here?`,
    { line },
  );
}

function headerParts(row: CsvRow, options: Whole): Part[] {
  const { line, cells } = row;
  const { file, fields } = options;
  checkFields(row, options);
  const parts = partsOf(cells, fields);
  if (!parts.some(({ field }) => field === 'number')) {
    throw new ContactsError(
      `${file}:${line}: no column for telephone numbers: the first line should name the columns, one of them ` +
        'Phone, Mobile, Telefon, Mobil or the like, or "fields" should say which ones they are',
      { line },
    );
  }
  return parts;
}

async function* rowsOf(
  { file, maxFieldLength }: Whole,
  head: { encoding: Encoding; delimiter: string; skippedLines: number; signal: AbortSignal | undefined },
): AsyncIterable<CsvRow> {
  const { encoding, signal } = head;
  const maxRowLength = LONG_FIELDS_A_ROW * maxFieldLength;
  const parser = parse({
    delimiter: head.delimiter,
    from_line: head.skippedLines + 1,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: maxRowLength,
  });
  const bytes = createReadStream(file, { highWaterMark: CHUNK_BYTES, ...(signal && { signal }) });
  // An error of any stage ends the iteration below; the callback only keeps it from being thrown twice.
  pipeline(
    bytes,
    (source: ReadStream) => decoded(source, encoding),
    parser,
    () => undefined,
  );
  try {
    for await (const row of parser) {
      const { record, info } = v.parse(RowSchema, row);
      yield { line: info.lines, cells: record };
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    throw readError(error, file, { line: parser.info.lines, maxRowLength });
  }
}

const RowSchema = v.object({ record: v.array(v.string()), info: v.object({ lines: v.number() }) });

/** What a file could not be read for, in words. */
export function readError(
  error: unknown,
  file: string,
  { line = 0, maxRowLength = 0 }: { line?: number; maxRowLength?: number } = {},
): ContactsError {
  if (error instanceof ContactsError) return error;
  const code = error instanceof Error && 'code' in error ? String((error as CsvError).code) : '';
  const words: Record<string, string> = {
    CSV_MAX_RECORD_SIZE: `a row longer than ${maxRowLength} characters: is a quotation mark left open here?`,
    CSV_QUOTE_NOT_CLOSED: 'a quotation mark is opened and never closed',
    ENOENT: 'there is no such file',
    EACCES: 'the relay has no right to read it',
  };
  const reason = words[code] ?? (error instanceof Error ? error.message : String(error));
  return code.startsWith('CSV_')
    ? new ContactsError(`${file}:${line}: ${reason}`, { cause: error, line })
    : new ContactsError(`${file}: ${reason}`, { cause: error });
}

async function* decoded(source: AsyncIterable<Buffer>, encoding: string): AsyncIterable<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of source) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

// UTF-8 if all of the file is, UTF-16 if it says so, else what Excel writes in western Europe.
async function encodingOf({ file, maxBytes, encoding }: Whole): Promise<Encoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let size = 0;
  let isUtf8 = true;
  let marked: Encoding | undefined;
  try {
    const found = await stat(file);
    if (!found.isFile()) throw new ContactsError(`${file} is no file`);
    for await (const chunk of createReadStream(file)) {
      const bytes = v.parse(v.instance(Buffer), chunk);
      size += bytes.length;
      if (marked === undefined && size === bytes.length) marked = markOf(bytes);
      if (size > maxBytes) {
        throw new ContactsError(`${file} is larger than ${maxBytes} bytes: split the file, or raise limits.maxBytes`);
      }
      if (isUtf8) isUtf8 = decodes(decoder, bytes);
    }
  } catch (error) {
    throw readError(error, file);
  }
  if (encoding ?? marked) return encoding ?? marked ?? 'utf-8';
  return isUtf8 && decodes(decoder, undefined) ? 'utf-8' : 'windows-1252';
}

function markOf(bytes: Buffer): Encoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

function decodes(decoder: TextDecoder, chunk: Buffer | undefined): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch {
    return false;
  }
}

// Excel may put a line `sep=;` before the header.
async function headOf({ file, separator }: Whole, encoding: Encoding) {
  let head = '';
  for await (const text of decoded(createReadStream(file, { end: HEADER_BYTES - 1 }), encoding)) head += text;
  const [first = '', second = ''] = head.split(/\r\n|\r|\n/, 2);
  const told = /^"?sep=(.)"?$/i.exec(first)?.[1];
  if (told !== undefined) return { delimiter: separator ?? told, skippedLines: 1 };
  return { delimiter: separator ?? delimiterOf(first === '' ? second : first), skippedLines: 0 };
}
