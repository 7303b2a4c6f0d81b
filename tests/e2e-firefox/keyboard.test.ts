// Story, in Firefox: an agent who uses no mouse goes from number to number, calls what is selected, and opens the list.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { waitForPainted } from '../../scripts/stage/marks.ts';
import { ADA, ANNA, eventually, PAUL } from '../e2e/world.ts';
import { describeInFirefox, type FirefoxWorld, lookInPage, openFirefoxWorld } from './world.ts';

describeInFirefox('keyboard commands in Firefox', () => {
  let world: FirefoxWorld;
  let agent: FirefoxAgent;
  let crm: Page;

  beforeAll(async () => {
    world = await openFirefoxWorld();
    agent = await world.agent('ada');
    crm = await agent.openPage(`${world.crm.url}${ANNA.page}`);
    await crm.bringToFront();
    await waitForPainted(crm, 1);
  });
  afterAll(() => world.close());
  afterEach(async () => {
    await world.stage.desk.hangUp(ADA);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  });

  const orders = () => world.stage.desk.received();

  /** Looks at the button as long as a person does, and presses Enter until an order is there. */
  async function callByEnter(): Promise<string> {
    const before = (await orders()).length;
    await crm.evaluate(lookInPage, 600);
    const all = await eventually(
      'a call',
      async () => {
        await crm.keyboard.press('Enter');
        return orders();
      },
      (now) => now.length > before,
    );
    return JSON.stringify(all.slice(before));
  }

  const untilTheButtonHasTheFocus = () =>
    crm.waitForFunction('document.activeElement !== document.body', { timeout: 10_000 });

  test('the next number gets the keyboard, and Enter calls it', async () => {
    await agent.pressShortcut('N');
    await untilTheButtonHasTheFocus();
    expect(await callByEnter()).toContain('makeCall');
  });

  test('what is selected is called, and nothing else', async () => {
    await crm.evaluate((text) => {
      const words = Object.assign(document.createElement('p'), { id: 'chosen', textContent: `Call ${text} today.` });
      document.body.prepend(words);
      getSelection()?.selectAllChildren(words);
    }, PAUL.text);
    await agent.pressShortcut('D');
    await untilTheButtonHasTheFocus();
    expect(await callByEnter()).toContain(PAUL.reported.slice(1));
    await crm.$eval('#chosen', (words) => words.remove());
  });

  test('the list of the page’s numbers opens with the focus in it', async () => {
    await agent.pressShortcut('L');
    const focused = "view.document.activeElement?.closest('.page-number')?.textContent ?? ''";
    const text = await eventually(
      'the list',
      async () => String((await agent.inside('popup', focused)) ?? ''),
      (row) => row !== '',
    );
    expect(text.replace(/\D/g, '')).toContain('30');
    await agent.inside('popup', 'view.close()');
  });
});
