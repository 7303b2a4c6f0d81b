// What is marked on a page, and that marks follow a page that changes: in a real browser, since only that has layout and
// highlights.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, fixturePage, openBench } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

const RECORD = fixturePage('record');
const ON_RECORD = [
  '030 23125001',
  '030 23125002',
  '+49 30 23125003',
  '030 23125004',
  '030 23125005',
  '030 23125006',
  '0171 3920007',
  '030 9923125008',
  '030 23125009',
  '030 23125010',
  '0171 3920011',
  '030 23125012',
  '030 23125013',
  '030 23125014',
  '030 23125015',
  '030 23125016',
];

describe('on a record', () => {
  test('marks numbers as a reader sees them, split ones and those in shadow roots too, and nothing else', async () => {
    const { waitForMarks } = await bench.open(RECORD);
    await waitForMarks(ON_RECORD);
  });

  test('they look marked wherever they stand, in closed roots too', async () => {
    const { page, waitForMarks } = await bench.open(RECORD);
    await waitForMarks(ON_RECORD);
    const looks = await page.evaluate(() =>
      [...(CSS.highlights.get('offhook') ?? [])].map((range) => {
        const element = range.startContainer.parentElement;
        // Text directly in a root: what its host looks like is handed down to it.
        const root = range.startContainer.getRootNode();
        const around = element ?? (root instanceof ShadowRoot ? root.host : document.body);
        return getComputedStyle(around, '::highlight(offhook)').textDecorationLine;
      }),
    );
    expect(new Set(looks)).toEqual(new Set(['underline']));
  });

  test('dials from inside a closed root', async () => {
    const { waitForMarks, hover, clickChip, waitForDials } = await bench.open(RECORD);
    await waitForMarks(ON_RECORD);
    await hover('030 23125015');
    await clickChip();
    expect(await waitForDials(1)).toMatchObject([{ number: { number: '+493023125015' }, shownText: '030 23125015' }]);
  });

  test('leaves hidden text out of what is dialled', async () => {
    const { waitForMarks, hover, clickChip, waitForDials } = await bench.open(RECORD);
    await waitForMarks(ON_RECORD);
    await hover('030 9923125008');
    await clickChip();
    expect(await waitForDials(1)).toMatchObject([{ number: { number: '+493023125008' }, shownText: '030 23125008' }]);
  });
});

describe('on pages of any make', () => {
  // The same seed makes the same pages.
  function createRandom(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
  }

  // A number cut at any place, with elements around its parts and hidden ones between them.
  function splitNumber(number: string, random: (below: number) => number): string {
    const around = [
      (text: string) => text,
      (text: string) => `<b>${text}</b>`,
      (text: string) => `<span><i>${text}</i></span>`,
      (text: string) => `<u>${text.replace(' ', '\n  ')}</u>`,
      (text: string) => `${text}<span style="display:none">99</span>`,
      (text: string) => `${text}<!-- 7 --><wbr>`,
      (text: string) => `<a href="#">${text}</a><em></em>`,
    ];
    let html = '';
    for (let at = 0; at < number.length; ) {
      const end = Math.min(number.length, at + 1 + random(6));
      html += around[random(around.length)]?.(number.slice(at, end)) ?? '';
      at = end;
    }
    return html;
  }

  test('paints each number exactly where its own digits stand', async () => {
    const random = createRandom(4711);
    const numbers = Array.from({ length: 60 }, (_, at) => `030 231250${String(at).padStart(2, '0')}`);
    const lines = numbers.map((number) => {
      const line = `Ruf ${splitNumber(number, random)}, danke`;
      return random(2) === 0 ? `<p>${line}</p>` : `<table><tr><td><div>${line}</div></td></tr></table>`;
    });
    const { page } = await bench.open(
      `<!doctype html><meta charset="utf-8"><style>p{margin:0}</style>${lines.join('')}`,
    );
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) >= 60');
    const painted = await page.evaluate(() =>
      [...(CSS.highlights.get('offhook') ?? [])].map((abstract) => {
        const range = document.createRange();
        range.setStart(abstract.startContainer, abstract.startOffset);
        range.setEnd(abstract.endContainer, abstract.endOffset);
        const copy = document.createElement('div');
        copy.append(range.cloneContents());
        for (const hidden of copy.querySelectorAll('span[style]')) hidden.remove();
        return copy.textContent.replace(/\s+/g, ' ');
      }),
    );
    expect(painted.sort()).toEqual(numbers);
  });
});

describe('on a page whose forms have the names of what a script reads', () => {
  const NAMES = ['adoptedStyleSheets', 'addEventListener', 'createTreeWalker', 'createRange', 'caretPositionFromPoint'];
  const forms = NAMES.map((name) => `<form name="${name}"></form>`).join('');

  test('marks and dials all the same', async () => {
    const { page, hover, clickChip, waitForDials } = await bench.open(
      `<!doctype html><body style="margin:40px"><p>030 23125001</p>${forms}`,
    );
    await page.waitForFunction('CSS.highlights.get("offhook")?.size === 1');
    await page.evaluate(() => document.querySelector('[name=createRange]')?.removeAttribute('name'));
    await hover('030 23125001');
    await clickChip();
    expect(await waitForDials(1)).toHaveLength(1);
  });
});

