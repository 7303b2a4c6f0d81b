// The popup: the quick view of lines and calls, and the first steps for who is new. Painted from whatever is known, with
// its age; everything it does goes out through its callbacks.
import type { Call, Line } from '@offhook/protocol';
import { useState } from 'preact/hooks';
import type { Send } from '#lib/messages.ts';
import type { HeldLine, PhoneState } from '#lib/phone.ts';
import { Button } from './Button.tsx';
import { CallCard } from './CallCard.tsx';
import { Colleagues } from './Colleagues.tsx';
import { DialField } from './DialField.tsx';
import { EmptyState } from './EmptyState.tsx';
import { isFresh } from './freshness.ts';
import { LinkBanner } from './LinkBanner.tsx';
import { LinkWord } from './LinkWord.tsx';
import { OverRow } from './OverRow.tsx';
import { OwnLines } from './OwnLines.tsx';
import type { Pairing } from './PairForm.tsx';
import { partyOf } from './party.ts';
import { type PairOutcome, RelayOffer, SiteRow, type SiteView } from './SiteRow.tsx';
import type { Age } from './StatePill.tsx';
import { useNow } from './use-now.ts';
import { useOrders } from './use-orders.ts';
import { Welcome } from './Welcome.tsx';
import { useWords } from './words.ts';

export interface PopupProps {
  state: PhoneState;
  send: Send;
  site: SiteView;
  /** Asks the browser for the site in front; runs inside the click. */
  onEnableSite: () => Promise<'enabled' | 'denied'>;
  /** Pairs with the relay whose start page is in front. */
  onPairHere: () => Promise<PairOutcome>;
  onOpenOptions: () => void;
  pairing: Pairing;
}

/** The whole popup. */
export function PopupView(props: PopupProps) {
  const { state, site, onEnableSite, onPairHere, onOpenOptions, pairing } = props;
  const { t } = useWords();
  const now = useNow();
  const isUnpaired = state.link.type === 'unpaired';
  return (
    <main class="popup">
      <header class="popup__head">
        <Head state={state} now={now} />
        <Button kind="ghost" shows="icon" icon="options" label={t('action_options')} onClick={onOpenOptions} />
      </header>
      <LinkBanner state={state} now={now} onOpenOptions={onOpenOptions} />
      {site.type === 'relay' && <RelayOffer host={site.host} onPair={onPairHere} />}
      {isUnpaired ? <Welcome pairing={pairing} hasOffer={site.type === 'relay'} /> : <Desk {...props} now={now} />}
      {site.type === 'available' && <SiteRow site={site} onEnable={onEnableSite} />}
      <footer class="popup__foot">
        {site.type === 'available' ? (
          <span class="popup__who one-line small muted">{!isUnpaired && state.user?.name}</span>
        ) : (
          <SiteRow site={site} onEnable={onEnableSite} />
        )}
        <LinkWord link={state.link} />
      </footer>
    </main>
  );
}

function Head({ state, now }: { state: PhoneState; now: number }) {
  const { t } = useWords();
  const own = state.lines.filter(({ line }) => line.isOwn);
  if (own.length > 0) return <OwnLines lines={own} age={ageOf(state, now)} />;
  return <h1 class="popup__title one-line">{t('extName')}</h1>;
}

function ageOf(state: PhoneState, now: number): Age {
  return { now, staleSince: state.heardAt, isFresh: isFresh(state, now) };
}

function Desk({ state, send, now }: PopupProps & { now: number }) {
  const { t } = useWords();
  const orders = useOrders(send);
  const own = state.lines.filter(({ line }) => line.isOwn);
  const age = ageOf(state, now);
  const canOrder = state.link.type === 'online' || state.link.type === 'connecting';
  const calls = callsOf(own);
  const { cards, rows } = cardsAndRows(calls);
  // Decided once: the focus never wanders while the agent types.
  const [rangAtOpening] = useState(() => calls.find(({ call }) => call.state === 'offering')?.call.callId);
  if (state.lines.length === 0) return <NoLines state={state} />;
  const caller = own.find(({ line }) => line.capabilities.includes('makeCall'))?.line;
  const callAgain = caller && ((over: Call) => orders.give(redial(caller, over)));
  return (
    <>
      <section class="calls" aria-label={t('calls_heading')}>
        {calls.length === 0 && <EmptyState icon="phone" title={t('calls_empty_title')} hint={t('calls_empty_hint')} />}
        {cards.map(({ line, call, receivedAt }) => (
          <CallCard
            key={call.callId}
            {...{ line, call, receivedAt, age, orders, canOrder }}
            isFocused={call.callId === rangAtOpening}
            onOpenContact={(callId) => void send('open-contact', { callId })}
            onCallAgain={callAgain}
          />
        ))}
        {rows.map(({ call }) => (
          <OverRow key={call.callId} {...{ call, orders, canOrder }} onCallAgain={callAgain} />
        ))}
        <Announcement calls={calls} isFresh={age.isFresh} />
      </section>
      <DialField
        ownLines={own.map(({ line }) => line)}
        {...{ send, canOrder }}
        isFocused={rangAtOpening === undefined}
      />
      <Colleagues
        lines={state.lines.filter(({ line }) => !line.isOwn)}
        ownLine={caller ?? own[0]?.line}
        {...{ age, orders, canOrder }}
      />
    </>
  );
}

function redial(line: Line, { callId, remote }: Call) {
  const order = { name: 'makeCall', args: { number: remote.number } } as const;
  return { key: callId, lineId: line.lineId, order };
}

interface HeldCall {
  line: Line;
  call: Call;
  receivedAt: number;
}

// Oldest first: a new call is added below, so that "Hang up" never moves away from under the pointer. What is over comes
// after what goes on; without anything that goes on, the last one keeps its place and its card.
function callsOf(own: readonly HeldLine[]): HeldCall[] {
  return own
    .flatMap(({ line, receivedAt }) => line.calls.map((call) => ({ line, call, receivedAt })))
    .sort((a, b) => a.receivedAt - a.call.ageMs - (b.receivedAt - b.call.ageMs));
}

function cardsAndRows(calls: readonly HeldCall[]): { cards: readonly HeldCall[]; rows: readonly HeldCall[] } {
  const live = calls.filter(({ call }) => call.state !== 'ended');
  const over = calls.filter(({ call }) => call.state === 'ended').reverse();
  return live.length > 0 ? { cards: live, rows: over } : { cards: over.slice(0, 1), rows: over.slice(1) };
}

function NoLines({ state: { link } }: { state: PhoneState }) {
  const { t } = useWords();
  if (link.type === 'online') {
    return <EmptyState icon="phone" title={t('lines_empty_title')} hint={t('lines_empty_hint')} />;
  }
  // The banner says what is wrong; while connecting a word is enough, and not at once.
  return <p class="popup__loading muted patient">{link.type === 'connecting' && t('lines_loading')}</p>;
}

// For those who do not see the card appear.
function Announcement({ calls, isFresh: isNow }: { calls: readonly HeldCall[]; isFresh: boolean }) {
  const words = useWords();
  const offered = isNow ? calls.filter(({ call }) => call.state === 'offering') : [];
  return (
    <div class="unseen" aria-live="assertive">
      {offered.map(({ call }) => (
        <p key={call.callId}>{words.t('caller_incoming', { name: partyOf(call.remote, words).title })}</p>
      ))}
    </div>
  );
}
