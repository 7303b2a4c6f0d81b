// Searching the journal over a real store: pages are full, every entry comes once, and nothing is found by what it hides.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Contact,
  type JournalEntry,
  type PhoneNumber,
  RIGHTS,
  type Right,
  type ServerMessage,
} from '@offhook/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Viewer } from '../../relay/src/access.ts';
import { entryOf } from '../../relay/src/journal-entry.ts';
import { createJournalFanOut } from '../../relay/src/journal-fan-out.ts';
import { createJournalFeed } from '../../relay/src/journal-feed.ts';
import { entryTest, type JournalFilter } from '../../relay/src/journal-filter.ts';
import { createOutlet } from '../../relay/src/outlet.ts';
import { openSqliteStore } from '../../relay/src/store/sqlite.ts';
import type { Grant, JournalLeg, Store } from '../../relay/src/store/store.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { aLeg, SEED } from '../fakes/store-rows.ts';
import { aGrant, aViewer } from './builders.ts';

const LINES = ['l1', 'l2', 'l3'];
const ERIKA: Contact = {
  contactId: 'crm:1',
  name: 'Erika Müster',
  company: 'Contactsecret AG',
  source: 'crm',
  match: 'exact',
};
const ERIKAS_NUMBER = '+493023125042';
const ownViewer = () => viewer([{ userId: 'ada', lineId: 'l1', rights: [], isOwn: true }]);
const viewer = (grants: Grant[]) => aViewer({ userId: 'ada', tenantId: 'a', grants });
const contactOf = (number: PhoneNumber) =>
  number.kind === 'e164' && number.number === ERIKAS_NUMBER ? ERIKA : undefined;

let dataDir = '';
let store: Store;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'offhook-search-'));
  store = openSqliteStore(dataDir);
  await store.seed(SEED);
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

let saves = 0;
/** Saves a missed call, or an answered one; answers its id. */
async function save(leg: Partial<JournalLeg> = {}, note?: string, tenantId = 'a'): Promise<string> {
  saves += 1;
  const at = new Date(Date.UTC(2026, 0, 1) + saves * 1000).toISOString();
  const conversationId = `v-${String(saves).padStart(6, '0')}`;
  const whole = aLeg({ callId: `c-${saves}`, startedAt: at, endedAt: at, cause: 'noAnswer', ...leg });
  await store.saveConversation({ conversationId, tenantId, direction: 'inbound', startedAt: at, legs: [whole] });
  if (note !== undefined) {
    const writing = { userId: 'a.anna', key: conversationId, argsHash: '', conversationId, writtenAt: at };
    await store.saveNote({ ...writing, text: note });
  }
  return conversationId;
}

/** A journal that one viewer searches; `look.viewer` is who it is at each moment. */
function aJournal(first: Viewer) {
  const look = { viewer: first, reads: 0, beforeRead: () => {} };
  const frames: (ServerMessage & { type: 'journal' })[] = [];
  const clock = createFakeClock();
  const feed = createJournalFeed({
    context: {
      since: store.journalSince,
      async page(query) {
        look.reads += 1;
        look.beforeRead();
        return store.journalPage(query);
      },
      seq: store.journalSeq,
      fanOut: createJournalFanOut(() => undefined),
      entryFor: ({ rightsOn }, conversation) =>
        entryOf(conversation, { rightsOn, contactOf, lineName: () => undefined }),
      watchedLines: ({ rightsOn }) => LINES.filter((lineId) => rightsOn(lineId).has('watch')),
    },
    viewer: () => look.viewer,
    send: (message) => frames.push(message as (typeof frames)[number]), // the only kind that it sends
    outlet: createOutlet({ bufferedBytes: () => 0, clock, onStalled: () => undefined }),
  });
  async function page(filter: JournalFilter, before?: string) {
    await feed.page({ type: 'journal-page', id: 'm1', filter, ...(before !== undefined && { before }) });
    const { items, more, cursor } = frames.at(-1)!;
    return { entries: items as JournalEntry[], ids: items.map(({ entryId }) => entryId), more, cursor }; // none is gone
  }
  async function all(filter: JournalFilter): Promise<string[]> {
    const ids: string[] = [];
    for (let before: string | undefined, more = true; more; ) {
      const answer = await page(filter, before);
      ids.push(...answer.ids);
      [before, more] = [answer.cursor, answer.more];
    }
    return ids;
  }
  return { look, page, all };
}

describe('what is found', () => {
  test.each([
    ['030 23125', ['contact', 'note']],
    ['+49 (0)30/23125-042', ['contact', 'note']],
    ['23125042', ['contact', 'note']],
    ['0171 3920001', ['name']],
    ['muster', ['contact', 'note']],
    ['MUESTER erika', ['contact', 'note']],
    ['contactsecret', ['contact', 'note']],
    ['robin', ['name']],
    ['obin', ['name']],
    ['offer', ['note']],
    ['20 sitze', ['note']],
    ['offer robin', []],
    ['18', ['internal']],
    ['*21', []],
    ['nobody', []],
    ['  ', ['contact', 'name', 'note', 'internal']],
  ])('%j', async (text, names) => {
    const ids = {
      contact: await save(),
      name: await save({ remote: { number: { kind: 'e164', number: '+491713920001' }, name: 'Robin Sample' } }),
      note: await save({}, 'Wants an offer:\n20 Sitze.'),
      internal: await save({ remote: { number: { kind: 'internal', number: '18' } } }),
    };
    const found = await aJournal(ownViewer()).all({ text });
    const named = Object.entries(ids).filter(([, id]) => found.includes(id));
    expect(named.map(([name]) => name).toSorted()).toEqual(names.toSorted());
  });

  test('outcome, line and text must all hold', async () => {
    const missed = await save();
    const answered = await save({ connectedAt: '2026-01-01T00:00:00.000Z', cause: 'normal' });
    await save({ lineId: 'l2' });
    const both = viewer(['l1', 'l2'].map((lineId) => ({ userId: 'ada', lineId, rights: [], isOwn: true })));
    const { all } = aJournal(both);
    expect(await all({ outcome: 'answered' })).toEqual([answered]);
    expect(await all({ outcome: 'missed', lineId: 'l1' })).toEqual([missed]);
    expect(await all({ outcome: 'missed', lineId: 'l1', text: 'erika' })).toEqual([missed]);
    expect(await all({ outcome: 'missed', lineId: 'l1', text: 'nobody' })).toEqual([]);
    expect(entryTest({ lineId: 'l1' })).toBeUndefined();
  });
});

