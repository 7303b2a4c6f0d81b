// What a state of a view is made of, for pictures: the phones, the journal, what the agent set, and what a worker would
// answer. Data only, so that tests can read it without drawing.
import type { EntryForms } from '@offhook/protocol';
import { EMPTY_JOURNAL, type JournalState } from '#lib/journal.ts';
import type { Desk } from '#lib/messages.ts';
import type { PhoneState } from '#lib/phone.ts';
import { inForce, NO_POLICY, type Policy, type SettingsInForce } from '#lib/policy.ts';
import type { Settings } from '#lib/settings.ts';
import type { SampleAnswers } from './sample-send.ts';

/** Where a sample company's CRM has its forms for a call. */
export const SAMPLE_FORMS: EntryForms = {
  activity: 'https://crm.example/activities/new',
  time: 'https://crm.example/time/new',
};

/** One state of the popup, the side panel, the caller window or the journal. */
export interface DeskFixture extends SampleAnswers {
  state: PhoneState;
  /** Nothing written yet where it is left out. */
  journal?: JournalState;
  /** The call whose contact was opened by itself. */
  opened?: Desk['opened'];
  settings?: Partial<Settings>;
  policy?: Partial<Policy>;
}

/** What the view gets of a fixture. */
export function deskOf({ state, journal = { ...EMPTY_JOURNAL, isLoaded: true }, opened }: DeskFixture): Desk {
  return { phone: state, journal, opened };
}

/** The settings of an agent in Germany who changed nothing but what the fixture says; no company, unless it is said. */
export function settingsOf({ settings, policy }: Pick<DeskFixture, 'settings' | 'policy'>): SettingsInForce {
  return inForce({ country: 'DE', ...settings }, { ...NO_POLICY, ...policy });
}
