// Story: an agent who uses no mouse. The commands are raised as the browser raises them when their keys are pressed.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import { ADA, ANNA, eventually, openWorld, type World } from './world.ts';

describe('keyboard commands', () => {
  let world: World;
  let agent: Agent;
  let crm: Page;

  beforeAll(async () => {
    world = await openWorld();
    agent = await world.agent('ada');
    crm = await agent.openPage(`${world.crm.url}${ANNA.page}`);
    await crm.waitForFunction('[...CSS.highlights.values()].some((one) => one.size > 0)', { polling: 50 });
  });
  afterAll(() => world.close());
  afterEach(async () => {
    const { desk } = world.stage;
    while ((await desk.farHangsUp(ADA)) || (await desk.hangUp(ADA)));
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    // The page has its focus back: what holds it next is what the next command brings.
    await crm.bringToFront();
    await crm.keyboard.press('Escape');
    await crm.waitForFunction('document.activeElement === document.body', { polling: 50 });
  });

  const press = (command: string) => agent.inWorker(`chrome.commands.onCommand.dispatch('${command}')`);
  const lineWith = (state: string) =>
    world.stage.lineUntil(ADA, `a call that is ${state}`, ({ calls }) => calls.some((call) => call.state === state));
  const standing = (part: string) =>
    eventually(
      `a notification ${part}`,
      () => agent.notifications(),
      (ids) => ids.some((id) => id.startsWith(part)),
    );

  test('the first one answers what rings, and pressed again a while later hangs it up', async () => {
    await world.stage.desk.callIn({ from: ANNA.reported, to: ADA });
    await lineWith('offering');
    await standing('call:');
    await press('answer-or-drop');
    await lineWith('connected');
    const hungUp = ({ calls }: { calls: { state: string }[] }) => calls.every(({ state }) => state === 'ended');
    const ended = world.stage.lineUntil(ADA, 'a call that was hung up', hungUp);
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    // A second press that comes too soon does nothing.
    await eventually(
      'a call that was hung up',
      async () => {
        if (!isOver) await press('answer-or-drop');
        return isOver;
      },
      (answer) => answer,
    );
    await ended;
    // One press may have come when it was over already.
    await agent.inWorker("chrome.notifications.clear('failed-order:shortcut')");
  });

  test('without a call it says so', async () => {
    await agent.inWorker("chrome.notifications.clear('failed-order:shortcut')");
    await press('answer-or-drop');
    await standing('failed-order:');
  });

  test('the next number gets the keyboard, and Enter calls it', async () => {
    await crm.bringToFront();
    await press('next-number');
    // Nothing of the chip can be seen from outside but that it holds the focus: its host is the active element.
    await crm.waitForFunction('document.activeElement !== document.body', { polling: 50 });
    const before = (await world.stage.desk.received()).length;
    await eventually(
      'a call',
      async () => {
        await crm.keyboard.press('Enter');
        return (await world.stage.desk.received()).length;
      },
      (count) => count > before,
    );
    expect((await lineWith('prompting')).calls.filter(({ state }) => state !== 'ended')).toHaveLength(1);
  });

  test('the selection is offered, and its number is the one that is called', async () => {
    await crm.bringToFront();
    await crm.evaluate(() => {
      const text = Object.assign(document.createElement('p'), {
        id: 'chosen',
        textContent: 'Call 030 23125014 today.',
      });
      document.body.prepend(text);
      getSelection()?.selectAllChildren(text);
    });
    const before = (await world.stage.desk.received()).length;
    await press('dial-selection');
    await crm.waitForFunction('document.activeElement !== document.body', { polling: 50 });
    const received = await eventually(
      'a call',
      async () => {
        await crm.keyboard.press('Enter');
        return world.stage.desk.received();
      },
      (orders) => orders.length > before,
    );
    expect(JSON.stringify(received.at(-1))).toContain('3023125014');
    await crm.$eval('#chosen', (text) => text.remove());
  });

  test('the list of the page’s numbers opens with the focus in it, and Enter calls the first', async () => {
    await crm.bringToFront();
    const popupUrl = `chrome-extension://${agent.extensionId}/popup.html`;
    const opened = agent.browser.waitForTarget((target) => target.url() === popupUrl);
    await press('list-numbers');
    const popup = await (await opened).asPage();
    await popup.waitForFunction("document.activeElement?.closest('.page-number')", { polling: 50 });
    const before = (await world.stage.desk.received()).length;
    await popup.keyboard.press('Enter');
    await lineWith('prompting');
    expect((await world.stage.desk.received()).length).toBe(before + 1);
    await popup.close();
  });

  test('the numbers of the page are listed for views', async () => {
    const panel = await agent.openView('sidepanel.html');
    await crm.bringToFront();
    const ask = 'chrome.runtime.sendMessage({name: "page-numbers", request: {}})';
    await eventually(
      'the number of the page in front',
      async () => (await panel.evaluate(ask)) as { numbers: { text: string }[] }, // the worker's own answer
      ({ numbers }) => numbers.some(({ text }) => text.replace(/\D/g, '') === ANNA.reported),
    );
    await panel.close();
  });
});
