// Story: an agent looks closer at a number on the page before anything is dialled, decides what is one there, and sends the
// call that is being spoken in on to it. Against the relay and a simulated phone system.
import type { ElementHandle, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import { clickChip, hoverNumber, paintedNumbers, waitForPainted } from '../../scripts/stage/marks.ts';
import { ADA, ANNA, eventually, openWorld, PAUL, type World, waitForText } from './world.ts';

describe('the card beside a number', () => {
  let world: World;
  let agent: Agent;
  let page: Page;

  beforeAll(async () => {
    world = await openWorld();
    agent = await world.agent('ada');
    page = await agent.openPage(world.crm.url);
    await waitForPainted(page, 20);
  });
  afterAll(() => world.close());
  afterEach(async () => {
    const { desk } = world.stage;
    while ((await desk.farHangsUp(ADA)) || (await desk.hangUp(ADA)));
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    // What one story decided about numbers is not for the next one.
    await agent.inWorker(
      `chrome.storage.local.get('settings').then(({ settings }) => chrome.storage.local.set({ settings: { ...settings, siteRules: {} } }))`,
    );
    await page.bringToFront();
    await page.mouse.move(2, 2);
    await page.goto(world.crm.url);
    await waitForPainted(page, 20);
  });

  const orders = async (from: number) => (await world.stage.desk.received()).slice(from);

  async function openCard(of: typeof ANNA): Promise<void> {
    await hoverNumber(page, of);
    await clickChip(page, await part(page, 'button', 'More about this number'));
    await page.waitForSelector('::-p-aria([role="dialog"])');
  }

  test('says whom the number belongs to, how it was read, and what the phone system will be given', async () => {
    await openCard(ANNA);
    await eventually(
      'the card to know the contact and what is dialled',
      () => spoken(page),
      (words) =>
        [ANNA.name, `Dials 0${ANNA.reported} on line ${ADA}`, 'by default'].every((one) => words.includes(one)),
    );
    const before = (await world.stage.desk.received()).length;
    await clickChip(page, await part(page, 'button', 'Call'));
    await world.stage.lineUntil(ADA, 'the own phone to ring', ({ calls }) =>
      calls.some(({ state }) => state === 'prompting'),
    );
    expect(await orders(before)).toMatchObject([{ name: 'makeCall', dialString: `0${ANNA.reported}` }]);
  });

  test('"not a number here" holds until it is taken back, after a reload and in the options, too', async () => {
    await openCard(PAUL);
    await clickChip(page, await part(page, 'button', 'Not a number here'));
    await without(page, PAUL.text);
    await part(page, 'button', 'Undo');
    await page.reload();
    await waitForPainted(page, 19);
    expect(await paintedNumbers(page)).not.toContain(PAUL.text);
    const options = await agent.openView('options.html');
    await waitForText(options, '1 exception');
    await options.close();
    await page.bringToFront();
    await openCard(ANNA);
    await clickChip(page, await part(page, 'button', 'Not a number here'));
    await without(page, ANNA.text);
    await clickChip(page, await part(page, 'button', 'Undo'));
    await eventually(
      `${ANNA.text} to be marked again`,
      () => paintedNumbers(page),
      (all) => all.includes(ANNA.text),
    );
  });

  test('another country is remembered for the site, over a reload', async () => {
    await openCard(ANNA);
    const list = await part(page, 'combobox', 'Country of this number');
    await clickChip(page, list);
    // All at once: letters with a second between them begin another word.
    await Promise.all((['N', 'e', 't', 'h'] as const).map((letter) => page.keyboard.press(letter)));
    await page.keyboard.press('Enter');
    await eventually(
      'the card to read it anew',
      () => spoken(page),
      (words) => words.includes('set for this site') && words.includes('+31 3023125007'),
    );
    await page.mouse.move(2, 2);
    await page.reload();
    await waitForPainted(page, 1);
    await hoverNumber(page, { text: ANNA.text, e164: '+313023125007' });
    await clickChip(page, await part(page, 'button', 'More about this number'));
    await part(page, 'dialog', /\+31/);
  });

  describe('while a call is spoken in', () => {
    async function talk(): Promise<void> {
      await world.stage.desk.callIn({ from: PAUL.reported, to: ADA });
      await world.stage.lineUntil(ADA, 'a ringing call', ({ state }) => state === 'ringing');
      await world.stage.desk.lift(ADA);
      await world.stage.lineUntil(ADA, 'a connected call', ({ calls }) =>
        calls.some(({ state }) => state === 'connected'),
      );
      await page.bringToFront();
    }

    test('the button beside a number dials nothing but offers to consult: hold first, then the call', async () => {
      await talk();
      const before = (await world.stage.desk.received()).length;
      await clickChip(page, await hoverNumber(page, { ...ANNA, verb: 'In a call …' }));
      const consult = await part(page, 'button', 'Hold and consult');
      await eventually(
        'the card to say with whom',
        () => spoken(page),
        (words) => words.includes(`In a call with ${PAUL.name}`),
      );
      expect(await orders(before)).toEqual([]);
      await clickChip(page, consult);
      await world.stage.lineUntil(
        ADA,
        'one call on hold and another one dialled',
        ({ calls }) =>
          calls.some(({ state }) => state === 'held') &&
          calls.some(({ direction, state }) => direction === 'outbound' && state !== 'ended'),
      );
      expect((await orders(before)).map(({ name }) => name)).toEqual(['hold', 'makeCall']);
    });

    test('transfer sends the caller on to the number that the card shows', async () => {
      await talk();
      const before = (await world.stage.desk.received()).length;
      await clickChip(page, await hoverNumber(page, { ...ANNA, verb: 'In a call …' }));
      await clickChip(page, await part(page, 'button', 'Transfer to this number'));
      await world.stage.lineUntil(ADA, 'a call that was transferred', ({ calls }) =>
        calls.some(({ cause }) => cause === 'transferred'),
      );
      expect(await orders(before)).toMatchObject([{ name: 'redirect', dialString: `0${ANNA.reported}` }]);
    });
  });
});

/** A part of the card; it lives in a closed root, where only the accessibility tree leads. */
async function part(page: Page, role: string, name: string | RegExp): Promise<ElementHandle> {
  const named = typeof name === 'string' ? `[name="${name}"]` : '';
  const found = await page.waitForSelector(`::-p-aria([role="${role}"]${named})`);
  if (!found) throw new Error(`no ${role} ${name}`);
  if (typeof name !== 'string') {
    const label = await found.evaluate((element) => element.getAttribute('aria-label') ?? '');
    expect(label).toMatch(name);
  }
  return found;
}

/** All that a screen reader finds in the card, the drawn words included. */
async function spoken(page: Page): Promise<string> {
  const session = await page.createCDPSession();
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const known = new Map(nodes.map((node) => [node.nodeId, node]));
  const words = (id: string): string[] => {
    const { name, role, childIds = [] } = known.get(id) ?? {};
    return role?.value === 'MenuListPopup' ? [] : [String(name?.value ?? ''), ...childIds.flatMap(words)];
  };
  const card = nodes.find(({ role }) => role?.value === 'dialog');
  return card ? words(card.nodeId).filter(Boolean).join('\n') : '';
}

async function without(page: Page, text: string): Promise<void> {
  await eventually(
    `${text} not to be marked`,
    () => paintedNumbers(page),
    (all) => !all.includes(text),
  );
}
