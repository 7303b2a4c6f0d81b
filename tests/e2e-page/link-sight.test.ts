// Which phone links a click on them may dial: those that a person can have seen, drawn in any of the ways in which pages
// draw them, and none that a page has laid invisibly over itself. In a real browser, with a real mouse.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

const HREF = 'href="tel:+493023125042"';
const PLACE = 'position:absolute;left:100px;top:100px;width:60px;height:40px;';
const COVER = 'position:fixed;inset:0;';

describe('a phone link that somebody can have seen is dialled', () => {
  test.each([
    ['with words', `<a ${HREF} style="${PLACE}">call us</a>`],
    ['with a picture', `<a ${HREF} style="${PLACE}"><svg width="40" height="40"><circle r="20" /></svg></a>`],
    ['with an icon of a font', `<style>i::before { content: "\\260e" }</style><a ${HREF} style="${PLACE}"><i></i></a>`],
    ['as a coloured button', `<a ${HREF} style="${PLACE}background:#1d9a84"></a>`],
    ['with a picture in its background', `<a ${HREF} style="${PLACE}background:url(data:,)"></a>`],
    ['a little faded', `<div style="opacity:0.7"><a ${HREF} style="${PLACE}opacity:0.8">call us</a></div>`],
  ])('%s', async (_, html) => {
    const { page, waitForDials } = await bench.open(`<!doctype html><body>${html}</body>`);
    await page.waitForFunction('CSS.highlights.size > 0');
    await page.mouse.click(110, 112);
    expect(await waitForDials(1)).toMatchObject([{ number: { number: '+493023125042' }, from: 'link' }]);
  });
});

describe('a phone link that nobody can have seen is left to the browser', () => {
  test.each([
    ['faded away', `<a ${HREF} style="${PLACE}opacity:0.05">call us</a>`],
    ['in something faded away', `<div style="opacity:0.1"><a ${HREF} style="${PLACE}">call us</a></div>`],
    ['filtered away', `<div style="filter:opacity(0.02)"><a ${HREF} style="${PLACE}">call us</a></div>`],
    ['without anything in it', `<a ${HREF} style="${PLACE}"></a>`],
    ['in the colour of nothing', `<a ${HREF} style="${PLACE}color:transparent">call us</a>`],
    ['in letters that are too small', `<a ${HREF} style="${PLACE}font-size:0.5px">call us</a>`],
    ['all over the window', `<a ${HREF} style="${COVER}">call us</a>`],
    ['shown only at the press', `<a ${HREF} onmousedown="this.style.opacity=1" style="${PLACE}opacity:0">call us</a>`],
  ])('%s', async (_, html) => {
    const { page, dials } = await bench.open(`<!doctype html><body>${html}</body>`);
    await page.waitForFunction('CSS.highlights.size > 0');
    await page.evaluate(() => addEventListener('click', (event) => event.preventDefault()));
    await page.mouse.click(110, 112);
    expect(await dials()).toEqual([]);
  });
});
