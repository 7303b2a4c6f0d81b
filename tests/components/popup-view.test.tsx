import type { Line } from '@offhook/protocol';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { PopupView } from '#components/PopupView.tsx';
import type { PairOutcome, SiteView } from '#components/SiteRow.tsx';
import { EMPTY_JOURNAL } from '#lib/journal.ts';
import { readPairingCode, readPairingLink } from '#lib/pairing-link.ts';
import type { PhoneState } from '#lib/phone.ts';
import { aCall, aColleague, aLine, aState, aStranger } from './builders.ts';
import { createFakeWorker } from './fake-worker.ts';
import { settingsOf } from './gallery/desk-fixture.ts';
import { mount, settle } from './mount.tsx';

async function popup(
  state: PhoneState,
  { site = { type: 'none' }, opensNumbers = false }: { site?: SiteView; opensNumbers?: boolean } = {},
) {
  const worker = createFakeWorker();
  const onEnableSite = vi.fn<() => Promise<'enabled' | 'denied'>>();
  const onPairHere = vi.fn<() => Promise<PairOutcome>>();
  const onOpenOptions = vi.fn();
  const onOpenJournal = vi.fn();
  const onOpenSidePanel = vi.fn();
  const onChangeSettings = vi.fn(async () => undefined);
  const draw = (shown: PhoneState) => (
    <PopupView
      desk={{ phone: shown, journal: EMPTY_JOURNAL }}
      settings={settingsOf({})}
      onChangeSettings={onChangeSettings}
      onOpenJournal={onOpenJournal}
      onOpenSidePanel={onOpenSidePanel}
      send={worker.send}
      site={site}
      opensNumbers={opensNumbers}
      onEnableSite={onEnableSite}
      onPairHere={onPairHere}
      onOpenOptions={onOpenOptions}
      pairing={{ readLink: readPairingLink, readCode: readPairingCode, deviceName: 'Test', pair: onPairHere }}
    />
  );
  const view = await mount(draw(state));
  await settle();
  return {
    worker,
    view,
    onEnableSite,
    onPairHere,
    onOpenOptions,
    redraw: (next: PhoneState) => view.redraw(draw(next)),
  };
}

function offered(change: Partial<Line> = {}): Line {
  const { connectedMs: _none, ...call } = aCall({ state: 'offering', ageMs: 2000 });
  return aLine({ state: 'ringing', calls: [call], ...change });
}

test('shows the own line with its state and the link in a word', async () => {
  const { view } = await popup(aState([aLine()]));
  expect(view.root.querySelector('.own-line')?.textContent).toBe('Line 18 desk phoneFree');
  expect(view.root.querySelector('.link-word')?.textContent).toBe('Connected');
});

test('announces an incoming call to those who do not see it', async () => {
  const { view, redraw } = await popup(aState([aLine()]));
  const region = view.root.querySelector('[aria-live=assertive]');
  expect(region?.textContent).toBe('');
  await redraw(aState([offered()]));
  expect(region?.textContent).toBe('Anna Krüger is calling');
});

test('opened while it rings, Answer has the focus; a call that comes later takes none', async () => {
  const ringing = await popup(aState([offered()]));
  expect(document.activeElement).toBe(ringing.view.button('Answer'));
  const quiet = await popup(aState([aLine()]));
  const field = quiet.view.root.querySelector('.dial__input');
  expect(document.activeElement).toBe(field);
  await quiet.redraw(aState([offered()]));
  expect(document.activeElement).toBe(field);
});

test('a double click on a colleague calls once, even when the order is done in between', async () => {
  const { worker, view } = await popup(aState([aLine(), aColleague('31')]));
  const label = view.buttons().find((name) => name.startsWith('Call ') && name !== 'Call') ?? '';
  await view.click(label);
  worker.last('command').answer({ type: 'done' });
  await settle();
  await view.click(label);
  expect(worker.asked('command')).toHaveLength(1);
});

test('a new call is added below the others, so that no button moves', async () => {
  const older = aCall({ callId: 'older', ageMs: 90_000 });
  const newer = aCall({ callId: 'newer', state: 'offering', ageMs: 1000 });
  const { view } = await popup(aState([aLine({ calls: [newer] }), aLine({ lineId: 'line-19', calls: [older] })]));
  const ids = [...view.root.querySelectorAll('[data-call-id]')].map((card) => card.getAttribute('data-call-id'));
  expect(ids).toEqual(['older', 'newer']);
});

test('Answer goes to the worker once, and a failure is told on the card', async () => {
  const { view, worker } = await popup(aState([offered()]));
  await view.click('Answer');
  await view.click('Decline');
  expect(worker.asked('command').map(({ request }) => request)).toEqual([
    { lineId: 'line-18', callId: 'call-1', order: { name: 'answer', args: {} } },
  ]);
  worker.last('command').answer({ type: 'failed', code: 'call-unknown' });
  await settle();
  expect(view.root.querySelector('.card [role=alert]')?.textContent).toBe('This call is already over.');
  await view.click('Decline');
  expect(worker.asked('command')).toHaveLength(2);
  expect(view.root.querySelector('.card [role=alert]')).toBeNull();
});

