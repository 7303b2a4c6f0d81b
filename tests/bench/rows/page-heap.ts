// What is left in the page's heap after 100,000 changes, garbage collected: whether Offhook forgets what the page drops.
import type { Page } from 'puppeteer';
import { expectMarks, type Guest, openPageGround, type PageGround, PEER } from '../page-ground.ts';
import type { Contestant, RowFamily } from '../row.ts';

const ID = 'page-heap';
const ROWS = 2_000;
const CHANGES = 100_000;
const CHANGES_PER_TURN = 1_000;
const LOOKS = 4;

/** What scripts hold, in all worlds of the page, and what the tree holds. */
interface HeapUsage {
  usedSize: number;
  embedderHeapUsedSize: number;
}

/** The heap after many changes. */
export const pageHeap: RowFamily = {
  rows: [
    {
      id: ID,
      unit: 'bytes',
      ours: `heap of a page of ${ROWS} rows after ${CHANGES} changes, garbage collected`,
      reference: 'the same page without any extension',
    },
  ],
  rounds: 5,
  warmUpRounds: 0,
  async open(ground) {
    const pages = await openPageGround(ground);
    return {
      ours: heapAfter(CHANGES, { pages, guest: 'offhook' }),
      reference: heapAfter(CHANGES, { pages, guest: 'nobody' }),
      others: {
        'Offhook, before the changes': heapAfter(0, { pages, guest: 'offhook' }),
        'the bare page, before the changes': heapAfter(0, { pages, guest: 'nobody' }),
        [PEER]: heapAfter(CHANGES, { pages, guest: 'peer' }),
      },
    };
  },
};

function heapAfter(changes: number, { pages, guest }: { pages: PageGround; guest: Guest }): Contestant {
  return async () => {
    const page = await pages.open({ rows: ROWS, guest });
    try {
      if (guest === 'offhook') await expectMarks(page);
      await page.evaluate(changeRows, { changes, perTurn: CHANGES_PER_TURN });
      return { [ID]: await settledHeap(page) };
    } finally {
      await page.close();
    }
  };
}

// The least of several looks: what is about to be thrown away is no cost that stays.
async function settledHeap(page: Page): Promise<number> {
  const session = await page.createCDPSession();
  const looks: number[] = [];
  while (looks.length < LOOKS) {
    // Nothing tells when a browser has thrown away what it will: the looks are set apart, and the least of them counts.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    for (let turn = 0; turn < 2; turn += 1) await session.send('HeapProfiler.collectGarbage');
    // The protocol's own answer; the types lag behind it.
    const { usedSize, embedderHeapUsedSize } = (await session.send('Runtime.getHeapUsage')) as HeapUsage;
    looks.push(usedSize + embedderHeapUsedSize);
  }
  return Math.min(...looks);
}

// Runs in the page: rows are rewritten, thrown away and made anew, with the page drawn in between.
async function changeRows({ changes, perTurn }: { changes: number; perTurn: number }): Promise<void> {
  const rows = [...document.querySelectorAll('tbody tr')];
  for (let done = 0; done < changes; done += perTurn) {
    for (let one = done; one < done + perTurn; one += 1) {
      const row = rows[one % rows.length];
      const number = `+49 30 23125${String((one * 13) % 1000).padStart(3, '0')}`;
      const cell = row?.children[1];
      if (!row || !cell) continue;
      if (one % 2 === 0) cell.textContent = number;
      else cell.replaceWith(Object.assign(document.createElement('td'), { textContent: number }));
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  await new Promise((resolve) => requestIdleCallback(resolve));
}
