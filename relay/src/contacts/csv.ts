// Contacts from a CSV file as CRMs, Outlook and spreadsheets write it: separator, encoding and columns are found out.
// The file is hostile until proven otherwise: sizes are bounded, names are cleaned, addresses must be http(s).
import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { TextDecoder } from 'node:util';
import type { Location } from '@offhook/protocol';
import { locationOf } from '@offhook/protocol/location-settings';
import { readNumber } from '@offhook/protocol/number';
import { type CsvError, parse } from 'csv-parse';
import * as v from 'valibot';
import { cleanName } from '../names.ts';
import type { ContactNumber, StoredContact } from '../store/store.ts';
import { delimiterOf, type Field, fieldsOf, isFax, labelOf } from './csv-header.ts';
import { type ContactSource, ContactsError, type RowFault } from './source.ts';

export interface CsvOptions {
  file: string;
  /** ISO 3166: how numbers without country code are read. */
  country: string;
  /** The CRM's address of a contact, `'https://crm.example/contacts/{id}'`; `{number}` is filled in when a call comes. */
  urlTemplate?: string | undefined;
  maxBytes?: number;
  maxRows?: number;
}

const MAX_BYTES = 50_000_000;
const MAX_ROWS = 500_000;
const MAX_ROW_CHARACTERS = 65_536;
const MAX_NUMBERS = 32;
const HEADER_BYTES = 65_536;
// One chunk is worked off in one go: small ones, so that calls are not kept waiting.
const CHUNK_BYTES = 8_192;

/** A contact source over one CSV file, which is read anew at each import. */
export function createCsvSource(options: CsvOptions): ContactSource {
  return {
    async *read({ signal, onFault }) {
      const encoding = await encodingOf(options);
      const head = await headOf(options.file, encoding);
      const location = locationOf({ country: options.country });
      const context = { ...options, columns: [], location, onFault } satisfies RowContext;
      yield* contactsOf(rowsOf(options, encoding, head, signal), context);
    },
  };
}

interface Column {
  field: Field;
  label?: string | undefined;
  isFax: boolean;
}

interface RowContext extends CsvOptions {
  columns: readonly Column[];
  location: Location;
  onFault: (fault: RowFault) => void;
}

interface CsvRow {
  line: number;
  cells: readonly string[];
}

async function* contactsOf(rows: AsyncIterable<CsvRow>, context: RowContext): AsyncIterable<StoredContact> {
  const { file, maxRows = MAX_ROWS } = context;
  let columns: readonly Column[] | undefined;
  let count = 0;
  for await (const row of rows) {
    if (!columns) {
      columns = headerColumns(row, file);
      continue;
    }
    count += 1;
    if (count > maxRows) {
      throw new ContactsError(`${file}:${row.line}: more than ${maxRows} rows: split the file`, { line: row.line });
    }
    const contact = contactOf(row, { ...context, columns });
    if (contact) yield contact;
  }
  if (!columns) throw new ContactsError(`${file} is empty: its first line should name the columns`);
}

function headerColumns({ line, cells }: CsvRow, file: string): Column[] {
  const fields = fieldsOf(cells);
  if (!fields.includes('number')) {
    throw new ContactsError(
      `${file}:${line}: no column for telephone numbers: the first line should name the columns, one of them ` +
        'Phone, Mobile, Telefon, Mobil or the like',
      { line },
    );
  }
  return cells.map((title, place) => {
    return { field: fields[place] ?? 'ignored', label: labelOf(title), isFax: isFax(title) };
  });
}

function contactOf({ line, cells }: CsvRow, context: RowContext): StoredContact | undefined {
  const { columns, onFault } = context;
  const cell = (field: Field) => cells[columns.findIndex((column) => column.field === field)] ?? '';
  const company = cleanName(cell('company'));
  const name = cleanName(cell('name')) || cleanName(`${cell('firstName')} ${cell('lastName')}`) || company;
  if (name === '') {
    if (cells.some((text) => text.trim() !== '')) onFault({ line, reason: 'no name and no company' });
    return undefined;
  }
  const found = numbersOf({ line, cells }, context);
  if (found.size === 0) return undefined;
  const contactId = idOf(cell('id')) ?? derivedId([name, company, ...found.keys()]);
  const byUse = [...found.values()].sort((a, b) => Number(a.column.isFax) - Number(b.column.isFax));
  const numbers = byUse.slice(0, MAX_NUMBERS).map(labelled);
  const url = urlOf({ given: cell('url').trim(), id: contactId, line }, context);
  return { contactId, name, ...(company !== '' && { company }), ...(url !== undefined && { url }), numbers };
}

