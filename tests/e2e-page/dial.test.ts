// From a number on a page to one dial request, in a real browser with a real mouse; and everything that must not dial.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench, type Subject } from './harness.ts';
import { letClockGo, stopClockAtChip, turnClock } from './page-clock.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

const NUMBER = '030 23125042';
const E164 = { kind: 'e164', number: '+493023125042' };
const PLAIN = pageWith(`<p id="line">Anna Krüger, Tel. ${NUMBER}, seit 12.03.2024</p>`);

async function hovered(html = PLAIN): Promise<Subject> {
  const subject = await bench.open(html);
  await subject.waitForMarks([NUMBER]);
  await subject.hover(NUMBER);
  await subject.chip();
  return subject;
}

describe('one click on the chip', () => {
  test('dials once what the page showed, and says that it was sent', async () => {
    const { clickChip, waitForDials, waitForChipText } = await hovered();
    await clickChip();
    expect(await waitForDials(1)).toEqual([{ number: E164, shownText: NUMBER, from: 'chip' }]);
    await waitForChipText('Sent to your phone');
  });

  test('dials once although the person clicks twice', async () => {
    const { page, seenChip, waitForDials, waitForChipText, dials } = await hovered();
    const { x, y, width, height } = await seenChip();
    await page.mouse.click(x + width / 2, y + height / 2, { count: 2 });
    await waitForDials(1);
    await waitForChipText('Sent to your phone');
    expect(await dials()).toHaveLength(1);
  });

  test('does nothing before the chip has been there for 300 ms, and dials after', async () => {
    const subject = await bench.open(PLAIN);
    const { page, hover, chip, clickChip, dials, waitForDials } = subject;
    await subject.waitForMarks([NUMBER]);
    await stopClockAtChip(subject);
    await hover(NUMBER);
    await subject.seenChip();
    await turnClock(subject, 290);
    const { x, y, width, height } = await chip();
    await page.mouse.click(x + width / 2, y + height / 2);
    expect(await dials()).toEqual([]);
    await letClockGo(subject);
    await clickChip();
    expect(await waitForDials(1)).toHaveLength(1);
  });

  test('still dials when the page has drawn the number anew under it', async () => {
    const { page, seenChip, clickChip, waitForDials } = await hovered();
    await seenChip();
    await page.evaluate((html) => {
      for (const line of document.querySelectorAll('#line')) line.outerHTML = html;
    }, `<p id="line">Anna Krüger, Tel. ${NUMBER}, seit 12.03.2024</p>`);
    await clickChip();
    expect(await waitForDials(1)).toEqual([{ number: E164, shownText: NUMBER, from: 'chip' }]);
  });

  test('leaves the focus where the person types', async () => {
    const { page, clickChip, waitForDials } = await hovered(pageWith(`<input autofocus><p>${NUMBER}</p>`));
    await page.focus('input');
    await clickChip();
    await waitForDials(1);
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('input');
  });
});

test('the chip comes although what was said of the last call went at the moment at which the pointer came', async () => {
  const subject = await bench.open(PLAIN, { start: 'none' });
  const { page } = subject;
  await page.evaluate((resultStaysMs) => {
    const { setTimeout: later, clearTimeout: clear } = window;
    const words = -1;
    let waiting = new AbortController();
    // Only what takes the words away waits: until the pointer rests on the number, and no chip is there yet.
    window.setTimeout = ((run: () => void, ms?: number) => {
      if (ms !== resultStaysMs) return later(run, ms);
      waiting = new AbortController();
      document.addEventListener('offhook-test-go', run, { once: true, signal: waiting.signal });
      return words;
    }) as typeof setTimeout;
    // Where frames come late the chip is there before, and the words are not waited for any more.
    window.clearTimeout = (id) => (id === words ? waiting.abort() : clear(id));
    window.offhookTest.start();
  }, 2_500);
  await subject.waitForMarks([NUMBER]);
  const rest = await subject.hover(NUMBER);
  await subject.clickChip();
  await subject.waitForChipText('Sent to your phone');
  await page.mouse.move(2, 2);
  await page.evaluate(({ x, y }) => {
    const go = () => document.dispatchEvent(new Event('offhook-test-go'));
    document.addEventListener('pointermove', ({ clientX, clientY }) => {
      // The last move; in the next frame it has been looked at, and the pointer has not dwelt there yet.
      if (Math.hypot(clientX - x, clientY - y) < 0.5) requestAnimationFrame(() => requestAnimationFrame(go));
    });
  }, rest);
  await subject.hover(NUMBER);
  await subject.waitForChipText('Call');
  await subject.clickChip();
  expect(await subject.waitForDials(2)).toHaveLength(2);
});

