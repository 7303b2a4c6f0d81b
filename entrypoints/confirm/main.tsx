// The confirm window's wiring: what waits stands in session storage, where the worker puts it.
import { render } from 'preact';
import browser from 'webextension-polyfill';
import { ConfirmView } from '#components/ConfirmView.tsx';
import { WordsContext } from '#components/words.ts';
import type { AskedCalls } from '#lib/asked-calls.ts';
import { ASKED_KEY } from '#lib/confirm-calls.ts';
import { t } from '#lib/i18n.ts';
import { countryFor, readAsked } from '#lib/read-asked.ts';
import { openView } from '#lib/view.ts';

const root = document.getElementById('view') ?? document.body;
let asked: AskedCalls | undefined;
const { send, onChangeSettings, onOpenOptions, again } = openView({
  browser,
  t,
  document,
  show: ({ desk, settings, words, userTurn }) =>
    render(
      <WordsContext.Provider value={words}>
        <ConfirmView
          key={userTurn}
          {...{ desk, settings, send, onChangeSettings, onOpenOptions, asked }}
          read={(call) => readAsked(call, countryFor(call, settings, desk.phone.country))}
          onDone={(id) => void look(id)}
          onClose={() => window.close()}
        />
      </WordsContext.Provider>,
      root,
    ),
});
document.title = t('confirm_title');
browser.storage.session.onChanged.addListener((changes) => {
  if (changes[ASKED_KEY]) void look();
});
void look();

async function look(done?: string): Promise<void> {
  asked = await send('asked-calls', done === undefined ? {} : { done });
  again();
}
