// The options page in every state.
import '../../../components/options.css';
import { type OptionsProps, OptionsView } from '#components/OptionsView.tsx';
import { settingsOf } from './desk-fixture.ts';
import { OPTIONS_STATES, type OptionsFixture } from './options-states.ts';
import { samplePairingOf } from './sample-pairing.ts';
import { sampleSend } from './sample-send.ts';
import { type Sheet, statesFrom } from './sheet.ts';

const shortcuts = [
  { name: 'answer-or-drop', description: 'Answer or hang up', shortcut: 'Alt+Shift+A' },
  { name: 'open-contact', description: 'Open the contact', shortcut: 'Alt+Shift+O' },
  { name: 'next-number', description: 'Go to the next number', shortcut: '' },
];

const SITE_DOORS: OptionsProps['siteDoors'] = {
  onAdd: async () => 'invalid',
  onAllow: async () => 'denied',
  onRemove: async () => undefined,
  onChange: async () => undefined,
  rules: {
    onExport: () => undefined,
    read: () => ({ type: 'unreadable', why: 'no-rules' }),
    onPut: async () => undefined,
  },
};

const PHONE_LINKS: Omit<OptionsProps['phoneLinks'], 'lastAt'> = {
  way: 'asks',
  onAsk: () => 'asked',
  onTry: () => undefined,
};

const RING_DOORS: OptionsProps['ringDoors'] = {
  tones: ['classic', 'soft', 'bell', 'double', 'low'],
  files: [{ id: '1', name: 'Wind chime' }],
  outputs: [{ id: 'headset', name: 'Sample Headset' }],
  onTry: async () => undefined,
  onAdd: async () => undefined,
  onRemove: async () => undefined,
  onAskOutputs: async () => true,
};

function Options(fixture: OptionsFixture) {
  const { state, connection, sites, isFirstRun = false, permission = 'granted' } = fixture;
  return (
    <OptionsView
      {...{ state, connection, sites, isFirstRun, shortcuts }}
      pairing={samplePairingOf(fixture)}
      onDisconnect={async () => undefined}
      siteDoors={SITE_DOORS}
      settings={settingsOf(fixture)}
      onChange={async () => undefined}
      phoneLinks={{ ...PHONE_LINKS, lastAt: fixture.phoneLinkAt }}
      ringDoors={RING_DOORS}
      countries={['DE', 'AT', 'CH', 'GB', 'US']}
      onOpenShortcuts={() => undefined}
      notice={{ permission: async () => permission, playTone: async () => undefined }}
      send={sampleSend({ answers: { 'sample-call': { callId: 'sample:1' } } })}
    />
  );
}

export const sheet: Sheet = { states: statesFrom(OPTIONS_STATES, (fixture) => <Options {...fixture} />) };
