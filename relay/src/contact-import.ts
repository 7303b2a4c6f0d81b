// One import of one source: read to its end, then put in force as a whole or not at all. It finds nothing and matches nothing;
// whoever called it takes the new contacts over.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import type { ContactSource, FieldMapping, JudgedNumber, LastImport, RowFault } from './contacts/source.ts';
import type { Store, StoredContact } from './store/store.ts';

/** What an import did. `faults` holds the first hundred, `faultCount` says how many there were. */
export interface ImportReport {
  contacts: number;
  numbers: number;
  faults: RowFault[];
  faultCount: number;
  durationMs: number;
  /** Against the import before, by the contacts' ids. */
  added: number;
  changed: number;
  removed: number;
}

/** What whoever asked for an import wants to hear of it, and how it is to be done. */
export interface ImportTold {
  /** Reads and compares, and leaves everything as it is. */
  isDryRun?: boolean;
  /** Reads all, also where a source could tell the changes alone. */
  isWhole?: boolean;
  onProgress?(progress: { records: number; total?: number }): void;
  onNumber?(judged: JudgedNumber): void;
  onFault?(fault: RowFault): void;
  onMapping?(mapping: readonly FieldMapping[]): void;
}

interface Imported {
  id: string;
  tenantId: string;
  source: ContactSource;
}

interface Parts {
  store: Pick<Store, 'contacts' | 'replaceContacts' | 'contactImport'>;
  clock: Clock;
  signal?: AbortSignal | undefined;
  told?: ImportTold | undefined;
}

const MOST_FAULTS = 100;
const SLICE_CONTACTS = 500;

/** Imports. Throws ContactsError, or what the signal was aborted with; then everything is as it was. */
export async function importContacts({ id, tenantId, source }: Imported, parts: Parts): Promise<ImportReport> {
  const { store, clock, signal, told = {} } = parts;
  const startedAt = clock.elapsed();
  const before = (await store.contacts(tenantId)).filter((contact) => contact.source === id);
  const mark = told.isWhole ? undefined : (await store.contactImport(tenantId, id))?.mark;
  const last = mark === undefined ? undefined : { mark, contacts: before };
  const { contacts, faults, faultCount, newMark } = await readAll(source, { last, signal, told });
  signal?.throwIfAborted();
  if (!told.isDryRun) {
    const importedAt = new Date(clock.now()).toISOString();
    await store.replaceContacts(tenantId, id, contacts, { importedAt, mark: newMark });
  }
  return {
    contacts: contacts.length,
    numbers: contacts.reduce((sum, contact) => sum + contact.numbers.length, 0),
    faults,
    faultCount,
    durationMs: clock.elapsed() - startedAt,
    ...(await differences(before, contacts)),
  };
}

async function readAll(
  source: ContactSource,
  { last, signal, told }: { last: LastImport | undefined; signal: AbortSignal | undefined; told: ImportTold },
) {
  const faults: RowFault[] = [];
  let faultCount = 0;
  let newMark: string | undefined;
  const contacts: StoredContact[] = [];
  const rowsById = new Map<string, number>();
  const { onProgress, onNumber, onMapping } = told;
  const reading = source.read({
    onFault(fault) {
      faultCount += 1;
      if (faults.length < MOST_FAULTS) faults.push(fault);
      told.onFault?.(fault);
    },
    onMark: (mark) => {
      newMark = mark;
    },
    ...(signal && { signal }),
    ...(last && { last }),
    ...(onProgress && { onProgress }),
    ...(onNumber && { onNumber }),
    ...(onMapping && { onMapping }),
  });
  for await (const contact of reading) {
    // Two rows under one id are two people: the second one gets an id of its own.
    const row = (rowsById.get(contact.contactId) ?? 0) + 1;
    rowsById.set(contact.contactId, row);
    contacts.push(row === 1 ? contact : { ...contact, contactId: `${contact.contactId}~${row}` });
  }
  return { contacts, faults, faultCount, newMark };
}

// In slices, like everything that goes through all contacts.
async function differences(before: readonly StoredContact[], after: readonly StoredContact[]) {
  const known = new Map(before.map((contact) => [contact.contactId, contact]));
  let added = 0;
  let changed = 0;
  for (const [place, contact] of after.entries()) {
    if (place % SLICE_CONTACTS === SLICE_CONTACTS - 1) await nextTurn();
    const old = known.get(contact.contactId);
    if (old === undefined) added += 1;
    else if (textOf(old) !== textOf(contact)) changed += 1;
  }
  return { added, changed, removed: before.length - (after.length - added) };
}

function textOf({ name, company, url, numbers, emails, about }: StoredContact): string {
  return JSON.stringify([name, company, url, numbers, emails, about]);
}
