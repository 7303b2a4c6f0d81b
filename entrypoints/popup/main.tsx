// The popup's wiring: worker, tab and permissions on one side, the view on the other.
import { render } from 'preact';
import browser from 'webextension-polyfill';
import { PopupView } from '#components/PopupView.tsx';
import { WordsContext } from '#components/words.ts';
import { enableSite, shownSite, siteInFront } from '#lib/active-site.ts';
import { t } from '#lib/i18n.ts';
import { wasOpenedForNumbers } from '#lib/number-list.ts';
import type { PairingTarget } from '#lib/pairing-link.ts';
import { openView, type Scene, sidePanelOpener } from '#lib/view.ts';

const root = document.getElementById('view') ?? document.body;
const front = browser.tabs.query({ active: true, currentWindow: true }).then(async ([tab]) => ({
  site: await siteInFront(browser, tab?.url),
  opensNumbers: await wasOpenedForNumbers(browser),
  windowId: tab?.windowId,
}));
const doors = openView({ browser, t, document, show: (scene) => void front.then((known) => show(scene, known)) });

function show(scene: Scene, { site, windowId, opensNumbers }: Awaited<typeof front>): void {
  const { send, onChangeSettings, onOpenOptions, onOpenJournal, pairing } = doors;
  const openPanel = windowId === undefined ? undefined : sidePanelOpener(windowId);
  render(
    <WordsContext.Provider value={scene.words}>
      <PopupView
        {...{ send, onChangeSettings, onOpenOptions, onOpenJournal, pairing }}
        desk={scene.desk}
        settings={scene.settings}
        pageTurn={scene.pageTurn}
        opensNumbers={opensNumbers}
        site={shownSite(site)}
        onEnableSite={async () => (site.type === 'site' ? enable(site.site) : 'denied')}
        onEnableFrame={enable}
        onPairHere={async () =>
          site.type === 'relay' ? pairHere(site.target) : { type: 'failed', code: 'code-invalid' }
        }
        onOpenSidePanel={
          openPanel &&
          (() => {
            openPanel();
            window.close();
          })
        }
      />
    </WordsContext.Provider>,
    root,
  );
}

async function pairHere({ relayUrl, code }: PairingTarget) {
  const { deviceName } = doors.pairing;
  return code === undefined
    ? doors.send('sign-in', { relayUrl, deviceName })
    : doors.send('pair', { relayUrl, code, deviceName });
}

async function enable(site: string): Promise<'enabled' | 'denied'> {
  if (!(await enableSite(browser, site))) return 'denied';
  await doors.send('site-changed', {});
  return 'enabled';
}
