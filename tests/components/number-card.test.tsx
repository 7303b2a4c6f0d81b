// The card: what it says of a number, what it offers, and what it leaves to the page's gesture watch.
import { afterEach, describe, expect, test } from 'vitest';
import { type ChipWords, chipSkin } from '#components/Chip.tsx';
import type { CardView, NumberReading } from '#lib/page/card.ts';
import type { ChipView } from '#lib/page/chip.ts';
import { wordsOf } from './test-words.ts';

const words: ChipWords = wordsOf('en');
const container = document.createElement('div');
const skin = chipSkin(words);
afterEach(() => skin.render(container, null));

const NUMBER = { kind: 'e164', number: '+493023125042' } as const;
const reading = (change: Partial<NumberReading['choices']> = {}): NumberReading => ({
  country: { code: 'DE', callingCode: '49', source: 'agent' },
  because: { rule: 'label', label: 'Tel.' },
  choices: {
    ...{ site: 'crm.example', isLocked: false, canExclude: true, column: 'Phone', countries: ['CH', 'DE'] },
    ...change,
  },
});
const card = (change: Partial<CardView> = {}): CardView => ({
  ...{ type: 'card', number: NUMBER, text: '030 23125042', reading: reading() },
  ...change,
});

function drawn(view: ChipView): HTMLElement {
  skin.render(container, view);
  return container;
}

const acts = (element: HTMLElement) =>
  [...element.querySelectorAll('button')].map((button) => button.getAttribute('data-act'));
const said = (element: HTMLElement) =>
  [...element.querySelectorAll('.said')].map((one) => one.getAttribute('data-text'));

const OUTLOOK = { number: NUMBER, display: '+49 30 23125042', line: { lineId: 'l', extension: '18' } };
const IN_CALL = { callId: 'c', canConsult: true, canTransfer: true };

describe('the card', () => {
  test('is a named dialogue whose buttons are out of the tab order', () => {
    const box = drawn(card({ outlook: OUTLOOK }));
    expect(box.querySelector('[role="dialog"]')?.getAttribute('aria-label')).toBe('About +49 30 23125042');
    expect([...box.querySelectorAll('button,select')].map((one) => one.getAttribute('tabindex'))).toEqual(
      Array(5).fill('-1'),
    );
  });

  test('says what only we know through the style sheet: in its text no page finds it', () => {
    const box = drawn(
      card({
        outlook: { ...OUTLOOK, dialled: '003023125042', decision: 'allowed' },
        facts: { person: { type: 'known', name: 'Anna Krüger', isCertain: true, company: 'Muster GmbH', others: 2 } },
      }),
    );
    expect(said(box)).toEqual([
      'Anna Krüger',
      'Muster GmbH · 2 more',
      'No recent call',
      'Dials 003023125042 on line 18',
    ]);
    expect(box.textContent).not.toMatch(/Anna|Muster GmbH|003023125042/);
  });

  test('has the room for the contact before the answer is there', () => {
    const before = drawn(card()).querySelectorAll('.card__person .card__line').length;
    const after = drawn(card({ facts: { person: { type: 'unknown' } } })).querySelectorAll('.card__person .card__line');
    expect([before, after.length]).toEqual([2, 2]);
  });

  test.each<[string, Partial<CardView>, (string | null)[]]>([
    ['to call, to copy, and to decide', {}, ['call', 'copy', 'not-number', 'always-column']],
    ['no column where there is none', { reading: reading({ column: undefined }) }, ['call', 'copy', 'not-number']],
    ['no decision where the company decides', { reading: reading({ isLocked: true }) }, ['call', 'copy']],
    [
      'no plain call while one is spoken in',
      { outlook: { ...OUTLOOK, inCall: IN_CALL } },
      ['consult', 'transfer', 'call-beside', 'copy', 'not-number', 'always-column'],
    ],
    [
      'of holding and sending on what the call can do',
      { outlook: { ...OUTLOOK, inCall: { ...IN_CALL, canConsult: false } } },
      ['transfer', 'call-beside', 'copy', 'not-number', 'always-column'],
    ],
    [
      'the way back from another country',
      { note: { type: 'country', country: 'CH', site: 'crm.example' } },
      ['call', 'copy', 'not-number', 'always-column', 'undo'],
    ],
  ])('offers %s', (_, change, expected) => {
    expect(acts(drawn(card(change)))).toEqual(expected);
  });

  test('lets the country be chosen unless the number or the company says it', () => {
    const list = drawn(card()).querySelector('select');
    expect([...(list?.options ?? [])].map(({ value, text }) => `${value} ${text}`)).toEqual([
      'DE Germany',
      'CH Switzerland',
    ]);
    expect(list?.value).toBe('DE');
    expect(drawn(card({ reading: reading({ countries: [] }) })).querySelector('select')).toBeNull();
    expect(drawn(card({ reading: reading({ isLocked: true }) })).querySelector('select')).toBeNull();
  });

  test.each([
    ['inbound', 'missed', 'Missed call'],
    ['inbound', 'answered', 'Called you'],
    ['outbound', 'answered', 'You called'],
    ['outbound', 'busy', 'Not reached'],
  ] as const)('says of the last call, %s and %s: %s', (direction, outcome, text) => {
    const lastCall = { direction, outcome, startedAt: Date.parse('2026-11-19T17:42:00Z') };
    expect(said(drawn(card({ facts: { person: { type: 'unknown' }, lastCall } }))).join()).toContain(text);
  });

  test('says of the last call that a colleague had it', () => {
    const lastCall = { direction: 'inbound', outcome: 'answered', startedAt: 0, by: 'Jonas Beck' } as const;
    const text = said(drawn(card({ facts: { person: { type: 'unknown' }, lastCall } }))).join();
    expect(text).toMatch(/Last call .*, with Jonas Beck/);
  });

  test('says with whom the agent speaks once it is told, and that there is a call before', () => {
    const outlook = { ...OUTLOOK, inCall: IN_CALL };
    expect(said(drawn(card({ outlook, facts: undefined })))).toContain('In a call …');
    const facts = { person: { type: 'unknown' }, talksWith: 'Ben Sommer' } as const;
    expect(said(drawn(card({ outlook, facts })))).toContain('In a call with Ben Sommer');
  });

  test('a contact that may be another one is said to be perhaps that', () => {
    const person = { type: 'known', name: 'Anna Krüger', isCertain: false, others: 0 } as const;
    expect(said(drawn(card({ facts: { person } })))).toContain('perhaps Anna Krüger');
  });
});

test('the chip of who is in a call says so instead of offering to call', () => {
  const view: ChipView = {
    type: 'ready',
    number: NUMBER,
    text: '030 23125042',
    outlook: { ...OUTLOOK, inCall: IN_CALL },
  };
  const [button] = drawn(view).querySelectorAll('button');
  expect(button?.getAttribute('aria-label')).toBe('In a call … +493023125042');
});

test.each<[string, ChipView, string]>([
  [
    'a decision',
    {
      type: 'decided',
      wish: { name: 'always-column', title: 'Phone', isOn: true },
      site: 'crm.example',
      isNone: false,
    },
    '“Phone” always holds numbers on crm.example.',
  ],
  ['that there is no room', { type: 'no-room' }, 'There is no room for more here. Use the Offhook popup.'],
  ['that a call was sent on', { type: 'result', result: { type: 'done' }, how: 'transfer' }, 'Transferred'],
])('says %s, for ears, too', (_, view, text) => {
  expect(drawn(view).textContent).toContain(text);
  expect(skin.announcementOf(view)).toBe(text);
});
