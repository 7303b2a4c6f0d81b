// The journal page in every state.
import '../../../components/journal.css';
import { JournalView } from '#components/JournalView.tsx';
import { type DeskFixture, deskOf, settingsOf } from './desk-fixture.ts';
import { JOURNAL_STATES } from './journal-states.ts';
import { namedState } from './named-state.ts';
import { sampleExport } from './sample-export.ts';
import { sampleSend } from './sample-send.ts';
import { type Sheet, statesFrom } from './sheet.ts';

function Journal(fixture: DeskFixture) {
  return (
    <JournalView
      desk={deskOf(fixture)}
      settings={settingsOf(fixture)}
      onChangeSettings={async () => undefined}
      send={sampleSend(fixture)}
      onOpenOptions={() => undefined}
      onExport={sampleExport}
    />
  );
}

export const sheet: Sheet = {
  states: statesFrom(JOURNAL_STATES, (fixture) => <Journal {...fixture} />),
  named: (name) => <Journal {...namedState(name)} />,
};
