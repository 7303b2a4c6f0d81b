// Number → contacts, from memory: the answer is needed before the phone has rung twice. Knows contact sources and the
// store by their interfaces only; a tenant's contacts are never found for another one.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Contact, FoundContact, Location, PhoneNumber } from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { type ImportReport, type ImportTold, importContacts } from './contact-import.ts';
import { mergedHits, type SourcedContact } from './contact-merge.ts';
import { findContacts, type SearchRow, searchRowOf } from './contact-search.ts';
import { contactUrl } from './contact-url.ts';
import type { ContactSource } from './contacts/source.ts';
import { bestFirst } from './match-order.ts';
import type { NumberContacts } from './number-contacts.ts';
import { createNumberIndex, type NumberIndex } from './number-index.ts';
import type { RecentNumbers } from './recent-numbers.ts';
import type { Store, StoredContact } from './store/store.ts';

/** A source with the tenant that its contacts belong to. */
export interface DirectorySource {
  id: string;
  tenantId: string;
  source: ContactSource;
}

/** Sources whose contacts do not exist for whoever asks. */
export type HiddenSources = ReadonlySet<string>;

export interface Directory {
  /** Takes over what the store holds, for every tenant. */
  load(): Promise<void>;
  /** Reads a source anew, replaces its contacts in the store and in memory. Throws ContactsError, changing nothing. */
  importSource(id: string, told?: ImportTold): Promise<ImportReport>;
  /** How many contacts of a source can be found, and how many numbers they have. */
  sizeOf(tenantId: string, source: string): { contacts: number; numbers: number };
  /** Whose number it is, the best first: by the number itself, or as one of a company whose head number it shares. */
  match(tenantId: string, number: PhoneNumber, hidden?: HiddenSources): Contact[];
  /** The same with all numbers of each. */
  lookUp(tenantId: string, number: PhoneNumber, hidden?: HiddenSources): FoundContact[];
  /** The contact with the number to call first; undefined where there is none for whoever asks. */
  contact(tenantId: string, contactId: string, hidden?: HiddenSources): FoundContact | undefined;
  /** What its source says of it besides name and numbers; undefined as above. */
  aboutOf(tenantId: string, contactId: string, hidden?: HiddenSources): NonNullable<StoredContact['about']> | undefined;
  /** All its numbers, fax numbers and those that agents gave to it included; undefined as above. */
  numbersOf(tenantId: string, contactId: string, hidden?: HiddenSources): string[] | undefined;
  /** Contacts by the beginnings of words in name and company, or by digits; the best first. */
  search(
    tenantId: string,
    query: { text: string; limit: number },
    hidden?: HiddenSources,
  ): Promise<{ matches: FoundContact[]; more: boolean }>;
}

export interface DirectoryOptions {
  store: Pick<Store, 'tenants' | 'contacts' | 'replaceContacts' | 'contactImport'>;
  sources: readonly DirectorySource[];
  clock: Clock;
  log: Logger;
  /** Breaks off imports that are under way: they reject, and change nothing. */
  signal?: AbortSignal | undefined;
  /** From where a tenant calls, for the forms of a number in the addresses of contacts. */
  locationOf?: (tenantId: string) => Location | undefined;
  /** Whom numbers belong to by the word of agents. */
  chosen?: Pick<NumberContacts, 'of' | 'numbersOf'> | undefined;
  /** When numbers were last spoken with. */
  recent?: Pick<RecentNumbers, 'lastOf'> | undefined;
}

type Entry = SourcedContact;

interface Index {
  numbers: Pick<NumberIndex<Entry>, 'find'>;
  /** By source and the source's own id. */
  byId: ReadonlyMap<string, ReadonlyMap<string, Entry>>;
  byEmail: ReadonlyMap<string, readonly Entry[]>;
  rows: readonly SearchRow<Entry>[];
}

interface Match {
  entry: Entry;
  match: 'exact' | 'probable';
}

const NONE_HIDDEN: HiddenSources = new Set();
const SLICE_CONTACTS = 500;
const MOST_MATCHES = 20;
const MOST_NUMBERS = 20;

