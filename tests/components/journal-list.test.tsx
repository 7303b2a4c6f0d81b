import { act } from 'preact/test-utils';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { JournalView } from '#components/JournalView.tsx';
import type { PhoneState } from '#lib/phone.ts';
import { aCall, aLine, aState, aStranger } from './builders.ts';
import { createFakeWorker } from './fake-worker.ts';
import { settingsOf } from './gallery/desk-fixture.ts';
import { at, entry, list, missed, NOW, names } from './journal-rig.tsx';
import { mount, settle } from './mount.tsx';

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  onTestFinished(() => void vi.useRealTimers());
});

test('a call stands under its day with its outcome in words, and its direction for who cannot see the icon', async () => {
  const { view } = await list({ entries: [missed(5), entry(60 * 20)] });
  expect([...view.root.querySelectorAll('h3')].map((day) => day.textContent)).toEqual(['Today', 'Yesterday']);
  const [first] = view.root.querySelectorAll('.journal-row');
  expect(first?.textContent).toContain('Incoming030 23125077NewMissed14:55');
});

test('a name opens the contact, and one without a page is no button', async () => {
  const { view, worker } = await list({ entries: [entry(5), missed(6)] });
  await view.click('Anna Krüger');
  expect(worker.last('open-contact').request).toEqual({ entryId: 'e5', url: 'https://crm.example/contacts/c001' });
  expect(view.button('030 23125077')).toBeUndefined();
});

test('calls back on the default line, by a button that says the number', async () => {
  const lines = [aLine(), aLine({ lineId: 'line-19', extension: '19' })];
  const { view, worker } = await list({
    entries: [entry(5)],
    state: aState(lines),
    settings: { defaultLineId: 'line-19' },
  });
  expect(view.text()).toContain('Line 18');
  await view.click('Call +49 30 23125042');
  expect(worker.last('command').request).toEqual({
    lineId: 'line-19',
    callId: undefined,
    order: { name: 'makeCall', args: { number: { kind: 'e164', number: '+493023125042' } } },
  });
  worker.last('command').answer({ type: 'failed', code: 'pbx-unreachable' });
  await settle();
  expect(view.root.querySelector('.journal-row [role=alert]')?.textContent).toContain('lost the phone system');
});

test('a withheld number cannot be called back, and nothing can while orders are impossible', async () => {
  const withheld = entry(5, { remote: aStranger({ number: { kind: 'anonymous' } }) });
  const { view } = await list({ entries: [withheld, entry(6)], canOrder: false });
  expect(view.buttons().filter((name) => name.startsWith('Call '))).toEqual(['Call +49 30 23125042']);
  expect(view.button('Call +49 30 23125042')?.disabled).toBe(true);
});

test('missed calls count as seen once they were in sight for two seconds', async () => {
  const { worker, pass } = await list({ entries: [missed(5), missed(9)] });
  await pass(1500);
  expect(worker.asked('see-journal')).toEqual([]);
  await pass(1000);
  expect(worker.asked('see-journal').map(({ request }) => request)).toEqual([{ until: at(5) }]);
  await pass(60_000);
  expect(worker.asked('see-journal')).toHaveLength(1);
});

test('what is in a hidden document was not seen', async () => {
  const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  onTestFinished(() => visibility.mockRestore());
  const { worker, pass } = await list({ entries: [missed(5)] });
  await pass(10_000);
  expect(worker.asked('see-journal')).toEqual([]);
  visibility.mockReturnValue('visible');
  await pass(2000);
  expect(worker.asked('see-journal')).toHaveLength(1);
});

test('a missed call stands out until it was seen on any device', async () => {
  const { view, redraw } = await list({ entries: [missed(5), missed(9)], seenUntil: at(7) });
  expect(view.root.querySelectorAll('.journal-row--news')).toHaveLength(1);
  await redraw({ seenUntil: at(5) });
  expect(view.root.querySelectorAll('.journal-row--news')).toHaveLength(0);
});

