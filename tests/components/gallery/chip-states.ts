// Every state of chip and card on a page, as data.

import type { CardView, NumberReading } from '#lib/page/card.ts';
import type { ChipView } from '#lib/page/chip.ts';
import type { NumberFacts } from '#lib/page-facts.ts';

const NUMBER = { kind: 'e164', number: '+493023125042' } as const;
const LINE = { lineId: 'line-18', extension: '18' };
const TEXT = '030/23125042';

type Outlook = NonNullable<CardView['outlook']>;

const outlook = (change: Partial<Outlook> = {}): Outlook => ({
  number: NUMBER,
  display: '+49 30 23125042',
  numberType: 'fixed',
  line: LINE,
  decision: 'allowed',
  dialled: '003023125042',
  ...change,
});

const PREMIUM: Partial<Outlook> = {
  numberType: 'premium',
  decision: 'refused',
  code: 'policy-blocked',
  params: { reason: 'premium' },
};
const IN_CALL = { callId: 'call-1', canConsult: true, canTransfer: true };

// A Thursday evening before the gallery's own Friday.
const KNOWN: NumberFacts = {
  person: { type: 'known', name: 'Anna Krüger', isCertain: true, company: 'Muster & Söhne GmbH', others: 0 },
  lastCall: { direction: 'inbound', outcome: 'answered', startedAt: Date.parse('2026-11-19T17:42:00+01:00') },
};

const reading = (change: Partial<NumberReading['choices']> = {}): NumberReading => ({
  country: { code: 'DE', callingCode: '49', source: 'agent' },
  because: { rule: 'label', label: 'Tel.' },
  choices: {
    site: 'crm.example',
    isLocked: false,
    canExclude: true,
    column: undefined,
    countries: ['AT', 'CH', 'DE', 'FR', 'GB'],
    ...change,
  },
});

const card = (change: Partial<CardView> = {}): CardView => ({
  type: 'card',
  number: NUMBER,
  text: TEXT,
  reading: reading(),
  outlook: outlook(),
  facts: KNOWN,
  ...change,
});

const ABROAD: NumberReading = {
  country: { code: 'CH', callingCode: '41', source: 'record' },
  because: { rule: 'national' },
  choices: reading({ column: 'Phone' }).choices,
};

/** By the name of the picture. */
export const CHIP_STATES: Record<string, ChipView> = {
  'chip-ready': { type: 'ready', number: NUMBER, text: TEXT },
  'chip-dials': { type: 'ready', number: NUMBER, text: TEXT, outlook: outlook() },
  'chip-dials-shared-cost': {
    type: 'ready',
    number: NUMBER,
    text: TEXT,
    outlook: outlook({ numberType: 'sharedCost' }),
  },
  'chip-not-dialled': { type: 'ready', number: NUMBER, text: TEXT, outlook: outlook(PREMIUM) },
  'chip-in-call': { type: 'ready', number: NUMBER, text: TEXT, outlook: outlook({ inCall: IN_CALL }) },
  'chip-reached-dials': { type: 'reached', number: NUMBER, text: TEXT, outlook: outlook() },
  'chip-calling': { type: 'calling' },
  'chip-covered': { type: 'covered' },
  'chip-done': { type: 'result', result: { type: 'done' } },
  'chip-unknown': { type: 'result', result: { type: 'unknown' } },
  'chip-refused': {
    type: 'result',
    result: { type: 'failed', code: 'policy-blocked', params: { reason: 'premium' } },
  },
  'chip-not-paired': { type: 'result', result: { type: 'failed', code: 'not-paired' } },
  'chip-decided': {
    type: 'decided',
    wish: { name: 'not-number', text: TEXT, isOn: true },
    site: 'crm.example',
    isNone: false,
  },
  'card-known': card(),
  'card-asking': card({ facts: undefined, outlook: undefined }),
  'card-unknown': card({
    number: { kind: 'e164', number: '+41446681800' },
    reading: ABROAD,
    facts: { person: { type: 'unknown' } },
    outlook: outlook({ display: '+41 44 668 18 00', dialled: '00041446681800' }),
    note: { type: 'copied' },
  }),
  'card-recountried': card({
    reading: { ...ABROAD, country: { code: 'AT', callingCode: '43', source: 'site' } },
    outlook: outlook({ display: '+43 30 23125042', dialled: '00433023125042', numberType: 'mobile' }),
    note: { type: 'country', country: 'AT', site: 'crm.example' },
  }),
  'card-refused': card({
    outlook: outlook({ ...PREMIUM, display: '+49 900 1234567' }),
    facts: { person: { type: 'unasked' } },
    reading: { ...reading({ countries: [] }), country: { code: 'DE', callingCode: '49', source: 'number' } },
  }),
  'card-in-call': card({ outlook: outlook({ inCall: IN_CALL }), facts: { ...KNOWN, talksWith: 'Ben Sommer' } }),
  'card-in-call-without-hold': card({
    facts: { ...KNOWN, talksWith: 'Ben Sommer' },
    outlook: outlook({ inCall: { ...IN_CALL, canConsult: false, canTransfer: false } }),
  }),
  'card-managed': card({
    reading: { ...reading({ isLocked: true, column: 'Phone' }), because: { rule: 'label', label: 'Phone' } },
    facts: {
      person: {
        type: 'known',
        name: 'Dr. Maximiliane Freifrau von Musterhausen-Beispiel',
        isCertain: false,
        company: 'Muster Beteiligungsgesellschaft',
        others: 2,
      },
      lastCall: { direction: 'outbound', outcome: 'noAnswer', startedAt: Date.parse('2026-11-20T11:05:00+01:00') },
    },
  }),
};
