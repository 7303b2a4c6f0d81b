// Who watches which line, so that a change is told to a few and not offered to thousands. It follows grants as they were
// when somebody was entered, and decides nothing: whoever is told makes sure that those rights are still the ones that hold.
import type { Viewer } from './access.ts';

export interface WatchIndex<Watcher, Mark> {
  /** From now on the watcher is found by the lines that the viewer watches. Once more replaces what was there. */
  set(watcher: Watcher, viewer: Viewer): void;
  remove(watcher: Watcher): void;
  /**
   * Calls `tell` for those who watch one of the lines, each once, those who watch all lines of the tenant included. The
   * mark is the one of the viewer who was entered and of the line; there is none where somebody watches all lines, or
   * where there is more than one line.
   */
  each(tenantId: string, lineIds: readonly string[], tell: (watcher: Watcher, mark: Mark | undefined) => void): void;
}

/** An index of nobody. `markOf` is asked when somebody is entered, for each of the lines. */
export function createWatchIndex<Watcher, Mark = undefined>(
  markOf: (viewer: Viewer, lineId: string) => Mark | undefined = () => undefined,
): WatchIndex<Watcher, Mark> {
  const byLine = new Map<string, Map<Watcher, Mark | undefined>>();
  const byTenant = new Map<string, Map<Watcher, Mark | undefined>>();
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

  function enter(book: typeof byLine, key: string, watcher: Watcher, mark: Mark | undefined): void {
    const watchers = book.get(key);
    if (watchers) watchers.set(watcher, mark);
    else book.set(key, new Map([[watcher, mark]]));
  }

  return {
    remove,
    set(watcher, viewer) {
      remove(watcher);
      const lines = viewer.linesWith('watch');
      const { tenantId } = viewer.tenant;
      if (lines === 'all') enter(byTenant, tenantId, watcher, undefined);
      else for (const lineId of lines) enter(byLine, lineId, watcher, markOf(viewer, lineId));
      places.set(watcher, lines === 'all' ? { book: byTenant, keys: [tenantId] } : { book: byLine, keys: [...lines] });
    },
    // No iterators on the way: this is gone through for every delivery.
    each(tenantId, lineIds, tell) {
      const telling = (mark: Mark | undefined, watcher: Watcher) => tell(watcher, mark);
      const [only] = lineIds;
      // Who watches all lines is found by the tenant alone: nobody is in both books.
      if (lineIds.length === 1 && only !== undefined) byLine.get(only)?.forEach(telling);
      else
        for (const watcher of new Set(lineIds.flatMap((id) => [...(byLine.get(id)?.keys() ?? [])])))
          tell(watcher, undefined);
      byTenant.get(tenantId)?.forEach(telling);
    },
  };
}
