// Whom numbers belong to by the word of the company's agents: which of several contacts was meant, or whose number it is that
// no source has. Held in memory, since a call does not wait; kept in the store. It knows numbers and ids alone: whether
// somebody may see a contact is asked where it is shown.
import type { Clock } from './clock.ts';
import type { Store } from './store/store.ts';

type NumberContact = Parameters<Store['putNumberContact']>[0];

export interface NumberContacts {
  /** The contacts chosen for a number, `'crm:42'`, the latest choice first. */
  of(tenantId: string, number: string): readonly string[];
  /** The numbers that were given to a contact. */
  numbersOf(tenantId: string, contactId: string): readonly string[];
  choose(chosen: Omit<NumberContact, 'chosenAt'>): Promise<void>;
  /** Takes a choice back; one that is not there is no fault. */
  undo(chosen: Pick<NumberContact, 'tenantId' | 'number' | 'contactId'>): Promise<void>;
  /** The number is to be known of nobody any more. */
  forget(tenantId: string, number: string): Promise<void>;
  /** Hears of every number that belongs to somebody else now. */
  onChange(listener: (change: { tenantId: string; number: string }) => void): () => void;
}

// Nobody has so many contacts under one number.
const MOST_CHOICES = 8;

/** Reads what was chosen; later look-ups need no store. */
export async function openNumberContacts({
  store,
  clock,
}: {
  store: Pick<Store, 'numberContacts' | 'putNumberContact' | 'removeNumberContact'>;
  clock: Pick<Clock, 'now'>;
}): Promise<NumberContacts> {
  const byNumber = new Map<string, readonly string[]>();
  const listeners = new Set<(change: { tenantId: string; number: string }) => void>();
  for (const { tenantId, number, contactId } of await store.numberContacts()) {
    const key = keyOf(tenantId, number);
    byNumber.set(key, [...(byNumber.get(key) ?? []), contactId]);
  }

  function set(tenantId: string, number: string, contactIds: readonly string[]): void {
    const key = keyOf(tenantId, number);
    if (contactIds.length === 0) byNumber.delete(key);
    else byNumber.set(key, contactIds);
    for (const listener of [...listeners]) listener({ tenantId, number });
  }

  // Asked with every report of a call; few companies have ever chosen anything.
  const of = (tenantId: string, number: string) =>
    byNumber.size === 0 ? NONE : (byNumber.get(keyOf(tenantId, number)) ?? NONE);
  return {
    of,
    numbersOf(tenantId, contactId) {
      const start = keyOf(tenantId, '');
      return [...byNumber].flatMap(([key, contactIds]) =>
        key.startsWith(start) && contactIds.includes(contactId) ? [key.slice(start.length)] : [],
      );
    },
    async choose({ tenantId, number, contactId }) {
      const chosenAt = new Date(clock.now()).toISOString();
      await store.putNumberContact({ tenantId, number, contactId, chosenAt });
      const others = of(tenantId, number).filter((one) => one !== contactId);
      const kept = [contactId, ...others].slice(0, MOST_CHOICES);
      for (const old of others.slice(MOST_CHOICES - 1)) {
        await store.removeNumberContact({ tenantId, number, contactId: old });
      }
      set(tenantId, number, kept);
    },
    async undo({ tenantId, number, contactId }) {
      if ((await store.removeNumberContact({ tenantId, number, contactId })) === 0) return;
      const rest = of(tenantId, number).filter((one) => one !== contactId);
      set(tenantId, number, rest);
    },
    async forget(tenantId, number) {
      if ((await store.removeNumberContact({ tenantId, number })) > 0) set(tenantId, number, []);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const NONE: readonly string[] = [];

// No tenant's id has a blank.
function keyOf(tenantId: string, number: string): string {
  return `${tenantId} ${number}`;
}
