import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDialler, type Dialler } from '#components/dialler.ts';
import type { DialPreview, OrderResult } from '#lib/messages.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Bench {
  dialler: Dialler;
  previews: { text: string; lineId: string; answer(preview: DialPreview): Promise<void>; fail(): Promise<void> }[];
  calls: { lineId: string; order: unknown; answer(result: OrderResult): Promise<void> }[];
  changes: number;
}

async function settled(act: () => void): Promise<void> {
  act();
  await vi.advanceTimersByTimeAsync(0);
}

function bench(): Bench {
  const made: Omit<Bench, 'dialler'> = { previews: [], calls: [], changes: 0 };
  const dialler = createDialler({
    preview: (lineId, number) =>
      new Promise((resolve, reject) => {
        made.previews.push({
          text: number.kind === 'raw' ? number.text : '',
          lineId,
          answer: (preview) => settled(() => resolve(preview)),
          fail: () => settled(() => reject(new Error('gone'))),
        });
      }),
    call: (lineId, order) =>
      new Promise((resolve) => {
        made.calls.push({ lineId, order, answer: (result) => settled(() => resolve(result)) });
      }),
    onChange: () => {
      made.changes += 1;
    },
  });
  dialler.setLine('line-18');
  return Object.assign(made, { dialler });
}

function allowed(number: string): DialPreview {
  return { decision: 'allowed', dialled: `0${number}`, number: { kind: 'internal', number } };
}

test('asks once after a pause in typing, for the text as it stands', async () => {
  const { dialler, previews } = bench();
  dialler.setText('2');
  await vi.advanceTimersByTimeAsync(100);
  dialler.setText(' 22 ');
  await vi.advanceTimersByTimeAsync(119);
  expect(previews).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(previews.map(({ text }) => text)).toEqual(['22']);
});

test('Enter dials the number of the preview', async () => {
  const { dialler, previews, calls } = bench();
  dialler.setText('22');
  await vi.advanceTimersByTimeAsync(200);
  await previews[0]?.answer(allowed('22'));
  dialler.submit();
  expect(calls.map(({ order }) => order)).toEqual([
    { name: 'makeCall', args: { number: { kind: 'internal', number: '22' } } },
  ]);
});

test('a preview that comes late never replaces that of a newer text', async () => {
  const { dialler, previews, calls } = bench();
  dialler.setText('22');
  await vi.advanceTimersByTimeAsync(200);
  dialler.setText('223');
  await vi.advanceTimersByTimeAsync(200);
  await previews[1]?.answer(allowed('223'));
  await previews[0]?.answer(allowed('22'));
  dialler.submit();
  expect(dialler.state().preview).toEqual(allowed('223'));
  expect(calls).toHaveLength(1);
  expect(calls[0]?.order).toMatchObject({ args: { number: { number: '223' } } });
});

test('Enter right after typing waits for the preview of that very text', async () => {
  const { dialler, previews, calls } = bench();
  dialler.setText('22');
  await vi.advanceTimersByTimeAsync(200);
  await previews[0]?.answer(allowed('22'));
  dialler.setText('223');
  dialler.submit();
  expect(calls).toHaveLength(0);
  expect(previews[1]?.text).toBe('223');
  await previews[1]?.answer(allowed('223'));
  expect(calls.map(({ order }) => order)).toMatchObject([{ args: { number: { number: '223' } } }]);
});

test('an Enter for a text that was changed before its preview came dials nothing', async () => {
  const { dialler, previews, calls } = bench();
  dialler.setText('22');
  dialler.submit();
  dialler.setText('223');
  await previews[0]?.answer(allowed('22'));
  await vi.advanceTimersByTimeAsync(200);
  await previews[1]?.answer(allowed('223'));
  expect(calls).toHaveLength(0);
});

test('a preview for another line is void once the line was changed', async () => {
  const { dialler, previews, calls } = bench();
  dialler.setText('22');
  await vi.advanceTimersByTimeAsync(200);
  dialler.setLine('line-19');
  await previews[0]?.answer(allowed('22'));
  dialler.submit();
  expect(calls).toHaveLength(0);
  await previews[1]?.answer(allowed('22'));
  expect(calls[0]?.lineId).toBe('line-19');
});

