// Which frames a page is asked for by name, in a real browser, since only that has frames that are drawn.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { framedOrigins } from '#lib/framed-origins.ts';
import { type Bench, openBench } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

test('names the shown frames from elsewhere, in shadow roots too, and no pixels, hidden or own ones', async () => {
  const { page } = await bench.open(
    `<!doctype html><meta charset="utf-8"><iframe src="http://crm-frame.localhost:1/contacts?id=030" width="300" height="200"></iframe>
     <iframe src="http://pixel.localhost:1/" width="1" height="1"></iframe>
     <iframe src="http://gone.localhost:1/" width="300" height="200" style="display:none"></iframe>
     <iframe srcdoc="<p>own</p>" src="http://own.localhost:1/" width="300" height="200"></iframe>
     <iframe width="300" height="200"></iframe>
     <x-card><template shadowrootmode="open"><iframe src="http://deep.localhost:1/" width="300" height="200"></iframe></template></x-card>`,
    { start: 'none' },
  );
  expect(await page.evaluate(framedOrigins)).toEqual(['http://crm-frame.localhost:1', 'http://deep.localhost:1']);
});
