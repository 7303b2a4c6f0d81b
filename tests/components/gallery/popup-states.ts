// Every state of the popup, as data: what agents meet in a year, on one page.
import { CALL_STATES } from '@offhook/protocol';
import type { SiteView } from '#components/SiteRow.tsx';
import type { Policy } from '#lib/policy.ts';
import { aCall, aColleague, aContact, aLine, aRemote, aState, aStranger } from '../builders.ts';
import type { DeskFixture } from './desk-fixture.ts';

export interface PopupFixture extends DeskFixture {
  site?: SiteView;
}

const NAMES = 'Jonas Beck,Lena Huber,Marie Lang,Reception,Paul Berger,Sofia Klein,Tom Vogt,Eva Roth'.split(',');
const STATES = ['idle', 'busy', 'idle', 'unknown', 'held', 'unavailable', 'idle', 'busyRinging'] as const;

function colleagues(count: number) {
  return Array.from({ length: count }, (_, index) =>
    aColleague(String(20 + index), {
      name: `${NAMES[index % NAMES.length]}${index >= NAMES.length ? ` ${Math.floor(index / NAMES.length)}` : ''}`,
      state: STATES[index % STATES.length] ?? 'idle',
      ...(index % STATES.length === 5 && { unavailableReason: 'noPhone' }),
      dnd: index === 2,
    }),
  );
}

const team = [
  aColleague('22', {
    name: 'Jonas Beck',
    state: 'ringing',
    calls: [aCall({ callId: 'call-22', state: 'offering', remote: aStranger() })],
  }),
  aColleague('31', { name: 'Lena Huber' }),
  aColleague('35', { name: 'Marie Lang', dnd: true }),
  aColleague('40', { name: 'Reception', state: 'unknown', asOf: new Date(Date.now() - 5_400_000).toISOString() }),
];
const endless =
  'Dr. Maximiliane Freifrau von und zu Hohenlohe-Waldenburg-Schillingsfürst, Einkauf Süd, Vertretung für alle anderen Abteilungen';

const callStates = Object.fromEntries(
  [...CALL_STATES, 'unknown' as const].map((state): [string, PopupFixture] => {
    const isInbound = state === 'offering' || state === 'connected';
    const call = aCall({
      state,
      direction: isInbound ? 'inbound' : 'outbound',
      ...(state === 'failed' && { cause: 'busy' }),
      ...(state === 'ended' && { cause: 'answeredElsewhere' }),
      ageMs: 7000,
    });
    const { connectedMs: _none, ...unanswered } = call;
    const isTalk = state === 'connected' || state === 'held' || state === 'ended';
    const line = aLine({ state: state === 'offering' ? 'ringing' : 'busy', calls: [isTalk ? call : unanswered] });
    return [`call-${state}`, { state: aState([line, ...team]) }];
  }),
);

const crowded = [
  aCall({
    callId: 'a',
    state: 'held',
    connectedMs: 65_000,
    remote: aRemote({ contact: aContact({ name: 'Berger, Paul', company: 'Nordlicht AG' }) }),
  }),
  aCall({ callId: 'b', direction: 'outbound', ageMs: 100_000 }),
  aCall({
    callId: 'c',
    state: 'offering',
    ageMs: 4000,
    remote: aStranger({ name: 'Sparkasse' }),
    capabilities: ['drop'],
  }),
  aCall({ callId: 'd', state: 'ended', cause: 'normal', ageMs: 3000 }),
];

const unpaired = aState([], { link: { type: 'unpaired' } });
const byAccount: Partial<Policy> = {
  relay: 'https://relay.elbe-logistik.example',
  signIn: 'oidc',
  locked: ['relay'],
};

