import type { Call, Line } from '@offhook/protocol';
import { act } from 'preact/test-utils';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { CallerView } from '#components/CallerView.tsx';
import type { JournalState } from '#lib/journal.ts';
import type { Desk } from '#lib/messages.ts';
import type { PhoneState } from '#lib/phone.ts';
import { aCall, aColleague, aContact, aLine, anEntry, aRemote, aState, aStranger } from './builders.ts';
import { createFakeWorker } from './fake-worker.ts';
import { settingsOf } from './gallery/desk-fixture.ts';
import { mount, settle } from './mount.tsx';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-20T13:30:00.000Z') });
  onTestFinished(() => void vi.useRealTimers());
});

function ringing(change: Partial<Call> = {}): Call {
  const { connectedMs: _none, ...call } = aCall({
    state: 'offering',
    group: 'Sales hotline',
    ageMs: 6000,
    capabilities: ['answer', 'drop', 'redirect'],
    ...change,
  });
  return call;
}

const ended = (change: Partial<Call> = {}) => aCall({ state: 'ended', cause: 'normal', capabilities: [], ...change });
const NO_JOURNAL: JournalState = { entries: [], isLoaded: true, drafts: {} };

async function caller(calls: readonly Call[], options: { journal?: JournalState; line?: Partial<Line> } = {}) {
  const worker = createFakeWorker();
  const onClose = vi.fn();
  const journal = options.journal ?? NO_JOURNAL;
  const phoneWith = (some: readonly Call[], change: Partial<PhoneState> = {}) =>
    aState([aLine({ ...options.line, calls: [...some] }), aColleague('22', { name: 'Jonas Beck' })], change);
  const viewOf = (phone: PhoneState, { opened }: Pick<Desk, 'opened'> = {}) => (
    <CallerView
      desk={{ phone, journal, opened }}
      settings={settingsOf({})}
      onChangeSettings={async () => undefined}
      onOpenOptions={() => undefined}
      {...{ send: worker.send, onClose }}
    />
  );
  const view = await mount(viewOf(phoneWith(calls)));
  return {
    ...{ view, worker, onClose },
    goOn: (some: readonly Call[], change?: Partial<PhoneState>) => view.redraw(viewOf(phoneWith(some, change))),
    opens: (some: readonly Call[], callId: string) => view.redraw(viewOf(phoneWith(some), { opened: { callId } })),
    pass: (ms: number) => act(() => void vi.advanceTimersByTime(ms)),
  };
}

const textArea = (root: HTMLElement) => root.querySelector('textarea') as HTMLTextAreaElement;

test('says who rings, from which number, which of our numbers was called and what was written last time', async () => {
  const before = anEntry({ entryId: 'old', conversationId: 'old', note: 'offer by Friday' });
  const { view } = await caller([ringing()], { journal: { ...NO_JOURNAL, entries: [before] } });
  expect(view.text()).toContain('Calling youSales hotline · 030 2312500000:06');
  expect(view.text()).toContain('Anna KrügerElbe Logistik KG');
  expect(view.text()).toContain('Number+49 30 23125042');
  expect(view.text()).toContain('Last call13:12 · offer by Friday'.replace('13:12', timeOf(before.startedAt)));
});

function timeOf(startedAt: string): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(Date.parse(startedAt));
}

test('a test call offers neither a note, which nobody would keep, nor to call back', async () => {
  const sample = {
    callId: 'sample:1',
    remote: { number: { kind: 'raw', text: '+49 30 23125990' }, verified: true },
  } as const;
  const { view, goOn } = await caller([aCall({ ...sample, direction: 'inbound', state: 'connected' })]);
  expect(textArea(view.root)).toBeNull();
  await goOn([ended(sample)]);
  expect(textArea(view.root)).toBeNull();
  expect(view.text()).not.toContain('Call again');
});

test('announces the caller to those who do not see the window', async () => {
  const { view } = await caller([ringing()]);
  expect(view.root.querySelector('[aria-live=assertive]')?.textContent).toBe('Anna Krüger is calling');
});

test('further matches of the number are offered by name, the known one is not repeated', async () => {
  const { view, worker } = await caller([ringing()]);
  expect(worker.last('lookup').request).toEqual({ number: { kind: 'e164', number: '+493023125042' } });
  const bernd = aContact({ contactId: 'c002', name: 'Bernd Krüger' });
  worker
    .last('lookup')
    .answer({ type: 'found', matches: [aContact(), bernd].map((contact) => ({ contact, numbers: [] })) });
  await settle();
  expect(view.text()).toContain('AlsoBernd Krüger, Elbe Logistik KG');
  await view.click('Bernd Krüger, Elbe Logistik KG');
  expect(worker.last('open-contact').request).toEqual({ contactId: 'c002' });
});

