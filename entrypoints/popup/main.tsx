// The popup's wiring: worker, tab and permissions on one side, the view on the other.
import { render } from 'preact';
import browser from 'webextension-polyfill';
import { PopupView } from '#components/PopupView.tsx';
import { WordsContext } from '#components/words.ts';
import { deviceNameOf, enableSite, type SiteInFront, shownSite, siteInFront } from '#lib/active-site.ts';
import { t } from '#lib/i18n.ts';
import { connectViewTo } from '#lib/messages.ts';
import { readPairingCode, readPairingLink } from '#lib/pairing-link.ts';
import type { PhoneState } from '#lib/phone.ts';
import { createWords } from '#lib/words.ts';

function start(): void {
  document.documentElement.lang = t('locale');
  const root = document.getElementById('view') ?? document.body;
  const deviceName = deviceNameOf(navigator.userAgent);
  const inFront = browser.tabs
    .query({ active: true, currentWindow: true })
    .then(([tab]) => siteInFront(browser, tab?.url));
  const { send } = connectViewTo(browser.runtime, (state) => void inFront.then((front) => show(state, front)));

  function show(state: PhoneState, front: SiteInFront): void {
    render(
      <WordsContext.Provider value={createWords({ t, country: state.country })}>
        <PopupView
          state={state}
          send={send}
          site={shownSite(front)}
          onEnableSite={() => enable(front)}
          onPairHere={async () =>
            front.type === 'relay'
              ? send('pair', { ...front.target, deviceName })
              : { type: 'failed', code: 'code-invalid' }
          }
          onOpenOptions={() => void browser.runtime.openOptionsPage()}
          pairing={{
            readLink: readPairingLink,
            readCode: readPairingCode,
            deviceName,
            pair: (request) => send('pair', request),
          }}
        />
      </WordsContext.Provider>,
      root,
    );
  }

  async function enable(front: SiteInFront): Promise<'enabled' | 'denied'> {
    if (front.type !== 'site' || !(await enableSite(browser, front.site))) return 'denied';
    await send('site-changed', {});
    return 'enabled';
  }
}

start();
