// One running call: who, in which state, how long, and what can be done about it. Its height depends on the state as
// little as can be, so that nothing below moves.
import type { Call, Line } from '@offhook/protocol';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { CallActions, type CallActionsProps, OpenContact } from './CallActions.tsx';
import { ContactMarks } from './ContactMarks.tsx';
import { DIRECTION_ICONS } from './direction-icons.ts';
import { Icon } from './icons.tsx';
import { MuteRing } from './MuteRing.tsx';
import { OrderNote } from './OrderNote.tsx';
import { partyOf } from './party.ts';
import { type Age, CallPill } from './StatePill.tsx';
import { useWords } from './words.ts';

export interface CallCardProps extends CallActionsProps {
  /** When the frame with this call arrived, `Date.now()` of this browser. */
  receivedAt: number;
  age: Age;
  /** Silences the ringtone; undefined where this browser does not ring. */
  onMute?: (() => void) | undefined;
  /** Between the state and the buttons: what is known, and the note. */
  children?: ComponentChildren;
  /** Below the buttons. */
  below?: ComponentChildren;
}

/** A call as a card. */
export function CallCard(props: CallCardProps) {
  const { call, age, orders } = props;
  const words = useWords();
  const party = partyOf(call.remote, words);
  const order = orders.of(call.callId);
  const card = useRef<HTMLElement>(null);
  const isOffered = call.state === 'offering';
  useEffect(() => {
    if (isOffered) card.current?.scrollIntoView?.({ block: 'nearest' });
  }, [isOffered]);
  return (
    <article class={`card card--${age.isFresh ? call.state : 'unknown'}`} ref={card} data-call-id={call.callId}>
      <div class="card__who">
        <span class="card__face" aria-hidden="true">
          {party.initials ?? <Icon name={DIRECTION_ICONS[call.direction]} />}
        </span>
        <h3 class="card__name one-line" title={party.title}>
          <bdi>{party.title}</bdi>
        </h3>
        <CallTime {...props} />
        <PartyDetails details={party.details} />
      </div>
      <div class="card__state">
        <CallPill call={call} age={age} />
        <ContactMarks contact={call.remote.contact} />
        <StateDetail call={call} line={props.line} isPending={order?.type === 'pending'} />
        {props.onMute && isOffered && <MuteRing onMute={props.onMute} />}
        <OpenContact call={call} onOpenContact={props.onOpenContact} />
      </div>
      {props.children}
      <CallActions {...props} onOpenContact={undefined} />
      <OrderNote order={order} onDismiss={() => orders.dismiss(call.callId)} />
      {props.below}
    </article>
  );
}

function PartyDetails({ details }: { details: readonly string[] }) {
  return (
    <p class="card__details muted small" title={details.join(' · ')}>
      {details.map((detail, index) => (
        <span class="card__detail-part one-line" key={detail}>
          {index > 0 && ' · '}
          <bdi>{detail}</bdi>
        </span>
      ))}
    </p>
  );
}

function CallTime({ call, receivedAt, age }: CallCardProps) {
  const { t, duration } = useWords();
  const direction = t(`direction_${call.direction}`);
  const time = callTime(call, age.isFresh ? Math.max(0, age.now - receivedAt) : undefined);
  const isEstimated = !call.answerReported && call.state === 'connected';
  return (
    <span class="card__time small muted" title={isEstimated ? t('call_time_estimated') : direction}>
      <Icon name={DIRECTION_ICONS[call.direction]} />
      <span class="unseen">{direction}</span>
      {time !== undefined && `${isEstimated ? '≈ ' : ''}${duration(time)}`}
    </span>
  );
}

/**
 * How long a call lasts, in milliseconds: once the far end has answered the talk counts, before that the waiting. What is
 * over stands still. `elapsedMs` since the frame arrived; undefined while it is not fresh: no running time to claim.
 */
export function callTime(call: Call, elapsedMs: number | undefined): number | undefined {
  if (call.state === 'ended' || call.state === 'failed') return call.connectedMs;
  if (elapsedMs === undefined) return undefined;
  return (call.connectedMs ?? call.ageMs) + elapsedMs;
}

function StateDetail({ call, line, isPending }: { call: Call; line: Line; isPending: boolean }) {
  const words = useWords();
  if (isPending) {
    return <span class="card__detail small muted patient">{words.t('call_order_pending')}</span>;
  }
  const text = detailOf(call);
  return (
    <span class="card__detail one-line small muted" title={text}>
      {text}
    </span>
  );

  function detailOf({ state, cause, direction, dialled }: Call): string | undefined {
    if (state === 'failed' || state === 'ended') return words.cause(cause);
    if (direction !== 'inbound' || !dialled) return undefined;
    // That it was this very line is nothing new.
    if (dialled.kind === 'internal' && dialled.number === line.extension) return undefined;
    return words.t('call_to', { number: words.number(dialled, { isKnown: false }) });
  }
}
