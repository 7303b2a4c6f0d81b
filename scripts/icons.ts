// Draws public/icon/*.png from the SVG sources beside them. Run it by hand after a change of a source.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from './browser.ts';

const FOLDER = fileURLToPath(new URL('../public/icon/', import.meta.url));
const SIZES = [16, 32, 48, 128];
// The toolbar shows the variants, and only there.
const VARIANTS = [
  { source: 'icon', suffix: '', sizes: SIZES },
  { source: 'icon-ringing', suffix: '-ringing', sizes: [16, 32] },
  { source: 'icon-connected', suffix: '-connected', sizes: [16, 32] },
  { source: 'icon-offline', suffix: '-offline', sizes: [16, 32] },
];

const browser = await launchBrowser({ headless: true });
const page = await browser.newPage();
for (const { source, suffix, sizes } of VARIANTS) {
  const svg = await readFile(`${FOLDER}${source}.svg`, 'utf8');
  for (const size of sizes) {
    await page.setViewport({ width: size, height: size });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
    await writeFile(`${FOLDER}${size}${suffix}.png`, await page.screenshot({ omitBackground: true }));
  }
}
await browser.close();
