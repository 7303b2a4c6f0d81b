// Pages that change as applications do: rows that are recycled, views that are swapped, roots that come late, pages that
// are put aside and brought back. In a real browser.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench, type Subject } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

function opened(body: string): Promise<Subject> {
  return bench.open(`<!doctype html><html><head><meta charset="utf-8"></head><body>${body}</body></html>`);
}

describe('numbers are marked where they are now', () => {
  test('in rows that a long list uses again, under the header of their column', async () => {
    const { page, waitForMarks } = await opened(`
      <div role="grid"><div role="row"><b role="columnheader">Phone</b><b role="columnheader">Order no.</b></div>
      <div id="rows">${'<div role="row"><i role="gridcell">-</i><i role="gridcell">-</i></div>'.repeat(3)}</div></div>`);
    const show = (first: number) =>
      page.evaluate((from) => {
        for (const [at, row] of [...document.querySelectorAll('#rows > div')].entries()) {
          const number = `030 231250${from + at}`;
          for (const cell of row.children) {
            if (cell.firstChild) cell.firstChild.nodeValue = number;
          }
        }
      }, first);
    await show(10);
    await waitForMarks(['030 23125010', '030 23125011', '030 23125012']);
    await show(40);
    await waitForMarks(['030 23125040', '030 23125041', '030 23125042']);
  });

  test('in a view that an application swaps without loading a page', async () => {
    const { page, waitForMarks } = await opened('<main><p>030 23125001</p></main>');
    await waitForMarks(['030 23125001']);
    await page.evaluate(() => {
      history.pushState({}, '', '/contacts/2');
      document.querySelector('main')?.replaceWith(document.createElement('main'));
      document.querySelector('main')?.insertAdjacentHTML('beforeend', '<p>030 23125002</p>');
    });
    await waitForMarks(['030 23125002']);
    await page.evaluate(() => {
      const body = document.createElement('body');
      body.innerHTML = '<p>030 23125003</p>';
      document.body.replaceWith(body);
    });
    await waitForMarks(['030 23125003']);
  });

  test('in roots that come late: of built-in elements, nested, and set as HTML', async () => {
    const { page, waitForMarks } = await opened(
      '<p>030 23125001</p><section id="a"><p>old</p></section><div id="b"></div>',
    );
    await waitForMarks(['030 23125001']);
    await page.evaluate(() => {
      const root = document.querySelector('#a')?.attachShadow({ mode: 'closed' });
      if (root) root.innerHTML = '<p>030 23125002</p><div></div>';
      const inner = root?.querySelector('div')?.attachShadow({ mode: 'open' });
      inner?.append('030 23125003');
      const b = document.querySelector('#b');
      if (b) b.setHTMLUnsafe('<div><template shadowrootmode="open"><p>030 23125004</p></template></div>');
    });
    await waitForMarks(['030 23125001', '030 23125002', '030 23125003', '030 23125004']);
  });

  test('in an editor, whose text stays as it was typed', async () => {
    const { page, waitForMarks } = await opened('<div id="e" contenteditable="true"></div>');
    await page.waitForFunction('document.adoptedStyleSheets.length > 0');
    await page.focus('#e');
    await page.keyboard.type('Tel 030 23125042');
    await waitForMarks(['030 23125042']);
    await page.keyboard.type(' ok');
    expect(await page.$eval('#e', (editor) => editor.innerHTML.replace(/&nbsp;|\s/g, ' '))).toBe('Tel 030 23125042 ok');
  });
});

describe('a page that the browser put aside', () => {
  test('asks for its settings anew when it comes back, and marks by them', async () => {
    const { page, waitForMarks } = await opened('<p>020 7946 0018</p><p>0171 3920012</p>');
    await waitForMarks(['0171 3920012']);
    await page.evaluate(() => {
      window.offhookTest.settings = { country: 'GB', takesTelLinks: true };
      window.isSamePage = true;
    });
    await page.goto('about:blank');
    await page.goBack();
    expect(await page.evaluate('window.isSamePage')).toBe(true);
    await waitForMarks(['020 7946 0018']);
  });
});

declare global {
  interface Window {
    isSamePage?: boolean;
  }
}
