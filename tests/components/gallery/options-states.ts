// Every state of the options page and of the first run, as data.
import type { OptionsProps } from '#components/OptionsView.tsx';
import type { KnownSite } from '#lib/known-sites.ts';
import type { Policy } from '#lib/policy.ts';
import type { Settings } from '#lib/settings.ts';
import { aColleague, aLine, aState } from '../builders.ts';

export interface OptionsFixture extends Pick<OptionsProps, 'state' | 'connection' | 'sites'> {
  settings?: Partial<Settings>;
  isFirstRun?: boolean;
  permission?: 'granted' | 'denied';
  /** When a phone link of another program came last. */
  phoneLinkAt?: number;
  policy?: Partial<Policy>;
}

/** A site that the agent allowed and left as it is. */
export function aSite(site: string, change: Partial<KnownSite> = {}): KnownSite {
  const label = site.replace(/^https:\/\//, '');
  return { site, label, status: 'on', access: 'agent', company: 'none', rule: { state: 'on' }, ...change };
}

const connection = { relay: 'relay.elbe-logistik.example', userName: 'Mia Sample' };
const longHost = 'a-very-long-name-of-a-department.and-its-subsidiary.customers.company.example';
const sites = [aSite('https://crm.example'), aSite('http://127.0.0.1'), aSite(`https://${longHost}`)];
const unpaired = aState([], { link: { type: 'unpaired' } });
const team = [
  aColleague('22', { name: 'Jonas Beck' }),
  aColleague('31', { name: 'Lena Huber' }),
  aColleague('35', { name: 'Marie Lang', state: 'busy' }),
];

/** By the name of the picture. */
export const OPTIONS_STATES: Record<string, OptionsFixture> = {
  'options-connected': { state: aState([aLine()]), connection, sites },
  'options-two-lines': {
    state: aState([aLine(), aLine({ lineId: 'line-19', extension: '19', device: 'softphone' })]),
    connection,
    sites: sites.slice(0, 1),
    settings: { defaultLineId: 'line-19', notifies: false, opensContact: 'answer' },
    phoneLinkAt: Date.now() - 3 * 3_600_000,
  },
  'options-ringtones': {
    state: aState([aLine()]),
    connection,
    sites: sites.slice(0, 1),
    settings: {
      rings: true,
      ringtones: { volume: 0.35, device: 'headset', tones: { internal: 'double', external: 'soft', vip: 'own:1' } },
    },
  },
  'options-quiet': {
    state: aState([aLine()]),
    connection,
    sites: [],
    settings: { quietUntil: Date.now() + 25 * 60_000, quietInFullScreen: true },
  },
  'options-unpaired': { state: unpaired, connection: undefined, sites: [] },
  'options-unpaired-sign-in': {
    state: { ...unpaired, signIn: { type: 'failed', code: 'sign-in-cancelled' } },
    connection: undefined,
    sites: [],
    policy: { relay: 'https://relay.elbe-logistik.example', signIn: 'oidc', locked: ['relay'] },
  },
  'options-refused': {
    state: aState([], { link: { type: 'refused', code: 'revoked' } }),
    connection,
    sites: sites.slice(0, 1),
  },
  'options-offline': {
    state: aState([aLine()], { link: { type: 'offline' }, heardAt: Date.now() - 4 * 60_000 }),
    connection,
    sites: sites.slice(0, 1),
  },
  'options-company': {
    state: aState([aLine()]),
    connection,
    sites: [
      aSite('https://crm.example', { access: 'build', company: 'locked', rule: { state: 'on', click: 'links' } }),
      aSite('https://desk.example', {
        company: 'default',
        rule: { state: 'on', country: 'CH', neverColumns: ['Order no.'], skip: ['.editor'] },
      }),
      aSite('https://mail.example', { status: 'paused', rule: { state: 'paused' } }),
      aSite('https://shop.example', { status: 'denied', access: 'none', company: 'default' }),
    ],
    policy: {
      relay: 'https://relay.elbe-logistik.example',
      values: { country: 'DE', opensContact: 'answer' },
      sites: { 'https://crm.example': { state: 'on', click: 'links' } },
      locked: ['relay', 'country', 'opensContact', 'sites'],
    },
  },
  'first-run-new': {
    state: unpaired,
    connection: undefined,
    sites: [],
    settings: { country: undefined },
    isFirstRun: true,
  },
  'first-run-signed-in': {
    state: aState([aLine(), ...team]),
    connection,
    sites: [],
    settings: { country: undefined },
    isFirstRun: true,
  },
  'first-run-ready': { state: aState([aLine(), ...team]), connection, sites: sites.slice(0, 1), isFirstRun: true },
};
