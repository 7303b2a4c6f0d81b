// The judges of the other tests, before pages that are wrong on purpose: a judge that finds nothing here finds nothing
// anywhere.
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/browser.ts';
import { walkByKeyboard } from './keyboard.ts';
import { comparePictures, type Picture, readPicture, writePicture } from './picture.ts';
import { placeProbes } from './probes.ts';

const BASE = `<!doctype html><html lang="en"><title>wrong</title><style>
  body { margin: 0; font: 14px sans-serif; color: #000; background: #fff }
  :focus-visible { outline: 2px solid #06c }
</style>`;

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser({ headless: true });
  page = await browser.newPage();
});

afterAll(async () => await browser?.close());

beforeEach(async () => await page.setViewport({ width: 300, height: 400 }));

async function show(html: string): Promise<void> {
  await page.goto('about:blank');
  await page.setContent(`${BASE}${html}`);
  await placeProbes(page);
}

describe('the walk by keyboard', () => {
  test('finds nothing in a view that is as it should be', async () => {
    await show(`<button>One</button> <input> <div role="tablist"><button role="tab">A</button>
      <button role="tab" tabindex="-1">B</button></div> <label><input type="checkbox"> Tick</label>`);
    expect(await walkByKeyboard(page)).toEqual([]);
  });

  test.each([
    ['a button that Tab does not reach', '<button tabindex="-1">Lost</button>', /Lost.* out of the keyboard's reach/],
    ['an order that is not that of the page', '<button>A</button><button tabindex="1">B</button>', /instead of .*"B"/],
    [
      'a focus that does not show',
      '<button style="outline: none; box-shadow: none">Blind</button>',
      /Blind.* does not show that it has the focus/,
    ],
    [
      'a focus under something else',
      '<button>Under</button><div style="position: fixed; inset: 0; background: #fff"></div>',
      /Under.* out of sight/,
    ],
    [
      'a way that goes back up',
      '<div style="display: flex; flex-direction: column-reverse"><button>First</button><button>Second</button></div>',
      /back up to .*Second/,
    ],
  ])('finds %s', async (_, html, fault) => {
    await show(html);
    expect((await walkByKeyboard(page)).join('\n')).toMatch(fault);
  });
});

describe('the look at targets', () => {
  const tiny = 'style="width: 16px; height: 16px; padding: 0; border: 0"';

  test('finds two small ones side by side, and lets one with room around it be', async () => {
    await show(`<button ${tiny}>a</button><button ${tiny}>b</button>`);
    expect(await page.evaluate(() => window.probes?.small())).toHaveLength(2);
    await show(`<button ${tiny}>a</button>`);
    expect(await page.evaluate(() => window.probes?.small())).toEqual([]);
  });
});

describe('the look at edges', () => {
  test.each([
    ['a page that scrolls sideways', '<p style="width: 400px">wide</p>', /scrolls sideways: 400 > 300/],
    [
      'a button that is cut off',
      '<div style="width: 100px; overflow: hidden"><button style="width: 140px">Gone</button></div>',
      /Gone.* is cut/,
    ],
    [
      'words that end without an ellipsis',
      '<p style="width: 40px; overflow: hidden; white-space: nowrap">Half of this is gone</p>',
      /text of .* is cut/,
    ],
  ])('finds %s', async (_, html, fault) => {
    await show(html);
    expect((await page.evaluate(() => window.probes?.cut()))?.join('\n')).toMatch(fault);
  });

  test('lets an ellipsis be, and what a list scrolls to', async () => {
    await show(`<p style="width: 40px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis">Half of it</p>
      <div style="width: 90px; overflow: auto"><button style="width: 140px">There</button></div>`);
    expect(await page.evaluate(() => window.probes?.cut())).toEqual([]);
  });
});

test('words in a colour near that of their ground are found', async () => {
  await show('<p style="color: #aaa">faint</p><p>plain</p>');
  expect(await page.evaluate(() => window.probes?.faint())).toEqual([expect.stringContaining('faint')]);
});

test('what moves for ever is found', async () => {
  await show('<style>@keyframes turn { to { rotate: 1turn } }</style><p style="animation: turn 1s infinite">moves</p>');
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  expect(await page.evaluate(() => window.probes?.moving())).toEqual([expect.stringContaining('moves')]);
});

describe('pictures', () => {
  /** Stripes of grey with a square of another colour. */
  function aPicture(square: { size: number; colour: readonly number[] }): Picture {
    const [width, height] = [120, 80];
    const data = new Uint8Array(width * height * 4);
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      const isSquare = x >= 10 && y >= 10 && x < 10 + square.size && y < 10 + square.size;
      data.set([...(isSquare ? square.colour : [x * 2, x * 2, x * 2]), 255], pixel * 4);
    }
    return { width, height, data };
  }

  const red = { size: 7, colour: [179, 38, 30] };

  test('are the same after they were written with few colours', () => {
    const picture = aPicture(red);
    expect(comparePictures(readPicture(writePicture(picture)), picture)).toEqual({ type: 'same' });
  });

  test('differ by a dot of 7 pixels in another colour, and by their size', () => {
    const kept = readPicture(writePicture(aPicture(red)));
    expect(comparePictures(kept, aPicture({ size: 7, colour: [11, 110, 95] }))).toMatchObject({ type: 'different' });
    const { width, height, data } = aPicture(red);
    expect(comparePictures(kept, { width, height: height - 1, data: data.slice(0, -width * 4) })).toMatchObject({
      type: 'size',
    });
  });
});