test("a colleague's missed call is listed, but is no news of this agent's", async () => {
  const { view, worker, pass } = await list({ entries: [{ ...missed(5), lineId: 'a colleague' }] });
  await pass(10_000);
  expect(view.root.querySelectorAll('.journal-row--missed')).toHaveLength(1);
  expect(view.root.querySelectorAll('.journal-row--news')).toHaveLength(0);
  expect(worker.asked('see-journal')).toEqual([]);
});

test('a note is written in place, and Escape leaves it', async () => {
  const { view, worker } = await list({ entries: [entry(5, { note: 'offer by Friday' })] });
  await view.click('offer by Friday');
  await view.type('textarea', 'offer by Monday');
  expect(worker.last('note').request).toMatchObject({ entryId: 'e5', text: 'offer by Monday' });
  await act(() => {
    view.root.querySelector('textarea')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  });
  expect(view.root.querySelector('textarea')).toBeNull();
});

test('a draft is shown before the relay has it', async () => {
  const { view } = await list({
    entries: [entry(5)],
    drafts: { e5: { text: 'half a sen', disposition: 'callBack', state: 'waiting' } },
  });
  expect(view.text()).toContain('Call backhalf a sen');
});

test('the search shows at once what is at hand, then what the relay finds; late answers are dropped', async () => {
  const { view, worker, pass } = await list({ entries: [entry(5), missed(6)] });
  await view.type('.journal-search__input', 'kr');
  expect(names(view.root)).toEqual(['Anna Krüger']);
  await pass(300);
  const first = worker.last('journal-page');
  expect(first.request).toEqual({ before: undefined, filter: { text: 'kr' } });
  await view.type('.journal-search__input', 'krü');
  await pass(300);
  const old = entry(9000, { remote: aStranger({ name: 'Krüger', verified: true }) });
  worker.last('journal-page').answer({ type: 'page', entries: [old], cursor: 'c', more: false });
  await settle();
  expect(names(view.root)).toEqual(['Anna Krüger', 'Krüger']);
  first.answer({ type: 'page', entries: [missed(9999)], cursor: 'c', more: false });
  await settle();
  expect(names(view.root)).toEqual(['Anna Krüger', 'Krüger']);
  expect(view.root.querySelector('[role=status]')?.textContent).toBe('2 calls found');
});

test('typing asks the relay once, after a pause', async () => {
  const { view, worker, pass } = await list();
  for (const text of ['a', 'an', 'ann']) {
    await view.type('.journal-search__input', text);
    await pass(100);
  }
  await pass(300);
  expect(worker.asked('journal-page').map(({ request }) => request.filter)).toEqual([{ text: 'ann' }]);
});

test('Missed shows missed calls alone, asked of the relay too', async () => {
  const { view, worker, pass } = await list({ entries: [entry(5), missed(6)] });
  await view.click('Missed');
  await pass(0);
  expect(names(view.root)).toEqual(['030 23125077']);
  expect(worker.last('journal-page').request.filter).toEqual({ outcome: 'missed' });
  expect(view.button('Missed')?.getAttribute('aria-pressed')).toBe('true');
});

test('older calls come page by page, those that are known already are passed over', async () => {
  const { view, worker } = await list({ entries: [entry(5)] });
  await view.click('Show older calls');
  worker.last('journal-page').answer({ type: 'page', entries: [entry(5)], cursor: 'c1', more: true });
  await settle();
  expect(worker.last('journal-page').request).toEqual({ before: 'c1', filter: undefined });
  worker.last('journal-page').answer({ type: 'page', entries: [missed(9000)], cursor: 'c2', more: true });
  await settle();
  expect(names(view.root)).toEqual(['Anna Krüger', '030 23125077']);
  await view.click('Show older calls');
  worker.last('journal-page').answer({ type: 'page', entries: [], cursor: 'c2', more: false });
  await settle();
  expect(view.text()).toContain('That is everything.');
});