describe('what will be dialled', () => {
  async function told(outlook: object, html = PLAIN, view = { width: 800, height: 600 }): Promise<Subject> {
    const subject = await bench.open(html, { start: 'none' });
    await subject.page.setViewport(view);
    await subject.page.evaluate((answer) => {
      const number = { kind: 'e164' as const, number: '+493023125042' };
      window.offhookTest.outlook = () => Promise.resolve({ number, display: '+49 30 23125042', ...answer });
      window.offhookTest.start();
    }, outlook);
    await subject.waitForMarks([NUMBER]);
    await subject.hover(NUMBER);
    return subject;
  }
  const line = { lineId: 'l18', extension: '18' };

  test('is said where other digits are dialled than the page shows, and the same click dials', async () => {
    const { waitForChipText, clickChip, waitForDials } = await told({
      decision: 'allowed',
      dialled: '003023125042',
      line,
    });
    await waitForChipText('Calldials 003023125042 · line 18');
    await clickChip();
    expect(await waitForDials(1)).toEqual([{ number: E164, shownText: NUMBER, from: 'chip' }]);
  });

  test('is not repeated where the page shows it', async () => {
    const { seenChip, chipText } = await told({ decision: 'allowed', dialled: '03023125042', line });
    await seenChip();
    expect(await chipText()).toBe('Call');
  });

  test('leaves the chip as it is where there is no room for more', async () => {
    const small = pageWith(`<p style="position: fixed; inset: 8px auto auto 4px; margin: 0">${NUMBER}</p>`);
    const answer = { decision: 'allowed', dialled: '003023125042', line };
    const { page, seenChip, chipText } = await told(answer, small, { width: 260, height: 36 });
    await seenChip();
    const outlooks = await page.evaluate(() =>
      window.offhookTest.sent.filter(({ name }) => name === 'number-outlook').map(({ request }) => request),
    );
    expect([outlooks, await chipText()]).toEqual([[{ number: E164 }], 'Call']);
  });
});

describe('what came of it', () => {
  test('a failure is said in words, beside the number', async () => {
    const { page, clickChip, waitForChipText } = await hovered();
    await page.evaluate(() => {
      window.offhookTest.answer = () =>
        Promise.resolve({ type: 'failed', code: 'pbx-rejected', params: { cause: 'busy' } });
    });
    await clickChip();
    await waitForChipText('Your line is busy. Hold or end the running call first.');
  });

  test('without an answer nobody claims to know', async () => {
    const { page, clickChip, waitForChipText } = await hovered();
    await page.evaluate(() => {
      window.offhookTest.answer = () => Promise.reject(new Error('no worker'));
    });
    await clickChip();
    await waitForChipText('May have been dialled. Look at your phone.');
  });

  test('goes away by itself', async () => {
    const { clickChip, waitForChipText, waitForNoChip } = await hovered();
    await clickChip();
    await waitForChipText('Sent to your phone');
    await waitForNoChip();
  });
});

describe('what never dials', () => {
  test('events and clicks that a script makes', async () => {
    const { page, seenChip, dials } = await hovered();
    const box = await seenChip();
    await page.evaluate(scriptedClicks, box);
    expect(await dials()).toEqual([]);
  });

  test('Enter and Space on the button, when a page has moved the focus there', async () => {
    const { page, seenChip, dials } = await hovered();
    await seenChip();
    await page.evaluate(() => {
      const host = document.querySelector('div[popover]');
      (host && window.offhookTest.closedRoots.get(host)?.querySelector('button'))?.focus();
    });
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    expect(await dials()).toEqual([]);
  });

  test('a press that is dragged away, and one with a modifier', async () => {
    const { page, seenChip, dials } = await hovered();
    const { x, y, width, height } = await seenChip();
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 30, y + 80);
    await page.mouse.up();
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.keyboard.down('Control');
    await page.mouse.click(x + width / 2, y + height / 2);
    await page.keyboard.up('Control');
    expect(await dials()).toEqual([]);
  });

  test('a chip that the page has covered with something that lets clicks through', async () => {
    const { page, seenChip, clickChip, dials } = await hovered();
    await seenChip();
    await page.evaluate(() => {
      const cover = document.createElement('div');
      cover.popover = 'manual';
      cover.style.cssText = 'position:fixed;inset:0;width:100%;height:100%;pointer-events:none;background:#fff';
      document.body.append(cover);
      cover.showPopover();
    });
    await clickChip();
    expect(await dials()).toEqual([]);
  });

  test('a chip that the page has made all but invisible', async () => {
    const { page, seenChip, clickChip, dials } = await hovered();
    await seenChip();
    await page.addStyleTag({ content: 'html { opacity: 0.02 }' });
    await clickChip();
    expect(await dials()).toEqual([]);
  });

  test('a chip on a page that filters itself: there it says how to call instead', async () => {
    const { page, chip, dials, waitForChipText } = await hovered();
    await page.addStyleTag({ content: 'html { filter: invert(1) }' });
    const { x, y, width, height } = await chip();
    await page.mouse.move(x + width / 2, y + height / 2, { steps: 3 });
    const since = await page.evaluate(() => performance.now());
    await page.waitForFunction((at) => performance.now() > at, { polling: 20 }, since + 1_300);
    await page.mouse.click(x + width / 2, y + height / 2);
    await waitForChipText('This page covers the button. Use the Offhook popup to call.');
    expect(await dials()).toEqual([]);
  });

  test('a number that the page has exchanged under the chip', async () => {
    const { page, seenChip, dials } = await hovered();
    const { x, y, width, height } = await seenChip();
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.evaluate(() => {
      document.addEventListener('pointerdown', exchange, { capture: true });
      function exchange() {
        const line = document.querySelector('#line')?.firstChild;
        if (line) line.nodeValue = 'Anna Krüger, Tel. 030 23125999, seit 12.03.2024';
      }
      document.removeEventListener('pointerdown', exchange, { capture: true });
      exchange();
    });
    await page.mouse.down();
    await page.mouse.up();
    expect(await dials()).toEqual([]);
  });

  test('a click on the number itself, which stays the page’s own', async () => {
    const { page, dials } = await hovered();
    await page.evaluate(() => {
      document.querySelector('#line')?.addEventListener('click', () => document.body.append('clicked'));
    });
    const { x, y } = await page.evaluate(() => {
      const range = document.createRange();
      range.selectNodeContents(document.querySelector('#line') ?? document.body);
      return { x: range.getBoundingClientRect().x + 130, y: range.getBoundingClientRect().y + 8 };
    });
    await page.mouse.click(x, y);
    expect(await page.evaluate(() => document.body.textContent)).toContain('clicked');
    expect(await dials()).toEqual([]);
  });
});

