// Contacts from vCards: 3.0 and 4.0 as address books write them today, 2.1 as old phones do. What a card holds besides a
// person's names, numbers and addresses is not looked at, and photos never get this far.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import ICAL from 'ical.js';
import * as v from 'valibot';
import { type ContactSettings, contactsOf } from './contact-of.ts';
import { readError } from './csv.ts';
import type { RecordNumber, SourceRecord } from './record.ts';
import { type ContactSource, ContactsError, DEFAULT_LIMITS, type ReadLimits, type ReadOptions } from './source.ts';
import { type CardText, cardsIn } from './vcard-lines.ts';

export interface VcardOptions extends ContactSettings, Partial<ReadLimits> {
  file: string;
}

const CHUNK_BYTES = 16_384;

/** A contact source over one file of vCards, which is read anew at each import. */
export function createVcardSource(options: VcardOptions): ContactSource {
  const whole = { ...DEFAULT_LIMITS, ...options };
  return { read: (readOptions) => contactsOf(recordsOf(whole, readOptions), options, readOptions) };
}

async function* recordsOf(options: VcardOptions & ReadLimits, told: ReadOptions): AsyncIterable<SourceRecord> {
  const { file, maxBytes, maxRows, maxFieldLength, maxFields } = options;
  const limits = { maxFieldLength, maxFields, maxCards: maxRows, from: file };
  try {
    const { size } = await stat(file);
    if (size > maxBytes) {
      throw new ContactsError(`${file} is larger than ${maxBytes} bytes: split the file, or raise limits.maxBytes`);
    }
    for await (const card of cardsIn(textOf(file, told.signal), limits)) {
      const record = recordOfCard(card, told);
      if (record) yield record;
    }
  } catch (error) {
    if (told.signal?.aborted) throw error;
    throw readError(error, file);
  }
}

async function* textOf(file: string, signal: AbortSignal | undefined): AsyncIterable<string> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES, ...(signal && { signal }) })) {
    const bytes = v.parse(v.instance(Buffer), chunk);
    decoder ??= new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8');
    yield decoder.decode(bytes, { stream: true });
  }
  yield decoder?.decode() ?? '';
}

/** A card as a record; undefined for one that is not a person's or cannot be read, which is told. */
export function recordOfCard(
  { line, lines }: CardText,
  told: Pick<ReadOptions, 'onFault'>,
  own: { key?: string; place?: string } = {},
): SourceRecord | undefined {
  const card = parsed(lines.some((text) => /^VERSION:2/i.test(text)) ? lines.map(asVersion3) : lines);
  if (!card) {
    const place = own.place === undefined ? {} : { place: own.place };
    told.onFault({ line, ...place, reason: 'the card cannot be read' });
    return undefined;
  }
  const properties = card[1];
  const kind = textOfFirst(properties, 'kind') || textOfFirst(properties, 'x-addressbookserver-kind');
  if (kind.toLowerCase() === 'group') return undefined;
  const [lastName = '', firstName = ''] = listOf(find(properties, 'n')?.[3]);
  const uid = textOfFirst(properties, 'uid').replace(/^urn:uuid:/i, '');
  return {
    line,
    ...own,
    id: uid,
    name: textOfFirst(properties, 'fn'),
    firstName,
    lastName,
    company: listOf(find(properties, 'org')?.[3])[0] ?? '',
    url: '',
    emails: properties.filter(([name]) => name === 'email').map(([, , , value]) => listOf(value)[0] ?? ''),
    numbers: numbersOf(properties),
    isEmpty: false,
    get: (name) => textOfFirst(properties, name.toLowerCase()) || undefined,
  };
}

const Property = v.looseTuple([v.string(), v.record(v.string(), v.unknown()), v.string(), v.unknown()]);
const Card = v.looseTuple([v.literal('vcard'), v.array(Property)]);
type Properties = v.InferOutput<typeof Card>[1];

