// The words in front of a block, as a finder gets them: from tables, grids, lists of terms, forms, and lines before. The
// element marked `id="x"` is the one whose words are asked for.
import { afterEach, describe, expect, test } from 'vitest';
import { createLabels } from '#lib/page/labels.ts';

afterEach(() => document.body.replaceChildren());

function labelIn(html: string): string | undefined {
  document.body.innerHTML = html;
  const element = document.querySelector('#x');
  if (!element) throw new Error('nothing is asked for');
  return createLabels().of(element)?.text;
}

const row = (...cells: string[]) =>
  `<tr>${cells.map((cell) => (cell.startsWith('<') ? cell : `<td>${cell}</td>`)).join('')}</tr>`;
const heads = (...texts: string[]) => `<tr>${texts.map((text) => `<th>${text}</th>`).join('')}</tr>`;
const X = '<td id="x">030 23125042</td>';

describe('a cell is named by its table', () => {
  test.each([
    [
      'the header above it',
      `<table><thead>${heads('Name', 'Phone')}</thead><tbody>${row('Anna', X)}</tbody></table>`,
      'Phone',
    ],
    ['a first row of headers', `<table>${heads('Name', 'Order no.')}${row('Anna', X)}</table>`, 'Order no.'],
    [
      'two rows of headers',
      `<table><thead><tr><th rowspan="2">Name</th><th colspan="2">Contact</th></tr>${heads('Mail', 'Phone')}</thead>${row('Anna', 'a@b', X)}</table>`,
      'Contact: Phone',
    ],
    [
      'a header over several columns',
      `<table><thead><tr><th>Name</th><th colspan="2">Phone</th></tr></thead>${row('Anna', '030 23125041', X)}</table>`,
      'Phone',
    ],
    [
      'a header behind a wide cell',
      `<table>${heads('A', 'B', 'Fax')}<tr><td colspan="2">both</td>${X}</tr></table>`,
      'Fax',
    ],
    [
      'a header where a cell above reaches down',
      `<table>${heads('Team', 'Name', 'Phone')}<tr><td rowspan="2">Sales</td><td>Anna</td><td>030 23125041</td></tr>${row('Ben', X)}</table>`,
      'Phone',
    ],
    ['a counted header, without the count', `<table>${heads('Name', 'Phone 2')}${row('Anna', X)}</table>`, 'Phone'],
    ['the header of its row', `<table>${row('<th scope="row">Fax</th>', X)}</table>`, 'Fax'],
    [
      'both, where the corner is empty',
      `<table>${heads('', 'Private', 'Work')}${row('<th>Fax</th>', '030 23125041', X)}</table>`,
      'Fax: Work',
    ],
    [
      'the column alone, where the rows are people',
      `<table>${heads('Name', 'Phone')}${row('<th>Anna Rechnung</th>', X)}</table>`,
      'Phone',
    ],
    ['the words in the cell before', `<table>${row('Name', 'Anna')}${row('IBAN', X)}</table>`, 'IBAN'],
    [
      'a first row of words and the cell before',
      `<table>${row('Name', 'Order', 'Phone')}${row('Anna', '2026-1', X)}</table>`,
      'Phone',
    ],
    [
      'the cells that it names itself',
      `<table><tr><th id="a">Phone</th></tr><tr><td>1</td><td headers="a" id="x">030</td></tr></table>`,
      'Phone',
    ],
    [
      'what it shows on a small screen',
      `<table>${row('Anna', '<td data-label="Phone" id="x">030</td>')}</table>`,
      'Phone',
    ],
    [
      'the table it stands in, not one around it',
      `<table>${heads('Orders')}<tr><td><table>${heads('Phone')}${row(X)}</table></td></tr></table>`,
      'Phone',
    ],
  ])('%s', (_, html, label) => {
    expect(labelIn(html)).toBe(label);
  });

  test('also where the number stands deeper in it, with the line before it', () => {
    const cell = '<td><div>Mobile</div><div><span id="x" style="display:block">0171 3920012</span></div></td>';
    expect(labelIn(`<table>${heads('Name', 'Contact')}${row('Anna', cell)}</table>`)).toBe('Contact: Mobile');
  });

  test('and a changed header is read anew', () => {
    document.body.innerHTML = `<table><thead>${heads('Name', 'Phone')}</thead><tbody>${row('Anna', X)}</tbody></table>`;
    const labels = createLabels();
    const header = document.querySelectorAll('th')[1] ?? document.body;
    const cell = document.querySelector('#x') ?? document.body;
    labels.of(cell);
    expect(labels.changedBy(header)).toBeUndefined();
    header.textContent = 'Order no.';
    labels.forget();
    expect(labels.changedBy(header)).toBe(document.querySelector('table'));
    expect(labels.of(cell)?.text).toBe('Order no.');
  });
});

