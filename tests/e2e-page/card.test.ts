// The card beside a number, in a real browser with real hands: what it shows, what each button does, and everything that
// must not do anything.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asOutlook, E164, NUMBER, openOne, pageWith, SETTINGS, wishesOf } from './card-page.ts';
import { type Bench, openBench, type Subject } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

const open = (body?: string): Promise<Subject> => openOne(bench, body);
const IN_CALL = { callId: 'call-1', canConsult: true, canTransfer: true };

describe('the card', () => {
  test('opens by a click beside the number, says how it was read and why, and never stands on it', async () => {
    const subject = await open();
    await asOutlook(subject, { dialled: '003023125042', line: { lineId: 'l', extension: '18' }, decision: 'allowed' });
    const { page, openCard, waitForCardText } = subject;
    await page.evaluate(() => {
      window.offhookTest.facts = () =>
        Promise.resolve({
          person: { type: 'known', name: 'Anna Krüger', isCertain: true, company: 'Muster GmbH', others: 0 },
        });
    });
    const card = await openCard.call(subject, NUMBER);
    for (const part of ['+49 30 23125042', 'Germany', 'your country', 'Anna Krüger', 'Muster GmbH', 'after “Tel”']) {
      await waitForCardText(part);
    }
    await waitForCardText('Dials 003023125042 on line 18');
    const number = await page.$eval('#it', (span) => span.getBoundingClientRect().toJSON());
    expect(card.x >= number.right || card.y >= number.bottom || card.y + card.height <= number.top).toBe(true);
  });

  test('the button that opens it does not move when the other one grows: nobody calls who aimed at it', async () => {
    const subject = await open();
    await subject.page.evaluate((e164) => {
      const number = { kind: 'e164', number: e164 } as const;
      const more = {
        dialled: '003023125042',
        line: { lineId: 'l', extension: '18' },
        numberType: 'sharedCost',
      } as const;
      window.offhookTest.outlook = () =>
        new Promise((resolve) => addEventListener('now', () => resolve({ number, display: '', ...more })));
    }, E164);
    await subject.hover(NUMBER);
    const before = await subject.buttonAt('open');
    await subject.page.evaluate(() => dispatchEvent(new Event('now')));
    await subject.waitForChipText('Calldials 003023125042 · line 18 · Shared-cost number');
    expect(await subject.buttonAt('open')).toMatchObject({ x: before.x, width: before.width });
  });

  test('asks for the contact only once it is open', async () => {
    const subject = await open();
    const asked = async () =>
      await subject.page.evaluate(() => window.offhookTest.sent.filter(({ name }) => name === 'number-facts').length);
    await subject.hover(NUMBER);
    await subject.seenChip();
    expect(await asked()).toBe(0);
    await subject.press('open');
    await subject.waitForCardText('Not in the contacts');
    expect(await asked()).toBe(1);
  });

  test('keeps its place and its size when the contact comes', async () => {
    const subject = await open();
    await subject.page.evaluate(() => {
      window.offhookTest.facts = () =>
        new Promise((resolve) => {
          addEventListener('now', () =>
            resolve({
              person: { type: 'known', name: 'Anna Krüger', isCertain: true, company: 'Muster GmbH', others: 2 },
              lastCall: { direction: 'inbound', outcome: 'missed', startedAt: Date.now() },
            }),
          );
        });
    });
    const before = await subject.openCard(NUMBER);
    await subject.waitForCardText('Looking in the contacts');
    await subject.page.evaluate(() => dispatchEvent(new Event('now')));
    await subject.waitForCardText('Missed call');
    expect(await subject.card()).toEqual(before);
  });

  test('calls what it shows by one press', async () => {
    const subject = await open();
    await subject.openCard(NUMBER);
    await subject.press('call');
    expect(await subject.waitForDials(1)).toEqual([
      { number: { kind: 'e164', number: E164 }, shownText: NUMBER, from: 'chip' },
    ]);
    await subject.waitForChipText('Sent to your phone');
  });

  test('copies the number as every program reads it', async () => {
    const subject = await open();
    const origin = new URL(subject.page.url()).origin;
    await subject.page.browserContext().overridePermissions(origin, ['clipboard-read', 'clipboard-write']);
    await subject.openCard(NUMBER);
    await subject.press('copy');
    await subject.waitForCardText(`Copied: ${E164}`);
    expect(await subject.page.evaluate(() => navigator.clipboard.readText())).toBe(E164);
    expect(await subject.dials()).toEqual([]);
  });

  test('copies where the page has no clipboard for scripts, whatever the page would put there', async () => {
    const subject = await open();
    const origin = new URL(subject.page.url()).origin;
    await subject.page.browserContext().overridePermissions(origin, ['clipboard-read', 'clipboard-write']);
    const clipboard = await subject.page.evaluateHandle(() => navigator.clipboard);
    await subject.page.evaluate(() => {
      Object.defineProperty(window, 'isSecureContext', { value: false });
      getSelection()?.selectAllChildren(document.querySelector('#far') ?? document.body);
      document.addEventListener('copy', (event) => {
        event.clipboardData?.setData('text/plain', '+4990012345');
        event.preventDefault();
      });
    });
    await subject.openCard(NUMBER);
    await subject.press('copy');
    await subject.waitForCardText(`Copied: ${E164}`);
    expect(await clipboard.evaluate((board) => board.readText())).toBe(E164);
    expect(await subject.page.evaluate(() => getSelection()?.toString())).toBe('nothing');
  });

  test('goes away when the pointer has left it, by Escape, when another window is in front, and when the page scrolls', async () => {
    const subject = await open(`<p>Tel. <span id="it">${NUMBER}</span></p><div style="height:3000px"></div>`);
    const { page } = subject;
    await subject.openCard(NUMBER);
    await page.mouse.move(700, 500, { steps: 4 });
    await subject.waitForNoChip();
    await subject.openCard(NUMBER);
    await page.keyboard.press('Escape');
    await subject.waitForNoChip();
    await page.mouse.move(700, 500);
    await subject.openCard(NUMBER);
    await page.evaluate(() => dispatchEvent(new Event('blur')));
    await subject.waitForNoChip();
    await page.mouse.move(700, 500);
    await subject.openCard(NUMBER);
    await page.evaluate(() => scrollTo(0, 400));
    await subject.waitForNoChip();
    expect(await subject.dials()).toEqual([]);
  });

  test('stays while the pointer rests where it was opened, although there was no room beside that', async () => {
    const subject = await open(`<p style="margin-left:420px">Tel. <span id="it">${NUMBER}</span></p>`);
    await subject.page.setViewport({ width: 700, height: 600 });
    const card = await subject.openCard(NUMBER);
    const number = await subject.page.$eval('#it', (span) => span.getBoundingClientRect().bottom);
    expect(card.y).toBeGreaterThan(number);
    const since = await subject.page.evaluate(() => performance.now());
    await subject.page.waitForFunction((at) => performance.now() > at, {}, since + 1_600);
    expect(await subject.card()).toEqual(card);
  });

  test('is closed where the page no longer shows the number', async () => {
    const subject = await open();
    await subject.openCard(NUMBER);
    await subject.page.$eval('#it', (span) => {
      span.textContent = '030 23125043';
    });
    await subject.waitForNoChip();
  });

  test.each([
    ['320 px narrow', { width: 320, height: 600 }, ''],
    ['wide and flat', { width: 900, height: 190 }, ''],
    ['zoomed by the page', { width: 800, height: 700 }, 'html{zoom:1.7}'],
    ['written from right to left', { width: 800, height: 600 }, 'html{direction:rtl}'],
    ['transformed', { width: 800, height: 700 }, 'body{transform:scale(1.3) rotate(1deg);transform-origin:0 0}'],
    [
      'with styles for everything',
      { width: 800, height: 700 },
      '*{all:unset;display:block!important;color:red!important}',
    ],
  ])('on a page that is %s it is whole in the window and beside the number', async (_, viewport, style) => {
    const subject = await bench.open(pageWith(`<p>Tel. <span id="it">${NUMBER}</span></p>`, style), {
      settings: SETTINGS,
    });
    await subject.page.setViewport(viewport);
    await subject.waitForMarks([NUMBER]);
    const { x, y, width, height } = await subject.openCard(NUMBER);
    expect([x >= 0, y >= 0, x + width <= viewport.width, y + height <= viewport.height]).toEqual(Array(4).fill(true));
    const number = await subject.page.$eval('#it', (span) => {
      const range = document.createRange();
      range.selectNodeContents(span);
      return range.getBoundingClientRect().toJSON();
    });
    const isApart = x >= number.right || x + width <= number.left || y >= number.bottom || y + height <= number.top;
    expect(isApart).toBe(true);
  });

  test('where there is no room for it, says so and covers nothing', async () => {
    const subject = await open();
    await subject.page.setViewport({ width: 300, height: 130 });
    await subject.hover(NUMBER);
    await subject.press('open');
    await subject.waitForChipText('There is no room for more here. Use the Offhook popup.');
  });

  test('tells a page that searches itself nothing of contacts and of what is dialled', async () => {
    const subject = await open();
    await asOutlook(subject, { dialled: '003023125042', line: { lineId: 'l', extension: '18' } });
    await subject.page.evaluate(() => {
      window.offhookTest.facts = () =>
        Promise.resolve({ person: { type: 'known', name: 'Anna Krüger', isCertain: true, others: 0 } });
    });
    await subject.openCard(NUMBER);
    await subject.waitForCardText('Anna Krüger');
    const found = await subject.page.evaluate(() => {
      const search = window as unknown as { find(text: string): boolean }; // in all browsers, in no standard
      return ['Anna', 'Krüger', '003023125042'].map((text) => search.find(text));
    });
    expect(found).toEqual([false, false, false]);
  });
});

