// The options page's wiring: settings, permissions and worker on one side, the view on the other.
import { getCountries } from 'libphonenumber-js/min';
import { render } from 'preact';
import browser from 'webextension-polyfill';
import { OptionsView } from '#components/OptionsView.tsx';
import type { PairRequest } from '#components/PairForm.tsx';
import { WordsContext } from '#components/words.ts';
import { deviceNameOf, disableSite, enabledSites } from '#lib/active-site.ts';
import { t } from '#lib/i18n.ts';
import { connectViewTo } from '#lib/messages.ts';
import { readPairingCode, readPairingLink } from '#lib/pairing-link.ts';
import type { PhoneState } from '#lib/phone.ts';
import { loadConnection, loadSettings, saveSettings } from '#lib/settings.ts';
import { createWords } from '#lib/words.ts';

function start(): void {
  document.documentElement.lang = t('locale');
  document.title = t('options_title');
  const root = document.getElementById('view') ?? document.body;
  const { local } = browser.storage;
  const deviceName = deviceNameOf(navigator.userAgent);
  const { send } = connectViewTo(browser.runtime, (state) => void show(state));
  const renew = () => void send('get-state', {}).then(show);
  browser.permissions.onAdded.addListener(renew);
  browser.permissions.onRemoved.addListener(renew);
  browser.storage.onChanged.addListener((_changes, area) => area === 'local' && renew());

  async function show(state: PhoneState): Promise<void> {
    const [connection, settings, sites] = await Promise.all([
      loadConnection(local),
      loadSettings(local),
      enabledSites(browser),
    ]);
    const pair = (request: PairRequest) => send('pair', request);
    render(
      <WordsContext.Provider value={createWords({ t, country: state.country })}>
        <OptionsView
          state={state}
          connection={connection && { relay: new URL(connection.origin).host, userName: connection.userName }}
          pairing={{ readLink: readPairingLink, readCode: readPairingCode, deviceName, pair }}
          onDisconnect={async () => void (await send('unpair', {}))}
          sites={sites}
          onRemoveSite={async (pattern) => {
            await disableSite(browser, pattern);
            await send('site-changed', {});
          }}
          settings={{ ...settings, country: settings.country ?? state.country }}
          onChange={async (change) => void (await saveSettings(local, change))}
          countries={getCountries()}
        />
      </WordsContext.Provider>,
      root,
    );
  }
}

start();
