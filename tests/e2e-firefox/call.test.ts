// Story, in Firefox: the phone rings, the agent sees who it is, answers and hangs up, and it all survives the suspension of
// the event page and the death of the relay.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { ADA, ANNA, eventually, PAUL, press, seenFrames, waitForText } from '../e2e/world.ts';
import { describeInFirefox, type FirefoxWorld, openFirefoxWorld } from './world.ts';

describeInFirefox('a call in Firefox', () => {
  let world: FirefoxWorld;
  let agent: FirefoxAgent;
  let popup: Page;

  beforeAll(async () => {
    world = await openFirefoxWorld();
    agent = await world.agent('ada');
    popup = await agent.openView('popup.html');
    await waitForText(popup, 'Line 10');
  });
  afterAll(() => world.close());
  afterEach(async () => {
    await world.stage.desk.hangUp(ADA);
    await world.stage.desk.farHangsUp(ADA);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    await noNotification();
  });

  const ring = (from: string) => world.stage.desk.callIn({ from, to: ADA });
  const isConnected = () =>
    world.stage.lineUntil(ADA, 'a connected call', ({ calls }) => calls.some(({ state }) => state === 'connected'));
  const notification = async () => {
    const [id = ''] = await eventually(
      'a notification',
      () => agent.notifications(),
      (ids) => ids.length === 1,
    );
    return id;
  };
  const noNotification = () =>
    eventually(
      'no notification',
      () => agent.notifications(),
      (ids) => ids.length === 0,
    );

  test('an incoming call shows who it is: one notification, and the view', async () => {
    const shownBefore = (await agent.shownNotifications()).length;
    await ring(ANNA.reported);
    const id = await notification();
    await waitForText(popup, 'Calling you');
    await waitForText(popup, ANNA.name);
    const shown = async () => (await agent.shownNotifications()).slice(shownBefore);
    const told = () => seenFrames(world.stage, 'shown').filter((callId) => id === `call:${callId}`);
    await eventually('the relay to be told', told, (all) => all.length > 0);
    await world.stage.desk.farHangsUp(ADA);
    await noNotification();
    // Nor was there another one for as long as it rang.
    expect((await shown()).map((one) => one.id)).toEqual([id]);
    expect((await shown())[0]?.title).toContain(ANNA.name);
    expect(told()).toHaveLength(1);
  });

  test('a click on the notification opens the contact in the tab that is open', async () => {
    const crm = await agent.openPage(world.crm.url);
    await ring(ANNA.reported);
    await agent.clickNotification(await notification());
    await crm.waitForFunction((path) => location.pathname === path, { polling: 50 }, ANNA.page);
    await crm.close();
  });

  test('it is answered and ended from the popup', async () => {
    await ring(PAUL.reported);
    await waitForText(popup, PAUL.name);
    await notification();
    await press(popup, 'Answer');
    await isConnected();
    await waitForText(popup, 'In call');
    await noNotification();
    await press(popup, 'Hang up');
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  });

  test('the event page is suspended in the middle of a call: it comes back, and the call can be ended', async () => {
    await ring(PAUL.reported);
    await waitForText(popup, PAUL.name);
    await notification();
    await press(popup, 'Answer');
    await waitForText(popup, 'In call');
    const bornAt = await agent.workerBornAt();
    await agent.stopWorker();
    await eventually('a new event page', agent.workerBornAt, (born) => born > bornAt);
    await eventually('one signed-in extension', world.signedIn, (count) => count === 1);
    await waitForText(popup, 'In call');
    await isConnected();
    await press(popup, 'Hang up');
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  });

  test('the event page is suspended while nobody looks: it wakes by itself, and the next call comes up', async () => {
    await popup.close();
    for (const page of await agent.callerWindows()) await page.close();
    await agent.stopWorker();
    // Nothing but its alarm wakes it, every 20 seconds: no view is open and nobody asks it anything.
    await eventually('the event page to wake', agent.workerState, (state) => state === 'running', 60_000);
    await eventually('one signed-in extension', world.signedIn, (count) => count === 1, 30_000);
    await ring(ANNA.reported);
    await notification();
    popup = await agent.openView('popup.html');
    await waitForText(popup, 'Calling you');
  });

  test('the relay is killed in the middle of a call: the link and the call come back', async () => {
    await ring(ANNA.reported);
    await waitForText(popup, 'Calling you');
    await notification();
    await world.stage.desk.lift(ADA);
    await waitForText(popup, 'In call');
    await world.stage.relay.kill();
    await waitForText(popup, 'The relay is not reachable');
    await world.stage.relay.start();
    await eventually('the link to come back', world.signedIn, (count) => count === 1, 45_000);
    await waitForText(popup, 'In call');
    await isConnected();
  });
});
