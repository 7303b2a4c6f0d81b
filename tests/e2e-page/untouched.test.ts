// The page is never changed: its tree, shadow roots included, is the same before, with and after Offhook. In a real
// browser; demo-crm.test.ts has a framework that draws over the numbers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, fixturePage, openBench } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

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
    const { page, hover, clickChip, waitForChipText, heard } = await bench.open(fixturePage('record'));
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) >= 14');
    await hover('030 23125001');
    await clickChip();
    await waitForChipText('Sent to your phone');
    await expect.poll(heard, { timeout: 10_000 }).toBe('Sent to your phone');
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
