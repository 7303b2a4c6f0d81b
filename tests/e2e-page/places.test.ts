// Where numbers hide on real pages, and where digits stand that nobody should call: in a real browser, since only that has
// layout, shadow roots, and editors.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, type OpenOptions, openBench, type Subject } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

const N = '030 23125042';
const M = '0171 3920012';

function opened(body: string, options?: OpenOptions & { head?: string }): Promise<Subject> {
  const head = `<meta charset="utf-8">${options?.head ?? ''}`;
  return bench.open(
    `<!doctype html><html><head>${head}</head><body style="margin:40px;font:16px sans-serif">${body}</body></html>`,
    options,
  );
}

async function listed({ ask }: Subject): Promise<string[]> {
  // The script's own answer: a list of numbers.
  const numbers = (await ask('list-numbers')) as { text: string }[];
  return numbers.map(({ text }) => text);
}

describe('is found', () => {
  test.each([
    ['on a button', `<button>Call ${N}</button>`],
    ['in preformatted text', `<pre>Anna\t\n  ${N}\n  rest</pre>`],
    ['in a text area of a page that is laid out as a table', `<div style="display:table-cell">${N}</div>`],
    ['split over coloured parts', '<p>030 <mark>231</mark><b>250</b><span style="color:red">42</span></p>'],
    ['in an editor', `<div contenteditable="true">Call ${N} today</div>`],
    ['in a drawing', `<svg width="300" height="60"><text x="5" y="30">${N}</text></svg>`],
    [
      'in a drawing, split',
      '<svg width="300" height="60"><text x="5" y="30">030 <tspan fill="red">23125042</tspan></text></svg>',
    ],
    ['in an element without a box', `<x-cell style="display:contents">${N}</x-cell>`],
    ['in a table cell that spans', `<table><tr><td colspan="3"><em>${N}</em></td></tr></table>`],
    ['in a declarative shadow root', `<div><template shadowrootmode="open"><p>${N}</p></template></div>`],
    ['in a slot', `<div><template shadowrootmode="open"><b>Tel</b> <slot></slot></template>${N}</div>`],
    ['in a page of the old kind', `<font size="3"><center>${N}</center></font>`],
    ['in a label of a box to tick', `<label><input type="checkbox"> ${N}</label>`],
    ['in details that are open', `<details open><summary>More</summary>${N}</details>`],
  ])('a number %s', async (_, body) => {
    const { waitForMarks } = await opened(body);
    await waitForMarks([N]);
  });

  test('a number around words for screen readers, which are not dialled', async () => {
    const subject = await opened(
      `<style>.v{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}</style>
       <p>030 <span class="v">and 99</span>23125042</p>`,
    );
    await subject.page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) === 1');
    expect(await listed(subject)).toEqual([N]);
  });

  test('and dialled in a drawing', async () => {
    const { waitForMarks, hover, clickChip, waitForDials } = await opened(
      `<svg width="300" height="60"><text x="5" y="30">${N}</text></svg>`,
    );
    await waitForMarks([N]);
    await hover(N);
    await clickChip();
    expect(await waitForDials(1)).toMatchObject([{ number: { number: '+493023125042' } }]);
  });

  test('and dialled on a button, which is not pressed by that', async () => {
    const { page, waitForMarks, hover, clickChip, waitForDials } = await opened(
      `<button onclick="window.pressed = true">Call ${N}</button>`,
    );
    await waitForMarks([N]);
    await hover(N);
    await clickChip();
    expect(await waitForDials(1)).toHaveLength(1);
    expect(await page.evaluate('window.pressed')).toBeUndefined();
  });
});

describe('in fields', () => {
  const FORM = `
    <label for="a">Phone</label> <input id="a" value="${N}"><br>
    <label>Customer number <input value="030 23125043"></label><br>
    <input type="tel" name="private" value="${M}"><br>
    <input placeholder="Fax" value="030 23125044"><br>
    <input name="order_no" value="030 23125045"><br>
    <input type="password" value="030 23125046"><input type="hidden" value="030 23125047">
    <textarea rows="3">Anna 030 23125048, Ben 030 23125049</textarea>`;

  test('numbers are listed by what each field is for, and nothing in them is painted', async () => {
    const subject = await opened(`${FORM}<p>030 23125050</p>`);
    await subject.waitForMarks(['030 23125050']);
    const all = await listed(subject);
    expect(all).toEqual([N, M, '030 23125044', '030 23125048', '030 23125049', '030 23125050']);
  });

  test('one number gets the chip when the pointer rests on it; what is dialled is what the field holds', async () => {
    const { page, chip, clickChip, waitForDials } = await opened(FORM);
    await page.waitForFunction('document.adoptedStyleSheets.length > 0');
    await page.hover('#a');
    await chip();
    await clickChip();
    expect(await waitForDials(1)).toMatchObject([{ number: { number: '+493023125042' }, shownText: N }]);
    expect(await page.$eval('#a', (field) => (field as HTMLInputElement).value)).toBe(N);
  });

  test('no chip comes while somebody writes in it, and it goes when the field is written to', async () => {
    const { page, chip, waitForNoChip } = await opened(FORM);
    await page.waitForFunction('document.adoptedStyleSheets.length > 0');
    await page.hover('#a');
    await chip();
    await page.$eval('#a', (field) => {
      (field as HTMLInputElement).value = '030 23125099';
      document.body.append(' ');
    });
    await waitForNoChip();
  });
});

