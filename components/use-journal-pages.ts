// The past beyond what this browser holds: asked of the relay page by page, and anew for each search. A late answer to an
// older question is dropped; a failed one is said and asked again by the agent only.
import type { JournalEntry } from '@offhook/protocol';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { JournalState } from '#lib/journal.ts';
import type { FailedAnswer, JournalFilter, Send, ViewRequests } from '#lib/messages.ts';
import type { JournalChoice } from './journal-rows.ts';
import { withUpdates } from './journal-updates.ts';

const TYPING_PAUSE_MS = 250;
// A page may hold nothing but what is known already; after so many of them something is wrong.
const MAX_KNOWN_PAGES = 12;

export interface JournalPages {
  entries: readonly JournalEntry[];
  phase: { type: 'idle' } | { type: 'loading' } | FailedAnswer;
  /** Whether the relay has more; unknown before the first page. */
  hasMore: boolean | undefined;
  /** Asks for the next page, again after a failure; nothing while one is awaited. */
  loadOlder(): void;
}

interface Pages extends Omit<JournalPages, 'loadOlder'> {
  cursor: string | undefined;
}

const NOTHING: Pages = { entries: [], phase: { type: 'idle' }, hasMore: undefined, cursor: undefined };

interface PagesOptions extends Pick<JournalState, 'updates'> {
  choice: JournalChoice;
  isKnown: (entryId: string) => boolean;
}

/**
 * The relay's pages for what is looked at now. A choice other than the whole journal is asked for at once, with a pause
 * for typing. `isKnown` tells entries that this browser holds: pages of nothing else are passed over. What was told of
 * entries since they were asked for (`updates`) is kept here, too: the worker remembers only the latest of it.
 */
export function useJournalPages(send: Send, { choice, isKnown, updates }: PagesOptions): JournalPages {
  const { shows } = choice;
  const text = choice.text.trim().slice(0, 128);
  const [pages, setPages] = useState<Pages>(NOTHING);
  const round = useRef(0);
  // The hook outlives renders, these may not: they are read when they are needed.
  const latest = useRef({ send, isKnown, pages });
  latest.current = { send, isKnown, pages };
  const are = shows === 'all' && text === '' ? 'all' : 'found';
  const entries = useMemo(() => withUpdates(pages.entries, updates, { are }), [pages.entries, updates, are]);
  latest.current.pages = { ...pages, entries };

  async function load(from: Pages): Promise<void> {
    const asked = round.current;
    setPages({ ...from, phase: { type: 'loading' } });
    const next = await nextPages(from, { ...latest.current, filter: filterOf({ shows, text }) });
    if (asked === round.current) setPages(next);
  }

  useEffect(() => {
    round.current += 1;
    setPages(NOTHING);
    if (shows === 'all' && text === '') return;
    setPages({ ...NOTHING, phase: { type: 'loading' } });
    const timer = setTimeout(() => void load(NOTHING), text === '' ? 0 : TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [shows, text]);
  useEffect(() => {
    if (updates) setPages((now) => ({ ...now, entries: withUpdates(now.entries, updates, { are }) }));
  }, [updates, are]);
  useEffect(
    () => () => {
      round.current += 1;
    },
    [],
  );

  return {
    ...pages,
    entries,
    loadOlder() {
      const { pages: now } = latest.current;
      if (now.phase.type !== 'loading' && now.hasMore !== false) void load(now);
    },
  };
}

/** What the relay is asked for; undefined for the whole journal. */
export function filterOf({ shows, text: typed }: JournalChoice): JournalFilter | undefined {
  const text = typed.trim().slice(0, 128);
  if (shows === 'all' && text === '') return undefined;
  return { ...(shows === 'missed' && { outcome: 'missed' }), ...(text !== '' && { text }) };
}

interface Asking {
  send: Send;
  isKnown: (entryId: string) => boolean;
  filter: JournalFilter | undefined;
}

// Goes on until a page brings something new: the first ones repeat what the browser holds.
async function nextPages(from: Pages, { send, isKnown, filter }: Asking): Promise<Pages> {
  let { entries, cursor } = from;
  for (let asked = 0; asked < MAX_KNOWN_PAGES; asked += 1) {
    const answer = await answerOf(send('journal-page', { before: cursor, filter }));
    if (answer.type === 'failed') return { entries, cursor, hasMore: from.hasMore, phase: answer };
    entries = [...entries, ...answer.entries];
    cursor = answer.cursor;
    const isNew = answer.entries.some(({ entryId }) => !isKnown(entryId));
    if (!answer.more || isNew || filter) return { entries, cursor, hasMore: answer.more, phase: { type: 'idle' } };
  }
  return { entries, cursor, hasMore: false, phase: { type: 'idle' } };
}

type PageAnswer = ViewRequests['journal-page']['answer'];

async function answerOf(answer: Promise<PageAnswer>): Promise<PageAnswer> {
  try {
    return await answer;
  } catch {
    return { type: 'failed', code: 'relay-unreachable' };
  }
}
