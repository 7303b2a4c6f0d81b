import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  daysOf,
  dispositionOf,
  isChosen,
  isUnseen,
  lastCallWith,
  mergeEntries,
  noteOf,
  outcomeText,
  rowTextOf,
} from '#components/journal-rows.ts';
import { isNews, type JournalState } from '#lib/journal.ts';
import { aContact, anEntry, aRemote, aStranger } from './builders.ts';
import { wordsOf } from './test-words.ts';

const words = wordsOf('en');
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 12, minute)).toISOString();
const entryAt = (minute: number, change = {}) =>
  anEntry({ entryId: `e${minute}`, conversationId: `e${minute}`, startedAt: at(minute), ...change });

function journal(entries: JournalState['entries'], change: Partial<JournalState> = {}): JournalState {
  return { entries, isLoaded: true, drafts: {}, ...change };
}

test('what this browser holds and what the relay tells are one list, newest first, each call once', () => {
  const held = journal([entryAt(30), entryAt(20, { note: 'newer' })]);
  const merged = mergeEntries(held, [entryAt(20), entryAt(10), entryAt(10), entryAt(5)]);
  expect(merged.map(({ entryId }) => entryId)).toEqual(['e30', 'e20', 'e10', 'e5']);
  expect(merged[1]?.note).toBe('newer');
});

test('a call that became part of another one does not come back from an older page', () => {
  const held = journal([entryAt(30), entryAt(10)]);
  expect(mergeEntries(held, [entryAt(20)]).map(({ entryId }) => entryId)).toEqual(['e30', 'e10']);
});

test('before the journal is loaded nothing that the relay tells is dropped', () => {
  const held = journal([entryAt(30), entryAt(10)], { isLoaded: false });
  expect(mergeEntries(held, [entryAt(20)])).toHaveLength(3);
});

test('the search finds names, companies, notes and numbers in any spelling', () => {
  const entry = entryAt(1, { note: 'Offer by Friday' });
  const finds = (text: string) => isChosen(entry, { shows: 'all', text }, words);
  for (const text of ['krüger', ' ELBE ', 'friday', '030 23125', '0302312', '+49 30', '2312-5042']) {
    expect([text, finds(text)]).toEqual([text, true]);
  }
  for (const text of ['Paul', '555', 'x30']) expect([text, finds(text)]).toEqual([text, false]);
});

test('what is missed and unseen is one rule in the list and on the badge', () => {
  const outcome = fc.constantFrom('missed', 'answered', 'noAnswer', undefined);
  // Few moments, so that equal ones are met.
  const minute = fc.integer({ min: 0, max: 3 });
  fc.assert(
    fc.property(outcome, minute, fc.option(minute, { nil: undefined }), (was, startedAt, seen) => {
      const entry = { ...entryAt(startedAt), outcome: was };
      const state = { seenUntil: seen === undefined ? undefined : at(seen) };
      expect(isUnseen(entry, state)).toBe(isNews(entry, state));
    }),
  );
});

test('entries stand under their days, with words for today and yesterday', () => {
  const now = new Date(2026, 10, 20, 15).getTime();
  const localAt = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString();
  const entries = [localAt(20, 9), localAt(20, 8), localAt(19, 23), localAt(17, 1), localAt(1, 1)].map((startedAt) =>
    anEntry({ startedAt }),
  );
  expect(daysOf(entries, words, now).map(({ name, entries: { length } }) => [name, length])).toEqual([
    ['Today', 2],
    ['Yesterday', 1],
    ['Tuesday', 1],
    ['Sun 1 November', 1],
  ]);
});

test('a row says how the call came out, who it was, how long and for whom', () => {
  const shown = (change: object) => rowTextOf(anEntry(change), words, { lineName: undefined });
  expect(shown({}).title).toBe('Anna Krüger');
  expect(shown({}).parts).toEqual(['Elbe Logistik KG', '+49 30 23125042', '4 min 12 s']);
  expect(shown({ isEstimated: true }).parts.at(-1)).toBe('≈ 4 min 12 s');
  expect(shown({ outcome: 'missed', group: 'Service', remote: aStranger() }).parts).toEqual(['Missed', 'via Service']);
  expect(shown({ outcome: 'noAnswer', answeredAt: undefined }).parts[0]).toBe('No answer');
  expect(rowTextOf(anEntry(), words, { lineName: 'Line 18' }).parts.at(-1)).toBe('Line 18');
});

test('who took the call elsewhere is named, and a call that goes on says so', () => {
  expect(outcomeText(anEntry({ outcome: 'answeredElsewhere', answeredBy: 'Lena Huber' }), words)).toBe(
    'Answered by Lena Huber',
  );
  const { outcome: _none, endedAt: _end, ...running } = anEntry();
  expect(outcomeText(running, words)).toBe('Running');
});

test('a draft is shown in place of what the relay has, also where it takes something back', () => {
  const entry = anEntry({ note: 'old', disposition: 'resolved' });
  const drafted = (draft: object) => ({ drafts: { [entry.entryId]: { state: 'saving' as const, ...draft } } });
  expect(noteOf(entry, drafted({ text: 'new' }))).toBe('new');
  expect(noteOf(entry, drafted({}))).toBe('old');
  expect(dispositionOf(entry, drafted({ disposition: null }))).toBeUndefined();
  expect(dispositionOf(entry, drafted({}))).toBe('resolved');
  expect(noteOf(anEntry({ entryId: '__proto__' }), { drafts: {} })).toBe('');
});

test('the last call with somebody is found by contact or number, and is not this one', () => {
  const now = { remote: aRemote(), conversationId: 'now' };
  const same = entryAt(10, { note: 'offer by Friday' });
  const sameContact = entryAt(20, {
    remote: aRemote({ number: { kind: 'e164', number: '+491729925904' } }),
    outcome: 'missed',
  });
  expect(lastCallWith(now, journal([{ ...same, conversationId: 'now' }]), words)).toBeUndefined();
  expect(lastCallWith(now, journal([same]), words)?.text).toBe('offer by Friday');
  expect(lastCallWith(now, journal([sameContact, same]), words)?.text).toBe('Missed');
  const other = aRemote({ contact: aContact({ contactId: 'c9' }) });
  expect(lastCallWith({ ...now, remote: other }, journal([same]), words)).toBeUndefined();
});
