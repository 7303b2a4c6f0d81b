import type { Call, Line } from '@offhook/protocol';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { SidePanelView } from '#components/SidePanelView.tsx';
import type { JournalState } from '#lib/journal.ts';
import { EMPTY_JOURNAL } from '#lib/journal.ts';
import type { PhoneState } from '#lib/phone.ts';
import type { Settings } from '#lib/settings.ts';
import { aCall, aColleague, aLine, aRemote, aState, aStranger } from './builders.ts';
import { createFakeWorker } from './fake-worker.ts';
import { settingsOf } from './gallery/desk-fixture.ts';
import { samplePairingOf } from './gallery/sample-pairing.ts';
import { mount, settle } from './mount.tsx';

interface Shown {
  settings?: Partial<Settings>;
  journal?: JournalState;
  pageTurn?: number;
}

async function panel(state: PhoneState, shown: Shown = {}) {
  const worker = createFakeWorker();
  const onChangeSettings = vi.fn<(change: Partial<Settings>) => Promise<void>>(async () => undefined);
  const draw = (phone: PhoneState, { settings = {}, journal = EMPTY_JOURNAL, pageTurn = 0 }: Shown) => (
    <SidePanelView
      desk={{ phone, journal }}
      settings={settingsOf({ settings })}
      send={worker.send}
      onChangeSettings={onChangeSettings}
      onOpenOptions={vi.fn()}
      onOpenJournal={vi.fn()}
      pairing={samplePairingOf({ state: phone })}
      pageTurn={pageTurn}
    />
  );
  const view = await mount(draw(state, shown));
  await settle();
  return {
    worker,
    view,
    onChangeSettings,
    redraw: (phone: PhoneState, change: Shown = shown) => view.redraw(draw(phone, change)),
    callIds: () => [...view.root.querySelectorAll('[data-call-id]')].map((one) => one.getAttribute('data-call-id')),
  };
}

const able: Call['capabilities'] = ['drop', 'hold', 'redirect', 'sendDtmf'];

function talking(change: Partial<Call> = {}): Line {
  return aLine({ state: 'busy', calls: [aCall({ capabilities: able, ...change })] });
}

const held = aCall({
  callId: 'call-2',
  conversationId: 'conversation-2',
  state: 'held',
  ageMs: 30_000,
  remote: aStranger(),
  capabilities: ['drop', 'retrieve', 'toggle', 'transfer'],
});

test('a note is written while the call ends: the field, its text and the focus stay', async () => {
  const { view, redraw } = await panel(aState([talking()]));
  const field = view.root.querySelector<HTMLTextAreaElement>('textarea');
  await act(() => field?.focus());
  await view.type('textarea', 'Send the off');
  await redraw(aState([talking({ state: 'ended', capabilities: [] })]));
  expect(document.activeElement).toBe(field);
  expect(field?.value).toBe('Send the off');
  // Another call comes, and the relay forgets the old one.
  await redraw(aState([aLine({ calls: [aCall({ callId: 'next', state: 'offering', conversationId: 'next' })] })]));
  expect(document.activeElement).toBe(field);
  expect(view.root.querySelector('textarea')).toBe(field);
});

test('a note goes to the entry of its conversation', async () => {
  const { view, worker } = await panel(aState([talking()]));
  await view.type('textarea', 'Hi');
  expect(worker.last('note').request).toEqual({ entryId: 'conversation-1', text: 'Hi', base: '' });
});

test('a call that waits beside another one is a row with the way back', async () => {
  const line = talking();
  const { view, worker } = await panel(aState([{ ...line, calls: [...line.calls, held] }]));
  expect(view.root.querySelector('.held')?.textContent).toContain('030 23125077');
  await view.click('Take back');
  // One order that holds the running call too: nobody is heard twice.
  expect(worker.last('command').request).toEqual({
    lineId: 'line-18',
    callId: 'call-2',
    order: { name: 'toggle', args: { otherCallId: 'call-1' } },
  });
});

test('a held call is simply taken back where the phone system cannot swap', async () => {
  const line = talking();
  const simple = { ...held, capabilities: ['retrieve'] as Call['capabilities'] };
  const { view, worker } = await panel(aState([{ ...line, calls: [...line.calls, simple] }]));
  await view.click('Take back');
  expect(worker.last('command').request.order).toEqual({ name: 'retrieve', args: {} });
});

