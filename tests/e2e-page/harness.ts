// A fixture page in a real Chromium with the page script in it: bundles the script once, opens pages over a loopback
// server, and answers what a test wants to know about marks, chip, and dial requests.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import type { Browser, Page } from 'puppeteer';
import { build } from 'vite';
import { launchBrowser } from '../../scripts/browser.ts';
import type { PageUnderTest } from './page-under-test.ts';

const SEEN_MS = 700;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export interface Bench {
  /** Opens a page with this HTML and starts the page script in it. */
  open(html: string, options?: OpenOptions): Promise<Subject>;
  close(): Promise<void>;
}

export interface OpenOptions {
  settings?: PageUnderTest['settings'];
  /** `none`: the script is there but not started. */
  start?: 'page' | 'none';
  /** An address to open instead of the given HTML. */
  url?: string;
}

export interface Subject {
  page: Page;
  /** Texts that are painted now, in no order. */
  marked(): Promise<string[]>;
  /** Waits until exactly these texts are painted. */
  waitForMarks(texts: readonly string[]): Promise<void>;
  /** Moves the mouse to the middle of the first occurrence of a painted text; answers the point. */
  hover(text: string): Promise<{ x: number; y: number }>;
  /** Waits for the host of the chip and answers where its button is. */
  chip(): Promise<Spot>;
  /** Looks for as long as chip or card must have been there to be pressed. */
  look(): Promise<void>;
  /** The chip, once it has been there for long enough to be dialled from. */
  seenChip(): Promise<Spot>;
  clickChip(): Promise<void>;
  chipText(): Promise<string>;
  waitForChipText(text: string): Promise<void>;
  waitForNoChip(): Promise<void>;
  /** Hovers a number, presses the button that shows more, and answers where the card is. */
  openCard(text: string): Promise<Spot>;
  card(): Promise<Spot>;
  /** The card's list of countries. */
  selectBox(): Promise<Spot>;
  /** What the card says, drawn words included, white space collapsed. */
  cardText(): Promise<string>;
  waitForCardText(part: string): Promise<void>;
  /** Where a button of chip or card stands. */
  buttonAt(button: string): Promise<Spot>;
  /** Clicks a button of chip or card by its name, once it can have been seen. */
  press(button: string): Promise<void>;
  /** Sends a message of the worker to the page script and answers what it answers. */
  ask(name: string): Promise<unknown>;
  /** What the live region says, once it says anything. */
  heard(): Promise<string>;
  /** The element of the page that has the focus, as `name#id`; `chip` for the chip's button. */
  focused(): Promise<string>;
  dials(): Promise<DialSent[]>;
  waitForDials(count: number): Promise<DialSent[]>;
  /** The whole tree, shadow roots included, as text. */
  tree(): Promise<string>;
}
export interface Spot {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface DialSent {
  number: unknown;
  shownText: string;
  from: string;
}

/** Reads a page of tests/fixtures/pages. */
export function fixturePage(name: string): string {
  return readFileSync(here(`../fixtures/pages/${name}.html`), 'utf8');
}

/** Starts browser and server; all pages of one test file share them. */
export async function openBench(): Promise<Bench> {
  const script = await bundle();
  const pages = new Map<string, string>();
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(pages.get(request.url ?? '') ?? '<!doctype html><title>empty</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchBrowser({ headless: true });
  return {
    async open(html, options = {}) {
      const path = `/${pages.size}`;
      pages.set(path, html);
      return await openSubject(browser, script, options.url ?? `${originOf(server)}${path}`, options);
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: here('../..'),
    plugins: [preact()],
    build: {
      write: false,
      minify: false,
      lib: { entry: here('page-under-test.ts'), formats: ['iife'], name: 'offhookPageUnderTest' },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  const chunk = first && 'output' in first ? first.output.find((one) => one.type === 'chunk') : undefined;
  if (!chunk || !('code' in chunk)) throw new Error('the page script was not bundled');
  return chunk.code;
}

async function openSubject(browser: Browser, script: string, url: string, options: OpenOptions): Promise<Subject> {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(rememberClosedRoots);
  await page.goto(url);
  await page.bringToFront();
  await page.evaluate(script);
  if (options.settings) {
    await page.evaluate((settings) => {
      window.offhookTest.settings = settings;
    }, options.settings);
  }
  if (options.start !== 'none') await page.evaluate(() => window.offhookTest.start());
  return subjectOf(page);
}

// In the browser an extension may look into closed roots; a plain script learns of them as they are made.
function rememberClosedRoots(): void {
  const roots = new WeakMap<Element, ShadowRoot>();
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init);
    roots.set(this, root);
    return root;
  };
  window.closedRootsOfPage = roots;
}

function subjectOf(page: Page): Subject {
  const marked = () => page.evaluate(markedTexts);
  const chip = () => spotOf(page, chipBox);
  const card = () => spotOf(page, cardBox);
  const buttonAt = (button: string) => spotOf(page, buttonBox, button);
  const look = () => page.evaluate(lookInPage, SEEN_MS);
  const seenChip = async () => {
    await chip();
    await look();
    return await chip();
  };
  const dials = async () => {
    const sent = await page.evaluate(() => window.offhookTest.sent);
    // The page script's own `dial` requests.
    return sent.filter(({ name }) => name === 'dial').map(({ request }) => request as DialSent);
  };
  return {
    page,
    marked,
    async waitForMarks(texts) {
      const wanted = [...texts].sort();
      await page
        .waitForFunction(`JSON.stringify((${markedTexts})().sort()) === ${JSON.stringify(JSON.stringify(wanted))}`, {
          polling: 50,
          timeout: 10_000,
        })
        .catch(async (cause: unknown) => {
          throw new Error(`marked: ${JSON.stringify((await marked()).sort())}, wanted: ${JSON.stringify(wanted)}`, {
            cause,
          });
        });
    },
    async hover(text) {
      // A page that draws a number anew has it unmarked for a moment.
      const point = await awaited(page, pointOf, text);
      await page.mouse.move(point.x - 2, point.y, { steps: 2 });
      await page.mouse.move(point.x, point.y, { steps: 2 });
      return point;
    },
    chip,
    look,
    seenChip,
    async clickChip() {
      const { x, y, width, height } = await seenChip();
      await page.mouse.click(x + width / 2, y + height / 2);
    },
    chipText: () => page.evaluate(chipContent),
    async waitForChipText(text) {
      await page.waitForFunction(`(${chipContent})() === ${JSON.stringify(text)}`, { polling: 20, timeout: 10_000 });
    },
    waitForNoChip: async () => {
      await page.waitForFunction(`(${chipBox})() === null && (${cardBox})() === null`, {
        polling: 50,
        timeout: 15_000,
      });
    },
    async openCard(text) {
      await this.hover(text);
      await this.press('open');
      return await card();
    },
    card,
    selectBox: () => spotOf(page, selectPlace),
    cardText: () => page.evaluate(cardContent),
    async waitForCardText(part) {
      await page
        .waitForFunction(`(${cardContent})().includes(${JSON.stringify(part)})`, { polling: 20, timeout: 10_000 })
        .catch(async (cause: unknown) => {
          throw new Error(`the card says: ${await page.evaluate(cardContent)}, wanted: ${part}`, { cause });
        });
    },
    buttonAt,
    async press(button) {
      await buttonAt(button);
      await look();
      const box = await buttonAt(button);
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    },
    ask: (name) => page.evaluate((asked) => window.offhookTest.ask({ name: asked }), name),
    async heard() {
      await page.waitForFunction(`(${heardText})() !== ''`, { polling: 20, timeout: 10_000 });
      return await page.evaluate(heardText);
    },
    focused: () => page.evaluate(focusedElement),
    dials,
    async waitForDials(count) {
      const check = `window.offhookTest.sent.filter(({ name }) => name === 'dial').length >= ${count}`;
      await page.waitForFunction(check, { polling: 50, timeout: 10_000 });
      return await dials();
    },
    tree: () => page.evaluate(serialise),
  };
}

/** What a function finds in the page, as soon as it finds something. */
async function awaited<Args extends unknown[], Found>(
  page: Page,
  find: (...args: Args) => Found | null,
  ...args: Args
): Promise<Found> {
  const check = `(${find})(...${JSON.stringify(args)})`;
  const handle = await page
    .waitForFunction(check, { polling: 20, timeout: 10_000 })
    .catch((cause: unknown) => Promise.reject(new Error(`nothing came of ${find.name} ${args.join()}`, { cause })));
  return (await handle.jsonValue()) as Found; // what the function answered
}

const spotOf = (page: Page, find: (name: string) => Spot | null, name = '') => awaited(page, find, name);

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

// ——— below: run inside the page ———

/**
 * Looks at the page for so long, counted from when it has drawn itself: a busy machine draws late. The 300 ms that
 * something must have been visible, and what the browser takes to notice that it is, have no event.
 */
async function lookInPage(forMs: number): Promise<void> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  for (let count = 0; count < 3; count += 1) await frame();
  await new Promise((resolve) => setTimeout(resolve, forMs));
  await frame();
}

function markedTexts(): string[] {
  const texts: string[] = [];
  for (const [name, highlight] of CSS.highlights) {
    if (!name.startsWith('offhook')) continue;
    for (const abstract of highlight) {
      // The page has shortened the text a moment ago, and it is not painted anew yet.
      if (abstract.endOffset > (abstract.endContainer.nodeValue?.length ?? Number.POSITIVE_INFINITY)) continue;
      const range = document.createRange();
      range.setStart(abstract.startContainer, abstract.startOffset);
      range.setEnd(abstract.endContainer, abstract.endOffset);
      texts.push(range.toString().replace(/\s+/g, ' '));
    }
  }
  return texts;
}

function pointOf(text: string): { x: number; y: number } | null {
  for (const highlight of CSS.highlights.values()) {
    for (const abstract of highlight) {
      const range = document.createRange();
      range.setStart(abstract.startContainer, abstract.startOffset);
      range.setEnd(abstract.endContainer, abstract.endOffset);
      const { left, top, width, height } = range.getBoundingClientRect();
      if (range.toString().replace(/\s+/g, ' ') === text) return { x: left + width / 2, y: top + height / 2 };
    }
  }
  return null;
}

function chipBox(): { x: number; y: number; width: number; height: number } | null {
  const roots = window.closedRootsOfPage;
  const host = [...document.querySelectorAll('div[popover="manual"]')].find((one) => roots?.has(one));
  const chip = host && roots?.get(host)?.querySelector('.chip');
  if (!chip) return null;
  const { x, y, width, height } = chip.getBoundingClientRect();
  return { x, y, width, height };
}

function cardBox(): { x: number; y: number; width: number; height: number } | null {
  const roots = window.closedRootsOfPage;
  const host = [...document.querySelectorAll('div[popover="manual"]')].find((one) => roots?.has(one));
  const card = host && roots?.get(host)?.querySelector('.card');
  if (!card) return null;
  const { x, y, width, height } = card.getBoundingClientRect();
  return { x, y, width, height };
}

function buttonBox(name: string): { x: number; y: number; width: number; height: number } | null {
  const roots = window.closedRootsOfPage;
  const host = [...document.querySelectorAll('div[popover="manual"]')].find((one) => roots?.has(one));
  const button = host && roots?.get(host)?.querySelector(`[data-act="${name}"]`);
  if (!button) return null;
  const { x, y, width, height } = button.getBoundingClientRect();
  return { x, y, width, height };
}

function selectPlace(): { x: number; y: number; width: number; height: number } | null {
  const roots = window.closedRootsOfPage;
  const host = [...document.querySelectorAll('div[popover="manual"]')].find((one) => roots?.has(one));
  const select = host && roots?.get(host)?.querySelector('select');
  if (!select) return null;
  const { x, y, width, height } = select.getBoundingClientRect();
  return { x, y, width, height };
}

function cardContent(): string {
  const roots = window.closedRootsOfPage;
  const host = [...document.querySelectorAll('div[popover="manual"]')].find((one) => roots?.has(one));
  const card = host && roots?.get(host)?.querySelector('.card, .chip--decided');
  const said = (node: Node): string => {
    if (node.nodeType === Node.TEXT_NODE) return `${node.textContent} `;
    if (!(node instanceof Element) || node.localName === 'option') return '';
    if (node instanceof HTMLSelectElement) return `${node.selectedOptions[0]?.textContent} `;
    return `${node.getAttribute('data-text') ?? ''} ${[...node.childNodes].map(said).join('')}`;
  };
  return card ? said(card).replace(/\s+/g, ' ').trim() : '';
}

function chipContent(): string {
  const roots = window.closedRootsOfPage;
  const host = [...document.querySelectorAll('div[popover="manual"]')].find((one) => roots?.has(one));
  const chip = host && roots?.get(host)?.querySelector('.chip');
  return `${chip?.textContent ?? ''}${chip?.querySelector('[data-note]')?.getAttribute('data-note') ?? ''}`;
}

function heardText(): string {
  const roots = window.closedRootsOfPage;
  const host = [...document.querySelectorAll('div[popover="manual"]')].find((one) => roots?.has(one));
  const spoken = host && roots?.get(host)?.querySelector('[aria-live] > *');
  return spoken?.getAttribute('aria-label') ?? '';
}

function focusedElement(): string {
  let active = document.activeElement;
  for (let root = active && window.closedRootsOfPage?.get(active); root?.activeElement; ) {
    active = root.activeElement;
    root = window.closedRootsOfPage?.get(active);
  }
  if (active?.matches('.chip')) return 'chip';
  const act = active?.getAttribute('data-act');
  if (act) return act;
  return active ? `${active.localName}${active.id && `#${active.id}`}` : '';
}

function serialise(): string {
  const write = (node: Node): string => {
    if (!(node instanceof Element)) return node.nodeType === Node.TEXT_NODE ? `"${node.textContent}"` : '';
    const root = window.closedRootsOfPage?.get(node);
    const attributes = [...node.attributes].map(({ name, value }) => ` ${name}=${JSON.stringify(value)}`).join('');
    const inside = root ? `#root{${[...root.childNodes].map(write).join('')}}` : '';
    return `<${node.localName}${attributes}>${inside}${[...node.childNodes].map(write).join('')}</${node.localName}>`;
  };
  return write(document.documentElement);
}
