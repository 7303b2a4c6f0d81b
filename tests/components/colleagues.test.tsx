import type { Line } from '@offhook/protocol';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { Colleagues, type ColleaguesProps } from '#components/Colleagues.tsx';
import { useOrders } from '#components/use-orders.ts';
import { aColleague, aLine } from './builders.ts';
import { createFakeWorker } from './fake-worker.ts';
import { mount, settle } from './mount.tsx';

const age = { now: Date.parse('2026-11-20T13:02:00.000Z'), staleSince: undefined, isFresh: true };

async function list(lines: readonly Line[], change: Partial<ColleaguesProps> = {}) {
  const worker = createFakeWorker();
  const onFavourites = vi.fn();
  function View({
    lines: shown,
    favourites = [],
    shows = 'all',
  }: { lines: readonly Line[] } & Partial<Omit<ColleaguesProps, 'lines'>>) {
    return (
      <Colleagues
        lines={shown.map((line) => ({ line, receivedAt: age.now }))}
        ownLine={aLine()}
        age={age}
        orders={useOrders(worker.send)}
        canOrder
        favourites={favourites}
        onFavourites={onFavourites}
        shows={shows}
      />
    );
  }
  const { lines: _lines, ...props } = change;
  const view = await mount(<View lines={lines} {...props} />);
  return {
    worker,
    view,
    onFavourites,
    redraw: (next: readonly Line[], more: Partial<ColleaguesProps> = {}) => {
      const { lines: _none, ...rest } = { ...change, ...more };
      return view.redraw(<View lines={next} {...rest} />);
    },
    extensions: () => [...view.root.querySelectorAll('.line-row__extension')].map((cell) => cell.textContent),
  };
}

function many(count: number): Line[] {
  return Array.from({ length: count }, (_, index) => aColleague(String(1000 + index)));
}

test('of 2,000 lines only those in sight are drawn, and each says which of how many it is', async () => {
  const { view } = await list(many(2000));
  const rows = [...view.root.querySelectorAll('.line-list__row')];
  expect(rows.length).toBeLessThan(60);
  expect(rows[3]?.getAttribute('aria-setsize')).toBe('2000');
  expect(rows[3]?.getAttribute('aria-posinset')).toBe('4');
  expect(view.root.querySelector<HTMLElement>('.line-list')?.style.height).toBe('80000px');
});

test('a list that is scrolled draws what has come into sight', async () => {
  const { view, extensions } = await list(many(2000));
  const scroller = view.root.querySelector('.colleagues__list');
  await act(() => {
    if (scroller) scroller.scrollTop = 40_000;
    scroller?.dispatchEvent(new Event('scroll'));
  });
  expect(extensions()).toContain('2000');
  expect(extensions()).not.toContain('1000');
});

test('End and the arrows go through all lines, drawn or not, in the same column', async () => {
  const { view } = await list(many(2000));
  const press = (key: string) =>
    act(() => void document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
  view.button('Call Colleague 1000')?.focus();
  await press('ArrowDown');
  expect(document.activeElement).toBe(view.button('Call Colleague 1001'));
  await press('End');
  expect(document.activeElement).toBe(view.button('Call Colleague 2999'));
  await press('ArrowUp');
  expect(document.activeElement).toBe(view.button('Call Colleague 2998'));
});

test('favourites stand first, in the order in which they were chosen', async () => {
  const { extensions } = await list(many(4), { favourites: ['line-1003', 'line-1001', 'line-gone'] });
  expect(extensions()).toEqual(['1003', '1001', '1000', '1002']);
});

test('a star counts at once, the next one counts on from it, and the focus stays on it', async () => {
  const { view, onFavourites, extensions } = await list(many(3));
  const star = (extension: string) => view.button(`Favourite: Colleague ${extension}`);
  star('1002')?.focus();
  await view.click('Favourite: Colleague 1002');
  await settle();
  expect(extensions()[0]).toBe('1002');
  expect(document.activeElement).toBe(star('1002'));
  await view.click('Favourite: Colleague 1001');
  expect(onFavourites.mock.calls).toEqual([[['line-1002']], [['line-1002', 'line-1001']]]);
  await view.click('Favourite: Colleague 1002');
  expect(onFavourites).toHaveBeenLastCalledWith(['line-1001']);
});

test('what was set on another device replaces what was starred here', async () => {
  const { view, redraw, extensions } = await list(many(3));
  await view.click('Favourite: Colleague 1002');
  await redraw(many(3), { favourites: ['line-1001'] });
  expect(extensions()[0]).toBe('1001');
});

test('the short list has favourites and who rings, and nobody leaves it who has come', async () => {
  const lines = many(20);
  const { view, extensions, redraw } = await list(lines, { shows: 'few', favourites: ['line-1005'] });
  expect(extensions()).toEqual(['1005']);
  const ringing = lines.map((line) => (line.extension === '1002' ? { ...line, state: 'ringing' as const } : line));
  await redraw(ringing);
  expect(extensions()).toEqual(['1005', '1002']);
  await redraw(lines);
  expect(extensions()).toEqual(['1005', '1002']);
  await view.click('All 20');
  expect(extensions()).toHaveLength(20);
});

test('the short list is the whole one where there is nothing to choose by', async () => {
  expect((await list(many(20), { shows: 'few' })).extensions()).toHaveLength(20);
  expect((await list(many(8), { shows: 'few', favourites: ['line-1005'] })).extensions()).toHaveLength(8);
});

test('what went wrong with a line is told above the rows, with the name', async () => {
  const { view, worker } = await list(many(3));
  await view.click('Call Colleague 1001');
  worker.last('command').answer({ type: 'failed', code: 'pbx-rejected', params: { cause: 'busy' } });
  await settle();
  const failure = view.root.querySelector('.colleagues__failure');
  expect(failure?.textContent).toContain('Colleague 1001');
  expect(failure?.querySelector('[role=alert]')?.textContent).toContain('Your line is busy');
  await view.click('Dismiss');
  expect(view.root.querySelector('.colleagues__failure')).toBeNull();
});

test('a row shows the new state of its line', async () => {
  const { view, redraw } = await list(many(2));
  await redraw(many(2).map((line) => ({ ...line, state: 'busy' as const })));
  expect([...view.root.querySelectorAll('.pill')].map((pill) => pill.textContent)).toEqual(['Busy', 'Busy']);
});