test('who scrolls to the end gets older calls without a click', async () => {
  const observed: { target: Element; reach(): void }[] = [];
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      readonly #callback: (entries: { isIntersecting: boolean }[]) => void;
      constructor(callback: (entries: { isIntersecting: boolean }[]) => void) {
        this.#callback = callback;
      }
      observe(target: Element) {
        observed.push({ target, reach: () => this.#callback([{ isIntersecting: true }]) });
      }
      disconnect() {}
    },
  );
  onTestFinished(() => void vi.unstubAllGlobals());
  const { view, worker } = await list({ entries: [entry(5)] });
  expect(worker.asked('journal-page')).toEqual([]);
  await act(() => observed[0]?.reach());
  worker.last('journal-page').answer({ type: 'page', entries: [missed(9000)], cursor: 'c', more: true });
  await settle();
  expect(names(view.root)).toEqual(['Anna Krüger', '030 23125077']);
  await act(() => observed.at(-1)?.reach());
  expect(worker.asked('journal-page')).toHaveLength(2);
});

test('a page that could not be had says why and is asked for again by a button', async () => {
  const { view, worker } = await list({ entries: [entry(5)] });
  await view.click('Show older calls');
  worker.last('journal-page').answer({ type: 'failed', code: 'relay-unreachable' });
  await settle();
  expect(view.root.querySelector('[role=alert]')?.textContent).toContain('The relay cannot be reached');
  await view.click('Try again');
  worker.last('journal-page').fail();
  await settle();
  expect(view.button('Try again')).toBeDefined();
});

test('of ten thousand entries a hundred are drawn, then a hundred more', async () => {
  const entries = Array.from({ length: 10_000 }, (_, index) => entry(index));
  const { view } = await list({ entries });
  expect(view.root.querySelectorAll('.journal-row')).toHaveLength(100);
  await view.click('Show older calls');
  expect(view.root.querySelectorAll('.journal-row')).toHaveLength(200);
});

test('empty, awaited and unreachable are three different things', async () => {
  const { view, redraw } = await list();
  expect(view.text()).toContain('No calls yet');
  await redraw({ isLoaded: false });
  expect(view.text()).toContain('Loading calls');
  const away = await list({ isLoaded: false, state: aState([], { link: { type: 'offline' } }) });
  expect(away.view.text()).toContain('as soon as the relay is reachable');
});

test('the page has what is running on top', async () => {
  const worker = createFakeWorker();
  const view = await mount(
    <JournalView
      desk={{
        phone: aState([aLine({ calls: [aCall()] })]),
        journal: { entries: [entry(5)], isLoaded: true, drafts: {} },
      }}
      settings={settingsOf({})}
      send={worker.send}
      onChangeSettings={async () => undefined}
      onOpenOptions={() => undefined}
    />,
  );
  expect(view.root.querySelector('h1')?.textContent).toBe('Journal');
  expect(view.button('Hang up')).toBeDefined();
  expect(view.root.querySelectorAll('.journal-row')).toHaveLength(1);
});

function clickByPointer(button: HTMLElement | null | undefined): Promise<void> {
  return act(() => void button?.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 })));
}

test('a click right after an entry came on top is lost, and one after the pointer has moved counts', async () => {
  const old = entry(9);
  const { view, worker, redraw } = await list({ entries: [old] });
  await redraw({ entries: [missed(5), old] });
  await clickByPointer(view.button('Call 030 23125077'));
  expect(worker.asked('command')).toHaveLength(0);
  await act(
    () =>
      void view.root.querySelector('.journal-row')?.dispatchEvent(new PointerEvent('pointermove', { bubbles: true })),
  );
  await clickByPointer(view.button('Call 030 23125077'));
  expect(worker.asked('command')).toHaveLength(1);
});

test('a click on the journal page right after a call came above the list is lost', async () => {
  const worker = createFakeWorker();
  const draw = (state: PhoneState) => (
    <JournalView
      desk={{ phone: state, journal: { entries: [entry(9)], isLoaded: true, drafts: {} } }}
      settings={settingsOf({})}
      send={worker.send}
      onChangeSettings={async () => undefined}
      onOpenOptions={() => undefined}
    />
  );
  const view = await mount(draw(aState([aLine()])));
  await view.redraw(draw(aState([aLine({ calls: [aCall({ state: 'offering' })] })])));
  const button = view.root.querySelector<HTMLElement>('.journal [aria-label="Call +49 30 23125042"]');
  await clickByPointer(button);
  expect(button).not.toBeNull();
  expect(worker.asked('command')).toHaveLength(0);
});