test('a call is connected with the one on hold', async () => {
  const call = aCall({ capabilities: [...able, 'transfer'] });
  const { view, worker } = await panel(aState([aLine({ calls: [call, held] })]));
  await view.click('Transfer');
  await view.click('Connect with 030 23125077');
  expect(worker.last('command').request).toMatchObject({
    callId: 'call-1',
    order: { name: 'transfer', args: { otherCallId: 'call-2' } },
  });
});

test('a call is sent on to a colleague who is found by name, or to a number as typed', async () => {
  const { view, worker } = await panel(aState([talking(), aColleague('31', { name: 'Lena Huber' })]));
  await view.click('Transfer');
  await view.type('.redirect__input', 'len');
  await view.click('Send on to Lena Huber');
  expect(worker.last('command').request.order).toEqual({
    name: 'redirect',
    args: { to: { kind: 'internal', number: '31' } },
  });
  worker.last('command').answer({ type: 'failed', code: 'pbx-rejected' });
  await settle();
  await view.type('.redirect__input', '0172 9925904');
  await view.click('Send on');
  expect(worker.last('command').request.order).toEqual({
    name: 'redirect',
    args: { to: { kind: 'raw', text: '0172 9925904' } },
  });
});

test('what a call cannot do is not offered', async () => {
  const { view } = await panel(aState([talking({ capabilities: ['drop'] })]));
  expect(view.button('Transfer')).toBeUndefined();
  expect(view.button('Keypad')).toBeUndefined();
});

test('tones keep their order, and what is pressed meanwhile goes with the next', async () => {
  const { view, worker } = await panel(aState([talking()]));
  await view.click('Keypad');
  for (const key of ['1', '1', '#']) await view.click(key);
  const tones = () => worker.asked('command').map(({ request }) => request.order);
  expect(tones()).toEqual([{ name: 'sendDtmf', args: { digits: '1' } }]);
  worker.last('command').answer({ type: 'done' });
  await settle();
  expect(tones()[1]).toEqual({ name: 'sendDtmf', args: { digits: '1#' } });
});

test('after a tone that failed none of those that waited are sent', async () => {
  const { view, worker } = await panel(aState([talking()]));
  await view.click('Keypad');
  await view.click('1');
  await view.click('2');
  worker.last('command').answer({ type: 'failed', code: 'not-supported' });
  await settle();
  expect(worker.asked('command')).toHaveLength(1);
  expect(view.root.querySelector('.keypad [role=alert]')?.textContent).toContain('cannot do this');
});

test('do not disturb is switched on the line, where the line can', async () => {
  const { view, worker } = await panel(aState([aLine()]));
  await view.click('Do not disturb');
  expect(worker.last('command').request).toEqual({
    lineId: 'line-18',
    callId: undefined,
    order: { name: 'setDnd', args: { on: true } },
  });
  const without = await panel(aState([aLine({ capabilities: ['makeCall'] })]));
  expect(without.view.button('Do not disturb')).toBeUndefined();
  expect(without.view.button('Forward calls')).toBeUndefined();
});

test('what was just switched on can be switched off at once', async () => {
  const { view, worker, redraw } = await panel(aState([aLine()]));
  await view.click('Do not disturb');
  worker.last('command').answer({ type: 'done' });
  await settle();
  await redraw(aState([aLine({ dnd: true })]));
  await view.click('Do not disturb');
  expect(worker.last('command').request.order).toEqual({ name: 'setDnd', args: { on: false } });
});

test('calls are forwarded to a number, and to nothing that is none', async () => {
  const { view, worker } = await panel(aState([aLine()]));
  await view.click('Forward calls');
  await view.type('.forward input', 'nobody');
  await view.submit('.forward input');
  expect(view.root.querySelector('.forward [role=alert]')?.textContent).toBe('Enter a number or an extension.');
  await view.type('.forward input', '40');
  await view.submit('.forward input');
  expect(worker.last('command').request.order).toEqual({
    name: 'setForward',
    args: { when: 'all', to: { kind: 'raw', text: '40' } },
  });
});

test('a forwarding is shown in words and taken back', async () => {
  const forward = { when: 'busy', to: { kind: 'internal', number: '40' } } as const;
  const { view, worker } = await panel(aState([aLine({ forward })]));
  expect(view.text()).toContain('When busy: to Extension 40');
  await view.click('Forward calls');
  await view.click('Stop forwarding');
  expect(worker.last('command').request.order).toEqual({ name: 'setForward', args: { when: 'busy', to: null } });
});

