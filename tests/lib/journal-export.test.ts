// The export: everything that a search finds, once, in order, in a file that can be read again; and nothing at all where
// something failed.
import type { JournalEntry } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import { type ExportContext, type ExportRequest, exportJournal } from '#lib/journal-export.ts';
import type { FailedAnswer, Send, ViewRequests } from '#lib/messages.ts';
import { aContact, aLine, anEntry, aRemote, aStranger } from '../components/builders.ts';
import { wordsOf } from '../components/test-words.ts';
import { readRows } from '../fakes/csv-reader.ts';

type Page = ViewRequests['journal-page']['answer'];
type Asked = ViewRequests['journal-page']['request'];

const AT = new Date(2026, 10, 20, 14, 12).toISOString();
const entry = (change: Partial<JournalEntry> = {}) => anEntry({ startedAt: AT, ...change });

/** A relay whose journal has these pages; a failure in their place is answered as often as it stands there. */
function aJournal(pages: (JournalEntry[] | FailedAnswer | 'worker gone')[]) {
  const asked: Asked[] = [];
  const left = [...pages];
  const send = (async (_name: string, request: Asked): Promise<Page> => {
    asked.push(request);
    const page = left.shift();
    if (page === 'worker gone' || page === undefined) throw new Error('worker gone');
    if ('type' in page) return page;
    return { type: 'page', entries: page, cursor: `c${pages.length - left.length}`, more: left.length > 0 };
  }) as Send; // answers 'journal-page', the only request of an export
  return { asked, send };
}

async function exported(
  pages: Parameters<typeof aJournal>[0],
  { request = {}, context = {} }: { request?: Partial<ExportRequest>; context?: Partial<ExportContext> } = {},
) {
  const journal = aJournal(pages);
  const saved: { text: string; fileName: string }[] = [];
  const counts: number[] = [];
  const outcome = await exportJournal(
    { filter: undefined, signal: new AbortController().signal, onProgress: (count) => counts.push(count), ...request },
    {
      send: journal.send,
      desk: () => ({ phone: { lines: [{ line: aLine(), receivedAt: 0 }] }, journal: { drafts: {} } }),
      words: wordsOf('en'),
      separator: ',',
      now: new Date(2026, 10, 22, 0, 30).getTime(),
      save: (parts, fileName) => saved.push({ text: parts.join(''), fileName }),
      ...context,
    },
  );
  const [header = [], ...rows] = saved[0] ? readRows(saved[0].text, context.separator ?? ',') : [];
  const rowsByTitle = rows.map((row) => Object.fromEntries(header.map((title, index) => [title, row[index]])));
  return { ...journal, outcome, saved, counts, header, rows: rowsByTitle };
}

