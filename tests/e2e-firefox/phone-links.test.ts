// Story, in Firefox: numbers that are called from elsewhere. The menu of the right button and Firefox's own question are
// the browser's real ones; the extension may not look at the page.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FirefoxAgent } from '../../scripts/stage/firefox-agent.ts';
import { ADA, ANNA, eventually } from '../e2e/world.ts';
import { describeInFirefox, type FirefoxWorld, openFirefoxWorld } from './world.ts';

const HOST = 'mail.example';
const BODY = `<textarea id="mail"></textarea><p id="number">Tel. ${ANNA.e164} please</p>
  <a id="link" href="tel:${ANNA.e164}">call</a>`;

describeInFirefox('calls that come from elsewhere, in Firefox', () => {
  let world: FirefoxWorld;
  let agent: FirefoxAgent;
  let mail: Server;
  let page: Page;

  beforeAll(async () => {
    mail = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end(`<!doctype html><body>${BODY}</body>`);
    });
    await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve));
    world = await openFirefoxWorld();
    agent = await world.agent('ada', { prefs: { 'network.dns.localDomains': HOST } });
    await agent.chooseForPhoneLinks();
    // A server that listens has an address and a port.
    page = await agent.openPage(`http://${HOST}:${(mail.address() as AddressInfo).port}/`);
    await page.bringToFront();
  });
  afterAll(async () => {
    await world?.close();
    mail?.close();
  });
  afterEach(async () => {
    // One that was answered goes by itself, perhaps just now.
    for (const card of await agent.confirmWindows()) await card.close().catch(() => undefined);
    await eventually('no card', agent.confirmWindows, (cards) => cards.length === 0);
  });

  const dialled = async () => (await world.stage.desk.received()).length;

  async function cardThatSays(text: string): Promise<Page> {
    const [card] = await eventually(
      `a card that says “${text}”`,
      async () => {
        const said = [];
        for (const one of await agent.confirmWindows()) {
          if (String(await one.evaluate(() => document.body.textContent).catch(() => '')).includes(text))
            said.push(one);
        }
        return said;
      },
      (said) => said.length > 0,
    );
    if (!card) throw new Error('there is no card');
    return card;
  }

  test('the menu of the right button calls what is selected, by a press on the card alone', async () => {
    const before = await dialled();
    await select(page, '#number');
    await agent.chooseInMenu(page, '#number');
    const card = await cardThatSays(ANNA.name);
    expect(await card.evaluate(() => document.body.textContent)).toContain(`Selected on ${HOST}`);
    expect(await dialled()).toBe(before);
    await eventually(
      'the call',
      async () => {
        await card.click('.confirm-card__actions .button--primary').catch(() => undefined);
        return dialled();
      },
      (count) => count > before,
    );
    await world.stage.lineUntil(ADA, 'the call', ({ calls }) => calls.some(({ state }) => state === 'prompting'));
    await world.stage.desk.hangUp(ADA);
  });

  // Elsewhere Firefox does not tell what is selected before the entry is pressed, and it is always there.
  test('where Offhook may look there is no entry for a selection without digits', async () => {
    const crm = await agent.openPage(`${world.crm.url}${ANNA.page}`);
    await crm.bringToFront();
    await crm.evaluate(() => {
      document.body.prepend(Object.assign(document.createElement('p'), { id: 'words', textContent: 'Dear all' }));
    });
    await select(crm, '#words');
    await agent.findsNoMenuEntry(crm, '#words');
    await crm.close();
    await page.bringToFront();
  });

  test('a phone link asks once in Firefox, then on the card, and the page comes back', async () => {
    const before = await dialled();
    await page.click('#link');
    await agent.allowLink();
    const card = await cardThatSays(ANNA.name);
    expect(await card.evaluate(() => document.body.textContent)).toContain('from another program or a web page');
    await eventually(
      'the page to be back',
      () => page.evaluate(() => document.querySelector('#mail') !== null).catch(() => false),
      (isBack) => isBack,
    );
    expect(await dialled()).toBe(before);
  });
});

async function select(page: Page, selector: string): Promise<void> {
  await page.evaluate((one) => {
    const element = document.querySelector(one);
    if (element) getSelection()?.selectAllChildren(element);
  }, selector);
}
