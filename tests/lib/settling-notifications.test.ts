// New notifications are let alone for a moment: what is done to them before leaves one on the screen for ever.
import { expect, test } from 'vitest';
import type { NotificationContent } from '#lib/call-notice.ts';
import { settlingNotifications } from '#lib/settling-notifications.ts';
import { createFakeClock } from '../fakes/clock.ts';

const CONTENT: NotificationContent = { type: 'basic', iconUrl: 'icon/128.png', title: 'Anna', message: 'is calling' };
const ID = 'call:call-1';

function setUp() {
  const clock = createFakeClock();
  const world = { clock, done: [] as string[], news: 0, fails: false };
  const notifications = settlingNotifications({
    clock,
    notifications: {
      async create(id) {
        if (world.fails) throw new Error('no icon');
        world.done.push(`create ${id}`);
      },
      update: async (id) => world.done.push(`update ${id}`),
      clear: async (id) => world.done.push(`clear ${id}`),
      getAll: async () => ({}),
    },
    onSettled: () => {
      world.news += 1;
    },
  });
  return { world, notifications };
}

// All that is under way comes by promises alone.
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('one is new until it has settled, which is told once', async () => {
  const { world, notifications } = setUp();
  const creating = notifications.create(ID, CONTENT);
  expect(notifications.isNew?.(ID)).toBe(true);
  await creating;
  world.clock.advance(299);
  expect([notifications.isNew?.(ID), world.news]).toEqual([true, 0]);
  world.clock.advance(1);
  expect([notifications.isNew?.(ID), world.news, world.clock.pending()]).toEqual([false, 1, 0]);
});

test('one that is cleared at once goes when it has settled, and nobody hears that it could be changed', async () => {
  const { world, notifications } = setUp();
  await notifications.create(ID, CONTENT);
  await notifications.clear(ID);
  expect(world.done).toEqual([`create ${ID}`]);
  world.clock.advance(300);
  expect([world.done, world.news]).toEqual([[`create ${ID}`, `clear ${ID}`], 0]);
});

test('one that has settled, or that this worker did not create, is cleared at once', async () => {
  const { world, notifications } = setUp();
  await notifications.create(ID, CONTENT);
  world.clock.advance(300);
  await notifications.clear(ID);
  await notifications.clear('call:older');
  expect(world.done).toEqual([`create ${ID}`, `clear ${ID}`, 'clear call:older']);
});

test('the same one is created again only when the first has settled', async () => {
  const { world, notifications } = setUp();
  await notifications.create(ID, CONTENT);
  const again = notifications.create(ID, CONTENT);
  await settled();
  expect(world.done).toHaveLength(1);
  world.clock.advance(300);
  await again;
  expect(world.done).toEqual([`create ${ID}`, `create ${ID}`]);
});

test('one that could not be created is no new one, and no reason to look again', async () => {
  const { world, notifications } = setUp();
  world.fails = true;
  await expect(notifications.create(ID, CONTENT)).rejects.toThrow('no icon');
  world.clock.advance(1_000);
  expect([notifications.isNew?.(ID), world.news]).toEqual([false, 0]);
});