test('a head is read once for all rows, until the page changes', () => {
  const body = Array.from({ length: 50 }, () => row('Anna', '<td>030 23125042</td>')).join('');
  document.body.innerHTML = `<table><thead>${heads('Name', 'Phone')}</thead><tbody>${body}</tbody></table>`;
  const labels = createLabels();
  const cells = [...document.querySelectorAll('td:last-child')];
  const [first, ...others] = cells;
  expect(first && labels.of(first)?.text).toBe('Phone');
  document.querySelector('thead')?.remove();
  expect(new Set(others.map((cell) => labels.of(cell)?.text))).toEqual(new Set(['Phone']));
  labels.forget();
  expect(first && labels.of(first)?.text).not.toBe('Phone');
});

describe('a cell of a grid is named by its column', () => {
  const grid = (head: string, body: string) =>
    `<div role="grid"><div role="row">${head}</div><div role="rowgroup"><div role="row">${body}</div></div></div>`;

  test.each([
    [
      'by place',
      grid(
        '<span role="columnheader">Name</span><span role="columnheader">Phone</span>',
        '<b role="gridcell">Anna</b><b role="gridcell" id="x">030</b>',
      ),
      'Phone',
    ],
    [
      'by number, where columns are left out',
      grid(
        '<span role="columnheader" aria-colindex="7">Customer no.</span>',
        '<b role="gridcell" aria-colindex="6">1</b><b role="gridcell" aria-colindex="7" id="x">030</b>',
      ),
      'Customer no.',
    ],
    [
      'in rows that only look like a table',
      '<div><div><p>Name</p><p>Order no.</p><p>Phone</p></div><div><p>Anna</p><p>2026-1</p><p id="x">030 23125042</p></div></div>',
      'Phone',
    ],
    [
      'under a head of its own',
      '<div><section><div><p>Name</p><p>Order no.</p><p>City</p></div></section><div class="rows"><div><p>Anna</p><p id="x">4155550132</p><p>Bonn</p></div></div></div>',
      'Order no.',
    ],
  ])('%s', (_, html, label) => {
    expect(labelIn(html)).toBe(label);
  });

  test('but not a part of a page by the navigation above it', () => {
    const long = 'A text that is as long as the text of a page usually is, and longer than any cell. '.repeat(2);
    const page = `<div><div><a>Start</a><a>Orders</a><a>People</a></div><div><div>left</div><div>${long}<p id="x">030</p></div><div>right</div></div></div>`;
    expect(labelIn(page)).not.toBe('Orders');
  });
});

describe('a value is named by', () => {
  test.each([
    ['its term', '<dl><dt>Fax</dt><dd id="x">030</dd></dl>', 'Fax'],
    ['its term, over other values', '<dl><dt>Phone</dt><dd>030 23125041</dd><dd id="x">030</dd></dl>', 'Phone'],
    ['its term, in a group', '<dl><div><dt>Phone</dt><dd><div id="x">030</div></dd></div></dl>', 'Phone'],
    ['the label beside it', '<div><label>Customer no.</label><div><div id="x">030</div></div></div>', 'Customer no.'],
    ['a line before it', '<div>Phone:</div><div id="x">030</div>', 'Phone:'],
    ['the words in front of it', '<div>Phone: <p id="x">030</p></div>', 'Phone:'],
    [
      'the line before its list',
      '<p>Order numbers:</p><ul><li>4155550131</li><li id="x">4155550132</li></ul>',
      'Order numbers:',
    ],
    ['the name of the icon before it', '<div><i title="Fax"></i><div id="x">030</div></div>', 'Fax'],
    [
      'a name for screen readers',
      '<span id="n">Phone</span><p>x</p><div aria-labelledby="n" id="x">030</div>',
      'Phone',
    ],
    ['no sentence', '<p>A long sentence that is no label at all, by its length</p><p id="x">030</p>', undefined],
    ['no other value', '<p>12.03.2026</p><div id="x">030</div>', undefined],
    ['no heading of a part', '<h2>Invoices</h2><div><p id="x">030</p></div>', undefined],
    ['nothing outside its part', '<p>Invoice</p><section><p id="x">030</p></section>', undefined],
    ['no label of a field', '<label for="f">Customer no.</label><input id="f"><p id="x">030</p>', undefined],
    ['not by its own text', '<div aria-label="Call 030 23125042" id="x">030</div>', undefined],
  ])('%s', (_, html, label) => {
    expect(labelIn(html)).toBe(label);
  });

  test('the host of its shadow root, and by what stands before that', () => {
    document.body.innerHTML = '<div><span style="display:block">Phone</span><x-value></x-value></div>';
    const root = document.querySelector('x-value')?.attachShadow({ mode: 'closed' });
    if (!root) throw new Error('no root');
    root.innerHTML = '<div>030</div>';
    const labels = createLabels();
    expect(labels.of(root)?.text).toBe('Phone');
    expect(root.firstElementChild && labels.of(root.firstElementChild)?.text).toBe('Phone');
  });
});
