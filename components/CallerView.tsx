// The window that comes up when the phone rings. Each call that comes in has its card until what is written about it is
// done; the window closes itself when there is nothing left to show. It never takes the focus by itself, and no click is
// taken for a button that only just came under the pointer.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Desk, Send } from '#lib/messages.ts';
import { CallerCard } from './CallerCard.tsx';
import type { DeskProps } from './desk-props.ts';
import { type Followed, follow, shownCalls } from './followed-calls.ts';
import { isFresh } from './freshness.ts';
import { Icon } from './icons.tsx';
import { LinkBanner } from './LinkBanner.tsx';
import { callsOf } from './own-calls.ts';
import { partyOf } from './party.ts';
import { useNow } from './use-now.ts';
import { useOrders } from './use-orders.ts';
import { useSteadyClicks } from './use-steady-clicks.ts';
import { useWords } from './words.ts';

// A browser may put the window in front of somebody who is typing: keys that were under way must not answer the call.
const FOCUS_AFTER_MS = 700;

export interface CallerProps extends DeskProps {
  onClose: () => void;
}

/** The whole caller window. */
export function CallerView({ desk, settings, send, onOpenOptions, onShowCalls, onClose }: CallerProps) {
  const { t } = useWords();
  const now = useNow();
  const { phone } = desk;
  const fresh = isFresh(phone, now);
  const { shown, dismiss } = useFollowed(desk, { now, fresh });
  const ringing = shown.find(({ stage }) => stage.type === 'ringing')?.call.callId;
  const mayFocus = useOwnFocus(ringing);
  const stages = shown.map(({ call, stage }) => `${call.callId} ${stage.type}`);
  // The note about an opened contact moves the cards below it.
  const steady = useSteadyClicks([...stages, desk.opened?.callId].join());
  // While the link comes up the calls may still be on their way.
  const isDone = shown.length === 0 && phone.link.type !== 'connecting';
  useEffect(() => {
    if (isDone) onClose();
  }, [isDone]);
  return (
    <main class="caller" {...steady}>
      <LinkBanner state={phone} now={now} onOpenOptions={onOpenOptions} />
      {shown.length === 0 && <p class="caller__wait muted patient">{!isDone && t('lines_loading')}</p>}
      <Cards
        {...{ desk, send, shown, now, fresh, dismiss, onShowCalls }}
        rings={settings.rings}
        focused={mayFocus ? ringing : undefined}
      />
      <News shown={shown} isFresh={fresh} />
    </main>
  );
}

interface CardsProps {
  desk: Desk;
  send: Send;
  onShowCalls: ((text: string) => void) | undefined;
  shown: readonly Followed[];
  now: number;
  fresh: boolean;
  focused: string | undefined;
  /** Whether this browser rings. */
  rings: boolean;
  dismiss: (callId: string) => void;
}

function Cards({ desk, send, shown, now, fresh, focused, rings, onShowCalls, dismiss }: CardsProps) {
  const orders = useOrders(send);
  const { lines, link, heardAt } = desk.phone;
  const own = lines.filter(({ line }) => line.isOwn);
  const colleagues = lines.filter(({ line }) => !line.isOwn);
  const canOrder = link.type === 'online' || link.type === 'connecting';
  const othersOf = ({ call, line }: Followed) =>
    callsOf(own)
      .filter((one) => one.line.lineId === line.lineId && one.call.callId !== call.callId)
      .flatMap(({ call: other }) => (other.state === 'connected' || other.state === 'held' ? [other] : []));
  return shown.map((followed) =>
    followed.stage.type === 'gone' ? (
      <GoneCard key={followed.call.callId} followed={followed} desk={desk} />
    ) : (
      <CallerCard
        key={followed.call.callId}
        {...{ followed, desk, send, onShowCalls }}
        age={{ now, staleSince: heardAt, isFresh: fresh }}
        actions={{
          orders,
          canOrder,
          isFocused: followed.call.callId === focused,
          tools: { send, others: othersOf(followed), colleagues },
        }}
        namesLine={own.length > 1}
        onMute={rings ? () => void send('mute-ring', {}) : undefined}
        onDone={dismiss}
      />
    ),
  );
}

// It rang and nobody here answered: what became of it, for as long as one reads it.
function GoneCard({ followed, desk }: { followed: Followed; desk: Desk }) {
  const words = useWords();
  const { title } = partyOf(followed.call.remote, words);
  const text = useGoneText(followed, desk);
  return (
    <article class="caller-gone" data-call-id={followed.call.callId}>
      <Icon name={isTaken(followed) ? 'check' : 'missed'} />
      <p class="one-line">
        <b>
          <bdi>{title}</bdi>
        </b>
      </p>
      <p class="muted">
        <bdi>{text}</bdi>
      </p>
    </article>
  );
}

function isTaken({ call: { cause } }: Followed): boolean {
  return cause === 'answeredElsewhere' || cause === 'pickedUp' || cause === 'forwarded' || cause === 'transferred';
}

function useGoneText({ call }: Followed, { journal }: Desk): string {
  const words = useWords();
  const by = journal.entries.find(({ entryId }) => entryId === call.conversationId)?.answeredBy;
  if (call.cause === 'answeredElsewhere' && by) return words.t('journal_elsewhere_by', { name: by });
  const isMissed = call.cause === undefined || ['cancelled', 'noAnswer', 'normal', 'unknown'].includes(call.cause);
  return isMissed ? words.t('journal_missed') : (words.cause(call.cause) ?? words.t('journal_missed'));
}

// For those who do not see the cards change.
function News({ shown, isFresh: isNow }: { shown: readonly Followed[]; isFresh: boolean }) {
  const words = useWords();
  const nameOf = ({ call }: Followed) => partyOf(call.remote, words).title;
  const ringing = isNow ? shown.filter(({ stage }) => stage.type === 'ringing') : [];
  const gone = shown.filter(({ stage }) => stage.type === 'gone');
  return (
    <>
      <div class="unseen" aria-live="assertive">
        {ringing.map((one) => (
          <p key={one.call.callId}>{words.t('caller_incoming', { name: nameOf(one) })}</p>
        ))}
      </div>
      <div class="unseen" aria-live="polite">
        {gone.map((one) => (
          <p key={one.call.callId}>{`${nameOf(one)}: ${words.cause(one.call.cause) ?? words.t('journal_missed')}`}</p>
        ))}
      </div>
    </>
  );
}

// The followed calls live as long as the window: what is done does not come back.
function useFollowed({ phone }: Desk, { now, fresh }: { now: number; fresh: boolean }) {
  const followed = useRef<readonly Followed[]>([]);
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  followed.current = follow(followed.current, phone, { now, isFresh: fresh && phone.link.type === 'online' });
  return {
    shown: shownCalls(followed.current.filter(({ call }) => !done.has(call.callId))),
    dismiss: (callId: string) => setDone((before) => new Set([...before, callId])),
  };
}

// Whether Answer may have the focus: the window has had it for a moment, and nothing in it is being used.
function useOwnFocus(callId: string | undefined): boolean {
  const [mayFocus, setMayFocus] = useState(false);
  useEffect(() => {
    setMayFocus(false);
    if (callId === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (document.hasFocus() && isIdle(document.activeElement)) setMayFocus(true);
      }, FOCUS_AFTER_MS);
    };
    wait();
    window.addEventListener('focus', wait);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('focus', wait);
    };
  }, [callId]);
  return mayFocus;
}

function isIdle(active: Element | null): boolean {
  return active === null || active === document.body;
}