test('an unknown number says so only after the look-up, and what the caller claims stays a claim', async () => {
  const { view, worker } = await caller([ringing({ remote: aStranger({ name: 'Sparkasse' }) })]);
  expect(view.root.querySelector('.caller-card__name')?.textContent).toBe('030 23125077');
  expect(view.text()).toContain('claims to be “Sparkasse”');
  expect(view.text()).not.toContain('Nobody in your contacts');
  worker.last('lookup').answer({ type: 'found', matches: [] });
  await settle();
  expect(view.text()).toContain('Nobody in your contacts has this number.');
});

test('a withheld number is not looked up', async () => {
  const { worker } = await caller([ringing({ remote: aStranger({ number: { kind: 'anonymous' } }) })]);
  expect(worker.asked('lookup')).toEqual([]);
});

test('Answer and Decline are orders for this very call', async () => {
  const { view, worker } = await caller([ringing()]);
  await view.click('Answer');
  expect(worker.last('command').request).toEqual({
    lineId: 'line-18',
    callId: 'call-1',
    order: { name: 'answer', args: {} },
  });
  worker.last('command').answer({ type: 'failed', code: 'not-supported' });
  await settle();
  expect(view.root.querySelector('[role=alert]')?.textContent).toContain('cannot do this from the browser');
  await view.click('Decline');
  expect(worker.last('command').request.order).toEqual({ name: 'drop', args: {} });
});

test('a ringing call is sent on to a colleague', async () => {
  const { view, worker } = await caller([ringing()]);
  await view.click('Send on');
  await view.type('.redirect__input', 'jon');
  await view.click('Send on to Jonas Beck');
  expect(worker.last('command').request.order).toEqual({
    name: 'redirect',
    args: { to: { kind: 'internal', number: '22' } },
  });
});

test('follows the call: a note from the answer on, which keeps focus and text when the call ends', async () => {
  const { view, goOn } = await caller([ringing()]);
  expect(textArea(view.root)).toBeNull();
  await goOn([aCall()]);
  const field = textArea(view.root);
  await act(() => field.focus());
  await view.type('textarea', 'Wants the offer split');
  await goOn([ended()]);
  expect(textArea(view.root)).toBe(field);
  expect(document.activeElement).toBe(field);
  expect(field.value).toBe('Wants the offer split');
  expect(view.text()).toContain('Stays open while you write');
});

test('a call that is over closes the window half a minute after the last touch, never under who writes', async () => {
  const { view, goOn, pass, onClose } = await caller([ringing()]);
  await goOn([aCall()]);
  await goOn([ended()]);
  expect(view.text()).toContain('Closes in 30 s');
  await pass(20_000);
  expect(view.text()).toContain('Closes in 10 s');
  const field = textArea(view.root);
  await act(() => field.focus());
  await pass(120_000);
  expect(onClose).not.toHaveBeenCalled();
  await act(() => field.blur());
  await pass(29_000);
  expect(onClose).not.toHaveBeenCalled();
  await pass(2000);
  expect(onClose).toHaveBeenCalledOnce();
});

test('what came of the call counts as a touch, and does not hold the window open', async () => {
  const { view, goOn, pass, onClose } = await caller([ringing()]);
  await goOn([aCall()]);
  await goOn([ended()]);
  await pass(25_000);
  await act(() => view.button('Call back')?.focus());
  await view.click('Call back');
  expect(view.text()).toContain('Closes in 30 s');
  await pass(31_000);
  expect(onClose).toHaveBeenCalledOnce();
});

test('Done closes at once, and not before every call is done', async () => {
  const second = ringing({ callId: 'call-2', conversationId: 'conversation-2', remote: aStranger() });
  const { view, goOn, onClose } = await caller([ringing()]);
  await goOn([aCall()]);
  await goOn([ended(), second]);
  await view.click('Done');
  expect(onClose).not.toHaveBeenCalled();
  await goOn([ended(), { ...second, state: 'connected', connectedMs: 0 }]);
  await goOn([ended(), { ...second, state: 'ended', connectedMs: 5000 }]);
  expect(view.root.querySelectorAll('.caller-card')).toHaveLength(1);
  await view.click('Done');
  expect(onClose).toHaveBeenCalledOnce();
});

