// Story: a day at the side panel, with the real relay: find somebody by name, call, write, put on hold, set the line.
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import { ADA, ANNA, openWorld, press, type World, waitForNoText, waitForText } from './world.ts';

describe('the side panel', () => {
  let world: World;
  let agent: Agent;
  let panel: Page;

  beforeAll(async () => {
    world = await openWorld();
    agent = await world.agent('ada');
    panel = await agent.openView('sidepanel.html');
    await waitForText(panel, 'Line 10');
  });
  afterAll(() => world.close());

  const textIn = (selector: string) =>
    panel.$eval(selector, (field) => (field instanceof HTMLTextAreaElement ? field.value : ''));

  test('somebody is found by name and called with Enter; what is written outlives the call', async () => {
    const { desk } = world.stage;
    await panel.type('.dial__input', 'krüger');
    await panel.waitForSelector('.suggestion[aria-selected=true]');
    await waitForText(panel, `Dials 0${ANNA.reported} on line 10`);
    await panel.keyboard.press('Enter');
    await waitForText(panel, 'Your phone is ringing: lift it');
    await desk.lift(ADA);
    await desk.farAnswers(ADA);
    await waitForText(panel, 'In call');
    const note = await panel.waitForSelector('.card--connected textarea');
    await note?.type('Wants the offer ');
    await desk.farHangsUp(ADA);
    await waitForText(panel, 'Ended');
    // The focus is where it was: typing goes on.
    await panel.keyboard.type('by Friday');
    expect(await textIn('.card textarea')).toBe('Wants the offer by Friday');
    await press(panel, 'Call back');
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    // The next one to open it reads the note in the journal.
    await panel.close();
    panel = await agent.openView('sidepanel.html');
    await waitForText(panel, 'Line 10');
    await press(panel, 'Journal');
    await waitForText(panel, 'Wants the offer by Friday');
    await waitForText(panel, 'Call back');
  });

  test('do not disturb is set on the phone system, and shown as it says', async () => {
    await press(panel, 'Do not disturb');
    await panel.waitForSelector('.own-line [aria-pressed=true]');
    await press(panel, 'Do not disturb');
    await waitForNoText(panel, 'Do not disturb');
  });
});
