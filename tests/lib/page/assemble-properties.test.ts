// Pages of any make → runs and back: every character of a run stands where the way back says, and every character that is
// read stands in exactly one run. What is hidden, skipped or apart is never part of a line.
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { assemble, blockOf, flowOf, offsetIn, pointAt, type Run } from '#lib/page/assemble.ts';

afterEach(() => document.body.replaceChildren());

type Tree = string | { name: string; style: string; children: Tree[] };

const text = fc.string({
  unit: fc.constantFrom(...'0123456789  ', '\n', '\t', '+', '(', ')', '/', 'a', 'ä', '\u00a0', '\u200b', '𝟘', '٠'),
  maxLength: 12,
});
const name = fc.constantFrom(
  ...'b i span span u a div p td pre br sup code wbr x-cell input textarea svg text'.split(' '),
);
const style = fc.constantFrom(
  '',
  '',
  '',
  'display:none',
  'position:absolute',
  'display:inline-block',
  'visibility:hidden',
);
const { tree } = fc.letrec<{ tree: Tree; element: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'page' },
    { arbitrary: text, weight: 3 },
    { arbitrary: tie('element'), weight: 2 },
  ),
  element: fc.record({
    name,
    style,
    children: fc.array(tie('tree'), { maxLength: 4, depthIdentifier: 'page' }),
  }),
}));

function build(one: Tree): Node {
  if (typeof one === 'string') return document.createTextNode(one);
  const element = document.createElement(one.name);
  if (one.style !== '') element.setAttribute('style', one.style);
  element.append(...one.children.map(build));
  return element;
}

function allIn(node: Node): Node[] {
  return [node, ...[...node.childNodes].flatMap(allIn)];
}

function readPage(trees: readonly Tree[]): { texts: Text[]; runs: Run[] } {
  const page = document.createElement('div');
  page.append(...trees.map(build));
  document.body.replaceChildren(page);
  const nodes = allIn(page);
  const texts = nodes.filter((node) => node instanceof Text);
  const blocks = new Set(texts.flatMap((node) => blockOf(node, flowOf) ?? []));
  const runs = [...blocks].flatMap((block) => assemble(block, { flow: flowOf, labelOf: () => undefined }));
  return { texts, runs };
}

const isSpace = (character: string) => /[ \t\n\r\f]/.test(character);
const pages = fc.array(tree, { minLength: 1, maxLength: 5 });

describe('over pages of any make', () => {
  test('every offset of a run leads to its character, and back', () => {
    fc.assert(
      fc.property(pages, (trees) => {
        for (const run of readPage(trees).runs) {
          for (let at = 0; at < run.text.length; at += 1) {
            const start = pointAt(run, at, 'start');
            const end = pointAt(run, at + 1, 'end');
            if (!start || !end) throw new Error(`no way back from ${at} of ${JSON.stringify(run.text)}`);
            const there = start.node.data.charAt(start.offset);
            expect(isSpace(there) ? ' ' : there).toBe(isSpace(run.text.charAt(at)) ? ' ' : run.text.charAt(at));
            // One piece of white space may stand for several characters.
            if (!isSpace(there)) expect(end).toEqual({ node: start.node, offset: start.offset + 1 });
            expect(offsetIn(run, start.node, start.offset)).toBeLessThanOrEqual(at);
            expect(offsetIn(run, end.node, end.offset)).toBeGreaterThanOrEqual(at);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('no character is read twice, and those of a run stand in the order of the page', () => {
    fc.assert(
      fc.property(pages, (trees) => {
        const { texts, runs } = readPage(trees);
        const seen = new Set<string>();
        for (const run of runs) {
          let last = -1;
          for (const { node, nodeStart, length } of run.pieces) {
            for (let at = nodeStart; at < nodeStart + length; at += 1) {
              const index = texts.indexOf(node) * 1_000 + at;
              expect(index).toBeGreaterThan(last);
              expect(seen.has(`${index}`)).toBe(false);
              seen.add(`${index}`);
              last = index;
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('every character is read, but in what is skipped or hidden', () => {
    const styleOf = (element: Element) => element.getAttribute('style') ?? '';
    const isHiddenAround = (element: Element | null): boolean =>
      element !== null && (styleOf(element).includes('visibility') || isHiddenAround(element.parentElement));
    const unread = (node: Text): boolean => {
      for (let at = node.parentElement; at && at !== document.body; at = at.parentElement) {
        if (/^(?:br|sup|code|wbr|input|textarea)$/.test(at.localName)) return true;
        const isLine = !/^(?:div|p|td|pre|x-cell|svg|text)$/.test(at.localName);
        // A line that is hidden as a whole is read as one.
        const isHidden = styleOf(at).includes('visibility') && !isHiddenAround(at.parentElement);
        if (isLine && (isHidden || styleOf(at).includes('none'))) return true;
      }
      return false;
    };
    fc.assert(
      fc.property(pages, (trees) => {
        const { texts, runs } = readPage(trees);
        const read = new Map<Text, string>();
        for (const { pieces } of runs) {
          for (const { node, nodeStart, length } of pieces) {
            read.set(node, (read.get(node) ?? '') + node.data.slice(nodeStart, nodeStart + length));
          }
        }
        const bare = (value: string) => value.replace(/[ \t\n\r\f]/g, '');
        // What is never told from the text that is read: a block inside something skipped is left out by other means.
        for (const node of texts.filter((one) => !unread(one))) {
          if (isBlank(node, runs)) continue;
          expect(bare(read.get(node) ?? '')).toBe(bare(node.data));
        }
      }),
      { numRuns: 300 },
    );
  });
});

// A line of nothing but spaces is no run.
function isBlank(node: Text, runs: readonly Run[]): boolean {
  return node.data.trim() === '' && !runs.some(({ pieces }) => pieces.some((piece) => piece.node === node));
}