describe('the file', () => {
  test('has everything of a call, in local time and in UTC', async () => {
    const { rows, saved, outcome } = await exported([
      [
        entry({
          answeredAt: new Date(Date.parse(AT) + 8_000).toISOString(),
          endedAt: new Date(Date.parse(AT) + 3_980_000).toISOString(),
          group: 'Sales',
          dialled: { kind: 'internal', number: '18' },
          disposition: 'callBack',
          note: 'Two lines,\n"quoted"; done',
          isEstimated: true,
        }),
      ],
    ]);
    expect(rows).toEqual([
      {
        Date: '2026-11-20',
        Time: '14:12:00',
        Direction: 'Incoming',
        Outcome: 'Answered',
        Name: 'Anna Krüger',
        Company: 'Elbe Logistik KG',
        Number: '+49 30 23125042',
        'Number called': '18',
        Line: '18',
        Group: 'Sales',
        'Answered by': '',
        Duration: '1:06:12',
        Seconds: '3972',
        'Times estimated': 'yes',
        'What came of it': 'Call back',
        Note: 'Two lines,\n"quoted"; done',
        'Start (UTC)': AT,
        'Call id': 'entry-1',
      },
    ]);
    expect(saved[0]?.text.startsWith('\ufeffDate,Time,')).toBe(true);
    expect(saved[0]?.fileName).toBe('offhook-journal-2026-11-22.csv');
    expect(outcome).toEqual({ type: 'saved', count: 1, fileName: 'offhook-journal-2026-11-22.csv' });
  });

  test('speaks German and separates by semicolons where that is wanted', async () => {
    const { header, rows } = await exported([[entry({ outcome: 'missed' })]], {
      context: { words: wordsOf('de'), separator: ';' },
    });
    expect(header.slice(0, 4)).toEqual(['Datum', 'Uhrzeit', 'Richtung', 'Ausgang']);
    expect(rows[0]).toMatchObject({ Ausgang: 'Verpasst', Dauer: '', Sekunden: '' });
  });

  test('names nobody who only claims a name, and keeps what they sent from being computed', async () => {
    const { rows } = await exported([
      [
        entry({ entryId: 'a', remote: aStranger({ name: '=cmd' }) }),
        entry({ entryId: 'b', remote: aRemote({ contact: aContact({ match: 'probable' }) }) }),
        entry({ entryId: 'c', remote: aStranger({ number: { kind: 'raw', text: '@SUM(A1)' } }), note: '-1+2' }),
        entry({ entryId: 'd', remote: aStranger({ number: { kind: 'anonymous' } }) }),
      ],
    ]);
    expect(rows.map((row) => row['Name'])).toEqual(['claims to be “=cmd”', 'perhaps Anna Krüger', '', '']);
    expect(rows[2]).toMatchObject({ Number: "'@SUM(A1)", Note: "'-1+2" });
    expect(rows[3]).toMatchObject({ Number: 'Number withheld' });
  });

  test('has the note as it was written last, kept by the relay or not', async () => {
    const { rows } = await exported([[entry({ note: 'old', disposition: 'callBack' })]], {
      context: {
        desk: () => ({
          phone: { lines: [] },
          journal: { drafts: { 'entry-1': { text: 'new', disposition: null, state: 'waiting' } } },
        }),
      },
    });
    expect(rows[0]).toMatchObject({ Note: 'new', 'What came of it': '', Line: '' });
  });
});

describe('the calls', () => {
  const ids = (rows: Record<string, string | undefined>[]) => rows.map((row) => row['Call id']);
  const one = (entryId: string) => [entry({ entryId })];

  test('are fetched to the end, by the filter, each once and in the order of the relay', async () => {
    const filter = { outcome: 'missed', text: 'anna' } as const;
    const { asked, rows, counts } = await exported([one('a'), [], one('b')], { request: { filter } });
    expect(ids(rows)).toEqual(['a', 'b']);
    expect(counts).toEqual([1, 1, 2]);
    expect(asked).toEqual([
      { before: undefined, filter },
      { before: 'c1', filter },
      { before: 'c2', filter },
    ]);
  });

  test('are asked for again when a page does not come', async () => {
    const failed: FailedAnswer = { type: 'failed', code: 'relay-unreachable' };
    const { rows, asked } = await exported([one('a'), 'worker gone', failed, one('b')]);
    expect(ids(rows)).toEqual(['a', 'b']);
    expect(asked.map(({ before }) => before)).toEqual([undefined, 'c1', 'c1', 'c1']);
  });

  test('are no file when a page does not come at all', async () => {
    const failed: FailedAnswer = { type: 'failed', code: 'rate-limited' };
    const { outcome, saved } = await exported([one('a'), failed, failed, failed, one('b')]);
    expect(outcome).toEqual(failed);
    expect(saved).toEqual([]);
  });

  test.each([1, 2, 3])('are no file when the export was ended, after page %i of 3', async (page) => {
    const end = new AbortController();
    const { outcome, saved, asked } = await exported([one('a'), one('b'), one('c')], {
      request: { signal: end.signal, onProgress: (count) => count === page && end.abort() },
    });
    expect(outcome).toEqual({ type: 'cancelled' });
    expect(saved).toEqual([]);
    expect(asked).toHaveLength(Math.min(3, page + 1));
  });

  test('fail where a relay does not move on, since half a journal is none', async () => {
    const send = (async () => ({ type: 'page', entries: [], cursor: 'same', more: true })) as unknown as Send; // such a relay
    const { outcome, saved } = await exported([], { context: { send } });
    expect([outcome, saved]).toEqual([{ type: 'failed', code: 'internal' }, []]);
  });
});
