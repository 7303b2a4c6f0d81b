import type { FoundContact } from '@offhook/protocol';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aColleague, aContact } from './builders.ts';
import { berlin, FIELD, field, wait } from './dial-field-stage.tsx';
import { settle } from './mount.tsx';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const anna: FoundContact = {
  contact: aContact(),
  numbers: [
    { number: berlin, label: 'Office' },
    { number: { kind: 'e164', number: '+491729925904' }, label: 'Mobile' },
  ],
};
const lena = aColleague('31', { name: 'Lena Huber' });

function press(view: { root: HTMLElement }, key: string): Promise<void> {
  const input = view.root.querySelector(FIELD);
  return act(() => void input?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })));
}

function options(view: { root: HTMLElement }): [string | null, boolean][] {
  return [...view.root.querySelectorAll('[role=option]')].map((option) => [
    option.textContent,
    option.getAttribute('aria-selected') === 'true',
  ]);
}

test('a name finds colleagues at once and contacts with each of their numbers when they come', async () => {
  const { worker, view } = await field({ colleagues: [lena, aColleague('22', { name: 'Jonas Beck' })] });
  await view.type(FIELD, 'le');
  expect(options(view)).toEqual([['Lena HuberFree31', true]]);
  await wait(150);
  expect(worker.last('search').request).toEqual({ text: 'le' });
  worker.last('search').answer({ type: 'found', matches: [anna], more: false });
  await settle();
  expect(options(view)).toEqual([
    ['Lena HuberFree31', true],
    ['Anna KrügerElbe Logistik KG+49 30 23125042Office', false],
    ['Anna KrügerElbe Logistik KG+49 172 9925904Mobile', false],
  ]);
});

test('Enter calls the highlighted one, which the preview shows with name, label and device', async () => {
  const { worker, view } = await field({ colleagues: [lena] });
  await view.type(FIELD, 'le');
  await wait(150);
  worker.last('search').answer({ type: 'found', matches: [anna], more: false });
  await settle();
  await press(view, 'ArrowDown');
  await wait(300);
  expect(worker.last('preview').request).toEqual({ lineId: 'line-18', number: berlin });
  worker.last('preview').answer({ decision: 'allowed', dialled: '003023125042', number: berlin });
  await settle();
  expect(view.root.querySelector('.dial__will')?.textContent).toContain('Anna Krüger · Office · desk phone');
  await view.submit(FIELD);
  expect(worker.last('command').request.order).toEqual({ name: 'makeCall', args: { number: berlin } });
});

test('what came under the key less than 300 ms ago is not called', async () => {
  const { worker, view } = await field({ colleagues: [lena] });
  await view.type(FIELD, 'lena');
  await wait(299);
  await view.submit(FIELD);
  expect(worker.asked('preview')).toHaveLength(0);
  await wait(200);
  worker.last('preview').answer({ decision: 'allowed', dialled: '31', number: { kind: 'internal', number: '31' } });
  await settle();
  expect(worker.asked('command')).toHaveLength(0);
  await view.submit(FIELD);
  expect(worker.asked('command')).toHaveLength(1);
});

test('the highlight stays on its person when others come above', async () => {
  const { worker, view } = await field();
  await view.type(FIELD, 'an');
  await wait(150);
  worker.last('search').answer({ type: 'found', matches: [anna], more: false });
  await settle();
  await press(view, 'ArrowDown');
  await view.type(FIELD, 'ann');
  await wait(150);
  const other = { contact: aContact({ contactId: 'c9', name: 'Ann Aach' }), numbers: [{ number: berlin }] };
  await press(view, 'ArrowDown');
  const before = options(view).find(([, isSelected]) => isSelected)?.[0];
  worker.last('search').answer({ type: 'found', matches: [other, anna], more: false });
  await settle();
  expect(options(view)).toHaveLength(3);
  expect(options(view).find(([, isSelected]) => isSelected)?.[0]).toBe(before);
});

test('an older answer that comes late changes nothing', async () => {
  const { worker, view } = await field();
  await view.type(FIELD, 'an');
  await wait(150);
  const late = worker.last('search');
  await view.type(FIELD, 'anx');
  await wait(150);
  worker.last('search').answer({ type: 'found', matches: [], more: false });
  late.answer({ type: 'found', matches: [anna], more: false });
  await settle();
  expect(options(view)).toEqual([]);
});

test('a click chooses, and nothing is called before Enter or the button', async () => {
  const { worker, view } = await field({ colleagues: [lena] });
  await view.type(FIELD, 'len');
  const pick = () => act(() => view.root.querySelector<HTMLElement>('[role=option]')?.click());
  await pick();
  // It has only just come under the pointer.
  expect(view.root.querySelector<HTMLInputElement>(FIELD)?.value).toBe('len');
  await wait(300);
  await pick();
  expect(view.root.querySelector<HTMLInputElement>(FIELD)?.value).toBe('Lena Huber');
  expect(options(view)).toEqual([]);
  await wait(300);
  worker.last('preview').answer({ decision: 'allowed', dialled: '31', number: { kind: 'internal', number: '31' } });
  await settle();
  expect(worker.asked('command')).toHaveLength(0);
  await view.submit(FIELD);
  expect(worker.last('command').request.order).toEqual({
    name: 'makeCall',
    args: { number: { kind: 'internal', number: '31' } },
  });
});

