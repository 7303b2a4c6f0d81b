// What the list has from the relay's pages: kept current, and never shown to somebody else.
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { JournalView } from '#components/JournalView.tsx';
import { aLine, aState } from './builders.ts';
import { createFakeWorker } from './fake-worker.ts';
import { settingsOf } from './gallery/desk-fixture.ts';
import { entry, list, missed, NOW, names } from './journal-rig.tsx';
import { mount, settle } from './mount.tsx';

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  onTestFinished(() => void vi.useRealTimers());
});

test('a note on an old call leaves every row where it was, and shows what was written', async () => {
  const { view, worker, redraw } = await list({ entries: [entry(5)] });
  await view.click('Show older calls');
  const older = [entry(5), missed(60), entry(90, { note: 'old words' }), missed(95)];
  worker.last('journal-page').answer({ type: 'page', entries: older, cursor: 'c', more: true });
  await settle();
  await redraw({ drafts: { e90: { text: 'new words', state: 'saving' } } });
  await redraw({ updates: [{ entryId: 'e90', kept: { text: 'new words' } }] });
  expect(view.root.querySelectorAll('.journal-row')).toHaveLength(4);
  expect([view.text().includes('new words'), view.text().includes('old words')]).toEqual([true, false]);
  // The worker remembers the latest of it only.
  await redraw({ updates: [entry(90, { note: 'newer words' }), { entryId: 'e95', gone: true }] });
  await redraw({ updates: [] });
  expect(view.root.querySelectorAll('.journal-row')).toHaveLength(3);
  expect(view.text()).toContain('newer words');
});

test('what a page brings does not undo what was told before', async () => {
  const updates = [entry(90, { note: 'new words' })];
  const { view, worker } = await list({ entries: [entry(5)], updates });
  await view.click('Show older calls');
  const page = [entry(80), entry(90, { note: 'old words' })];
  worker.last('journal-page').answer({ type: 'page', entries: page, cursor: 'c', more: false });
  await settle();
  expect(view.text()).toContain('new words');
});

test('an old call that is told anew stands among the whole list, and not among what a search found', async () => {
  const { view, worker, redraw, pass } = await list({ entries: [entry(5)] });
  await view.click('Show older calls');
  worker.last('journal-page').answer({ type: 'page', entries: [entry(60), entry(90)], cursor: 'c', more: false });
  await settle();
  await redraw({ updates: [missed(70), missed(99)] });
  expect(names(view.root)).toEqual(['Anna Krüger', 'Anna Krüger', '030 23125077', 'Anna Krüger']);
  await view.type('.journal-search__input', 'anna');
  await pass(300);
  worker.last('journal-page').answer({ type: 'page', entries: [entry(60), entry(90)], cursor: 'c', more: false });
  await settle();
  expect(names(view.root)).toHaveLength(3);
});

test.each([
  ['unpaired', aState([], { link: { type: 'unpaired' }, user: undefined })],
  ['of whom the relay took the right', aState([], { link: { type: 'refused', code: 'revoked' }, user: undefined })],
  ['another agent', aState([aLine()], { user: { userId: 'paul', name: 'Paul Sample' } })],
])('what was fetched for one agent is not shown to the next: %s', async (_title, phone) => {
  const { view, worker, redraw } = await list({ entries: [entry(5)] });
  await view.click('Show older calls');
  worker.last('journal-page').answer({ type: 'page', entries: [missed(90)], cursor: 'c', more: true });
  await settle();
  expect(names(view.root)).toHaveLength(2);
  await redraw({ entries: [] }, phone);
  expect(names(view.root)).toEqual([]);
});

test('what was fetched before the journal was taken away is not shown after it, even to the same name', async () => {
  const { view, worker, redraw } = await list({ entries: [entry(5)] });
  await view.click('Show older calls');
  const late = worker.last('journal-page');
  late.answer({ type: 'page', entries: [missed(90)], cursor: 'c', more: true });
  await settle();
  await redraw({ entries: [], isLoaded: false });
  expect(names(view.root)).toEqual([]);
  await redraw({ entries: [], isLoaded: true });
  expect(names(view.root)).toEqual([]);
});

test('the page of an agent who lost the right says so and shows no calls', async () => {
  const view = await mount(
    <JournalView
      desk={{
        phone: aState([], { link: { type: 'refused', code: 'revoked' }, user: undefined }),
        journal: { entries: [entry(5)], isLoaded: true, drafts: {} },
      }}
      settings={settingsOf({})}
      send={createFakeWorker().send}
      onChangeSettings={async () => undefined}
      onOpenOptions={() => undefined}
    />,
  );
  expect(view.root.querySelectorAll('.journal-row')).toHaveLength(0);
  expect(view.root.querySelector('.banner')).not.toBeNull();
});

test('a search that stopped before the end offers to go on, and does not call it nothing', async () => {
  const { view, worker, pass } = await list({ entries: [entry(5)] });
  await view.type('.journal-search__input', 'zzz');
  await pass(300);
  worker.last('journal-page').answer({ type: 'page', entries: [], cursor: 'c1', more: true });
  await settle();
  expect(view.text()).not.toContain('zzz');
  expect(view.root.querySelector('[role=status]')?.textContent).toBe('');
  await view.click('Show older calls');
  expect(worker.last('journal-page').request).toEqual({ before: 'c1', filter: { text: 'zzz' } });
  worker.last('journal-page').answer({ type: 'page', entries: [], cursor: 'c2', more: false });
  await settle();
  expect(view.text()).toContain('zzz');
  expect(view.button('Show older calls')).toBeUndefined();
});
