// Every state of the side panel, as data: a day at the desk, and the days that one would rather not have.
import type { Call, FoundContact, JournalEntry, Line } from '@offhook/protocol';
import type { JournalState } from '#lib/journal.ts';
import type { PageNumber } from '#lib/messages.ts';
import { aCall, aColleague, aContact, aLine, anEntry, aRemote, aState, aStranger } from '../builders.ts';
import { type DeskFixture, SAMPLE_FORMS } from './desk-fixture.ts';

const NAMES = 'Jonas Beck,Lena Huber,Marie Lang,Reception,Paul Berger,Sofia Klein,Tom Vogt,Eva Roth'.split(',');
const STATES = ['idle', 'busy', 'idle', 'unknown', 'held', 'unavailable', 'idle', 'idle'] as const;
const ENDLESS =
  'Dr. Maximiliane Freifrau von und zu Hohenlohe-Waldenburg-Schillingsfürst, Einkauf Süd, Vertretung für alle anderen Abteilungen';

const ringing = aColleague('22', {
  name: 'Jonas Beck',
  state: 'ringing',
  calls: [aCall({ callId: 'call-22', conversationId: 'conversation-22', state: 'offering', remote: aStranger() })],
});
const team = [
  ringing,
  aColleague('31', { name: 'Lena Huber' }),
  aColleague('35', { name: 'Marie Lang', dnd: true }),
  aColleague('36', { name: 'Tom Vogt', state: 'busy' }),
  aColleague('40', { name: 'Reception', state: 'unknown', asOf: new Date(Date.now() - 5_400_000).toISOString() }),
];

/** So many lines with names and states of all kinds. */
function colleagues(count: number): Line[] {
  return Array.from({ length: count }, (_, index) =>
    aColleague(String(100 + index), {
      name: `${NAMES[index % NAMES.length]} ${Math.floor(index / NAMES.length) + 1}`,
      state: STATES[index % STATES.length] ?? 'idle',
      ...(index % STATES.length === 5 && { unavailableReason: 'noPhone' }),
      dnd: index % 11 === 2,
    }),
  );
}

const able: Call['capabilities'] = ['drop', 'hold', 'redirect', 'sendDtmf'];
const talk = aCall({ capabilities: able });
const berger = aRemote({
  number: { kind: 'e164', number: '+493023125017' },
  contact: aContact({ contactId: 'c005', name: 'Berger, Paul', company: 'Nordlicht AG' }),
});
const waiting = aCall({
  callId: 'call-2',
  conversationId: 'conversation-2',
  state: 'held',
  remote: berger,
  ageMs: 70_000,
  connectedMs: 65_000,
  capabilities: ['drop', 'retrieve', 'toggle', 'transfer', 'conference'],
});

function unanswered(change: Partial<Call>): Call {
  const { connectedMs: _none, ...call } = aCall({ capabilities: ['answer', 'drop', 'redirect'], ...change });
  return call;
}

const entries: JournalEntry[] = [
  anEntry({ entryId: 'conversation-1', conversationId: 'conversation-1', note: 'Wants the offer split by site' }),
  anEntry({ entryId: 'e2', outcome: 'missed', remote: aStranger(), startedAt: '2026-11-20T12:31:00.000Z' }),
  anEntry({ entryId: 'e3', direction: 'outbound', outcome: 'noAnswer', remote: berger, disposition: 'callBack' }),
];
const journal: JournalState = { entries, isLoaded: true, drafts: {} };
const written: JournalState = {
  ...journal,
  drafts: {
    'conversation-1': {
      text: 'Wants the offer split by site; send until Friday.\nAsk Jonas about the old price.',
      disposition: 'callBack',
      state: 'saving',
    },
  },
};

const onPage: PageNumber[] = [
  { number: { kind: 'e164', number: '+493023125042' }, text: '030/23125042', isFax: false },
  { number: { kind: 'e164', number: '+493023125099' }, text: '+49 (0)30 23125-099', isFax: true },
  { number: { kind: 'e164', number: '+442079460018' }, text: '020 7946 0018', isFax: false },
  { number: { kind: 'e164', number: '+491729925904' }, text: '0172 9925904', isFax: false },
];
const found: FoundContact[] = [
  {
    contact: aContact(),
    numbers: [
      { number: { kind: 'e164', number: '+493023125042' }, label: 'Office' },
      { number: { kind: 'e164', number: '+491729925904' }, label: 'Mobile' },
    ],
  },
  {
    contact: aContact({ contactId: 'c009', name: 'Anna-Lena Sommer', company: 'Muster GmbH' }),
    numbers: [{ number: { kind: 'e164', number: '+493023125088' } }],
  },
];
const answers: NonNullable<DeskFixture['answers']> = {
  'page-numbers': { numbers: onPage },
  search: { type: 'found', matches: found, more: false },
  note: { type: 'done' },
  'see-journal': { type: 'done' },
  'journal-page': { type: 'page', entries, cursor: '', more: false },
};
const berlin = { kind: 'e164', number: '+493023125042' } as const;
const allowed = { decision: 'allowed', dialled: '003023125042', number: berlin } as const;

function desk(calls: readonly Call[], change: Partial<DeskFixture> & { line?: Partial<Line> } = {}): DeskFixture {
  const { line, ...fixture } = change;
  const own = aLine({ state: calls.length > 0 ? 'busy' : 'idle', calls: [...calls], ...line });
  return {
    state: aState([own, ...team]),
    journal,
    answers,
    settings: { favourites: ['line-22', 'line-31'] },
    ...fixture,
  };
}

