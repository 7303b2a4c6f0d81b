// A call that is over while others go on: one quiet line, so that what goes on has the room.
import type { Call } from '@offhook/protocol';
import { Button } from './Button.tsx';
import { DIRECTION_ICONS } from './direction-icons.ts';
import { Icon } from './icons.tsx';
import { OrderNote } from './OrderNote.tsx';
import { isDiallable, partyOf } from './party.ts';
import type { Orders } from './use-orders.ts';
import { useWords } from './words.ts';

export interface OverRowProps {
  call: Call;
  orders: Orders;
  canOrder: boolean;
  onCallAgain: ((call: Call) => void) | undefined;
}

/** Who it was, how it ended, and a button to call again. */
export function OverRow({ call, orders, canOrder, onCallAgain }: OverRowProps) {
  const words = useWords();
  const { t } = words;
  const { title } = partyOf(call.remote, words);
  const order = orders.of(call.callId);
  const outcome = words.cause(call.cause) ?? t(`call_state_${call.state}`);
  return (
    <div class="over" data-call-id={call.callId}>
      <div class="over__main">
        <span class="over__direction" title={t(`direction_${call.direction}`)}>
          <Icon name={DIRECTION_ICONS[call.direction]} />
        </span>
        <span class="over__name one-line" title={title}>
          <bdi>{title}</bdi>
        </span>
        <span class="over__outcome one-line small muted" title={outcome}>
          {outcome}
        </span>
        <span class="small muted">{call.connectedMs !== undefined && words.duration(call.connectedMs)}</span>
        {onCallAgain && isDiallable(call) && (
          <Button
            kind="ghost"
            shows="icon"
            icon="phone"
            label={t('action_call_again')}
            isDisabled={!canOrder || order?.type === 'pending'}
            onClick={() => onCallAgain(call)}
          />
        )}
      </div>
      <OrderNote order={order} onDismiss={() => orders.dismiss(call.callId)} />
    </div>
  );
}