function parsed(lines: readonly string[]): v.InferOutput<typeof Card> | undefined {
  try {
    const read = v.safeParse(Card, ICAL.parse(lines.join('\r\n')));
    return read.success ? read.output : undefined;
  } catch {
    // The library throws its own errors and, at odd input, TypeErrors: all mean the same for this card.
    return undefined;
  }
}

function find(properties: Properties, name: string) {
  return properties.find(([one]) => one === name);
}

function textOfFirst(properties: Properties, name: string): string {
  return listOf(find(properties, name)?.[3])[0] ?? '';
}

// A structured value is a list, of texts or of lists of texts.
function listOf(value: unknown): string[] {
  if (!Array.isArray(value)) return typeof value === 'string' ? [value] : [];
  return value.map((one: unknown) => (Array.isArray(one) ? one.join(' ') : String(one)));
}

function numbersOf(properties: Properties): RecordNumber[] {
  return properties
    .filter(([name]) => name === 'tel')
    .map(([, params, , value]) => {
      const types = listOf(params['type']).map((type) => type.toLowerCase());
      const own = ownLabel(properties, params['group']);
      const isFax = types.includes('fax') || /fax/i.test(own ?? '');
      return { text: numberText(listOf(value)[0] ?? ''), field: 'TEL', label: own ?? labelOf(types), isFax };
    });
}

// 4.0 writes `tel:+49-30-23125042;ext=18`.
function numberText(value: string): string {
  const [, number = '', params = ''] = /^tel:([^;]*)(.*)$/is.exec(value) ?? [];
  if (number === '') return value;
  const extension = /;ext=([0-9]+)/i.exec(params)?.[1];
  const text = number.includes('%') ? decoded(number) : number;
  return extension === undefined ? text : `${text} ext. ${extension}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Apple writes a label of its own into a second property of the same group: `item1.X-ABLabel:_$!<Main>!$_`.
function ownLabel(properties: Properties, group: unknown): string | undefined {
  if (typeof group !== 'string') return undefined;
  const label = properties.find(([name, params]) => name === 'x-ablabel' && params['group'] === group);
  const text = listOf(label?.[3])[0]
    ?.replace(/^_\$!<(.*)>!\$_$/, '$1')
    .trim()
    .slice(0, 64);
  return text === undefined || text === '' ? undefined : text;
}

const KINDS: readonly (readonly [type: string, label: string])[] = [
  ['fax', 'fax'],
  ['cell', 'mobile'],
  ['pager', 'pager'],
  ['car', 'car'],
];

function labelOf(types: readonly string[]): string | undefined {
  const place = types.includes('work') ? 'work' : types.includes('home') ? 'home' : '';
  const kind = KINDS.find(([type]) => types.includes(type))?.[1] ?? '';
  const label = `${place} ${kind}`.trim();
  return label === '' ? undefined : label.charAt(0).toUpperCase() + label.slice(1);
}

// `TEL;WORK;VOICE:` → `TEL;TYPE=WORK;TYPE=VOICE:`, quoted-printable text decoded.
function asVersion3(line: string): string {
  const colon = line.indexOf(':');
  if (colon < 0) return line;
  const [name = '', ...params] = line.slice(0, colon).split(';');
  const isQuoted = params.some((param) => /^(?:ENCODING=)?QUOTED-PRINTABLE$/i.test(param));
  const charset = params.map((param) => /^CHARSET=([\w-]+)$/i.exec(param)?.[1]).find((found) => found !== undefined);
  const kept = params
    .filter((param) => !/^(?:ENCODING=|CHARSET=|QUOTED-PRINTABLE|8BIT|7BIT)/i.test(param) && param !== '')
    .map((param) => (param.includes('=') ? param : `TYPE=${param}`));
  const value = line.slice(colon + 1);
  const text = isQuoted ? unquoted(value, charset).replace(/\r?\n/g, '\\n') : value;
  return `${[name, ...kept].join(';')}:${/^VERSION$/i.test(name) ? '3.0' : text}`;
}

function unquoted(value: string, charset = 'utf-8'): string {
  const bytes = Buffer.from(
    value.replace(/=([0-9a-f]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
