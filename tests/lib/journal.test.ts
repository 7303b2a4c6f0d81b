// The journal in this browser: what the relay streams, the newest page, what was looked at and what was kept.
import type { GoneEntry, JournalEntry } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import { type HeldJournal, isNews, type JournalEvent, reduceJournal } from '#lib/journal.ts';
import { anEntry } from '../components/builders.ts';

const EMPTY: HeldJournal = { entries: [], isLoaded: false };

/** An entry of this minute of the day. */
const at = (minute: number, change: Partial<JournalEntry> = {}) =>
  anEntry({ entryId: `e${minute}`, startedAt: new Date(Date.UTC(2026, 10, 20, 8, minute)).toISOString(), ...change });
const streamed = (...items: (JournalEntry | GoneEntry)[]): JournalEvent => ({ type: 'stream', items, cursor: '7' });
const paged = (items: JournalEntry[], { hasMore = false, toldSince = [] as string[] } = {}): JournalEvent => ({
  type: 'newest',
  items,
  hasMore,
  toldSince: new Set(toldSince),
});
const heldAfter = (...events: JournalEvent[]) => events.reduce(reduceJournal, EMPTY);
const idsAfter = (...events: JournalEvent[]) => heldAfter(...events).entries.map(({ entryId }) => entryId);

describe('the live stream', () => {
  test('brings entries, newest first whatever the order, and says where to go on', () => {
    const held = heldAfter(streamed(at(1)), streamed(at(3), at(2)));
    expect(held.entries.map(({ entryId }) => entryId)).toEqual(['e3', 'e2', 'e1']);
    expect([held.cursor, held.isLoaded]).toEqual(['7', false]);
  });

  test('replaces what has changed and takes away what became part of another', () => {
    const held = heldAfter(
      streamed(at(1), at(2)),
      streamed(at(1, { note: 'Calls back.' }), { entryId: 'e2', gone: true }),
    );
    expect(held.entries).toEqual([at(1, { note: 'Calls back.' })]);
  });

  test('is kept to 200 entries, the newest', () => {
    const ids = idsAfter(streamed(...Array.from({ length: 250 }, (_none, minute) => at(minute))));
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([200, 'e249', 'e50']);
  });
});

describe('the newest page', () => {
  test('is the truth for its range: what it does not hold there is gone', () => {
    expect(idsAfter(streamed(at(5), at(7)), paged([at(8), at(7), at(6)]))).toEqual(['e8', 'e7', 'e6']);
  });

  test('joins on to what was held before', () => {
    const ids = idsAfter(paged([at(5), at(2), at(1)], { hasMore: true }), paged([at(6), at(5)], { hasMore: true }));
    expect(ids).toEqual(['e6', 'e5', 'e2', 'e1']);
  });

  test('leaves no hole: what it does not join on to is dropped', () => {
    expect(idsAfter(streamed(at(1), at(2)), paged([at(9), at(8)], { hasMore: true }))).toEqual(['e9', 'e8']);
  });

  test('does not undo what the stream told while it was on its way', () => {
    const changed = at(5, { note: 'New.' });
    const held = heldAfter(streamed(changed, at(9)), paged([at(5), at(4)], { toldSince: ['e5', 'e9'] }));
    expect(held.entries).toEqual([at(9), changed, at(4)]);
  });

  test('does not bring back what the stream took away meanwhile', () => {
    expect(idsAfter(streamed({ entryId: 'e5', gone: true }), paged([at(5)], { toldSince: ['e5'] }))).toEqual([]);
  });
});

