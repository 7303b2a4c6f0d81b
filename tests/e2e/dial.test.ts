// Story: an agent calls a customer from the CRM, whatever the page does meanwhile, and nobody else can.
import type { Browser, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/browser.ts';
import type { Agent } from '../../scripts/stage/agent.ts';
import { clickChip, hoverNumber, paintedNumbers, waitForPainted } from '../../scripts/stage/marks.ts';
import { ADA, ANNA, eventually, openWorld, PAUL, type World } from './world.ts';

describe('dialling from a page', () => {
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
    await world.stage.desk.hangUp(ADA);
    await world.stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
    // What is not in front is not painted.
    await page.bringToFront();
    await page.goto(world.crm.url);
    await waitForPainted(page, 20);
  });

  const received = () => world.stage.desk.received();

  test('a click on the chip calls the number that was shown, while the page re-renders over it', async () => {
    const before = (await received()).length;
    await page.evaluate(() => {
      // As a framework under load: every row is written anew, ten times a second.
      setInterval(() => {
        for (const cell of document.querySelectorAll('td'))
          for (const node of cell.childNodes) {
            if (node.nodeType === Node.TEXT_NODE) (node as Text).data = `${(node as Text).data}`;
          }
      }, 100);
    });
    const chip = await hoverNumber(page, ANNA);
    await clickChip(page, chip);
    const line = await world.stage.lineUntil(ADA, 'the own phone to ring', ({ calls }) =>
      calls.some(({ state }) => state === 'prompting'),
    );
    expect(line.calls.find(({ state }) => state === 'prompting')?.remote.number).toEqual({
      kind: 'e164',
      number: ANNA.e164,
    });
    const orders = (await received()).slice(before);
    expect(orders.map(({ name, lineKey, dialString }) => ({ name, lineKey, dialString }))).toEqual([
      { name: 'makeCall', lineKey: ADA, dialString: `0${ANNA.reported}` },
    ]);
  });

  test('the chip says before the click what the phone system will be given, and on which line', async () => {
    const before = (await received()).length;
    const chip = await hoverNumber(page, ANNA);
    const said = `dials 0${ANNA.reported} · line ${ADA}`;
    await eventually(
      `the chip to say "${said}"`,
      () => chip.evaluate((button) => button.querySelector('[data-note]')?.getAttribute('data-note')),
      (text) => text?.includes(said) === true,
    );
    await clickChip(page, chip);
    await world.stage.lineUntil(ADA, 'the own phone to ring', ({ calls }) =>
      calls.some(({ state }) => state === 'prompting'),
    );
    expect((await received()).slice(before).map(({ dialString }) => dialString)).toEqual([`0${ANNA.reported}`]);
  });

  test('a click on a phone link calls, and with a modifier the page has it for itself', async () => {
    const before = (await received()).length;
    await countUnclaimed(page);
    await page.keyboard.down('Control');
    await clickPhoneLink(page, 1);
    await page.keyboard.up('Control');
    expect(await unclaimed(page)).toBe(1);
    await clickPhoneLink(page, 0);
    await world.stage.lineUntil(ADA, 'the own phone to ring', ({ calls }) =>
      calls.some(({ state }) => state === 'prompting'),
    );
    expect((await received()).slice(before)).toHaveLength(1);
    expect(await unclaimed(page)).toBe(1);
  });

  test('synthetic events never dial', async () => {
    const before = (await received()).length;
    const chip = await hoverNumber(page, PAUL);
    const box = await chip.boundingBox();
    await countUnclaimed(page);
    await page.evaluate(attack, { x: (box?.x ?? 0) + 5, y: (box?.y ?? 0) + 5 });
    expect(await unclaimed(page)).toBeGreaterThan(0);
    // Orders of one browser keep their order: had the attack dialled, it would stand before the person's own click.
    await clickChip(page, await hoverNumber(page, ANNA));
    await world.stage.lineUntil(ADA, 'the own phone to ring', ({ calls }) =>
      calls.some(({ state }) => state === 'prompting'),
    );
    expect((await received()).slice(before).map(({ dialString }) => dialString)).toEqual([`0${ANNA.reported}`]);
  });

  test('the page is the same with Offhook as without: numbers marked, chip shown and hidden, a call made', async () => {
    const stranger = await launchBrowser({ headless: true });
    const bare = await openStill(stranger, world.crm.url);
    const marked = await openStill(agent.browser, world.crm.url);
    const both = [bare, marked];
    for (const one of both) await one.waitForSelector('td.number');
    expect((await waitForPainted(marked, 20)).length).toBeGreaterThanOrEqual(20);
    expect(await paintedNumbers(bare)).toEqual([]);
    expect(await treeOf(marked)).toEqual(await treeOf(bare));
    // The page draws a row anew when the mouse enters it: the same mouse is on both.
    await (await bare.$('td.number'))?.hover();
    const chip = await hoverNumber(marked, ANNA);
    expect(additions(await treeOf(marked), await treeOf(bare))).toEqual(['DIV']);
    await clickChip(marked, chip);
    await world.stage.lineUntil(ADA, 'the own phone to ring', ({ calls }) =>
      calls.some(({ state }) => state === 'prompting'),
    );
    for (const one of both) await one.mouse.move(5, 5);
    // Twelve seconds of the page's own time: every row with a number becomes a new element meanwhile.
    for (const one of both) await one.evaluate('for (let second = 0; second < 12; second += 1) tick()');
    await waitForPainted(marked, 20);
    const plain = await treeOf(bare);
    await eventually(
      'the chip to go away',
      () => treeOf(marked),
      (tree) => tree.length === plain.length,
    );
    expect(await treeOf(marked)).toEqual(plain);
    await marked.close();
    await stranger.close();
  });
});

