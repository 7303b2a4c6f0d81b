// Everything about whom numbers belong to, put together: the directory with its sources, what agents chose, who was spoken
// with last; and that a change of it reaches calls that run and the journal. relay.ts opens it before any phone system speaks.
import type { Logger } from 'pino';
import type { ContactsConfig } from './config.ts';
import { type ContactChoices, createContactChoices } from './contact-choice.ts';
import { type ContactFacts, createContactFacts } from './contact-facts.ts';
import { type ContactImports, openContactImports } from './contact-imports.ts';
import type { ContactContext } from './contact-requests.ts';
import type { LiveSource } from './contacts/source.ts';
import type { Erasures } from './erasures.ts';
import type { HistoryContext } from './history.ts';
import type { Journal } from './journal.ts';
import { type NumberContacts, openNumberContacts } from './number-contacts.ts';
import { createRecentNumbers, type RecentNumbers } from './recent-numbers.ts';
import type { Conversation, Store } from './store/store.ts';
import type { Switchboard } from './switchboard.ts';

export interface ContactDesk {
  imports: ContactImports;
  choices: ContactChoices;
  chosen: NumberContacts;
  facts: ContactFacts;
  /** From now on, calls are noted, and a change of a contact is told of where its calls are shown. */
  follow(parts: { switchboard: Pick<Switchboard, 'renew'>; journal: Pick<Journal, 'renew' | 'onConversation'> }): void;
  /** The same erasing, with what agents said of the number. */
  erasingWith(erasures: Erasures): Erasures;
  /** What requests for past calls need. */
  historyOf(parts: Pick<HistoryContext, 'entryFor'> & Omit<ContactContext, 'directory'>): HistoryContext;
  close(): void;
}

type Parts = Omit<Parameters<typeof openContactImports>[0], 'chosen' | 'recent'> & {
  store: Store;
  log: Logger;
  /** How the CRM behind a source is asked when somebody calls. */
  openLive(entry: ContactsConfig): LiveSource | undefined;
};

// Enough to know whom each agent spoke with in the last days; read before the first call.
const READ_CALLS = 2_000;

/** Opens it with what the store holds. */
export async function openContactDesk(parts: Parts): Promise<ContactDesk> {
  const { store, clock, log } = parts;
  const chosen = await openNumberContacts({ store, clock });
  const recent = createRecentNumbers();
  for (const { tenantId } of await store.tenants()) {
    const newest = await store.journalPage({ tenantId, lineIds: 'all', limit: READ_CALLS });
    for (const conversation of newest.reverse()) noteCall(recent, conversation);
  }
  const imports = await openContactImports({ ...parts, chosen, recent });
  const { directory } = imports;
  const { live } = parts;
  const facts = createContactFacts({
    directory,
    live(tenantId, source) {
      const entry = live.config.contacts.find(({ id, tenant }) => id === source && tenant === tenantId);
      return entry && parts.openLive(entry);
    },
    locationOf: (tenantId) => live.config.pbx.find(({ tenant }) => tenant === tenantId)?.location,
    clock,
    log,
  });
  const undo: (() => void)[] = [() => imports.close()];
  return {
    imports,
    chosen,
    facts,
    choices: createContactChoices({ chosen, directory, log }),
    follow({ switchboard, journal }) {
      undo.push(journal.onConversation((conversation) => noteCall(recent, conversation)));
      const stop = chosen.onChange(({ tenantId, number }) => {
        switchboard.renew(tenantId, number);
        // Should it fail, entries are right as soon as they are asked for again.
        journal
          .renew(tenantId, number)
          .catch((error: unknown) => log.error({ err: error }, 'old calls were not renewed'));
      });
      undo.push(stop);
    },
    erasingWith: (erasures) => ({
      async erase(tenantId, numbers) {
        for (const number of numbers) if (number.kind === 'e164') await chosen.forget(tenantId, number.number);
        return erasures.erase(tenantId, numbers);
      },
    }),
    historyOf: (shown) => ({
      ...shown,
      directory,
      numbersOf: directory.numbersOf,
      pageOf: store.journalPageOf,
    }),
    close() {
      for (const stop of undo.splice(0)) stop();
    },
  };
}

function noteCall(recent: RecentNumbers, { tenantId, legs, mergedInto }: Conversation): void {
  if (mergedInto !== undefined) return;
  for (const { remote, startedAt } of legs) recent.note(tenantId, remote.number, startedAt);
}
