// Story: the contact opens by itself when the phone rings, in the CRM's tab, and one press takes it back.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import { ADA, ANNA, eventually, openWorld, press, type World } from './world.ts';

describe('a contact that opens by itself', () => {
  let world: World;
  let agent: Agent;

  beforeAll(async () => {
    world = await openWorld();
    agent = await world.agent('ada');
    await agent.inWorker(
      "chrome.storage.local.get('settings').then(({ settings }) => chrome.storage.local.set({ settings: { ...settings, opensContact: 'ring' } }))",
    );
  });
  afterAll(() => world?.close());
  afterEach(async () => {
    await world.stage.desk.farHangsUp(ADA);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    await eventually('no window', agent.callerWindowCount, (count) => count === 0);
  });

  const addresses = async (): Promise<string[]> =>
    (await agent.browser.pages()).map((page) => page.url()).filter((url) => url.startsWith(world.crm.url));
  const standsAt = (what: string, expected: readonly string[]) =>
    eventually(what, addresses, (now) => now.join() === expected.join());

  test('is taken back in the tab that it moved, and then nothing more is offered', async () => {
    const page = await agent.openPage(`${world.crm.url}/contacts`);
    await world.stage.desk.callIn({ from: ANNA.reported, to: ADA });
    await standsAt('the contact', [world.crm.url + ANNA.page]);
    const window = await agent.callerWindow();
    await window.waitForSelector('.opened-note');
    await press(window, 'Undo');
    await standsAt('the list', [`${world.crm.url}/contacts`]);
    await window.waitForSelector('.opened-note', { hidden: true });
    expect(await window.$('.note--quiet')).toBeNull();
    await page.close();
  });

  test('is taken back with the tab that was made for it', async () => {
    await world.stage.desk.callIn({ from: ANNA.reported, to: ADA });
    await standsAt('the contact', [world.crm.url + ANNA.page]);
    await press(await agent.callerWindow(), 'Undo');
    await standsAt('no page', []);
  });
});
