// Story, in Firefox: an agent calls a customer from the CRM with one click, and the page never learns that we are there.
import type { Browser, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchFirefox } from '../../scripts/firefox.ts';
import type { FirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { paintedNumbers, waitForPainted } from '../../scripts/stage/marks.ts';
import { ADA, ANNA, eventually } from '../e2e/world.ts';
import { callByChip, describeInFirefox, type FirefoxWorld, openFirefoxWorld, treeOf } from './world.ts';

describeInFirefox('dialling from a page in Firefox', () => {
  let world: FirefoxWorld;
  let agent: FirefoxAgent;

  beforeAll(async () => {
    world = await openFirefoxWorld();
    agent = await world.agent('ada');
  });
  afterAll(() => world.close());
  afterEach(async () => {
    await world.stage.desk.hangUp(ADA);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  });

  const ownPhoneRings = () =>
    world.stage.lineUntil(ADA, 'the own phone to ring', ({ calls }) =>
      calls.some(({ state }) => state === 'prompting'),
    );

  test('numbers are painted where they stand, in a closed shadow root too', async () => {
    const page = await agent.openPage(world.crm.url);
    const painted = await waitForPainted(page, 20);
    expect(painted).toContain(ANNA.text);
    const hidden = '+49 30 23125077';
    await page.evaluate((text) => {
      const host = document.createElement('div');
      host.attachShadow({ mode: 'closed' }).innerHTML = `<p>${text}</p>`;
      document.body.prepend(host);
    }, hidden);
    await eventually(
      'the number in the closed root to be painted',
      () => paintedNumbers(page),
      (all) => all.includes(hidden),
    );
    await page.close();
  });

  test('one click on the chip dials once, and what was shown', async () => {
    const before = (await world.stage.desk.received()).length;
    const page = await agent.openPage(world.crm.url);
    await waitForPainted(page, 20);
    await callByChip(page, ANNA);
    const line = await ownPhoneRings();
    expect(line.calls.find(({ state }) => state === 'prompting')?.remote.number).toEqual({
      kind: 'e164',
      number: ANNA.e164,
    });
    const orders = (await world.stage.desk.received()).slice(before);
    expect(orders.map(({ name, lineKey, dialString }) => ({ name, lineKey, dialString }))).toEqual([
      { name: 'makeCall', lineKey: ADA, dialString: `0${ANNA.reported}` },
    ]);
    await page.close();
  });

  test('the page is the same with Offhook as without: numbers marked, chip shown and hidden, a call made', async () => {
    const stranger = await launchFirefox({ headless: true });
    onTestFinished(() => stranger.close());
    const bare = await openStill(stranger, world.crm.url);
    const marked = await openStill(agent.browser, world.crm.url);
    await waitForPainted(marked, 20);
    expect(await paintedNumbers(bare)).toEqual([]);
    await untilAlike(marked, bare);
    // The page draws a row anew when the mouse enters it: the same mouse is on both.
    await (await bare.waitForSelector('td.number'))?.hover();
    await callByChip(marked, ANNA);
    await ownPhoneRings();
    for (const one of [bare, marked]) await one.mouse.move(5, 5);
    await untilAlike(marked, bare);
  });
});

/** Waits until the trees of both are the same: a page draws in its own time, and what is shown in it goes in ours. */
async function untilAlike(marked: Page, bare: Page): Promise<void> {
  const ask = async () => ({ tree: (await treeOf(marked)).join('\n'), plain: (await treeOf(bare)).join('\n') });
  const isAlike = ({ tree, plain }: { tree: string; plain: string }) => tree === plain;
  const last = await eventually('the same page', ask, isAlike).catch(ask);
  expect(last.tree).toBe(last.plain);
}

/** A page whose own timers never tick, so that two of them can be compared. */
async function openStill(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(() => {
    Object.assign(window, { setInterval: () => 0, clearInterval: () => undefined });
  });
  await page.goto(url);
  await page.bringToFront();
  return page;
}
