// What the worker asks of the page script, answered in a real browser: its numbers, whether somebody types, new settings.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

describe('the list of numbers', () => {
  test('holds what is shown, in the order of the page, twins and faxes too', async () => {
    const { ask, waitForMarks } = await bench.open(
      pageWith(`<p>030 23125001</p><p>Fax 030 23125002</p><p style="display:none">030 23125003</p>
        <div style="height:4000px"></div><p>030 23125001</p>`),
    );
    await waitForMarks(['030 23125001', '030 23125002']);
    const one = {
      number: { kind: 'e164', number: '+493023125001' },
      text: '030 23125001',
      isFax: false,
      why: { rule: 'national' },
    };
    const why = { rule: 'label', label: 'Fax' };
    const fax = { number: { kind: 'e164', number: '+493023125002' }, text: '030 23125002', isFax: true, why };
    expect(await ask('list-numbers')).toEqual([one, fax, one]);
  });

  test('ends at five hundred, and is there at once on a page that has just come', async () => {
    const rows = Array.from({ length: 700 }, (_, index) => `<p>030 23125${String(index).padStart(3, '0')}</p>`);
    const { ask } = await bench.open(pageWith(rows.join('')));
    await expect.poll(() => ask('list-numbers'), { timeout: 10_000 }).toHaveLength(500);
  });
});

describe('typing', () => {
  test('is noticed in fields and editors by real keys, and over after three seconds', async () => {
    const { ask, page } = await bench.open(
      pageWith(
        '<input id="name"><div id="editor" contenteditable>x</div><button id="button">b</button><p>030 23125001</p>',
      ),
    );
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) === 1');
    await page.focus('#button');
    await page.keyboard.press('a');
    await page.evaluate(() =>
      document.querySelector('#name')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' })),
    );
    expect(await ask('is-typing')).toBe(false);
    await page.focus('#editor');
    await page.keyboard.press('a');
    expect(await ask('is-typing')).toBe(true);
    await page.waitForFunction(() => window.offhookTest.ask({ name: 'is-typing' }) === false, { timeout: 15_000 });
  });
});

describe('changed settings', () => {
  test('reach a page that is open, when the worker says so', async () => {
    const { ask, page, waitForMarks } = await bench.open(pageWith('<p>(212) 555-0142</p><p>030 23125042</p>'));
    await waitForMarks(['030 23125042']);
    await page.evaluate(() => {
      window.offhookTest.settings = { country: 'US', takesTelLinks: true };
    });
    await ask('settings-changed');
    await waitForMarks(['(212) 555-0142']);
    await page.evaluate(() => {
      window.offhookTest.settings = { isDisabled: true };
    });
    await ask('settings-changed');
    await waitForMarks([]);
  });

  test('of anything else than the worker’s messages nothing is heard', async () => {
    const { ask, page, waitForMarks } = await bench.open(pageWith('<p>030 23125042</p>'));
    await waitForMarks(['030 23125042']);
    expect(await ask('dial')).toBeUndefined();
    expect(await ask('toString')).toBeUndefined();
    await page.evaluate(() => {
      postMessage({ name: 'next-number' }, '*');
      document.dispatchEvent(new CustomEvent('next-number'));
    });
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await page.$('div[popover]')).toBeNull();
  });
});

function pageWith(body: string): string {
  return `<!doctype html><meta charset="utf-8"><body style="margin:40px">${body}</body>`;
}
