// The page is never changed: its tree, shadow roots included, is the same before, with and after Offhook, and a framework
// that draws over the numbers never notices. In a real browser, with the demo CRM for the framework.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDemoCrm } from '../../demo/build.ts';
import { type DemoCrm, serveDemoCrm } from '../../demo/server.ts';
import { type Bench, fixturePage, openBench } from './harness.ts';

let bench: Bench;
let crm: DemoCrm;
beforeAll(async () => {
  await buildDemoCrm();
  [bench, crm] = await Promise.all([openBench(), serveDemoCrm({ port: 0, host: '127.0.0.1' })]);
});
afterAll(async () => {
  await Promise.all([bench.close(), crm.close()]);
});

describe('the tree of a page', () => {
  test('is the same before, while numbers are marked, after a chip and a call, and at the end', async () => {
    const { page, tree, hover, chip, clickChip, waitForDials, waitForNoChip, marked } = await bench.open(
      fixturePage('record'),
      { start: 'none' },
    );
    const before = await tree();
    await page.evaluate(() => window.offhookTest.start());
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) >= 14');
    expect((await marked()).length).toBeGreaterThanOrEqual(14);
    expect(await tree()).toBe(before);
    await hover('030 23125014');
    await chip();
    expect((await tree()).replace(/<div popover="manual">.*?<\/div><\/html>$/, '</html>')).toBe(before);
    await clickChip();
    await waitForDials(1);
    await waitForNoChip();
    expect(await tree()).toBe(before);
    await page.evaluate(() => window.offhookTest.script?.close());
    expect(await tree()).toBe(before);
  });

  test('holds no highlight and no sheet after the end, in roots neither', async () => {
    const { page, waitForNoChip, hover, chip } = await bench.open(fixturePage('record'));
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) >= 14');
    await hover('030 23125014');
    await chip();
    await page.evaluate(() => window.offhookTest.script?.close());
    await waitForNoChip();
    const left = await page.evaluate(() => {
      const hosts = [...document.querySelectorAll('*')];
      const roots = hosts.flatMap((host) => window.offhookTest.closedRoots.get(host) ?? []);
      return [CSS.highlights.size, document, ...roots].map((one) =>
        typeof one === 'number' ? one : one.adoptedStyleSheets.length,
      );
    });
    expect(left).toEqual([0, 0, 0, 0]);
  });

  test('does not tell the page what the chip says', async () => {
    const { page, hover, clickChip, waitForChipText } = await bench.open(fixturePage('record'));
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) >= 14');
    await hover('030 23125001');
    await clickChip();
    await waitForChipText('Sent to your phone');
    const told = await page.evaluate(() => {
      document.execCommand('selectAll');
      const selection = String(getSelection());
      return {
        selection: selection.includes('Sent'),
        find: Reflect.apply(Reflect.get(window, 'find'), window, ['Sent to']),
      };
    });
    expect(told).toEqual({ selection: false, find: false });
  });
});

describe('the demo CRM', () => {
  test('draws over twenty marked numbers while they are hovered and one is called, without an error', async () => {
    const { page, hover, clickChip, waitForDials, marked } = await bench.open('', { url: crm.url });
    const errors: string[] = [];
    page.on('pageerror', (error) => void errors.push(String(error)));
    page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) >= 20');
    const numbers = (await marked()).slice(0, 20);
    for (const number of numbers) await hover(number);
    await hover('030/23125007');
    await clickChip();
    expect(await waitForDials(1)).toMatchObject([{ number: { number: '+493023125007' }, shownText: '030/23125007' }]);
    const rows = await page.$$eval('tbody tr', (all) => all.length);
    expect({ errors, rows }).toEqual({ errors: [], rows: 44 });
  });

  test('shows another contact when somebody else pushes its address', async () => {
    const { page, waitForMarks } = await bench.open('', { url: `${crm.url}/contacts/c001` });
    await page.waitForFunction('document.querySelector("h1")?.textContent === "Anna Krüger"');
    await page.evaluate(() => history.pushState(null, '', '/contacts/c003'));
    await page.waitForFunction('document.querySelector("h1")?.textContent === "Lena Vogel"');
    await waitForMarks([
      '030 23125021',
      '+49 171 3920003',
      '030/23125024',
      '030 231 25 027',
      '030-23125030',
      '+49 (0) 30 23125021',
      '0171/3920003',
      '(030) 23125-024',
    ]);
  });
});