test('the tabs go by arrow keys, and one of them is in the order of the Tab key', async () => {
  const { view } = await panel(aState([aLine(), aColleague('31')]));
  const tabs = () => [...view.root.querySelectorAll<HTMLElement>('[role=tab]')];
  const press = (key: string) =>
    act(() => void document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
  tabs()[0]?.focus();
  await press('ArrowLeft');
  expect(document.activeElement?.textContent).toContain('This page');
  expect(tabs().map((tab) => [tab.getAttribute('aria-selected'), tab.tabIndex])).toEqual([
    ['false', -1],
    ['false', -1],
    ['true', 0],
  ]);
  await press('Home');
  expect(view.root.querySelector('.colleagues')).not.toBeNull();
});

test('numbers of the page are counted on their tab, asked for anew at each turn, and called', async () => {
  const state = aState([aLine()]);
  const { view, worker, redraw } = await panel(state);
  const berlin = { kind: 'e164', number: '+493023125042' } as const;
  const one = { number: berlin, text: '030/23125042', isFax: false };
  worker.last('page-numbers').answer({ numbers: [one, { ...one, text: '030 23125042' }] });
  await settle();
  const tab = () => view.root.querySelector<HTMLElement>('[data-tab=page]');
  expect(tab()?.textContent).toBe('This page(1)');
  await act(() => tab()?.click());
  await view.click('Call +49 30 23125042');
  expect(worker.last('command').request).toEqual({
    lineId: 'line-18',
    callId: undefined,
    order: { name: 'makeCall', args: { number: berlin } },
  });
  await redraw(state, { pageTurn: 1 });
  const late = worker.last('page-numbers');
  await redraw(state, { pageTurn: 2 });
  worker.last('page-numbers').answer({ numbers: [{ ...one, isFax: true }] });
  late.answer({ numbers: [] });
  await settle();
  expect(view.root.querySelector('.page-number')?.textContent).toContain('Fax');
});

test('a click that was aimed before a call came is lost, and one after the pointer has moved counts', async () => {
  const { view, worker, redraw } = await panel(aState([aLine(), aColleague('31')]));
  const click = () =>
    act(
      () => void view.button('Call Colleague 31')?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 })),
    );
  await redraw(aState([aLine({ calls: [aCall({ state: 'offering' })] }), aColleague('31')]));
  await click();
  expect(worker.asked('command')).toHaveLength(0);
  await act(
    () => void view.root.querySelector('main')?.dispatchEvent(new PointerEvent('pointermove', { bubbles: true })),
  );
  await click();
  expect(worker.asked('command')).toHaveLength(1);
});

test('an incoming call is announced, and takes no focus from what is typed', async () => {
  const { view, redraw } = await panel(aState([aLine()]));
  const input = view.root.querySelector<HTMLInputElement>('.dial__input');
  input?.focus();
  await redraw(aState([aLine({ calls: [aCall({ state: 'offering' })] })]));
  expect(document.activeElement).toBe(input);
  expect(view.root.querySelector('[aria-live=assertive]')?.textContent).toBe('Anna Krüger is calling');
});

test('the chosen line becomes the default by a button', async () => {
  const lines = [aLine(), aLine({ lineId: 'line-19', extension: '19' })];
  const { view, onChangeSettings } = await panel(aState(lines));
  expect(view.button('Always use this line')).toBeUndefined();
  const select = view.root.querySelector<HTMLSelectElement>('.dial__select');
  await act(() => {
    if (select) select.value = 'line-19';
    select?.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await view.click('Always use this line');
  expect(onChangeSettings).toHaveBeenCalledWith({ defaultLineId: 'line-19' });
});

test('50 calls in a minute leave one card for each that goes on', async () => {
  const calls = Array.from({ length: 50 }, (_, index) =>
    aCall({
      callId: `call-${index}`,
      conversationId: `c-${index}`,
      state: index === 49 ? 'connected' : 'ended',
      ageMs: 60_000 - index * 1000,
      remote: aRemote(),
    }),
  );
  const { view, callIds } = await panel(aState([aLine({ calls })]));
  expect(view.root.querySelectorAll('.card')).toHaveLength(1);
  expect(callIds()[0]).toBe('call-49');
});

test('a call that the relay wants confirmed has a button of its own', async () => {
  const { view, worker } = await panel(aState([aLine(), aColleague('31')]));
  await view.click('Call Colleague 31');
  worker.last('command').answer({ type: 'failed', code: 'confirmation-needed', params: { confirm: 'token-1' } });
  await settle();
  await view.click('Do it anyway');
  expect(worker.last('command').request.order).toEqual({
    name: 'makeCall',
    args: { number: { kind: 'internal', number: '31' }, confirm: 'token-1' },
  });
});
