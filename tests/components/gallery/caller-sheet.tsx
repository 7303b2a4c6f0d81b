// The caller window in every state.
import '../../../components/caller.css';
import { useEffect, useState } from 'preact/hooks';
import { CallerView } from '#components/CallerView.tsx';
import { CALLER_STATES, type CallerFixture } from './caller-states.ts';
import { deskOf, settingsOf } from './desk-fixture.ts';
import { namedState } from './named-state.ts';
import { sampleSend } from './sample-send.ts';
import { type Sheet, statesFrom } from './sheet.ts';

function Caller(fixture: CallerFixture) {
  const [state, setState] = useState(fixture.state);
  useEffect(() => {
    if (fixture.next) setState(fixture.next);
  }, []);
  return (
    <CallerView
      desk={deskOf({ ...fixture, state })}
      settings={settingsOf(fixture)}
      onChangeSettings={async () => undefined}
      send={sampleSend(fixture)}
      onOpenOptions={() => undefined}
      onShowCalls={() => undefined}
      onClose={() => undefined}
    />
  );
}

export const sheet: Sheet = {
  states: statesFrom(CALLER_STATES, (fixture) => <Caller {...fixture} />),
  named: (name) => <Caller {...namedState(name)} />,
};
