// What the worker asks of the page in front, in all its frames.
import { describe, expect, test } from 'vitest';
import { createFrontPage } from '#lib/front-page.ts';
import { createFakeBrowser } from '../fakes/browser.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { settled } from '../fakes/worker-world.ts';

const aNumber = (digits: string) => ({
  number: { kind: 'e164', number: `+4930${digits}` } as const,
  text: `030 ${digits}`,
  isFax: false,
});

/** A browser with a page in front that has these frames, and what the script in each of them answers. */
function setUp(scripts: Record<number, (name: string) => unknown>, frames = Object.keys(scripts).map(Number)) {
  const fake = createFakeBrowser();
  const clock = createFakeClock();
  fake.tabs.push({ id: 7, active: true, url: 'https://crm.example/' });
  fake.scripting.frames.splice(0, 1, ...frames);
  for (const [frameId, script] of Object.entries(scripts)) fake.pageScripts.set(Number(frameId), script);
  return { fake, clock, page: createFrontPage(fake.browser, clock.after) };
}

describe('its numbers', () => {
  test('are those of all frames, the top one first', async () => {
    const { page } = setUp({ 4: () => [aNumber('23125004')], 0: () => [aNumber('23125000'), aNumber('23125001')] });
    const numbers = await page.numbers();
    expect(numbers.map(({ text }) => text)).toEqual(['030 23125000', '030 23125001', '030 23125004']);
  });

  test('frames without our script, or with one that talks nonsense, are left out', async () => {
    const nonsense = [{ number: { kind: 'e164', number: 'sip:evil@example' }, text: 'x', isFax: false }];
    const { page } = setUp({ 0: () => [aNumber('23125000')], 1: () => nonsense, 2: () => null }, [0, 1, 2, 3]);
    expect(await page.numbers()).toHaveLength(1);
  });

  test('are at most 500', async () => {
    const many = Array.from({ length: 400 }, () => aNumber('23125000'));
    expect(await setUp({ 0: () => many, 1: () => many }).page.numbers()).toHaveLength(500);
  });

  test('a frame that does not answer holds nobody up', async () => {
    const { page, clock } = setUp({ 0: () => [aNumber('23125000')], 1: () => new Promise(() => undefined) });
    const numbers = page.numbers();
    await settled();
    clock.advance(1_000);
    expect(await numbers).toHaveLength(1);
  });

  test('are none where there is no page, and where the browser does not let us in', async () => {
    const { fake, page } = setUp({ 0: () => [aNumber('23125000')] });
    fake.scripting.goneTabs.add(7);
    expect(await page.numbers()).toEqual([]);
    fake.tabs.splice(0);
    expect(await page.numbers()).toEqual([]);
  });
});

test.each([
  [false, false, false],
  [false, true, true],
])('somebody types where any frame says so: %s, %s', async (first, second, expected) => {
  expect(await setUp({ 0: () => first, 1: () => second }).page.isTyping()).toBe(expected);
});

describe('a command', () => {
  const shown = (when: () => boolean) => () => ({ shown: when() });

  test('goes from frame to frame until one can', async () => {
    const { page, fake } = setUp({ 0: shown(() => false), 3: shown(() => true), 5: shown(() => true) });
    expect(await page.show('next-number')).toBe(true);
    expect(fake.asked.map(({ frameId }) => frameId)).toEqual([0, 3]);
  });

  test('begins where the last number was, goes round and comes back to it', async () => {
    let numbersLeft = 1;
    const inFrame = shown(() => {
      numbersLeft -= 1;
      return numbersLeft >= 0;
    });
    const { page, fake } = setUp({ 0: shown(() => false), 3: inFrame });
    await page.show('next-number');
    fake.asked.splice(0);
    expect(await page.show('next-number')).toBe(false);
    expect(fake.asked.map(({ frameId }) => frameId)).toEqual([3, 0, 3, 0]);
  });

  test('of a page with one frame begins anew at its end', async () => {
    let asked = 0;
    const { page } = setUp({
      0: shown(() => {
        asked += 1;
        return asked !== 2;
      }),
    });
    expect([await page.show('next-number'), await page.show('next-number'), asked]).toEqual([true, true, 3]);
  });

  // Shows each of its numbers, then says once that it is at its end.
  const frameWith = (count: number) => {
    let at = 0;
    return shown(() => {
      at = at === count ? 0 : at + 1;
      return at > 0;
    });
  };

  test('begins anew at the end of the only frame with numbers', async () => {
    const { page } = setUp({ 0: shown(() => false), 3: frameWith(2), 5: shown(() => false) });
    const steps = [];
    for (let step = 0; step < 5; step += 1) steps.push(await page.show('next-number'));
    expect(steps).toEqual([true, true, true, true, true]);
  });

  test('begins anew there although a new worker, or another tab in between, has forgotten where the last one was', async () => {
    const { page, fake, clock } = setUp({ 0: shown(() => false), 3: frameWith(1), 5: shown(() => false) });
    expect(await page.show('next-number')).toBe(true);
    expect(await createFrontPage(fake.browser, clock.after).show('next-number')).toBe(true);
  });

  test('that nobody can carry out says so', async () => {
    expect(await setUp({ 0: () => 'yes' }).page.show('dial-selection')).toBe(false);
  });
});

describe('the sites of its frames', () => {
  test('are those that any of its frames names, each once', async () => {
    const { fake, page } = setUp({}, [0, 3]);
    fake.scripting.answers.set(0, ['https://crm-frame.example:8443', 'https://mail.example']);
    fake.scripting.answers.set(3, ['https://mail.example', 'https://deep.example']);
    expect(await page.framedSites()).toEqual([
      'https://crm-frame.example',
      'https://mail.example',
      'https://deep.example',
    ]);
  });

  test('leave out what is no address, and a page that names hundreds', async () => {
    const { fake, page } = setUp({}, [0, 1, 2]);
    fake.scripting.answers.set(0, ['javascript:alert(1)', 'not an address', 'https://mail.example']);
    fake.scripting.answers.set(
      1,
      Array.from({ length: 400 }, (_, at) => `https://a${at}.example`),
    );
    fake.scripting.answers.set(2, { length: 1 });
    expect(await page.framedSites()).toEqual(['https://mail.example']);
  });
});
