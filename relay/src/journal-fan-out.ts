// Tells those connections of a conversation that watch one of its lines, and no others. It decides nothing about rights:
// who is told makes the entry, or none, by the rights of that moment.
import type { Viewer } from './access.ts';
import type { Conversation } from './store/store.ts';
import { createWatchIndex } from './watch-index.ts';

/** A connection that wants to be told. */
export interface JournalWatcher {
  /** The conversation was saved, or is gone. */
  told(conversation: Conversation): void;
}

export interface JournalFanOut {
  /** From now on the watcher hears of calls on the lines that the viewer watches. Once more replaces what was there. */
  watch(watcher: JournalWatcher, viewer: Viewer): void;
  unwatch(watcher: JournalWatcher): void;
  /** Grows with every conversation of the tenant that is told of, to whomever. */
  toldCount(tenantId: string): number;
}

/** The fan-out of one relay's journal; `onConversation` tells in the order of `seq`. */
export function createJournalFanOut(
  onConversation: (listener: (conversation: Conversation) => void) => unknown,
): JournalFanOut {
  const index = createWatchIndex<JournalWatcher>();
  const counts = new Map<string, number>();
  const toldCount = (tenantId: string) => counts.get(tenantId) ?? 0;
  onConversation((conversation) => {
    const { tenantId, legs } = conversation;
    counts.set(tenantId, toldCount(tenantId) + 1);
    const lineIds = [...new Set(legs.map(({ lineId }) => lineId))];
    index.each(tenantId, lineIds, (watcher) => watcher.told(conversation));
  });
  return { watch: index.set, unwatch: index.remove, toldCount };
}
