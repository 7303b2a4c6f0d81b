// What the extension shows on a page, read and used as a person would: painted numbers, the chip beside them, the mouse.
import type { ElementHandle, Frame, Page } from 'puppeteer';

const WAIT_MS = 10_000;

/** The texts that are painted now, as the page's own scripts can see them too. */
export async function paintedNumbers(page: Page | Frame): Promise<string[]> {
  return await page.evaluate(() =>
    [...CSS.highlights]
      .filter(([name]) => name.startsWith('offhook'))
      .flatMap(([, highlight]) => [...highlight])
      .map((part) => {
        const range = document.createRange();
        range.setStart(part.startContainer, part.startOffset);
        range.setEnd(part.endContainer, part.endOffset);
        return range.toString().replace(/\s+/g, ' ');
      }),
  );
}

/** Waits until at least `count` numbers are painted, and answers them. */
export async function waitForPainted(page: Page, count: number): Promise<string[]> {
  await page.waitForFunction(
    (wanted) =>
      [...CSS.highlights].reduce((sum, [name, part]) => sum + (name.startsWith('offhook') ? part.size : 0), 0) >=
      wanted,
    { polling: 'raf', timeout: WAIT_MS },
    count,
  );
  return paintedNumbers(page);
}

/** Moves the mouse onto a painted number and waits for the chip that would dial `e164`. */
export async function hoverNumber(
  page: Page,
  { text, e164, verb }: { text: string; e164: string; verb?: string },
): Promise<ElementHandle> {
  await moveOnto(page, text);
  return chipFor(page, e164, verb);
}

/** Moves the mouse onto a painted number, as a hand does. */
export async function moveOnto(page: Page, text: string): Promise<void> {
  // A page that draws a number anew has it unpainted for a moment.
  const place = await page.waitForFunction(placeOf, { polling: 20, timeout: WAIT_MS }, text).catch((cause: unknown) => {
    throw new Error(`${text} is not painted in view`, { cause });
  });
  const { x = 0, y = 0 } = (await place.jsonValue()) ?? {};
  await page.mouse.move(x - 3, y, { steps: 2 });
  await page.mouse.move(x, y, { steps: 3 });
}

/** The chip's button; it lives in a closed root, where only the accessibility tree leads. `verb` as the chip says it. */
export async function chipFor(page: Page, e164: string, verb = 'Call'): Promise<ElementHandle> {
  const selector = `::-p-aria([role="button"][name="${verb} ${e164}"])`;
  const found = await page.waitForSelector(selector, { timeout: WAIT_MS }).catch(() => null);
  if (!found) throw new Error(`no chip came up for ${e164}`);
  return found;
}

/** Looks at the chip for as long as a person does, then clicks it: a chip that nobody can have seen does not dial. */
export async function clickChip(page: Page, chip: ElementHandle): Promise<void> {
  // No event tells that it has been visible for long enough: the extension counts it by itself, in a world of its own, from
  // when the browser has painted it. A starved browser paints late: frames are counted beside the time.
  await page.evaluate(
    async ({ leastMs, leastFrames }) => {
      const since = performance.now();
      for (let frames = 0; frames < leastFrames || performance.now() - since < leastMs; frames += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    },
    { leastMs: 700, leastFrames: 30 },
  );
  await chip.click();
}

function placeOf(text: string): { x: number; y: number } | undefined {
  for (const [name, highlight] of CSS.highlights) {
    if (!name.startsWith('offhook')) continue;
    for (const part of highlight) {
      const range = document.createRange();
      range.setStart(part.startContainer, part.startOffset);
      range.setEnd(part.endContainer, part.endOffset);
      const box = range.getBoundingClientRect();
      const isSame = range.toString().replace(/\s+/g, ' ') === text;
      if (isSame && box.top > 0 && box.bottom < innerHeight) {
        return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
      }
    }
  }
  return undefined;
}
