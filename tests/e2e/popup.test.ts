// Story: the popup shows what the phone does, step by step, and offers what can be done about it.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import {
  ADA,
  ANNA,
  BEN,
  openWorld,
  press,
  typeToDial,
  type World,
  waitForNoText,
  waitForRendered,
  waitForText,
} from './world.ts';

describe('the popup', () => {
  let world: World;
  let agent: Agent;
  let popup: Page;

  beforeAll(async () => {
    world = await openWorld();
    agent = await world.agent('ada');
    popup = await agent.openView('popup.html');
    await waitForText(popup, 'Line 10');
  });
  afterAll(() => world.close());
  afterEach(async () => {
    const { desk } = world.stage;
    while ((await desk.farHangsUp(ADA)) || (await desk.hangUp(ADA)));
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  });

  const type = (text: string) => typeToDial(popup, text);
  const callAnna = async () => {
    await type(ANNA.reported);
    await waitForText(popup, `Dials 0${ANNA.reported} on line 10`);
    await popup.keyboard.press('Enter');
    await waitForText(popup, 'Your phone is ringing: lift it');
  };

  test('an outgoing call is seen in each of its states, and hung up from the popup', async () => {
    const { desk } = world.stage;
    await callAnna();
    await waitForText(popup, ANNA.name);
    await desk.lift(ADA);
    await waitForText(popup, 'Ringing at the other end');
    await desk.farAnswers(ADA);
    await waitForText(popup, 'In call');
    await press(popup, 'Hold');
    await waitForText(popup, 'On hold');
    await press(popup, 'Take back');
    await waitForText(popup, 'In call');
    await press(popup, 'Hang up');
    await waitForText(popup, 'Ended');
    await world.stage.lineUntil(ADA, 'the call to be over', ({ state }) => state === 'idle');
  });

  test('a busy number is told in words, and an own phone that nobody lifts too', async () => {
    await callAnna();
    await world.stage.desk.lift(ADA);
    await world.stage.desk.farHangsUp(ADA, 'busy');
    await waitForText(popup, 'The other end is busy.');
    await world.stage.desk.hangUp(ADA);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  });

  test('an order for a line without phone fails in words that say what to do', async () => {
    await world.stage.desk.setRegistered(ADA, 'loggedOut');
    await waitForText(popup, 'No phone logged in');
    await type(ANNA.reported);
    await waitForText(popup, `Dials 0${ANNA.reported}`);
    await popup.keyboard.press('Enter');
    await waitForText(popup, 'No phone is logged in on your line. Switch your phone on or log it in.');
    await world.stage.desk.setRegistered(ADA, 'loggedIn');
    await waitForNoText(popup, 'No phone logged in');
  });

  test('what cannot be dialled is told before anybody calls', async () => {
    const before = (await world.stage.desk.received()).length;
    await type('12345678901234567890');
    await waitForText(popup, 'This cannot be dialled. Check the number and its area code.');
    await type('0900 1234567');
    await waitForText(popup, 'premium-rate');
    expect((await world.stage.desk.received()).length).toBe(before);
  });

  test('an emergency number is asked about: Cancel and Escape dial nothing, the button that names it dials once', async () => {
    const before = (await world.stage.desk.received()).length;
    const ask = async () => {
      await type('112');
      await waitForText(popup, 'Dials 112 on line 10');
      await popup.keyboard.press('Enter');
      await waitForText(popup, '112 is an emergency number. Call it now?');
      await popup.waitForFunction('document.activeElement?.textContent?.trim() === "Cancel"', { polling: 50 });
    };
    await ask();
    // Cancel has the focus: an Enter too many is no confirmation.
    await popup.keyboard.press('Enter');
    await waitForNoText(popup, 'Call it now?');
    await ask();
    await popup.keyboard.press('Escape');
    await waitForNoText(popup, 'Call it now?');
    expect((await world.stage.desk.received()).length).toBe(before);
    await ask();
    await press(popup, 'Call 112');
    await world.stage.lineUntil(ADA, 'the own phone to ring', ({ calls }) =>
      calls.some(({ state }) => state === 'prompting'),
    );
    await waitForText(popup, 'Your phone is ringing: lift it');
    const dialled = (await world.stage.desk.received()).slice(before).map(({ dialString }) => dialString);
    expect(dialled).toEqual(['112']);
    await press(popup, 'Hang up');
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  });

  test('colleagues show their state, and a ringing one can be picked up', async () => {
    await world.stage.desk.callIn({ from: ANNA.reported, to: BEN });
    await waitForRendered(popup, 'match(/Ben Sample.*?Ringing/s)');
    await press(popup, /^(?:Pick up the call that rings at Ben Sample|Pick up)$/);
    await world.stage.lineUntil(ADA, 'the call to come over', ({ calls }) =>
      calls.some(({ state, direction }) => state !== 'ended' && direction === 'inbound'),
    );
    await world.stage.desk.farHangsUp(ADA);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  });
});
