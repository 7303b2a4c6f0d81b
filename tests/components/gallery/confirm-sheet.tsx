// The confirm window in every state.
import '../../../components/confirm.css';
import { ConfirmView } from '#components/ConfirmView.tsx';
import { countryFor, readAsked } from '#lib/read-asked.ts';
import { aContact } from '../builders.ts';
import { CONFIRM_STATES, type ConfirmFixture } from './confirm-states.ts';
import { deskOf, settingsOf } from './desk-fixture.ts';
import { sampleSend } from './sample-send.ts';
import { type Sheet, statesFrom } from './sheet.ts';

function Confirm(fixture: ConfirmFixture) {
  const settings = settingsOf(fixture);
  return (
    <ConfirmView
      desk={deskOf(fixture)}
      settings={settings}
      send={sampleSend(fixture)}
      asked={fixture.asked}
      read={(call) => readAsked(call, countryFor(call, settings, 'DE'))}
      onChangeSettings={async () => undefined}
      onOpenOptions={() => undefined}
      onDone={() => undefined}
      onClose={() => undefined}
    />
  );
}

// Whoever wrote the link, and whoever the number belongs to.
function named(name: string): ConfirmFixture {
  const { asked, ...known } = CONFIRM_STATES['confirm-known'] ?? { asked: undefined };
  const [call] = asked?.calls ?? [];
  if (!asked || !call || !('state' in known)) throw new Error('there is no state with a known contact');
  const matches = [{ contact: aContact({ name, company: name }), numbers: [] }];
  const waiting = [{ ...call, text: `tel:030 23125042 ${name}` }];
  return { ...known, asked: { ...asked, calls: waiting }, answers: { lookup: { type: 'found', matches } } };
}

export const sheet: Sheet = {
  states: statesFrom(CONFIRM_STATES, (fixture) => <Confirm {...fixture} />),
  named: (name) => <Confirm {...named(name)} />,
};
