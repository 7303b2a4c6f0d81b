// Number → contacts, from memory: the answer is needed before the phone has rung twice. Knows contact sources and the
// store by their interfaces only; a tenant's contacts are never found for another one.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Contact, FoundContact, Location, PhoneNumber } from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { type ImportReport, importContacts, type ImportTold } from './contact-import.ts';
import { findContacts, type SearchRow, searchRowOf } from './contact-search.ts';
import { contactUrl } from './contact-url.ts';
import type { ContactSource } from './contacts/source.ts';
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
  /** Whose number it is: exact matches first, then companies whose switchboard the number belongs to. */
  match(tenantId: string, number: PhoneNumber, hidden?: HiddenSources): Contact[];
  /** The same with all numbers of each. */
  lookUp(tenantId: string, number: PhoneNumber, hidden?: HiddenSources): FoundContact[];
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
}

type Entry = StoredContact & { source: string };

interface Index {
  byNumber: ReadonlyMap<string, readonly Entry[]>;
  rows: readonly SearchRow<Entry>[];
}

interface Match {
  entry: Entry;
  match: Contact['match'];
}

const NONE_HIDDEN: HiddenSources = new Set();
const SLICE_CONTACTS = 500;
const MOST_MATCHES = 20;
const MOST_NUMBERS = 20;

/** A directory that is empty until `load`. */
export function createDirectory({ store, sources, clock, log, signal, locationOf }: DirectoryOptions): Directory {
  const indexes = new Map<string, Index>();

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
      const matches = matchesIn(indexes.get(tenantId), number.number, hidden);
      return matches.map((match) => contactOf(match, number.number, locationOf?.(tenantId)));
    },
    lookUp(tenantId, number, hidden) {
      if (number.kind !== 'e164') return [];
      const location = locationOf?.(tenantId);
      const matches = matchesIn(indexes.get(tenantId), number.number, hidden);
      return matches.map((match) => foundOf(match, number.number, location));
    },
    async search(tenantId, query, hidden = NONE_HIDDEN) {
      const all = indexes.get(tenantId)?.rows ?? [];
      const rows = hidden.size === 0 ? all : all.filter((row) => !hidden.has(row.entry.source));
      const { found, more } = await findContacts(rows, query);
      const location = locationOf?.(tenantId);
      const matches = found.map((entry) => foundOf({ entry, match: 'exact' }, entry.numbers[0]?.number, location));
      return { matches, more };
    },
  };
}

function matchesIn(index: Index | undefined, e164: string, hidden: HiddenSources = NONE_HIDDEN): Match[] {
  const stored = (number: string) => (index?.byNumber.get(number) ?? []).filter(({ source }) => !hidden.has(source));
  const exact = stored(e164);
  if (exact.length > 0) return exact.slice(0, MOST_MATCHES).map((entry) => ({ entry, match: 'exact' }));
  const probable = switchboardsOf(e164).flatMap(stored);
  return probable.slice(0, MOST_MATCHES).map((entry) => ({ entry, match: 'probable' }));
}

// In slices: calls go on while half a million contacts are taken over.
async function indexOf(contacts: readonly Entry[]): Promise<Index> {
  const byNumber = new Map<string, Entry[]>();
  const rows: SearchRow<Entry>[] = [];
  for (const [place, contact] of contacts.entries()) {
    if (place % SLICE_CONTACTS === SLICE_CONTACTS - 1) await nextTurn();
    rows.push(searchRowOf(contact));
    for (const { number } of contact.numbers) {
      const entries = byNumber.get(number);
      if (entries) entries.push(contact);
      else byNumber.set(number, [contact]);
    }
  }
  return { byNumber, rows };
}

const MIN_STEM_LENGTH = 9;
const MAX_EXTENSION_LENGTH = 5;

// With direct dialling (Germany, Austria) a company's switchboard is its stem and 0, a desk is the stem and its extension:
// +49 30 23125-0 and +49 30 23125-042. Only a shorter stored number can be such a switchboard; longest stem first.
function switchboardsOf(e164: string): string[] {
  const lengths = Array.from({ length: MAX_EXTENSION_LENGTH - 1 }, (_, index) => index + 2);
  return lengths
    .map((length) => e164.slice(0, -length))
    .filter((stem) => stem.length >= MIN_STEM_LENGTH)
    .map((stem) => `${stem}0`);
}

// Its record is opened by the number that was asked for, or by the one to call first.
function foundOf(found: Match, number: string | undefined, location: Location | undefined): FoundContact {
  const { entry } = found;
  return {
    contact: contactOf(found, number ?? '', location),
    numbers: entry.numbers.slice(0, MOST_NUMBERS).map(({ number: e164, label }) => {
      return { number: { kind: 'e164', number: e164 }, ...(label !== undefined && { label }) };
    }),
  };
}

function contactOf({ entry, match }: Match, number: string, location: Location | undefined): Contact {
  return {
    contactId: `${entry.source}:${entry.contactId}`,
    name: entry.name,
    ...(entry.company !== undefined && { company: entry.company }),
    ...(entry.url !== undefined && { url: contactUrl(entry.url, number, location) }),
    source: entry.source,
    match,
  };
}
