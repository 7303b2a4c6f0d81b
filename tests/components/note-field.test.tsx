import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NoteField, type NoteFieldProps } from '#components/NoteField.tsx';
import { createFakeWorker } from './fake-worker.ts';
import { mount, settle } from './mount.tsx';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const FIELD = 'textarea';

async function field(props: Partial<NoteFieldProps> = {}) {
  const worker = createFakeWorker();
  const draw = (change: Partial<NoteFieldProps>) => <NoteField entryId="c1" send={worker.send} {...change} />;
  const view = await mount(draw(props));
  const area = () => {
    const found = view.root.querySelector<HTMLTextAreaElement>(FIELD);
    if (!found) throw new Error('no field');
    return found;
  };
  const focus = (what: 'focus' | 'blur') => act(() => area()[what]());
  return { worker, view, area, focus, redraw: (next: Partial<NoteFieldProps>) => view.redraw(draw(next)) };
}

test('every keystroke goes to the worker at once', async () => {
  const { worker, view } = await field();
  await view.type(FIELD, 'W');
  await view.type(FIELD, 'Wa');
  expect(worker.asked('note').map(({ request }) => request)).toEqual([
    { entryId: 'c1', text: 'W', base: '' },
    { entryId: 'c1', text: 'Wa', base: '' },
  ]);
});

test('shows the draft that the worker keeps, before the note that the relay has', async () => {
  const { area, redraw } = await field({ note: 'old', draft: { text: 'newer', state: 'saving' } });
  expect(area().value).toBe('newer');
  await redraw({ note: 'kept' });
  expect(area().value).toBe('kept');
});

test('a draft that comes back late never replaces what has been typed since', async () => {
  const { view, area, redraw } = await field();
  await view.type(FIELD, 'Wants the offer');
  await redraw({ draft: { text: 'Wants', state: 'saving' } });
  expect(area().value).toBe('Wants the offer');
  await redraw({ draft: { text: 'Wants the offer', state: 'saving' } });
  await redraw({ note: 'Wants the offer' });
  expect(area().value).toBe('Wants the offer');
});

test('what comes from elsewhere waits until the field is left', async () => {
  const { area, focus, redraw } = await field({ note: 'mine' });
  await focus('focus');
  await redraw({ note: 'from my other device' });
  expect(area().value).toBe('mine');
  await focus('blur');
  expect(area().value).toBe('from my other device');
});

test('the caret stays where it is when the draft comes back and when the note is kept', async () => {
  const { view, area, focus, redraw } = await field({ note: 'Wants offer' });
  await focus('focus');
  await view.type(FIELD, 'Wants the offer');
  area().setSelectionRange(9, 9);
  await redraw({ note: 'Wants offer', draft: { text: 'Wants the offer', state: 'saving' } });
  await redraw({ note: 'Wants the offer' });
  expect([area().selectionStart, area().selectionEnd]).toEqual([9, 9]);
});

test('an outcome is chosen by one click and taken back by another', async () => {
  const { worker, view, redraw } = await field();
  await view.click('Call back');
  expect(view.button('Call back')?.getAttribute('aria-pressed')).toBe('true');
  await redraw({ draft: { disposition: 'callBack', state: 'saving' } });
  await view.click('Call back');
  expect(view.button('Call back')?.getAttribute('aria-pressed')).toBe('false');
  expect(worker.asked('note').map(({ request }) => request.disposition)).toEqual(['callBack', null]);
});

test('another outcome takes the place of the first', async () => {
  const { view } = await field({ disposition: 'resolved' });
  await view.click('Wrong number');
  const pressed = [...view.root.querySelectorAll('[aria-pressed=true]')].map((chip) => chip.textContent);
  expect(pressed).toEqual(['Wrong number']);
});

test('says how far the note is', async () => {
  const { view, redraw } = await field();
  const word = () => view.root.querySelector('.note-field__state')?.textContent;
  expect(word()).toBe('');
  await view.type(FIELD, 'Hi');
  await redraw({ draft: { text: 'Hi', state: 'saving' } });
  expect(word()).toBe('Saving …');
  await redraw({ draft: { text: 'Hi', state: 'waiting' } });
  expect(word()).toBe('Kept here');
  expect(view.root.querySelector('[role=status]')?.textContent).toContain('sent as soon as it is back');
  await redraw({ note: 'Hi' });
  expect(word()).toBe('Saved');
});

