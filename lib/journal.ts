// The journal as this browser holds it: the newest entries, what was written about them, and how far the agent has looked.
// The relay's word decides; what is shown here is as old as the link. Pure: lib/journal-holder.ts keeps it.
import type { Disposition, EntryForm, GoneEntry, JournalEntry, JournalGap } from '@offhook/protocol';
import type { RefusalCode } from './phone.ts';

/** What the agent wrote about a call and the relay has not kept yet; shown in place of the entry's own. */
export interface NoteDraft {
  text?: string | undefined;
  /** `null`: taken back. */
  disposition?: Disposition | null | undefined;
  /** `saving`: on its way or about to be. `waiting`: the relay is away; it is kept here and sent later. */
  state: 'saving' | 'waiting' | { type: 'failed'; code: RefusalCode };
}

/** The relay kept a note about an entry that this browser does not hold. */
export interface KeptNote {
  entryId: string;
  kept: Pick<NoteDraft, 'text' | 'disposition'>;
}

/** A form of the CRM that was opened for a call here; `at` is `Date.now()`. Whether it was saved is not known. */
export interface OpenedForm {
  entryId: string;
  form: EntryForm;
  at: number;
}

/** What was told of an entry outside of those that are held; a view that got it by a page shows this in its place. */
export type JournalUpdate = JournalEntry | GoneEntry | KeptNote;

export interface JournalState {
  /** Newest first and without a hole; those of which this browser knows without asking, at most 200. */
  entries: readonly JournalEntry[];
  /** The last 100 that were told of other entries, one each, the latest last. */
  updates?: readonly JournalUpdate[] | undefined;
  /** The last 100 forms that were opened in this browser session, each once, the latest last. */
  openedForms?: readonly OpenedForm[] | undefined;
  /** Whether the relay has told the newest entries since this profile was paired; false while that is awaited. */
  isLoaded: boolean;
  /** Missed calls that started later stand out (ISO 8601 of the relay). */
  seenUntil?: string | undefined;
  /** When nobody was listening, so that calls may be missing; the newest first. */
  gaps?: readonly JournalGap[] | undefined;
  /** By entryId, which is the call's conversationId while it runs. */
  drafts: Readonly<Record<string, NoteDraft>>;
}

/** What the relay told of the journal, without the drafts of this browser. */
export interface HeldJournal extends Omit<JournalState, 'drafts'> {
  /** Where the live stream stands; the next sign-in resumes there. */
  cursor?: string | undefined;
  /** Everything that started from then on is held; absent: everything there is, or nobody has said yet. */
  oldestAt?: string | undefined;
}

/** What can happen to it. */
export type JournalEvent =
  /** From the live stream: new entries, changed ones, and those that became part of others. */
  | { type: 'stream'; items: readonly (JournalEntry | GoneEntry)[]; cursor: string }
  /** The newest page. What the stream told since it was asked for (`toldSince`) is newer than the page. */
  | {
      type: 'newest';
      items: readonly (JournalEntry | GoneEntry)[];
      hasMore: boolean;
      toldSince: ReadonlySet<string>;
    }
  | { type: 'seen'; until: string }
  | { type: 'gaps'; gaps: readonly JournalGap[] }
  /** The relay kept what was written here. */
  | { type: 'kept'; entryId: string; text?: string | undefined; disposition?: Disposition | null | undefined }
  | ({ type: 'form-opened' } & OpenedForm)
  | { type: 'restored'; journal: HeldJournal }
  | { type: 'forgotten' };

const MOST_ENTRIES = 200;
const MOST_UPDATES = 100;
const MOST_OPENED = 100;

/** The journal before anything is known. */
export const EMPTY_JOURNAL: JournalState = { entries: [], isLoaded: false, drafts: {} };

/** Whether this entry is a missed call at which nobody has looked yet, and after which nobody has promised to call back. */
export function isNews(
  { outcome, startedAt, callBack }: JournalEntry,
  { seenUntil }: Pick<JournalState, 'seenUntil'>,
): boolean {
  return outcome === 'missed' && !callBack && (seenUntil === undefined || startedAt > seenUntil);
}

/** The journal after an event. Answers the same object when nothing changed. */
export function reduceJournal(held: HeldJournal, event: JournalEvent): HeldJournal {
  switch (event.type) {
    case 'stream':
      return withItems({ ...held, cursor: event.cursor }, event.items);
    case 'newest':
      return withNewest(held, event);
    case 'seen':
      return held.seenUntil !== undefined && held.seenUntil >= event.until ? held : { ...held, seenUntil: event.until };
    case 'gaps':
      return { ...held, gaps: event.gaps };
    case 'kept':
      return withKept(held, event);
    case 'form-opened':
      return withOpened(held, event);
    case 'restored':
      return event.journal;
    case 'forgotten':
      return { entries: [], isLoaded: false };
    default:
      return event satisfies never;
  }
}

