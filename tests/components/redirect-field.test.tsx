import type { Line, PhoneNumber } from '@offhook/protocol';
import { act } from 'preact/test-utils';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { RedirectField } from '#components/RedirectField.tsx';
import { aColleague } from './builders.ts';
import { type Mounted, mount } from './mount.tsx';

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

const FIELD = '.redirect__input';
const anna = (change: Partial<Line> = {}) => aColleague('31', { name: 'Anna Sample', ...change });
const bert = (change: Partial<Line> = {}) => aColleague('32', { name: 'Bert Sample', ...change });

async function field(lines: readonly Line[]) {
  const onRedirect = vi.fn<(to: PhoneNumber) => void>();
  const draw = (next: readonly Line[]) => (
    <RedirectField
      colleagues={next.map((line) => ({ line, receivedAt: Date.now() }))}
      isDisabled={false}
      onRedirect={onRedirect}
    />
  );
  const view = await mount(draw(lines));
  return { view, onRedirect, redraw: (next: readonly Line[]) => view.redraw(draw(next)) };
}

const names = ({ root }: Mounted) => [...root.querySelectorAll('.redirect__name')].map((name) => name.textContent);

function pressed({ root }: Mounted, place: number): Promise<void> {
  const button = root.querySelectorAll('.redirect__targets button')[place];
  return act(() => void button?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 })));
}

test('who turns busy keeps the place: the click goes to whom it was aimed at', async () => {
  const { view, onRedirect, redraw } = await field([anna(), bert()]);
  await redraw([anna({ state: 'busy' }), bert()]);
  expect(names(view)).toEqual(['Anna Sample', 'Bert Sample']);
  await pressed(view, 0);
  expect(onRedirect.mock.calls).toEqual([[{ kind: 'internal', number: '31' }]]);
});

test('for another text who is free stands first', async () => {
  const { view, redraw } = await field([anna(), bert()]);
  await redraw([anna({ state: 'busy' }), bert()]);
  await view.type(FIELD, 'sample');
  expect(names(view)).toEqual(['Bert Sample', 'Anna Sample']);
});

test('a colleague who comes while the text stands comes below', async () => {
  const { view, redraw } = await field([bert({ state: 'busy' })]);
  await redraw([anna(), bert({ state: 'busy' })]);
  expect(names(view)).toEqual(['Bert Sample', 'Anna Sample']);
});

test('a click right after a target has gone is lost, and one after the pointer has moved counts', async () => {
  const { view, onRedirect, redraw } = await field([anna(), bert()]);
  await redraw([bert()]);
  await pressed(view, 0);
  expect(onRedirect).not.toHaveBeenCalled();
  await act(
    () => void view.root.querySelector('li')?.dispatchEvent(new PointerEvent('pointermove', { bubbles: true })),
  );
  await pressed(view, 0);
  expect(onRedirect.mock.calls).toEqual([[{ kind: 'internal', number: '32' }]]);
});