test('what is over stands in one line below what goes on, and the last one keeps its card', async () => {
  const first = aCall({ callId: 'first', state: 'ended', cause: 'busy', ageMs: 90_000 });
  const second = aCall({ callId: 'second', state: 'ended', ageMs: 50_000 });
  const { view, worker, redraw } = await popup(aState([aLine({ calls: [first, second] })]));
  const shown = () =>
    [...view.root.querySelectorAll('[data-call-id]')].map((one) => [one.className, one.getAttribute('data-call-id')]);
  expect(shown()).toEqual([
    ['card card--ended', 'second'],
    ['over', 'first'],
  ]);
  await redraw(aState([aLine({ calls: [first, second, aCall({ callId: 'third', ageMs: 1000 })] })]));
  expect(shown().map(([, callId]) => callId)).toEqual(['third', 'second', 'first']);
  expect(view.root.querySelector('[data-call-id=first]')?.textContent).toContain('The other end is busy.');
  view.root.querySelector<HTMLButtonElement>('[data-call-id=second] button')?.click();
  expect(worker.last('command').request.order).toEqual({
    name: 'makeCall',
    args: { number: { kind: 'e164', number: '+493023125042' } },
  });
});

test('a double click orders once', async () => {
  const { view, worker } = await popup(aState([offered()]));
  const answer = view.button('Answer');
  answer?.click();
  answer?.click();
  await settle();
  expect(worker.asked('command')).toHaveLength(1);
});

test('the second click of a double click on Answer does not meet the Hang up that took its place', async () => {
  const { view, worker } = await popup(aState([aLine({ calls: [aCall({ callId: 'call-1', state: 'connected' })] })]));
  const second = new MouseEvent('click', { bubbles: true, detail: 2 });
  view.button('Hang up')?.dispatchEvent(second);
  await settle();
  expect(worker.asked('command')).toEqual([]);
});

test('a colleague’s ringing call can be picked up where that was granted', async () => {
  const ringing = aColleague('22', {
    name: 'Jonas Beck',
    state: 'ringing',
    calls: [aCall({ callId: 'call-22', state: 'offering', remote: aStranger() })],
  });
  const { view, worker } = await popup(aState([aLine(), ringing]));
  expect(view.root.querySelector('.line-row')?.textContent).toContain('from 030 23125077');
  await view.click('Pick up');
  expect(worker.last('command').request).toEqual({
    lineId: 'line-18',
    order: { name: 'pickup', args: { lineId: 'line-22' } },
  });
  const forbidden = await popup(aState([aLine(), { ...ringing, capabilities: [] }]));
  expect(forbidden.view.button('Pick up')).toBeUndefined();
});

test('an idle colleague is called on the own line; a busy one, or without a line that calls, is not', async () => {
  const { view, worker } = await popup(aState([aLine(), aColleague('31'), aColleague('32', { state: 'busy' })]));
  await view.click('Call Colleague 31');
  expect(worker.last('command').request).toEqual({
    lineId: 'line-18',
    order: { name: 'makeCall', args: { number: { kind: 'internal', number: '31' } } },
  });
  expect(view.button('Call Colleague 32')).toBeUndefined();
  const mute = await popup(aState([aLine({ capabilities: [] }), aColleague('31')]));
  expect(mute.view.button('Call Colleague 31')).toBeUndefined();
});

test('a line of which the phone system tells nothing is unknown since a time, never green', async () => {
  const { view } = await popup(aState([aLine(), aColleague('40', { state: 'unknown' })]));
  expect(view.root.querySelector('.line-row .pill')?.textContent).toMatch(/^Unknown since /);
});

test('while the relay is away every state is unknown since it was last heard, and nothing can be ordered', async () => {
  const link = { type: 'offline' } as const;
  const { view } = await popup(aState([offered(), aColleague('31')], { link, heardAt: Date.now() - 120_000 }));
  expect(view.text()).toContain('The relay is not reachable');
  const pills = [...view.root.querySelectorAll('.pill')].map((pill) => pill.textContent);
  expect(pills).toHaveLength(3);
  expect(pills.every((text) => text.startsWith('Unknown since '))).toBe(true);
  expect(view.button('Answer')?.disabled).toBe(true);
  expect(view.root.querySelector('[aria-live=assertive]')?.textContent).toBe('');
});

test('a worker that just woke up still shows what it heard moments ago, but not what is old', async () => {
  const link = { type: 'connecting' } as const;
  const soon = await popup(aState([aLine()], { link, heardAt: Date.now() - 5000 }));
  expect(soon.view.root.querySelector('.pill')?.textContent).toBe('Free');
  const old = await popup(aState([aLine()], { link, heardAt: Date.now() - 60_000 }));
  expect(old.view.root.querySelector('.pill')?.textContent).toMatch(/^Unknown since /);
});

test('a relay that refuses this browser says why and leads to the options', async () => {
  const { view, onOpenOptions } = await popup(aState([], { link: { type: 'refused', code: 'revoked' } }));
  expect(view.root.querySelector('.banner')?.textContent).toContain('was withdrawn');
  view.root.querySelector<HTMLButtonElement>('.banner button')?.click();
  expect(onOpenOptions).toHaveBeenCalledOnce();
});

