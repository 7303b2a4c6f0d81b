// Story: numbers that are called from elsewhere. A phone link in a mail or on a page that Offhook does not work on, and the
// menu of the right button, bring up one card; nothing is dialled before somebody presses Call there. The browser registers
// the phone links for real, by the button in the options.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page, Target } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import { ADA, ANNA, eventually, openWorld, press, REMOVAL, type World, waitForText } from './world.ts';

const MAIL_HOST = 'mail.example';
const FIELD = '.confirm-card__input';
const ofMailSite = `--host-resolver-rules=MAP ${MAIL_HOST} 127.0.0.1`;

describe('calls that come from elsewhere', () => {
  let world: World;
  let agent: Agent;
  let mail: MailSite;

  beforeAll(async () => {
    mail = await openMailSite();
    world = await openWorld();
    agent = await world.agent('ada', { args: [ofMailSite] });
    await register(agent);
  });
  afterAll(async () => {
    await world?.close();
    mail?.server.close();
  });
  afterEach(async () => {
    await eventually(
      'no card',
      async () => {
        // It may be closing by itself at this very moment.
        for (const target of cards(agent))
          await pageOf(target)
            .then((page) => page.close())
            .catch(() => undefined);
        return cards(agent).length;
      },
      (count) => count === 0,
    );
    await eventually('nothing to be asked', asked, (calls) => calls.length === 0);
  });

  /** The calls that wait to be confirmed, as the worker has written them down. */
  const asked = async () =>
    (await agent.inWorker(
      "chrome.storage.session.get('askedCalls').then((all) => all.askedCalls?.calls ?? [])",
    )) as unknown[]; // the worker's own list

  const dialled = async () => (await world.stage.desk.received()).length;

  test('a link from another program brings up a card, and its tab goes', async () => {
    const before = await dialled();
    await openFromOutside(agent, 'tel:+49%2030%2023125007');
    const card = await cardOf(agent);
    await waitForText(card, 'Phone link from outside the browser');
    await waitForText(card, ANNA.name);
    await waitForText(card, 'Germany, by its country code');
    expect(await card.$eval(FIELD, (field) => (field as HTMLInputElement).value)).toBe('+49 30 23125007');
    await eventually(
      'the tab to be gone',
      () => agent.browser.targets().filter((target) => target.url().includes('phone-link.html')).length,
      (count) => count === 0,
    );
    expect(await dialled()).toBe(before);
    await pressWhenCalm(card, 'Call');
    await world.stage.lineUntil(ADA, 'the call', ({ calls }) => calls.some(({ state }) => state === 'prompting'));
    const [order] = (await world.stage.desk.received()).slice(before);
    expect(JSON.stringify(order)).toContain('3023125007');
    await world.stage.desk.hangUp(ADA);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  });

  test('a link on a page that Offhook does not know leaves the page as it was', async () => {
    const before = await dialled();
    const page = await mail.open(agent, '<textarea id="mail"></textarea><a id="link" href="tel:030-23125007">call</a>');
    await page.type('#mail', 'half a sentence');
    await page.click('#link');
    const card = await cardOf(agent);
    await waitForText(card, 'Phone link opened by a web page');
    await waitForText(card, ANNA.name);
    await page.waitForFunction('document.querySelector("#mail")?.value === "half a sentence"', { polling: 50 });
    expect(await dialled()).toBe(before);
    await page.close();
  });

  test('a page cannot open a page of the extension, nor be answered in a frame', async () => {
    const page = await mail.open(agent, '<iframe src="tel:+493023125007"></iframe>');
    await page.evaluate((id) => {
      for (const path of ['phone-link.html?link=tel:+493023125007', 'confirm.html']) {
        const frame = Object.assign(document.createElement('iframe'), { src: `chrome-extension://${id}/${path}` });
        document.body.append(frame);
      }
      location.assign(`chrome-extension://${id}/phone-link.html?link=tel:+493023125007`);
    }, agent.extensionId);
    // What the browser shows instead of it.
    await page.waitForFunction('document.body?.textContent.includes("ERR_BLOCKED_BY_CLIENT")', { polling: 50 });
    expect(await asked()).toEqual([]);
    expect(cards(agent)).toHaveLength(0);
    await page.close();
  });

  test('“Call” on a selection shows the card where Offhook is not at work', async () => {
    await choose(agent, {
      menuItemId: 'call-selection',
      selectionText: 'Tel. 030 / 231 250 07',
      pageUrl: 'https://mail.example/inbox',
    });
    const card = await cardOf(agent);
    await waitForText(card, 'Selected on mail.example');
    await waitForText(card, ANNA.name);
  });

  test('what holds no number says so, and takes one', async () => {
    await choose(agent, {
      menuItemId: 'call-link',
      linkUrl: 'callto:anna.sample',
      pageUrl: 'https://mail.example/inbox',
    });
    const card = await cardOf(agent);
    await waitForText(card, 'holds no phone number');
    await card.type(FIELD, '030 23125007');
    await waitForText(card, ANNA.name);
  });

  test('where the page script is at work its own button comes up beside the selection', async () => {
    const crm = await agent.openPage(`${world.crm.url}${ANNA.page}`);
    await crm.bringToFront();
    await crm.waitForFunction('[...CSS.highlights.values()].some((one) => one.size > 0)', { polling: 50 });
    await crm.evaluate(() => {
      const text = Object.assign(document.createElement('p'), { textContent: 'Call 030 23125014 today.' });
      document.body.prepend(text);
      getSelection()?.selectAllChildren(text);
    });
    await choose(agent, { menuItemId: 'call-selection', selectionText: 'Call 030 23125014 today.', frameId: 0 });
    await crm.waitForFunction('document.activeElement !== document.body', { polling: 50 });
    expect(cards(agent)).toHaveLength(0);
    await crm.close();
  });
});

