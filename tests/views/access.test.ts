// Every view in every state for who cannot see it all, or has no mouse, or needs it larger, calmer or in colours of their
// own: axe, a walk by keyboard, sizes of targets, double size, reduced motion.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gallery, type Look, openGallery, SHEETS, type SheetName, type Tab } from './gallery.ts';
import { walkByKeyboard } from './keyboard.ts';
import { placeProbes } from './probes.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What axe calls a barrier; the others are advice. */
const BARRIERS = ['serious', 'critical'];

declare global {
  interface Window {
    axe?: { run(options: object): Promise<AxeResults> };
  }
}

/** How each view looks at twice the size: panels and pages keep their place and have half the room. */
const DOUBLED: Record<SheetName, { width: number; height: number }> = {
  // Browsers let a popup grow with its text, up to 800×600.
  popup: { width: 380, height: 300 },
  sidepanel: { width: 200, height: 400 },
  caller: { width: 200, height: 220 },
  confirm: { width: 200, height: 190 },
  journal: { width: 500, height: 380 },
  options: { width: 450, height: 400 },
  // The page's own business, as wide as the page.
  chip: { width: 180, height: 80 },
};

type Judge = (page: Page) => Promise<readonly string[]>;

/** One walk through all states of a view, and what is looked for on the way; what uses the view comes last. */
const WALKS: readonly { look: Omit<Look, 'sheet'>; judges: Readonly<Record<string, Judge>> }[] = [
  { look: {}, judges: { moving, 'axe, light': barriers, 'cut in English': cut, keyboard: walkByKeyboard } },
  { look: { lang: 'de', scheme: 'dark' }, judges: { 'axe, dark': barriers, 'cut in German': cut, small } },
  { look: { colours: 'forced', scheme: 'dark' }, judges: { 'axe, forced': barriersButContrast, faint } },
];

describe.each(SHEETS)('%s', (sheet) => {
  let gallery: Gallery;
  const found = new Map<string, string[]>();

  beforeAll(async () => {
    gallery = await openGallery([sheet]);
    const tab = await gallery.tab();
    const doubled = { look: { size: DOUBLED[sheet], lang: 'de' }, judges: { doubled: cut } };
    for (const { look, judges } of [...WALKS, doubled]) await walk(tab, { sheet, ...look }, judges);
  });

  afterAll(async () => await gallery?.close());

  test.each([
    ['axe finds no barrier in English, light', 'axe, light'],
    ['axe finds no barrier in German, dark', 'axe, dark'],
    ['axe finds no barrier in forced colours', 'axe, forced'],
    ['in forced colours every word stands out from its ground', 'faint'],
    ['targets are large enough to be hit: 24×24 px, or room around them', 'small'],
    ['at its own size nothing is cut in English', 'cut in English'],
    ['at its own size nothing is cut in German', 'cut in German'],
    ['at 200 % nothing is cut and nothing scrolls sideways', 'doubled'],
    ['where the agent wants no motion nothing moves', 'moving'],
  ])('%s', (_, judge) => {
    expect(found.get(judge)).toEqual([]);
  });

  // A chip on a page stays out of the page's tab order: commands bring the focus to it (components/Chip.tsx).
  test.runIf(sheet !== 'chip')(
    'all is reached by Tab, in the order of the page, and shows that it has the focus',
    () => {
      expect(found.get('keyboard')).toEqual([]);
    },
  );

  async function walk(tab: Tab, look: Look, judges: Readonly<Record<string, Judge>>): Promise<void> {
    for (const judge of Object.keys(judges)) found.set(judge, []);
    for (const only of await tab.statesOf(sheet)) {
      await tab.show({ ...look, only });
      await placeProbes(tab.page);
      for (const [name, judge] of Object.entries(judges)) {
        const faults = [...(await judge(tab.page)), ...tab.faults()];
        found.get(name)?.push(...faults.map((fault) => `${only}: ${fault}`));
      }
    }
  }
});

async function small(page: Page): Promise<string[]> {
  return await page.evaluate(() => window.probes?.small() ?? ['not looked']);
}

async function moving(page: Page): Promise<string[]> {
  return await page.evaluate(() => window.probes?.moving() ?? ['not looked']);
}

async function faint(page: Page): Promise<string[]> {
  return await page.evaluate(() => window.probes?.faint() ?? ['not looked']);
}

async function cut(page: Page): Promise<string[]> {
  return await page.evaluate(() => window.probes?.cut() ?? ['not looked']);
}

async function barriers(page: Page): Promise<string[]> {
  return await askAxe(page, {});
}

// Where colours are forced axe reads those that were there before (-webkit-text-fill-color): `faint` looks instead.
async function barriersButContrast(page: Page): Promise<string[]> {
  return await askAxe(page, { 'color-contrast': { enabled: false } });
}

async function askAxe(page: Page, rules: object): Promise<string[]> {
  if (await page.evaluate(() => window.axe === undefined)) await page.evaluate(AXE);
  const results = await page.evaluate(
    (options) => {
      // What fades in is judged as it is when it is there.
      for (const animation of document.getAnimations()) animation.finish();
      return window.axe?.run(options);
    },
    { resultTypes: ['violations'], rules },
  );
  if (!results) throw new Error('axe was not there');
  const broken = results.violations.filter(({ impact }) => BARRIERS.includes(impact ?? ''));
  return broken.flatMap(({ id, nodes }) => {
    return nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`);
  });
}