/** A directory that is empty until `load`. */
export function createDirectory(options: DirectoryOptions): Directory {
  const { store, sources, clock, log, signal, locationOf } = options;
  const indexes = new Map<string, Index>();
  const matchesOf = (tenantId: string, number: string, hidden: HiddenSources = NONE_HIDDEN): Match[] => {
    const index = indexes.get(tenantId);
    return index ? onePersonOnce(index, matchesIn(index, { tenantId, number, hidden }, options), hidden) : [];
  };
  const lastCallOf = (tenantId: string) => (number: string) => options.recent?.lastOf(tenantId, number) ?? '';

  async function reload(tenantId: string): Promise<void> {
    indexes.set(tenantId, await indexOf(await store.contacts(tenantId)));
  }

  return {
    async load() {
      for (const { tenantId } of await store.tenants()) await reload(tenantId);
    },
    async importSource(id, told) {
      const entry = sources.find((one) => one.id === id);
      if (!entry) throw new Error(`no contact source ${id}`);
      const report = await importContacts(entry, { store, clock, signal, told });
      if (told?.isDryRun !== true) await reload(entry.tenantId);
      const { contacts, numbers, faultCount: faults } = report;
      log.info({ source: id, contacts, numbers, faults, dryRun: told?.isDryRun === true }, 'contacts imported');
      return report;
    },
    sizeOf(tenantId, source) {
      const own = (indexes.get(tenantId)?.rows ?? []).filter(({ entry }) => entry.source === source);
      return { contacts: own.length, numbers: own.reduce((sum, { entry }) => sum + entry.numbers.length, 0) };
    },
    match(tenantId, number, hidden) {
      if (number.kind !== 'e164') return [];
      const matches = matchesOf(tenantId, number.number, hidden);
      return matches.map((match) => contactOf(match, number.number, locationOf?.(tenantId)));
    },
    lookUp(tenantId, number, hidden) {
      if (number.kind !== 'e164') return [];
      const parts = { location: locationOf?.(tenantId), lastCallAt: lastCallOf(tenantId) };
      const matches = matchesOf(tenantId, number.number, hidden);
      return matches.map((match) => foundOf(match, number.number, parts));
    },
    contact(tenantId, contactId, hidden) {
      const entry = wholeIn(indexes.get(tenantId), contactId, hidden);
      const parts = { location: locationOf?.(tenantId), lastCallAt: lastCallOf(tenantId) };
      return entry && foundOf({ entry, match: 'exact' }, entry.numbers[0]?.number, parts);
    },
    aboutOf(tenantId, contactId, hidden) {
      const entry = wholeIn(indexes.get(tenantId), contactId, hidden);
      return entry && (entry.about ?? {});
    },
    numbersOf(tenantId, contactId, hidden) {
      const entry = wholeIn(indexes.get(tenantId), contactId, hidden);
      if (!entry) return undefined;
      const own = entry.numbers.map(({ number }) => number);
      const given = [entry, ...(entry.also ?? [])].flatMap(
        (one) => options.chosen?.numbersOf(tenantId, idOf(one)) ?? [],
      );
      return [...new Set([...own, ...given])];
    },
    async search(tenantId, query, hidden = NONE_HIDDEN) {
      const index = indexes.get(tenantId);
      const all = index?.rows ?? [];
      const rows = hidden.size === 0 ? all : all.filter((row) => !hidden.has(row.entry.source));
      const { found, more } = await findContacts(rows, query);
      const parts = { location: locationOf?.(tenantId), lastCallAt: lastCallOf(tenantId) };
      const hits = found.map((entry): Match => ({ entry, match: 'exact' }));
      const persons = index ? onePersonOnce(index, hits, hidden) : [];
      return { matches: persons.map((hit) => foundOf(hit, hit.entry.numbers[0]?.number, parts)), more };
    },
  };
}

interface Sought {
  tenantId: string;
  number: string;
  hidden: HiddenSources;
}

function matchesIn(
  index: Index,
  { tenantId, number, hidden }: Sought,
  { chosen, recent, sources }: Pick<DirectoryOptions, 'chosen' | 'recent' | 'sources'>,
): Match[] {
  const isSeen = ({ source }: Entry) => !hidden.has(source);
  const choices = chosen?.of(tenantId, number) ?? [];
  const known = index.numbers.find(number, isSeen);
  // Many callers are nobody's contact, and every report of a call asks.
  if (choices.length === 0 && known.length === 0) return [];
  const given = choices.flatMap((contactId) => entryIn(index, contactId, hidden) ?? []);
  const found = known.filter(({ entry }) => !given.includes(entry));
  // What an agent said is as good as what a source says.
  const hits = [...given.map((entry) => ({ entry, match: 'exact' as const, shared: number.length })), ...found];
  const [only] = hits;
  if (only && hits.length === 1) return [only];
  const ranked = hits.map((hit) => {
    const choice = choices.indexOf(idOf(hit.entry));
    return {
      ...hit,
      ...(choice >= 0 && { choice }),
      lastCallAt: lastCallWith(hit.entry, tenantId, recent),
      sourcePlace: sources.findIndex(({ id }) => id === hit.entry.source),
    };
  });
  return bestFirst(ranked).slice(0, MOST_MATCHES);
}