describe('where the chip is', () => {
  test('never over the number and inside the window, also at the right edge', async () => {
    const { page, chip } = await hovered(pageWith(`<p style="text-align:right">${NUMBER}</p>`));
    const box = await chip();
    const number = await page.evaluate(() => {
      const range = document.createRange();
      range.selectNodeContents(document.querySelector('p') ?? document.body);
      return range.getBoundingClientRect().toJSON() as DOMRect;
    });
    const isApart = box.y >= number.bottom || box.y + box.height <= number.top || box.x >= number.right;
    expect({ isApart, isInside: box.x + box.width <= 1280 }).toEqual({ isApart: true, isInside: true });
  });

  test('gone after Escape', async () => {
    const { page, waitForNoChip } = await hovered();
    await page.keyboard.press('Escape');
    await waitForNoChip();
  });

  test('gone when the pointer has left, but not on the way to the chip', async () => {
    const { page, seenChip, chip, waitForNoChip } = await hovered();
    const { x, y, width, height } = await seenChip();
    await page.mouse.move(x + width / 2, y + height / 2, { steps: 5 });
    await seenChip();
    await chip();
    await page.mouse.move(600, 500);
    await waitForNoChip();
  });

  test('gone when the number has scrolled away', async () => {
    const { page, waitForNoChip } = await hovered(pageWith(`<p>${NUMBER}</p><div style="height:3000px"></div>`));
    await page.evaluate(() => scrollTo(0, 600));
    await waitForNoChip();
  });

  test('nowhere for a fax number', async () => {
    const { waitForMarks, hover, page } = await bench.open(pageWith(`<p>Fax ${NUMBER}</p><p>Tel. 030 23125043</p>`));
    await waitForMarks([NUMBER, '030 23125043']);
    await hover(NUMBER);
    const since = await page.evaluate(() => performance.now());
    await page.waitForFunction((at) => performance.now() > at, { polling: 20 }, since + 500);
    expect(await page.$('div[popover]')).toBeNull();
  });
});

function pageWith(body: string): string {
  return `<!doctype html><meta charset="utf-8"><body style="margin:40px">${body}</body>`;
}

// Runs in the page: everything a script can do to a chip, even one that has got hold of the closed root.
function scriptedClicks({ x, y, width, height }: { x: number; y: number; width: number; height: number }): void {
  const at = { clientX: x + width / 2, clientY: y + height / 2, bubbles: true, composed: true, cancelable: true };
  const host = document.querySelector<HTMLElement>('div[popover]');
  const button = host && window.offhookTest.closedRoots.get(host)?.querySelector('button');
  for (const target of [button, host, document.elementFromPoint(at.clientX, at.clientY), document.body]) {
    for (const type of ['pointerover', 'pointermove', 'pointerdown', 'pointerup']) {
      target?.dispatchEvent(new PointerEvent(type, { ...at, isPrimary: true, pointerType: 'mouse' }));
    }
    for (const type of ['mousedown', 'mouseup', 'click', 'dblclick']) target?.dispatchEvent(new MouseEvent(type, at));
    if (target instanceof HTMLElement) target.click();
  }
  for (const key of ['Enter', ' ']) button?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  postMessage({ name: 'dial', request: { number: { kind: 'e164', number: '+493023125042' } } }, '*');
  document.dispatchEvent(new CustomEvent('offhook', { detail: { name: 'dial' } }));
}
