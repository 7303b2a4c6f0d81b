// A number that the agent has selected, called by a keyboard command, in a real browser.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench, type Subject } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

async function pressSeen({ page, seenChip }: Subject, key: 'Enter' | 'Space'): Promise<void> {
  await seenChip();
  await page.keyboard.press(key);
}

describe('the number in the selection', () => {
  test('of the page’s text is shown and dialled', async () => {
    const subject = await bench.open(pageWith('<p id="line">Anrufen: 030 23125042 (mittags)</p>'));
    await subject.page.evaluate(() =>
      getSelection()?.selectAllChildren(document.querySelector('#line') ?? document.body),
    );
    expect(await subject.ask('dial-selection')).toEqual({ shown: true, text: '030 23125042' });
    await pressSeen(subject, 'Enter');
    expect(await subject.waitForDials(1)).toMatchObject([{ number: { kind: 'e164', number: '+493023125042' } }]);
  });

  test.each(['<input id="field" value="Tel 030 23125042">', '<textarea id="field">Tel 030 23125042</textarea>'])(
    'of %s is shown and dialled, and the focus goes back with the selection',
    async (field) => {
      const subject = await bench.open(pageWith(`${field}<p>030 23125001</p>`));
      await subject.page.evaluate(() => {
        const input = document.querySelector<HTMLInputElement>('#field');
        input?.focus();
        input?.select();
      });
      expect(await subject.ask('dial-selection')).toEqual({ shown: true, text: '030 23125042' });
      await pressSeen(subject, 'Enter');
      expect(await subject.waitForDials(1)).toMatchObject([{ number: { kind: 'e164', number: '+493023125042' } }]);
      expect(await subject.focused()).toMatch(/#field$/);
      expect(await subject.page.evaluate(selectedInField)).toBe('Tel 030 23125042');
    },
  );

  test('may be an extension or a service number, when it is all that is selected', async () => {
    const { ask, page, chipText } = await bench.open(
      pageWith('<p id="a">18</p><p id="b">116117</p><p>030 23125001</p>'),
    );
    const select = (id: string) =>
      page.evaluate((to) => getSelection()?.selectAllChildren(document.querySelector(to) ?? document.body), id);
    await select('#a');
    expect(await ask('dial-selection')).toEqual({ shown: true, text: '18' });
    await select('#b');
    await ask('dial-selection');
    expect(await chipText()).toBe('Call 116117');
  });

  test.each([
    ['words', '<p id="line">Anna Krüger, seit 12.03.2024</p>'],
    ['a feature code', '<p id="line">*21*030#</p>'],
    ['nothing', '<p id="line"></p>'],
  ])('is none in %s', async (_, html) => {
    const { ask, page } = await bench.open(pageWith(`${html}<p>030 23125001</p>`));
    await page.evaluate(() => getSelection()?.selectAllChildren(document.querySelector('#line') ?? document.body));
    expect(await ask('dial-selection')).toEqual({ shown: false });
    expect(await page.$('div[popover]')).toBeNull();
  });

  test('is never read from a password', async () => {
    const { ask, page } = await bench.open(pageWith('<input id="field" type="password" value="030 23125042">'));
    await page.evaluate(() => document.querySelector<HTMLInputElement>('#field')?.select());
    expect(await ask('dial-selection')).toEqual({ shown: false });
  });
});

function pageWith(body: string): string {
  return `<!doctype html><meta charset="utf-8"><body style="margin:40px">${body}</body>`;
}

// Runs in the page.
function selectedInField(): string {
  const field = document.querySelector<HTMLInputElement>('#field');
  return field?.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0) ?? '';
}
