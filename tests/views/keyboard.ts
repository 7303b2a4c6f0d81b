// The walk of somebody without a mouse through a drawn view: Tab from the first control to the last. Answers what was
// not reached, not seen, or out of order.
import type { Page } from 'puppeteer';
import { placeProbes } from './probes.ts';

/** Long lists scroll as one walks; this many steps tell how it goes on. */
const MAX_STEPS = 60;

declare global {
  interface Window {
    /** What Tab must reach next, and how each looks without the focus. */
    walk?: { element: Element; look: string }[];
    walkedFrom?: Element;
  }
}

/** Walks once through the view and answers the faults. */
export async function walkByKeyboard(page: Page): Promise<string[]> {
  await placeProbes(page);
  const count = await page.evaluate(() => {
    // From the top, wherever the focus was: Tab goes on from where something had the focus last, even if it is no more.
    const start = document.createElement('div');
    start.tabIndex = -1;
    document.body.prepend(start);
    start.focus();
    start.remove();
    scrollTo(0, 0);
    delete window.walkedFrom;
    window.walk = (window.probes?.tabbable() ?? []).map((element) => ({
      element,
      look: window.probes?.lookOf(element) ?? '',
    }));
    return window.walk.length;
  });
  const faults = await page.evaluate(() =>
    (window.probes?.unreachable() ?? []).map((name) => `${name} is out of the keyboard's reach`),
  );
  for (let step = 0; step < Math.min(count, MAX_STEPS); step += 1) {
    await page.keyboard.press('Tab');
    faults.push(...(await page.evaluate(judgeStep)));
  }
  return faults;
}

// Runs in the page. What is listed first is what comes next.
function judgeStep(): string[] {
  const { walk = [], probes } = window;
  const focused = deepActive();
  // A view may change while one walks: what is gone is not waited for, and what has come is one of the stops.
  const isGone = walk[0]?.element.isConnected === false;
  const next = walk.shift();
  if (!probes || !next || isGone) return [];
  if (focused !== next.element)
    return [`${probes.nameOf(focused)} is reached instead of ${probes.nameOf(next.element)}`];
  const before = window.walkedFrom?.getBoundingClientRect();
  const { bottom, left } = focused.getBoundingClientRect();
  const goesBack = before !== undefined && bottom <= before.top && left <= before.left;
  const name = probes.nameOf(focused);
  const faults = [
    ...(probes.lookOf(focused) === next.look ? [`${name} does not show that it has the focus`] : []),
    ...(probes.isInSight(focused) ? [] : [`${name} has the focus out of sight`]),
    ...(goesBack ? [`from ${probes.nameOf(window.walkedFrom ?? null)} back up to ${name}`] : []),
  ];
  window.walkedFrom = focused;
  return faults;

  function deepActive(): Element | null {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active;
  }
}
