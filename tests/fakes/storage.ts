// A storage area in memory. What is stored is copied, as a browser does it.
import type { KeyValueStore } from '#lib/settings.ts';

export interface FakeStorage extends KeyValueStore {
  /** What is stored now. */
  items: Map<string, unknown>;
}

/** An empty area. */
export function createFakeStorage(): FakeStorage {
  const items = new Map<string, unknown>();
  return {
    items,
    get: async (key) => (items.has(key) ? { [key]: structuredClone(items.get(key)) } : {}),
    async set(changes) {
      for (const [key, value] of Object.entries(changes)) items.set(key, structuredClone(value));
    },
    remove: async (key) => void items.delete(key),
  };
}
