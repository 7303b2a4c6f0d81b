// Whom numbers belong to, as far as this browser has been told lately: so that a name stands in the notification although
// the relay does not know it yet, or cannot be asked. Numbers are kept as keyed hashes that only this profile can make;
// names stand beside them. Who was not heard of for long is forgotten, and all of it with the right to the relay.
import type { Contact, PhoneNumber } from '@offhook/protocol';
import { createTurns } from './in-turn.ts';

/** A contact of this browser's memory. */
export interface KeptContact {
  contact: Contact;
  /** When it was told last, in milliseconds since 1970. */
  at: number;
}

/** Where contacts are kept, by keys that tell nothing of the number. */
export interface ContactStore {
  /** The key of a number, `'+493023125007'`. */
  keyOf(number: string): Promise<string>;
  get(key: string): Promise<KeptContact | undefined>;
  put(key: string, kept: KeptContact): Promise<void>;
  remove(key: string): Promise<void>;
  /** Forgets those from before, and the oldest until so many are left. */
  trim(limits: { most: number; before: number }): Promise<void>;
  clear(): Promise<void>;
}

export interface ContactMemory {
  /** Keeps whom a number belongs to for sure; nobody: it belongs to nobody any more. */
  keep(number: PhoneNumber, contact: Contact | undefined): Promise<void>;
  /** Whom it belonged to when it was told last. */
  recall(number: PhoneNumber): Promise<Contact | undefined>;
  forget(): Promise<void>;
}

/** More are not kept; nobody speaks with more people than that. */
const MOST_CONTACTS = 2_000;
const TRIM_EVERY = 100;
// As long as a journal is usually kept: a person whom the company has erased must not stand here for ever.
const LONGEST_KEPT_MS = 90 * 86_400_000;

/** The memory of one worker. Storage that fails costs the name, nothing else: nothing here rejects. */
export function createContactMemory(options: { store: ContactStore; now(): number }): ContactMemory {
  const { store, now } = options;
  // What was kept with this worker already: calls are told many times over.
  const known = new Map<string, string>();
  // What is being kept must not come back after it was forgotten.
  const inTurn = createTurns();
  let round = 0;
  let puts = 0;

  async function keep(number: string, contact: Contact | undefined): Promise<void> {
    const key = await store.keyOf(number);
    if (!contact) return store.remove(key);
    await store.put(key, { contact, at: now() });
    puts += 1;
    if (puts % TRIM_EVERY === 1) await store.trim({ most: MOST_CONTACTS, before: now() - LONGEST_KEPT_MS });
  }

  return {
    async keep(number, contact) {
      // A guess is not worth keeping.
      if (number.kind !== 'e164' || (contact && contact.match !== 'exact')) return;
      const text = contact ? JSON.stringify(contact) : '';
      if (known.get(number.number) === text) return;
      known.set(number.number, text);
      const mine = round;
      await inTurn(async () => {
        if (mine === round) await keep(number.number, contact);
      }).catch(() => void known.delete(number.number));
    },
    async recall(number) {
      if (number.kind !== 'e164') return undefined;
      const kept = await store
        .keyOf(number.number)
        .then(store.get)
        .catch(() => undefined);
      return kept && now() - kept.at < LONGEST_KEPT_MS ? kept.contact : undefined;
    },
    async forget() {
      round += 1;
      known.clear();
      await inTurn(store.clear).catch(() => undefined);
    },
  };
}