test('a refused number is not dialled', async () => {
  const { dialler, previews, calls } = bench();
  dialler.setText('0900');
  dialler.submit();
  await previews[0]?.answer({ decision: 'refused', code: 'policy-blocked', number: { kind: 'raw', text: '0900' } });
  dialler.submit();
  expect(calls).toHaveLength(0);
});

test('an Enter before the preview calls only what is allowed without a question', async () => {
  const { dialler, previews, calls } = bench();
  dialler.setText('22');
  dialler.submit();
  await previews[0]?.answer({ ...allowed('22'), decision: 'confirm' });
  expect(calls).toHaveLength(0);
});

test('a preview without a number cannot be dialled', async () => {
  const { dialler, previews, calls } = bench();
  dialler.setText('22');
  dialler.submit();
  await previews[0]?.answer({ decision: 'allowed', dialled: '22' });
  expect(calls).toHaveLength(0);
});

test('two Enters make one call', async () => {
  const { dialler, previews, calls } = bench();
  dialler.setText('22');
  await vi.advanceTimersByTimeAsync(200);
  await previews[0]?.answer(allowed('22'));
  dialler.submit();
  dialler.submit();
  expect(calls).toHaveLength(1);
});

test('an order under way keeps its text, and an accepted one clears it', async () => {
  const { dialler, previews, calls } = bench();
  dialler.setText('22');
  dialler.submit();
  await previews[0]?.answer(allowed('22'));
  dialler.setText('999');
  expect(dialler.state().text).toBe('22');
  await calls[0]?.answer({ type: 'done' });
  expect(dialler.state()).toMatchObject({ text: '', phase: 'idle' });
});

test('a failed order stays with its text until that is changed', async () => {
  const { dialler, previews, calls } = bench();
  dialler.setText('22');
  dialler.submit();
  await previews[0]?.answer(allowed('22'));
  await calls[0]?.answer({ type: 'failed', code: 'pbx-rejected' });
  expect(dialler.state()).toMatchObject({ text: '22', result: { code: 'pbx-rejected' } });
  dialler.setText('223');
  expect(dialler.state().result).toBeUndefined();
});

test('a call that needs confirmation is dialled by the confirmation alone, with its token', async () => {
  const { dialler, previews, calls } = bench();
  dialler.setText('22');
  await vi.advanceTimersByTimeAsync(200);
  await previews[0]?.answer({ ...allowed('22'), decision: 'confirm' });
  dialler.submit();
  await calls[0]?.answer({ type: 'failed', code: 'confirmation-needed', params: { confirm: 'token-1' } });
  dialler.submit();
  expect(calls).toHaveLength(1);
  dialler.confirm();
  expect(calls[1]?.order).toMatchObject({ args: { confirm: 'token-1', number: { number: '22' } } });
});

test('a worker that is gone reads as a relay that cannot be reached', async () => {
  const { dialler, previews } = bench();
  dialler.setText('22');
  await vi.advanceTimersByTimeAsync(200);
  await previews[0]?.fail();
  expect(dialler.state().preview).toEqual({ decision: 'refused', code: 'relay-unreachable' });
});

test('nothing is asked without a line, and nothing is heard after close', async () => {
  const { dialler, previews } = bench();
  dialler.setLine(undefined);
  dialler.setText('22');
  dialler.submit();
  await vi.advanceTimersByTimeAsync(200);
  expect(previews).toHaveLength(0);
  dialler.setLine('line-18');
  dialler.close();
  await vi.advanceTimersByTimeAsync(200);
  expect(previews).toHaveLength(0);
});

test('that a call may have been dialled is said until the text is another one', async () => {
  const { dialler, previews, calls } = bench();
  dialler.setText('22');
  dialler.submit();
  await previews[0]?.answer(allowed('22'));
  await calls[0]?.answer({ type: 'unknown' });
  dialler.refresh();
  await vi.advanceTimersByTimeAsync(200);
  await previews[1]?.answer(allowed('22'));
  dialler.setLine(undefined);
  expect(dialler.state().result).toEqual({ type: 'unknown' });
  dialler.setText('23');
  expect(dialler.state().result).toBeUndefined();
});

test('the second click of a double click does not repeat an order that came to nothing in between', async () => {
  const { dialler, previews, calls } = bench();
  dialler.setText('22');
  dialler.submit();
  await previews[0]?.answer(allowed('22'));
  await calls[0]?.answer({ type: 'unknown' });
  dialler.submit();
  expect(calls).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(700);
  dialler.submit();
  expect(calls).toHaveLength(2);
});
