// Why a selected text is no number, in a real browser: by the words around it, the column above it, and what the site's rule
// and the page say.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageWith, SETTINGS } from './card-page.ts';
import { type Bench, openBench, type Subject } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

async function explained(body: string, settings: object = {}, head = ''): Promise<unknown> {
  const subject: Subject = await bench.open(head + pageWith(`${body}<p>Tel. 030 23125000</p>`), {
    settings: { ...SETTINGS, ...settings },
  });
  await subject.page.waitForFunction('document.adoptedStyleSheets.length > 0');
  await subject.page.evaluate(() => {
    const it = document.querySelector('#it');
    if (it instanceof HTMLInputElement) it.select();
    else if (it) getSelection()?.selectAllChildren(it);
  });
  return await subject.ask('explain-selection');
}

test.each<[string, string, object, object[]]>([
  [
    'a word for something else',
    '<p>Kundennummer: <b id="it">030 23125042</b></p>',
    {},
    [{ text: '030 23125042', isNumber: false, rule: 'negative-label:customer' }],
  ],
  ['a date', '<p id="it">12.03.2026</p>', {}, [{ text: '12.03.2026', isNumber: false, rule: 'date' }]],
  [
    'a column of the site’s rule',
    '<table><tr><th>Ref</th></tr><tr><td id="it">030 23125042</td></tr></table>',
    { neverColumns: ['Ref'] },
    [{ text: '030 23125042', isNumber: false, rule: 'site-never-column' }],
  ],
  [
    'a text that somebody called none',
    '<p id="it">030 23125042</p>',
    { notNumbers: ['030 23125042'] },
    [{ text: '030 23125042', isNumber: false, rule: 'site-not-number' }],
  ],
  ['too few digits to look at', '<p id="it">4711</p>', {}, [{ text: '4711', isNumber: false, rule: 'too-short' }]],
  [
    'a part of the page that is left out',
    '<div class="log"><p id="it">030 23125042</p></div>',
    { skip: ['.log'] },
    [{ text: '030 23125042', isNumber: false, rule: 'left-out' }],
  ],
  [
    'and a number is said to be one, with the word that made it one',
    '<p>Telefon: <b id="it">030 23125042</b>, Auftrag 4711</p>',
    {},
    [{ text: '030 23125042', isNumber: true, rule: 'label', label: 'Telefon' }],
  ],
  ['of words alone nothing is said', '<p id="it">Anna Krüger</p>', {}, []],
])('%s', async (_, body, settings, reasons) => {
  expect(await explained(body, settings)).toEqual(reasons);
});

test('a page that asks that no numbers be marked', async () => {
  const meta = '<meta name="format-detection" content="telephone=no">';
  expect(await explained('<p id="it">030 23125042</p>', {}, meta)).toEqual([
    { text: '030 23125042', isNumber: false, rule: 'page-asks-for-none' },
  ]);
});

test('in a field for input', async () => {
  expect(await explained('<input id="it" value="Rechnung 4711-0815">')).toMatchObject([{ isNumber: false }]);
});
