// From a number on a page to one dial request, in a real browser with a real mouse.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

const NUMBER = '030 23125042';
const PLAIN = `<!doctype html><body style="margin:40px"><p>Anna Kr&uuml;ger, Tel. ${NUMBER}, seit 12.03.2024</p>`;

describe('chip', () => {
  test('appears when the mouse rests on a number, and one click on it dials once', async () => {
    const { page, waitForMarks, hover, chip, waitForDials, dials, chipText } = await bench.open(PLAIN);
    await waitForMarks([NUMBER]);
    await hover(NUMBER);
    const { x, y, width, height } = await chip();
    await page.waitForFunction('performance.now() > 0', { polling: 400 });
    await new Promise((r) => setTimeout(r, 700));
    await page.mouse.click(x + width / 2, y + height / 2);
    expect(await waitForDials(1)).toEqual([
      { number: { kind: 'e164', number: '+493023125042' }, shownText: NUMBER, from: 'chip' },
    ]);
    console.log(await chipText(), await dials());
  });
});
