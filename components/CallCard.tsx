// One running call: who, in which state, how long, and what can be done about it. Offers only what the call itself says
// it can do, and says where the usual is missing. Its height does not depend on the state, so that nothing below moves.
import type { Call, CommandName, Line } from '@offhook/protocol';
import { useEffect, useRef } from 'preact/hooks';
import type { PlainKey } from '#lib/i18n.ts';
import { Button } from './Button.tsx';
import { DIRECTION_ICONS } from './direction-icons.ts';
import { Icon } from './icons.tsx';
import { OrderNote } from './OrderNote.tsx';
import { partyOf } from './party.ts';
import { type Age, CallPill } from './StatePill.tsx';
import type { Orders } from './use-orders.ts';
import { useWords } from './words.ts';

export interface CallCardProps {
  line: Line;
  call: Call;
  /** When the frame with this call arrived, `Date.now()` of this browser. */
  receivedAt: number;
  age: Age;
  orders: Orders;
  /** Whether the view was opened while this call rang: then Answer has the focus. */
  isFocused: boolean;
  /** Whether orders can be given now; the link is up, or about to be. */
  canOrder: boolean;
  onOpenContact: (callId: string) => void;
  /** Dials the number of a call that is over; undefined where the line cannot. */
  onCallAgain: ((call: Call) => void) | undefined;
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
        <StateDetail call={call} line={props.line} isPending={order?.type === 'pending'} />
      </div>
      <div class="card__actions">
        <CallActions {...props} isPending={order?.type === 'pending'} />
      </div>
      <OrderNote order={order} onDismiss={() => orders.dismiss(call.callId)} />
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
  const time = timeOf(call, age.isFresh ? Math.max(0, age.now - receivedAt) : undefined);
  const isEstimated = !call.answerReported && call.state === 'connected';
  return (
    <span class="card__time small muted" title={isEstimated ? t('call_time_estimated') : direction}>
      <Icon name={DIRECTION_ICONS[call.direction]} />
      <span class="unseen">{direction}</span>
      {time !== undefined && `${isEstimated ? '≈ ' : ''}${duration(time)}`}
    </span>
  );
}

// Once the far end has answered the talk counts, before that the waiting. What is over stands still; what is not fresh
// has no running time to claim.
function timeOf(call: Call, elapsedMs: number | undefined): number | undefined {
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

type CallAction = Extract<CommandName, 'answer' | 'hold' | 'retrieve' | 'drop'>;

// What makes sense in a state, in the order shown; of these the call's own capabilities are offered.
const SENSIBLE: Record<Call['state'], readonly CallAction[]> = {
  initiated: ['drop'],
  prompting: ['drop'],
  dialing: ['drop'],
  ringback: ['drop'],
  queued: ['drop'],
  offering: ['answer', 'drop'],
  connected: ['hold', 'drop'],
  held: ['retrieve', 'drop'],
  failed: ['drop'],
  ended: [],
  unknown: ['answer', 'hold', 'retrieve', 'drop'],
};
const HINT_ORDER: readonly CallAction[] = ['answer', 'drop', 'retrieve', 'hold'];
// States that are over before one could miss a button.
const FLEETING: readonly Call['state'][] = ['initiated', 'failed', 'unknown'];

function CallActions(props: CallCardProps & { isPending: boolean }) {
  const { line, call, orders, isPending, isFocused, canOrder, onCallAgain } = props;
  const { t } = useWords();
  const answer = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isFocused) answer.current?.focus();
  }, [isFocused]);
  const sensible = SENSIBLE[call.state];
  const offered = sensible.filter((name) => call.capabilities.includes(name));
  const missing = FLEETING.includes(call.state) ? [] : sensible.filter((name) => !offered.includes(name));
  return (
    <>
      {offered.map((name) => (
        <Button
          key={name}
          {...lookOf(name, call.state)}
          label={t(labelOf(name, call.state))}
          isDisabled={isPending || !canOrder}
          buttonRef={name === 'answer' ? answer : null}
          onClick={() =>
            orders.give({ key: call.callId, lineId: line.lineId, callId: call.callId, order: { name, args: {} } })
          }
        />
      ))}
      <MissingHint missing={missing} state={call.state} />
      <span class="card__gap" />
      {call.remote.contact?.url !== undefined && (
        <Button
          kind="ghost"
          shows="icon"
          icon="open"
          label={t('action_open_contact')}
          onClick={() => props.onOpenContact(call.callId)}
        />
      )}
      {call.state === 'ended' && onCallAgain && isDiallable(call) && (
        <Button icon="phone" label={t('action_call_again')} isDisabled={!canOrder} onClick={() => onCallAgain(call)} />
      )}
    </>
  );
}

function MissingHint({ missing, state }: { missing: readonly CallAction[]; state: Call['state'] }) {
  const { t } = useWords();
  // The one that is missed most is said aloud, the others are in the tooltip.
  const first = HINT_ORDER.find((name) => missing.includes(name));
  if (first === undefined) return null;
  const why = missing.map((name) => t(missingKey(name, state))).join(' ');
  return (
    <span class="card__missing one-line small muted" title={why}>
      {t(`missing_${first}`)}
    </span>
  );
}

function missingKey(name: CallAction, state: Call['state']): PlainKey {
  return name === 'drop' && state === 'offering' ? 'missing_decline_why' : `missing_${name}_why`;
}

function labelOf(name: CallAction, state: Call['state']): PlainKey {
  if (name === 'drop') return state === 'offering' ? 'action_decline' : 'action_hang_up';
  return `action_${name}`;
}

function lookOf(name: CallAction, state: Call['state']) {
  if (name === 'answer') return { kind: 'primary', icon: 'phone' } as const;
  if (name === 'hold') return { kind: 'plain', icon: 'pause' } as const;
  if (name === 'retrieve') return { kind: state === 'held' ? 'primary' : 'plain', icon: 'play' } as const;
  return { kind: state === 'connected' ? 'danger' : 'quiet-danger', icon: 'hangUp' } as const;
}

/** Whether the number of a call that is over can be dialled again. */
export function isDiallable({ remote }: Call): boolean {
  return remote.number.kind === 'e164' || remote.number.kind === 'internal';
}
