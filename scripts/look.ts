// Pictures of every state of every view, in light and dark, English and German and several widths, under .output/look/.
// For looking at: it judges nothing, but it fails when a view cannot be drawn. `node scripts/look.ts sidepanel-360-de`
// takes those whose name contains it.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { actOut, settle } from '../tests/views/acts.ts';
import { type Look, openGallery, SHEETS, type SheetName, SIZES, type Tab } from '../tests/views/gallery.ts';

const PICTURES = fileURLToPath(new URL('../.output/look', import.meta.url));
const PAGE = { width: 1640, height: 1250 };
/** Where a view has no width of its own: the narrowest and the widest that it meets. */
const FURTHER_WIDTHS: Partial<Record<SheetName, readonly number[]>> = {
  options: [320],
  confirm: [320],
  sidepanel: [320],
  journal: [640],
};

interface Shot {
  name: string;
  look: Look;
}

const SHOTS: Shot[] = SHEETS.flatMap((sheet) =>
  [SIZES[sheet].width, ...(FURTHER_WIDTHS[sheet] ?? [])].flatMap((width) =>
    (['en', 'de'] as const).flatMap((lang) =>
      (['light', 'dark'] as const).map((scheme): Shot => {
        const look: Look = {
          sheet,
          lang,
          scheme,
          size: PAGE,
          frame: { width, height: SIZES[sheet].height },
          font: 'own',
        };
        return { name: `${sheet}-${width}-${lang}-${scheme}`, look };
      }),
    ),
  ),
);

/** Takes the pictures whose name contains `part`; answers how many could not be taken as they should. */
async function look(part: string): Promise<number> {
  await mkdir(PICTURES, { recursive: true });
  const shots = SHOTS.filter(({ name }) => name.includes(part));
  const gallery = await openGallery(SHEETS.filter((sheet) => shots.some(({ look }) => look.sheet === sheet)));
  try {
    const tab = await gallery.tab();
    const faults: string[] = [];
    for (const shot of shots) {
      await take(tab, shot);
      faults.push(...tab.faults().map((fault) => `${shot.name}: ${fault}`));
    }
    for (const fault of faults) console.error(fault);
    return faults.length;
  } finally {
    await gallery.close();
  }
}

async function take({ page, show }: Tab, { name, look }: Shot): Promise<void> {
  await show(look);
  for (const frame of page.mainFrame().childFrames()) {
    await frame.waitForFunction(() => window.gallery !== undefined);
    await actOut(frame, new URL(frame.url()).searchParams.get('only') ?? undefined);
    const whole = await frame.evaluate(() => document.body.scrollHeight);
    await (await frame.frameElement())?.evaluate((element, height) => {
      element.style.height = `${height}px`;
    }, whole);
  }
  await settle(page.mainFrame());
  // Pages of a size that one can look at without scaling.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let top = 0; top < height; top += PAGE.height) {
    const path = `${PICTURES}/${name}-${top / PAGE.height + 1}.png`;
    await page.screenshot({
      path,
      clip: { x: 0, y: top, width: PAGE.width, height: Math.min(PAGE.height, height - top) },
      captureBeyondViewport: true,
    });
    console.log(path);
  }
}

process.exitCode = (await look(process.argv[2] ?? '')) > 0 ? 1 : 0;
