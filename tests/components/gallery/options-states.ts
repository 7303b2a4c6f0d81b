// Every state of the options page, as data.
import type { OptionsProps } from '#components/OptionsView.tsx';
import { aState } from '../builders.ts';

export type OptionsFixture = Pick<OptionsProps, 'state' | 'connection' | 'sites'>;

const connection = { relay: 'relay.elbe-logistik.example', userName: 'Mia Sample' };
const sites = [
  { pattern: 'https://crm.example/*', label: 'crm.example' },
  { pattern: 'http://127.0.0.1/*', label: 'http://127.0.0.1' },
  {
    pattern: 'https://a-very-long-name-of-a-department.and-its-subsidiary.customers.company.example/*',
    label: 'a-very-long-name-of-a-department.and-its-subsidiary.customers.company.example',
  },
];

/** By the name of the picture. */
export const OPTIONS_STATES: Record<string, OptionsFixture> = {
  'options-connected': { state: aState([]), connection, sites },
  'options-unpaired': { state: aState([], { link: { type: 'unpaired' } }), connection: undefined, sites: [] },
  'options-refused': {
    state: aState([], { link: { type: 'refused', code: 'revoked' } }),
    connection,
    sites: sites.slice(0, 1),
  },
};
