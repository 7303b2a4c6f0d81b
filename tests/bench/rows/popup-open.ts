// From opening the popup to seeing the own line in it, with a worker that is online: what an agent waits for after a
// click on the icon. Both pages are navigated to in the same tab and watched by the same script.
import type { Page } from 'puppeteer';
import { BARE_PAGE, LINE_NAME, openOffice } from '../office.ts';
import type { Contestant, RowFamily } from '../row.ts';

const ID = 'popup-open';

declare global {
  interface Window {
    /** Milliseconds from the navigation's start to the frame in which the line's name is painted. */
    linePaintedMs?: Promise<number>;
  }
}

/** The popup shows the agent's line, beside an extension page that holds the line's name and nothing else. */
export const popupOpen: RowFamily = {
  rows: [
    {
      id: ID,
      unit: 'ms',
      ours: "navigation to popup.html → the agent's line is painted",
      reference: 'the same for an extension page without any script',
    },
  ],
  rounds: 40,
  warmUpRounds: 5,
  async open(ground) {
    const { agent } = await openOffice(ground);
    const page = await agent.browser.newPage();
    await page.bringToFront();
    await page.evaluateOnNewDocument(watchForLine, LINE_NAME);
    const opening =
      (path: string): Contestant =>
      async () => ({ [ID]: await paintedMs(page, `chrome-extension://${agent.extensionId}/${path}`) });
    return { ours: opening('popup.html'), reference: opening(BARE_PAGE) };
  },
};

async function paintedMs(page: Page, url: string): Promise<number> {
  await page.goto(url);
  const found = await page.evaluate(() => window.linePaintedMs);
  if (found === undefined) throw new Error(`${url} was not watched`);
  return found;
}

// Runs in the page before anything else. The first frame that holds the name is over when a message that was posted in
// it arrives; the browser's own first contentful paint, where it is later, counts instead.
function watchForLine(name: string): void {
  const afterFrame = () =>
    new Promise<number>((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null);
      });
    });
  const contentfulPaint = new Promise<number>((resolve) => {
    new PerformanceObserver((list) => {
      const [paint] = list.getEntriesByName('first-contentful-paint');
      if (paint) resolve(paint.startTime);
    }).observe({ type: 'paint', buffered: true });
  });
  const lineInFrame = new Promise<number>((resolve) => {
    const observer = new MutationObserver(() => {
      if (!document.body?.textContent?.includes(name)) return;
      observer.disconnect();
      resolve(afterFrame());
    });
    observer.observe(document, { childList: true, subtree: true, characterData: true });
  });
  window.linePaintedMs = Promise.all([contentfulPaint, lineInFrame]).then((times) => Math.max(...times));
}
