// The database of contacts, in memory. What is stored outlives the worker.
import type { ContactStore, KeptContact } from '#lib/contacts.ts';

/** A store, and what stands in it. */
export function createFakeContacts(): { store: ContactStore; kept: Map<string, KeptContact>; breaks: boolean } {
  const kept = new Map<string, KeptContact>();
  const fake = {
    kept,
    /** Whether every access fails. */
    breaks: false,
    store: {
      async keyOf(number: string) {
        if (fake.breaks) throw new Error('broken');
        return `hash of ${number}`;
      },
      get: async (key: string) => kept.get(key),
      put: async (key: string, one: KeptContact) => void kept.set(key, one),
      remove: async (key: string) => void kept.delete(key),
      async trim({ most, before }: { most: number; before: number }) {
        for (const [key, { at }] of kept) if (at < before) kept.delete(key);
        const oldest = [...kept].sort(([, a], [, b]) => a.at - b.at);
        for (const [key] of oldest.slice(0, Math.max(0, kept.size - most))) kept.delete(key);
      },
      clear: async () => kept.clear(),
    },
  };
  return fake;
}
