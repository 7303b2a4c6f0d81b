// The gallery of views in a real Chromium: built once for a test file, every state at the size of its own page, under a
// fixed clock and with the fixture font, so that what is seen depends on the sources alone.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import type { Browser, CDPSession, Page } from 'puppeteer';
import { build, type InlineConfig, type Plugin, preview } from 'vite';
import { launchBrowser } from '../../scripts/browser.ts';
// Tells what the page offers to those who drive it.
import type {} from '../components/gallery/gallery-window.ts';
import { actOut, settle } from './acts.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TEXT_ARGS = ['--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'];
/** A Friday afternoon, on which the sample data is built. */
const CLOCK = Date.parse('2026-11-20T14:30:00+01:00');
const TIME_ZONE = 'Europe/Berlin';

/** The views by name, each with the size that its own page has in the browser. */
export const SIZES = {
  popup: { width: 380, height: 600 },
  sidepanel: { width: 400, height: 800 },
  caller: { width: 400, height: 440 },
  confirm: { width: 400, height: 370 },
  journal: { width: 1000, height: 760 },
  options: { width: 900, height: 800 },
  chip: { width: 360, height: 80 },
} as const;

export type SheetName = keyof typeof SIZES;
/** The names of all sheets. */
// The keys of the table above are its type's.
export const SHEETS = Object.keys(SIZES) as SheetName[];

/** What is looked at, and under which circumstances. */
export interface Look {
  sheet: SheetName;
  /** One state alone; all on one page without it. */
  only?: string;
  lang?: string;
  scheme?: 'light' | 'dark';
  /** The colours of the agent's own choice (Windows' contrast themes). */
  colours?: 'own' | 'forced';
  size?: { width: number; height: number };
  /** The size of each frame where all states are on one page. */
  frame?: { width: number; height: number };
  font?: 'own' | 'fixture';
  motion?: 'reduced' | 'full';
}

export interface Gallery {
  /** Chromium's major version, `156`. */
  chromium: number;
  tab(): Promise<Tab>;
  close(): Promise<void>;
}

/** One tab of the browser; every look is a navigation. */
export interface Tab {
  page: Page;
  /** Resolves when the state is drawn, what it asks for is answered and what it needs to be done first is done. */
  show(look: Look): Promise<void>;
  statesOf(sheet: SheetName): Promise<readonly string[]>;
  /** Draws the shown view anew with this name in every place; false where it shows no names. */
  showNamed(name: string): Promise<boolean>;
  /** Another colour scheme for what is shown. */
  recolour(look: Pick<Look, 'scheme' | 'colours'>): Promise<void>;
  /** What the page threw since it was asked last. */
  faults(): readonly string[];
}

/** Builds the gallery, or some of its sheets alone, and starts a browser for it. */
export async function openGallery(sheets: readonly SheetName[] = SHEETS): Promise<Gallery> {
  const outDir = await mkdtemp(join(tmpdir(), 'offhook-gallery-'));
  const config: InlineConfig = {
    configFile: false,
    root: `${ROOT}tests/components/gallery`,
    plugins: [preact(), without(SHEETS.filter((sheet) => !sheets.includes(sheet)))],
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  };
  await build(config);
  const server = await preview({ ...config, preview: { port: 0, host: '127.0.0.1' } });
  const browser = await launchBrowser({ headless: true, args: TEXT_ARGS });
  const origin = server.resolvedUrls?.local[0] ?? '';
  return {
    chromium: Number(/\/(\d+)\./.exec(await browser.version())?.[1]),
    tab: () => openTab(browser, origin),
    async close() {
      await browser.close();
      await server.close();
      await rm(outDir, { recursive: true });
    },
  };
}

// A view that is being worked on and does not build keeps nobody from looking at the others.
function without(sheets: readonly SheetName[]): Plugin {
  const files = sheets.map((sheet) => `/${sheet}-sheet.tsx`);
  return {
    name: 'offhook-without',
    transform: {
      order: 'pre',
      handler: (_code, id) => (files.some((file) => id.endsWith(file)) ? 'export const sheet = { states: {} };' : null),
    },
  };
}

async function openTab(browser: Browser, origin: string): Promise<Tab> {
  const page = await browser.newPage();
  const session = await page.createCDPSession();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.evaluateOnNewDocument(stopClock, CLOCK);
  await page.emulateTimezone(TIME_ZONE);
  // Whatever other tabs do: what a view focuses when it opens is focused.
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: true });

  let opened = '';

  async function show(look: Look): Promise<void> {
    await page.setViewport({ ...(look.size ?? SIZES[look.sheet]), deviceScaleFactor: 1 });
    await emulate(session, look);
    const address = `${origin}?${new URLSearchParams(paramsOf(look))}`;
    const { only } = look;
    // Chromium leaves old colours behind where these become forced under a page that is there already.
    const circumstances = `${address} ${look.colours ?? 'own'}`;
    if (circumstances === opened && only !== undefined) {
      await page.evaluate((state) => window.gallery?.draw(state), only);
    } else {
      await page.goto(only === undefined ? address : `${address}&only=${only}`);
      await page.waitForFunction(() => window.gallery !== undefined);
    }
    opened = circumstances;
    await settle(page.mainFrame());
    await actOut(page.mainFrame(), look.only);
  }

  return {
    page,
    show,
    async statesOf(sheet) {
      await show({ sheet, only: '' });
      return await page.evaluate(() => window.gallery?.states ?? []);
    },
    async showNamed(name) {
      const isShown = await page.evaluate((text) => window.gallery?.drawNamed(text), name);
      await settle(page.mainFrame());
      return isShown === true;
    },
    async recolour(look) {
      await emulate(session, look);
      await settle(page.mainFrame());
    },
    faults: () => faults.splice(0),
  };
}

function paramsOf({ sheet, lang = 'en', font = 'fixture', frame = SIZES[sheet] }: Look): Record<string, string> {
  return { sheet, lang, font, width: String(frame.width), height: String(frame.height) };
}

// Puppeteer's own call knows no forced colours.
async function emulate(session: CDPSession, look: Omit<Look, 'sheet'>): Promise<void> {
  const { scheme = 'light', colours = 'own', motion = 'reduced' } = look;
  await session.send('Emulation.setEmulatedMedia', {
    features: [
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: motion === 'reduced' ? 'reduce' : '' },
      { name: 'forced-colors', value: colours === 'forced' ? 'active' : '' },
    ],
  });
}

// Runs in the page before anything else.
function stopClock(at: number): void {
  const RealDate = Date;
  // Only "now" stands still; moments that are named stay what they are.
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args) => Reflect.construct(target, args.length === 0 ? [at] : args),
    get: (target, key) => (key === 'now' ? () => at : Reflect.get(target, key)),
  });
}
