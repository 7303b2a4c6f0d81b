// Blocks → runs: what a reader sees as one line, and the way back to the text nodes. Layout comes from element names and
// plain styles here; what needs real layout is tested in a browser (tests/e2e-page).
import { afterEach, describe, expect, test } from 'vitest';
import { assemble, blockOf, flowOf, isUnchanged, offsetIn, pointAt, type Run } from '#lib/page/assemble.ts';
import { createLabels } from '#lib/page/labels.ts';

afterEach(() => document.body.replaceChildren());

const reading = () => ({ flow: flowOf, labelOf: createLabels().of });

function runsOf(html: string): Run[] {
  document.body.innerHTML = `<div id="block">${html}</div>`;
  const block = document.querySelector('#block');
  if (!block) throw new Error('no block');
  return assemble(block, reading());
}
const textsOf = (html: string) => runsOf(html).map(({ text }) => text);

describe('assemble', () => {
  test('joins a line over inline elements', () => {
    expect(textsOf('<b>030</b> 2312<i>50<u>42</u></i>')).toEqual(['030 23125042']);
  });

  test('lets white space collapse as on the screen, over borders of elements too', () => {
    expect(textsOf('<span>+49 30 </span>\n   <span> 231\n25042</span>')).toEqual(['+49 30 231 25042']);
  });

  test('breaks at blocks, br, footnotes and custom elements', () => {
    expect(textsOf('1<p>2</p>3<br>4<sup>5</sup>6<x-badge>7</x-badge>8')).toEqual(['1', '3', '4', '6', '8']);
  });

  test('breaks at badges that are laid out as a box of their own', () => {
    expect(textsOf('030 23125042<span style="display:inline-block">3</span>')).toEqual(['030 23125042']);
  });

  test('does not break at what stands out of the line: a tooltip, words for screen readers', () => {
    expect(textsOf('030 <span style="position:absolute">Phone</span>23125042')).toEqual(['030 23125042']);
  });

  test('leaves out what is hidden without breaking the line', () => {
    expect(textsOf('030 <span style="display:none">99</span>23125042')).toEqual(['030 23125042']);
  });

  test('does not enter scripts, code, times, inputs', () => {
    expect(textsOf('a<script>1</script>b<code>2</code>c<time>3</time>d<textarea>4</textarea>e')).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ]);
  });

  test('leaves a field its label: what stands behind the field has another one or none', () => {
    expect(runsOf('Kundennummer<input><i>030 23125042</i>').map(({ before }) => before)).toEqual([
      undefined,
      undefined,
    ]);
    expect(runsOf('Telefon<br>030 23125042').map(({ before }) => before)).toEqual([undefined, 'Telefon']);
    const ticked = 'Kundennummer<br><input type="checkbox">030 23125042';
    expect(runsOf(ticked).at(-1)?.before).toBe('Kundennummer');
  });

  test('does not read text nodes over 100,000 characters', () => {
    expect(textsOf(`a<b>${'1'.repeat(100_001)}</b>c`)).toEqual(['a', 'c']);
  });

  test('climbs and walks a form whose fields have the names of its properties', () => {
    document.body.innerHTML =
      '<form id="f"><input name="parentNode"><input name="firstChild"><input name="nodeType">030 <b>231</b></form>';
    const text = document.querySelector('b')?.firstChild;
    const block = text && blockOf(text, flowOf);
    expect(block && assemble(block, reading()).map((run) => run.text)).toEqual(['030 231']);
  });
});

describe('the label in front', () => {
  test.each([
    ['<dl><dt>Fax</dt><dd id="x">030</dd></dl>', 'Fax'],
    ['<p>Order ID</p><p id="x">030</p>', 'Order ID'],
    ['<table><tbody><tr><td>IBAN</td><td id="x">030</td></tr></tbody></table>', 'IBAN'],
    ['<p>A long sentence that is no label at all, by its length</p><p id="x">030</p>', undefined],
    ['<p>12.03.2026</p><p id="x">030</p>', undefined],
  ])('of %s is %s', (html, label) => {
    document.body.innerHTML = html;
    const block = document.querySelector('#x');
    expect(block && assemble(block, reading())[0]?.before).toBe(label);
  });

  test('is the line before a br', () => {
    expect(runsOf('Order ID<br>4155550132')[1]?.before).toBe('Order ID');
  });
});

describe('the way back', () => {
  test('leads from every offset of a run to the character that stands there', () => {
    const [run] = runsOf('<b>030</b> \n 2312<i>5042</i>');
    const places = [...(run?.text ?? '')].map((_, at) => run && pointAt(run, at, 'start'));
    const characters = places.map((place) => place?.node.data.charAt(place.offset).replace('\n', ' '));
    expect(characters.join('')).toBe(run?.text);
  });

  test('leads from a point of the page to the offset in the run', () => {
    const [run] = runsOf('<b>030</b> 2312<i>5042</i>');
    const italic = document.querySelector('i')?.firstChild;
    expect(run && italic instanceof Text ? offsetIn(run, italic, 2) : undefined).toBe(10);
  });

  test('tells when the page shows something else than what was read', () => {
    const [run] = runsOf('<b>030</b> 23125042');
    expect(run && isUnchanged(run)).toBe(true);
    document.querySelector('b')?.replaceChildren('040');
    expect(run && isUnchanged(run)).toBe(false);
  });
});
