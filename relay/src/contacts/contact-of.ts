// A record of any source → a contact as it is stored. Records are hostile until proven otherwise: names are cleaned,
// addresses must be http(s), numbers are read with the source's country and nothing is guessed.
import { createHash } from 'node:crypto';
import type { Location } from '@offhook/protocol';
import { locationOf } from '@offhook/protocol/location-settings';
import { cleanName } from '../names.ts';
import type { ContactNumber, StoredContact } from '../store/store.ts';
import { type AboutSettings, aboutOf } from './about.ts';
import type { RecordNumber, SourceRecord } from './record.ts';
import type { JudgedNumber, ReadOptions } from './source.ts';
import { numbersIn, writtenNumbers } from './written-number.ts';

/** What of a source's settings its contacts depend on. */
export interface ContactSettings extends AboutSettings {
  /** ISO 3166: how numbers without country code are read. */
  country: string;
  /** The CRM's address of a contact, `'https://crm.example/contacts/{id}'`; `{number}` is filled in when a call comes. */
  urlTemplate?: string | undefined;
}

type Told = Pick<ReadOptions, 'onFault' | 'onNumber'>;

const MAX_NUMBERS = 32;
const MAX_EMAILS = 8;
const EVERY_RECORDS = 1_000;

/** The contacts of a source's records; progress is told on the way. */
export async function* contactsOf(
  records: AsyncIterable<SourceRecord>,
  settings: ContactSettings,
  options: ReadOptions,
): AsyncIterable<StoredContact> {
  const read = contactReader(settings, options);
  let count = 0;
  for await (const record of records) {
    count += 1;
    if (count % EVERY_RECORDS === 0) options.onProgress?.({ records: count });
    const contact = read(record);
    if (contact) yield contact;
  }
  options.onProgress?.({ records: count });
}

// Reads one record after the other; undefined for one without a number or a name.
function contactReader(settings: ContactSettings, told: Told): (record: SourceRecord) => StoredContact | undefined {
  const location = locationOf({ country: settings.country });
  return (record) => contactOf(record, { ...settings, location, told });
}

/** The same record keeps its id from import to import. */
export function derivedId(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);
}

interface Context extends ContactSettings {
  location: Location;
  told: Told;
}

function contactOf(record: SourceRecord, context: Context): StoredContact | undefined {
  const company = cleanName(record.company);
  const name = cleanName(record.name) || cleanName(`${record.firstName} ${record.lastName}`) || company;
  if (name === '') {
    if (!record.isEmpty) context.told.onFault({ ...placeOf(record), reason: 'no name and no company' });
    return undefined;
  }
  const found = numbersOf({ ...record, name }, context);
  if (found.size === 0) return undefined;
  const contactId = contactIdOf(record, [name, company, ...found.keys()]);
  const byUse = [...found.values()].sort((a, b) => Number(a.isFax) - Number(b.isFax));
  const url = urlOf({ record, id: record.id.trim().slice(0, 256) || contactId }, context);
  const emails = emailsOf(record.emails);
  const about = aboutOf(record, context);
  return {
    contactId,
    name,
    ...(company !== '' && { company }),
    ...(url !== undefined && { url }),
    numbers: byUse.slice(0, MAX_NUMBERS).map(({ number, label, isFax }): ContactNumber => {
      return { number, ...(label !== undefined && { label }), ...(isFax && { isFax }) };
    }),
    ...(emails.length > 0 && { emails }),
    ...(about && { about }),
  };
}

function placeOf({ line, place }: SourceRecord): { line: number; place?: string } {
  return { line, ...(place !== undefined && { place: cleanName(place) }) };
}

interface FoundNumber {
  number: string;
  label?: string | undefined;
  isFax: boolean;
}

// By number, in the order of the record.
function numbersOf(record: SourceRecord, context: Context): Map<string, FoundNumber> {
  const numbers = new Map<string, FoundNumber>();
  for (const written of record.numbers) {
    if (written.text.trim() === '') continue;
    tell(record, written, context);
    const good = numbersIn(written.text, context.location);
    if (good.length === 0) {
      context.told.onFault({ ...placeOf(record), reason: `${written.field} holds no public telephone number` });
    }
    for (const number of good) {
      // What somebody answers, too, is no fax number.
      if (!numbers.has(number) || numbers.get(number)?.isFax) {
        numbers.set(number, { number, label: written.label, isFax: written.isFax });
      }
    }
  }
  return numbers;
}

function tell(record: SourceRecord, { field, text }: RecordNumber, { told: { onNumber }, location }: Context): void {
  if (!onNumber) return;
  const id = cleanName(record.id);
  for (const part of writtenNumbers(text, location)) {
    const judged: JudgedNumber = { ...placeOf(record), ...(id !== '' && { id }), name: record.name, field, ...part };
    onNumber(judged);
  }
}

// With the source's name before it and, where two records share an id, a count behind it, an id on the wire has 64 characters.
function idOf(text: string): string | undefined {
  const id = text.trim();
  return /^[\x21-\x7e]{1,36}$/.test(id) ? id : undefined;
}

function contactIdOf({ id, key }: SourceRecord, otherwise: readonly string[]): string {
  if (key !== undefined) return derivedId([key]);
  return idOf(id) ?? derivedId(id.trim() === '' ? otherwise : [id.trim()]);
}

function emailsOf(texts: readonly string[]): string[] {
  const found = texts
    .flatMap((text) => text.slice(0, 1024).split(/[;,\s]+/))
    .map((text) => text.toLowerCase())
    .filter((text) => /^[^@\s<>]{1,64}@[^@\s<>]{3,189}$/.test(text));
  return [...new Set(found)].slice(0, MAX_EMAILS);
}

// A record's own address wins; `{crm}` in it stands for scheme and host of the template, so that an export need not change
// when the CRM moves. `{number}` and its forms stay for the directory to fill in.
function urlOf({ record, id }: { record: SourceRecord; id: string }, context: Context): string | undefined {
  const { urlTemplate, told } = context;
  const given = record.url.trim();
  const crm = urlTemplate === undefined ? '' : new URL(urlTemplate.replace(/\{[\w.]+\}/g, '0')).origin;
  const template = given === '' ? urlTemplate : given.replace(/^\{crm\}/, crm);
  if (template === undefined) return undefined;
  const url = template.replaceAll('{id}', encodeURIComponent(id.toWellFormed()));
  if (/^https?:\/\/[^\s]{1,2000}$/.test(url) && URL.canParse(url)) return url;
  told.onFault({ ...placeOf(record), reason: 'the address of the contact is no http:// or https:// address' });
  return undefined;
}
