// What leaves a page with marked numbers is the page's own: what is copied, what is printed, what is typed into its
// editors. Each beside the same page without Offhook.
import { inflateSync } from 'node:zlib';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, fixturePage, openBench, type Subject } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

const RECORD = fixturePage('record');

describe('copy', () => {
  test('gives the page’s own text and markup, with numbers marked and a chip shown', async () => {
    const bare = await bench.open(RECORD, { start: 'none' });
    const plain = await copied(bare.page);
    const marked = await bench.open(RECORD);
    await showChip(marked);
    expect(plain.text).toContain('030 23125001');
    expect(await copied(marked.page)).toEqual(plain);
  });
});

describe('print', () => {
  test('gives the page’s own text and nothing of the chip', async () => {
    const bare = await bench.open(RECORD, { start: 'none' });
    const plain = await printed(bare.page);
    const marked = await bench.open(RECORD);
    await showChip(marked);
    expect(plain.texts.length).toBeGreaterThan(20);
    expect(await printed(marked.page)).toEqual(plain);
  });
});

// Editors as pages write them: each keeps a model of its own and takes every change of its tree that it did not make
// itself for a fault.
const EDITORS = `<!doctype html><meta charset="utf-8"><body style="margin:40px">
<div id="plain" contenteditable="true"><p>Call 030 23125001 today</p></div>
<div id="prose" contenteditable="true" class="ProseMirror"><p>Tel. 030 23125002</p><p>or 030 <b>23125</b>003</p></div>
<div id="code" class="cm-editor"><div class="cm-content" contenteditable="true"><div class="cm-line">const tel = <span>"030 23125004"</span>;</div></div></div>
<textarea id="area">030 23125005</textarea><input id="field" value="030 23125006"><p>030 23125007</p>
<script>
  window.foreign = [];
  window.typing = false;
  for (const id of ['plain', 'prose', 'code']) {
    new MutationObserver((records) => {
      if (!window.typing) window.foreign.push(...records.map(({ type, target }) => id + ' ' + type + ' ' + target.nodeName));
    }).observe(document.getElementById(id), { subtree: true, childList: true, characterData: true, attributes: true });
  }
</script>`;

describe('editors', () => {
  test.each(['plain', 'prose', 'code .cm-content', 'area', 'field'])(
    'what is typed into #%s is there, no more and no less',
    async (editor) => {
      const results: { html: unknown; foreign: unknown }[] = [];
      for (const how of ['none', 'page'] as const) {
        const { page } = await bench.open(EDITORS, { start: how });
        if (how === 'page') await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) >= 1');
        await page.click(`#${editor}`);
        await page.keyboard.press('End');
        await page.evaluate('window.typing = true');
        await page.keyboard.type(' and 0171 3920001');
        for (let at = 0; at < 4; at += 1) await page.keyboard.press('Backspace');
        await page.evaluate('window.typing = false');
        // Several rounds of reading and painting, with nobody typing.
        await letRun(page, 800);
        results.push({ html: await page.evaluate(contentsOf), foreign: await page.evaluate('window.foreign') });
      }
      const [bare, marked] = results;
      expect(bare?.foreign).toEqual([]);
      expect(JSON.stringify(bare?.html)).toContain('and 0171 392');
      expect(marked).toEqual(bare);
    },
  );

  test('keep their selection and their undo while numbers are marked in and around them', async () => {
    const { page } = await bench.open(EDITORS);
    await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) >= 1');
    await page.click('#prose p');
    await page.keyboard.press('Home');
    await page.evaluate('window.typing = true');
    await page.keyboard.type('0171 3920009 ');
    await page.keyboard.down('Shift');
    for (let at = 0; at < 4; at += 1) await page.keyboard.press('ArrowLeft');
    await page.keyboard.up('Shift');
    await letRun(page, 500);
    expect(await page.evaluate('String(getSelection())')).toBe('009 ');
    await page.keyboard.down('Control');
    for (let at = 0; at < 20; at += 1) await page.keyboard.press('z');
    await page.keyboard.up('Control');
    expect(await page.evaluate('document.querySelector("#prose p").textContent')).toBe('Tel. 030 23125002');
  });
});

// What must not come has no event: the page gets its time for it.
async function letRun(page: Page, ms: number): Promise<void> {
  const since = await page.evaluate(() => performance.now());
  await page.waitForFunction((at) => performance.now() > at, { polling: 20 }, since + ms);
}

async function showChip({ page, hover, chip }: Subject): Promise<void> {
  await page.waitForFunction('(CSS.highlights.get("offhook")?.size ?? 0) >= 14');
  await hover('030 23125014');
  await chip();
}

/** Everything of the page, as it lands on the clipboard. */
async function copied(page: Page): Promise<{ text: string; html: string }> {
  await page.browserContext().overridePermissions(new URL(page.url()).origin, ['clipboard-read', 'clipboard-write']);
  await page.bringToFront();
  await page.keyboard.down('Control');
  await page.keyboard.press('a');
  await page.keyboard.press('c', { commands: ['copy'] });
  await page.keyboard.up('Control');
  return await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const read = async (type: string) => (await item?.getType(type))?.text() ?? '';
    return { text: await read('text/plain'), html: await read('text/html') };
  });
}

/** The page's tree as it is while it is printed, and every text that is drawn on paper, by its glyphs. */
async function printed(page: Page): Promise<{ texts: string[]; nodes: number }> {
  await page.evaluate(() => {
    window.addEventListener('beforeprint', () => {
      document.title = String(document.body.querySelectorAll('*').length);
    });
  });
  const pdf = Buffer.from(await page.pdf());
  return { texts: drawnTexts(pdf), nodes: Number(await page.title()) };
}

function drawnTexts(pdf: Buffer): string[] {
  const texts: string[] = [];
  for (let at = pdf.indexOf('stream\n'); at >= 0; at = pdf.indexOf('stream\n', at + 1)) {
    if (pdf.subarray(at - 3, at).toString() === 'end') continue;
    const content = inflated(pdf.subarray(at + 'stream\n'.length, pdf.indexOf('endstream', at)));
    for (const [, glyphs = ''] of content.matchAll(/(<[0-9A-Fa-f]+>|\[[^\]]*\])\s*T[jJ]/g)) texts.push(glyphs);
  }
  return texts;
}

function inflated(bytes: Buffer): string {
  try {
    return inflateSync(bytes).toString('latin1');
  } catch {
    // Not every stream of a PDF is packed this way; those with text are.
    return '';
  }
}

// Runs in the page.
function contentsOf(): string[] {
  const fields = [...document.querySelectorAll<HTMLInputElement>('textarea, input')].map(({ value }) => value);
  return [...fields, ...[...document.querySelectorAll('#plain, #prose, #code')].map(({ outerHTML }) => outerHTML)];
}
