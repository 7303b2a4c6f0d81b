// Frames a second of a page that changes 500 rows a second, with Offhook reading every change, beside the page alone.
import type { Page } from 'puppeteer';
import { expectMarks, type Guest, openPageGround, type PageGround, PEER } from '../page-ground.ts';
import type { Contestant, RowFamily } from '../row.ts';

const ID = 'page-churn';
const ROWS = 1_000;
const CHANGES_PER_SECOND = 500;
const COUNTED_MS = 4_000;

/** Frames while rows change. */
export const pageChurn: RowFamily = {
  rows: [
    {
      id: ID,
      unit: 'fps',
      ours: `frames a second while ${CHANGES_PER_SECOND} of ${ROWS} rows change each second`,
      reference: 'the same page without any extension',
    },
  ],
  rounds: 5,
  warmUpRounds: 1,
  async open(ground) {
    const pages = await openPageGround(ground);
    return {
      ours: churning(pages, 'offhook'),
      reference: churning(pages, 'nobody'),
      others: { [PEER]: churning(pages, 'peer') },
    };
  },
};

function churning(pages: PageGround, guest: Guest): Contestant {
  return async () => {
    const page = await pages.open({ rows: ROWS, guest });
    try {
      if (guest === 'offhook') await expectMarks(page);
      return { [ID]: await framesWhileChanging(page) };
    } finally {
      await page.close();
    }
  };
}

async function framesWhileChanging(page: Page): Promise<number> {
  return await page.evaluate(churn, { perSecond: CHANGES_PER_SECOND, forMs: COUNTED_MS });
}

// Runs in the page. The rows in sight change like the others, and each change is a new number.
async function churn({ perSecond, forMs }: { perSecond: number; forMs: number }): Promise<number> {
  const cells = [...document.querySelectorAll('td:nth-child(2)')];
  let changed = 0;
  let frames = 0;
  const start = performance.now();
  const change = () => {
    for (const due = ((performance.now() - start) / 1000) * perSecond; changed < due; changed += 1) {
      const cell = cells[(changed * 7) % cells.length];
      if (cell) cell.textContent = `+49 30 23125${String((changed * 13) % 1000).padStart(3, '0')}`;
    }
  };
  const timer = setInterval(change, 20);
  await new Promise<void>((resolve) => {
    const count = (now: number) => {
      if (now - start >= forMs) return resolve();
      frames += 1;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  clearInterval(timer);
  return frames / (forMs / 1000);
}
