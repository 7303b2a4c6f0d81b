// One colleague's line: extension, name, state, and what one can do for or with this person now.
import type { Line } from '@offhook/protocol';
import { Button } from './Button.tsx';
import { OrderNote } from './OrderNote.tsx';
import { partyOf } from './party.ts';
import { type Age, LinePill } from './StatePill.tsx';
import type { Orders } from './use-orders.ts';
import { useWords } from './words.ts';

export interface LineRowProps {
  line: Line;
  ownLine: Line | undefined;
  age: Age;
  orders: Orders;
  canOrder: boolean;
}

/** A row of the list of colleagues. */
export function LineRow(props: LineRowProps) {
  const { line, age, orders } = props;
  const key = `line:${line.lineId}`;
  const isRinging = age.isFresh && (line.state === 'ringing' || line.state === 'busyRinging');
  return (
    <li class={`line-row${isRinging ? ' line-row--ringing' : ''}`} data-line-id={line.lineId}>
      <div class="line-row__main">
        <span class="line-row__extension one-line muted">{line.extension}</span>
        <span class="line-row__name">
          <span class="one-line" title={line.name}>
            <bdi>{line.name}</bdi>
          </span>
          {isRinging && <RingsFor line={line} />}
        </span>
        <LinePill line={line} age={age} />
        <LineAction {...props} orderKey={key} />
      </div>
      <OrderNote order={orders.of(key)} onDismiss={() => orders.dismiss(key)} />
    </li>
  );
}

function RingsFor({ line }: { line: Line }) {
  const words = useWords();
  const offered = line.calls.find((call) => call.state === 'offering');
  if (!offered) return null;
  const text = words.t('call_from', { name: partyOf(offered.remote, words).title });
  return (
    <span class="one-line small muted" title={text}>
      <bdi>{text}</bdi>
    </span>
  );
}

function LineAction({ line, ownLine, age, orders, canOrder, orderKey }: LineRowProps & { orderKey: string }) {
  const { t } = useWords();
  const isPending = orders.of(orderKey)?.type === 'pending';
  if (!ownLine || !age.isFresh) return <span class="line-row__action" />;
  const isRinging = line.state === 'ringing' || line.state === 'busyRinging';
  if (isRinging && line.capabilities.includes('pickup')) {
    return (
      <Button
        icon="pickup"
        label={t('action_pickup')}
        title={t('colleague_pickup', { name: line.name })}
        isDisabled={isPending || !canOrder}
        onClick={() =>
          orders.give({
            key: orderKey,
            lineId: ownLine.lineId,
            order: { name: 'pickup', args: { lineId: line.lineId } },
          })
        }
      />
    );
  }
  // An extension is dialled only where it is plain digits.
  const number = /^[0-9]{1,15}$/.test(line.extension) ? line.extension : undefined;
  if (line.state !== 'idle' || number === undefined || !ownLine.capabilities.includes('makeCall')) {
    return <span class="line-row__action" />;
  }
  return (
    <Button
      kind="ghost"
      shows="icon"
      icon="phone"
      label={t('colleague_call', { name: line.name })}
      isDisabled={isPending || !canOrder}
      onClick={() =>
        orders.give({
          key: orderKey,
          lineId: ownLine.lineId,
          order: { name: 'makeCall', args: { number: { kind: 'internal', number } } },
        })
      }
    />
  );
}
