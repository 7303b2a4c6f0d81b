// Scrolling through 2,000 lines in the side panel beside scrolling through a bare list as long: the wheel turns at the
// same speed in both, and what counts is how evenly the frames come.
import type { Page } from 'puppeteer';
import { openGallery } from '../../views/gallery.ts';
import type { Contestant, RowFamily } from '../row.ts';

const ID = 'panel-scroll';
const LINES = 2_000;
const DISTANCE_PX = 4_000;
const SPEED_PX_PER_SECOND = 4_000;

declare global {
  interface Window {
    /** Times of the frames while one scrolls; `undefined` while nobody counts. */
    frameTimes?: number[];
  }
}

/** How evenly the frames come while the wheel turns. */
export const panelScroll: RowFamily = {
  rows: [
    {
      id: ID,
      unit: 'ms',
      ours: `95th percentile of the time between frames while the wheel turns over ${LINES} lines in the side panel`,
      reference: `the same over a bare list of ${LINES} items`,
    },
  ],
  rounds: 20,
  warmUpRounds: 3,
  async open({ say, atEnd }) {
    say('building the views');
    const gallery = await openGallery(['sidepanel']);
    atEnd(() => gallery.close());
    const panel = await gallery.tab();
    await panel.show({ sheet: 'sidepanel', only: 'sidepanel-2000', motion: 'full', font: 'own' });
    const bare = await gallery.tab();
    await bare.page.setViewport(panel.page.viewport());
    await bare.page.setContent(bareList());
    return { ours: scrolling(panel.page), reference: scrolling(bare.page) };
  },
};

function bareList(): string {
  const items = Array.from({ length: LINES }, (_, index) => `<li>${20 + index} Colleague ${index}</li>`).join('');
  return `<!doctype html><style>ul { height: 400px; overflow: auto; margin: 0 } li { height: 40px }</style><ul>${items}</ul>`;
}

function scrolling(page: Page): Contestant {
  return async () => {
    await page.bringToFront();
    const spot = await page.evaluate(toTop, LINES);
    await page.evaluate(countFrames);
    const session = await page.createCDPSession();
    await session.send('Input.synthesizeScrollGesture', {
      ...spot,
      yDistance: -DISTANCE_PX,
      speed: SPEED_PX_PER_SECOND,
      gestureSourceType: 'mouse',
    });
    await session.detach();
    const { times, scrolled } = await page.evaluate(stopCounting);
    // A list that did not move would come first.
    if (scrolled < DISTANCE_PX / 2) throw new Error(`the list moved by ${scrolled} px only`);
    return { [ID]: percentile(times, 0.95) };
  };
}

function percentile(times: readonly number[], share: number): number {
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length * share)] ?? Number.NaN;
}

// These run in the page.

/** Scrolls the longest list back to its top; answers a point in its middle. */
async function toTop(lines: number): Promise<{ x: number; y: number }> {
  const lists = [...document.querySelectorAll('*')].filter((one) =>
    /auto|scroll/.test(getComputedStyle(one).overflowY),
  );
  const [longest] = lists.toSorted((a, b) => b.scrollHeight - a.scrollHeight);
  if (!longest || longest.scrollHeight < lines * 20) throw new Error('there is no list that long');
  longest.scrollTop = 0;
  longest.setAttribute('data-scrolled', '');
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const { x, y, width, height } = longest.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}

function countFrames(): void {
  const times: number[] = [];
  window.frameTimes = times;
  const count = (time: number) => {
    if (window.frameTimes !== times) return;
    times.push(time);
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
}

function stopCounting(): { times: number[]; scrolled: number } {
  const times = window.frameTimes ?? [];
  delete window.frameTimes;
  return { times, scrolled: document.querySelector('[data-scrolled]')?.scrollTop ?? 0 };
}
