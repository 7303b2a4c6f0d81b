// Story: the demo's world. The CRM's list is sorted, filtered and scrolled, and what is marked is what stands there; the
// phone desk beside it rings an agent's line and answers at a colleague's.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../scripts/stage/agent.ts';
import { waitForPainted } from '../../scripts/stage/marks.ts';
import { ROOT } from '../../scripts/stage/stage.ts';
import { ADA, eventually, openWorld, press, type World } from './world.ts';

const CLEO = '12';
const NUMBERS = new Map(
  readFileSync(join(ROOT, 'demo', 'crm', 'people.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((row) => row.split(';'))
    .map(([, name = '', , , , phone = '', mobile = '']) => [name, [phone, mobile]]),
);

let world: World;
let agent: Agent;
beforeAll(async () => {
  world = await openWorld();
  world.crm.openDesk(world.stage.desk);
  agent = await world.agent('ada');
});
afterAll(() => world.close());

describe("the CRM's list", () => {
  test('keeps its marks right while it is sorted, filtered and scrolled', async () => {
    const page = await agent.openPage(world.crm.url);
    await page.setViewport({ width: 1280, height: 800 });
    await waitForPainted(page, 20);
    await marksAreRight(page, 'Anna Krüger on top', ([first]) => first === 'Anna Krüger');

    const [least] = [...NUMBERS.keys()].slice(1).sort(new Intl.Collator('de').compare);
    await press(page, /^Name/);
    await marksAreRight(page, `${least} on top`, ([first]) => first === least);
    await press(page, /^Name/);
    await marksAreRight(page, 'the other end on top', ([first]) => first !== least);
    await press(page, /^Name/);

    await page.type('input[type="search"]', 'zürich');
    await waitForCount(page, /^\d\d of 500$/);
    await page.select('select', 'CH');
    await marksAreRight(page, 'those in Switzerland', (names) => names.includes('Vreni Caflisch'));
    await page.select('select', '');
    await page.click('input[type="search"]', { count: 3 });
    await page.keyboard.press('Backspace');
    await waitForCount(page, /^500 of 500$/);

    await page.mouse.move(600, 500);
    for (let turn = 0; turn < 12; turn += 1) await page.mouse.wheel({ deltaY: 700 });
    // A wheel turns slower than it is told to.
    await marksAreRight(page, 'rows further down', (names) => !names.includes('Anna Krüger'));
    await page.$eval('.scroller', (scroller) => scroller.scrollTo(0, scroller.scrollHeight));
    await marksAreRight(page, 'the end of the list', (names) => names.includes('Resi Ebner'));
    expect(await page.$$eval('tbody tr', (rows) => rows.length)).toBeLessThan(64);
    await page.close();
  });
});

describe('the phone desk', () => {
  test('rings the sales group, answers at a colleague, and the agent sees it go', async () => {
    const page = await agent.openPage(`${world.crm.url}/desk`);
    const targets = '::-p-aria([role="combobox"][name="Calls"])';
    await page.locator(targets).fill('90');
    await press(page, 'Call in');
    await world.stage.lineUntil(ADA, 'a ringing call', ({ calls }) => calls.some(({ state }) => state === 'offering'));
    await eventually(
      "the agent's notification",
      () => agent.notifications(),
      (shown) => shown.length === 1,
    );
    await page.locator(`[data-line="${CLEO}"] ::-p-aria([role="button"][name="Answer"])`).click();
    await world.stage.lineUntil(CLEO, 'the answered call', ({ state }) => state === 'busy');
    const line = await world.stage.lineUntil(ADA, 'an end', ({ calls }) =>
      calls.every(({ state }) => state === 'ended'),
    );
    expect(line.calls.at(-1)?.cause).toBe('answeredElsewhere');
    await eventually(
      'the notification to go',
      () => agent.notifications(),
      (shown) => shown.length === 0,
    );
    await page.locator(`[data-line="${CLEO}"] ::-p-aria([role="button"][name="Far end hangs up"])`).click();
    await world.stage.lineUntil(CLEO, 'a free line', ({ state }) => state === 'idle');
    await page.waitForFunction((lineKey) => !document.querySelector(`[data-line="${lineKey}"] .call`), {}, CLEO);
    await page.close();
  });
});

async function waitForCount(page: Page, pattern: RegExp): Promise<void> {
  const isShown = (source: string) => new RegExp(source).test(document.querySelector('.count')?.textContent ?? '');
  await page.waitForFunction(isShown, { polling: 50 }, pattern.source);
}

interface Row {
  name: string;
  painted: string[];
}

/** Waits until the rows in view are these, and each has exactly its own person's numbers painted. */
async function marksAreRight(page: Page, what: string, fits: (names: readonly string[]) => boolean): Promise<void> {
  await eventually(
    `${what}, and the marks to be right`,
    () => page.evaluate(rowsInView),
    (rows) => fits(rows.map(({ name }) => name)) && areRight(rows),
  );
}

function areRight(rows: readonly Row[]): boolean {
  return rows.length > 0 && rows.every(({ name, painted }) => painted.length === 2 && painted.every(isOwn(name)));
}

// Written in any habit, a number ends with the same digits.
function isOwn(name: string): (text: string) => boolean {
  return (text) => (NUMBERS.get(name) ?? []).some((number) => number.endsWith(text.replace(/\D/g, '').slice(-6)));
}

/** The rows that can be seen, and what is painted in each: as the ranges stand now, whatever they were made for. */
function rowsInView(): Row[] {
  const view = document.querySelector('.scroller')?.getBoundingClientRect();
  const head = document.querySelector('thead th')?.getBoundingClientRect();
  const rows = [...document.querySelectorAll('tbody tr:not(.gap)')].filter((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return view && head && top >= head.bottom && bottom <= view.bottom;
  });
  const paintedIn = new Map<Element, string[]>();
  for (const [name, highlight] of CSS.highlights) {
    if (!name.startsWith('offhook')) continue;
    for (const part of highlight) {
      // What a change has left too short is painted by no browser, and by ours only until it has come round to it.
      if (part.endOffset > (part.endContainer.nodeValue?.length ?? 0)) continue;
      const range = document.createRange();
      range.setStart(part.startContainer, part.startOffset);
      range.setEnd(part.endContainer, part.endOffset);
      const root = part.startContainer.getRootNode();
      const inPage = root instanceof ShadowRoot ? root.host : part.startContainer.parentElement;
      const row = inPage?.closest('tr');
      if (row) paintedIn.set(row, [...(paintedIn.get(row) ?? []), range.toString()]);
    }
  }
  return rows.map((row) => ({
    name: row.querySelector('td')?.textContent ?? '',
    painted: paintedIn.get(row) ?? [],
  }));
}
