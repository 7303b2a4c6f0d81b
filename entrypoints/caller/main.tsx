// The caller window's wiring. It remembers where it stands by itself: Firefox tells nobody else.
import { render } from 'preact';
import browser from 'webextension-polyfill';
import { CallerView } from '#components/CallerView.tsx';
import { WordsContext } from '#components/words.ts';
import { keepCallerPlace } from '#lib/caller-place.ts';
import { t } from '#lib/i18n.ts';
import { openView } from '#lib/view.ts';

const root = document.getElementById('view') ?? document.body;
const { send, onChangeSettings, onOpenOptions, onShowCalls } = openView({
  browser,
  t,
  document,
  show: ({ desk, settings, words, userTurn }) =>
    render(
      <WordsContext.Provider value={words}>
        <CallerView
          key={userTurn}
          {...{ desk, settings, send, onChangeSettings, onOpenOptions, onShowCalls }}
          onClose={() => window.close()}
        />
      </WordsContext.Provider>,
      root,
    ),
});
document.title = t('caller_window_title');
keepCallerPlace(window, browser.storage.local);
