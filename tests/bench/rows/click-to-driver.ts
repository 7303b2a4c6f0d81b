// From an agent's click on the chip to the order's arrival at the phone system. Begins with the click itself: that a chip
// must have been visible for 300 ms before it counts is not in the figure.
import type { Page } from 'puppeteer';
import { clickChip, hoverNumber, waitForPainted } from '../../../scripts/stage/marks.ts';
import { ADA, ANNA, type World } from '../../e2e/world.ts';
import { openBareSocket } from '../bare-socket.ts';
import { comeToRest, openOffice } from '../office.ts';
import type { Contestant, RowFamily } from '../row.ts';

const ID = 'click-to-driver';
const LIMIT_MS = 10_000;
const CLOCK_TRIPS = 100;
/** Anna's number as it stands twice on her page: the list would draw rows anew under the mouse, which is not in the figure. */
const PLACES = ['030 23125007', '+49 (0) 30 23125007'];

declare global {
  interface Window {
    /** When the last click of a person happened, milliseconds since the epoch by the page's clock. */
    clickedAt?: number;
  }
}

/** A click on the chip → the phone system has the order, beside a bare echo through the same worker. */
export const clickToDriver: RowFamily = {
  rows: [
    {
      id: ID,
      unit: 'ms',
      ours: 'a click on the chip → the order is at the phone system',
      reference: 'bare WebSocket echo through the worker that takes the click',
    },
  ],
  rounds: 25,
  warmUpRounds: 3,
  async open(ground) {
    const office = await openOffice(ground);
    const { world, agent } = office;
    const bare = await openBareSocket(agent);
    ground.atEnd(bare.close);
    const page = await agent.openPage(world.crm.url + ANNA.page);
    await waitForPainted(page, 8);
    await page.evaluate(rememberClicks);
    const clock = await compareClocks(page);
    ground.say(
      `the page's clock is ${clock.aheadMs.toFixed(2)} ms ahead (± ${clock.errorMs.toFixed(2)} ms), corrected`,
    );
    const places = [...PLACES];

    // At another place each time: at the last one the chip still tells what became of the call.
    const ours: Contestant = async () => {
      await comeToRest(office, bare);
      const [text = ''] = places;
      places.push(...places.splice(0, 1));
      const chip = await hoverNumber(page, { text, e164: ANNA.e164 });
      const ordered = orderAt(world);
      const [orderedAt] = await Promise.all([ordered, clickChip(page, chip)]);
      const clickedAt = await takeClickTime(page, clock);
      await world.stage.desk.hangUp(ADA);
      return { [ID]: orderedAt - clickedAt };
    };

    return {
      ours,
      async reference() {
        await comeToRest(office, bare);
        return { [ID]: await bare.echo() };
      },
    };
  },
};

function now(): number {
  return performance.timeOrigin + performance.now();
}

/** When the phone system shows the call that an order made: it answers an order in the same turn. */
function orderAt({ stage }: World): Promise<number> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      stop();
      reject(new Error(`waited ${LIMIT_MS / 1000} s for the order of a click to reach the phone system`));
    }, LIMIT_MS);
    const stop = stage.desk.onEvent((event) => {
      if (event.type !== 'leg' || event.leg.lineKey !== ADA || event.leg.direction !== 'outbound') return;
      const at = now();
      clearTimeout(limit);
      stop();
      resolve(at);
    });
  });
}

function rememberClicks(): void {
  const remember = (event: MouseEvent) => {
    if (event.isTrusted) window.clickedAt = performance.timeOrigin + performance.now();
  };
  window.addEventListener('click', remember, { capture: true });
}

interface PageClock {
  /** How much the page's clock is ahead of ours, and the most by which that can be wrong. */
  aheadMs: number;
  errorMs: number;
}

// Page and bench read the machine's time through two clocks, each set once at the start of its process and steady from
// there: they differ for good by what the machine's time was corrected in between. One round trip bounds the difference
// to half its length either way; the shortest of many bounds it best. (Measured: at most 0.2 ms, about the error.)
async function compareClocks(page: Page): Promise<PageClock> {
  let best: PageClock = { aheadMs: 0, errorMs: Number.POSITIVE_INFINITY };
  for (let trip = 0; trip < CLOCK_TRIPS; trip += 1) {
    const before = now();
    const there = await page.evaluate(() => performance.timeOrigin + performance.now());
    const after = now();
    const errorMs = (after - before) / 2;
    if (errorMs < best.errorMs) best = { aheadMs: there - (before + after) / 2, errorMs };
  }
  return best;
}

/** When the page saw the click, by our clock. */
async function takeClickTime(page: Page, { aheadMs }: PageClock): Promise<number> {
  const clickedAt = await page.evaluate(() => {
    const at = window.clickedAt;
    delete window.clickedAt;
    return at;
  });
  if (clickedAt === undefined) throw new Error('the page saw no click of a person');
  return clickedAt - aheadMs;
}
