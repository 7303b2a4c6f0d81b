// Lets the clock of a page stand still, by which the extension counts how long something was seen: so what must not count in
// the first moment is tried in that moment, however slow the machine is. Timers and frames go on.
import type { Subject } from './harness.ts';

/** The clock stands still from now on. */
export async function stopClock({ page }: Pick<Subject, 'page'>): Promise<void> {
  await page.evaluate(() => {
    const at = performance.now();
    Object.assign(performance, { now: () => at });
  });
}

/** The clock stands still from the first frame on in which a chip is there: before the browser has told that it is seen. */
export async function stopClockAtChip({ page }: Pick<Subject, 'page'>): Promise<void> {
  await page.evaluate(() => {
    const look = () => {
      if (document.querySelector('div[popover="manual"]') === null) return void requestAnimationFrame(look);
      const at = performance.now();
      Object.assign(performance, { now: () => at });
    };
    look();
  });
}

/** A clock that stands still shows so much more. */
export async function turnClock({ page }: Pick<Subject, 'page'>, byMs: number): Promise<void> {
  await page.evaluate((more) => {
    const at = performance.now() + more;
    Object.assign(performance, { now: () => at });
  }, byMs);
}

/** The clock shows the time again. */
export async function letClockGo({ page }: Pick<Subject, 'page'>): Promise<void> {
  await page.evaluate(() => void Reflect.deleteProperty(performance, 'now'));
}
