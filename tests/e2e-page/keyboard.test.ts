// Numbers by the keyboard, in a real browser with real keys: from one to the next, from the selection, and back to where
// the agent was. And every key that must not dial.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench, type Subject } from './harness.ts';
import { stopClock, turnClock } from './page-clock.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

const NUMBERS = ['030 23125042', '030 23125043', '030 23125044'];
const THREE = pageWith(`
  <input id="name" value="Anna"><p>Tel. ${NUMBERS[0]}, Fax 030 23125999</p>
  <div style="height:2000px"></div>
  <p>Rückfragen an <b>030</b> 23125043</p><p id="last">Tel. ${NUMBERS[2]}</p>`);

async function three(): Promise<Subject> {
  const subject = await bench.open(THREE);
  await subject.waitForMarks([NUMBERS[0] ?? '', '030 23125999']);
  return subject;
}

// The chip has been there for as long as it must be before it takes a key.
async function pressSeen({ page, seenChip }: Subject, key: 'Enter' | 'Space'): Promise<void> {
  await seenChip();
  await page.keyboard.press(key);
}

describe('the next number', () => {
  test('is reached one after the other, scrolled to and spelled out; Enter dials exactly the shown one', async () => {
    const subject = await three();
    const { ask, chipText, focused, heard, waitForDials, page } = subject;
    await page.focus('#name');
    for (const [index, text] of NUMBERS.entries()) {
      expect(await ask('next-number')).toEqual({ shown: true, text });
      expect(await focused()).toBe('chip');
      expect(await chipText()).toBe(`Call +49 302312504${index + 2}`);
      expect(await isInWindow(subject)).toBe(true);
    }
    expect(await heard()).toBe('+49 3023125044: Enter calls, Escape goes back');
    await pressSeen(subject, 'Enter');
    expect(await waitForDials(1)).toEqual([
      { number: { kind: 'e164', number: '+493023125044' }, shownText: NUMBERS[2], from: 'chip' },
    ]);
    expect(await focused()).toBe('input#name');
  });

  test('has a name and a live region in the browser’s accessibility tree', async () => {
    const { ask, page, heard } = await three();
    await ask('next-number');
    await heard();
    const client = await page.createCDPSession();
    const { nodes } = await client.send('Accessibility.getFullAXTree');
    const named = nodes.map(({ role, name }) => `${role?.value} ${name?.value}`);
    expect(named).toContain('button Call +49 3023125042');
    expect(named).toContain('status ');
    expect(named).toContain('image +49 3023125042: Enter calls, Escape goes back');
  });

  test('dials by Space as well, once, and says what came of it', async () => {
    const subject = await three();
    await subject.ask('next-number');
    await pressSeen(subject, 'Space');
    await subject.page.keyboard.press('Space');
    await subject.waitForChipText('Sent to your phone');
    expect(await subject.dials()).toHaveLength(1);
  });

  test('comes after the selection, and after the last one the first', async () => {
    const { ask, page } = await three();
    await page.evaluate(() => getSelection()?.collapse(document.querySelector('#last')?.firstChild ?? null, 0));
    expect(await ask('next-number')).toEqual({ shown: true, text: NUMBERS[2] });
    expect(await ask('next-number')).toEqual({ shown: true, text: NUMBERS[0] });
  });

  test('gives other frames their turn before it begins anew', async () => {
    const { ask, waitForMarks, waitForNoChip } = await bench.open(
      pageWith('<p>030 23125001</p><iframe srcdoc="<p>another frame"></iframe>'),
    );
    await waitForMarks(['030 23125001']);
    expect(await ask('next-number')).toEqual({ shown: true, text: '030 23125001' });
    expect(await ask('next-number')).toEqual({ shown: false });
    await waitForNoChip();
    expect(await ask('next-number')).toEqual({ shown: true, text: '030 23125001' });
  });

  test('comes after where the agent has gone by mouse or Tab', async () => {
    const { ask, page, waitForMarks } = await bench.open(
      pageWith('<p>030 23125001</p><p>030 23125002</p><button id="there">there</button><p>030 23125003</p>'),
    );
    await waitForMarks(['030 23125001', '030 23125002', '030 23125003']);
    expect(await ask('next-number')).toEqual({ shown: true, text: '030 23125001' });
    await page.click('#there');
    expect(await ask('next-number')).toEqual({ shown: true, text: '030 23125003' });
  });

  test('is found in fields and in links that show only a picture', async () => {
    const subject = await bench.open(
      pageWith(`<label>Mobil <input value="0171 3920000"></label><label>Kundennummer <input value="030 23125009"></label>
        <a href="tel:+49 30 23125002"><svg width="16" height="16"></svg></a>
        <a href="tel:+493023125003">030 23125003</a><input type="hidden" value="030 23125004">`),
    );
    await subject.waitForMarks(['030 23125003']);
    for (const text of ['0171 3920000', 'tel:+49 30 23125002', '030 23125003', '0171 3920000']) {
      expect(await subject.ask('next-number')).toEqual({ shown: true, text });
    }
    await pressSeen(subject, 'Enter');
    expect(await subject.waitForDials(1)).toMatchObject([{ number: { number: '+491713920000' } }]);
  });

  test('passes by what is hidden, inert, faxed or behind a dialog', async () => {
    const { ask, waitForMarks } = await bench.open(
      pageWith(`<p style="opacity:0">030 23125001</p><p inert>030 23125002</p><p>Fax 030 23125003</p>
        <p style="visibility:hidden">030 23125004</p><p>030 23125005</p>`),
    );
    await waitForMarks(['030 23125001', '030 23125002', '030 23125003', '030 23125005']);
    expect(await ask('next-number')).toEqual({ shown: true, text: '030 23125005' });
    expect(await ask('next-number')).toEqual({ shown: true, text: '030 23125005' });
  });

  test('is found in shadow roots, in their place', async () => {
    const { ask, page, waitForMarks } = await bench.open(
      pageWith('<p>030 23125001</p><div id="host"></div>030 23125003'),
    );
    await page.evaluate(() => {
      const root = document.querySelector('#host')?.attachShadow({ mode: 'closed' });
      if (root) root.innerHTML = '<p>030 23125002</p>';
    });
    // Nothing tells of a root that comes after its element: only custom elements are looked at again.
    await page.evaluate(() => document.querySelector('#host')?.replaceWith(document.querySelector('#host') ?? ''));
    await waitForMarks(['030 23125001', '030 23125002', '030 23125003']);
    for (const text of ['030 23125001', '030 23125002', '030 23125003']) {
      expect(await ask('next-number')).toEqual({ shown: true, text });
    }
  });

  test('goes on from where it was when the page has drawn the numbers anew', async () => {
    const { ask, page, waitForMarks } = await bench.open(pageWith('<div id="list"></div>'));
    const draw = () =>
      page.evaluate(() => {
        const list = document.querySelector('#list');
        if (list) list.innerHTML = '<p>030 23125001</p><p>030 23125002</p><p>030 23125003</p>';
      });
    await draw();
    await waitForMarks(['030 23125001', '030 23125002', '030 23125003']);
    expect(await ask('next-number')).toEqual({ shown: true, text: '030 23125001' });
    await draw();
    expect(await ask('next-number')).toEqual({ shown: true, text: '030 23125002' });
  });
});