describe('pages', () => {
  test('a page is full though what is searched is rare, every hit comes once, and the last page says so', async () => {
    const hits: string[] = [];
    for (let n = 0; n < 400; n += 1) {
      if (n % 3 === 0) hits.unshift(await save({ remote: { number: { kind: 'anonymous' }, name: 'Robin' } }));
      else await save();
    }
    const { page, all } = aJournal(ownViewer());
    const first = await page({ text: 'robin' });
    expect([first.ids.length, first.more]).toEqual([50, true]);
    expect(await all({ text: 'robin' })).toEqual(hits);
  });

  test('a search in a long journal answers after a bounded number of calls, and goes on where it was', async () => {
    await save({ remote: { number: { kind: 'anonymous' }, name: 'Robin' } });
    for (let n = 0; n < 60; n += 1) await save();
    const { look, page, all } = aJournal(ownViewer());
    const asStored = store.journalPage;
    // A journal that is longer than this test would like to write: the same page many times.
    let stuck = 210;
    store.journalPage = (query) => asStored(stuck-- > 0 ? { ...query, before: undefined } : query);
    const answer = await page({ text: 'robin' });
    expect(answer).toMatchObject({ ids: [], more: true });
    expect(look.reads).toBe(200);
    store.journalPage = asStored;
    expect(await all({ text: 'robin' })).toHaveLength(1);
  });

  test.each(['23125042', 'erika'])(
    'a right that is lost while the store is searched for %s is not used',
    async (text) => {
      const other = { remote: { number: { kind: 'anonymous' }, name: 'Robin' } } as const;
      for (let n = 0; n < 200; n += 1) await save(n % 2 === 0 ? {} : other);
      const journal = aJournal(ownViewer());
      // What the first read found was to be seen then.
      journal.look.beforeRead = () => {
        if (journal.look.reads === 2) journal.look.viewer = viewer([aGrant('ada', 'l1', 'watch')]);
      };
      expect((await journal.page({ text })).ids).toEqual([]);
      expect(journal.look.reads).toBeGreaterThanOrEqual(2);
    },
  );
});

test('under random rights nothing is found by a number, a name or a note that the finder may not see', async () => {
  let state = 20_260_301;
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
  interface Saved {
    id: string;
    lineId: string;
    tenantId: string;
    number: string;
    name: string;
    note: string;
  }
  const calls: Saved[] = [];
  for (let n = 0; n < 60; n += 1) {
    const [lineId = '', tenantId] = [LINES[random(3)], random(6) === 0 ? 'b' : 'a'];
    const [number, name, note] = [`+4930231250${10 + random(8)}`, `Callersecret${random(5)}`, `Notesecret${random(5)}`];
    const remote = { number: { kind: 'e164', number }, name } as const;
    calls.push({ id: await save({ lineId, remote }, note, tenantId), lineId, tenantId, number, name, note });
  }
  let found = 0;
  for (let round = 0; round < 400; round += 1) {
    const grants = LINES.filter(() => random(4) > 0).map((lineId): Grant => {
      return { userId: 'ada', lineId, rights: RIGHTS.filter(() => random(2) === 0), isOwn: random(5) === 0 };
    });
    const who = viewer(grants);
    const has = (lineId: string, ...rights: Right[]) => rights.every((right) => who.rightsOn(lineId).has(right));
    const text = [`0302312501${random(8)}`, `callersecret${random(5)}`, `NOTESECRET${random(5)}`][random(3)] ?? '';
    const visible = calls.filter(({ tenantId, lineId }) => tenantId === 'a' && has(lineId, 'watch'));
    const expected = visible.filter(({ lineId, number, name, note }) => {
      const isByNumber = number.includes(text.slice(1)) && has(lineId, 'see-numbers');
      const isByName = name.toLowerCase() === text && has(lineId, 'see-names');
      const isByNote = note.toUpperCase() === text && has(lineId, 'see-names', 'see-numbers');
      return isByNumber || isByName || isByNote;
    });
    const { entries, ids } = await aJournal(who).page({ text });
    expect(ids.toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
    for (const entry of entries) {
      const shown = JSON.stringify(entry);
      if (!has(entry.lineId, 'see-numbers')) expect(shown).not.toMatch(/30231250\d|Notesecret/);
      if (!has(entry.lineId, 'see-names')) expect(shown).not.toMatch(/Callersecret|Notesecret/);
    }
    found += ids.length;
  }
  expect(found).toBeGreaterThan(100);
});
