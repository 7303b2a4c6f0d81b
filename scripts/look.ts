// Pictures of every state of every view, in light and dark, English and German and several widths, under .output/look/.
// For looking at: it judges nothing, but it fails when a view cannot be drawn or is wider than its frame.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import type { Browser, Page } from 'puppeteer';
import { build, type InlineConfig, preview } from 'vite';
import { launchBrowser } from './browser.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SITE = `${ROOT}.output/look/site`;
const PICTURES = `${ROOT}.output/look`;

const PAGE_WIDTH = 1240;
const PAGE_HEIGHT = 1250;

interface Shot {
  sheet: 'popup' | 'options';
  lang: 'en' | 'de';
  scheme: 'light' | 'dark';
  width: number;
}

const SHOTS: Shot[] = (['en', 'de'] as const).flatMap((lang) =>
  (['light', 'dark'] as const).flatMap((scheme): Shot[] => [
    { sheet: 'popup', lang, scheme, width: 380 },
    { sheet: 'options', lang, scheme, width: 320 },
    { sheet: 'options', lang, scheme, width: 800 },
  ]),
);

/** Builds the gallery and takes the pictures; `only` keeps those whose name contains it. */
async function look(only: string | undefined): Promise<number> {
  const config: InlineConfig = {
    configFile: false,
    root: `${ROOT}tests/components/gallery`,
    plugins: [preact()],
    logLevel: 'warn',
    build: { outDir: SITE, emptyOutDir: true },
  };
  await build(config);
  const server = await preview({ ...config, preview: { port: 0, host: '127.0.0.1' } });
  const browser = await launchBrowser({ headless: true });
  try {
    const faults: string[] = [];
    for (const shot of SHOTS) {
      const name = `${shot.sheet}-${shot.width}-${shot.lang}-${shot.scheme}`;
      if (only !== undefined && !name.includes(only)) continue;
      const url = new URL(server.resolvedUrls?.local[0] ?? '');
      url.search = new URLSearchParams({ sheet: shot.sheet, lang: shot.lang, width: String(shot.width) }).toString();
      faults.push(...(await take(browser, { url: url.href, name, scheme: shot.scheme })));
      console.log(`${PICTURES}/${name}`);
    }
    for (const fault of faults) console.error(fault);
    return faults.length;
  } finally {
    await browser.close();
    await server.close();
  }
}

async function take(browser: Browser, shot: { url: string; name: string; scheme: string }): Promise<string[]> {
  await mkdir(`${PICTURES}/${shot.name}`, { recursive: true });
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`${shot.name}: ${String(error)}`));
  await page.setViewport({ width: PAGE_WIDTH, height: PAGE_HEIGHT });
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: shot.scheme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  await page.goto(shot.url, { waitUntil: 'networkidle0' });
  await actOut(page);
  faults.push(...(await overflowing(page)).map((frame) => `${shot.name}: ${frame} is wider than its frame`));
  // Pages of a size that one can look at without scaling.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let top = 0; top < height; top += PAGE_HEIGHT) {
    const clip = { x: 0, y: top, width: PAGE_WIDTH, height: Math.min(PAGE_HEIGHT, height - top) };
    await page.screenshot({ path: `${PICTURES}/${shot.name}-${top / PAGE_HEIGHT + 1}.png`, clip });
  }
  for (const frame of await page.$$('[data-frame]')) {
    const state = await frame.evaluate((element) => element.getAttribute('data-frame'));
    await frame.screenshot({ path: `${PICTURES}/${shot.name}/${state}.png` });
  }
  await page.close();
  return faults;
}

// States that only an action brings about.
async function actOut(page: Page): Promise<void> {
  for (const frame of await page.$$('[data-frame^="dial-"]')) {
    const input = await frame.$('.dial__input');
    await input?.type('030 23125042');
    await frame.waitForSelector('.dial__digits, .note--quiet', { timeout: 3000 });
    const name = await frame.evaluate((element) => element.getAttribute('data-frame'));
    if (name !== 'dial-preview' && name !== 'dial-refused') {
      await input?.press('Enter');
      await frame.waitForSelector('.dial .note--error', { timeout: 3000 });
    }
  }
  const failing = await page.$('[data-frame="order-failed"] .card__actions .button');
  await failing?.click();
  const [link] = await page.$$('[data-frame="options-unpaired"] .pair input');
  await link?.type('127.0.0.1:8730');
  const submit = await page.$('[data-frame="options-unpaired"] .pair .button');
  await submit?.click();
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
}

async function overflowing(page: Page): Promise<string[]> {
  return await page.$$eval('.frame__view', (views) =>
    views.flatMap((view) => {
      const edge = view.getBoundingClientRect().right + 0.5;
      const wide = [...view.querySelectorAll('button, input, select, p, h3, .pill')].some(
        (part) => !part.closest('.unseen') && part.getBoundingClientRect().right > edge,
      );
      return wide ? [view.parentElement?.getAttribute('data-frame') ?? '?'] : [];
    }),
  );
}

process.exitCode = (await look(process.argv[2])) > 0 ? 1 : 0;
