// The journal as a file: everything that a search finds, asked of the relay page by page, so that it holds what this user
// may see and nothing else. Nothing is saved unless all of it came and nobody took the journal away meanwhile.
import type { JournalEntry, PhoneNumber } from '@offhook/protocol';
import { type CsvSeparator, csvRow } from './csv.ts';
import type { PlainKey } from './i18n.ts';
import type { JournalState } from './journal.ts';
import { localTime } from './local-time.ts';
import type { FailedAnswer, JournalFilter, Send } from './messages.ts';
import type { PhoneState } from './phone.ts';
import type { Words } from './words.ts';

/** What came of an export. `count` is the number of calls in the file. */
export type ExportOutcome = { type: 'saved'; count: number; fileName: string } | { type: 'cancelled' } | FailedAnswer;

/** What a view asks for; `signal` ends it. */
export interface ExportRequest {
  filter: JournalFilter | undefined;
  signal: AbortSignal;
  /** Hears how many calls have come so far. */
  onProgress(count: number): void;
}

export interface ExportContext {
  send: Send;
  /** As they stand when a row is written. */
  desk(): { phone: Pick<PhoneState, 'lines'>; journal: Pick<JournalState, 'drafts'> } | undefined;
  words: Words;
  separator: CsvSeparator;
  now: number;
  save(parts: readonly string[], fileName: string): void;
}

// A page that does not come is asked for again: a worker or a link may have gone away just then.
const TRIES = 3;
const BYTE_ORDER_MARK = '\ufeff';

/** Fetches, writes and saves; never rejects. */
export async function exportJournal(request: ExportRequest, context: ExportContext): Promise<ExportOutcome> {
  const { filter, signal, onProgress } = request;
  const { words, separator } = context;
  const parts = [
    BYTE_ORDER_MARK,
    csvRow(
      COLUMNS.map(({ title }) => words.t(title)),
      separator,
    ),
  ];
  let count = 0;
  let before: string | undefined;
  for (let hasMore = true; hasMore; ) {
    const page = await pageOf(context.send, { before, filter });
    if (signal.aborted) return { type: 'cancelled' };
    if (page.type === 'failed') return page;
    const row = rowWriter(context);
    parts.push(page.entries.map((entry) => csvRow(row(entry), separator)).join(''));
    count += page.entries.length;
    onProgress(count);
    // A relay that stands still would be asked for ever, and half a journal is none.
    if (page.more && page.cursor === before) return { type: 'failed', code: 'internal' };
    hasMore = page.more;
    before = page.cursor;
  }
  if (signal.aborted) return { type: 'cancelled' };
  const fileName = `offhook-journal-${localTime(context.now).slice(0, 10)}.csv`;
  context.save(parts, fileName);
  return { type: 'saved', count, fileName };
}

async function pageOf(send: Send, asked: { before: string | undefined; filter: JournalFilter | undefined }) {
  let failure: FailedAnswer = { type: 'failed', code: 'relay-unreachable' };
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await send('journal-page', asked).catch(() => failure);
    if (answer.type === 'page') return answer;
    failure = answer;
  }
  return failure;
}

const OUTCOME_KEYS = {
  answered: 'export_answered',
  missed: 'journal_missed',
  noAnswer: 'journal_no_answer',
  busy: 'journal_busy',
  failed: 'journal_failed',
  answeredElsewhere: 'journal_elsewhere',
  forwarded: 'journal_forwarded',
  unclear: 'journal_unclear',
} as const satisfies Record<Exclude<JournalEntry['outcome'], 'unknown' | undefined>, PlainKey>;

interface Row {
  entry: JournalEntry;
  words: Words;
  note: string;
  disposition: JournalEntry['disposition'];
  extension: string;
  /** Undefined where nobody talked. */
  talkSeconds: number | undefined;
}

