// The options page's wiring: settings, permissions and worker on one side, the view on the other. `#welcome` shows the
// first steps instead.
import { getCountries } from 'libphonenumber-js/min';
import { render } from 'preact';
import browser from 'webextension-polyfill';
import { OptionsView } from '#components/OptionsView.tsx';
import { WordsContext } from '#components/words.ts';
import { t } from '#lib/i18n.ts';
import { notificationPermission, openShortcutSettings, optionFacts, phoneLinkDoors } from '#lib/option-facts.ts';
import { createRingDoors } from '#lib/ring-doors.ts';
import { createSiteDoors } from '#lib/site-doors.ts';
import { playTone } from '#lib/tone.ts';
import { openView, type Scene } from '#lib/view.ts';

const root = document.getElementById('view') ?? document.body;
const doors = openView({ browser, t, document, show: (scene) => void show(scene) });
document.title = t('options_title');
browser.permissions.onAdded.addListener(doors.again);
browser.permissions.onRemoved.addListener(doors.again);
// Keys are assigned on a page of the browser's own, which tells nobody.
window.addEventListener('focus', doors.again);
window.addEventListener('hashchange', doors.again);

const ringDoors = createRingDoors(doors.again);
const phoneLinks = phoneLinkDoors(browser, import.meta.env.FIREFOX ? 'firefox' : 'chrome');
let newest: Scene | undefined;

async function show(scene: Scene): Promise<void> {
  newest = scene;
  const [{ phoneLinkAt, ...facts }, ring] = await Promise.all([optionFacts(browser), ringDoors.current()]);
  // A later one overtook it.
  if (newest !== scene) return;
  const { desk, settings, words } = scene;
  const { send, pairing } = doors;
  render(
    <WordsContext.Provider value={words}>
      <OptionsView
        {...{ ...facts, settings, send, pairing }}
        state={desk.phone}
        onDisconnect={async () => void (await send('unpair', {}))}
        siteDoors={createSiteDoors({ browser, document, settings, changed: () => send('site-changed', {}) })}
        onChange={doors.onChangeSettings}
        ringDoors={ring}
        phoneLinks={{ ...phoneLinks, lastAt: phoneLinkAt }}
        countries={getCountries()}
        onOpenShortcuts={() => void openShortcutSettings(browser)}
        isFirstRun={location.hash === '#welcome'}
        notice={{ permission: notificationPermission, playTone: () => playTone() }}
      />
    </WordsContext.Provider>,
    root,
  );
}
