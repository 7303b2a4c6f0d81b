// Phone links in a real browser: which clicks are taken, and which are left as they are.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, type OpenOptions, openBench, type Subject } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

// The page notes what is left of each click, and keeps the browser from asking which program shall call.
const NOTE_CLICKS = `<script>
  window.clicks = [];
  addEventListener('click', (event) => { clicks.push(event.defaultPrevented); event.preventDefault(); });
</script>`;
const LINK = '<a id="link" href="tel:+49%2030%2023125042">Call us</a>';

async function opened(body: string, options?: OpenOptions): Promise<Subject> {
  const subject = await bench.open(
    `<!doctype html><meta charset="utf-8">${NOTE_CLICKS}<body style="margin:40px">${body}</body>`,
    options,
  );
  // The settings have come when the sheet is there.
  if (!options?.settings) await subject.page.waitForFunction('document.adoptedStyleSheets.length > 0');
  return subject;
}

function clicksOf({ page }: Subject): Promise<unknown> {
  return page.evaluate('window.clicks');
}

describe('a click on a phone link', () => {
  test('dials once what the link says, instead of what the browser would do', async () => {
    const subject = await opened(LINK);
    await subject.page.click('#link');
    expect(await subject.waitForDials(1)).toEqual([
      { number: { kind: 'e164', number: '+493023125042' }, shownText: 'Call us', from: 'link' },
    ]);
    expect(await clicksOf(subject)).toEqual([true]);
  });

  test('shows beside the link what came of it', async () => {
    const subject = await opened(LINK);
    await subject.page.click('#link');
    await subject.waitForChipText('Sent to your phone');
  });

  test('dials in a closed shadow root too', async () => {
    const subject = await opened('<div id="host"></div>');
    await subject.page.evaluate((link) => {
      const root = document.querySelector('#host')?.attachShadow({ mode: 'closed' });
      if (root) root.innerHTML = link;
    }, LINK);
    const { x, y } = await subject.page.evaluate(
      () => document.querySelector('#host')?.getBoundingClientRect().toJSON() as DOMRect,
    );
    await subject.page.mouse.click(x + 10, y + 8);
    expect(await subject.waitForDials(1)).toHaveLength(1);
  });

  test.each([
    'tel:+49 (30) 231-250-42',
    'tel:030 23125042',
    'callto:030/23125042',
    'CALLTO:+493023125042',
    'sip:+493023125042@pbx.example',
    'tel://+493023125042',
    ' tel:+49%C2%A030%C2%A023125042',
    'tel:0049-30-23125042;ext=18',
  ])('as pages write them dials: %s', async (href) => {
    const subject = await opened(`<a id="link" href="${href}">Call</a>`);
    await subject.page.click('#link');
    expect(await subject.waitForDials(1)).toMatchObject([{ number: { number: '+493023125042' } }]);
  });

  test('on an icon without text dials', async () => {
    const icon =
      '<a id="link" href="tel:030 23125042"><svg width="20" height="20"><rect width="20" height="20"/></svg></a>';
    const subject = await opened(icon);
    await subject.page.click('#link');
    expect(await subject.waitForDials(1)).toMatchObject([{ number: { number: '+493023125042' } }]);
  });

  test('twice dials once, however quickly the order was done, and no other program gets the second one', async () => {
    const subject = await opened(LINK);
    const box = await (await subject.page.$('#link'))?.boundingBox();
    const [x, y] = [(box?.x ?? 0) + 5, (box?.y ?? 0) + 5];
    await subject.page.mouse.click(x, y);
    await subject.waitForChipText('Sent to your phone');
    // What the browser counts as the second click of a double click.
    const second = { button: 'left', clickCount: 2 } as const;
    await subject.page.mouse.down(second);
    await subject.page.mouse.up(second);
    expect(await clicksOf(subject)).toEqual([true, true]);
    expect(await subject.dials()).toHaveLength(1);
  });

  test('inside a label dials once, although the browser clicks twice', async () => {
    const subject = await opened(`<label>${LINK} <input type="checkbox"></label>`);
    await subject.page.click('#link');
    await subject.waitForDials(1);
    await subject.waitForChipText('Sent to your phone');
    expect(await subject.dials()).toHaveLength(1);
  });
});

