// What the page script costs a page: how much is painted at once, how many listeners it holds, what it keeps alive. And that
// it finds what comes near the window all the same, however it comes. In a real browser.
import type { CDPSession } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench, type Subject } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

function opened(body: string, head = ''): Promise<Subject> {
  return bench.open(`<!doctype html><html><head><meta charset="utf-8">${head}</head><body>${body}</body></html>`);
}

function numberAt(at: number): string {
  return `030 23125${String(at % 1000).padStart(3, '0')}`;
}

function table(rows: number, cellsBefore = 0): string {
  const before = '<td>Sample town</td>'.repeat(cellsBefore);
  const row = (at: number) => `<tr><td>Company ${at}</td>${before}<td>${numberAt(at)}</td></tr>`;
  return `<table>${Array.from({ length: rows }, (_, at) => row(at)).join('')}</table>`;
}

async function waitForMark(subject: Subject, text: string): Promise<void> {
  await expect.poll(() => subject.marked(), { timeout: 10_000 }).toContain(text);
}

describe('a long table', () => {
  test('has no more listeners than a short one', async () => {
    const counts: number[] = [];
    for (const rows of [20, 4_000]) {
      const subject = await opened(table(rows));
      await waitForMark(subject, numberAt(3));
      const { JSEventListeners = Number.NaN } = await subject.page.metrics();
      counts.push(JSEventListeners);
    }
    // A listener that is put back counts twice until the browser has thrown the other away.
    const [few = 0, many = 0] = counts;
    expect(few).toBeGreaterThan(0);
    expect(Math.abs(many - few)).toBeLessThan(50);
  });

  test('is not observed row by row', async () => {
    const subject = await bench.open('<!doctype html><p></p>', { start: 'none' });
    await subject.page.evaluate((html) => {
      const observe = IntersectionObserver.prototype.observe;
      Object.assign(window, { observed: 0 });
      IntersectionObserver.prototype.observe = function (target) {
        Reflect.set(window, 'observed', Number(Reflect.get(window, 'observed')) + 1);
        observe.call(this, target);
      };
      document.body.innerHTML = html;
      window.offhookTest.start();
    }, table(500));
    await waitForMark(subject, numberAt(3));
    expect(await subject.page.evaluate('window.observed')).toBe(0);
  });

  test('is marked where it is scrolled to, at once and in parts', async () => {
    const subject = await opened(table(3_000));
    await waitForMark(subject, numberAt(3));
    await subject.page.evaluate(() => document.querySelectorAll('tr')[1502]?.scrollIntoView());
    await waitForMark(subject, numberAt(1502));
    expect((await subject.marked()).length).toBeLessThan(300);
    await subject.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await waitForMark(subject, numberAt(2_999));
    await subject.page.evaluate(() => scrollTo(0, 0));
    await waitForMark(subject, numberAt(3));
  });

  test('is marked in columns that come into view sideways', async () => {
    const cells = Array.from({ length: 120 }, (_, at) => `<td><div style="width:200px">${numberAt(at)}</div></td>`);
    const subject = await opened(`<table><tr>${cells.join('')}</tr></table>`);
    await waitForMark(subject, numberAt(3));
    expect(await subject.marked()).not.toContain(numberAt(110));
    await subject.page.evaluate(() => scrollTo(200 * 108, 0));
    await waitForMark(subject, numberAt(110));
    await expect.poll(() => subject.marked(), { timeout: 10_000 }).not.toContain(numberAt(3));
  });

  test('is marked where a filter of the page brings far rows up', async () => {
    const subject = await opened(table(2_000), '<style>.only tr:not(:nth-child(200n)) { display: none }</style>');
    await waitForMark(subject, numberAt(3));
    await subject.page.evaluate(() => document.querySelector('table')?.classList.add('only'));
    await subject.waitForMarks([199, 399, 599, 799, 999, 1199, 1399, 1599, 1799, 1999].map(numberAt));
  });
});