const COLUMNS: readonly { title: PlainKey; text(row: Row): string }[] = [
  { title: 'export_date', text: ({ entry }) => localTime(Date.parse(entry.startedAt)).slice(0, 10) },
  { title: 'export_time', text: ({ entry }) => localTime(Date.parse(entry.startedAt)).slice(11) },
  { title: 'export_direction', text: ({ entry, words }) => words.t(`direction_${entry.direction}`) },
  { title: 'export_outcome', text: outcomeText },
  { title: 'export_name', text: nameText },
  { title: 'export_company', text: ({ entry }) => entry.remote.contact?.company ?? '' },
  // With the country code and blanks: a spreadsheet leaves it as it is, a program reads it again.
  { title: 'export_number', text: ({ entry, words }) => numberCell(entry.remote.number, words) },
  {
    title: 'export_dialled',
    text: ({ entry, words }) => (entry.dialled ? numberCell(entry.dialled, words) : ''),
  },
  { title: 'export_line', text: ({ extension }) => extension },
  { title: 'export_group', text: ({ entry }) => entry.group ?? '' },
  { title: 'export_answered_by', text: ({ entry }) => entry.answeredBy ?? '' },
  { title: 'export_duration', text: ({ talkSeconds }) => (talkSeconds === undefined ? '' : hoursText(talkSeconds)) },
  { title: 'export_seconds', text: ({ talkSeconds }) => (talkSeconds === undefined ? '' : String(talkSeconds)) },
  { title: 'export_estimated', text: ({ entry, words }) => (entry.isEstimated ? words.t('export_yes') : '') },
  {
    title: 'disposition_label',
    text: ({ disposition, words }) =>
      disposition && disposition !== 'unknown' ? words.t(`disposition_${disposition}`) : '',
  },
  { title: 'export_note', text: ({ note }) => note },
  { title: 'export_started_utc', text: ({ entry }) => entry.startedAt },
  { title: 'export_call_id', text: ({ entry }) => entry.entryId },
];

function rowWriter({ words, desk }: ExportContext): (entry: JournalEntry) => string[] {
  const { phone, journal } = desk() ?? { phone: { lines: [] }, journal: { drafts: {} } };
  const extensions = new Map(phone.lines.map(({ line }) => [line.lineId, line.extension]));
  return (entry) => {
    const draft = Object.hasOwn(journal.drafts, entry.entryId) ? journal.drafts[entry.entryId] : undefined;
    const row: Row = {
      entry,
      words,
      note: (draft?.text ?? entry.note ?? '').trim(),
      disposition: draft?.disposition === undefined ? entry.disposition : (draft.disposition ?? undefined),
      extension: extensions.get(entry.lineId) ?? '',
      talkSeconds: talkSecondsOf(entry),
    };
    return COLUMNS.map(({ text }) => text(row));
  };
}

function outcomeText({ entry: { outcome, endedAt }, words }: Row): string {
  if (outcome === undefined) return endedAt === undefined ? words.t('journal_running') : '';
  return outcome === 'unknown' ? '' : words.t(OUTCOME_KEYS[outcome]);
}

// As in the list: what is only probable or only claimed says so.
function nameText({ entry: { remote }, words }: Row): string {
  const { contact, name, verified } = remote;
  if (contact) return contact.match === 'exact' ? contact.name : words.t('caller_perhaps', { name: contact.name });
  if (!name) return '';
  return verified ? name : words.t('caller_claims', { name });
}

// An extension is its digits here: "Extension 18" would be no number to anybody who reads the file.
function numberCell(number: PhoneNumber, words: Words): string {
  return number.kind === 'internal' ? number.number : words.number(number, { isKnown: true });
}

function talkSecondsOf({ answeredAt, endedAt, outcome }: JournalEntry): number | undefined {
  if (answeredAt === undefined || endedAt === undefined || outcome !== 'answered') return undefined;
  return Math.max(0, Math.round((Date.parse(endedAt) - Date.parse(answeredAt)) / 1000));
}

// `0:05:12`: with the hours, or spreadsheets read minutes as hours.
function hoursText(seconds: number): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
}
