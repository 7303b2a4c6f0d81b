// The gate in a real browser: what makes it report, that it reports once, and that it ends.
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench, type Subject } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

async function gated(body: string): Promise<Subject> {
  const subject = await bench.open(`<!doctype html><meta charset="utf-8"><body>${body}`, { start: 'none' });
  await subject.page.evaluate(() => void window.offhookTest.startGate());
  return subject;
}

const untilIdle = (page: Page) => page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));

const REPORTED = 'window.offhookTest.reports === 1';

describe('the gate reports once', () => {
  test.each([
    ['text with three digits', '<p>room 030</p>'],
    ['a phone link', '<a href=" tel:112">call</a>'],
    ['a link of a local phone program', '<a href="http://localhost:2503/Makecall NNNNN 110">call</a>'],
    ['an input with digits', '<input value="030 231">'],
    ['digits of another script', '<p>٠٣٠</p>'],
  ])('for %s', async (_, body) => {
    const { page } = await gated(`${body}${body}`);
    await page.waitForFunction(REPORTED);
    await page.evaluate((html) => document.body.insertAdjacentHTML('beforeend', html), body);
    await untilIdle(page);
    expect(await page.evaluate('window.offhookTest.reports')).toBe(1);
  });

  test('for a closed shadow root, even one attached after the first look', async () => {
    const { page } = await gated('<p id="host">nothing</p>');
    await page.evaluate(() => {
      document.querySelector('#host')?.attachShadow({ mode: 'closed' });
    });
    await page.waitForFunction(REPORTED);
  });

  test('for text that comes later, and for what is typed', async () => {
    const first = await gated('<p id="line">nothing</p>');
    await first.page.evaluate(() => document.querySelector('#line')?.append(' 030 23125001'));
    await first.page.waitForFunction(REPORTED);
    const second = await gated('<input>');
    await second.page.type('input', '0302');
    await second.page.waitForFunction(REPORTED);
    const third = await gated('<textarea></textarea>');
    await third.page.type('textarea', '0302');
    await third.page.waitForFunction(REPORTED);
  });

  test('for a shadow root that came when nobody looked any more, once the pointer is over it', async () => {
    const { page } = await gated('<p id="host">nothing</p>');
    const since = await page.evaluate(() => performance.now());
    // The last look by itself is after five seconds.
    await page.waitForFunction((at) => performance.now() > at, { polling: 100 }, since + 5_500);
    // It looks in idle moments.
    for (let moment = 0; moment < 2; moment += 1) await untilIdle(page);
    await page.evaluate(() => {
      const root = document.querySelector('#host')?.attachShadow({ mode: 'closed' });
      if (root) root.innerHTML = '<p>030 23125001</p>';
    });
    expect(await page.evaluate('window.offhookTest.reports')).toBe(0);
    await page.hover('#host');
    await page.waitForFunction(REPORTED);
  });

  test('for a document that is written later', async () => {
    const { page } = await gated('');
    await page.evaluate(() => {
      document.open();
      document.write('<p>030 23125001</p>');
      document.close();
    });
    await page.waitForFunction(REPORTED);
  });
});

describe('the gate that is not heard', () => {
  test('reports again, and ends once the page script has come', async () => {
    const { page } = await gated('');
    await page.evaluate(() => {
      window.offhookTest.isHeard = false;
      document.body.append('030 23125001');
    });
    await page.waitForFunction(REPORTED);
    // What else comes is no reason to report: the next look is.
    // All in the page: the next look comes after a second and a half.
    const reports = await page.evaluate(async () => {
      document.body.append('030 23125002');
      await new Promise((resolve) => requestIdleCallback(resolve));
      const { reports: so } = window.offhookTest;
      window.offhookTest.isHeard = true;
      return so;
    });
    expect(reports).toBe(1);
    await page.waitForFunction('window.offhookTest.reports === 2');
    const isAlive = await page.evaluate(() => window.offhookTest.gate?.isAlive());
    expect(isAlive).toBe(false);
  });
});

describe('the gate is quiet', () => {
  test('about scripts, styles and fewer digits', async () => {
    const { page } = await gated('<script>var order = 4711</script><style>p{margin:1234px}</style><p>12</p>');
    await page.evaluate(() => document.body.append('then 99'));
    const since = await page.evaluate(() => performance.now());
    await page.waitForFunction((at) => performance.now() > at, { polling: 50 }, since + 2_000);
    expect(await page.evaluate('window.offhookTest.reports')).toBe(0);
  });

  test('where a page script is at work', async () => {
    const { page } = await bench.open('<p>030 23125001</p>');
    await page.evaluate(() => void window.offhookTest.startGate());
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) === 1');
    expect(await page.evaluate('window.offhookTest.reports')).toBe(0);
  });

  test('once a newer gate has taken its place', async () => {
    const { page } = await gated('<p>nothing</p>');
    const isAlive = await page.evaluate(() => {
      const first = window.offhookTest.startGate();
      window.offhookTest.startGate();
      return first.isAlive();
    });
    await page.evaluate(() => document.body.append('030'));
    await page.waitForFunction(REPORTED);
    expect(isAlive).toBe(false);
  });
});

describe('the look of marked numbers', () => {
  const sheets = 'document.adoptedStyleSheets.length';

  test('is there before anything is found, so that a long page is styled once, and the page script keeps it', async () => {
    const { page } = await gated('');
    expect(await page.evaluate(sheets)).toBe(1);
    await page.evaluate(() => {
      Object.assign(window, { early: document.adoptedStyleSheets[0] });
      window.offhookTest.start();
      document.body.insertAdjacentHTML('beforeend', '<p>030 23125001</p>');
    });
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) === 1');
    expect(await page.evaluate('document.adoptedStyleSheets[0] === window.early')).toBe(true);
    expect(await page.evaluate(sheets)).toBe(1);
  });

  test('goes where the worker says that the page is not in use', async () => {
    const { page } = await gated('');
    await page.evaluate(() => {
      window.offhookTest.isHeard = false;
      // Answers of a worker that says no each time, without the pauses between them.
      const later = window.setTimeout;
      Object.assign(window, { setTimeout: (run: () => void) => later(run, 0) });
      document.body.append('030 23125001');
    });
    await page.waitForFunction(`${sheets} === 0`);
    expect(await page.evaluate(() => window.offhookTest.gate?.isAlive())).toBe(false);
  });
});
