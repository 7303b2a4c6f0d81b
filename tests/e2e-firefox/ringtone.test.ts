// Story, in Firefox: the event page rings for a call until it is answered.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { ADA, ANNA, eventually, waitForText } from '../e2e/world.ts';
import { describeInFirefox, type FirefoxWorld, openFirefoxWorld } from './world.ts';

// Counts in the event page what is played and stopped there.
const WATCH = `browser.runtime.getBackgroundPage().then((page) => {
  page.heard = [];
  const { play, pause } = page.HTMLMediaElement.prototype;
  page.HTMLMediaElement.prototype.play = function () {
    return play.call(this).then(() => void page.heard.push('plays ' + this.volume), (error) => void page.heard.push(String(error)));
  };
  page.HTMLMediaElement.prototype.pause = function () {
    page.heard.push('stops');
    pause.call(this);
  };
})`;
const HEARD = "browser.runtime.getBackgroundPage().then((page) => [...page.heard].join(', '))";

describeInFirefox('a Firefox that rings', () => {
  let world: FirefoxWorld;
  let agent: FirefoxAgent;

  beforeAll(async () => {
    world = await openFirefoxWorld();
    agent = await world.agent('ada');
  });
  afterAll(() => world.close());

  test('is heard for as long as the call is offered', async () => {
    const options = await agent.openView('options.html');
    await waitForText(options, 'Ring in this browser');
    await options.evaluate(() => {
      const labels = [...document.querySelectorAll<HTMLLabelElement>('.switch')];
      labels.find(({ textContent }) => textContent.includes('Ring in this browser'))?.click();
    });
    await waitForText(options, 'Volume');
    await options.evaluate(WATCH);
    const heard = () => options.evaluate(HEARD);
    await world.stage.desk.callIn({ from: ANNA.reported, to: ADA });
    await eventually('a ring', heard, (all) => all === 'plays 0.5');
    await world.stage.desk.lift(ADA);
    await eventually('the end of the ring', heard, (all) => all === 'plays 0.5, stops');
    expect(await heard()).toBe('plays 0.5, stops');
  });
});