describe('by the keyboard', () => {
  test('Down opens it, arrows and Tab go round in it, Enter presses, Escape gives the focus back', async () => {
    const subject = await open(`<input id="name" value="Anna"><p>Tel. ${NUMBER}</p>`);
    const { ask, page, focused } = subject;
    await page.focus('#name');
    await ask('next-number');
    await page.keyboard.press('ArrowDown');
    await subject.card();
    const places = [await focused()];
    for (const key of ['ArrowDown', 'ArrowDown', 'Tab'] as const) {
      await page.keyboard.press(key);
      places.push(await focused());
    }
    await page.keyboard.down('Shift');
    await page.keyboard.press('Tab');
    await page.keyboard.up('Shift');
    places.push(await focused());
    expect(places).toEqual(['call', 'copy', 'not-number', 'select', 'not-number']);
    await page.keyboard.press('Escape');
    await subject.waitForNoChip();
    expect(await focused()).toBe('input#name');
    expect(await subject.dials()).toEqual([]);
  });

  test('Enter on Call dials, once', async () => {
    const subject = await open();
    await subject.ask('next-number');
    await subject.page.keyboard.press('ArrowDown');
    await subject.card();
    expect(await subject.focused()).toBe('call');
    await subject.look();
    await subject.page.keyboard.press('Enter');
    expect(await subject.waitForDials(1)).toHaveLength(1);
  });

  test('the command for the selection, given twice, opens it', async () => {
    const subject = await open();
    await subject.page.evaluate(() =>
      getSelection()?.selectAllChildren(document.querySelector('#it') ?? document.body),
    );
    expect(await subject.ask('dial-selection')).toEqual({ shown: true, text: NUMBER });
    expect(await subject.ask('dial-selection')).toEqual({ shown: true, text: NUMBER });
    await subject.card();
    expect(await subject.cardText()).toContain('+49 3023125042');
  });
});

