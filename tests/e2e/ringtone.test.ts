// Story: the browser rings for a call, in a page that nobody sees, until it is answered, muted or over.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import { ADA, ANNA, closeCallerWindows, eventually, openWorld, press, type World, waitForText } from './world.ts';

describe('a browser that rings', () => {
  let world: World;
  let agent: Agent;

  beforeAll(async () => {
    world = await openWorld();
    agent = await world.agent('ada');
    const options = await agent.openView('options.html');
    await options.locator('.switch ::-p-text(Ring in this browser)').click();
    await options.waitForSelector('input[type=range]');
    await waitForText(options, 'Saved');
    await options.close();
  });
  afterAll(() => world?.close());
  afterEach(async () => {
    const { desk } = world.stage;
    while ((await desk.farHangsUp(ADA)) || (await desk.hangUp(ADA)));
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    await rung(undefined);
    await closeCallerWindows(agent);
  });

  // What rings stands behind the address of the page; that it is heard its own player says.
  const ringing = () =>
    agent
      .inWorker(
        "chrome.runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] }).then(([page]) => page?.documentUrl && new URL(page.documentUrl).hash)",
      )
      .catch(() => 'nobody to be asked: the worker is just ending');
  const rung = (hash: string | undefined) =>
    eventually(`the ring ${hash}`, ringing, (now) => (now ?? undefined) === hash);
  const callIn = () => world.stage.desk.callIn({ from: ANNA.reported, to: ADA });

  test('is heard for as long as the call is offered, and not while it is talked', async () => {
    await callIn();
    await rung('#tone=classic&volume=0.5');
    const sound = await agent.browser.waitForTarget((target) => target.url().includes('/ringer.html'));
    const page = await sound.asPage();
    // It is never painted.
    await page.waitForFunction('!["", "Offhook"].includes(document.title)', { polling: 100 });
    expect(await page.title()).toBe('playing');
    await world.stage.desk.lift(ADA);
    await rung(undefined);
  });

  test('goes on when the worker dies, and stops when the call is over', async () => {
    await callIn();
    await rung('#tone=classic&volume=0.5');
    await agent.callerWindow();
    await agent.stopWorker();
    await rung('#tone=classic&volume=0.5');
    await world.stage.desk.farHangsUp(ADA);
    await rung(undefined);
  });

  test('is muted in the caller window, and the call goes on being offered', async () => {
    await callIn();
    await rung('#tone=classic&volume=0.5');
    await press(await agent.callerWindow(), 'Mute ringtone');
    await rung(undefined);
    await world.stage.lineUntil(ADA, 'a call that is offered', ({ calls }) =>
      calls.some(({ state }) => state === 'offering'),
    );
  });
});