interface FoundNumber {
  number: string;
  column: Column;
}

// By number, in the order of columns.
function numbersOf({ line, cells }: CsvRow, { columns, location, onFault }: RowContext): Map<string, FoundNumber> {
  const numbers = new Map<string, FoundNumber>();
  columns.forEach((column, place) => {
    const { field } = column;
    const text = (cells[place] ?? '').trim();
    if (field !== 'number' || text === '') return;
    const whole = readNumber(text, location);
    // One cell may hold several: `030 23125001 / 0171 3920001`.
    const parts =
      whole.kind === 'e164' ? [whole] : text.split(/[;|,\n]|\s\/\s/).map((part) => readNumber(part, location));
    const found = parts.flatMap((part) => (part.kind === 'e164' ? [part.number] : []));
    if (found.length === 0) onFault({ line, reason: `column ${place + 1} holds no public telephone number` });
    for (const number of found) {
      // What somebody answers, too, is no fax number.
      if (!numbers.has(number) || numbers.get(number)?.column.isFax) numbers.set(number, { number, column });
    }
  });
  return numbers;
}

function labelled({ number, column: { label } }: FoundNumber): ContactNumber {
  return { number, ...(label !== undefined && { label }) };
}

function idOf(text: string): string | undefined {
  const id = text.trim();
  return /^[\x21-\x7e]{1,32}$/.test(id) ? id : undefined;
}

// The same row keeps its id from import to import.
function derivedId(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);
}

// A row's own address wins; `{crm}` in it stands for scheme and host of the template, so that an export need not change
// when the CRM moves. `{number}` and its forms stay for the directory to fill in.
function urlOf(
  { given, id, line }: { given: string; id: string; line: number },
  context: RowContext,
): string | undefined {
  const { urlTemplate, onFault } = context;
  const crm = urlTemplate === undefined ? '' : new URL(urlTemplate.replace(/\{[\w.]+\}/g, '0')).origin;
  const template = given === '' ? urlTemplate : given.replace(/^\{crm\}/, crm);
  if (template === undefined) return undefined;
  const url = template.replaceAll('{id}', encodeURIComponent(id));
  if (/^https?:\/\/[^\s]{1,2000}$/.test(url) && URL.canParse(url)) return url;
  onFault({ line, reason: 'the address of the contact is no http:// or https:// address' });
  return undefined;
}

async function* rowsOf(
  { file }: CsvOptions,
  encoding: string,
  head: { delimiter: string; skippedLines: number },
  signal: AbortSignal | undefined,
): AsyncIterable<CsvRow> {
  const parser = parse({
    delimiter: head.delimiter,
    from_line: head.skippedLines + 1,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_CHARACTERS,
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
    throw readError(error, file, parser.info.lines);
  }
}

const RowSchema = v.object({ record: v.array(v.string()), info: v.object({ lines: v.number() }) });

function readError(error: unknown, file: string, line: number): ContactsError {
  const code = error instanceof Error && 'code' in error ? String((error as CsvError).code) : '';
  const words: Record<string, string> = {
    CSV_MAX_RECORD_SIZE: `a row longer than ${MAX_ROW_CHARACTERS} characters: is a quotation mark left open here?`,
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
async function encodingOf({ file, maxBytes = MAX_BYTES }: CsvOptions): Promise<'utf-8' | 'utf-16le' | 'windows-1252'> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let size = 0;
  let isUtf8 = true;
  try {
    if (!(await stat(file)).isFile()) throw new ContactsError(`${file} is no file`);
    for await (const chunk of createReadStream(file)) {
      const bytes = v.parse(v.instance(Buffer), chunk);
      if (size === 0 && bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
      size += bytes.length;
      if (size > maxBytes) throw new ContactsError(`${file} is larger than ${maxBytes} bytes: split the file`);
      if (isUtf8) isUtf8 = decodes(decoder, bytes);
    }
  } catch (error) {
    throw error instanceof ContactsError ? error : readError(error, file, 0);
  }
  return isUtf8 && decodes(decoder, undefined) ? 'utf-8' : 'windows-1252';
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
async function headOf(file: string, encoding: string): Promise<{ delimiter: string; skippedLines: number }> {
  let head = '';
  for await (const text of decoded(createReadStream(file, { end: HEADER_BYTES - 1 }), encoding)) head += text;
  const [first = '', second = ''] = head.split(/\r\n|\r|\n/, 2);
  const told = /^"?sep=(.)"?$/i.exec(first)?.[1];
  if (told !== undefined) return { delimiter: told, skippedLines: 1 };
  return { delimiter: delimiterOf(first === '' ? second : first), skippedLines: 0 };
}
