// What came of an order, beside the thing that was ordered about: a failure in words, a question, or that nobody
// knows.
import { Button } from './Button.tsx';
import { ConfirmQuestion } from './ConfirmQuestion.tsx';
import { Note } from './Note.tsx';
import type { OrderState } from './use-orders.ts';
import { useWords } from './words.ts';

/** Nothing while all is well or under way. */
export function OrderNote({ order, onDismiss }: { order: OrderState | undefined; onDismiss: () => void }) {
  const words = useWords();
  if (!order || order.type === 'pending') return null;
  if (order.type === 'failed' && order.confirm) {
    const action = words.t('action_confirm');
    return <ConfirmQuestion params={order.params} {...{ action }} onConfirm={order.confirm} onCancel={onDismiss} />;
  }
  const text = order.type === 'unknown' ? words.error('outcome-unknown') : words.error(order.code, order.params);
  return (
    <div class="order-note">
      <Note kind="error" text={text} />
      <Button kind="ghost" shows="icon" icon="cross" label={words.t('action_dismiss')} onClick={onDismiss} />
    </div>
  );
}
