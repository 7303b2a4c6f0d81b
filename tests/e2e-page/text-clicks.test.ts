// A click on a number's own text, in a real browser with a real mouse: where somebody chose it, it dials what the chip has
// shown, and everywhere else it stays the page's.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench, type Subject } from './harness.ts';
import { stopClockAtChip } from './page-clock.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

const NUMBER = '030 23125042';
const DIALLED = { number: { kind: 'e164', number: '+493023125042' }, shownText: NUMBER, from: 'chip' };
const CHOSEN = { country: 'DE', takesTelLinks: true, takesTextClicks: true };
const row = (inside: string) =>
  `<!doctype html><meta charset="utf-8"><title>page</title>
  <table onclick="document.title = 'row clicked'"><tr><td>Anna Krüger</td><td>${inside}</td></tr></table>`;

async function opened(html = row(NUMBER), settings = CHOSEN): Promise<Subject> {
  const subject = await bench.open(html, { settings });
  await subject.waitForMarks([NUMBER]);
  return subject;
}

const titleOf = ({ page }: Subject) => page.evaluate(() => document.title);

describe('where it was chosen', () => {
  test('a click on the text dials, and two quick ones dial once', async () => {
    const subject = await opened();
    const { x, y } = await subject.hover(NUMBER);
    await subject.seenChip();
    await subject.page.mouse.click(x, y, { count: 2 });
    expect(await subject.waitForDials(1)).toEqual([DIALLED]);
    await subject.waitForChipText('Sent to your phone');
    expect(await subject.dials()).toHaveLength(1);
  });

  test('the page does not get the click that dials', async () => {
    const subject = await opened();
    const { x, y } = await subject.hover(NUMBER);
    await subject.seenChip();
    await subject.page.mouse.click(x, y);
    await subject.waitForDials(1);
    expect(await titleOf(subject)).toBe('page');
  });

  test('a click before the number was shown is the page’s and dials nothing', async () => {
    const subject = await opened();
    await stopClockAtChip(subject);
    const { x, y } = await subject.hover(NUMBER);
    await subject.chip();
    await subject.page.mouse.click(x, y);
    expect(await titleOf(subject)).toBe('row clicked');
    expect(await subject.dials()).toEqual([]);
  });

  test('a click beside the number stays the page’s', async () => {
    const subject = await opened();
    await subject.hover(NUMBER);
    await subject.seenChip();
    await subject.page.click('td');
    expect(await titleOf(subject)).toBe('row clicked');
    expect(await subject.dials()).toEqual([]);
  });

  test.each(['Control', 'Shift', 'Alt', 'Meta'] as const)('a click with %s stays the page’s', async (key) => {
    const subject = await opened();
    const { x, y } = await subject.hover(NUMBER);
    await subject.seenChip();
    await subject.page.keyboard.down(key);
    await subject.page.mouse.click(x, y);
    await subject.page.keyboard.up(key);
    expect(await subject.dials()).toEqual([]);
  });

  test('a drag selects and dials nothing', async () => {
    const subject = await opened();
    const { x, y } = await subject.hover(NUMBER);
    await subject.seenChip();
    await subject.page.mouse.down();
    await subject.page.mouse.move(x + 30, y, { steps: 4 });
    await subject.page.mouse.up();
    expect(await subject.page.evaluate(() => String(getSelection()).length)).toBeGreaterThan(0);
    expect(await subject.dials()).toEqual([]);
  });

  test('a click where the number is written places the caret and dials nothing', async () => {
    const subject = await opened(row(`<div contenteditable>${NUMBER}</div>`));
    const { x, y } = await subject.hover(NUMBER);
    await subject.seenChip();
    await subject.page.mouse.click(x, y);
    expect(await subject.page.evaluate(() => document.activeElement?.localName)).toBe('div');
    expect(await subject.dials()).toEqual([]);
  });

  test('a click that a script makes dials nothing', async () => {
    const subject = await opened();
    const point = await subject.hover(NUMBER);
    await subject.seenChip();
    await subject.page.evaluate(({ x, y }) => {
      const target = document.elementFromPoint(x, y);
      for (const type of ['pointerdown', 'pointerup', 'click']) {
        target?.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, bubbles: true, isPrimary: true }));
      }
    }, point);
    expect(await subject.dials()).toEqual([]);
    expect(await titleOf(subject)).toBe('row clicked');
  });

  test('a number that was swapped between press and release dials nothing, or what was shown', async () => {
    const subject = await opened();
    await subject.hover(NUMBER);
    await subject.seenChip();
    await subject.page.evaluate(() => {
      addEventListener('pointerdown', () => {
        const cell = document.querySelectorAll('td')[1];
        if (cell) cell.textContent = '030 23125099';
      });
    });
    await subject.page.mouse.down();
    await subject.page.mouse.up();
    for (const dial of await subject.dials()) expect(dial).toEqual(DIALLED);
  });
});

test('where it was not chosen, a click on the text is the page’s', async () => {
  const subject = await opened(row(NUMBER), { country: 'DE', takesTelLinks: true, takesTextClicks: false });
  const { x, y } = await subject.hover(NUMBER);
  await subject.seenChip();
  await subject.page.mouse.click(x, y);
  expect(await titleOf(subject)).toBe('row clicked');
  expect(await subject.dials()).toEqual([]);
});
