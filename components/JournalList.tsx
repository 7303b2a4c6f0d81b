// Past calls, newest first, day by day: the newest from what this browser holds, the others from the relay as they are
// asked for. Missed calls stand out until somebody has looked at them for a moment.
import type { JournalEntry, JournalGap, Line } from '@offhook/protocol';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Desk, Send } from '#lib/messages.ts';
import type { LinkStatus } from '#lib/phone.ts';
import type { Settings } from '#lib/settings.ts';
import { Button } from './Button.tsx';
import { EmptyState } from './EmptyState.tsx';
import { JournalGapRow } from './JournalGapRow.tsx';
import { JournalHead } from './JournalHead.tsx';
import { JournalRow } from './JournalRow.tsx';
import { daysOf, isChosen, isUnseen, type JournalChoice, mergeEntries, withGaps } from './journal-rows.ts';
import { Note } from './Note.tsx';
import type { ExportJournal } from './use-journal-export.ts';
import { type JournalPages, useJournalPages } from './use-journal-pages.ts';
import { type Orders, useOrders } from './use-orders.ts';
import { useReached } from './use-reached.ts';
import { useSight } from './use-sight.ts';
import { useSteadyClicks } from './use-steady-clicks.ts';
import { useWords } from './words.ts';

const ROWS_AT_ONCE = 100;
const LOOKED_AT_MS = 2000;

export interface JournalListProps {
  desk: Desk;
  settings: Settings;
  send: Send;
  /** `panel`: two lines a call, for a narrow column. `page`: a line a call where there is room. */
  density: 'panel' | 'page';
  canOrder: boolean;
  /** The line to call back on unless the settings name another one. */
  ownLine?: Line | undefined;
  /** Saves what the filter finds as a file; undefined where the view cannot. */
  onExport?: ExportJournal | undefined;
  /** What is searched for at first. */
  initialText?: string;
}

/**
 * The journal with its search. What was fetched for one agent and one pairing is never shown to the next: another list
 * begins whenever the journal was taken away, and there is none while nobody has a right to it.
 */
export function JournalList(props: JournalListProps) {
  const { phone, journal } = props.desk;
  const kept = useRef({ isLoaded: journal.isLoaded, wipes: 0 });
  const wipes = kept.current.wipes + (kept.current.isLoaded && !journal.isLoaded ? 1 : 0);
  kept.current = { isLoaded: journal.isLoaded, wipes };
  if (!hasRight(phone.link)) return null;
  return <List key={`${wipes} ${phone.user?.userId}`} {...props} />;
}

function hasRight(link: LinkStatus): boolean {
  if (link.type === 'refused') return link.code !== 'revoked' && link.code !== 'unauthenticated';
  return link.type !== 'unpaired';
}

function List(props: JournalListProps) {
  const { desk, send, density } = props;
  const { journal } = desk;
  const words = useWords();
  const [choice, setChoice] = useState<JournalChoice>({ shows: 'all', text: props.initialText ?? '' });
  const [rowLimit, setRowLimit] = useState(ROWS_AT_ONCE);
  const list = useRef<HTMLDivElement>(null);
  const orders = useOrders(send);
  const held = useMemo(() => new Set(journal.entries.map(({ entryId }) => entryId)), [journal.entries]);
  const { updates } = journal;
  const pages = useJournalPages(send, { choice, isKnown: (entryId) => held.has(entryId), updates });
  const all = useMemo(() => mergeEntries(journal, pages.entries), [journal, pages.entries]);
  const chosen = useMemo(() => {
    const asked = new Set(pages.entries.map(({ entryId }) => entryId));
    return all.filter((entry) => asked.has(entry.entryId) || isChosen(entry, choice, words));
  }, [all, choice, pages.entries, words]);
  const rows = chosen.slice(0, rowLimit);
  const isComplete = pages.hasMore === false && rows.length === chosen.length;
  const shown = choice.text.trim() === '' ? withGaps(rows, journal.gaps, { isComplete }) : rows;
  const steady = useSteadyClicks(rows.map(({ entryId }) => entryId).join());
  const isSearch = choice.text.trim() !== '';
  useSight(list, {
    // A search hides older ones, which the mark would call seen.
    subject: isSearch ? undefined : newestSeen(desk, { rows, all }),
    afterMs: LOOKED_AT_MS,
    onSeen: (until) => void send('see-journal', { until }),
  });

  function change(patch: Partial<JournalChoice>): void {
    setChoice({ ...choice, ...patch });
    setRowLimit(ROWS_AT_ONCE);
  }

  function showMore(): void {
    setRowLimit(rowLimit + ROWS_AT_ONCE);
    if (chosen.length <= rowLimit + ROWS_AT_ONCE) pages.loadOlder();
  }

  return (
    <section class={`journal journal--${density}`} aria-label={words.t('journal_heading')}>
      <JournalHead choice={choice} onChange={change} onExport={props.onExport} hasRows={rows.length > 0} />
      <span class="unseen" role="status">
        {isSearch &&
          pages.phase.type === 'idle' &&
          !isLeftToSearch(rows, pages) &&
          words.plural('journal_found', chosen.length)}
      </span>
      <div class="journal__list" ref={list} {...steady}>
        {daysOf(shown, words, Date.now()).map((day) => (
          <section key={day.name}>
            <h3 class="journal__day small">{day.name}</h3>
            <Rows {...props} orders={orders} entries={day.entries} />
          </section>
        ))}
        {rows.length === 0 && !isLeftToSearch(rows, pages) && <NothingHere choice={choice} pages={pages} desk={desk} />}
        <JournalEnd pages={pages} isAll={rows.length === chosen.length} hasRows={rows.length > 0} onMore={showMore} />
      </div>
    </section>
  );
}

