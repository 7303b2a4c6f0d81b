// Texts made to be slow: the finder's time must grow with their length and stay near that of a bare search for digits.
// Figures are ratios of the shortest of several runs in one process, and what looks slow is measured again before it
// counts, so that a busy machine makes this test slower and not red.
import { describe, expect, test } from 'vitest';
import { findNumbers } from '#lib/numbers/find.ts';
import { createDice, type Dice } from '../../fakes/dice.ts';

const isFull = process.env['OFFHOOK_FULL'] === '1';
const STRINGS = 10_000;
const LONGEST = 1_000_000;
const MAX_RATIO = 20;
const MAX_EXPONENT = 1.1;
const SEED = 20_261_122;
const OPTIONS = { country: 'DE' };
const BARE = /\d[\d\s()./-]{5,}\d/g;

const PIECES = [
  ...[
    '1 ',
    '1.00 ',
    'a',
    '€1 ',
    '(0)',
    '112 ',
    '1:',
    '*1',
    '1x1=',
    '030 2312 ',
    '0',
    '9',
    '12.03.2026 ',
    '- ',
    'Tel. ',
  ],
  ...['Tel. 1 ', '0 ', '00 ', '+', '+4', '(', '((0', '. ', '1/', '0/1', '030/1 ', '030-', '12-', '1-800-A', '\t1', '…'],
  ...[
    '\t1234567',
    '1234567a',
    '/0301234567',
    '=0301234567',
    '0,',
    '1,234',
    "1'",
    'x12 ',
    'ext. ',
    'n° ',
    'kd.-nr.',
    'a.',
  ],
  ...[
    'a-',
    'a/',
    '#',
    '##1',
    '\n1',
    '–1',
    '1 – ',
    '010203-1234 ',
    '\u00a0',
    '\u200b',
    '０',
    '٣',
    'ü',
    'lorem ipsum dolor ',
  ],
  ...['a;0301234567;b\n', ';0301234567', '|030 1234567\n', '1) ', '> 0', '1-888-555-A', '030 1234567 (Fax) ', '📞 1'],
];

describe('hostile texts', () => {
  test.each(PIECES)(
    'a long row of %j takes eight times as long when it is eight times as long, not sixty-four',
    (piece) => {
      const [short, long] = [8_000, 64_000].map((length) => piece.repeat(Math.ceil(length / piece.length)));
      readNumbers(short ?? '');
      const base = shortest(short ?? '', readNumbers, 5);
      expect(shortest(long ?? '', readNumbers, 5)).toBeLessThan(24 * base + 2);
    },
  );

  test('are read without an error, and what is found ascends and never overlaps', () => {
    const dice = createDice(SEED);
    for (let index = 0; index < 500; index += 1) {
      const { text } = hostileText(dice, 4_000);
      let end = 0;
      for (const number of findNumbers(text, { ...OPTIONS, internal: { minDigits: 2, maxDigits: 4 } })) {
        expect(number.start).toBeGreaterThanOrEqual(end);
        end = number.end;
      }
      expect(end).toBeLessThanOrEqual(text.length);
    }
  });

  // A ratio of two times means little on a machine that does other things: only where somebody waits for it.
  test.runIf(isFull)(`${STRINGS} of them: at most ${MAX_RATIO} times a bare search, growing with their length`, () => {
    const dice = createDice(SEED);
    const slow: string[] = [];
    const points: [number, number][] = [];
    for (let index = 0; index < STRINGS; index += 1) {
      const { name, text } = hostileText(dice, LONGEST);
      if (!isNear(text)) slow.push(name);
      points.push([Math.log(text.length), Math.log(shortest(text, readNumbers, 1))]);
    }
    expect(slow).toEqual([]);
    expect(slopeOf(points)).toBeLessThanOrEqual(MAX_EXPONENT);
  });
});

function isNear(text: string): boolean {
  let ours = Number.POSITIVE_INFINITY;
  let bare = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 12; round += 1) {
    ours = Math.min(ours, shortest(text, readNumbers, 2));
    bare = Math.min(bare, shortest(text, searchDigits, 2));
    if (ours <= MAX_RATIO * bare) return true;
  }
  return false;
}

function hostileText(dice: Dice, longest: number): { name: string; text: string } {
  const length = Math.round(
    Math.exp(Math.log(1_000) + (dice.below(1_000_000) / 1_000_000) * Math.log(longest / 1_000)),
  );
  const pieces = Array.from({ length: 1 + dice.below(4) }, () => dice.pick(PIECES));
  const block = pieces.join('');
  return { name: `${length} of ${JSON.stringify(block)}`, text: block.repeat(Math.ceil(length / block.length)) };
}

function readNumbers(text: string): number {
  return findNumbers(text, OPTIONS).length;
}

function searchDigits(text: string): number {
  return [...text.matchAll(BARE)].length;
}

function shortest(text: string, run: (text: string) => number, times: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let index = 0; index < times; index += 1) {
    const since = performance.now();
    run(text);
    best = Math.min(best, performance.now() - since);
  }
  return best;
}

// Least squares.
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return covariance / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}
