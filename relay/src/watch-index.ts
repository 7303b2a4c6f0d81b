// Who watches which line, so that a change is told to a few and not offered to thousands. It follows grants as they were
// when somebody was entered, and decides nothing: whoever is told looks up the rights of that moment.
import type { Viewer } from './access.ts';

export interface WatchIndex<Watcher> {
  /** From now on the watcher is found by the lines that the viewer watches. Once more replaces what was there. */
  set(watcher: Watcher, viewer: Viewer): void;
  remove(watcher: Watcher): void;
  /** Those who watch one of the lines, each once; those who watch all lines of the tenant included. */
  of(tenantId: string, lineIds: readonly string[]): Iterable<Watcher>;
}

/** An index of nobody. */
export function createWatchIndex<Watcher>(): WatchIndex<Watcher> {
  const byLine = new Map<string, Set<Watcher>>();
  const byTenant = new Map<string, Set<Watcher>>();
  const places = new Map<Watcher, { book: typeof byLine; keys: readonly string[] }>();

  function remove(watcher: Watcher): void {
    const place = places.get(watcher);
    if (!place) return;
    places.delete(watcher);
    for (const key of place.keys) {
      const watchers = place.book.get(key);
      watchers?.delete(watcher);
      if (watchers?.size === 0) place.book.delete(key);
    }
  }

  return {
    remove,
    set(watcher, { tenant, linesWith }) {
      remove(watcher);
      const lines = linesWith('watch');
      const place = lines === 'all' ? { book: byTenant, keys: [tenant.tenantId] } : { book: byLine, keys: [...lines] };
      places.set(watcher, place);
      for (const key of place.keys) place.book.set(key, (place.book.get(key) ?? new Set()).add(watcher));
    },
    *of(tenantId, lineIds) {
      const [only] = lineIds;
      // Who watches all lines is found by the tenant alone: nobody is in both books.
      if (lineIds.length === 1 && only !== undefined) yield* byLine.get(only) ?? [];
      else yield* new Set(lineIds.flatMap((lineId) => [...(byLine.get(lineId) ?? [])]));
      yield* byTenant.get(tenantId) ?? [];
    },
  };
}