describe('is not found', () => {
  test.each([
    ['hidden by display', `<p style="display:none">${N}</p>`],
    ['hidden by visibility', `<p style="visibility:hidden">${N}</p>`],
    ['hidden around it', `<div style="visibility:hidden"><p>${N}</p></div>`],
    ['hidden by the attribute', `<p hidden>${N}</p>`],
    ['skipped by content-visibility', `<div style="content-visibility:hidden"><p>${N}</p></div>`],
    ['in closed details', `<details><summary>More</summary><p>${N}</p></details>`],
    [
      'for screen readers alone',
      `<div style="position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)"><p>${N}</p></div>`,
    ],
    ['far outside the page', `<p style="position:absolute;left:-9999px">${N}</p>`],
    ['in code', `<pre><code><div>${N}</div></code></pre><code>${N}</code><kbd>${N}</kbd>`],
    ['in a script or a style', `<script type="text/plain">${N}</script><style>/* ${N} */</style>`],
    ['in a template, a comment, an attribute', `<template>${N}</template><!-- ${N} --><p title="${N}"></p>`],
    ['in a part of a drawing that is not drawn', `<svg><defs><text>${N}</text></defs><title>${N}</title></svg>`],
    ['as a choice in a list', `<select><option>${N}</option></select>`],
    ['as a time', `<time>${N}</time>`],
  ])('what stands %s', async (_, body) => {
    const subject = await opened(`<p>${M}</p>${body}`);
    await subject.waitForMarks([M]);
    expect(await listed(subject)).toEqual([M]);
    expect(await subject.marked()).toEqual([M]);
  });

  test('what was hidden, until the page shows it by a style alone', async () => {
    const { page, waitForMarks } = await opened(`<p>${M}</p><p id="x" style="visibility:hidden">${N}</p>`);
    await waitForMarks([M]);
    await page.evaluate(() => document.querySelector<HTMLElement>('#x')?.style.removeProperty('visibility'));
    await waitForMarks([M, N]);
  });

  test('a line in a hidden menu, split over elements, until the menu opens', async () => {
    const { page, waitForMarks } = await opened(
      `<p>${M}</p><div id="x" style="visibility:hidden"><p>Tel <b>030</b> <i>23125042</i></p></div>`,
    );
    await waitForMarks([M]);
    await page.evaluate(() => document.querySelector<HTMLElement>('#x')?.style.removeProperty('visibility'));
    await waitForMarks([M, N]);
  });

  test('what the site rule leaves out, in shadow roots too; a selector that is none is ignored', async () => {
    const settings = { country: 'DE', takesTelLinks: true, skip: ['.quoted', '><', 'x-side'] };
    const subject = await opened(
      `<p>${M}</p><div class="quoted"><p>${N}</p></div><p>030 <span class="quoted">99</span> 23125043</p>
       <x-side><template shadowrootmode="open"><p>${N}</p></template></x-side><p class="quoted"><input value="${N}"></p>`,
      { settings },
    );
    await subject.waitForMarks([M]);
    expect(await listed(subject)).toEqual([M]);
  });
});

describe('a page that asks that no numbers be marked', () => {
  const head = '<meta name="format-detection" content="date=no, telephone=no">';
  const BODY = `<p>${N}</p><input type="tel" value="${M}"><a id="link" href="tel:+493023125043">Call</a>`;

  test('is left alone but for its phone links', async () => {
    const subject = await opened(BODY, { head });
    await subject.page.waitForFunction('document.adoptedStyleSheets.length > 0');
    expect(await listed(subject)).toEqual(['Call']);
    await subject.page.click('#link');
    expect(await subject.waitForDials(1)).toMatchObject([{ from: 'link' }]);
    expect(await subject.marked()).toEqual([]);
  });

  test('is read where the agent says so', async () => {
    const settings = { country: 'DE', takesTelLinks: true, readsDespiteFormatDetection: true };
    await (await opened(BODY, { head, settings })).waitForMarks([N]);
  });

  test('may ask for it late', async () => {
    const { page, waitForMarks } = await opened(BODY);
    await waitForMarks([N]);
    await page.evaluate((meta) => document.head.insertAdjacentHTML('beforeend', meta), head);
    await waitForMarks([]);
  });
});
