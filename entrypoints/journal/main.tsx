// The journal page's wiring.
import { render } from 'preact';
import browser from 'webextension-polyfill';
import { JournalView } from '#components/JournalView.tsx';
import { WordsContext } from '#components/words.ts';
import { t } from '#lib/i18n.ts';
import { openView } from '#lib/view.ts';

// What somebody was shown the way to.
const initialText = new URLSearchParams(location.search).get('text') ?? '';
const root = document.getElementById('view') ?? document.body;
const { send, onChangeSettings, onOpenOptions, onExport } = openView({
  browser,
  t,
  document,
  show: ({ desk, settings, words, userTurn }) =>
    render(
      <WordsContext.Provider value={words}>
        <JournalView
          key={userTurn}
          {...{ desk, settings, send, onChangeSettings, onOpenOptions, onExport, initialText }}
        />
      </WordsContext.Provider>,
      root,
    ),
});
document.title = t('journal_title');
