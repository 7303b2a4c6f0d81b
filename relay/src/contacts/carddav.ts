// Contacts from a CardDAV server (RFC 6352): its address books are found, and after the first time only what changed is asked
// for (RFC 6578 sync-collection; where a server lacks it, by comparing the cards' tags). Nothing is ever written there.
import * as v from 'valibot';
import type { StoredContact } from '../store/store.ts';
import { type ContactSettings, contactsOf, derivedId } from './contact-of.ts';
import { type Book, booksOf, cardTextsOf, changesOf, type Dav } from './dav.ts';
import { createHttp } from './http.ts';
import type { SourceRecord } from './record.ts';
import { type ContactSource, ContactsError, DEFAULT_LIMITS, type ReadLimits, type ReadOptions } from './source.ts';
import { recordOfCard } from './vcard.ts';
import { cardsIn } from './vcard-lines.ts';

export interface CarddavOptions extends ContactSettings {
  url: string;
  /** Basic authentication. Asked for at each import. */
  credentials(): { username: string; password: string } | undefined;
  /** Names of address books, as the server shows them or as they stand in their address; all of them without. */
  addressBooks?: readonly string[] | undefined;
  privateHosts?: readonly string[] | undefined;
  limits?: Partial<ReadLimits> | undefined;
}

const CARDS_A_REQUEST = 100;

// What a mark was made with: with other settings the contacts of before are of no use.
const Mark = v.object({
  settings: v.string(),
  books: v.record(
    v.string(),
    v.object({ token: v.optional(v.string()), tags: v.optional(v.record(v.string(), v.string())) }),
  ),
});
type BookMarks = v.InferOutput<typeof Mark>['books'];

/** A contact source over the address books of one account. */
export function createCarddavSource(options: CarddavOptions): ContactSource {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return { read: (readOptions) => readAll(options, limits, readOptions) };
}

async function* readAll(options: CarddavOptions, limits: ReadLimits, told: ReadOptions): AsyncIterable<StoredContact> {
  const dav = davOf(options, limits, told);
  const books = await booksOf(dav, new URL(options.url), options.addressBooks);
  const { url, country, urlTemplate, addressBooks, facts, vip, doNotCall } = options;
  const settings = derivedId([JSON.stringify([url, country, urlTemplate, addressBooks, facts, vip, doNotCall])]);
  const last = lastMarks(told, settings);
  const plan = (last && (await planned(dav, books, last))) ?? (await planned(dav, books, {}));
  if (!plan) throw new ContactsError(`${dav.host} names no state of its address books that could be read`);
  const wanted = plan.changed.length;
  if (wanted > limits.maxRows) {
    throw new ContactsError(`more than ${limits.maxRows} cards: raise limits.maxRows if that is meant`);
  }
  if (plan.isDelta) {
    const touched = new Set([...plan.changed.map(({ path }) => path), ...plan.gone].map((path) => derivedId([path])));
    for (const contact of told.last?.contacts ?? []) if (!touched.has(contact.contactId)) yield contact;
  }
  yield* contactsOf(cardRecords(dav, plan.changed, { limits, told }), options, {
    ...told,
    onProgress: ({ records }) => told.onProgress?.({ records, total: wanted }),
  });
  told.onMark?.(JSON.stringify({ settings, books: plan.marks } satisfies v.InferOutput<typeof Mark>));
}

function davOf(options: CarddavOptions, limits: ReadLimits, told: ReadOptions): Dav {
  const credentials = options.credentials();
  const { username, password } = credentials ?? { username: '', password: '' };
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const http = createHttp({
    openHosts: new Set(options.privateHosts?.map((host) => host.toLowerCase())),
    maxBytes: limits.maxBytes,
    signal: told.signal,
    headers: credentials ? { authorization: basic } : {},
  });
  return { http, host: new URL(options.url).host };
}

function lastMarks({ last }: ReadOptions, settings: string): BookMarks | undefined {
  if (!last) return undefined;
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Mark), last.mark);
  return read.success && read.output.settings === settings ? read.output.books : undefined;
}

interface Plan {
  isDelta: boolean;
  changed: { book: Book; path: string }[];
  gone: string[];
  marks: BookMarks;
}

// Undefined where a book is new, or its server does not know the mark any more: then all is read anew.
async function planned(dav: Dav, books: readonly Book[], marks: BookMarks): Promise<Plan | undefined> {
  const isDelta = Object.keys(marks).length > 0;
  const plan: Plan = { isDelta, changed: [], gone: [], marks: {} };
  const paths = books.map(({ url }) => url.pathname);
  if (isDelta && Object.keys(marks).sort().join() !== paths.toSorted().join()) return undefined;
  for (const book of books) {
    const changes = await changesOf(dav, book, marks[book.url.pathname] ?? {});
    if (!changes) return undefined;
    plan.changed.push(...changes.changed.map((path) => ({ book, path })));
    plan.gone.push(...changes.gone);
    plan.marks[book.url.pathname] = changes.mark;
  }
  return plan;
}

async function* cardRecords(
  dav: Dav,
  changed: Plan['changed'],
  { limits, told }: { limits: ReadLimits; told: ReadOptions },
): AsyncIterable<SourceRecord> {
  let count = 0;
  const cardLimits = { ...limits, maxCards: 1, from: dav.host };
  for (let start = 0; start < changed.length; ) {
    const { book } = changed[start] ?? {};
    if (!book) return;
    const batch = changed.slice(start, start + CARDS_A_REQUEST).filter((one) => one.book === book);
    start += batch.length;
    for (const { path, text } of await cardTextsOf(
      dav,
      book,
      batch.map((one) => one.path),
    )) {
      count += 1;
      const record = await recordOf({ path, text, line: count }, { cardLimits, told });
      if (record) yield record;
    }
  }
}

// One card that cannot be read is told, and the others come in.
async function recordOf(
  { path, text, line }: { path: string; text: string; line: number },
  { cardLimits, told }: { cardLimits: Parameters<typeof cardsIn>[1]; told: ReadOptions },
): Promise<SourceRecord | undefined> {
  const own = { key: path, place: path };
  try {
    for await (const { lines } of cardsIn(oneChunk(text), cardLimits)) {
      return recordOfCard({ line, lines }, told, own);
    }
  } catch (error) {
    if (!(error instanceof ContactsError)) throw error;
    told.onFault({ line, place: path, reason: error.message });
  }
  return undefined;
}

async function* oneChunk(text: string): AsyncIterable<string> {
  yield text;
}
