// Every state of the confirm window, as data.
import type { AskedCall, AskedCalls } from '#lib/asked-calls.ts';
import { aContact, aLine, aState } from '../builders.ts';
import type { DeskFixture } from './desk-fixture.ts';

export interface ConfirmFixture extends DeskFixture {
  asked: AskedCalls;
}

const LINK: AskedCall = { id: 'a', kind: 'link', text: 'tel:+49%2030%2023125042', from: 'outside' };
const SELECTION: AskedCall = {
  id: 'a',
  kind: 'text',
  text: 'Tel. 030 / 231 250 42',
  from: 'menu',
  site: 'https://mail.example',
};
const number = { kind: 'e164', number: '+493023125042' } as const;
const preview = { dialled: '03023125042', number, numberType: 'fixed', decision: 'allowed' } as const;
type Answers = NonNullable<DeskFixture['answers']>;
const known: Answers = { lookup: { type: 'found', matches: [{ contact: aContact(), numbers: [] }] } };
const unknown: Answers = { lookup: { type: 'found', matches: [] } };

/** What waits, the first of it shown. */
export function askedOf(calls: readonly AskedCall[], change: Partial<AskedCalls> = {}): AskedCalls {
  return { calls, leftOut: 0, pageTimes: [], ...change };
}

const state = aState([aLine()]);

/** By the name of the picture. */
export const CONFIRM_STATES: Record<string, ConfirmFixture> = {
  'confirm-known': { state, asked: askedOf([LINK]), preview, answers: known },
  'confirm-unknown': { state, asked: askedOf([SELECTION]), preview, answers: unknown },
  'confirm-two-lines': {
    state: aState([aLine(), aLine({ lineId: 'line-19', extension: '19', device: 'softphone' })]),
    asked: askedOf([{ ...SELECTION, text: 'Mobil 0172 9925904' }]),
    preview: {
      ...preview,
      number: { kind: 'e164', number: '+491729925904' },
      dialled: '01729925904',
      numberType: 'mobile',
    },
    answers: known,
  },
  'confirm-no-number': {
    state,
    asked: askedOf([{ ...SELECTION, text: 'Order 4711, to be delivered on Monday' }]),
    answers: unknown,
  },
  'confirm-other-country': {
    state,
    settings: { country: 'US' },
    asked: askedOf([{ ...SELECTION, text: 'Tel. 030 23125042' }]),
  },
  'confirm-address': { state, asked: askedOf([{ ...LINK, text: 'sip:anna@pbx.example' }]) },
  'confirm-code': {
    state,
    asked: askedOf([{ ...LINK, text: 'tel:*21*03023125042%23', from: 'page' }]),
    preview: {
      number: { kind: 'code', code: '*21*03023125042#' },
      decision: 'refused',
      code: 'policy-blocked',
      params: { reason: 'code' },
    },
  },
  'confirm-unpaired': { state: aState([], { link: { type: 'unpaired' } }), asked: askedOf([LINK]) },
  'confirm-offline': {
    state: aState([aLine()], { link: { type: 'offline' }, heardAt: Date.now() - 4 * 60_000 }),
    asked: askedOf([LINK]),
  },
  'confirm-many': {
    state,
    asked: askedOf(
      [
        { ...LINK, from: 'page' },
        { ...LINK, id: 'b', text: 'tel:030-23125043' },
        { ...LINK, id: 'c', text: 'tel:1' },
      ],
      { leftOut: 27 },
    ),
    preview,
    answers: unknown,
  },
};