function lastCallWith({ numbers }: Entry, tenantId: string, recent: DirectoryOptions['recent']): string {
  let last = '';
  for (const { number } of recent ? numbers : []) {
    const at = recent?.lastOf(tenantId, number) ?? '';
    if (at > last) last = at;
  }
  return last;
}

function entryIn(index: Index | undefined, contactId: string, hidden: HiddenSources = NONE_HIDDEN): Entry | undefined {
  // No source's id has a colon, its contacts' ids may.
  const end = contactId.indexOf(':');
  const source = contactId.slice(0, end);
  return hidden.has(source) ? undefined : index?.byId.get(source)?.get(contactId.slice(end + 1));
}

// With a single source there is nobody to be the same person.
function onePersonOnce(index: Index, hits: Match[], hidden: HiddenSources): Match[] {
  if (index.byId.size < 2) return hits;
  const isSeen = ({ source }: Entry) => !hidden.has(source);
  return mergedHits(hits, ({ numbers, emails = [] }) => [
    ...emails.flatMap((email) => (index.byEmail.get(email) ?? []).filter(isSeen)),
    ...numbers.flatMap(({ number }) =>
      index.numbers.find(number, isSeen).flatMap(({ entry, match }) => (match === 'exact' ? [entry] : [])),
    ),
  ]);
}

function wholeIn(index: Index | undefined, contactId: string, hidden: HiddenSources = NONE_HIDDEN): Entry | undefined {
  const entry = entryIn(index, contactId, hidden);
  return index && entry && onePersonOnce(index, [{ entry, match: 'exact' }], hidden)[0]?.entry;
}

function idOf({ source, contactId }: Entry): string {
  return `${source}:${contactId}`;
}

// In slices: calls go on while half a million contacts are taken over.
async function indexOf(contacts: readonly Entry[]): Promise<Index> {
  const numbers = createNumberIndex<Entry>();
  const byId = new Map<string, Map<string, Entry>>();
  const byEmail = new Map<string, Entry[]>();
  const rows: SearchRow<Entry>[] = [];
  for (const [place, contact] of contacts.entries()) {
    if (place % SLICE_CONTACTS === SLICE_CONTACTS - 1) await nextTurn();
    rows.push(searchRowOf(contact));
    for (const { number } of contact.numbers) numbers.add(number, contact);
    for (const email of contact.emails ?? []) {
      const others = byEmail.get(email);
      if (others) others.push(contact);
      else byEmail.set(email, [contact]);
    }
    const ofSource = byId.get(contact.source) ?? new Map<string, Entry>();
    byId.set(contact.source, ofSource.set(contact.contactId, contact));
  }
  return { numbers, byId, byEmail, rows };
}

// Its record is opened by the number that was asked for, or by the one to call first.
function foundOf(
  found: Match,
  number: string | undefined,
  { location, lastCallAt }: { location: Location | undefined; lastCallAt(number: string): string },
): FoundContact {
  // Nobody answers a fax; what was used last is likely to be meant again.
  const callable = found.entry.numbers
    .filter(({ isFax }) => !isFax)
    .map((one) => ({ ...one, at: lastCallAt(one.number) }))
    .sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1));
  return {
    contact: contactOf(found, number ?? '', location),
    numbers: callable.slice(0, MOST_NUMBERS).map(({ number: e164, label }) => {
      return { number: { kind: 'e164', number: e164 }, ...(label !== undefined && { label }) };
    }),
  };
}

function contactOf({ entry, match }: Match, number: string, location: Location | undefined): Contact {
  return {
    contactId: idOf(entry),
    name: entry.name,
    ...(entry.company !== undefined && { company: entry.company }),
    ...(entry.url !== undefined && { url: contactUrl(entry.url, number, location) }),
    source: entry.source,
    match,
    ...(entry.about?.vip && { vip: true }),
    ...(entry.about?.doNotCall && { doNotCall: true }),
    ...(entry.also && {
      also: entry.also.map(({ source, contactId }) => ({ source, contactId: `${source}:${contactId}` })),
    }),
  };
}