test('a note that the relay refuses says why, and stays', async () => {
  const { view, area } = await field({ draft: { text: 'Hi', state: { type: 'failed', code: 'not-permitted' } } });
  expect(view.root.querySelector('[role=alert]')?.textContent).toContain('no right');
  expect(area().value).toBe('Hi');
});

test('what could not reach the worker goes again, but never after something newer', async () => {
  const { worker, view } = await field();
  await view.type(FIELD, 'a');
  worker.last('note').fail();
  await vi.advanceTimersByTimeAsync(1000);
  expect(worker.asked('note').map(({ request }) => request.text)).toEqual(['a', 'a']);
  worker.last('note').fail();
  await view.type(FIELD, 'ab');
  await vi.advanceTimersByTimeAsync(5000);
  expect(worker.asked('note').map(({ request }) => request.text)).toEqual(['a', 'a', 'ab']);
});

test('another call gets an empty field, whatever was typed about the one before', async () => {
  const { view, area, redraw } = await field();
  await view.type(FIELD, 'about the first');
  await redraw({ entryId: 'c2' });
  expect(area().value).toBe('');
});

test('every text says what its writer saw when he began, until the field is left', async () => {
  const { worker, view, focus, redraw } = await field({ note: 'mine' });
  const bases = () => worker.asked('note').map(({ request }) => request.base);
  await focus('focus');
  await view.type(FIELD, 'mine!');
  await redraw({ note: 'mine!\na colleague’s' });
  await view.type(FIELD, 'mine!!');
  expect(bases()).toEqual(['mine', 'mine']);
  await redraw({ note: 'mine!\na colleague’s', draft: { text: 'mine!!', state: 'saving' } });
  await redraw({ note: 'mine!!\na colleague’s' });
  await focus('blur');
  await focus('focus');
  await view.type(FIELD, 'all');
  expect(bases().at(-1)).toBe('mine!!\na colleague’s');
});

test('a call whose conversation becomes part of another keeps its field, and what is written goes on under its own name', async () => {
  const own = { fieldKey: 'call-2', entryId: 'v2', drafts: {} };
  const { worker, view, area, focus, redraw } = await field(own);
  const before = area();
  await focus('focus');
  await view.type(FIELD, 'B');
  await redraw({ ...own, entryId: 'v1', note: 'A', drafts: { v2: { text: 'B', state: 'saving' } } });
  expect([area(), document.activeElement, area().value]).toEqual([before, before, 'B']);
  await redraw({ ...own, entryId: 'v1', note: 'A\nB' });
  await view.type(FIELD, 'B!');
  expect(worker.last('note').request).toEqual({ entryId: 'v2', text: 'B!', base: '' });
  // Left, it waits for what is still on its way before it shows the whole.
  await redraw({ ...own, entryId: 'v1', note: 'A\nB', drafts: { v2: { text: 'B!', state: 'saving' } } });
  await focus('blur');
  expect(area().value).toBe('B!');
  await redraw({ ...own, entryId: 'v1', note: 'A\nB!' });
  expect(area().value).toBe('A\nB!');
  await focus('focus');
  await view.type(FIELD, 'A\nB!?');
  expect(worker.last('note').request).toEqual({ entryId: 'v1', text: 'A\nB!?', base: 'A\nB!' });
});

test('takes 8 KiB and not a byte more, and never half a letter', async () => {
  const { worker, view, area } = await field();
  await view.type(FIELD, `${'a'.repeat(8190)}€uro`);
  expect(area().value).toBe('a'.repeat(8190));
  expect(worker.last('note').request.text).toBe('a'.repeat(8190));
  await settle();
});

test('a relay that cannot write anything down is said with what becomes of the note', async () => {
  const { view, area } = await field({ draft: { text: 'Hi', state: { type: 'failed', code: 'store-unavailable' } } });
  expect([area().value, view.text()]).toEqual(['Hi', expect.stringContaining('stays in this browser')]);
});
