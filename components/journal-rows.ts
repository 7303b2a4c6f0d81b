// What the journal shows, worked out without drawing: which entries, in which order, under which day, in which words.
// Never decides what happened in a call; the relay's outcome does.
import type { Disposition, JournalEntry, JournalGap } from '@offhook/protocol';
import type { PlainKey } from '#lib/i18n.ts';
import type { JournalState, NoteDraft } from '#lib/journal.ts';
import type { Words } from '#lib/words.ts';
import type { IconName } from './icons.tsx';
import { partyOf } from './party.ts';

/** What of the journal is looked at. */
export interface JournalChoice {
  shows: 'all' | 'missed';
  /** As typed; blanks around it do not count. */
  text: string;
}

export interface JournalDay<Item> {
  /** `'Today'`, `'Tuesday'`, `'3 March'` */
  name: string;
  entries: readonly Item[];
}

/**
 * What this browser holds and what the relay told of the past as one list, newest first. Where both have an entry the
 * own copy is the newer one; what the relay told of our own time and we do not hold has become part of another entry.
 */
export function mergeEntries(held: JournalState, paged: readonly JournalEntry[]): JournalEntry[] {
  const oldest = held.entries.at(-1)?.startedAt;
  const ids = new Set(held.entries.map(({ entryId }) => entryId));
  const past = new Map(
    paged
      .filter(({ entryId, startedAt }) => !ids.has(entryId) && !(held.isLoaded && oldest && startedAt > oldest))
      .map((entry) => [entry.entryId, entry]),
  );
  return [...held.entries, ...past.values()].sort(
    (a, b) => compare(b.startedAt, a.startedAt) || compare(a.entryId, b.entryId),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Whether an entry is what was asked for, as far as this browser can tell. */
export function isChosen(entry: JournalEntry, { shows, text }: JournalChoice, words: Words): boolean {
  if (shows === 'missed' && entry.outcome !== 'missed') return false;
  const asked = text.trim().toLocaleLowerCase();
  if (asked === '') return true;
  const { number, name, contact } = entry.remote;
  const shown = [words.number(number, { isKnown: true }), words.number(number, { isKnown: false })];
  const texts = [name, contact?.name, contact?.company, entry.note, ...shown];
  if (texts.some((one) => one?.toLocaleLowerCase().includes(asked))) return true;
  const digits = digitsOf(asked);
  return digits.length >= 2 && /^[\d\s()+/.-]+$/.test(asked) && shown.some((one) => digitsOf(one).includes(digits));
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

/**
 * The entries with the times between them in which nobody was listening, newest first. Of what is older than the last row
 * nothing is said before those rows are there.
 */
export function withGaps(
  entries: readonly JournalEntry[],
  gaps: readonly JournalGap[] = [],
  { isComplete }: { isComplete: boolean },
): (JournalEntry | JournalGap)[] {
  const oldest = entries.at(-1)?.startedAt;
  const shown = gaps.filter(({ startedAt }) => isComplete || (oldest !== undefined && startedAt >= oldest));
  return [...entries, ...shown].sort((a, b) => compare(b.startedAt, a.startedAt));
}

/** The entries under their days. They must come in the order of their times. */
export function daysOf<Item extends { startedAt: string }>(
  entries: readonly Item[],
  words: Words,
  now: number,
): JournalDay<Item>[] {
  const days: { name: string; entries: Item[] }[] = [];
  for (const entry of entries) {
    const name = words.day(Date.parse(entry.startedAt), now);
    const last = days.at(-1);
    if (last?.name === name) last.entries.push(entry);
    else days.push({ name, entries: [entry] });
  }
  return days;
}

/** Whether this entry is a missed call at which nobody has looked yet: the rule of lib/journal.ts, for drawing. */
export function isUnseen(
  { outcome, startedAt, callBack }: JournalEntry,
  { seenUntil }: Pick<JournalState, 'seenUntil'>,
): boolean {
  return outcome === 'missed' && !callBack && (seenUntil === undefined || startedAt > seenUntil);
}

/** What was written about the call and is not kept by the relay yet. Ids come from outside: only own entries count. */
export function draftOf({ entryId }: JournalEntry, { drafts }: Pick<JournalState, 'drafts'>): NoteDraft | undefined {
  return Object.hasOwn(drafts, entryId) ? drafts[entryId] : undefined;
}

/** The note as the agent last wrote it, kept by the relay or not yet. */
export function noteOf(entry: JournalEntry, journal: Pick<JournalState, 'drafts'>): string {
  return (draftOf(entry, journal)?.text ?? entry.note ?? '').trim();
}

/** What the agent says came of the call, if anything that has a word here. */
export function dispositionOf(entry: JournalEntry, journal: Pick<JournalState, 'drafts'>): Disposition | undefined {
  const drafted = draftOf(entry, journal)?.disposition;
  const disposition = drafted === undefined ? entry.disposition : drafted;
  return disposition === 'unknown' || disposition === null ? undefined : disposition;
}

const OUTCOME_KEYS: Record<Exclude<JournalEntry['outcome'], 'answered' | 'unknown' | undefined>, PlainKey> = {
  missed: 'journal_missed',
  noAnswer: 'journal_no_answer',
  busy: 'journal_busy',
  failed: 'journal_failed',
  answeredElsewhere: 'journal_elsewhere',
  forwarded: 'journal_forwarded',
  unclear: 'journal_unclear',
};

/** How the call came out in a word, or undefined where that it was talked is all there is to say. */
export function outcomeText(entry: JournalEntry, { t }: Words): string | undefined {
  const { outcome, answeredBy, endedAt } = entry;
  if (outcome === undefined) return endedAt === undefined ? t('journal_running') : undefined;
  if (outcome === 'answered' || outcome === 'unknown') return undefined;
  if (outcome === 'answeredElsewhere' && answeredBy) return t('journal_elsewhere_by', { name: answeredBy });
  return t(OUTCOME_KEYS[outcome]);
}

// How long was talked; undefined where nobody talked or nobody knows.
function talkMsOf({ answeredAt, endedAt, outcome }: JournalEntry): number | undefined {
  if (answeredAt === undefined || endedAt === undefined || outcome !== 'answered') return undefined;
  return Math.max(0, Date.parse(endedAt) - Date.parse(answeredAt));
}

/** The picture of an entry: its direction, and whether it was missed. */
export function iconOf({ direction, outcome }: JournalEntry): IconName {
  if (outcome === 'missed') return 'missed';
  if (direction === 'inbound') return 'incoming';
  if (direction === 'outbound') return 'outgoing';
  return direction === 'internal' ? 'internal' : 'phone';
}

export interface LastTalk {
  at: number;
  /** What was written then, or how it came out. */
  text: string | undefined;
}

/** The last call with the same person or number before this one. */
export function lastCallWith(
  { remote, conversationId }: Pick<JournalEntry, 'remote' | 'conversationId'>,
  journal: JournalState,
  words: Words,
): LastTalk | undefined {
  const before = journal.entries.find(
    (entry) => entry.conversationId !== conversationId && isSameParty(entry.remote, remote),
  );
  if (!before) return undefined;
  return { at: Date.parse(before.startedAt), text: noteOf(before, journal) || outcomeText(before, words) };
}

function isSameParty(one: JournalEntry['remote'], other: JournalEntry['remote']): boolean {
  if (one.contact && other.contact) return one.contact.contactId === other.contact.contactId;
  const [a, b] = [one.number, other.number];
  if (a.kind === 'e164' && b.kind === 'e164') return a.number === b.number;
  return a.kind === 'internal' && b.kind === 'internal' && a.number === b.number;
}

// In words, not as figures with a colon: beside a time of day those would be read as another one.
function talkText(talkMs: number, { t }: Words): string {
  const seconds = Math.round(talkMs / 1000);
  if (seconds < 60) return t('journal_talk_seconds', { seconds });
  return t('journal_talk_minutes', { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}

/** Who an entry is with, and everything else about it as words to stand in one line. */
export function rowTextOf(entry: JournalEntry, words: Words, { lineName }: { lineName: string | undefined }) {
  const party = partyOf(entry.remote, words);
  const talkMs = talkMsOf(entry);
  const parts = [
    outcomeText(entry, words),
    ...party.details,
    talkMs === undefined ? undefined : `${entry.isEstimated ? '≈ ' : ''}${talkText(talkMs, words)}`,
    entry.group === undefined ? undefined : words.t('journal_group', { group: entry.group }),
    lineName,
  ];
  return { title: party.title, parts: parts.filter((part): part is string => part !== undefined && part !== '') };
}
