// The country that a record names, in a real page: numbers without country code are read by it, and by the agent's where
// the page names none or several.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench, type Subject } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

const NUMBER = '030 23125042';
const SETTINGS = { country: 'GB', takesTelLinks: true, countryLabels: ['country', 'land'] };
const German = { kind: 'e164', number: '+493023125042' };
const page = (body: string, lang = '') =>
  `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>x</title>${body}`;
const tel = `<p>Tel. ${NUMBER}</p>`;

async function readNumber({ ask }: Subject): Promise<unknown> {
  const numbers = (await ask('list-numbers')) as { number: unknown }[]; // the page script's own answer
  return numbers[0]?.number;
}

describe('a number is read by the country of its record', () => {
  test.each([
    ['in a list of terms', `<dl><dt>Country</dt><dd>Germany</dd></dl>${tel}`],
    ['in a row of a table', `<table><tr><th>Land:</th><td> Allemagne </td></tr></table>${tel}`],
    ['beside a label', `<div><span class="fieldLabel">Country</span><span>Deutschland</span></div>${tel}`],
    ['by its code', `<dl><dt>Country</dt><dd>DE</dd></dl>${tel}`],
    ['named twice', `<dl><dt>Country</dt><dd>DE</dd><dt>Country</dt><dd>Germany</dd></dl>${tel}`],
  ])('%s', async (_where, body) => {
    const subject = await bench.open(page(body), { settings: SETTINGS });
    await subject.waitForMarks([NUMBER]);
    expect(await readNumber(subject)).toEqual(German);
  });

  test('when the page shows the record later', async () => {
    const subject = await bench.open(page(`<main>${tel}</main>`), { settings: SETTINGS });
    await subject.waitForMarks([NUMBER]);
    expect(await readNumber(subject)).not.toEqual(German);
    await subject.page.evaluate(() => {
      document.querySelector('main')?.insertAdjacentHTML('beforeend', '<dl><dt>Country</dt><dd>Niemcy</dd></dl>');
    });
    await expect.poll(() => readNumber(subject), { timeout: 10_000 }).toEqual(German);
  });
});

describe('it is read by the agent’s country', () => {
  test.each([
    ['where two are named', '<dl><dt>Country</dt><dd>DE</dd><dt>Country</dt><dd>France</dd></dl>'],
    ['where the country is none', '<dl><dt>Country</dt><dd>Middle-earth</dd></dl>'],
    ['where it is a head of a list', '<table><tr><th>Country</th><th>DE</th></tr></table>'],
    ['where a form only offers it', '<label>Country</label><select><option>Germany</option></select>'],
    ['where it is hidden', '<dl hidden><dt>Country</dt><dd>DE</dd></dl>'],
    ['where it is the page’s language alone', '<p>Country</p><p>DE</p>'],
    ['on a page too long for one record', `<dl><dt>Country</dt><dd>DE</dd></dl>${'<i></i>'.repeat(10_001)}`],
    ['in a long list', `<dl>${'<dt>Country</dt><dd>DE</dd>'.repeat(301)}</dl>`],
  ])('%s', async (_where, body) => {
    const subject = await bench.open(page(`${tel}${body}`, 'de-DE'), { settings: SETTINGS });
    await subject.waitForMarks([NUMBER]);
    expect(await readNumber(subject)).not.toEqual(German);
  });
});