describe('what was passed by since it is far', () => {
  const deep = (at: number) => `<tr><td>Company</td><td><div><span>${numberAt(at)}</span></div></td></tr>`;
  const rows = Array.from({ length: 400 }, (_, at) => deep(at)).join('');

  test('is in the list of the page’s numbers, and is gone to by keyboard', async () => {
    const subject = await opened(`<table>${rows}</table>`);
    await waitForMark(subject, numberAt(3));
    expect(await subject.marked()).not.toContain(numberAt(390));
    expect(await subject.ask('list-numbers')).toHaveLength(400);
    await subject.page.evaluate(() => {
      const last = document.querySelectorAll('span')[394]?.firstChild;
      if (last) getSelection()?.setPosition(last, 0);
    });
    expect(await subject.ask('next-number')).toEqual({ shown: true, text: numberAt(394) });
  });

  test('is marked as it reads by then, and as its header says', async () => {
    const subject = await opened(`<table><thead><tr><th>Name</th><th>Phone</th></tr></thead>${rows}</table>`);
    await waitForMark(subject, numberAt(3));
    await subject.page.evaluate(() => {
      const cell = document.querySelectorAll('span')[390];
      if (cell) cell.textContent = '030 23125999';
    });
    await subject.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await waitForMark(subject, '030 23125999');
    await subject.page.evaluate(() => {
      const header = document.querySelectorAll('th')[1];
      if (header) header.textContent = 'Order no.';
    });
    await subject.waitForMarks([]);
    await subject.page.evaluate(() => scrollTo(0, 0));
    await subject.page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
    await expect.poll(() => subject.ask('list-numbers'), { timeout: 10_000 }).toEqual([]);
  });
});

describe('numbers that come near without a change of the page', () => {
  test('in a scroller of its own, also in a shadow root', async () => {
    const subject = await opened('<div id="host"></div>');
    await subject.page.evaluate((html) => {
      const root = document.querySelector('#host')?.attachShadow({ mode: 'open' });
      if (root) root.innerHTML = `<div id="box" style="height:200px;overflow:auto">${html}</div>`;
    }, table(2_000));
    await waitForMark(subject, numberAt(3));
    await subject.page.evaluate(() => {
      const box = document.querySelector('#host')?.shadowRoot?.querySelector('#box');
      if (box) box.scrollTop = box.scrollHeight;
    });
    await waitForMark(subject, numberAt(1_999));
  });

  test('in a panel that a class alone shows, and they go when it is hidden again', async () => {
    const subject = await opened(
      `<p>${numberAt(1)}</p><div id="panel"><p>${numberAt(2)}</p></div>`,
      '<style>#panel { display: none } #panel.open { display: block }</style>',
    );
    await subject.waitForMarks([numberAt(1)]);
    await subject.page.evaluate(() => document.querySelector('#panel')?.classList.add('open'));
    await subject.waitForMarks([numberAt(1), numberAt(2)]);
    await subject.page.evaluate(() => document.querySelector('#panel')?.classList.remove('open'));
    await subject.waitForMarks([numberAt(1)]);
  });
});

describe('what the page has dropped', () => {
  async function nodes(subject: Subject, session: CDPSession): Promise<number> {
    for (let turn = 0; turn < 3; turn += 1) await session.send('HeapProfiler.collectGarbage');
    const { Nodes = Number.NaN } = await subject.page.metrics();
    return Nodes;
  }

  test('is not kept alive: rows that were read, that wait, and that were never near', async () => {
    const subject = await opened('<p>030 23125999</p><main></main>');
    await waitForMark(subject, '030 23125999');
    const session = await subject.page.createCDPSession();
    const before = await nodes(subject, session);
    for (let round = 0; round < 5; round += 1) {
      await subject.page.$eval('main', (main, html) => Object.assign(main, { innerHTML: html }), table(600));
      await waitForMark(subject, numberAt(3));
      await subject.page.$eval('main', (main) => main.replaceChildren());
      await subject.waitForMarks(['030 23125999']);
    }
    // 600 rows are more than 3,000 nodes; the browser itself holds on to a few.
    await expect.poll(() => nodes(subject, session), { timeout: 10_000 }).toBeLessThan(before + 300);
  });

  test('is not gathered while nobody has time: a storm of rows that come and go in one task', async () => {
    const subject = await opened('<p>030 23125999</p><main></main>');
    await waitForMark(subject, '030 23125999');
    const session = await subject.page.createCDPSession();
    const before = await nodes(subject, session);
    await subject.page.$eval('main', (main) => {
      for (let at = 0; at < 20_000; at += 1) {
        const row = document.createElement('p');
        row.textContent = `030 23125${String(at % 1000).padStart(3, '0')}`;
        main.replaceChildren(row);
      }
    });
    await subject.waitForMarks(['030 23125999', '030 23125999']);
    await expect.poll(() => nodes(subject, session), { timeout: 10_000 }).toBeLessThan(before + 300);
  });
});