test('answered elsewhere: says by whom for three seconds, then closes', async () => {
  const journal = {
    ...NO_JOURNAL,
    entries: [anEntry({ entryId: 'conversation-1', conversationId: 'conversation-1', answeredBy: 'Lena Huber' })],
  };
  const { view, goOn, pass, onClose } = await caller([ringing()], { journal });
  await goOn([ringing({ state: 'ended', cause: 'answeredElsewhere' })]);
  expect(view.text()).toContain('Answered by Lena Huber');
  expect(view.buttons()).toEqual([]);
  await pass(2000);
  expect(onClose).not.toHaveBeenCalled();
  await pass(2000);
  expect(onClose).toHaveBeenCalledOnce();
});

test('nobody answered: says Missed', async () => {
  const { view, goOn } = await caller([ringing()]);
  await goOn([ringing({ state: 'ended', cause: 'cancelled' })]);
  expect(view.root.querySelector('.caller-gone')?.textContent).toContain('Missed');
});

test('a second call rings on top, with buttons of its own', async () => {
  const { view, worker } = await caller([
    aCall(),
    ringing({
      callId: 'call-2',
      conversationId: 'conversation-2',
      remote: aRemote({ contact: aContact({ name: 'Paul Berger' }) }),
    }),
  ]);
  const names = [...view.root.querySelectorAll('.caller-card__name')].map((name) => name.textContent);
  expect(names).toEqual(['Paul Berger', 'Anna Krüger']);
  await view.click('Answer');
  expect(worker.last('command').request.callId).toBe('call-2');
});

test('a click that was under way when a card came is not taken for one on its buttons', async () => {
  const { view, worker, goOn, pass } = await caller([aCall()]);
  await pass(5000);
  const second = ringing({ callId: 'call-2', conversationId: 'conversation-2' });
  await goOn([aCall(), second]);
  const press = () =>
    act(() => void view.button('Answer')?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 })));
  await press();
  expect(worker.asked('command')).toEqual([]);
  await act(() => void view.button('Answer')?.dispatchEvent(new Event('pointermove', { bubbles: true })));
  await press();
  expect(worker.asked('command')).toHaveLength(1);
});

test('a click that was under way when a contact was opened by itself is not taken for one on what moved', async () => {
  const calls = [aCall({ capabilities: ['drop'] }), ringing({ callId: 'call-2', conversationId: 'conversation-2' })];
  const { view, worker, opens, pass } = await caller(calls);
  await pass(5000);
  await opens(calls, 'call-2');
  const press = () =>
    act(() => void view.button('Hang up')?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 })));
  await press();
  expect(worker.asked('command')).toEqual([]);
  await pass(600);
  await press();
  expect(worker.asked('command')).toHaveLength(1);
});

test('Answer gets the focus in a window that has had it for a moment, and never in one that has not', async () => {
  const hasFocus = vi.spyOn(document, 'hasFocus').mockReturnValue(false);
  onTestFinished(() => hasFocus.mockRestore());
  const { view, pass } = await caller([ringing()]);
  await pass(5000);
  expect(document.activeElement).toBe(document.body);
  hasFocus.mockReturnValue(true);
  await act(() => void window.dispatchEvent(new Event('focus')));
  await pass(600);
  expect(document.activeElement).toBe(document.body);
  await pass(200);
  expect(document.activeElement).toBe(view.button('Answer'));
});

test('Answer takes no focus from a note that is being written', async () => {
  const hasFocus = vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  onTestFinished(() => hasFocus.mockRestore());
  const { view, goOn, pass } = await caller([aCall()]);
  const field = textArea(view.root);
  await act(() => field.focus());
  await goOn([aCall(), ringing({ callId: 'call-2', conversationId: 'conversation-2' })]);
  await pass(5000);
  expect(document.activeElement).toBe(field);
});

test('while the link comes up the window waits; once it is up with nothing to show it closes', async () => {
  const { goOn, onClose, view } = await caller([]);
  expect(onClose).toHaveBeenCalledOnce();
  onClose.mockClear();
  await goOn([], { link: { type: 'connecting' } });
  expect(view.text()).toContain('Waiting for the phone system');
  expect(onClose).not.toHaveBeenCalled();
});

test('hostile and endless names stay text of their place', async () => {
  const name = '<img src=x onerror=alert(1)>\u202e'.padEnd(128, 'x');
  const { view } = await caller([
    ringing({ remote: aRemote({ contact: aContact({ name, company: name }) }), group: name }),
  ]);
  expect(view.root.querySelector('img')).toBeNull();
  expect(view.root.querySelector('.caller-card__name bdi')?.textContent).toBe(name);
});
