// What a state of a view is made of, for pictures: the phones, the journal, what the agent set, and what a worker would
// answer. Data only, so that tests can read it without drawing.
import { EMPTY_JOURNAL, type JournalState } from '#lib/journal.ts';
import type { Desk } from '#lib/messages.ts';
import type { PhoneState } from '#lib/phone.ts';
import type { Settings } from '#lib/settings.ts';
import type { SampleAnswers } from './sample-send.ts';

/** One state of the popup, the side panel, the caller window or the journal. */
export interface DeskFixture extends SampleAnswers {
  state: PhoneState;
  /** Nothing written yet where it is left out. */
  journal?: JournalState;
  settings?: Partial<Settings>;
}

/** What the view gets of a fixture. */
export function deskOf({ state, journal = { ...EMPTY_JOURNAL, isLoaded: true } }: DeskFixture): Desk {
  return { phone: state, journal };
}

/** The settings of an agent in Germany who changed nothing but what the fixture says. */
export function settingsOf({ settings }: Pick<DeskFixture, 'settings'>): Settings {
  return {
    country: 'DE',
    takesTelLinks: true,
    notifies: true,
    showsCallerWindow: true,
    opensContact: 'never',
    defaultLineId: undefined,
    favourites: [],
    pausedSites: [],
    ...settings,
  };
}