describe('in a call', () => {
  test.each(['consult', 'transfer', 'call-beside'])(
    '%s is one press, and the chip itself dials nothing',
    async (act) => {
      const subject = await open();
      await asOutlook(subject, { inCall: IN_CALL, line: { lineId: 'l', extension: '18' } });
      await subject.page.evaluate(() => {
        window.offhookTest.facts = () => Promise.resolve({ person: { type: 'unknown' }, talksWith: 'Ben Sommer' });
      });
      await subject.hover(NUMBER);
      await subject.waitForChipText('In a call …');
      await subject.clickChip();
      await subject.waitForCardText('In a call with Ben Sommer');
      expect(await subject.dials()).toEqual([]);
      await subject.press(act);
      const how = act === 'call-beside' ? 'beside' : act;
      expect(await subject.waitForDials(1)).toMatchObject([{ during: { callId: 'call-1', how } }]);
    },
  );

  test('a call that began after the chip came up: the worker refuses, and the card offers what can be done', async () => {
    const subject = await open();
    await subject.hover(NUMBER);
    await subject.seenChip();
    await subject.page.evaluate(() => {
      window.offhookTest.answer = () => Promise.resolve({ type: 'failed', code: 'in-call' });
    });
    await asOutlook(subject, { inCall: IN_CALL });
    await subject.clickChip();
    await subject.waitForCardText('Hold and consult');
  });

  test('a phone link offers the same', async () => {
    const subject = await bench.open(pageWith(`<a href="tel:${E164}">call us</a>`), { settings: SETTINGS });
    await subject.page.evaluate(() => {
      window.offhookTest.answer = () => Promise.resolve({ type: 'failed', code: 'in-call' });
    });
    await asOutlook(subject, { inCall: IN_CALL });
    await subject.page.click('a');
    await subject.waitForCardText('Transfer to this number');
  });

  test('what the call cannot do is not offered', async () => {
    const subject = await open();
    await asOutlook(subject, { inCall: { ...IN_CALL, canConsult: false, canTransfer: false } });
    await subject.openCard(NUMBER);
    await subject.waitForCardText('can neither hold nor transfer');
    expect(await subject.cardText()).not.toContain('Hold and consult');
  });
});

