// A call as the CRM's forms take it: the right values, from whatever is known of it, and a tab that disturbs nobody.
import type { Call, EntryForms, JournalEntry } from '@offhook/protocol';
import { ENTRY_KEYS } from '@offhook/protocol';
import { locationOf } from '@offhook/protocol/location-settings';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EntryFormRequest, entryFormUrl, openEntryForm } from '#lib/entry-forms.ts';
import type { JournalState } from '#lib/journal.ts';
import { localTime } from '#lib/local-time.ts';
import { aCall, aContact, aLine, anEntry, aRemote, aState, aStranger } from '../components/builders.ts';
import { wordsOf } from '../components/test-words.ts';
import { createFakeBrowser } from '../fakes/browser.ts';

const NOW = Date.parse('2026-11-20T15:00:00.000Z');
const everyKey = ENTRY_KEYS.map((key) => `${key}={${key}}`).join('&');

interface Known extends Partial<Pick<JournalState, 'entries' | 'drafts'>> {
  calls?: Call[];
  /** How long ago the line's last frame came. */
  heardMsAgo?: number;
  entryForms?: EntryForms;
  request?: Partial<EntryFormRequest>;
}

/** What the form's address says, by placeholder; undefined where there is none. */
function filled({ entries = [], drafts = {}, calls = [], heardMsAgo = 0, entryForms, request }: Known) {
  const phone = aState([], {
    lines: [{ line: aLine({ calls }), receivedAt: NOW - heardMsAgo }],
    entryForms: entryForms ?? { time: `https://crm.example/time/new?${everyKey}` },
  });
  const url = entryFormUrl(
    { form: 'time', entryId: 'entry-1', ...request },
    { phone, journal: { entries, drafts }, words: wordsOf('en'), now: NOW },
  );
  return url === undefined ? undefined : Object.fromEntries(new URL(url).searchParams);
}

