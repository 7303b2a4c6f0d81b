// The side panel's wiring, which is Firefox's sidebar, too.
import { render } from 'preact';
import browser from 'webextension-polyfill';
import { SidePanelView } from '#components/SidePanelView.tsx';
import { WordsContext } from '#components/words.ts';
import { enableSite } from '#lib/active-site.ts';
import { t } from '#lib/i18n.ts';
import { openView } from '#lib/view.ts';

const root = document.getElementById('view') ?? document.body;
const { send, onChangeSettings, onOpenOptions, onOpenJournal, onShowCalls, onExport, pairing } = openView({
  browser,
  t,
  document,
  show: ({ desk, settings, words, pageTurn, userTurn }) =>
    render(
      <WordsContext.Provider value={words}>
        <SidePanelView
          key={userTurn}
          {...{ desk, settings, pageTurn, send, onChangeSettings, onOpenOptions, onOpenJournal, onExport, pairing }}
          onShowCalls={onShowCalls}
          onEnableFrame={enable}
        />
      </WordsContext.Provider>,
      root,
    ),
});

async function enable(site: string): Promise<'enabled' | 'denied'> {
  if (!(await enableSite(browser, site))) return 'denied';
  await send('site-changed', {});
  return 'enabled';
}
