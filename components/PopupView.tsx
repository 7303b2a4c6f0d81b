// The popup: the quick view of lines and calls, and the first steps for who is new. Painted from whatever is known, with
// its age; everything it does goes out through its callbacks.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { Calls } from './Calls.tsx';
import { Colleagues } from './Colleagues.tsx';
import { DialField } from './DialField.tsx';
import type { DeskProps } from './desk-props.ts';
import { FrameAccess } from './FrameAccess.tsx';
import { Icon } from './icons.tsx';
import { callingLine, canCall } from './LineChoice.tsx';
import { LinkBanner } from './LinkBanner.tsx';
import { LinkWord } from './LinkWord.tsx';
import { NoLines } from './NoLines.tsx';
import { OwnLines } from './OwnLines.tsx';
import { arrangementOf, callsOf } from './own-calls.ts';
import { distinct, PageNumbers, type PageNumbersProps, pageArrangementOf } from './PageNumbers.tsx';
import type { Pairing } from './PairForm.tsx';
import { QuietButton, QuietNote } from './QuietNote.tsx';
import { SelectionReasons, useSelectionReasons } from './SelectionReasons.tsx';
import { type PairOutcome, RelayOffer, SiteRow, type SiteView } from './SiteRow.tsx';
import { useDesk } from './use-desk.ts';
import { usePageFrames } from './use-page-frames.ts';
import { usePageNumbers } from './use-page-numbers.ts';
import { useSteadyClicks } from './use-steady-clicks.ts';
import { Welcome } from './Welcome.tsx';
import { useWords } from './words.ts';

export interface PopupProps extends DeskProps {
  site: SiteView;
  /** Asks the browser for the site in front; runs inside the click. */
  onEnableSite: () => Promise<'enabled' | 'denied'>;
  /** The same for a site that only a frame of the page comes from; undefined: such frames are not named. */
  onEnableFrame?: (site: string) => Promise<'enabled' | 'denied'>;
  /** Pairs with the relay whose start page is in front. */
  onPairHere: () => Promise<PairOutcome>;
  pairing: Pairing;
  /** Undefined where the browser has no panel beside the page, or cannot open it from here. */
  onOpenSidePanel?: (() => void) | undefined;
  onOpenJournal: () => void;
  /** Grows when another page may be in front, or the one in front has changed. */
  pageTurn?: number;
  /** It was opened for the page's numbers: they are shown, and have the focus. */
  opensNumbers?: boolean;
}

/** The whole popup. */
export function PopupView(props: PopupProps) {
  const { desk, send, site, onEnableSite, onPairHere, onOpenOptions, pairing } = props;
  const { phone } = desk;
  const deskNow = useDesk(desk, send);
  const steady = useSteadyClicks(`${arrangementOf(callsOf(deskNow.own))} ${desk.opened?.callId}`);
  const isUnpaired = phone.link.type === 'unpaired';
  return (
    <main class="popup" {...steady}>
      <Head {...props} deskNow={deskNow} />
      <QuietNote {...props} />
      <LinkBanner state={phone} now={deskNow.now} onOpenOptions={onOpenOptions} />
      {site.type === 'relay' && <RelayOffer host={site.host} onPair={onPairHere} />}
      {isUnpaired && <Welcome pairing={pairing} hasOffer={site.type === 'relay'} />}
      {!isUnpaired && phone.lines.length === 0 && <NoLines state={phone} />}
      {!isUnpaired && phone.lines.length > 0 && <Body {...props} deskNow={deskNow} />}
      {site.type === 'available' && <SiteRow site={site} onEnable={onEnableSite} />}
      <footer class="popup__foot">
        {site.type === 'available' ? (
          <span class="popup__who one-line small muted">{!isUnpaired && phone.user?.name}</span>
        ) : (
          <SiteRow site={site} onEnable={onEnableSite} />
        )}
        <LinkWord link={phone.link} />
      </footer>
    </main>
  );
}

interface WithDesk {
  deskNow: ReturnType<typeof useDesk>;
}

