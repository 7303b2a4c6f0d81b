// Pages of React, Vue and Svelte that take over what their server sent and draw over the numbers again and again: with
// Offhook on they must be the same, node for node and listener for listener, and have nothing to complain of.
import type { ConsoleMessage, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_STEPS, FIRST_ROWS, notePhone, type Row, rowsAfter } from '../fixtures/frameworks/rows.ts';
import { startWrapping } from '../fixtures/neighbours/wrapping.ts';
import { type Framework, frameworkPage } from './framework-pages.ts';
import { type Bench, openBench, type Subject } from './harness.ts';

const FRAMEWORKS: readonly Framework[] = ['react', 'vue', 'svelte'];

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

describe.each(FRAMEWORKS)('a page of %s', (framework) => {
  let html: string;
  beforeAll(async () => {
    html = await frameworkPage(framework);
  });

  test('is hydrated and drawn over with marked numbers as if nobody had marked them', async () => {
    const bare = await opened(html, 'bare');
    const marked = await opened(html, 'marked');
    const pages = [bare.subject, marked.subject];
    await marked.subject.waitForMarks(numbersOf(FIRST_ROWS));
    for (const { page } of pages) await page.evaluate(() => window.app.hydrate());
    let rows = FIRST_ROWS;
    for (const step of ALL_STEPS) {
      for (const { page } of pages) await page.evaluate((name) => window.app.act(name), step);
      rows = rowsAfter(step, rows);
      await marked.subject.waitForMarks(numbersOf(rows));
      await untilAlike(marked.subject, bare.subject, step);
    }
    expect(await listenersOf(marked.subject.page)).toEqual(await listenersOf(bare.subject.page));
    for (const { page } of pages) {
      await page.bringToFront();
      await page.click('li:nth-child(2)');
    }
    await untilAlike(marked.subject, bare.subject, 'a click');
    expect({ bare: bare.complaints, marked: marked.complaints }).toEqual({ bare: [], marked: [] });
  });

  // Without this, silence would say nothing.
  test('complains when a number was wrapped in an element before it is hydrated', async () => {
    const { subject, complaints } = await opened(html, 'bare');
    await subject.page.evaluate(startWrapping);
    await subject.page.evaluate(() => window.app.hydrate());
    await expect.poll(() => complaints, { timeout: 10_000 }).not.toEqual([]);
  });

  test('may drop, move and change the number that the chip stands beside', async () => {
    const { subject, complaints } = await opened(html, 'marked');
    const { page, waitForMarks, hover, chip, waitForNoChip } = subject;
    await page.evaluate(() => window.app.hydrate());
    let rows = FIRST_ROWS;
    for (const step of ['edit', 'move', 'empty', 'refill'] as const) {
      await waitForMarks(numbersOf(rows));
      if (rows[0]) {
        await hover(rows[0].phone);
        await chip();
      }
      await page.evaluate((name) => window.app.act(name), step);
      rows = rowsAfter(step, rows);
    }
    await page.mouse.move(900, 700);
    await waitForNoChip();
    const plain = await opened(html, 'bare');
    await plain.subject.page.evaluate(() => window.app.hydrate());
    for (const step of ['edit', 'move', 'empty', 'refill'] as const) {
      await plain.subject.page.evaluate((name) => window.app.act(name), step);
    }
    await untilAlike(subject, plain.subject, 'the end');
    expect(complaints).toEqual([]);
  });
});

// A framework draws in its own time.
async function untilAlike(marked: Subject, bare: Subject, after: string): Promise<void> {
  let plain = '';
  const ask = async () => {
    plain = await bare.tree();
    return (await marked.tree()) === plain;
  };
  await expect
    .poll(ask, { timeout: 10_000, message: after })
    .toBe(true)
    .catch(() => undefined);
  expect(await marked.tree(), after).toBe(plain);
}

async function opened(html: string, how: 'bare' | 'marked'): Promise<{ subject: Subject; complaints: string[] }> {
  const subject = await bench.open(html, how === 'bare' ? { start: 'none' } : {});
  const complaints: string[] = [];
  subject.page.on('pageerror', (error) => complaints.push(String(error)));
  subject.page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error' || message.type() === 'warn') complaints.push(message.text());
  });
  return { subject, complaints };
}

// Each number stands there twice: in one piece and split.
function numbersOf(rows: readonly Row[]): string[] {
  return rows.flatMap((row) => [row.phone, row.phone, ...(row.hasNote ? [notePhone(row)] : [])]);
}

/** The listeners of every element of the page, as the debugger sees them: `li click`. */
async function listenersOf(page: Page): Promise<string[]> {
  const session = await page.createCDPSession();
  const { result } = await session.send('Runtime.evaluate', { expression: '[...document.querySelectorAll("*")]' });
  const { result: entries } = await session.send('Runtime.getProperties', {
    objectId: result.objectId ?? '',
    ownProperties: true,
  });
  const lists = await Promise.all(
    entries.map(async ({ name, value }) => {
      if (value?.subtype !== 'node' || !value.objectId) return [];
      const { listeners } = await session.send('DOMDebugger.getEventListeners', { objectId: value.objectId });
      return listeners.map(({ type }) => `${name} ${value.description} ${type}`);
    }),
  );
  await session.detach();
  return lists.flat();
}