describe('as the page changes', () => {
  const LIST = '<!doctype html><meta charset="utf-8"><ul id="list"><li>030 23125001</li><li>none</li></ul>';

  test('marks what is added, edited and replaced, and forgets what is gone', async () => {
    const { page, waitForMarks } = await bench.open(LIST);
    await waitForMarks(['030 23125001']);
    await page.evaluate(() => {
      const list = document.querySelector('#list');
      list?.insertAdjacentHTML('beforeend', '<li>030 <b>23125002</b></li>');
      const second = list?.children[1]?.firstChild;
      if (second) second.nodeValue = 'now 030 23125003';
    });
    await waitForMarks(['030 23125001', '030 23125002', '030 23125003']);
    await page.evaluate(() => document.querySelector('#list')?.replaceChildren());
    await waitForMarks([]);
  });

  test('marks an element that was taken out and put back', async () => {
    const { page, waitForMarks } = await bench.open(LIST);
    await waitForMarks(['030 23125001']);
    const item = await page.$('li');
    await item?.evaluate((element) => element.remove());
    await waitForMarks([]);
    await item?.evaluate((element) => document.querySelector('#list')?.append(element));
    await waitForMarks(['030 23125001']);
  });

  test('marks what appears in a closed root that was attached late', async () => {
    const { page, waitForMarks } = await bench.open(`${LIST}<x-late></x-late>`);
    await waitForMarks(['030 23125001']);
    await page.evaluate(() => {
      const root = document.querySelector('x-late')?.attachShadow({ mode: 'closed' });
      root?.append('030 23125004');
    });
    await waitForMarks(['030 23125001', '030 23125004']);
  });

  test('puts its marks back when the page clears the registry and its sheets', async () => {
    const { page, waitForMarks } = await bench.open(LIST);
    await waitForMarks(['030 23125001']);
    await page.evaluate(() => {
      CSS.highlights.clear();
      document.adoptedStyleSheets = [];
    });
    await waitForMarks(['030 23125001']);
    await page.waitForFunction('document.adoptedStyleSheets.length === 1');
  });

  test('works on in a document that was written anew', async () => {
    const { page, waitForMarks, hover, clickChip, waitForDials } = await bench.open(LIST);
    await waitForMarks(['030 23125001']);
    await page.evaluate(() => {
      document.open();
      document.write('<!doctype html><body style="margin:40px"><p>030 23125005</p></body>');
      document.close();
    });
    await waitForMarks(['030 23125005']);
    await page.waitForFunction('document.adoptedStyleSheets.length === 1');
    await hover('030 23125005');
    await clickChip();
    expect(await waitForDials(1)).toHaveLength(1);
  });
});

describe('as the agent changes', () => {
  test('reads numbers in the new country when the agent comes back to the page', async () => {
    const { page, waitForMarks } = await bench.open(
      '<!doctype html><p>0171 3920012</p><p>020 7946 0018 to 020 7946 0019</p>',
    );
    await waitForMarks(['0171 3920012']);
    await page.evaluate(() => {
      window.offhookTest.settings = { country: 'GB', takesTelLinks: true };
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    });
    await waitForMarks(['020 7946 0018', '020 7946 0019']);
  });

  test('takes everything away when the site was disabled meanwhile', async () => {
    const { page, waitForMarks } = await bench.open(RECORD);
    await waitForMarks(ON_RECORD);
    await page.evaluate(() => {
      window.offhookTest.settings = { isDisabled: true };
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    });
    await page.waitForFunction('CSS.highlights.size === 0 && document.adoptedStyleSheets.length === 0');
  });
});

describe('on a long page', () => {
  const rows = Array.from(
    { length: 2_000 },
    (_, at) => `<p>0171 392${String(at % 100).padStart(4, '0')} row ${at}</p>`,
  );

  test('paints what is near the window only, and follows the scrolling', async () => {
    const { page, marked } = await bench.open(`<!doctype html><body>${rows.join('')}`);
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) > 20');
    expect((await marked()).length).toBeLessThan(120);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForFunction(() => {
      const texts = [...(CSS.highlights.get('offhook') ?? [])].map((range) => range.startContainer.textContent);
      return (
        texts.length > 20 &&
        texts.some((text) => text?.endsWith('row 1999')) &&
        texts.every((text) => !text?.endsWith('row 1'))
      );
    });
  });

  test('never paints more than 500 numbers', async () => {
    const small = `<!doctype html><body style="font-size:4px;line-height:1;columns:12">${rows.join('')}`;
    const { page, marked } = await bench.open(small);
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) >= 500');
    expect((await marked()).length).toBe(500);
  });
});

describe('where it does not work', () => {
  test('on a site that is not enabled nothing is marked and nothing is left', async () => {
    const { page } = await bench.open(RECORD, { settings: { isDisabled: true } });
    await page.waitForFunction('!window.offhookTest.script.isAtWork()');
    const traces = await page.evaluate(() => [CSS.highlights.size, document.adoptedStyleSheets.length]);
    expect(traces).toEqual([0, 0]);
  });

  test('once its extension is gone it takes everything away by itself', async () => {
    const { page, waitForMarks } = await bench.open(RECORD);
    await waitForMarks(ON_RECORD);
    await page.evaluate(() => {
      window.offhookTest.isAlive = false;
    });
    await page.waitForFunction('CSS.highlights.size === 0 && document.adoptedStyleSheets.length === 0');
  });
});
