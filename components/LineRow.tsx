// One colleague's line: extension, name, state, and what one can do for or with this person now. Always of one height.
import type { CommandOrder, Line } from '@offhook/protocol';
import { Button } from './Button.tsx';
import { Icon } from './icons.tsx';
import { plainExtension } from './line-search.ts';
import { partyOf } from './party.ts';
import { type Age, LinePill } from './StatePill.tsx';
import type { OrderState, Orders } from './use-orders.ts';
import { useWords } from './words.ts';

export interface LineRowProps {
  line: Line;
  /** The own line that calls and picks up. */
  ownLine: Line | undefined;
  age: Age;
  orders: Orders;
  /** What came of the last order about this line. */
  order: OrderState | undefined;
  canOrder: boolean;
  isFavourite: boolean;
  onToggleFavourite: (line: Line) => void;
}

/** The content of a row of the list of colleagues. */
export function LineRow(props: LineRowProps) {
  const { line, age, isFavourite, onToggleFavourite } = props;
  const { t } = useWords();
  const isRinging = age.isFresh && rings(line);
  return (
    <div class={`line-row${isRinging ? ' line-row--ringing' : ''}`}>
      <button
        type="button"
        class="line-row__star"
        aria-pressed={isFavourite}
        aria-label={t('colleague_favourite', { name: line.name })}
        title={t(isFavourite ? 'favourite_remove' : 'favourite_add')}
        onClick={() => onToggleFavourite(line)}
      >
        <Icon name="star" />
      </button>
      <span class="line-row__extension one-line muted" title={line.extension}>
        {line.extension}
      </span>
      <span class="line-row__name">
        <span class="one-line" title={line.name}>
          <bdi>{line.name}</bdi>
        </span>
        {isRinging && <RingsFor line={line} />}
      </span>
      <LinePill line={line} age={age} />
      <LineAction {...props} />
    </div>
  );
}

/** Whether somebody calls this line now. */
export function rings({ state }: Line): boolean {
  return state === 'ringing' || state === 'busyRinging';
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

function LineAction({ line, ownLine, age, orders, order: state, canOrder }: LineRowProps) {
  const { t } = useWords();
  const isOff = state?.type === 'pending' || !canOrder;
  if (!ownLine || !age.isFresh) return <span class="line-row__action" />;
  const give = (order: CommandOrder) => orders.give({ key: `line:${line.lineId}`, lineId: ownLine.lineId, order });
  if (rings(line) && line.capabilities.includes('pickup')) {
    return (
      <Button
        icon="pickup"
        label={t('action_pickup')}
        title={t('colleague_pickup', { name: line.name })}
        canShrink
        isDisabled={isOff}
        onClick={() => give({ name: 'pickup', args: { lineId: line.lineId } })}
      />
    );
  }
  const number = plainExtension(line);
  if (line.state !== 'idle' || number === undefined || !ownLine.capabilities.includes('makeCall')) {
    return <span class="line-row__action" />;
  }
  return (
    <Button
      kind="ghost"
      shows="icon"
      icon="phone"
      label={t('colleague_call', { name: line.name })}
      isDisabled={isOff}
      onClick={() => give({ name: 'makeCall', args: { number: { kind: 'internal', number } } })}
    />
  );
}
