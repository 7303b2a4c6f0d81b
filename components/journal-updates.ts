// Entries that a view got page by page, kept current by what the worker is told of them. Never asks for anything.
import type { JournalEntry } from '@offhook/protocol';
import type { JournalState, KeptNote } from '#lib/journal.ts';

/**
 * The paged entries, newest first, with what was told of them since. `all`: no search chose them, so what lies between
 * them belongs to them, too.
 */
export function withUpdates(
  paged: readonly JournalEntry[],
  updates: JournalState['updates'],
  { are }: { are: 'all' | 'found' },
): readonly JournalEntry[] {
  const oldest = paged.at(-1)?.startedAt;
  if (oldest === undefined || !updates) return paged;
  const byId = new Map(paged.map((entry) => [entry.entryId, entry]));
  for (const update of updates) {
    const entry = byId.get(update.entryId);
    if ('gone' in update) {
      byId.delete(update.entryId);
    } else if ('kept' in update) {
      if (entry) byId.set(update.entryId, withNote(entry, update));
    } else if (entry || (are === 'all' && update.startedAt >= oldest)) {
      byId.set(update.entryId, update);
    }
  }
  return [...byId.values()].sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
}

// The rule of lib/journal.ts, for drawing: what was not written stays, and `null` takes back.
function withNote(entry: JournalEntry, { kept }: KeptNote): JournalEntry {
  const { note, disposition, ...rest } = entry;
  const { text = note, disposition: outcome = disposition } = kept;
  return { ...rest, ...(text && { note: text }), ...(outcome && { disposition: outcome }) };
}