// With a browser of its own: who has just been flooded takes no links of pages for half a minute.
test('a page that opens links by the dozen gets one window, and no call', async () => {
  const mail = await openMailSite();
  const world = await openWorld();
  try {
    const agent = await world.agent('ada', { args: [ofMailSite] });
    await register(agent);
    const before = (await world.stage.desk.received()).length;
    const page = await mail.open(agent, '<button id="go">go</button>');
    await page.evaluate(() => {
      document.querySelector('#go')?.addEventListener('click', () => {
        for (let at = 10; at < 40; at += 1) window.open(`tel:+49302312504${at}`);
      });
    });
    await page.click('#go');
    const card = await cardOf(agent);
    await page.evaluate(() => {
      for (let at = 10; at < 30; at += 1) setTimeout(() => location.assign(`tel:+493023125${at}0`), at * 20);
    });
    await waitForText(card, 'waiting');
    await card.keyboard.press('Enter');
    expect(cards(agent)).toHaveLength(1);
    expect((await world.stage.desk.received()).length).toBe(before);
    await pressWhenCalm(card, 'Cancel all');
  } finally {
    await world.close();
    mail.server.close();
  }
});

test('a link from another program may be what starts the browser', async () => {
  const world = await openWorld();
  const profileDir = mkdtempSync(join(tmpdir(), 'offhook-profile-'));
  try {
    const before = await world.newcomer({ profileDir });
    await register(before);
    await before.close();
    const agent = await world.newcomer({ profileDir, args: ['tel:+493023125007'] });
    const card = await cardOf(agent);
    await waitForText(card, 'Not connected yet');
    expect(await card.$eval(FIELD, (field) => (field as HTMLInputElement).value)).toBe('+49 30 23125007');
  } finally {
    await world.close();
    rmSync(profileDir, REMOVAL);
  }
});

// The browser's own question is answered by the debugger, which can allow what a page registers.
async function register(agent: Agent): Promise<void> {
  const options = await agent.openView('options.html');
  const session = await options.createCDPSession();
  await session.send('Page.setRPHRegistrationMode', { mode: 'autoAccept' });
  await press(options, 'Open phone links with Offhook');
  await waitForText(options, 'allow both');
  await options.close();
}

const cards = (agent: Agent): Target[] =>
  agent.browser.targets().filter((target) => target.url().includes('/confirm.html'));
const pageOf = async (target: Target): Promise<Page> => (await target.page()) ?? (await target.asPage());

async function cardOf(agent: Agent): Promise<Page> {
  const page = await pageOf(await agent.browser.waitForTarget((target) => target.url().includes('/confirm.html')));
  await page.waitForSelector(FIELD);
  return page;
}

// As a program of the system opens it: a new tab, and no page that asked for it.
async function openFromOutside(agent: Agent, link: string): Promise<void> {
  const root = await agent.browser.target().createCDPSession();
  await root.send('Target.createTarget', { url: link });
  await root.detach();
}

/** A site that Offhook may not look at: no host of the demo build. */
interface MailSite {
  server: Server;
  open(agent: Agent, body: string): Promise<Page>;
}

async function openMailSite(): Promise<MailSite> {
  const server = createServer((request, response) => {
    const body = new URL(request.url ?? '', `http://${MAIL_HOST}`).searchParams.get('body');
    response.setHeader('content-type', 'text/html').end(`<!doctype html><body>${body ?? ''}</body>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens has an address and a port.
  const { port } = server.address() as AddressInfo;
  return {
    server,
    open: (agent, body) => agent.openPage(`http://${MAIL_HOST}:${port}/?${new URLSearchParams({ body })}`),
  };
}

// The listeners are run as the browser runs them; its own menu is in no page.
async function choose(agent: Agent, click: object): Promise<void> {
  const tab = '(await chrome.tabs.query({active: true, lastFocusedWindow: true}))[0]';
  const code = `(async () => chrome.contextMenus.onClicked.dispatch(${JSON.stringify(click)}, ${tab}))()`;
  await agent.inWorker(code);
}

// A card takes no press in its first moment.
async function pressWhenCalm(card: Page, name: string): Promise<void> {
  await eventually(
    `the card to take a press on ${name}`,
    async () => {
      if (card.isClosed()) return true;
      await press(card, name).catch(() => undefined);
      return card.isClosed() || (await card.$(`${FIELD}:not([readonly])`).catch(() => null)) === null;
    },
    (isTaken) => isTaken,
  );
}