test('typing on keeps whom it still finds', async () => {
  const { worker, view } = await field({ colleagues: [lena] });
  await view.type(FIELD, 'len');
  await wait(200);
  await view.type(FIELD, 'lena');
  await wait(300);
  worker.last('preview').answer({ decision: 'allowed', dialled: '31', number: { kind: 'internal', number: '31' } });
  await settle();
  await view.submit(FIELD);
  expect(worker.last('command').request.order).toMatchObject({
    args: { number: { kind: 'internal', number: '31' } },
  });
});

const paul: FoundContact = {
  contact: aContact({ contactId: 'c7', name: 'Paul Anders' }),
  numbers: [{ number: { kind: 'e164', number: '+493023125077' } }],
};

// As somebody does who types without looking: a letter every 60 ms.
async function typeOn(view: Awaited<ReturnType<typeof field>>['view'], { from, to }: { from: string; to: string }) {
  for (let length = from.length + 1; length <= to.length; length += 1) {
    await view.type(FIELD, to.slice(0, length));
    await wait(60);
  }
}

async function foundFor(text: string, matches: FoundContact[]) {
  const { worker, view } = await field();
  await view.type(FIELD, text);
  await wait(150);
  worker.last('search').answer({ type: 'found', matches, more: false });
  await settle();
  await wait(300);
  worker.last('preview').answer({ decision: 'allowed', dialled: '003023125077', number: berlin });
  await settle();
  return { worker, view };
}

test('whoever was found for the beginning of a name is not called by Enter after the rest of another one', async () => {
  const { worker, view } = await foundFor('an', [paul]);
  expect(options(view).map(([, isSelected]) => isSelected)).toEqual([true]);
  await typeOn(view, { from: 'an', to: 'anna bauer' });
  expect(options(view).map(([, isSelected]) => isSelected)).toEqual([false]);
  await view.submit(FIELD);
  await wait(60);
  await view.submit(FIELD);
  await wait(1000);
  await view.submit(FIELD);
  expect(worker.asked('command')).toHaveLength(0);
  expect(worker.asked('preview')).toHaveLength(1);
});

test('whoever still has the name that is typed stays highlighted and is called before the relay has answered', async () => {
  const { worker, view } = await foundFor('an', [paul, anna]);
  await typeOn(view, { from: 'an', to: 'anna krü' });
  expect(options(view).map(([, isSelected]) => isSelected)).toEqual([false, true, false]);
  await wait(300);
  expect(worker.last('preview').request.number).toEqual(berlin);
  worker.last('preview').answer({ decision: 'allowed', dialled: '003023125042', number: berlin });
  await settle();
  await view.submit(FIELD);
  expect(worker.last('command').request.order).toMatchObject({ args: { number: berlin } });
});

test('what the relay finds by a spelling of its own is highlighted once it is the answer to the text', async () => {
  const { worker, view } = await foundFor('kru', [anna]);
  await view.type(FIELD, 'krueger');
  expect(options(view).some(([, isSelected]) => isSelected)).toBe(false);
  await wait(150);
  worker.last('search').answer({ type: 'found', matches: [anna], more: false });
  await settle();
  expect(options(view)[0]?.[1]).toBe(true);
});

test.each([
  ['a name', 'lena'],
  ['a number', '31'],
])('Enter in the moment in which the highlighted one disappears calls nobody for %s', async (_title, text) => {
  const { worker, view, redraw } = await field({ colleagues: [lena] });
  await view.type(FIELD, text);
  if (text === '31') await press(view, 'ArrowDown');
  await wait(300);
  worker.last('preview').answer({ decision: 'allowed', dialled: '31', number: { kind: 'internal', number: '31' } });
  await settle();
  await act(async () => {
    await redraw({ canOrder: true, colleagues: [] });
    view.root.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  });
  expect(worker.asked('command')).toHaveLength(0);
});

test('a typed number is called as typed, whoever is found by its digits', async () => {
  const { worker, view } = await field({ colleagues: [lena] });
  await view.type(FIELD, '31');
  expect(options(view)).toEqual([['Lena HuberFree31', false]]);
  await wait(150);
  expect(worker.last('preview').request.number).toEqual({ kind: 'raw', text: '31' });
});

test('a name that nobody has is not said to be a wrong number', async () => {
  const { worker, view } = await field();
  await view.type(FIELD, 'Nobody');
  await wait(200);
  expect(worker.asked('preview')).toHaveLength(0);
  expect(view.text()).toContain('Nobody found by this name so far');
  await view.submit(FIELD);
  expect(worker.asked('command')).toHaveLength(0);
});

test('Escape closes the list, then empties the field', async () => {
  const { view } = await field({ colleagues: [lena] });
  await view.type(FIELD, 'len');
  expect(view.root.querySelector(FIELD)?.getAttribute('aria-expanded')).toBe('true');
  await press(view, 'Escape');
  expect(view.root.querySelector(FIELD)?.getAttribute('aria-expanded')).toBe('false');
  await press(view, 'Escape');
  expect(view.root.querySelector<HTMLInputElement>(FIELD)?.value).toBe('');
});

test('the combobox names its list and the highlighted option', async () => {
  const { view } = await field({ colleagues: [lena] });
  await view.type(FIELD, 'len');
  const input = view.root.querySelector(FIELD);
  const list = view.root.querySelector('[role=listbox]');
  expect(input?.getAttribute('aria-controls')).toBe(list?.id);
  expect(input?.getAttribute('aria-activedescendant')).toBe(list?.querySelector('[aria-selected=true]')?.id);
  expect(view.root.querySelector('.dial > [role=status]')?.textContent).toBe('1 suggestion');
});
