// Story: the phone rings, the agent sees who it is, and the contact opens where the CRM is already open.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import { ADA, ANNA, createdNotifications, eventually, openWorld, seenOf, type World } from './world.ts';

describe('an incoming call', () => {
  let world: World;
  let agent: Agent;
  let crm: Page;

  beforeAll(async () => {
    world = await openWorld();
    agent = await world.agent('ada');
    crm = await agent.openPage(world.crm.url);
  });
  afterAll(() => world.close());
  afterEach(async () => {
    const { desk } = world.stage;
    while ((await desk.farHangsUp(ADA)) || (await desk.hangUp(ADA)));
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    await eventually(
      'no notification',
      () => agent.notifications(),
      (ids) => ids.length === 0,
    );
  });

  const notification = async () => {
    const [id = ''] = await eventually(
      'a notification',
      () => agent.notifications(),
      (ids) => ids.length === 1,
    );
    return id;
  };
  const ring = (from: string = ANNA.reported) => world.stage.desk.callIn({ from, to: ADA });

  test('pops up once, and a click on it opens the contact in the tab that is open', async () => {
    const createdBefore = (await createdNotifications(agent)).length;
    await ring();
    const id = await notification();
    await agent.pressNotification(id, -1);
    await crm.waitForFunction((path) => location.pathname === path, { polling: 50 }, ANNA.page);
    const tabs = (await agent.browser.pages()).filter((page) => page.url().startsWith(world.crm.url));
    expect(tabs).toHaveLength(1);
    expect((await createdNotifications(agent)).slice(createdBefore)).toEqual([id]);
    await seenOf(world, { id, action: 'shown', times: 1 });
    await seenOf(world, { id, action: 'opened', times: 1 });
  });

  test("is answered by the notification's first button and declined by its second", async () => {
    await ring();
    await agent.pressNotification(await notification(), 0);
    await world.stage.lineUntil(ADA, 'a connected call', ({ calls }) =>
      calls.some(({ state }) => state === 'connected'),
    );
    await eventually(
      'no notification',
      () => agent.notifications(),
      (ids) => ids.length === 0,
    );
    await world.stage.desk.hangUp(ADA);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    await ring();
    await agent.pressNotification(await notification(), 1);
    const line = await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    expect(line.calls.some(({ state, cause }) => state === 'ended' && cause === 'rejected')).toBe(true);
  });

  test('goes away when the caller gives up', async () => {
    await ring();
    await notification();
    await world.stage.desk.farHangsUp(ADA);
    await eventually(
      'no notification',
      () => agent.notifications(),
      (ids) => ids.length === 0,
    );
  });
});
