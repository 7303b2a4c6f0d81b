// What the command line asks of the journal: the newest calls, all of them for somebody who wants to know what is kept of
// him, the end of what is kept, and who changed what. Whoever may open the control socket sees everything.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Contact, type JournalEntry, type Location, type PhoneNumber, RIGHTS } from '@offhook/protocol';
import { readNumber } from '@offhook/protocol/number';
import { ControlError, type ControlHandlers } from './control.ts';
import type { Erasures } from './erasures.ts';
import { entryOf } from './journal-entry.ts';
import { keyOf } from './journal-settings.ts';
import { tenantNamed } from './people-names.ts';
import { type Conversation, pageEndOf, type Store, type Tenant } from './store/store.ts';
import type { Switchboard } from './switchboard.ts';

export interface JournalCommandsOptions {
  store: Pick<Store, 'tenants' | 'journalPage' | 'audit'>;
  switchboard: Pick<Switchboard, 'lines'>;
  erasures: Erasures;
  contactOf(tenantId: string, number: PhoneNumber): Contact | undefined;
  /** Of the tenant's phone systems. */
  locationsOf(tenantId: string): readonly Location[];
}

const ALL_RIGHTS = new Set(RIGHTS);
const PAGE = 200;

/** The handlers of `relay journal` and `relay audit`. */
export function journalHandlers(
  options: JournalCommandsOptions,
): Pick<ControlHandlers, 'journal' | 'exportJournal' | 'eraseJournal' | 'audit'> {
  const { store } = options;
  return {
    async journal({ limit }, { emit }) {
      const pages = await Promise.all((await store.tenants()).map((tenant) => newest(options, tenant, limit)));
      const newestFirst = pages.flat().sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
      for (const entry of newestFirst.slice(0, limit)) emit(entry);
    },
    async exportJournal({ tenant: name, number, since, until }, { emit, hasRoom = nextTurn, signal }) {
      for (const tenant of await tenantsNamed(store, name)) {
        const keys = number === undefined ? undefined : keysOf(options, tenant, number);
        const entries = entriesOf(options, tenant);
        await eachBefore(options, tenant, { until, hasRoom, signal }, (conversation) => {
          if (since !== undefined && conversation.startedAt < since) return 'enough';
          if (keys === undefined || isAbout(conversation, keys)) for (const entry of entries(conversation)) emit(entry);
          return 'more';
        });
      }
    },
    async eraseJournal({ tenant: name, number }, { emit }) {
      for (const tenant of await tenantsNamed(store, name)) {
        const numbers = readingsOf(options, tenant, number);
        emit({ tenant: tenant.tenantId, ...(await options.erasures.erase(tenant.tenantId, numbers)) });
      }
    },
    async audit({ limit }, { emit }) {
      for (const record of await store.audit(limit)) emit(record);
    },
  };
}

async function newest(options: JournalCommandsOptions, tenant: Tenant, limit: number): Promise<JournalEntry[]> {
  const found = await options.store.journalPage({ tenantId: tenant.tenantId, lineIds: 'all', limit });
  return found.flatMap(entriesOf(options, tenant));
}

function entriesOf({ switchboard, contactOf }: JournalCommandsOptions, { tenantId }: Tenant) {
  const names = new Map(switchboard.lines(tenantId).map((line) => [line.lineId, line.name]));
  return (conversation: Conversation): JournalEntry[] => {
    const entry = entryOf(conversation, {
      rightsOn: () => ALL_RIGHTS,
      contactOf: (number) => contactOf(tenantId, number),
      lineName: (lineId) => names.get(lineId),
    });
    return entry && !('gone' in entry) ? [entry] : [];
  };
}

async function eachBefore(
  { store }: JournalCommandsOptions,
  { tenantId }: Tenant,
  { until, hasRoom, signal }: { until: string | undefined; hasRoom(): Promise<void>; signal: AbortSignal },
  visit: (conversation: Conversation) => 'more' | 'enough',
): Promise<void> {
  let before = until;
  while (!signal.aborted) {
    const page = await store.journalPage({ tenantId, lineIds: 'all', limit: PAGE, ...(before && { before }) });
    for (const conversation of page) if (visit(conversation) === 'enough') return;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    before = pageEndOf(last);
    await hasRoom();
  }
}

function isAbout({ legs }: Conversation, keys: ReadonlySet<string>): boolean {
  return legs.some(({ remote, dialled, direction }) => {
    const outside = direction === 'inbound' || !dialled ? [remote.number] : [remote.number, dialled];
    return outside.some((number) => keys.has(keyOf(number) ?? ''));
  });
}

function keysOf(options: JournalCommandsOptions, tenant: Tenant, number: string): Set<string> {
  return new Set(readingsOf(options, tenant, number).flatMap((one) => keyOf(one) ?? []));
}

// As it may have been reported: by each of the tenant's phone systems, and as it was typed.
function readingsOf({ locationsOf }: JournalCommandsOptions, { tenantId }: Tenant, text: string): PhoneNumber[] {
  const read = locationsOf(tenantId).map((location) => readNumber(text, location));
  const known = read.filter(({ kind }) => kind !== 'raw');
  if (known.length === 0 && !/[0-9]{2}/.test(text)) {
    throw new ControlError('refused', `"${text}" is no number: write it in quotes, such as "+49 30 23125042"`);
  }
  return [...known, { kind: 'raw', text }];
}

async function tenantsNamed(store: Pick<Store, 'tenants'>, name: string | undefined): Promise<readonly Tenant[]> {
  return name === undefined ? store.tenants() : [await tenantNamed(store, name)];
}
