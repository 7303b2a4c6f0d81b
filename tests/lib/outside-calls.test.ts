// Calls from elsewhere, through the whole worker: the browser's events on one side, the window and its page on the other.
import { describe, expect, test } from 'vitest';
import type { AskedCalls } from '#lib/asked-calls.ts';
import { aLine } from '../components/builders.ts';
import { OWN_ORIGIN } from '../fakes/messaging.ts';
import { aPairedWorld, createWorkerWorld, settled } from '../fakes/worker-world.ts';

const LINK = `${OWN_ORIGIN}/phone-link.html?link=tel%3A%2B493023125042`;
const CONFIRM = `${OWN_ORIGIN}/confirm.html`;

type World = ReturnType<typeof createWorkerWorld>;

async function linkComes(world: World, url = LINK, tabId = 5): Promise<void> {
  world.events.onTabUpdated.emit(tabId, { status: 'complete' }, { id: tabId, url });
  await settled();
}

// The worker's own answer.
const waiting = async (world: World, request: object = {}) => (await world.ask('asked-calls', request)) as AskedCalls;
const confirmWindows = (world: World) => world.windows.pages.filter(({ url }) => url === CONFIRM);

describe('a phone link', () => {
  test('opens the window with its card, gives the tab back and orders nothing', async () => {
    const world = await aPairedWorld([aLine()]);
    await linkComes(world);
    expect(world.windows.created).toMatchObject([{ url: CONFIRM, type: 'popup', focused: true }]);
    expect(world.wentBack).toEqual([5]);
    expect((await waiting(world)).calls).toMatchObject([{ kind: 'link', text: 'tel:+493023125042' }]);
    expect(world.commands()).toEqual([]);
  });

  test('needs neither relay nor pairing to be shown', async () => {
    const world = createWorkerWorld();
    await world.startWorker();
    await linkComes(world);
    expect(confirmWindows(world)).toHaveLength(1);
  });

  test('finds the window again that an earlier worker opened', async () => {
    const world = await aPairedWorld([aLine()]);
    await linkComes(world);
    world.killWorker();
    await world.startWorker();
    await linkComes(world, `${OWN_ORIGIN}/phone-link.html?link=tel:2`, 6);
    expect(confirmWindows(world)).toHaveLength(1);
    expect((await waiting(world)).calls).toHaveLength(2);
  });

  test('is remembered for the options', async () => {
    const world = await aPairedWorld();
    await linkComes(world);
    expect(await world.storage.local.get('phoneLinkAt')).toEqual({ phoneLinkAt: world.clock.now() });
  });

  test('in Firefox, which does not tell who opened it, is treated as a page’s', async () => {
    const world = await aPairedWorld([], 'firefox');
    await linkComes(world);
    expect((await waiting(world)).calls).toMatchObject([{ from: 'either' }]);
  });
});

test('the menu’s entries are there after the installation, and ask about what was selected', async () => {
  const world = await aPairedWorld();
  world.events.onInstalled.emit({ reason: 'update' });
  await settled();
  expect([...world.menus.keys()]).toEqual(['call-selection', 'call-link']);
  const click = { menuItemId: 'call-selection', selectionText: '030 23125042', pageUrl: 'https://mail.example/' };
  world.events.onMenuClicked.emit(click, { id: 9 });
  await settled();
  expect((await waiting(world)).calls).toMatchObject([{ kind: 'text', text: '030 23125042', from: 'menu' }]);
});

test('what was decided about is gone, and so is everything when the window goes', async () => {
  const world = await aPairedWorld();
  await linkComes(world);
  await linkComes(world, `${OWN_ORIGIN}/phone-link.html?link=tel:2`, 6);
  const { calls } = await waiting(world);
  expect((await waiting(world, { done: calls[0]?.id })).calls).toHaveLength(1);
  const [page] = confirmWindows(world);
  // Time enough to have read it.
  world.clock.advance(1_000);
  world.windows.closed(page?.windowId ?? -1);
  await settled();
  expect((await waiting(world)).calls).toEqual([]);
});
