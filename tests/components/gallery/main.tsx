// A page with every state of every view: `?sheet=popup&lang=de`, or one state by `?only=NAME`. Made for looking at the
// real components with sample data, without a browser extension around them.
import { render } from 'preact';
import { OptionsView } from '#components/OptionsView.tsx';
import { PopupView } from '#components/PopupView.tsx';
import { WordsContext } from '#components/words.ts';
import { readPairingCode, readPairingLink } from '#lib/pairing-link.ts';
import { type Language, wordsOf } from '../test-words.ts';
import { OPTIONS_STATES, type OptionsFixture } from './options-states.ts';
import { POPUP_STATES, type PopupFixture } from './popup-states.ts';
import { sampleSend } from './sample-send.ts';

const params = new URLSearchParams(location.search);
const language: Language = params.get('lang') === 'de' ? 'de' : 'en';
const width = Number(params.get('width') ?? '380');
const pairing = {
  readLink: readPairingLink,
  readCode: readPairingCode,
  deviceName: 'Chrome · Linux',
  pair: async () => ({ type: 'failed', code: 'code-invalid' }) as const,
};

function Popup({ name, fixture }: { name: string; fixture: PopupFixture }) {
  return (
    <div class="frame" data-frame={name}>
      <p class="frame__name">{name}</p>
      <div class="frame__view">
        <PopupView
          state={fixture.state}
          send={sampleSend(fixture)}
          site={fixture.site ?? { type: 'enabled', host: 'crm.example' }}
          onEnableSite={async () => 'denied'}
          onPairHere={async () => ({ type: 'failed', code: 'relay-unreachable' })}
          onOpenOptions={() => undefined}
          pairing={pairing}
        />
      </div>
    </div>
  );
}

function Options({ name, fixture }: { name: string; fixture: OptionsFixture }) {
  return (
    <div class="frame" data-frame={name}>
      <p class="frame__name">{name}</p>
      <div class="frame__view" style={{ width: `${width}px` }}>
        <OptionsView
          state={fixture.state}
          connection={fixture.connection}
          pairing={pairing}
          onDisconnect={async () => undefined}
          sites={fixture.sites}
          onRemoveSite={async () => undefined}
          settings={{ country: 'DE', takesTelLinks: true, notifies: true }}
          onChange={async () => undefined}
          countries={['DE', 'AT', 'CH', 'GB', 'US']}
        />
      </div>
    </div>
  );
}

function Sheet() {
  const only = params.get('only');
  const isShown = ([name]: [string, unknown]) => only === null || name === only;
  if (params.get('sheet') === 'options') {
    return Object.entries(OPTIONS_STATES)
      .filter(isShown)
      .map(([name, fixture]) => <Options key={name} name={name} fixture={fixture} />);
  }
  return Object.entries(POPUP_STATES)
    .filter(isShown)
    .map(([name, fixture]) => <Popup key={name} name={name} fixture={fixture} />);
}

document.documentElement.lang = language;
render(
  <WordsContext.Provider value={wordsOf(language)}>
    <div class="sheet">
      <Sheet />
    </div>
  </WordsContext.Provider>,
  document.getElementById('gallery') ?? document.body,
);
