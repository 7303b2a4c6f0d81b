// A caller chooses its own name. Three hundred hostile ones through every view that shows names: none becomes an element,
// none runs, none changes the place of what stands beside it, none makes a view wider.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanName } from '../../relay/src/names.ts';
import { HOSTILE_NAMES } from '../fixtures/hostile-names.ts';
import { type Gallery, openGallery, type SheetName, type Tab } from './gallery.ts';
import { placeProbes } from './probes.ts';

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}]/u;

interface Fault {
  name: string;
  words: string;
}

const VIEWS: readonly SheetName[] = ['popup', 'sidepanel', 'caller', 'confirm', 'journal'];
/** All of them take half a minute a view: `npm test` takes every third. */
const NAMES = HOSTILE_NAMES.filter((_, index) => process.env['OFFHOOK_FULL'] === '1' || index % 3 === 0);
/** What a view shows of harmless names: of a person, of digits, of the very number that calls, of nothing but blanks. */
const HARMLESS = ['Anna Krüger', '4711', '+49 30 23125042', ' '];

describe.each(VIEWS)('%s', (sheet) => {
  let gallery: Gallery;
  let tab: Tab;
  const events: string[] = [];

  beforeAll(async () => {
    gallery = await openGallery([sheet]);
    tab = await gallery.tab();
    tab.page.on('dialog', (dialog) => {
      events.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    tab.page.on('request', (request) => events.push(`a request: ${request.url()}`));
  });

  afterAll(async () => await gallery?.close());

  test('a hostile name is text and nothing else', async () => {
    await open(tab, sheet);
    events.length = 0;
    const faults = await tab.page.evaluate(foreignElements, { names: NAMES, harmless: HARMLESS });
    expect([...summed(faults), ...events, ...tab.faults()]).toEqual([]);
  });

  // What the relay passes on: explicit marks are gone, letters that run from right to left are not.
  test('what stands before and after a name stays there, whichever way its letters run', async () => {
    await open(tab, sheet);
    events.length = 0;
    const names = [...new Set(HOSTILE_NAMES.map((name) => cleanName(name) ?? ''))].filter((name) =>
      RIGHT_TO_LEFT.test(name),
    );
    expect(names.length).toBeGreaterThan(8);
    expect(summed(await tab.page.evaluate(displaced, names))).toEqual([]);
  });
});

/** Each fault once, with one of the names that showed it. */
function summed(faults: readonly Fault[]): string[] {
  const byWords = Map.groupBy(faults, ({ words }) => words);
  return [...byWords].map(([words, all]) => `${words}: ${all.length} names, such as ${JSON.stringify(all[0]?.name)}`);
}

async function open(tab: Tab, sheet: SheetName): Promise<void> {
  await tab.show({ sheet, only: '' });
  expect(await tab.showNamed('Anna Krüger')).toBe(true);
  await placeProbes(tab.page);
  tab.faults();
}

// Runs in the page: every view must consist of the very elements that it has for one of the harmless names.
async function foreignElements({ names, harmless }: { names: readonly string[]; harmless: readonly string[] }) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const shapes = new Set<string>();
  for (const name of harmless) shapes.add(await shapeOf(name));
  const faults: Fault[] = [];
  for (const name of names) {
    if (!shapes.has(await shapeOf(name))) faults.push({ name, words: 'brings other elements' });
    faults.push(...(window.probes?.cut() ?? []).map((words) => ({ name, words })));
  }
  return faults;

  async function shapeOf(name: string): Promise<string> {
    window.gallery?.drawNamed(name);
    for (let count = 0; count < 2; count += 1) await frame();
    const tags = [...document.querySelectorAll('*')].map((one) => [one.tagName, ...one.getAttributeNames()].join(' '));
    return tags.join('\n');
  }
}

// Runs in the page: each name must be alone in something that isolates it, or leave the letters beside it in their order.
async function displaced(names: readonly string[]): Promise<Fault[]> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const faults: Fault[] = [];
  for (const name of names) {
    window.gallery?.drawNamed(name);
    for (let count = 0; count < 2; count += 1) await frame();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const at = node.textContent?.indexOf(name) ?? -1;
      const box = isolating(node);
      if (at < 0 || !box || box.closest('.unseen, script, style') || box.textContent?.trim() === name.trim()) continue;
      if (!keepsOrder(node, { from: at, to: at + name.length }, box)) {
        faults.push({ name, words: `moves what is beside it in “${box.textContent.replaceAll(name, 'NAME')}”` });
      }
    }
  }
  return faults;

  function isolating(node: Node): Element | undefined {
    for (let around = node.parentElement; around; around = around.parentElement) {
      const { display, unicodeBidi } = getComputedStyle(around);
      if (/isolate|plaintext/.test(unicodeBidi) || !/^(inline|contents)$/.test(display)) return around;
    }
    return undefined;
  }

  function keepsOrder(node: Node, { from, to }: { from: number; to: number }, box: Element): boolean {
    const own = boxesOf(node, from, to);
    const [left, right] = [Math.min(...own.map((one) => one.left)), Math.max(...own.map((one) => one.right))];
    const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    let isBefore = true;
    for (let other = texts.nextNode(); other; other = texts.nextNode()) {
      const length = other.textContent?.length ?? 0;
      const isOwn = other === node;
      if (isOwn) isBefore = false;
      const before = isOwn ? boxesOf(other, 0, from) : isBefore ? boxesOf(other, 0, length) : [];
      const after = isOwn ? boxesOf(other, to, length) : isBefore ? [] : boxesOf(other, 0, length);
      const isHere = (one: DOMRect) => own.some(({ top, bottom }) => one.top < bottom - 2 && one.bottom > top + 2);
      if (before.filter(isHere).some((one) => one.right > left + 1)) return false;
      if (after.filter(isHere).some((one) => one.left < right - 1)) return false;
    }
    return true;
  }

  function boxesOf(node: Node, start: number, end: number): DOMRect[] {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    return [...range.getClientRects()].filter(({ width }) => width > 0);
  }
}