describe('a link of a local phone program, where the site rule names how it begins', () => {
  const settings = { country: 'DE', takesTelLinks: true, phoneLinks: ['http://localhost:2503/Makecall'] };

  test.each([
    ['http://localhost:2503/Makecall NNNNN 03023125042', '+493023125042'],
    ['http://localhost:2503/Makecall%20NNNNN%20030%2023125042', '+493023125042'],
    ['http://localhost:2503/makecall 30 +49 30 23125042', '+493023125042'],
    ['http://localhost:2503/Makecall?03023125042', '+493023125042'],
  ])('%s dials as a phone link does', async (href, number) => {
    const subject = await opened(`<a id="link" href="${href}">Call</a>`, { settings });
    await subject.page.waitForFunction('document.adoptedStyleSheets.length > 0');
    expect(await subject.ask('list-numbers')).toMatchObject([{ number: { number }, text: 'Call' }]);
    await subject.page.click('#link');
    expect(await subject.waitForDials(1)).toMatchObject([{ number: { number }, from: 'link' }]);
    expect(await clicksOf(subject)).toEqual([true]);
  });

  test.each([
    'http://localhost:2503/Makecalls NNNNN 03023125042',
    'http://localhost:2503/Drop NNNNN',
    'http://localhost:2504/Makecall NNNNN 03023125042',
    'http://localhost:2503.example/Makecall NNNNN 03023125042',
  ])('%s is left to the browser', async (href) => {
    const subject = await opened(`<a id="link" href="${href}">Call</a>`, { settings });
    await subject.page.waitForFunction('document.adoptedStyleSheets.length > 0');
    await subject.page.click('#link');
    expect(await clicksOf(subject)).toEqual([false]);
    expect(await subject.dials()).toEqual([]);
  });
});

describe('left to the page and the browser', () => {
  test('every click, where the agent has not chosen that links dial', async () => {
    const subject = await opened(LINK, { settings: { country: 'DE', takesTelLinks: false } });
    await subject.page.waitForFunction('document.adoptedStyleSheets.length > 0');
    await subject.page.click('#link');
    expect(await clicksOf(subject)).toEqual([false]);
    expect(await subject.dials()).toEqual([]);
  });

  test('a click with a modifier', async () => {
    const subject = await opened(LINK);
    await subject.page.keyboard.down('Control');
    await subject.page.click('#link');
    await subject.page.keyboard.up('Control');
    expect(await clicksOf(subject)).toEqual([false]);
    expect(await subject.dials()).toEqual([]);
  });

  test('clicks that scripts or the keyboard make', async () => {
    const subject = await opened(LINK);
    await subject.page.evaluate(() => document.querySelector<HTMLElement>('#link')?.click());
    await subject.page.focus('#link');
    await subject.page.keyboard.press('Enter');
    expect(await clicksOf(subject)).toEqual([false, false]);
    expect(await subject.dials()).toEqual([]);
  });

  test('links that hold no number, and links to elsewhere', async () => {
    const subject = await opened(
      '<a id="name" href="sip:anna.krueger@example.com">SIP</a> <a id="web" href="https://example.com/030">web</a>',
    );
    await subject.page.click('#name');
    await subject.page.click('#web');
    expect(await clicksOf(subject)).toEqual([false, false]);
    expect(await subject.dials()).toEqual([]);
  });

  test('a link that became another one while it was pressed', async () => {
    const subject = await opened(LINK);
    const box = await (await subject.page.$('#link'))?.boundingBox();
    await subject.page.mouse.move((box?.x ?? 0) + 5, (box?.y ?? 0) + 5);
    await subject.page.mouse.down();
    await subject.page.evaluate(() => document.querySelector('#link')?.setAttribute('href', 'tel:+4930231250999'));
    await subject.page.mouse.up();
    expect(await subject.dials()).toEqual([]);
  });
});
