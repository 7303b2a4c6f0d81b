// What stands beside a number decides whether it is one: headers, terms, labels of a page, in a real browser. Every digit
// here reads like a phone number of its country; only the words say which are.
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type Bench, type OpenOptions, openBench, type Subject } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

function opened(body: string, options?: OpenOptions): Promise<Subject> {
  return bench.open(`<!doctype html><html><head><meta charset="utf-8"></head><body>${body}</body></html>`, options);
}

const US: OpenOptions = { settings: { country: 'US', takesTelLinks: true } };
const [PHONE, ORDER, FAX] = ['2125550132', '4155550133', '2125550134'];

describe('numbers are told from other digits by', () => {
  test.each([
    [
      'the headers of a table, in every row',
      `<table><thead><tr><th>Order no.</th><th>Phone</th><th>Fax</th></tr></thead><tbody>
        ${`<tr><td>${ORDER}</td><td>${PHONE}</td><td>${FAX}</td></tr>`.repeat(3)}</tbody></table>`,
      [PHONE, PHONE, PHONE, FAX, FAX, FAX],
    ],
    [
      'the columns of a grid whose headers stand elsewhere',
      `<div role="grid"><div role="row"><b role="columnheader" aria-colindex="4">Order no.</b><b role="columnheader" aria-colindex="5">Phone</b></div>
        <div><div role="row"><div role="gridcell" aria-colindex="5">${PHONE}</div><div role="gridcell" aria-colindex="4">${ORDER}</div></div></div></div>`,
      [PHONE],
    ],
    [
      'a row of words over rows of the same make',
      `<style>.r{display:flex;gap:20px}</style><section><div class="r"><span>Name</span><span>Order no.</span><span>Phone</span></div>
        ${`<div class="r"><span>Anna</span><span>${ORDER}</span><span>${PHONE}</span></div>`.repeat(2)}</section>`,
      [PHONE, PHONE],
    ],
    [
      'a table of two columns',
      `<table><tr><td>Customer number</td><td>${ORDER}</td></tr><tr><td>Phone</td><td>${PHONE}</td></tr></table>`,
      [PHONE],
    ],
    [
      'their terms',
      `<dl><dt>Order no.</dt><dd>${ORDER}</dd><dd>4155550135</dd><dt>Phone</dt><dd>${PHONE}</dd><dd>2125550136</dd></dl>`,
      [PHONE, '2125550136'],
    ],
    [
      'the label in the row of a form',
      `<style>.f{display:grid;grid-template-columns:10em 1fr}</style><div class="f"><label>Order no.</label><div><span>${ORDER}</span></div></div>
       <div class="f"><label>Phone</label><div><span>${PHONE}</span></div></div>`,
      [PHONE],
    ],
    [
      'words for screen readers',
      `<p aria-label="Order number">${ORDER}</p><p aria-label="Phone">${PHONE}</p>`,
      [PHONE],
    ],
  ])('%s', async (_, body, marks) => {
    const { waitForMarks } = await opened(body, US);
    await waitForMarks(marks);
  });

  test('a header that comes or changes later', async () => {
    const { page, waitForMarks } = await opened(
      `<table><thead><tr><th>Phone</th><th>Phone</th></tr></thead><tbody><tr><td>${PHONE}</td><td>${ORDER}</td></tr></tbody></table>`,
      US,
    );
    await waitForMarks([PHONE, ORDER]);
    await page.evaluate(() => document.querySelectorAll('th')[1]?.replaceChildren('Order no.'));
    await waitForMarks([PHONE]);
  });
});

describe('what the site rule says of a table', () => {
  const TABLE = `<table><thead><tr><th>Reach</th><th>Phone</th></tr></thead><tbody><tr><td>4155550133</td><td>2125550132</td></tr></tbody></table>`;

  test('a column that never holds phone numbers is left alone, and one that always does is read', async () => {
    const settings = { ...US.settings, country: 'US', takesTelLinks: true, neverColumns: ['phone'] };
    await (await opened(TABLE, { settings })).waitForMarks(['4155550133']);
  });

  test('a text that is no number is left alone wherever it stands', async () => {
    const settings = { country: 'US', takesTelLinks: true, notNumbers: ['2125550132'] };
    await (await opened(TABLE, { settings })).waitForMarks(['4155550133']);
  });
});