test('somebody new gets two steps, and no dial field', async () => {
  const { view } = await popup(aState([], { link: { type: 'unpaired' } }));
  expect(view.root.querySelectorAll('.welcome__step')).toHaveLength(2);
  expect(view.root.querySelector('.dial')).toBeNull();
});

test('over a relay’s start page one click connects', async () => {
  const site = { type: 'relay', host: '127.0.0.1:8730' } as const;
  const { view, onPairHere } = await popup(aState([], { link: { type: 'unpaired' } }), { site });
  onPairHere.mockResolvedValueOnce({ type: 'failed', code: 'code-invalid' });
  await view.click('Connect to this relay');
  await settle();
  expect(view.root.querySelector('[role=alert]')?.textContent).toContain('wrong or has expired');
  onPairHere.mockResolvedValueOnce({ type: 'paired', userName: 'Mia Sample' });
  await view.click('Connect to this relay');
  await settle();
  expect(view.text()).toContain('Connected as Mia Sample');
});

test('a site that the company switched off says so and offers nothing', async () => {
  const { view } = await popup(aState([aLine()]), { site: { type: 'blocked', host: 'crm.example' } });
  expect(view.text()).toContain('Switched off on crm.example by your company');
  expect(view.button('Use on this site')).toBeUndefined();
});

test('a site is enabled by one click, and a refusal says what to do', async () => {
  const { view, onEnableSite } = await popup(aState([aLine()]), { site: { type: 'available', host: 'crm.example' } });
  onEnableSite.mockResolvedValueOnce('denied');
  await view.click('Use on this site');
  await settle();
  expect(view.text()).toContain('choose “Allow”');
  onEnableSite.mockResolvedValueOnce('enabled');
  await view.click('Use on this site');
  await settle();
  expect(view.text()).toContain('Numbers on crm.example are callable');
  expect(view.button('Use on this site')).toBeUndefined();
});

test('the search comes with eight colleagues and finds by name and extension', async () => {
  const few = Array.from({ length: 7 }, (_, index) => aColleague(String(20 + index)));
  const { view, redraw } = await popup(aState([aLine(), ...few]));
  expect(view.root.querySelector('[type=search]')).toBeNull();
  await redraw(aState([aLine(), ...few, aColleague('40', { name: 'Reception' })]));
  await view.type('[type=search]', 'RECEP');
  const shown = () => [...view.root.querySelectorAll('.line-row__extension')].map((cell) => cell.textContent);
  expect(shown()).toEqual(['40']);
  expect(view.root.querySelector('.colleagues [role=status]')?.textContent).toBe('1 line found');
  await view.type('[type=search]', '2');
  expect(shown()).toHaveLength(7);
  await view.type('[type=search]', 'zzz');
  expect(view.text()).toContain('Nobody here is called “zzz”.');
});

test('no line at all says whom to ask', async () => {
  const { view } = await popup(aState([]));
  expect(view.text()).toContain('Nobody gave you a line yet. Ask your administrator.');
});

test('a click that was aimed at a colleague before the page told of a number is lost', async () => {
  const { view, worker } = await popup(aState([aLine(), aColleague('31')]));
  const click = () =>
    act(
      () => void view.button('Call Colleague 31')?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 })),
    );
  const number = { kind: 'e164', number: '+493023125042' } as const;
  worker.last('page-numbers').answer({ numbers: [{ number, text: '030/23125042', isFax: false }] });
  await settle();
  await click();
  expect(worker.asked('command')).toHaveLength(0);
  await act(
    () =>
      void view.root.querySelector('.colleagues')?.dispatchEvent(new PointerEvent('pointermove', { bubbles: true })),
  );
  await click();
  expect(worker.asked('command')).toHaveLength(1);
});

test('what is selected on the page is explained: a number, or why not', async () => {
  const { view, worker } = await popup(aState([aLine()]));
  expect(view.text()).not.toContain('Selected on this page');
  const none = { text: '4711-0815', isNumber: false, rule: 'negative-label:order' };
  const one = { text: '030 23125042', isNumber: true, rule: 'label', label: 'Telefon' };
  worker.last('selection-reasons').answer({ reasons: [none, one] });
  await settle();
  expect(view.text()).toContain('4711-0815No number: behind a word for an order');
  expect(view.text()).toContain('030 23125042A number: after “Telefon”');
});

test.each([
  [true, 'the first number of the page'],
  [false, 'the dial field'],
])('opened for the page’s numbers (%s), the focus is on %s', async (opensNumbers) => {
  const { view, worker } = await popup(aState([aLine()]), { opensNumbers });
  const number = { kind: 'e164', number: '+493023125042' } as const;
  worker.last('page-numbers').answer({ numbers: [{ number, text: '030 23125042', isFax: false }] });
  await settle();
  const place = document.activeElement?.closest('.page-number, .dial');
  expect(place?.className).toBe(opensNumbers ? 'page-number' : 'dial');
  expect(view.root.querySelectorAll('.page-number')).toHaveLength(opensNumbers ? 1 : 0);
});