function Head(props: PopupProps & WithDesk) {
  const { desk, onOpenSidePanel, onOpenJournal, onOpenOptions, deskNow } = props;
  const { t } = useWords();
  const { own, age, orders, canOrder } = deskNow;
  const isPaired = desk.phone.link.type !== 'unpaired';
  return (
    <header class="popup__head">
      {own.length > 0 ? (
        <OwnLines lines={own} {...{ age, orders, canOrder }} density="brief" />
      ) : (
        <h1 class="popup__title one-line">{t('extName')}</h1>
      )}
      <div class="popup__ways">
        {own.length > 0 && <QuietButton {...props} />}
        {isPaired && onOpenSidePanel && (
          <Button kind="ghost" shows="icon" icon="panel" label={t('action_open_panel')} onClick={onOpenSidePanel} />
        )}
        {isPaired && (
          <Button kind="ghost" shows="icon" icon="journal" label={t('action_open_journal')} onClick={onOpenJournal} />
        )}
        <Button kind="ghost" shows="icon" icon="options" label={t('action_options')} onClick={onOpenOptions} />
      </div>
    </header>
  );
}

function Body(props: PopupProps & WithDesk) {
  const { desk, settings, send, onChangeSettings, onEnableFrame, pageTurn = 0, opensNumbers = false, deskNow } = props;
  const { age, orders, canOrder, own } = deskNow;
  const ownLines = own.map(({ line }) => line);
  const colleagues = desk.phone.lines.filter(({ line }) => !line.isOwn);
  const { defaultLineId } = settings;
  const calling = callingLine(ownLines, defaultLineId);
  const caller = calling && canCall(calling) ? calling : undefined;
  const found = usePageNumbers(send, pageTurn);
  const numbers = found && distinct(found);
  const frames = usePageFrames(send, pageTurn);
  const reasons = useSelectionReasons(send, pageTurn);
  // What is said of the page moves the colleagues below it.
  const steady = useSteadyClicks(`${pageArrangementOf(numbers)} ${frames.join()} ${reasons.length}`);
  // Decided once: the focus never wanders while the agent types.
  const [rangAtOpening] = useState(() => callsOf(own).find(({ call }) => call.state === 'offering')?.call.callId);
  return (
    <>
      <Calls
        {...{ desk, send, age, orders, canOrder, caller }}
        density="popup"
        rings={settings.rings}
        focusedCallId={rangAtOpening}
      />
      <DialField
        {...{ ownLines, colleagues, defaultLineId, send, age, canOrder }}
        onDefaultLine={(lineId) => void onChangeSettings({ defaultLineId: lineId })}
        isFocused={rangAtOpening === undefined && !opensNumbers}
      />
      <div class="popup__lists" {...steady}>
        <SelectionReasons reasons={reasons} />
        <OnThisPage {...{ numbers, caller, orders, canOrder }} startsOpen={opensNumbers} />
        {onEnableFrame && <FrameAccess sites={frames} onEnableSite={onEnableFrame} />}
        <Colleagues
          lines={colleagues}
          ownLine={caller ?? ownLines[0]}
          {...{ age, orders, canOrder }}
          favourites={settings.favourites}
          onFavourites={(favourites) => void onChangeSettings({ favourites })}
          shows="few"
        />
      </div>
    </>
  );
}

// Nothing where the page has no numbers: most pages.
function OnThisPage({ numbers, startsOpen, ...list }: PageNumbersProps & { startsOpen: boolean }) {
  const { plural } = useWords();
  const id = useId();
  const [isOpen, setOpen] = useState(startsOpen);
  const rows = useRef<HTMLDivElement>(null);
  const isThere = numbers !== undefined && numbers.length > 0;
  useEffect(() => {
    if (startsOpen && isThere) rows.current?.querySelector<HTMLElement>('button:not(:disabled)')?.focus();
  }, [startsOpen, isThere]);
  if (!numbers || numbers.length === 0) return null;
  return (
    <section class="on-page">
      <button
        type="button"
        class="on-page__toggle"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="globe" />
        <span class="on-page__text one-line">{plural('popup_on_page', numbers.length)}</span>
        <Icon name="chevron" />
      </button>
      {isOpen && (
        <div class="on-page__list" id={id} ref={rows}>
          <PageNumbers numbers={numbers} {...list} />
        </div>
      )}
    </section>
  );
}
