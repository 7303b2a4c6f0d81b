// The window in which calls are confirmed: one, for whatever is asked for, and gone with what waited in it.
import { describe, expect, test } from 'vitest';
import type { AskedCall } from '#lib/asked-calls.ts';
import { createConfirmCalls } from '#lib/confirm-calls.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createFakeStorage } from '../fakes/storage.ts';

function setUp({ front = { id: 1, left: 100, top: 50, width: 1200, height: 900, isFocused: true } as const } = {}) {
  const memory = createFakeStorage();
  const clock = createFakeClock();
  const done: string[] = [];
  const open = new Set<number>();
  let lastId = 10;
  const ids = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
  const windows = {
    async open(place: object) {
      await undefined;
      lastId += 1;
      open.add(lastId);
      done.push(`open ${JSON.stringify(place)}`);
      return { id: lastId, isFocused: true };
    },
    isOpen: async (id: number) => open.has(id),
    find: async () => [...open][0],
    front: async () => front,
    focus: async (id: number) => void done.push(`focus ${id}`),
    flash: async (id: number) => void done.push(`flash ${id}`),
  };
  const startWorker = () => createConfirmCalls({ windows, memory, clock, newId: () => ids.shift() ?? 'later' });
  return { startWorker, calls: startWorker(), done, open, clock };
}

const call = (text: string, from: AskedCall['from'] = 'outside') => ({ kind: 'link', text, from }) as const;

describe('the first call', () => {
  test('opens the window in the middle of the one that is in use', async () => {
    const { calls, done } = setUp();
    await calls.ask(call('tel:1'));
    expect(done).toEqual(['open {"width":400,"height":400,"left":500,"top":217}']);
    expect((await calls.waiting()).calls).toEqual([{ id: '1', ...call('tel:1') }]);
  });

  test('two at once open one window', async () => {
    const { calls, done, open } = setUp();
    await Promise.all([calls.ask(call('tel:1')), calls.ask(call('tel:2'))]);
    expect([open.size, done.slice(1)]).toEqual([1, ['focus 11']]);
  });
});

describe('while the window stands', () => {
  test('a call that the agent asked for brings it in front, also after the worker died', async () => {
    const { calls, startWorker, done } = setUp();
    await calls.ask(call('tel:1'));
    await startWorker().ask(call('tel:2', 'menu'));
    expect(done.slice(1)).toEqual(['focus 11']);
  });

  test('a page gets no more than its attention, and not for the same link again', async () => {
    const { calls, done } = setUp();
    for (let at = 0; at < 3; at += 1) await calls.ask(call('tel:1', 'page'));
    await calls.ask(call('tel:2', 'page'));
    expect(done.slice(1)).toEqual(['flash 11']);
  });

  test('a flood of a page’s links is one window and five cards', async () => {
    const { calls, open, done } = setUp();
    for (let at = 0; at < 200; at += 1) await calls.ask(call(`tel:${at}`, 'page'));
    expect([open.size, done.length]).toEqual([1, 5]);
    expect(await calls.waiting()).toMatchObject({ leftOut: 195 });
  });
});

test('what was decided about waits no longer', async () => {
  const { calls } = setUp();
  await calls.ask(call('tel:1'));
  await calls.ask(call('tel:2'));
  expect((await calls.waiting('2')).calls.map(({ id }) => id)).toEqual(['1']);
  expect((await calls.waiting('all')).calls).toEqual([]);
});

describe('a window that goes', () => {
  test('takes with it what waited in it', async () => {
    const { calls, open, done } = setUp();
    await calls.ask(call('tel:1'));
    open.delete(11);
    await calls.onRemoved(11);
    expect((await calls.waiting()).calls).toEqual([]);
    await calls.ask(call('tel:1'));
    expect(done).toHaveLength(2);
  });

  test('keeps a call that came while it was being closed, in a new one', async () => {
    const { calls, open, done, clock } = setUp();
    await calls.ask(call('tel:1'));
    await calls.ask(call('tel:2'));
    clock.advance(2_000);
    await calls.ask(call('tel:3', 'page'));
    open.delete(11);
    await calls.onRemoved(11);
    expect((await calls.waiting()).calls.map(({ text }) => text)).toEqual(['tel:3']);
    expect([open.has(12), done.filter((one) => one.startsWith('open'))]).toMatchObject([true, { length: 2 }]);
    clock.advance(400);
    open.delete(12);
    await calls.onRemoved(12);
    expect((await calls.waiting()).calls).toEqual([]);
  });

  test('unseen by any worker leaves nothing for the next one', async () => {
    const { calls, open, done, startWorker } = setUp();
    await calls.ask(call('tel:1', 'page'));
    open.delete(11);
    const next = startWorker();
    await next.ask(call('tel:1', 'page'));
    expect(done).toHaveLength(2);
    expect((await next.waiting()).calls).toHaveLength(1);
  });

  test('of somebody else changes nothing', async () => {
    const { calls } = setUp();
    await calls.ask(call('tel:1'));
    await calls.onRemoved(1);
    expect((await calls.waiting()).calls).toHaveLength(1);
  });
});
