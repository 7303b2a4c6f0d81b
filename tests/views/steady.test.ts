// That nothing moves away from under the pointer when a call comes: measured in a real browser, since only that lays out.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gallery, openGallery, type Tab } from './gallery.ts';

let gallery: Gallery;
let tab: Tab;

beforeAll(async () => {
  gallery = await openGallery(['sidepanel', 'popup']);
  tab = await gallery.tab();
});
afterAll(() => gallery.close());

/** Where the parts below the calls stand, in pixels from the top. */
async function places(): Promise<Record<string, number>> {
  return await tab.page.evaluate(() =>
    Object.fromEntries(
      ['.dial__input', '.tab', '.line-row__star'].flatMap((selector) => {
        const top = document.querySelector(selector)?.getBoundingClientRect().top;
        return top === undefined ? [] : [[selector, top]];
      }),
    ),
  );
}

test.each([
  ['sidepanel', 'panel-idle', 'panel-ringing'],
  ['popup', 'idle', 'call-offering'],
] as const)('%s: the first call that comes moves nothing', async (sheet, before, after) => {
  await tab.show({ sheet, only: before });
  const idle = await places();
  await tab.show({ sheet, only: after });
  expect(Object.keys(idle)).toContain('.line-row__star');
  expect(await places()).toEqual(idle);
});

test('the rows under the pointer stay while the calls above them need more room', async () => {
  await tab.show({ sheet: 'sidepanel', only: 'sidepanel-2000' });
  const row = () =>
    tab.page.evaluate(() => {
      const { clientHeight } = document.documentElement;
      return document
        .elementFromPoint(120, clientHeight - 80)
        ?.closest('[data-line-id]')
        ?.getAttribute('data-line-id');
    });
  const height = await tab.page.evaluate(() => document.documentElement.clientHeight);
  await tab.page.mouse.move(120, height - 80);
  const before = await row();
  // As high as a second call would make it.
  await tab.page.evaluate(async () => {
    document.querySelector<HTMLElement>('.calls')?.style.setProperty('min-height', '300px');
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
  expect(before).toMatch(/^line-/);
  expect(await row()).toBe(before);
});
