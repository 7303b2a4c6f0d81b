// How long a big table holds the page up with Offhook on it, beside the same table alone and with a peer on it. The page's
// script fills it: of a table that comes over the network, chance decides how much is laid out in one task.
import {
  expectMarks,
  type Guest,
  listenersOf,
  longTasks,
  openPageGround,
  type PageGround,
  PEER,
  sumOf,
} from '../page-ground.ts';
import type { Contestant, RowFamily } from '../row.ts';

const LONGEST = 'page-longest-task';
const SUM = 'page-long-task-sum';
const ROWS = 10_000;
const FEW_ROWS = 50;
// By then the whole table has been read, and the peer's one task is over.
const WATCHED_MS = 5_000;

/** Tasks above 50 ms while a table of 10,000 rows is filled and read. */
export const pageTasks: RowFamily = {
  rows: [
    {
      id: LONGEST,
      unit: 'ms',
      ours: `longest task (time on the processor) while ${ROWS} rows × 6 cells come and are read`,
      reference: 'the same page without any extension',
    },
    {
      id: SUM,
      unit: 'ms',
      ours: 'sum of all tasks above 50 ms of that page',
      reference: 'the same page without any extension',
    },
  ],
  rounds: 5,
  warmUpRounds: 1,
  async open(ground) {
    const pages = await openPageGround(ground);
    await expectSteadyListeners(pages);
    ground.say(`each turn watches the page for ${WATCHED_MS / 1000} s`);
    return {
      ours: loading(pages, 'offhook'),
      reference: loading(pages, 'nobody'),
      others: { [PEER]: loading(pages, 'peer') },
    };
  },
};

function loading(pages: PageGround, guest: Guest): Contestant {
  return async () => {
    const { page, go } = await pages.tab({ rows: ROWS, guest, isFilled: true });
    try {
      const tasks = await longTasks(page, async () => {
        await go();
        await page.evaluate((forMs) => new Promise((resolve) => setTimeout(resolve, forMs)), WATCHED_MS);
      });
      if (guest === 'offhook') await expectMarks(page);
      return { [LONGEST]: Math.max(0, ...tasks), [SUM]: sumOf(tasks) };
    } finally {
      await page.close();
    }
  };
}

// A listener for each number would show as thousands more on the big table.
async function expectSteadyListeners(pages: PageGround): Promise<void> {
  const counts: number[] = [];
  for (const rows of [FEW_ROWS, ROWS]) {
    const page = await pages.open({ rows, guest: 'offhook' });
    await expectMarks(page);
    counts.push(await listenersOf(page));
    await page.close();
  }
  const [few = 0, many = 0] = counts;
  if (many > few + 5) throw new Error(`${few} listeners on ${FEW_ROWS} rows, but ${many} on ${ROWS}`);
}