// The relay stops at times in a long search: what has no row then may have one in what it has not looked through.
function isLeftToSearch(rows: readonly JournalEntry[], { hasMore }: JournalPages): boolean {
  return rows.length === 0 && hasMore === true;
}

// Who watches colleagues' lines sees their missed calls here, too; those are not this agent's news.
function isNewsFor(desk: Desk, entry: JournalEntry): boolean {
  return isUnseen(entry, desk.journal) && isOnOwnLine(desk, entry);
}

function isOnOwnLine({ phone }: Desk, { lineId }: JournalEntry): boolean {
  return phone.lines.some(({ line }) => line.isOwn && line.lineId === lineId);
}

// The mark speaks for everything that began before it. What may still be missed must not be among it: it would be seen
// before it is there.
function newestSeen(
  desk: Desk,
  { rows, all }: Record<'rows' | 'all', readonly JournalEntry[]>,
): JournalEntry['startedAt'] | undefined {
  const open = all.findLast((entry) => entry.outcome === undefined && isOnOwnLine(desk, entry))?.startedAt;
  const isBefore = ({ startedAt }: JournalEntry) => open === undefined || startedAt < open;
  return rows.find((entry) => isBefore(entry) && isNewsFor(desk, entry))?.startedAt;
}

function Rows(props: JournalListProps & { orders: Orders; entries: readonly (JournalEntry | JournalGap)[] }) {
  const { entries, desk, density, settings, send, orders, canOrder, ownLine } = props;
  const { t } = useWords();
  const own = desk.phone.lines.flatMap(({ line }) => (line.isOwn ? [line] : []));
  const callLine = callLineOf(own, { ownLine, defaultLineId: settings.defaultLineId });
  const nameOf = (lineId: string) => {
    const line = own.length > 1 ? own.find((one) => one.lineId === lineId) : undefined;
    return line && t('line_named', { extension: line.extension });
  };
  return (
    <ul>
      {entries.map((entry) =>
        'gapId' in entry ? (
          <JournalGapRow key={entry.gapId} gap={entry} />
        ) : (
          <JournalRow
            key={entry.entryId}
            {...{ entry, desk, density, send, orders, canOrder, callLine }}
            isNews={isNewsFor(desk, entry)}
            lineName={nameOf(entry.lineId)}
          />
        ),
      )}
    </ul>
  );
}

function callLineOf(
  own: readonly Line[],
  { ownLine, defaultLineId }: { ownLine: Line | undefined; defaultLineId: string | undefined },
) {
  const able = own.filter(({ capabilities }) => capabilities.includes('makeCall'));
  return (
    able.find(({ lineId }) => lineId === defaultLineId) ??
    able.find(({ lineId }) => lineId === ownLine?.lineId) ??
    able[0]
  );
}

function NothingHere({ choice, pages, desk }: { choice: JournalChoice; pages: JournalPages; desk: Desk }) {
  const { t } = useWords();
  const text = choice.text.trim();
  if (pages.phase.type === 'loading' || pages.phase.type === 'failed') return null;
  if (text !== '') return <EmptyState icon="search" title={t('journal_none_found', { text })} />;
  if (choice.shows === 'missed') return <EmptyState icon="check" title={t('journal_none_missed')} />;
  if (!desk.journal.isLoaded) {
    const isComing = desk.phone.link.type === 'connecting' || desk.phone.link.type === 'online';
    return isComing ? (
      <p class="journal__wait muted patient">{t('journal_loading')}</p>
    ) : (
      <EmptyState icon="link" title={t('journal_offline_title')} hint={t('journal_offline_hint')} />
    );
  }
  return <EmptyState icon="phone" title={t('journal_empty_title')} hint={t('journal_empty_hint')} />;
}

interface JournalEndProps {
  pages: JournalPages;
  /** Whether everything that is at hand is shown. */
  isAll: boolean;
  hasRows: boolean;
  onMore: () => void;
}

// Below the last row: more, or why not. Asked by whoever scrolls to it, or by its button.
function JournalEnd({ pages, isAll, hasRows, onMore }: JournalEndProps) {
  const words = useWords();
  const { t } = words;
  const { phase, hasMore } = pages;
  if (phase.type === 'failed') {
    return (
      <div class="journal__end">
        <Note kind="error" text={words.error(phase.code)} />
        <Button label={t('action_try_again')} onClick={onMore} />
      </div>
    );
  }
  if (phase.type === 'loading') return <p class="journal__end small muted patient">{t('journal_loading')}</p>;
  if (!hasRows && hasMore !== true) return null;
  if (isAll && hasMore === false) return <p class="journal__end small muted">{t('journal_end')}</p>;
  return <Older onMore={onMore} />;
}

function Older({ onMore }: { onMore: () => void }) {
  const { t } = useWords();
  const end = useRef<HTMLDivElement>(null);
  useReached(end, onMore);
  return (
    <div class="journal__end" ref={end}>
      <Button label={t('journal_older')} onClick={onMore} />
    </div>
  );
}