describe('outside of what is held', () => {
  const loaded = paged([at(9), at(8)], { hasMore: true });

  test('a note on an old call does not make it the oldest that is held: it is told as an update', () => {
    const noted = at(2, { note: 'Late.' });
    const held = heldAfter(loaded, streamed(noted, at(10)));
    expect([held.entries.map(({ entryId }) => entryId), held.updates]).toEqual([['e10', 'e9', 'e8'], [noted]]);
  });

  test('where the relay has no more, an old call is held like any other', () => {
    const held = heldAfter(paged([at(9), at(8)]), streamed(at(2)));
    expect([held.entries.at(-1), held.updates]).toEqual([at(2), undefined]);
  });

  test('what was told while the newest page was on its way makes no hole either', () => {
    const held = heldAfter(streamed(at(2)), paged([at(9), at(8)], { hasMore: true, toldSince: ['e2'] }));
    expect([held.entries, held.updates]).toEqual([[at(9), at(8)], [at(2)]]);
  });

  test('nor does what was told before anything was loaded', () => {
    expect(idsAfter(streamed(at(2), at(9)), loaded)).toEqual(['e9', 'e8']);
  });

  test('a note that was kept is told, into what the stream told before, too', () => {
    const kept: JournalEvent = { type: 'kept', entryId: 'e2', text: 'New.' };
    expect(heldAfter(loaded, kept, { ...kept, text: undefined, disposition: 'callBack' }).updates).toEqual([
      { entryId: 'e2', kept: { text: 'New.', disposition: 'callBack' } },
    ]);
    expect(heldAfter(loaded, streamed(at(2)), kept).updates).toEqual([at(2, { note: 'New.' })]);
  });

  test('each entry is told once and the latest last, a hundred of them', () => {
    const old = (minute: number) => at(-minute);
    const told = Array.from({ length: 120 }, (_none, minute) => streamed(old(minute)));
    const { updates } = heldAfter(loaded, ...told, streamed(old(50)));
    expect([updates?.length, updates?.[0]?.entryId, updates?.at(-1)?.entryId]).toEqual([100, 'e-20', 'e-50']);
  });

  test('what became part of another and what is pushed out by newer ones is told to views that had it by a page', () => {
    const many = Array.from({ length: 199 }, (_none, index) => at(10 + index));
    const gone: GoneEntry = { entryId: 'e9', gone: true };
    expect(heldAfter(loaded, streamed(gone)).updates).toEqual([gone]);
    const held = heldAfter(loaded, streamed(...many), streamed(at(3)));
    expect([held.entries.length, held.entries.at(-1), held.updates]).toEqual([200, at(9), [at(8), at(3)]]);
  });
});

describe('what was looked at', () => {
  test('never goes back', () => {
    const held = heldAfter({ type: 'seen', until: at(5).startedAt }, { type: 'seen', until: at(3).startedAt });
    expect(held.seenUntil).toBe(at(5).startedAt);
  });

  test.each([
    ['a missed call that is newer', { outcome: 'missed' }, 6, true],
    ['the call up to which was looked', { outcome: 'missed' }, 5, false],
    ['a call that was answered', { outcome: 'answered' }, 6, false],
    ['a call that a colleague took', { outcome: 'answeredElsewhere' }, 6, false],
  ] as const)('%s is news: %j', (_title, change, minute, expected) => {
    expect(isNews(at(minute, change), { seenUntil: at(5).startedAt })).toBe(expected);
  });

  test('before anybody looked, every missed call is news', () => {
    expect(isNews(at(1, { outcome: 'missed' }), {})).toBe(true);
  });
});

describe('what the relay kept', () => {
  test('stands in the entry at once, and only what was written changes', () => {
    const first: JournalEvent = { type: 'kept', entryId: 'e1', text: 'Wants an offer.' };
    const second: JournalEvent = { type: 'kept', entryId: 'e1', disposition: 'callBack' };
    expect(heldAfter(streamed(at(1), at(2)), first, second).entries).toEqual([
      at(2),
      at(1, { note: 'Wants an offer.', disposition: 'callBack' }),
    ]);
  });

  test('is taken back by an empty text and by null', () => {
    const noted = at(1, { note: 'Wrong.', disposition: 'resolved' });
    const back: JournalEvent = { type: 'kept', entryId: 'e1', text: '', disposition: null };
    expect(heldAfter(streamed(noted), back).entries).toEqual([at(1)]);
  });
});

test('forgotten is forgotten', () => {
  expect(heldAfter(streamed(at(1)), { type: 'seen', until: at(1).startedAt }, { type: 'forgotten' })).toEqual(EMPTY);
});
