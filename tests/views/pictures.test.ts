// Every state of every view, light and dark, beside the pictures that are kept in ./pictures. After a change that is meant:
// OFFHOOK_UPDATE_PICTURES=1 takes them anew; look at them before they are committed.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gallery, openGallery, SHEETS, type SheetName, SIZES, type Tab } from './gallery.ts';
import { comparePictures, type Picture, readPicture, writePicture } from './picture.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KEPT = join(ROOT, 'tests/views/pictures');
const FOUND = join(ROOT, '.output/pictures');
const TAKEN_WITH = join(KEPT, 'taken-with.json');
const SCHEMES = ['light', 'dark'] as const;
const isUpdate = process.env['OFFHOOK_UPDATE_PICTURES'] === '1';
/** Letters that the fixture font has not are drawn with the machine's own; long lists say nothing more than short ones. */
const NOT_PICTURED = /right-to-left|two-hundred-lines|-2000$|-10000$/;
/** What a page has further down is in other pictures. */
const MAX_HEIGHT = 760;

/** States in which one part of a view is another one: only the part is pictured, or so many pixels from the top. */
const PARTS: readonly (readonly [sheet: SheetName, states: RegExp, part: string | number])[] = [
  ['popup', /^call-|capabilities$|without-hold$|answer$|claims|withheld|order-failed$/, '.calls'],
  ['popup', /^dial-/, '.dial'],
  ['popup', /^sign-in-/, '.pair'],
  ['popup', /contact-opened/, '.calls'],
  ['popup', /^quiet|line-facts/, 140],
  ['sidepanel', /contact-opened/, '.calls'],
  ['sidepanel', /line-facts|quiet$/, 140],
  ['sidepanel', /dialing|waiting|alone|ended|note|few|transfer|keypad|order-failed/, '.calls'],
  ['sidepanel', /forward|dnd/, '.side-panel__head'],
  ['options', /offline|refused|unpaired/, '.panel'],
  ['options', /ringtones/, '.panel:has(.ring__volume)'],
  ['options', /quiet/, '.panel:has(.notice__ask)'],
  ['journal', /in-a-call/, '.calls'],
  ['journal', /two-lines|drafts|offline$/, 360],
];

describe.each(SHEETS)('%s', (sheet) => {
  let gallery: Gallery;
  let tab: Tab;

  beforeAll(async () => {
    gallery = await openGallery([sheet]);
    tab = await gallery.tab();
  });

  afterAll(async () => await gallery?.close());

  test('looks as it did, in every state, light and dark', async ({ skip }) => {
    const takenWith = takenWithChromium();
    if (!isUpdate && takenWith !== gallery.chromium) {
      skip(`skipped: pictures were taken with Chromium ${takenWith}, this is ${gallery.chromium}`);
    }
    const states = (await tab.statesOf(sheet)).filter((state) => !NOT_PICTURED.test(state));
    expect(states.length).toBeGreaterThan(0);
    const faults: string[] = [];
    for (const only of states) {
      await tab.show({ sheet, only });
      for (const scheme of SCHEMES) {
        await tab.recolour({ scheme });
        faults.push(...judged(`${sheet}/${only}.${scheme}.png`, await pictureOf(tab, { sheet, state: only })));
      }
    }
    if (isUpdate) write(TAKEN_WITH, `{ "chromium": ${gallery.chromium} }\n`);
    faults.push(...tab.faults(), ...leftOver(sheet, states));
    expect(faults, 'expected, actual and diff are in .output/pictures').toEqual([]);
  });
});

test('the pictures stay small: 7 kB each on average', () => {
  // Before the first pictures are taken there are none.
  mkdirSync(KEPT, { recursive: true });
  const sizes = readdirSync(KEPT, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).length);
  expect(sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, sizes.length)).toBeLessThanOrEqual(7_000);
});

async function pictureOf({ page }: Tab, { sheet, state }: { sheet: SheetName; state: string }): Promise<Picture> {
  const height = await page.evaluate(() => {
    // Where the focus is, and whether it shows, is not a picture's business (access.test.ts).
    const calm = new CSSStyleSheet();
    calm.replaceSync(':focus-visible { outline-color: transparent !important }');
    document.adoptedStyleSheets = [calm];
    // What fades in by itself is seen when it is there.
    for (const animation of document.getAnimations()) animation.finish();
    return document.body.scrollHeight;
  });
  const part = PARTS.find(([one, states]) => one === sheet && states.test(state))?.[2];
  if (typeof part === 'string') {
    const element = await page.$(part);
    if (!element) throw new Error(`${sheet}/${state} has no ${part}`);
    return readPicture(await element.screenshot());
  }
  const { width } = SIZES[sheet];
  const clip = { x: 0, y: 0, width, height: Math.min(height, part ?? MAX_HEIGHT) };
  return readPicture(await page.screenshot({ clip, captureBeyondViewport: true }));
}

/** What is wrong with a picture, if anything; keeps it instead where pictures are taken anew. */
function judged(name: string, actual: Picture): string[] {
  const kept = join(KEPT, name);
  if (isUpdate) {
    const before = existsSync(kept) ? comparePictures(readPicture(readFileSync(kept)), actual) : undefined;
    // A picture that shows the same stays the same file.
    if (before?.type !== 'same') write(kept, writePicture(actual));
    return [];
  }
  if (!existsSync(kept)) {
    write(join(FOUND, name.replace('.png', '.actual.png')), writePicture(actual));
    return [`${name}: there is no such picture yet (OFFHOOK_UPDATE_PICTURES=1 takes it)`];
  }
  const expected = readPicture(readFileSync(kept));
  const comparison = comparePictures(expected, actual);
  if (comparison.type === 'same') return [];
  write(join(FOUND, name.replace('.png', '.expected.png')), writePicture(expected));
  write(join(FOUND, name.replace('.png', '.actual.png')), writePicture(actual));
  if (comparison.type === 'size') return [`${name}: ${comparison.words}`];
  write(join(FOUND, name.replace('.png', '.diff.png')), writePicture(comparison.diff));
  return [`${name}: ${comparison.pixels} pixels differ`];
}

/** Kept pictures of states that are no more. */
function leftOver(sheet: SheetName, states: readonly string[]): string[] {
  const folder = join(KEPT, sheet);
  const names = states.flatMap((state) => SCHEMES.map((scheme) => `${state}.${scheme}.png`));
  const over = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => !names.includes(name));
  if (!isUpdate) return over.map((name) => `${sheet}/${name}: no state is called so`);
  for (const name of over) rmSync(join(folder, name));
  return [];
}

function takenWithChromium(): number | undefined {
  if (!existsSync(TAKEN_WITH)) return undefined;
  // Written by this very file.
  return (JSON.parse(readFileSync(TAKEN_WITH, 'utf8')) as { chromium: number }).chromium;
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