/** By the name of the picture. */
export const POPUP_STATES: Record<string, PopupFixture> = {
  idle: { state: aState([aLine(), ...team]) },
  ...callStates,
  'no-capabilities': { state: aState([aLine({ calls: [aCall({ state: 'offering', capabilities: [] })] }), ...team]) },
  'talk-without-hold': { state: aState([aLine({ calls: [aCall({ capabilities: ['drop'] })] }), ...team]) },
  'unreported-answer': {
    state: aState([aLine({ calls: [aCall({ direction: 'outbound', answerReported: false })] }), ...team]),
  },
  'claims-to-be': {
    state: aState([
      aLine({ calls: [aCall({ state: 'offering', remote: aStranger({ name: '<b>Bank</b>' }) })] }),
      ...team,
    ]),
  },
  withheld: {
    state: aState([
      aLine({ calls: [aCall({ state: 'offering', remote: aStranger({ number: { kind: 'anonymous' } }) })] }),
      ...team,
    ]),
  },
  'long-names': {
    state: aState([
      aLine({
        device: endless,
        state: 'unavailable',
        unavailableReason: 'noPhone',
        forward: { when: 'all', to: { kind: 'e164', number: '+491729925904' } },
        calls: [aCall({ remote: aRemote({ contact: aContact({ name: endless, company: endless }) }) })],
      }),
      aColleague('22', { name: endless, state: 'busyRinging' }),
      aColleague('31415926', { name: 'A'.repeat(128) }),
    ]),
  },
  'right-to-left': {
    state: aState([
      aLine({
        calls: [aCall({ remote: aRemote({ contact: aContact({ name: 'שרה לוי', company: 'شركة المثال' }) }) })],
      }),
      aColleague('22', { name: 'محمد المثال' }),
    ]),
  },
  crowded: { state: aState([aLine({ state: 'busyRinging', calls: crowded }), ...colleagues(12)]) },
  'two-own-lines': {
    state: aState([aLine(), aLine({ lineId: 'line-19', extension: '19', device: 'softphone', dnd: true }), ...team]),
  },
  'twelve-lines': { state: aState([aLine(), ...colleagues(12)]), site: { type: 'available', host: 'crm.example' } },
  'two-hundred-lines': { state: aState([aLine(), ...colleagues(200)]) },
  'on-page': {
    state: aState([aLine(), ...colleagues(40)]),
    settings: { favourites: ['line-22', 'line-27'] },
    answers: {
      'page-numbers': {
        numbers: [
          {
            number: { kind: 'e164', number: '+493023125042' },
            text: '030/23125042',
            isFax: false,
            why: { rule: 'label', label: 'Tel.' },
          },
          {
            number: { kind: 'e164', number: '+493023125099' },
            text: '030/23125099',
            isFax: true,
            why: { rule: 'label', label: 'Fax' },
          },
        ],
      },
    },
  },
  selected: {
    state: aState([aLine(), ...team]),
    answers: {
      'selection-reasons': {
        reasons: [
          { text: '030 23125042', isNumber: true, rule: 'label', label: 'Telefon' },
          { text: '4711-0815', isNumber: false, rule: 'negative-label:order' },
        ],
      },
    },
  },
  offline: {
    state: aState([aLine({ calls: [aCall()] }), ...team], {
      link: { type: 'offline' },
      heardAt: Date.now() - 4 * 60_000,
    }),
  },
  'offline-version': {
    state: aState([aLine(), ...team], {
      link: { type: 'offline', code: 'pbx-unreachable' },
      heardAt: Date.now() - 90_000_000,
    }),
  },
  quiet: { state: aState([aLine(), ...team]), settings: { quietUntil: Date.now() + 25 * 60_000 } },
  'contact-opened': { state: aState([aLine({ calls: [aCall()] }), ...team]), opened: { callId: 'call-1' } },
  'line-facts': {
    state: aState([
      aLine({
        voicemail: 2,
        devices: [
          { deviceId: 'd1', name: 'Desk phone' },
          { deviceId: 'd2', name: 'Headset' },
        ],
      }),
      ...team,
    ]),
  },
  refused: { state: aState([], { link: { type: 'refused', code: 'revoked' } }) },
  connecting: { state: aState([], { link: { type: 'connecting' } }) },
  'no-own-line': { state: aState(team) },
  'no-line-at-all': { state: aState([]) },
  unpaired: {
    state: aState([], { link: { type: 'unpaired' } }),
    site: { type: 'available', host: 'crm.elbe-logistik.example' },
  },
  'sign-in': { state: unpaired, policy: byAccount },
  'sign-in-only': { state: unpaired, policy: { ...byAccount, locked: ['relay', 'signIn'] } },
  'sign-in-waiting': {
    state: { ...unpaired, signIn: { type: 'waiting', provider: 'Elbe-ID' } },
    policy: byAccount,
  },
  'sign-in-silent': { state: { ...unpaired, signIn: { type: 'connecting' } }, policy: byAccount },
  'sign-in-refused': {
    state: { ...unpaired, signIn: { type: 'failed', code: 'sign-in-refused' } },
    policy: byAccount,
  },
  'sign-in-unknown': { state: { ...unpaired, signIn: { type: 'failed', code: 'user-unknown' } }, policy: byAccount },
  'sign-in-down': {
    state: { ...unpaired, signIn: { type: 'failed', code: 'sign-in-unavailable' } },
    policy: byAccount,
  },
  'relay-page': { state: aState([], { link: { type: 'unpaired' } }), site: { type: 'relay', host: '127.0.0.1:8730' } },
  'dial-preview': {
    state: aState([aLine(), ...team]),
    preview: { decision: 'allowed', dialled: '003023125042', number: { kind: 'e164', number: '+493023125042' } },
  },
  'dial-refused': {
    state: aState([aLine(), ...team]),
    preview: { decision: 'refused', code: 'policy-blocked', params: { reason: 'premium' } },
  },
  'dial-failed': {
    state: aState([aLine(), ...team]),
    preview: { decision: 'allowed', dialled: '003023125042', number: { kind: 'e164', number: '+493023125042' } },
    order: { type: 'failed', code: 'pbx-rejected', params: { cause: 'unreachable' } },
  },
  'dial-unknown': {
    state: aState([aLine(), ...team]),
    preview: { decision: 'allowed', dialled: '003023125042', number: { kind: 'e164', number: '+493023125042' } },
    order: { type: 'unknown' },
  },
  'dial-confirm': {
    state: aState([aLine(), ...team]),
    preview: { decision: 'confirm', dialled: '0004420794601', number: { kind: 'e164', number: '+442079460018' } },
    order: {
      type: 'failed',
      code: 'confirmation-needed',
      params: { reason: 'country', country: 'GB', confirm: 'token' },
    },
  },
  'order-failed': {
    state: aState([aLine({ calls: [aCall()] }), ...team]),
    order: { type: 'failed', code: 'not-supported' },
  },
};
