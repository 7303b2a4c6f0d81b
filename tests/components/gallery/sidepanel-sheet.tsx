// The side panel in every state.
import '../../../components/sidepanel.css';
import { SidePanelView } from '#components/SidePanelView.tsx';
import { type DeskFixture, deskOf, settingsOf } from './desk-fixture.ts';
import { namedState } from './named-state.ts';
import { sampleExport } from './sample-export.ts';
import { samplePairingOf } from './sample-pairing.ts';
import { sampleSend } from './sample-send.ts';
import { type Sheet, statesFrom } from './sheet.ts';
import { SIDEPANEL_STATES } from './sidepanel-states.ts';

function SidePanel(fixture: DeskFixture) {
  return (
    <SidePanelView
      desk={deskOf(fixture)}
      settings={settingsOf(fixture)}
      onChangeSettings={async () => undefined}
      send={sampleSend(fixture)}
      onOpenOptions={() => undefined}
      onExport={sampleExport}
      onOpenJournal={() => undefined}
      pairing={samplePairingOf(fixture)}
    />
  );
}

export const sheet: Sheet = {
  states: statesFrom(SIDEPANEL_STATES, (fixture) => <SidePanel {...fixture} />),
  named: (name) => <SidePanel {...namedState(name)} />,
};