/** A page whose own time only goes on when `tick()` is called, so that two of them can be compared. */
async function openStill(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(() => {
    const ticks: (() => void)[] = [];
    Object.assign(window, {
      setInterval: (tick: () => void) => ticks.push(tick),
      clearInterval: () => undefined,
      tick: () => {
        for (const tick of ticks) tick();
      },
    });
  });
  await page.goto(url);
  return page;
}

/** Clicks where the n-th phone link stands: every few seconds the page has another element for it at the same place. */
async function clickPhoneLink(page: Page, at: number): Promise<void> {
  const place = await page.evaluate((index) => {
    const box = document.querySelectorAll('a[href^="tel:"]')[index]?.getBoundingClientRect();
    return box && { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  }, at);
  if (!place) throw new Error(`the page has no phone link ${at}`);
  await page.mouse.click(place.x, place.y);
}

/** From now on counts clicks on phone links that nobody claimed, and keeps the browser from asking for an app for them. */
async function countUnclaimed(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.body.dataset['unclaimed'] = '0';
    window.addEventListener('click', (event) => {
      if (!(event.target instanceof Element) || !event.target.closest('a[href^="tel:"]')) return;
      if (!event.defaultPrevented) {
        document.body.dataset['unclaimed'] = String(Number(document.body.dataset['unclaimed']) + 1);
      }
      event.preventDefault();
    });
  });
}

async function unclaimed(page: Page): Promise<number> {
  return Number(await page.evaluate(() => document.body.dataset['unclaimed']));
}

/** The elements that stand beside body in `tree` and not in `plain`; throws if anything else differs. */
function additions(tree: readonly string[], plain: readonly string[]): string[] {
  const from = tree.findIndex((line, index) => line !== plain[index]);
  const added = tree.slice(from, from + tree.length - plain.length);
  expect([...tree.slice(0, from), ...tree.slice(from + added.length)]).toEqual(plain);
  return added.filter((line) => /^ {2}\S/.test(line)).map((line) => line.trim().split(' ')[0] ?? '');
}

// Everything a script of the page can do to look like a click on the chip or on a phone link.
function attack(at: { x: number; y: number }): void {
  const targets = [
    document.elementFromPoint(at.x, at.y),
    ...document.documentElement.children,
    ...document.querySelectorAll('a[href^="tel:"]'),
  ];
  const init = { bubbles: true, cancelable: true, composed: true, clientX: at.x, clientY: at.y, detail: 1, button: 0 };
  for (const target of targets) {
    for (const type of ['pointermove', 'pointerdown', 'pointerup']) target?.dispatchEvent(new PointerEvent(type, init));
    for (const type of ['mousedown', 'mouseup', 'click', 'dblclick']) target?.dispatchEvent(new MouseEvent(type, init));
    target?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true }));
    if (target instanceof HTMLElement) target.click();
  }
  window.postMessage({ name: 'dial', request: { number: { kind: 'e164', number: '+493023125014' } } }, '*');
  document.dispatchEvent(new CustomEvent('dial', { detail: '+493023125014' }));
}

/** The document as the debugger sees it, closed roots included, one line a node. */
async function treeOf(page: Page): Promise<string[]> {
  const session = await page.createCDPSession();
  const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true });
  await session.detach();
  const lines: string[] = [];
  const write = (node: typeof root, depth: number): void => {
    const attributes = (node.attributes ?? []).join(' ');
    lines.push(`${' '.repeat(depth)}${node.nodeName} ${attributes} ${node.nodeValue}`);
    for (const child of [...(node.shadowRoots ?? []), ...(node.children ?? [])]) write(child, depth + 1);
  };
  write(root, 0);
  return lines;
}
