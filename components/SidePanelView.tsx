// The side panel: the workplace that stays open beside the CRM. Own lines, running calls with their notes, the dial field,
// and below them colleagues, journal and the numbers of the page in front. Nothing that is used stands still less than it
// must: what comes by itself comes where room is kept, or slides over a list.
import type { Line } from '@offhook/protocol';
import { useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { Calls } from './Calls.tsx';
import { Colleagues } from './Colleagues.tsx';
import { DialField } from './DialField.tsx';
import type { DeskProps } from './desk-props.ts';
import { FrameAccess } from './FrameAccess.tsx';
import { JournalList } from './JournalList.tsx';
import { callingLine, canCall } from './LineChoice.tsx';
import { LinkBanner } from './LinkBanner.tsx';
import { LinkWord } from './LinkWord.tsx';
import { NoLines } from './NoLines.tsx';
import { OwnLines } from './OwnLines.tsx';
import { arrangementOf, callsOf } from './own-calls.ts';
import { distinct, PageNumbers } from './PageNumbers.tsx';
import type { Pairing } from './PairForm.tsx';
import { QuietButton, QuietNote } from './QuietNote.tsx';
import { type Tab, Tabs } from './Tabs.tsx';
import { useDesk } from './use-desk.ts';
import type { ExportJournal } from './use-journal-export.ts';
import { usePageFrames } from './use-page-frames.ts';
import { usePageNumbers } from './use-page-numbers.ts';
import { useSteadyClicks } from './use-steady-clicks.ts';
import { Welcome } from './Welcome.tsx';
import { useWords } from './words.ts';

export interface SidePanelProps extends DeskProps {
  pairing: Pairing;
  onOpenJournal: () => void;
  onExport?: ExportJournal | undefined;
  /** Asks the browser for a site that a frame of the page in front comes from; undefined: such frames are not named. */
  onEnableFrame?: (site: string) => Promise<'enabled' | 'denied'>;
  /** Grows when another page may be in front, or the one in front has changed. */
  pageTurn?: number;
}

/** The whole side panel. */
export function SidePanelView(props: SidePanelProps) {
  const { desk, send, settings, onChangeSettings, onOpenOptions, pairing } = props;
  const { phone } = desk;
  const { t } = useWords();
  const { now, age, orders, canOrder, own } = useDesk(desk, send);
  const steady = useSteadyClicks(`${arrangementOf(callsOf(own))} ${desk.opened?.callId}`);
  const isUnpaired = phone.link.type === 'unpaired';
  const choosePhone = (lineId: string, deviceId: string | undefined) => {
    const { [lineId]: _before, ...others } = settings.phones;
    void onChangeSettings({ phones: deviceId === undefined ? others : { ...others, [lineId]: deviceId } });
  };
  return (
    <main class="side-panel" {...steady}>
      <header class="side-panel__head">
        {own.length > 0 ? (
          <OwnLines
            lines={own}
            {...{ age, orders, canOrder }}
            density="full"
            phones={settings.phones}
            onPhone={choosePhone}
          />
        ) : (
          <h1 class="side-panel__title one-line">{t('extName')}</h1>
        )}
        {own.length > 0 && <QuietButton {...props} />}
        <Button kind="ghost" shows="icon" icon="options" label={t('action_options')} onClick={onOpenOptions} />
      </header>
      <QuietNote {...props} />
      <LinkBanner state={phone} now={now} onOpenOptions={onOpenOptions} />
      {isUnpaired && <Welcome pairing={pairing} hasOffer={false} />}
      {!isUnpaired && phone.lines.length === 0 && <NoLines state={phone} />}
      {!isUnpaired && phone.lines.length > 0 && <Workplace {...props} {...{ age, orders, canOrder, own }} />}
      <footer class="side-panel__foot">
        <span class="side-panel__who one-line small muted">
          <bdi>{!isUnpaired && phone.user?.name}</bdi>
        </span>
        <LinkWord link={phone.link} />
      </footer>
    </main>
  );
}

type TabName = 'colleagues' | 'journal' | 'page';
type WorkplaceProps = SidePanelProps & Pick<ReturnType<typeof useDesk>, 'age' | 'orders' | 'canOrder' | 'own'>;

function Workplace(props: WorkplaceProps) {
  const { desk, settings, send, onChangeSettings, onEnableFrame, onShowCalls, pageTurn = 0 } = props;
  const { age, orders, canOrder, own } = props;
  const { t, plural } = useWords();
  const [shown, setShown] = useState<TabName>('colleagues');
  const found = usePageNumbers(send, pageTurn);
  const numbers = found && distinct(found);
  const frames = usePageFrames(send, pageTurn);
  const ownLines = own.map(({ line }) => line);
  const colleagues = desk.phone.lines.filter(({ line }) => !line.isOwn);
  const { defaultLineId } = settings;
  const calling = callingLine(ownLines, defaultLineId);
  const caller = calling && canCall(calling) ? calling : undefined;
  const tabs: Tab<TabName>[] = [
    { name: 'colleagues', title: t('colleagues_heading') },
    { name: 'journal', title: t('tab_journal') },
    {
      name: 'page',
      title: t('tab_page'),
      count: numbers?.length,
      countText: numbers && plural('page_numbers_found', numbers.length),
    },
  ];
  return (
    <>
      <Calls {...{ desk, send, age, orders, canOrder, caller, onShowCalls }} density="panel" rings={settings.rings} />
      <DialField
        {...{ ownLines, colleagues, defaultLineId, send, age, canOrder }}
        onDefaultLine={(lineId) => void onChangeSettings({ defaultLineId: lineId })}
        isFocused={false}
      />
      <Tabs label={t('tabs_label')} tabs={tabs} shown={shown} onShow={setShown}>
        {shown === 'colleagues' && (
          <Colleagues
            lines={colleagues}
            ownLine={caller ?? ownLines[0]}
            {...{ age, orders, canOrder }}
            favourites={settings.favourites}
            onFavourites={(favourites) => void onChangeSettings({ favourites })}
            shows="all"
          />
        )}
        {shown === 'journal' && <Journal {...props} caller={caller} />}
        {shown === 'page' && (
          <>
            {onEnableFrame && <FrameAccess sites={frames} onEnableSite={onEnableFrame} />}
            <PageNumbers {...{ numbers, caller, orders, canOrder }} />
          </>
        )}
      </Tabs>
    </>
  );
}

function Journal(props: WorkplaceProps & { caller: Line | undefined }) {
  const { desk, settings, send, canOrder, caller, onOpenJournal, onExport } = props;
  const { t } = useWords();
  return (
    <>
      <JournalList
        {...{ desk, settings, send, canOrder, onExport }}
        density="panel"
        {...(caller && { ownLine: caller })}
      />
      <div class="side-panel__more">
        <Button kind="ghost" icon="open" label={t('action_open_journal')} onClick={onOpenJournal} />
      </div>
    </>
  );
}
