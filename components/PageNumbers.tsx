// The numbers of the page in front, as they stand there, each with a button that calls it: the way to them for those who
// do not use a pointer, and for pages that cover our button.
import type { Line, PhoneNumber } from '@offhook/protocol';
import type { PageNumber } from '#lib/messages.ts';
import { Button } from './Button.tsx';
import { EmptyState } from './EmptyState.tsx';
import { Icon } from './icons.tsx';
import { OrderNote } from './OrderNote.tsx';
import type { Orders } from './use-orders.ts';
import { useSteadyClicks } from './use-steady-clicks.ts';
import { useWords } from './words.ts';

export interface PageNumbersProps {
  /** Undefined until they are known. */
  numbers: readonly PageNumber[] | undefined;
  /** The own line that calls. */
  caller: Line | undefined;
  orders: Orders;
  canOrder: boolean;
}

/** A list; each number once, where it stands first. */
export function PageNumbers({ numbers, caller, orders, canOrder }: PageNumbersProps) {
  const { t } = useWords();
  const rows = numbers && distinct(numbers);
  const steady = useSteadyClicks(pageArrangementOf(rows));
  if (rows === undefined) return <p class="page-numbers__wait muted patient">{t('page_numbers_loading')}</p>;
  if (rows.length === 0) {
    return <EmptyState icon="globe" title={t('page_numbers_empty_title')} hint={t('page_numbers_empty_hint')} />;
  }
  return (
    <ul class="page-numbers" aria-label={t('page_numbers_heading')} {...steady}>
      {rows.map((one) => (
        <Row key={keyOf(one.number)} {...{ one, caller, orders, canOrder }} />
      ))}
    </ul>
  );
}

function Row({ one, caller, orders, canOrder }: Omit<PageNumbersProps, 'numbers'> & { one: PageNumber }) {
  const words = useWords();
  const { t } = words;
  const key = `page:${keyOf(one.number)}`;
  const order = orders.of(key);
  const read = words.number(one.number, { isKnown: true });
  return (
    <li class="page-number">
      <div class="page-number__main">
        <span class="page-number__text">
          <span class="one-line" title={one.text}>
            <bdi>{one.text}</bdi>
          </span>
          <About one={one} read={read} />
        </span>
        {one.isFax && (
          <span class="page-number__fax small muted">
            <Icon name="fax" />
            {t('page_numbers_fax')}
          </span>
        )}
        {caller && (
          <Button
            kind="ghost"
            shows="icon"
            icon="phone"
            label={t('page_numbers_call', { number: read })}
            isDisabled={!canOrder || order?.type === 'pending'}
            onClick={() =>
              orders.give({
                key,
                lineId: caller.lineId,
                order: { name: 'makeCall', args: { number: one.number } },
              })
            }
          />
        )}
      </div>
      <OrderNote order={order} onDismiss={() => orders.dismiss(key)} />
    </li>
  );
}

// How it was read, where that is not what stands there, and why it is in this list.
function About({ one, read }: { one: PageNumber; read: string }) {
  const words = useWords();
  const why = one.why && words.rule(one.why);
  const said = [...(squeezed(read) === squeezed(one.text) ? [] : [read]), ...(why === undefined ? [] : [why])];
  if (said.length === 0) return null;
  return (
    <span class="one-line small muted" title={why}>
      {said.join(' · ')}
    </span>
  );
}

/** Each number once, in the order of the page. */
export function distinct(numbers: readonly PageNumber[]): readonly PageNumber[] {
  const first = new Map<string, PageNumber>();
  for (const one of numbers) if (!first.has(keyOf(one.number))) first.set(keyOf(one.number), one);
  return [...first.values()];
}

/** A text that is another one whenever rows come, go or move. The numbers must be distinct. */
export function pageArrangementOf(numbers: readonly PageNumber[] | undefined): string {
  return numbers?.map(({ number }) => keyOf(number)).join() ?? '';
}

function keyOf(number: PhoneNumber): string {
  return JSON.stringify(number);
}

function squeezed(text: string): string {
  return text.replace(/[^0-9+]/g, '');
}
