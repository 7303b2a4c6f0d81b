// Beside another click-to-dial extension, one that wraps numbers in elements and one that draws over them, in whichever
// order they start: both go on working, neither keeps the other busy, and a click never calls twice.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOverlay } from '../fixtures/neighbours/overlay.ts';
import { startWrapping } from '../fixtures/neighbours/wrapping.ts';
import { type Bench, openBench, type Subject } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

const NUMBERS = ['030 23125001', '030 23125002', '030 23125003', '0171 3920001'];
const PAGE = `<!doctype html><meta charset="utf-8"><body style="margin:60px;line-height:3"><ul>${NUMBERS.map(
  (number) => `<li>Sample company, Tel. ${number}</li>`,
).join('')}</ul></body>`;

const NEIGHBOURS = [
  { name: 'one that wraps numbers', start: startWrapping, own: '.neighbour' },
  { name: 'one that draws over numbers', start: startOverlay, own: '.neighbour-layer button' },
] as const;

describe.each(NEIGHBOURS)('beside $name', ({ start, own }) => {
  test.each(['neighbour first', 'Offhook first'])('both find every number once, %s', async (order) => {
    const subject = await bothOn(order === 'Offhook first' ? 'offhook' : 'neighbour', start);
    const { page, waitForMarks } = subject;
    await waitForMarks(NUMBERS);
    const found = () => page.$$eval(own, (list) => list.length);
    await expect.poll(found, { timeout: 10_000 }).toBe(NUMBERS.length);
    await page.evaluate(() =>
      document.querySelector('ul')?.insertAdjacentHTML('beforeend', '<li>Tel. 030 23125004</li>'),
    );
    await waitForMarks([...NUMBERS, '030 23125004']);
    await expect.poll(found, { timeout: 10_000 }).toBe(NUMBERS.length + 1);
  });

  test('neither keeps the other busy', async () => {
    const { page, waitForMarks } = await bothOn('offhook', start);
    await waitForMarks(NUMBERS);
    const before = await page.evaluate(() => window.neighbour.writes);
    // Longer than our own regular look at the page.
    const since = await page.evaluate(() => performance.now());
    await page.waitForFunction((at) => performance.now() > at, { polling: 50 }, since + 2_500);
    expect(await page.evaluate(() => window.neighbour.writes)).toBe(before);
  });

  test('our chip calls once and the neighbour not at all', async () => {
    const { page, waitForMarks, hover, clickChip, waitForDials, dials } = await bothOn('neighbour', start);
    await waitForMarks(NUMBERS);
    await hover('030 23125002');
    await clickChip();
    expect(await waitForDials(1)).toMatchObject([{ number: { number: '+493023125002' }, shownText: '030 23125002' }]);
    expect(await dials()).toHaveLength(1);
    expect(await page.evaluate(() => window.neighbour.calls)).toEqual([]);
  });

  test('its own click calls once and we not at all', async () => {
    const { page, waitForMarks, dials } = await bothOn('offhook', start);
    await waitForMarks(NUMBERS);
    await page.click(own);
    expect(await page.evaluate(() => window.neighbour.calls)).toEqual([NUMBERS[0]]);
    expect(await dials()).toEqual([]);
  });

  test('by the keyboard every number is reached and called', async () => {
    const { page, waitForMarks, ask, seenChip, waitForDials } = await bothOn('neighbour', start);
    await waitForMarks(NUMBERS);
    await page.focus('body');
    expect(await ask('next-number')).toEqual({ shown: true, text: '030 23125001' });
    await seenChip();
    await page.keyboard.press('Enter');
    expect(await waitForDials(1)).toMatchObject([{ number: { number: '+493023125001' } }]);
  });
});

async function bothOn(first: 'offhook' | 'neighbour', start: () => void): Promise<Subject> {
  const subject = await bench.open(PAGE, { start: 'none' });
  const { page } = subject;
  if (first === 'neighbour') await page.evaluate(start);
  await page.evaluate(() => window.offhookTest.start());
  if (first === 'offhook') {
    await subject.waitForMarks(NUMBERS);
    await page.evaluate(start);
  }
  return subject;
}
