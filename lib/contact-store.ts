// The browser's own database under contacts.ts. The key of the hashes is made here once and cannot be read out, so that a
// copy of the database tells names, but to no number whether it is among them. Clearing it makes a new key.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ContactStore, KeptContact } from './contacts.ts';

interface Schema extends DBSchema {
  contacts: { key: string; value: KeptContact; indexes: { at: number } };
  keys: { key: string; value: CryptoKey };
}

const ALGORITHM: HmacKeyGenParams = { name: 'HMAC', hash: 'SHA-256' };
const KEY_ID = 'numbers';

/** The store of this profile. */
export function profileContactStore(): ContactStore {
  return {
    keyOf: (number) => withDatabase(async (database) => hashed(await hashKey(database), number)),
    get: (key) => withDatabase((database) => database.get('contacts', key)),
    put: (key, kept) =>
      withDatabase(async (database) => {
        await database.put('contacts', kept, key);
      }),
    remove: (key) => withDatabase((database) => database.delete('contacts', key)),
    trim: ({ most, before }) =>
      withDatabase(async (database) => {
        const { store, done } = database.transaction('contacts', 'readwrite');
        let left = (await store.count()) - most;
        let cursor = await store.index('at').openCursor();
        for (; cursor && (left > 0 || cursor.value.at < before); left -= 1) {
          await cursor.delete();
          cursor = await cursor.continue();
        }
        await done;
      }),
    clear: () =>
      withDatabase(async (database) => {
        await database.clear('contacts');
        await database.clear('keys');
      }),
  };
}

// Of two keys that are made at the same time the first one stored is the profile's.
async function hashKey(database: IDBPDatabase<Schema>): Promise<CryptoKey> {
  const stored = await database.get('keys', KEY_ID);
  if (stored) return stored;
  const made = await crypto.subtle.generateKey(ALGORITHM, false, ['sign']);
  const { store, done } = database.transaction('keys', 'readwrite');
  const first = await store.get(KEY_ID);
  if (!first) await store.put(made, KEY_ID);
  await done;
  return first ?? made;
}

async function hashed(key: CryptoKey, number: string): Promise<string> {
  const bytes = await crypto.subtle.sign(ALGORITHM, key, new TextEncoder().encode(number));
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

async function withDatabase<Answer>(act: (database: IDBPDatabase<Schema>) => Promise<Answer>): Promise<Answer> {
  const database = await openDB<Schema>('offhook-contacts', 1, {
    upgrade: (fresh) => {
      fresh.createObjectStore('contacts').createIndex('at', 'at');
      fresh.createObjectStore('keys');
    },
  });
  try {
    return await act(database);
  } finally {
    database.close();
  }
}
