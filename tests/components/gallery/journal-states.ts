// Every state of the journal page, as data.
import { OUTCOMES } from '@offhook/protocol';
import type { JournalState } from '#lib/journal.ts';
import { aCall, aContact, aLine, anEntry, aRemote, aState, aStranger } from '../builders.ts';
import { type DeskFixture, SAMPLE_FORMS } from './desk-fixture.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const endless =
  'Dr. Maximiliane Freifrau von und zu Hohenlohe-Waldenburg-Schillingsfürst, Einkauf Süd, Vertretung für alle anderen Abteilungen';

function at(agoMs: number): string {
  return new Date(Date.now() - agoMs).toISOString();
}

function entry(index: number, agoMs: number, change: Parameters<typeof anEntry>[0] = {}) {
  const id = `entry-${index}`;
  return anEntry({
    entryId: id,
    conversationId: id,
    startedAt: at(agoMs),
    answeredAt: at(agoMs - 8000),
    endedAt: at(agoMs - 260_000),
    ...change,
  });
}

const paul = aRemote({
  number: { kind: 'e164', number: '+442079460018' },
  contact: aContact({ contactId: 'c003', name: 'Paul Berger', company: 'Nordlicht AG' }),
});
const jonas = { number: { kind: 'internal', number: '22' }, name: 'Jonas Beck', verified: true } as const;

const entries = [
  entry(1, 4 * MINUTE_MS, { outcome: 'missed', remote: aStranger(), group: 'Service' }),
  entry(2, 26 * MINUTE_MS, { note: 'Wants the offer split by site; send it until Friday', disposition: 'callBack' }),
  entry(3, 48 * MINUTE_MS, { outcome: 'noAnswer', direction: 'outbound', remote: paul }),
  entry(4, 95 * MINUTE_MS, { outcome: 'answeredElsewhere', answeredBy: 'Lena Huber', group: 'Service', remote: paul }),
  entry(5, 130 * MINUTE_MS, { direction: 'internal', remote: jonas, disposition: 'resolved' }),
  entry(6, DAY_MS, { direction: 'outbound', isEstimated: true }),
  entry(7, DAY_MS + 20 * MINUTE_MS, { outcome: 'missed', remote: aStranger({ name: 'Sparkasse' }) }),
  entry(8, 2 * DAY_MS, { outcome: 'missed', remote: aStranger({ number: { kind: 'anonymous' } }) }),
  ...OUTCOMES.map((outcome, index) => entry(20 + index, (9 + index) * DAY_MS, { outcome, direction: 'outbound' })),
];

const full: JournalState = { entries, isLoaded: true, seenUntil: at(DAY_MS / 2), drafts: {} };
const online = aState([aLine()]);
const noMore = { answers: { 'journal-page': { type: 'page', entries: [], cursor: '', more: false } } } as const;

function many(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const outcome = OUTCOMES[index % OUTCOMES.length] ?? 'answered';
    return entry(1000 + index, index * 11 * MINUTE_MS, { outcome, remote: index % 3 === 0 ? paul : aStranger() });
  });
}

/** By the name of the picture. */
export const JOURNAL_STATES: Record<string, DeskFixture> = {
  'journal-full': { state: online, journal: full, ...noMore },
  'journal-in-a-call': { state: aState([aLine({ state: 'busy', calls: [aCall()] })]), journal: full },
  'journal-two-lines': {
    state: aState([aLine(), aLine({ lineId: 'line-19', extension: '19', device: 'softphone' })]),
    journal: full,
  },
  'journal-forms': {
    state: { ...online, entryForms: SAMPLE_FORMS },
    journal: {
      ...full,
      openedForms: [
        { entryId: 'entry-2', form: 'activity', at: Date.now() - 20 * MINUTE_MS },
        { entryId: 'entry-2', form: 'time', at: Date.now() - 19 * MINUTE_MS },
        { entryId: 'entry-3', form: 'time', at: Date.now() - 5 * MINUTE_MS },
      ],
    },
    ...noMore,
  },
  'journal-gaps': {
    state: { ...online, deviceSessions: 2 },
    journal: {
      ...full,
      entries: [
        entry(1, 4 * MINUTE_MS, { outcome: 'missed', remote: aStranger(), group: 'Service' }),
        entry(2, 6 * MINUTE_MS, {
          outcome: 'missed',
          remote: paul,
          group: 'Service',
          callBack: { by: 'Lena Huber', isMine: false, at: at(MINUTE_MS) },
        }),
        entry(3, 9 * MINUTE_MS, {
          outcome: 'missed',
          remote: aStranger({ name: 'Sparkasse' }),
          group: 'Service',
          callBack: { by: 'Mia Sample', isMine: true, at: at(MINUTE_MS) },
        }),
        ...entries.slice(2),
      ],
      gaps: [
        { gapId: 'gap-3', startedAt: at(2 * MINUTE_MS), reason: 'pbx' },
        { gapId: 'gap-2', startedAt: at(60 * MINUTE_MS), endedAt: at(52 * MINUTE_MS), reason: 'relay' },
        { gapId: 'gap-1', startedAt: at(DAY_MS + 60 * MINUTE_MS), endedAt: at(DAY_MS - 60 * MINUTE_MS), reason: 'pbx' },
      ],
    },
    ...noMore,
  },
  'journal-exported': { state: online, journal: full, ...noMore },
  'journal-drafts': {
    state: online,
    journal: {
      ...full,
      drafts: { 'entry-1': { text: 'Call again at four', disposition: 'callBack', state: 'waiting' } },
    },
  },
  'journal-long': {
    state: online,
    journal: {
      ...full,
      entries: [
        entry(1, MINUTE_MS, {
          note: endless.repeat(3),
          group: endless,
          remote: aRemote({ contact: aContact({ name: endless, company: endless }) }),
        }),
        entry(2, 2 * MINUTE_MS, {
          note: 'עדכון',
          remote: aRemote({ contact: aContact({ name: 'שרה לוי', company: 'شركة المثال' }) }),
        }),
      ],
    },
  },
  'journal-empty': { state: online, journal: { entries: [], isLoaded: true, drafts: {} } },
  'journal-loading': { state: online, journal: { entries: [], isLoaded: false, drafts: {} } },
  'journal-offline': {
    state: aState([aLine()], { link: { type: 'offline' }, heardAt: Date.now() - 4 * MINUTE_MS }),
    journal: full,
    answers: { 'journal-page': { type: 'failed', code: 'relay-unreachable' } },
  },
  'journal-offline-empty': {
    state: aState([], { link: { type: 'offline' } }),
    journal: { entries: [], isLoaded: false, drafts: {} },
  },
  'journal-unpaired': {
    state: aState([], { link: { type: 'unpaired' } }),
    journal: { entries: [], isLoaded: false, drafts: {} },
  },
  'journal-10000': { state: online, journal: { entries: many(10_000), isLoaded: true, drafts: {}, seenUntil: at(0) } },
};
