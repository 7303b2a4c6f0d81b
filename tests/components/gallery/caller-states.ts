// Every state of the caller window, as data.
import type { Call, Line } from '@offhook/protocol';
import type { PhoneState } from '#lib/phone.ts';
import { aCall, aColleague, aContact, aLine, anEntry, aRemote, aState, aStranger } from '../builders.ts';
import { type DeskFixture, SAMPLE_FORMS } from './desk-fixture.ts';
import type { SampleAnswers } from './sample-send.ts';

const endless =
  'Dr. Maximiliane Freifrau von und zu Hohenlohe-Waldenburg-Schillingsfürst, Einkauf Süd, Vertretung für alle anderen Abteilungen';
const bernd = aContact({ contactId: 'c002', name: 'Bernd Krüger' });
const nobody: SampleAnswers['answers'] = { lookup: { type: 'found', matches: [] } };
const team = [aColleague('22', { name: 'Jonas Beck' }), aColleague('31', { name: 'Lena Huber', state: 'busy' })];

function ringing(change: Partial<Call> = {}): Call {
  const { connectedMs: _none, ...call } = aCall({
    state: 'offering',
    group: 'Sales hotline',
    ageMs: 6000,
    capabilities: ['answer', 'drop', 'redirect'],
    ...change,
  });
  return call;
}

const talking = ringing({ state: 'connected', ageMs: 260_000, capabilities: ['drop', 'hold', 'redirect', 'sendDtmf'] });
const held: Call = { ...talking, state: 'held', connectedMs: 95_000, capabilities: ['drop', 'retrieve'] };
const stranger = ringing({ callId: 'call-2', conversationId: 'conversation-2', remote: aStranger() });

function desk(calls: readonly Call[], change: Partial<Line> = {}): DeskFixture {
  return {
    state: aState([aLine({ state: 'ringing', calls: [...calls], ...change }), ...team]),
    answers: {
      lookup: { type: 'found', matches: [aContact(), bernd].map((contact) => ({ contact, numbers: [] })) },
    },
  };
}

const lastWeek = anEntry({
  entryId: 'before',
  conversationId: 'before',
  startedAt: new Date(Date.now() - 3 * 86_400_000).toISOString(),
  note: 'Wants the offer split by site; send it until Friday',
});

const manyBefore = [
  lastWeek,
  anEntry({ entryId: 'b2', conversationId: 'b2', startedAt: daysAgo(9), outcome: 'missed', lineId: 'line-22' }),
  anEntry({ entryId: 'b3', conversationId: 'b3', startedAt: daysAgo(16), direction: 'outbound', outcome: 'noAnswer' }),
  anEntry({ entryId: 'b4', conversationId: 'b4', startedAt: daysAgo(30) }),
];

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString();
}

export interface CallerFixture extends DeskFixture {
  /** What comes after the first picture: the window only follows calls that it has seen. */
  next?: PhoneState;
}

function thenOver(call: Call, over: Partial<Call>): CallerFixture {
  const after = { ...call, state: 'ended', capabilities: [], ...over } as const;
  return { ...desk([call]), next: aState([aLine({ calls: [{ ...after, capabilities: [] }] }), ...team]) };
}

function withForms({ next, ...fixture }: CallerFixture): CallerFixture {
  return { ...fixture, ...(next && { next: { ...next, entryForms: SAMPLE_FORMS } }) };
}

/** By the name of the picture. */
export const CALLER_STATES: Record<string, CallerFixture> = {
  'caller-ringing': { ...desk([ringing()]), journal: { entries: [lastWeek], isLoaded: true, drafts: {} } },
  'caller-one-match': { ...desk([ringing()]), answers: nobody },
  'caller-unknown': { ...desk([stranger]), answers: nobody },
  'caller-claims': { ...desk([{ ...stranger, remote: aStranger({ name: '<b>Bank</b>' }) }]), answers: nobody },
  'caller-may-be': desk([stranger]),
  'caller-perhaps': desk([ringing({ remote: aRemote({ contact: aContact({ match: 'probable' }) }) })]),
  'caller-withheld': { ...desk([{ ...stranger, remote: aStranger({ number: { kind: 'anonymous' } }) }]) },
  'caller-facts': {
    ...desk([ringing({ remote: aRemote({ contact: aContact({ vip: true, doNotCall: true }) }) })]),
    answers: {
      ...nobody,
      facts: {
        type: 'facts',
        facts: [
          { label: 'Account manager', text: 'Jonas Beck' },
          { label: 'Open tickets', text: '3' },
          { label: 'Last order', text: '14 pallets of packaging, delivered to the warehouse in Pirna on 12 November' },
        ],
        isComplete: true,
      },
      history: { type: 'page', entries: manyBefore, more: true },
    },
  },
  'caller-create-contact': {
    ...desk([stranger]),
    answers: { ...nobody, history: { type: 'page', entries: manyBefore.slice(0, 1), more: false } },
    state: aState([aLine({ state: 'ringing', calls: [stranger] }), ...team], {
      entryForms: { contact: 'https://crm.example/new?phone={number}' },
    }),
  },
  'caller-internal': desk([
    ringing({
      direction: 'internal',
      remote: { number: { kind: 'internal', number: '22' }, name: 'Jonas Beck', verified: true },
      dialled: { kind: 'internal', number: '18' },
    }),
  ]),
  'caller-handset-only': desk([ringing({ capabilities: [] })]),
  'caller-talking': {
    ...desk([{ ...talking, connectedMs: 252_000 }], { state: 'busy' }),
    journal: {
      entries: [lastWeek],
      isLoaded: true,
      drafts: { 'conversation-1': { text: 'Asks for the delivery date of the second part', state: 'saving' } },
    },
  },
  'caller-held': desk([held], { state: 'held' }),
  'caller-talked': thenOver({ ...talking, connectedMs: 252_000 }, { cause: 'normal' }),
  'caller-talked-forms': withForms(thenOver({ ...talking, connectedMs: 252_000 }, { cause: 'normal' })),
  'caller-rings': { ...desk([ringing()]), answers: nobody, settings: { rings: true } },
  'caller-contact-opened': { ...desk([ringing()]), answers: nobody, opened: { callId: 'call-1' } },
  'caller-elsewhere': thenOver(ringing(), { cause: 'answeredElsewhere' }),
  'caller-missed': thenOver(stranger, { cause: 'cancelled' }),
  'caller-two-calls': desk([{ ...talking, connectedMs: 252_000 }, stranger], { state: 'busyRinging' }),
  'caller-two-lines': {
    ...desk([]),
    state: aState([
      aLine({ calls: [ringing()] }),
      aLine({ lineId: 'line-19', extension: '19', calls: [ringing({ callId: 'call-19' })] }),
    ]),
  },
  'caller-long-names': desk([
    ringing({ group: endless, remote: aRemote({ contact: aContact({ name: endless, company: endless }) }) }),
  ]),
  'caller-right-to-left': desk([
    ringing({ remote: aRemote({ contact: aContact({ name: 'שרה לוי', company: 'شركة المثال' }) }) }),
  ]),
  'caller-offline': {
    state: aState([aLine({ calls: [ringing()] })], { link: { type: 'offline' }, heardAt: Date.now() - 4 * 60_000 }),
  },
  'caller-connecting': { state: aState([], { link: { type: 'connecting' } }) },
};