describe('Escape and Tab', () => {
  test.each(['Escape', 'Tab'] as const)(
    '%s puts the focus back and takes the chip away, unheard by the page',
    async (key) => {
      const { ask, page, focused, waitForNoChip, tree } = await three();
      const before = await tree();
      await page.evaluate(() => {
        document.addEventListener('keydown', ({ key: pressed }) => document.body.setAttribute('data-heard', pressed));
      });
      await page.focus('#name');
      await ask('next-number');
      await page.keyboard.press(key);
      await waitForNoChip();
      expect(await focused()).toBe('input#name');
      expect(await tree()).toBe(before);
    },
  );

  test('a click elsewhere takes the chip away as well', async () => {
    const { ask, page, waitForNoChip, focused } = await three();
    await ask('next-number');
    await page.mouse.click(700, 500);
    await waitForNoChip();
    expect(await focused()).toBe('body');
  });
});

describe('keys that never dial', () => {
  test('Enter within the first 300 ms', async () => {
    const subject = await three();
    const { ask, page, dials, focused } = subject;
    await stopClock(subject);
    await ask('next-number');
    await subject.seenChip();
    await turnClock(subject, 290);
    await page.keyboard.press('Enter');
    expect(await dials()).toEqual([]);
    expect(await focused()).toBe('chip');
  });

  test('Enter right after the next number has taken the place of one that was seen', async () => {
    const subject = await three();
    const { ask, page, seenChip, dials } = subject;
    await ask('next-number');
    await seenChip();
    await stopClock(subject);
    await ask('next-number');
    await page.keyboard.press('Enter');
    expect(await dials()).toEqual([]);
  });

  test('keys and clicks that a script makes', async () => {
    const { ask, page, seenChip, dials } = await three();
    await ask('next-number');
    await seenChip();
    await page.evaluate(() => {
      const host = document.querySelector('div[popover]');
      const button = host && window.offhookTest.closedRoots.get(host)?.querySelector('button');
      for (const target of [button, host, document.body]) {
        for (const key of ['Enter', ' ']) {
          for (const type of ['keydown', 'keypress', 'keyup']) {
            target?.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, composed: true, cancelable: true }));
          }
        }
      }
      button?.click();
    });
    expect(await dials()).toEqual([]);
  });

  test('Enter that was held before, and Enter with a modifier', async () => {
    const { ask, page, seenChip, dials } = await three();
    await page.focus('#name');
    await page.keyboard.down('Enter');
    await ask('next-number');
    await seenChip();
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    await page.keyboard.down('Control');
    await page.keyboard.press('Enter');
    await page.keyboard.up('Control');
    expect(await dials()).toEqual([]);
  });

  test('Enter after a page has taken the focus and put it back', async () => {
    const { ask, page, seenChip, dials } = await three();
    await ask('next-number');
    await seenChip();
    await page.evaluate(() => {
      const host = document.querySelector('div[popover]');
      const button = host && window.offhookTest.closedRoots.get(host)?.querySelector('button');
      button?.blur();
      if (host && !host.isConnected) document.documentElement.append(host);
      button?.focus();
    });
    await page.keyboard.press('Enter');
    expect(await dials()).toEqual([]);
  });

  test('Enter on a number that the page has exchanged meanwhile', async () => {
    const { ask, page, seenChip, dials } = await bench.open(pageWith('<p id="line">030 23125042</p>'));
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) === 1');
    await ask('next-number');
    await seenChip();
    await page.evaluate(() => {
      addEventListener(
        'keydown',
        () => {
          const line = document.querySelector('#line')?.firstChild;
          if (line) line.nodeValue = '030 23125999';
        },
        { capture: true },
      );
    });
    await page.keyboard.press('Enter');
    expect(await dials()).toEqual([]);
  });

  test('Enter on a chip that the page has covered: there it says so', async () => {
    const { ask, page, seenChip, dials, waitForChipText } = await three();
    await ask('next-number');
    await seenChip();
    await page.evaluate(() => {
      const cover = document.createElement('div');
      cover.popover = 'manual';
      cover.style.cssText = 'position:fixed;inset:0;width:100%;height:100%;pointer-events:none;background:#fff';
      document.body.append(cover);
      cover.showPopover();
    });
    const since = await page.evaluate(() => performance.now());
    await page.waitForFunction((at) => performance.now() > at, { polling: 20 }, since + 1_300);
    await page.keyboard.press('Enter');
    await waitForChipText('This page covers the button. Use the Offhook popup to call.');
    expect(await dials()).toEqual([]);
  });
});

