// The export in the journal: of what is looked at, visible while it runs, ended by the agent or with the right to look.
import { act } from 'preact/test-utils';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { ExportOutcome, ExportRequest } from '#lib/journal-export.ts';
import { aLine, aState } from './builders.ts';
import { entry, list, missed, NOW } from './journal-rig.tsx';
import { settle } from './mount.tsx';

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  onTestFinished(() => void vi.useRealTimers());
});

const EXPORT = 'Export as CSV file';
const SAVED: ExportOutcome = { type: 'saved', count: 1250, fileName: 'offhook-journal-2026-11-20.csv' };

/** An export that ends when the test says so. */
function anExport() {
  const asked: (ExportRequest & { end(outcome: ExportOutcome): void })[] = [];
  const onExport = (request: ExportRequest) =>
    new Promise<ExportOutcome>((resolve) => asked.push({ ...request, end: resolve }));
  return { asked, onExport, last: () => asked.at(-1)! };
}

test('exports what is looked at: the whole journal, or what was searched for', async () => {
  const { onExport, last } = anExport();
  const { view, pass } = await list({ entries: [entry(5), missed(6)], onExport });
  await view.click(EXPORT);
  expect(last().filter).toBeUndefined();
  last().end(SAVED);
  await settle();
  await view.click('Missed');
  await view.type('.journal-search__input', ' 23125077 ');
  await pass(300);
  await view.click(EXPORT);
  expect(last().filter).toEqual({ outcome: 'missed', text: '23125077' });
});

test('says how far it is and what came of it, and lets one begin only when the last is over', async () => {
  const { onExport, last } = anExport();
  const { view } = await list({ entries: [entry(5)], onExport });
  await view.click(EXPORT);
  expect(view.button(EXPORT)?.disabled).toBe(true);
  await act(() => last().onProgress(50));
  expect(view.root.querySelector('.journal__export')?.textContent).toContain('50 calls so far');
  last().end(SAVED);
  await settle();
  expect(view.root.querySelector('[role=status].note')?.textContent).toBe(
    '1250 calls exported · offhook-journal-2026-11-20.csv',
  );
  expect(view.button(EXPORT)?.disabled).toBe(false);
  await view.click('Dismiss');
  expect(view.root.querySelector('.journal__export')).toBeNull();
});

test('what was said of an export goes with the choice that it was about', async () => {
  const { onExport, last } = anExport();
  const { view } = await list({ entries: [entry(5), missed(6)], onExport });
  await view.click(EXPORT);
  last().end(SAVED);
  await settle();
  await view.click('Missed');
  expect(view.root.querySelector('.journal__export')).toBeNull();
});

test('a failure is said in words, and that nothing was saved', async () => {
  const { onExport, last } = anExport();
  const { view } = await list({ entries: [entry(5)], onExport });
  await view.click(EXPORT);
  last().end({ type: 'failed', code: 'relay-unreachable' });
  await settle();
  expect(view.root.querySelector('.journal__export [role=alert]')?.textContent).toMatch(/^Nothing was exported\. \S/);
});

test('is ended by the agent, and what comes later changes nothing', async () => {
  const { onExport, last } = anExport();
  const { view } = await list({ entries: [entry(5)], onExport });
  await view.click(EXPORT);
  await view.click('Cancel');
  expect(last().signal.aborted).toBe(true);
  last().onProgress(100);
  last().end({ type: 'cancelled' });
  await settle();
  expect(view.root.querySelector('.journal__export')).toBeNull();
});

test('ends when the journal is taken away', async () => {
  const { onExport, last } = anExport();
  const { view, redraw } = await list({ entries: [entry(5)], onExport });
  await view.click(EXPORT);
  await redraw({ isLoaded: false, entries: [] }, aState([], { link: { type: 'refused', code: 'revoked' } }));
  expect(last().signal.aborted).toBe(true);
});

test('there is nothing to press without calls, and nothing at all where a view cannot save files', async () => {
  const { onExport } = anExport();
  const empty = await list({ onExport });
  expect(empty.view.button(EXPORT)?.disabled).toBe(true);
  const without = await list({ entries: [entry(5)], state: aState([aLine()]) });
  expect(without.view.button(EXPORT)).toBeUndefined();
});