function withKept(held: HeldJournal, { entryId, text, disposition }: JournalEvent & { type: 'kept' }): HeldJournal {
  const kept = { text, disposition };
  const index = held.entries.findIndex((entry) => entry.entryId === entryId);
  const entry = held.entries[index];
  if (entry) return { ...held, entries: held.entries.with(index, withNote(entry, kept)) };
  return { ...held, updates: withTold(held.updates, [{ entryId, kept }]) };
}

function withOpened(held: HeldJournal, { entryId, form, at }: OpenedForm): HeldJournal {
  const others = (held.openedForms ?? []).filter((one) => one.entryId !== entryId || one.form !== form);
  return { ...held, openedForms: [...others, { entryId, form, at }].slice(-MOST_OPENED) };
}

function withNote(entry: JournalEntry, { text, disposition }: KeptNote['kept']): JournalEntry {
  const { note: oldNote, disposition: oldDisposition, ...rest } = entry;
  const note = text ?? oldNote;
  const outcome = disposition === undefined ? oldDisposition : disposition;
  return { ...rest, ...(note !== undefined && note !== '' && { note }), ...(outcome && { disposition: outcome }) };
}

// A change of an old entry must not make it the oldest that is held: everything between would seem to be gone.
function withItems(held: HeldJournal, items: readonly (JournalEntry | GoneEntry)[]): HeldJournal {
  const byId = new Map(held.entries.map((entry) => [entry.entryId, entry]));
  const outside: JournalUpdate[] = [];
  for (const item of items) {
    byId.delete(item.entryId);
    if ('gone' in item || !isInReach(item, held)) outside.push(item);
    else byId.set(item.entryId, item);
  }
  const all = [...byId.values()].sort(newestFirst);
  const entries = all.slice(0, MOST_ENTRIES);
  outside.push(...all.slice(MOST_ENTRIES));
  const oldestAt = all.length > MOST_ENTRIES ? entries.at(-1)?.startedAt : held.oldestAt;
  const updates = withTold(
    held.updates?.filter(({ entryId }) => !byId.has(entryId)),
    outside,
  );
  return { ...held, entries, oldestAt, updates };
}

function isInReach({ startedAt }: JournalEntry, { oldestAt }: HeldJournal): boolean {
  return oldestAt === undefined || startedAt >= oldestAt;
}

function withTold(known: readonly JournalUpdate[] = [], told: readonly JournalUpdate[]): HeldJournal['updates'] {
  const byId = new Map(known.map((update) => [update.entryId, update]));
  for (const update of told) {
    const before = byId.get(update.entryId);
    byId.delete(update.entryId);
    byId.set(update.entryId, before && 'kept' in update ? withKeptNote(before, update) : update);
  }
  return byId.size === 0 ? undefined : [...byId.values()].slice(-MOST_UPDATES);
}

function withKeptNote(before: JournalUpdate, { entryId, kept }: KeptNote): JournalUpdate {
  if ('gone' in before) return before;
  if (!('kept' in before)) return withNote(before, kept);
  const { text = before.kept.text, disposition = before.kept.disposition } = kept;
  return { entryId, kept: { text, disposition } };
}

// The page is the truth for its whole range: what it does not hold there is gone. What is older stays only if it joins on.
function withNewest(held: HeldJournal, { items, hasMore, toldSince }: JournalEvent & { type: 'newest' }): HeldJournal {
  const ids = new Set(items.map(({ entryId }) => entryId));
  const oldest = items.findLast((item) => 'startedAt' in item)?.startedAt ?? '';
  const joinsOn = hasMore && held.isLoaded && held.entries.some(({ entryId }) => ids.has(entryId));
  const stays = held.entries.filter(
    ({ entryId, startedAt }) => toldSince.has(entryId) || (joinsOn && startedAt < oldest && !ids.has(entryId)),
  );
  const oldestAt = joinsOn ? held.oldestAt : hasMore ? oldest : undefined;
  return withItems({ ...held, isLoaded: true, entries: [], oldestAt }, [
    ...stays,
    ...items.filter(({ entryId }) => !toldSince.has(entryId)),
  ]);
}

function newestFirst(a: JournalEntry, b: JournalEntry): number {
  if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt ? 1 : -1;
  return a.entryId < b.entryId ? 1 : -1;
}
