import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DialField } from '#components/DialField.tsx';
import { aLine } from './builders.ts';
import { berlin, FIELD, field, wait } from './dial-field-stage.tsx';
import { createFakeWorker } from './fake-worker.ts';
import { mount, settle } from './mount.tsx';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pause = () => wait(150);

test('shows what will be dialled and on which line, and Enter calls exactly that', async () => {
  const { worker, view } = await field();
  await view.type(FIELD, '030 23125042');
  await pause();
  expect(worker.last('preview').request).toEqual({ lineId: 'line-18', number: { kind: 'raw', text: '030 23125042' } });
  worker.last('preview').answer({ decision: 'allowed', dialled: '003023125042', number: berlin });
  await settle();
  expect(view.text()).toContain('Dials 003023125042 on line 18 · Enter calls');
  await view.submit(FIELD);
  expect(worker.asked('command').map(({ request }) => request)).toEqual([
    { lineId: 'line-18', order: { name: 'makeCall', args: { number: berlin } } },
  ]);
});

test('says what kind of number it is where that matters', async () => {
  const { worker, view } = await field();
  await view.type(FIELD, '0180 5 123456');
  await pause();
  const number = { kind: 'e164', number: '+491805123456' } as const;
  worker.last('preview').answer({ decision: 'allowed', dialled: '01805123456', number, numberType: 'sharedCost' });
  await settle();
  expect(view.text()).toContain('Shared-cost number');
});

test('an older preview that comes late is neither shown nor dialled', async () => {
  const { worker, view } = await field();
  await view.type(FIELD, '030 23125042');
  await pause();
  const late = worker.last('preview');
  await view.type(FIELD, '22');
  await pause();
  worker.last('preview').answer({ decision: 'allowed', dialled: '22', number: { kind: 'internal', number: '22' } });
  late.answer({ decision: 'allowed', dialled: '003023125042', number: berlin });
  await settle();
  expect(view.text()).toContain('Dials 22 on line 18');
  await view.submit(FIELD);
  expect(worker.last('command').request.order).toMatchObject({ args: { number: { kind: 'internal', number: '22' } } });
});

test('says why a number is not dialled, and offers no call', async () => {
  const { worker, view } = await field();
  await view.type(FIELD, '0900 5 55 01 00');
  await pause();
  worker.last('preview').answer({ decision: 'refused', code: 'policy-blocked', params: { reason: 'premium' } });
  await settle();
  expect(view.text()).toContain('does not allow premium-rate numbers');
  expect(view.button('Call')?.disabled).toBe(true);
  await view.submit(FIELD);
  expect(worker.asked('command')).toHaveLength(0);
});

test('a failed call is told beside the field and the number stays', async () => {
  const { worker, view } = await field();
  await view.type(FIELD, '22');
  await view.submit(FIELD);
  worker.last('preview').answer({ decision: 'allowed', dialled: '22', number: { kind: 'internal', number: '22' } });
  await settle();
  expect(view.text()).toContain('Calling …');
  worker.last('command').answer({ type: 'failed', code: 'pbx-rejected', params: { cause: 'unreachable' } });
  await settle();
  expect(view.root.querySelector('[role=alert]')?.textContent).toContain('No phone is logged in on your line');
  expect(view.root.querySelector<HTMLInputElement>(FIELD)?.value).toBe('22');
});

test('a worker that dies during the order leaves it unknown, and nothing is repeated', async () => {
  const { worker, view } = await field();
  await view.type(FIELD, '22');
  await view.submit(FIELD);
  worker.last('preview').answer({ decision: 'allowed', dialled: '22', number: { kind: 'internal', number: '22' } });
  await settle();
  worker.last('command').fail();
  await settle();
  expect(view.text()).toContain('Nobody can tell whether this arrived');
  expect(worker.asked('command')).toHaveLength(1);
});

test('that a call may have been dialled is said while the relay is away, and when it is back', async () => {
  const { worker, view, redraw } = await field();
  await view.type(FIELD, '22');
  await view.submit(FIELD);
  worker.last('preview').answer({ decision: 'allowed', dialled: '22', number: { kind: 'internal', number: '22' } });
  await settle();
  worker.last('command').answer({ type: 'unknown' });
  await settle();
  await redraw({ canOrder: false });
  expect(view.text()).toContain('Nobody can tell whether this arrived');
  await redraw({ canOrder: true });
  await pause();
  expect(view.text()).toContain('Nobody can tell whether this arrived');
});