describe('the address of a form', () => {
  test('says everything of a call that was talked', () => {
    const entry = anEntry({
      remote: aRemote({ contact: aContact({ contactId: 'sample:c 7' }) }),
      group: 'Sales',
      note: 'Wants an offer & a call',
      disposition: 'callBack',
    });
    expect(filled({ entries: [entry] })).toEqual({
      'contact.id': 'c 7',
      'contact.name': 'Anna Krüger',
      'contact.company': 'Elbe Logistik KG',
      'contact.source': 'sample',
      number: '+493023125042',
      'number.plain': '493023125042',
      'number.national': '03023125042',
      'number.dialled': '+493023125042',
      'number.display': '030 23125042',
      'number.raw': '030 23125042',
      subject: 'Call from Anna Krüger',
      note: 'Wants an offer & a call',
      from: '2026-11-20T13:12:08Z',
      to: '2026-11-20T13:16:20Z',
      'from.local': localTime(Date.parse('2026-11-20T13:12:08Z')),
      'to.local': localTime(Date.parse('2026-11-20T13:16:20Z')),
      date: localTime(Date.parse('2026-11-20T13:12:08Z')).slice(0, 10),
      minutes: '5',
      seconds: '252',
      estimated: 'no',
      direction: 'inbound',
      outcome: 'answered',
      result: 'callBack',
      line: '18',
      group: 'Sales',
      user: 'Mia Sample',
      call: 'entry-1',
    });
  });

  test('says what the phone system of its line would be given', () => {
    const location = locationOf({ country: 'DE', format: 'phoneBook', areaCode: '351', outsideLine: '0' });
    const phone = aState([], {
      lines: [{ line: aLine({ dialPlan: 'main' }), receivedAt: NOW }],
      dialPlans: [{ dialPlanId: 'main', location }],
      entryForms: { time: 'https://crm.example/time/new?redial={number.dialled}' },
    });
    const world = { phone, journal: { entries: [anEntry()], drafts: {} }, words: wordsOf('en'), now: NOW };
    expect(entryFormUrl({ form: 'time', entryId: 'entry-1' }, world)).toBe(
      'https://crm.example/time/new?redial=003023125042',
    );
  });

  test('of a missed call is from its first ring to its end, with no minute of talk', () => {
    const { answeredAt: _, ...rest } = anEntry({ outcome: 'missed', remote: aStranger({ name: 'Bank' }) });
    expect(filled({ entries: [rest] })).toMatchObject({
      from: '2026-11-20T13:12:00Z',
      to: '2026-11-20T13:16:20Z',
      minutes: '0',
      seconds: '0',
      outcome: 'missed',
      'contact.id': '',
      // Who only claims to be the bank is not entered as the bank.
      subject: 'Call from 030 23125077',
    });
  });

  test('brings a probable contact, but calls nobody by a name that is not certain', () => {
    const remote = aRemote({ contact: aContact({ match: 'probable' }), verified: false });
    expect(filled({ entries: [anEntry({ remote, direction: 'outbound' })] })).toMatchObject({
      'contact.id': 'c001',
      subject: 'Call to 030 23125042',
    });
  });

  test('of a call that runs goes up to now, counted on from the last frame and not from this clock', () => {
    const {
      endedAt: _,
      outcome: __,
      ...running
    } = anEntry({ startedAt: '2026-11-20T09:00:00.000Z', answeredAt: '2026-11-20T09:00:10.000Z' });
    const call = aCall({ conversationId: 'entry-1', connectedMs: 60_000, ageMs: 70_000 });
    expect(filled({ entries: [running], calls: [call], heardMsAgo: 5_000 })).toMatchObject({
      from: '2026-11-20T09:00:10Z',
      to: '2026-11-20T09:01:15Z',
      seconds: '65',
      outcome: 'answered',
    });
  });

  test('of a call that the journal has not told of yet comes from the call', () => {
    const call = aCall({ conversationId: 'entry-1', connectedMs: 60_000, answerReported: false });
    expect(filled({ calls: [call] })).toMatchObject({
      from: '2026-11-20T14:59:00Z',
      to: '2026-11-20T15:00:00Z',
      estimated: 'yes',
      line: '18',
    });
    expect(filled({ calls: [{ ...call, state: 'ended' }], heardMsAgo: 30_000 })).toMatchObject({ seconds: '60' });
  });

  test('has the note and the result as they were written last, kept by the relay or not', () => {
    const entry = anEntry({ note: 'old', disposition: 'callBack' });
    const drafts = { 'entry-1': { text: 'new', disposition: null, state: 'waiting' as const } };
    expect(filled({ entries: [entry], drafts })).toMatchObject({ note: 'new', result: '' });
  });

  test('has the beginning of a long note, in whole characters', () => {
    const note = filled({ entries: [anEntry({ note: '📞'.repeat(2000) })] })?.['note'] ?? '';
    expect([...note]).toHaveLength(1000);
    expect(note.isWellFormed()).toBe(true);
  });

  test('is made of what the view shows where the worker does not hold the entry', () => {
    expect(filled({ request: { entry: anEntry() } })).toMatchObject({ seconds: '252' });
    const newer = anEntry({ note: 'newer' });
    expect(filled({ entries: [newer], request: { entry: anEntry({ note: 'older' }) } })).toMatchObject({
      note: 'newer',
    });
  });

  test('does not exist without a form, or without a call', () => {
    expect(filled({ entries: [anEntry()], request: { form: 'activity' } })).toBeUndefined();
    expect(filled({})).toBeUndefined();
    expect(filled({ request: { entryId: 'constructor' } })).toBeUndefined();
  });

  test('leaves empty what a newer relay asks for, and is none where it could lead elsewhere', () => {
    const entries = [anEntry()];
    const time = 'https://crm.example/new?a={mood}&s={seconds}';
    expect(filled({ entries, entryForms: { time } })).toEqual({ a: '', s: '252' });
    expect(filled({ entries, entryForms: { time: 'javascript:alert({seconds})' } })).toBeUndefined();
    expect(filled({ entries, entryForms: { time: 'https://{contact.name}/' } })).toBeUndefined();
  });

  test('stays within the form, whatever a caller is called and an agent writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, note) => {
        const remote = aRemote({ contact: aContact({ name, company: name }) });
        const entries = [anEntry({ remote, note })];
        const entryForms = { time: 'https://crm.example/time/new?who={contact.name}&note={note}&end=1#top' };
        const url = new URL(
          entryFormUrl(
            { form: 'time', entryId: 'entry-1' },
            {
              phone: aState([aLine()], { entryForms }),
              journal: { entries, drafts: {} },
              words: wordsOf('en'),
              now: NOW,
            },
          ) ?? '',
        );
        expect([url.origin, url.pathname, url.hash]).toEqual(['https://crm.example', '/time/new', '#top']);
        expect([...url.searchParams.keys()]).toEqual(['who', 'note', 'end']);
        expect(url.searchParams.get('who')).toBe(name.toWellFormed());
      }),
    );
  });
});

describe('opening a form', () => {
  const FORM = 'https://crm.example/time/new?call=1';

  test('leaves the tab of the CRM alone and takes one of its own beside it', async () => {
    const { browser, tabs, opened } = createFakeBrowser();
    tabs.push({ id: 3, windowId: 1, index: 4, url: 'https://crm.example/contacts/c001' } as (typeof tabs)[number]); // as browsers have it
    expect(await openEntryForm(browser, FORM)).toBe(true);
    expect(opened).toEqual([{ url: FORM, active: true, openerTabId: 3, windowId: 1, index: 5 }]);
  });

  test('takes a tab anywhere where the CRM is not open', async () => {
    const { browser, opened } = createFakeBrowser();
    expect(await openEntryForm(browser, FORM)).toBe(true);
    expect(opened).toEqual([{ url: FORM, active: true }]);
  });

  test('brings the same form of the same call to the front instead of opening it twice', async () => {
    const { browser, tabs, opened } = createFakeBrowser();
    tabs.push({ id: 3, windowId: 1, url: FORM });
    await openEntryForm(browser, FORM);
    expect(opened).toEqual([{ id: 3, active: true }]);
  });

  test('opens nothing but web pages', async () => {
    const { browser, opened } = createFakeBrowser();
    expect(await openEntryForm(browser, 'javascript:alert(1)')).toBe(false);
    expect(opened).toEqual([]);
  });
});

test('an entry without an end that no line holds any more is of some length, never of a negative one', () => {
  const { endedAt: _, outcome: __, ...running }: JournalEntry = anEntry({ answeredAt: '2026-11-20T15:30:00.000Z' });
  expect(filled({ entries: [running] })).toMatchObject({ seconds: '0' });
});
