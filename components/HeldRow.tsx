// A call on hold while another one goes on: one line with the way back to it.
import type { Call } from '@offhook/protocol';
import { Button } from './Button.tsx';
import { retrieveOrder } from './CallActions.tsx';
import { callTime } from './CallCard.tsx';
import { OrderNote } from './OrderNote.tsx';
import type { OwnCall } from './own-calls.ts';
import { partyOf } from './party.ts';
import { type Age, CallPill } from './StatePill.tsx';
import type { Orders } from './use-orders.ts';
import { useWords } from './words.ts';

export interface HeldRowProps {
  held: OwnCall;
  /** The other running calls of its line. */
  others: readonly Call[];
  age: Age;
  orders: Orders;
  canOrder: boolean;
}

/** Who waits, for how long, and the buttons to take the call back or end it. */
export function HeldRow({ held: { line, call, receivedAt }, others, age, orders, canOrder }: HeldRowProps) {
  const words = useWords();
  const { t } = words;
  const { title } = partyOf(call.remote, words);
  const time = callTime(call, age.isFresh ? Math.max(0, age.now - receivedAt) : undefined);
  const { callId } = call;
  const order = orders.of(callId);
  const isOff = order?.type === 'pending' || !canOrder;
  const give = (one: Parameters<Orders['give']>[0]['order']) =>
    orders.give({ key: callId, lineId: line.lineId, callId, order: one });
  return (
    <article class="held" data-call-id={callId}>
      <div class="held__main">
        <CallPill call={call} age={age} />
        <h3 class="held__name one-line" title={title}>
          <bdi>{title}</bdi>
        </h3>
        <span class="small muted">{time !== undefined && words.duration(time)}</span>
        {call.capabilities.includes('drop') && (
          <Button
            kind="ghost"
            shows="icon"
            icon="hangUp"
            label={t('action_hang_up')}
            isDisabled={isOff}
            onClick={() => give({ name: 'drop', args: {} })}
          />
        )}
        {call.capabilities.includes('retrieve') || call.capabilities.includes('toggle') ? (
          <Button
            icon="play"
            label={t('action_retrieve')}
            canShrink
            isDisabled={isOff}
            onClick={() => give(retrieveOrder(call, others))}
          />
        ) : (
          <span class="small muted one-line" title={t('missing_retrieve_why')}>
            {t('missing_retrieve')}
          </span>
        )}
      </div>
      <OrderNote order={order} onDismiss={() => orders.dismiss(callId)} />
    </article>
  );
}
