// What the journal says of itself beside the calls: who calls back, and when nobody was listening.
import type { JournalGap } from '@offhook/protocol';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { isNews } from '#lib/journal.ts';
import { at, entry, list, missed, NOW } from './journal-rig.tsx';
import { settle } from './mount.tsx';

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  onTestFinished(() => void vi.useRealTimers());
});

const missedByAll = (change: object = {}) => ({ ...missed(5), group: 'Sales', ...change });
const gap = (from: number, to: number | undefined, change: Partial<JournalGap> = {}): JournalGap => {
  const ended = to !== undefined && { endedAt: at(to) };
  return { gapId: `g${from}`, startedAt: at(from), ...ended, reason: 'relay', ...change };
};
const rowsOf = (root: HTMLElement) =>
  [...root.querySelectorAll('.journal__list li')].map((row) => row.className.split(' ')[0]);

test('after a call that the group missed, one takes it on to call back', async () => {
  const { view, worker, redraw } = await list({ entries: [missedByAll()] });
  await view.click('I call back');
  expect(worker.last('call-back').request).toEqual({ entryId: 'e5', take: true });
  expect(view.button('I call back')?.disabled).toBe(true);
  worker.last('call-back').answer({ type: 'done' });
  await settle();
  await redraw({ entries: [missedByAll({ callBack: { by: 'Sam Sample', isMine: true, at: at(1) } })] });
  expect(view.text()).toContain('You call back');
  await view.click('Not me');
  expect(worker.last('call-back').request).toEqual({ entryId: 'e5', take: false });
});

test('who comes second is told, and then sees who it is', async () => {
  const { view, worker, redraw } = await list({ entries: [missedByAll()] });
  await view.click('I call back');
  worker.last('call-back').answer({ type: 'failed', code: 'already-taken' });
  await settle();
  expect(view.text()).toContain('A colleague has taken this on already.');
  await redraw({ entries: [missedByAll({ callBack: { by: 'Toni Test', isMine: false, at: at(1) } })] });
  expect(view.text()).toContain('Toni Test calls back');
  expect(view.button('Not me')).toBeUndefined();
  expect(view.button('I call back')).toBeUndefined();
});

test('a call that only one person missed, and one that was answered, are nobody else’s to take on', async () => {
  const { view } = await list({ entries: [missed(5), entry(6, { group: 'Sales' })] });
  expect(view.button('I call back')).toBeUndefined();
});

test('a missed call that somebody has taken on is no news any more', () => {
  expect(isNews(missedByAll(), {})).toBe(true);
  expect(isNews(missedByAll({ callBack: { isMine: false, at: at(1) } }), {})).toBe(false);
});

test('a gap stands between the calls around it, with its time and what was down', async () => {
  const { view } = await list({ entries: [entry(5), entry(60)], gaps: [gap(30, 20, { reason: 'pbx' })] });
  expect(rowsOf(view.root)).toEqual(['journal-row', 'journal-gap', 'journal-row']);
  expect(view.text()).toContain('14:30 – 14:40: the link to the phone system was down. Calls may be missing here.');
});

test('one that goes on says since when', async () => {
  const { view } = await list({ entries: [entry(60)], gaps: [gap(30, undefined)] });
  expect(view.text()).toContain('Since 14:30: the relay was down.');
});

test('a search shows no gaps, and nothing is said of what is older than the rows there are', async () => {
  const { view, worker } = await list({ entries: [entry(5)], gaps: [gap(90, 80), gap(4, 3)] });
  expect(rowsOf(view.root)).toEqual(['journal-gap', 'journal-row']);
  expect(worker.asked('journal-page').length).toBeLessThan(2);
  await view.type('input[type=search]', 'anna');
  expect(rowsOf(view.root)).not.toContain('journal-gap');
});