/** By the name of the picture. */
export const SIDEPANEL_STATES: Record<string, DeskFixture> = {
  'panel-idle': desk([]),
  'panel-ringing': desk([unanswered({ state: 'offering', ageMs: 6000 })], { line: { state: 'ringing' } }),
  'panel-talking': desk([talk, waiting], { journal: written }),
  'panel-talking-alone': desk([talk]),
  'panel-dialing': desk([
    unanswered({ state: 'ringback', direction: 'outbound', capabilities: ['drop'], ageMs: 9000 }),
  ]),
  'panel-call-waiting': desk([
    talk,
    unanswered({ callId: 'call-3', conversationId: 'c-3', state: 'offering', remote: aStranger(), ageMs: 3000 }),
  ]),
  'panel-ended': desk([aCall({ state: 'ended', capabilities: [] })], { journal: written }),
  'panel-ended-forms': desk([], {
    state: {
      ...aState([aLine({ calls: [aCall({ state: 'ended', capabilities: [] })] }), ...team]),
      entryForms: SAMPLE_FORMS,
    },
    journal: written,
  }),
  'panel-note-waiting': desk([talk], {
    journal: { ...journal, drafts: { 'conversation-1': { text: 'Call back at 15:00', state: 'waiting' } } },
  }),
  'panel-note-failed': desk([talk], {
    journal: {
      ...journal,
      drafts: { 'conversation-1': { text: 'Call back', state: { type: 'failed', code: 'not-permitted' } } },
    },
  }),
  'panel-few-capabilities': desk([aCall({ capabilities: ['drop'] })], { line: { capabilities: ['makeCall'] } }),
  'panel-transfer': desk([{ ...talk, capabilities: [...able, 'transfer', 'conference'] }, waiting]),
  'panel-keypad': desk([talk]),
  'panel-forward': desk([], { line: { forward: { when: 'noAnswer', to: { kind: 'internal', number: '40' } } } }),
  'panel-dnd': desk([], { line: { dnd: true } }),
  'panel-quiet': desk([], { settings: { favourites: ['line-22'], quietUntil: Date.now() + 25 * 60_000 } }),
  'panel-quiet-ringing': desk([unanswered({ state: 'offering', ageMs: 6000 })], {
    line: { state: 'ringing' },
    settings: { quietUntil: Date.now() + 25 * 60_000 },
  }),
  'panel-contact-opened': desk([talk], { opened: { callId: talk.callId } }),
  'panel-line-facts': desk([], {
    line: {
      voicemail: 2,
      forward: { when: 'noAnswer', to: { kind: 'internal', number: '40' } },
      devices: [
        { deviceId: 'd1', name: 'Desk phone' },
        { deviceId: 'd2', name: 'Headset on the computer, second floor, room 2.014' },
      ],
      restrictions: ['group-calls-not-reported', 'one-device-per-line', 'answer-at-the-phone'],
    },
    settings: { phones: { 'line-18': 'd2' }, favourites: ['line-22'] },
  }),
  'panel-order-failed': desk([talk], { order: { type: 'failed', code: 'not-supported' } }),
  'panel-search': desk([], { preview: allowed }),
  'panel-dial': desk([], { preview: allowed }),
  'panel-journal': desk([]),
  'panel-journal-writing': desk([], { state: { ...aState([aLine(), ...team]), entryForms: SAMPLE_FORMS } }),
  'panel-page': desk([]),
  'panel-page-empty': desk([], { answers: { ...answers, 'page-numbers': { numbers: [] } } }),
  'panel-two-lines': desk([], {
    state: aState([aLine(), aLine({ lineId: 'line-19', extension: '19', device: 'softphone', dnd: true }), ...team]),
    settings: { defaultLineId: 'line-19', favourites: ['line-31'] },
  }),
  'panel-long-names': desk([], {
    state: aState([
      aLine({
        device: ENDLESS,
        forward: { when: 'all', to: { kind: 'e164', number: '+491729925904' } },
        calls: [
          aCall({ capabilities: able, remote: aRemote({ contact: aContact({ name: ENDLESS, company: ENDLESS }) }) }),
          { ...waiting, remote: aRemote({ contact: aContact({ name: ENDLESS }) }) },
        ],
      }),
      aColleague('22', { name: ENDLESS, state: 'busyRinging' }),
      aColleague('31415926', { name: 'A'.repeat(128) }),
    ]),
  }),
  'sidepanel-right-to-left': desk([], {
    state: aState([
      aLine({
        calls: [
          aCall({
            capabilities: able,
            remote: aRemote({ contact: aContact({ name: 'שרה לוי', company: 'شركة المثال' }) }),
          }),
        ],
      }),
      aColleague('22', { name: 'محمد المثال' }),
    ]),
  }),
  'panel-offline': desk([talk], {
    state: aState([aLine({ state: 'busy', calls: [talk] }), ...team], {
      link: { type: 'offline' },
      heardAt: Date.now() - 4 * 60_000,
    }),
  }),
  'panel-refused': { state: aState([], { link: { type: 'refused', code: 'revoked' } }), answers },
  'panel-connecting': { state: aState([], { link: { type: 'connecting' } }), answers },
  'panel-no-line': { state: aState([]), answers },
  'panel-no-colleagues': { state: aState([aLine()]), answers },
  'panel-unpaired': { state: aState([], { link: { type: 'unpaired' } }), answers },
  'sidepanel-2000': desk([], { state: aState([aLine(), ...colleagues(2000)]), settings: { favourites: ['line-131'] } }),
};