describe('inside a dialog', () => {
  const DIALOG = pageWith(`<p>030 23125001</p><dialog id="dialog"><input id="inside"><p>030 23125002</p></dialog>`);

  test('that is modal the chip takes the pointer and keys, and the page is the same afterwards', async () => {
    const subject = await bench.open(DIALOG);
    const { ask, page, tree, hover, clickChip, waitForDials, waitForNoChip, waitForMarks } = subject;
    await page.evaluate(() => document.querySelector<HTMLDialogElement>('#dialog')?.showModal());
    const before = await tree();
    await waitForMarks(['030 23125001', '030 23125002']);
    expect(await ask('next-number')).toEqual({ shown: true, text: '030 23125002' });
    await pressSeen(subject, 'Enter');
    await waitForDials(1);
    await waitForNoChip();
    await hover('030 23125002');
    await clickChip();
    expect(await waitForDials(2)).toMatchObject([{ shownText: '030 23125002' }, { shownText: '030 23125002' }]);
    await waitForNoChip();
    expect(await tree()).toBe(before);
  });

  test('Escape closes the chip and not the dialog', async () => {
    const { ask, page, waitForMarks, waitForNoChip } = await bench.open(DIALOG);
    await page.evaluate(() => document.querySelector<HTMLDialogElement>('#dialog')?.showModal());
    await waitForMarks(['030 23125001', '030 23125002']);
    await ask('next-number');
    await page.keyboard.press('Escape');
    await waitForNoChip();
    expect(await page.evaluate(() => document.querySelector<HTMLDialogElement>('#dialog')?.open)).toBe(true);
  });

  test('that keeps the focus to itself by script the chip may have it', async () => {
    const { ask, page, waitForMarks, focused, seenChip } = await bench.open(
      pageWith('<div role="dialog" aria-modal="true" id="dialog" tabindex="-1"><p>030 23125002</p></div>'),
    );
    await page.evaluate(() => {
      const dialog = document.querySelector<HTMLElement>('#dialog');
      document.addEventListener('focusin', ({ target }) => {
        if (!dialog?.contains(target as Node)) dialog?.focus();
      });
      dialog?.addEventListener('focusout', ({ relatedTarget }) => {
        if (relatedTarget && !dialog.contains(relatedTarget as Node)) dialog.focus();
      });
      dialog?.focus();
    });
    await waitForMarks(['030 23125002']);
    await ask('next-number');
    await seenChip();
    expect(await focused()).toBe('chip');
  });
});

function pageWith(body: string): string {
  return `<!doctype html><meta charset="utf-8"><body style="margin:40px">${body}</body>`;
}

async function isInWindow({ page, chip }: Subject): Promise<boolean> {
  const { x, y, width, height } = await chip();
  const view = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  return x >= 0 && y >= 0 && x + width <= view.width && y + height <= view.height;
}
