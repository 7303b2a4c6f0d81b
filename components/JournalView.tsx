// The journal as a page of its own: what is running on top, then everything that was. The same list as in the side panel,
// with more room.
import { Button } from './Button.tsx';
import { Calls } from './Calls.tsx';
import type { DeskProps } from './desk-props.ts';
import { EmptyState } from './EmptyState.tsx';
import { isFresh } from './freshness.ts';
import { JournalList } from './JournalList.tsx';
import { LinkBanner } from './LinkBanner.tsx';
import { LinkWord } from './LinkWord.tsx';
import { arrangementOf, callsOf } from './own-calls.ts';
import type { ExportJournal } from './use-journal-export.ts';
import { useNow } from './use-now.ts';
import { useOrders } from './use-orders.ts';
import { useSteadyClicks } from './use-steady-clicks.ts';
import { useWords } from './words.ts';

export interface JournalProps extends DeskProps {
  onExport?: ExportJournal | undefined;
  /** What is searched for at first. */
  initialText?: string;
}

/** The whole journal page. */
export function JournalView(props: JournalProps) {
  const { desk, settings, send, onOpenOptions, onExport, initialText } = props;
  const { t } = useWords();
  const { phone } = desk;
  const isPaired = phone.link.type !== 'unpaired';
  const steady = useSteadyClicks(arrangementOf(callsOf(phone.lines.filter(({ line }) => line.isOwn))));
  return (
    <main class="journal-page" {...steady}>
      <header class="journal-page__head">
        <h1 class="journal-page__title">{t('journal_heading')}</h1>
        <LinkWord link={phone.link} />
        <Button kind="ghost" shows="icon" icon="options" label={t('action_options')} onClick={onOpenOptions} />
      </header>
      {isPaired ? (
        <>
          <Running {...props} />
          <JournalList
            {...{ desk, settings, send, onExport }}
            {...(initialText !== undefined && { initialText })}
            density="page"
            canOrder={phone.link.type === 'online' || phone.link.type === 'connecting'}
          />
        </>
      ) : (
        <div class="journal-page__unpaired">
          <EmptyState icon="link" title={t('link_unpaired')} hint={t('journal_unpaired_hint')} />
          <Button kind="primary" label={t('action_options')} onClick={onOpenOptions} />
        </div>
      )}
    </main>
  );
}

// Has the clock of the page: the list below it must not be drawn anew every second.
function Running({ desk, settings, send, onOpenOptions }: DeskProps) {
  const now = useNow();
  const orders = useOrders(send);
  const { phone } = desk;
  const own = phone.lines.flatMap(({ line }) => (line.isOwn ? [line] : []));
  const isRunning = own.some(({ calls }) => calls.some(({ state }) => state !== 'ended'));
  return (
    <>
      <LinkBanner state={phone} now={now} onOpenOptions={onOpenOptions} />
      {isRunning && (
        <Calls
          {...{ desk, send, orders }}
          age={{ now, staleSince: phone.heardAt, isFresh: isFresh(phone, now) }}
          canOrder={phone.link.type === 'online' || phone.link.type === 'connecting'}
          density="panel"
          rings={settings.rings}
          caller={own.find(({ capabilities }) => capabilities.includes('makeCall'))}
        />
      )}
    </>
  );
}