test('a call that needs confirmation has a button of its own', async () => {
  const { worker, view } = await field();
  await view.type(FIELD, '22');
  await pause();
  worker.last('preview').answer({ decision: 'confirm', dialled: '22', number: { kind: 'internal', number: '22' } });
  await settle();
  await view.submit(FIELD);
  worker.last('command').answer({ type: 'failed', code: 'confirmation-needed', params: { confirm: 'token-1' } });
  await settle();
  await view.submit(FIELD);
  expect(worker.asked('command')).toHaveLength(1);
  await view.click('Call anyway');
  expect(worker.last('command').request.order).toMatchObject({ args: { confirm: 'token-1' } });
});

test('a held Enter calls once', async () => {
  const { view } = await field();
  const form = view.root.querySelector('form');
  const press = (repeat: boolean) => {
    const event = new KeyboardEvent('keydown', { key: 'Enter', repeat, bubbles: true, cancelable: true });
    form?.dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect([press(false), press(true)]).toEqual([false, true]);
});

test('with several lines the chosen one is asked and dialled with', async () => {
  const lines = [aLine(), aLine({ lineId: 'line-19', extension: '19' })];
  const { worker, view } = await field({ lines });
  const select = view.root.querySelector('select');
  if (select) {
    select.value = 'line-19';
    select.dispatchEvent(new Event('change', { bubbles: true }));
  }
  await settle();
  await view.type(FIELD, '22');
  await pause();
  expect(worker.last('preview').request.lineId).toBe('line-19');
});

test.each([
  ['no own line', [], 'You have no line of your own'],
  ['a line that cannot call', [aLine({ capabilities: [] })], 'This line cannot start calls'],
] as const)('with %s it says so and calls nothing', async (_title, lines, words) => {
  const { worker, view } = await field({ lines: [...lines] });
  expect(view.text()).toContain(words);
  await view.type(FIELD, '22');
  await view.submit(FIELD);
  await pause();
  expect(worker.asked('command')).toHaveLength(0);
});

test('what was previewed before the relay went away is not dialled', async () => {
  const { worker, view, redraw } = await field();
  await view.type(FIELD, '22');
  await pause();
  worker.last('preview').answer({ decision: 'allowed', dialled: '22', number: { kind: 'internal', number: '22' } });
  await redraw({ canOrder: false });
  await view.submit(FIELD);
  expect(worker.asked('command')).toHaveLength(0);
});

test('while the relay is away it says so, and asks anew when it is back', async () => {
  const { worker, view, redraw } = await field({ canOrder: false });
  await view.type(FIELD, '22');
  await pause();
  expect(view.text()).toContain('as soon as the relay is back');
  const before = worker.asked('preview').length;
  await redraw({ canOrder: true });
  await pause();
  expect(worker.asked('preview').length).toBe(before + 1);
});

test('the default line is the one that is called with', async () => {
  const worker = createFakeWorker();
  const view = await mount(
    <DialField
      ownLines={[aLine(), aLine({ lineId: 'line-19', extension: '19' })]}
      colleagues={[]}
      defaultLineId="line-19"
      send={worker.send}
      age={{ now: Date.now(), staleSince: undefined, isFresh: true }}
      canOrder
      isFocused={false}
    />,
  );
  await settle();
  await view.type(FIELD, '22');
  await pause();
  expect(worker.last('preview').request.lineId).toBe('line-19');
});

test('a call that is not confirmed leaves the text, and the focus in the field', async () => {
  const { worker, view } = await field();
  await view.type(FIELD, '112');
  await pause();
  worker.last('preview').answer({ decision: 'confirm', dialled: '112', number: { kind: 'service', number: '112' } });
  await settle();
  await view.submit(FIELD);
  const params = { reason: 'emergency', number: '112', confirm: 'token-1' };
  worker.last('command').answer({ type: 'failed', code: 'confirmation-needed', params });
  await settle();
  expect(view.text()).toContain('112 is an emergency number. Call it now?');
  await view.click('Cancel');
  expect(worker.asked('command')).toHaveLength(1);
  const input = view.root.querySelector<HTMLInputElement>(FIELD);
  expect(input?.value).toBe('112');
  expect(document.activeElement).toBe(input);
});
