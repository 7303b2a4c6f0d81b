// How far the mark of what was looked at goes: only over calls that stood there for somebody to see.
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { at, list, missed, NOW } from './journal-rig.tsx';

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  onTestFinished(() => void vi.useRealTimers());
});

test('a search marks nothing as seen, since it hides what is older; the missed ones alone may', async () => {
  const { view, worker, pass } = await list({ entries: [missed(5), missed(9)] });
  await view.type('.journal-search__input', '030');
  await pass(10_000);
  expect(worker.asked('see-journal')).toEqual([]);
  await view.type('.journal-search__input', '');
  await view.click('Missed');
  await pass(3000);
  expect(worker.last('see-journal').request).toEqual({ until: at(5) });
});

test('the mark does not pass a call that may still be missed', async () => {
  const { outcome: _none, endedAt: _end, answeredAt: _answer, ...open } = missed(6);
  const { worker, redraw, pass } = await list({ entries: [missed(5), open, missed(9)] });
  await pass(3000);
  expect(worker.asked('see-journal').map(({ request }) => request)).toEqual([{ until: at(9) }]);
  await redraw({ entries: [missed(5), missed(6), missed(9)], seenUntil: at(9) });
  await pass(3000);
  expect(worker.last('see-journal').request).toEqual({ until: at(5) });
});

test("a colleague's call that still rings holds nothing up", async () => {
  const { outcome: _none, endedAt: _end, answeredAt: _answer, ...open } = missed(6);
  const { worker, pass } = await list({ entries: [missed(5), { ...open, lineId: 'a colleague' }] });
  await pass(3000);
  expect(worker.last('see-journal').request).toEqual({ until: at(5) });
});

test('a journal that was left open is not looked at until somebody is there again', async () => {
  const { worker, redraw, pass } = await list({ entries: [] });
  await pass(10 * 60_000);
  await redraw({ entries: [missed(1)] });
  await pass(60_000);
  expect(worker.asked('see-journal')).toEqual([]);
  window.dispatchEvent(new Event('pointermove'));
  await pass(3000);
  expect(worker.last('see-journal').request).toEqual({ until: at(1) });
});
