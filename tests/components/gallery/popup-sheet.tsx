// The popup in every state.
import '../../../components/popup.css';
import { PopupView } from '#components/PopupView.tsx';
import { deskOf, settingsOf } from './desk-fixture.ts';
import { namedState } from './named-state.ts';
import { POPUP_STATES, type PopupFixture } from './popup-states.ts';
import { samplePairingOf } from './sample-pairing.ts';
import { sampleSend } from './sample-send.ts';
import { type Sheet, statesFrom } from './sheet.ts';

function Popup(fixture: PopupFixture) {
  return (
    <PopupView
      desk={deskOf(fixture)}
      settings={settingsOf(fixture)}
      onChangeSettings={async () => undefined}
      send={sampleSend(fixture)}
      site={fixture.site ?? { type: 'enabled', host: 'crm.example' }}
      onEnableSite={async () => 'denied'}
      onPairHere={async () => ({ type: 'failed', code: 'relay-unreachable' })}
      onOpenOptions={() => undefined}
      onOpenSidePanel={() => undefined}
      onOpenJournal={() => undefined}
      pairing={samplePairingOf(fixture)}
    />
  );
}

export const sheet: Sheet = {
  states: statesFrom(POPUP_STATES, (fixture) => <Popup {...fixture} />),
  named: (name) => <Popup {...namedState(name)} />,
};
