// Story: the side panel, where an agent works all day: names found as they are typed, notes that survive everything,
// colleagues, and the journal with what was written.
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import { ADA, ANNA, BEN, eventually, LINK_LIMIT_MS, openWorld, PAUL, press, type World, waitForText } from './world.ts';

const CAROL = '12';

describe('the side panel', () => {
  let world: World;
  let agent: Agent;
  let panel: Page;

  beforeAll(async () => {
    world = await openWorld();
    agent = await world.agent('ada');
    await agent.openPage(world.crm.url);
    panel = await agent.openView('sidepanel.html');
    await waitForText(panel, 'Line 10');
  });
  afterAll(() => world.close());
  afterEach(async () => {
    const { desk } = world.stage;
    while ((await desk.farHangsUp(ADA)) || (await desk.hangUp(ADA)));
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
  });

  const talkTo = async (from: string) => {
    await world.stage.desk.callIn({ from, to: ADA });
    await press(panel, 'Answer');
    await waitForText(panel, 'In call');
  };
  // The calls before it still stand below, with fields of their own.
  const noteField = () => panel.waitForSelector('.card--connected .note-field__text');

  test('finds a contact by name and dials the number that it showed', async () => {
    await panel.bringToFront();
    const field = await panel.waitForSelector('.dial__input');
    await field?.type('kruger');
    await panel.waitForFunction(
      (name) => document.querySelector('[role=option]')?.textContent?.includes(name),
      { polling: 50 },
      ANNA.name,
    );
    await waitForText(panel, `0${ANNA.reported}`);
    await panel.click('[role=option]');
    await waitForText(panel, `0${ANNA.reported}`);
    await press(panel, 'Call');
    const line = await world.stage.lineUntil(ADA, 'an outgoing call', ({ calls }) =>
      calls.some(({ state }) => state === 'prompting'),
    );
    expect(line.calls.at(-1)?.remote.number).toEqual({ kind: 'e164', number: ANNA.e164 });
  });

  test('a note outlives the worker, the relay and the end of the call, and is in the journal once', async () => {
    await talkTo(ANNA.reported);
    const note = await noteField();
    await note?.type('Wants the offer ');
    await agent.stopWorker();
    await note?.type('split by site; ');
    await world.stage.relay.kill();
    await note?.type('send until ');
    await world.stage.desk.farHangsUp(ADA);
    await note?.type('Friday');
    await world.stage.relay.start();
    await eventually(
      'the note at the relay',
      () => world.stage.journal(),
      ([newest]) => newest?.note === 'Wants the offer split by site; send until Friday',
      LINK_LIMIT_MS,
    );
    await panel.bringToFront();
    await press(panel, 'Journal');
    await waitForText(panel, 'send until Friday');
  });

  test('a note that was not yet sent when everything was closed is sent when the browser looks again', async () => {
    await talkTo(PAUL.reported);
    await world.stage.relay.kill();
    const note = await noteField();
    await note?.type('Left before the relay came back');
    // Every keystroke is on its way into the browser's own storage.
    await eventually(
      'the note in the storage',
      async () => JSON.stringify(await agent.inWorker("chrome.storage.local.get('notes')")),
      (notes) => notes.includes('Left before the relay came back'),
    );
    await panel.close();
    await agent.openPage(world.crm.url).then((page) => page.bringToFront());
    await agent.stopWorker();
    await world.stage.relay.start();
    panel = await agent.openView('sidepanel.html');
    await eventually(
      'the note at the relay',
      () => world.stage.journal(),
      (entries) => entries.some((entry) => entry.note === 'Left before the relay came back'),
      LINK_LIMIT_MS,
    );
  });

  test('a colleague marked as favourite stands first, in every view', async () => {
    await panel.bringToFront();
    await press(panel, 'Colleagues');
    // Pressed as soon as the row is there: then it is over.
    await panel.waitForFunction(
      () => {
        const row = [...document.querySelectorAll('.line-row')].find(
          (one) => one.querySelector('.line-row__extension')?.textContent === '15',
        );
        const star = row?.querySelector<HTMLElement>('button[aria-pressed]');
        star?.click();
        return Boolean(star);
      },
      { polling: 50 },
    );
    const isOnTop = (view: Page) =>
      view.waitForFunction("document.querySelector('.line-row .line-row__extension')?.textContent === '15'", {
        polling: 50,
      });
    await isOnTop(panel);
    const popup = await agent.openView('popup.html');
    await isOnTop(popup);
    await popup.close();
  });

  test('a talk is transferred to a colleague', async () => {
    await talkTo(PAUL.reported);
    await press(panel, 'Transfer');
    const field = await panel.waitForSelector('.transfer input');
    await field?.type(CAROL);
    // What fits the first digit alone may still be listed.
    await panel.waitForFunction(
      (extension) =>
        [...document.querySelectorAll('.redirect__target')]
          .map((target) => target.querySelector('.line-row__extension')?.textContent)
          .join() === extension,
      { polling: 50 },
      CAROL,
    );
    // What is found out about the caller may still move it.
    await panel.$eval('.redirect__target button', (button) => (button as HTMLElement).click());
    await world.stage.lineUntil(CAROL, 'the transferred call', ({ state }) => state === 'ringing');
    await world.stage.desk.lift(CAROL);
    await world.stage.lineUntil(ADA, 'a free line', ({ state }) => state === 'idle');
    await world.stage.desk.farHangsUp(CAROL);
  });

  test('lists the numbers of the page in front, and calls one', async () => {
    const crm = await agent.openPage(`${world.crm.url}${ANNA.page}`);
    await crm.bringToFront();
    const tab = await panel.waitForSelector('[role=tab]:last-of-type');
    await tab?.evaluate((element) => (element as HTMLElement).click());
    // The first ones are found before the page has been read to its end.
    await waitForText(panel, '030 23125007');
    await waitForText(panel, '+49 171 3920001');
    // Not by the mouse: the panel would be in front then, and the page no longer.
    await panel.$eval('.page-number button:not([disabled])', (button) => (button as HTMLElement).click());
    await world.stage.lineUntil(ADA, 'the call to the first number of the page', ({ calls }) =>
      calls.some(({ state, remote }) => {
        return state === 'prompting' && remote.number.kind === 'e164' && remote.number.number === ANNA.e164;
      }),
    );
    await crm.close();
  });

  test('do not disturb is switched on and off', async () => {
    await press(panel, /disturb/i);
    await world.stage.lineUntil(ADA, 'do not disturb', ({ dnd }) => dnd === true);
    await panel.waitForSelector('.own-line [aria-pressed=true]:not([disabled])');
    await press(panel, /disturb/i);
    await world.stage.lineUntil(ADA, 'no do not disturb', ({ dnd }) => dnd === false);
  });

  test("a missed call stands out in the journal until somebody has looked at it, and in the icon's badge", async () => {
    const badge = () => agent.inWorker('chrome.action.getBadgeText({})');
    await world.stage.desk.callIn({ from: ANNA.reported, to: ADA });
    await world.stage.lineUntil(ADA, 'a ringing line', ({ state }) => state === 'ringing');
    await world.stage.desk.farHangsUp(ADA);
    await eventually('a missed call in the badge', badge, (text) => Number(text) >= 1);
    const journal = await agent.openView('journal.html');
    await journal.waitForSelector('.journal-row--news');
    await eventually('an empty badge', badge, (text) => text === '');
    await journal.close();
  });
});

describe('a new agent', () => {
  test('makes the first call with nothing but the pairing link and a number', async () => {
    const world = await openWorld();
    try {
      const agent = await world.newcomer();
      const link = await world.stage.pairingLink('ben');
      const welcome = await agent.openView('options.html#welcome');
      await welcome.bringToFront();
      const address = await welcome.waitForSelector('.pair input');
      await address?.type(link);
      await welcome.keyboard.press('Enter');
      await waitForText(welcome, 'Ben Sample');
      const popup = await agent.openView('popup.html');
      const field = await popup.waitForSelector('.dial__input');
      await field?.type(ANNA.reported);
      await waitForText(popup, `0${ANNA.reported}`);
      await popup.keyboard.press('Enter');
      const line = await world.stage.lineUntil(BEN, 'the first call', ({ state }) => state !== 'idle');
      expect(line.calls).toHaveLength(1);
    } finally {
      await world.close();
    }
  });
});
