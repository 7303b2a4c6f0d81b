import { act } from 'preact/test-utils';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { PageNumbers } from '#components/PageNumbers.tsx';
import type { Orders } from '#components/use-orders.ts';
import type { PageNumber } from '#lib/messages.ts';
import { aLine } from './builders.ts';
import { mount } from './mount.tsx';

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

function onPage(digits: string, change: Partial<PageNumber> = {}): PageNumber {
  return { number: { kind: 'e164', number: `+49${digits}` }, text: `0${digits}`, isFax: false, ...change };
}

const first = onPage('3023125042');
const second = onPage('3023125043');

async function list(numbers: readonly PageNumber[]) {
  const give = vi.fn<Orders['give']>();
  const orders: Orders = { of: () => undefined, give, dismiss: () => undefined };
  const draw = (next: readonly PageNumber[]) => (
    <PageNumbers numbers={next} caller={aLine()} orders={orders} canOrder />
  );
  const view = await mount(draw(numbers));
  const click = () =>
    act(
      () =>
        void view.root.querySelector('button')?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 })),
    );
  return { view, click, give, redraw: (next: readonly PageNumber[]) => view.redraw(draw(next)) };
}

test('a click right after the page has added a number above is lost', async () => {
  const { click, give, redraw } = await list([first]);
  await redraw([second, first]);
  await click();
  expect(give).not.toHaveBeenCalled();
  await act(() => void vi.advanceTimersByTime(501));
  await click();
  expect(give.mock.calls[0]?.[0].order).toEqual({ name: 'makeCall', args: { number: second.number } });
});

test('a click counts while no row has moved', async () => {
  const { click, give, redraw } = await list([first]);
  await redraw([
    { ...first, isFax: true },
    { ...first, text: '030/23125042' },
  ]);
  await click();
  expect(give).toHaveBeenCalledOnce();
});

test('each number says why it is in the list, and how it was read where that is not what stands there', async () => {
  const { view } = await list([
    { ...first, why: { rule: 'label', label: 'Tel.' } },
    { ...second, text: '+49 30 23125043', why: { rule: 'international' } },
  ]);
  expect(view.text()).toContain('+49 30 23125042 · after “Tel.”');
  expect(view.text()).toContain('with country code, and valid');
});