describe('synthetic events', () => {
  test('do nothing on the card: no call, no copy, no decision', async () => {
    const subject = await open();
    const card = await subject.openCard(NUMBER);
    await subject.look();
    await subject.page.evaluate(attack, card);
    expect(await subject.dials()).toEqual([]);
    expect(await wishesOf(subject)).toEqual([]);
    expect(await subject.cardText()).not.toContain('Copied');
  });
});

// Everything that a script of the page can do to look like a press on the card.
function attack(box: { x: number; y: number; width: number; height: number }): void {
  const hosts = [...document.querySelectorAll('div[popover]')];
  for (let x = box.x + 4; x < box.x + box.width; x += 24) {
    for (let y = box.y + 4; y < box.y + box.height; y += 12) {
      const init = { bubbles: true, cancelable: true, composed: true, clientX: x, clientY: y, detail: 1, button: 0 };
      for (const target of [document.elementFromPoint(x, y), ...hosts]) {
        for (const type of ['pointerdown', 'pointerup']) target?.dispatchEvent(new PointerEvent(type, init));
        for (const type of ['mousedown', 'mouseup', 'click']) target?.dispatchEvent(new MouseEvent(type, init));
        target?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true }));
        target?.dispatchEvent(new KeyboardEvent('keyup', { key: 'Enter', bubbles: true, composed: true }));
        target?.dispatchEvent(new Event('change', { bubbles: true, composed: true }));
        if (target instanceof HTMLElement) target.click();
      }
    }
  }
}
