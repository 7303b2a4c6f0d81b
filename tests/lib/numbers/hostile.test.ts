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
      expect(growthOf(short ?? '', long ?? '')).toBeLessThan(24);
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

  test('is read in one pass: a dash that is hidden among digits does not make the finder begin again and again', () => {
    expect(findNumbers('0301\u30fc\u200b23456789', OPTIONS)).toEqual([]);
  });

  test('500 of them grow with their length, from a thousand signs to a million', () => {
    const dice = createDice(SEED);
    const points = Array.from({ length: 500 }, (): [number, number] => {
      const { text } = hostileText(dice, LONGEST);
      return [Math.log(text.length), Math.log(shortest(text, readNumbers, 2))];
    });
    expect(slopeOf(points)).toBeLessThanOrEqual(MAX_EXPONENT);
  }, 120_000);

  // A ratio of two times means little on a machine that does other things: only where somebody waits for it.
  test.runIf(isFull)(
    `${STRINGS} of them cost little more than a bare search for digits, and grow with their length`,
    () => {
      const dice = createDice(SEED);
      const ratios: number[] = [];
      const points: [number, number][] = [];
      for (let index = 0; index < STRINGS; index += 1) {
        const { text } = hostileText(dice, LONGEST);
        const { ours, ratio } = timesOf(text);
        ratios.push(ratio);
        points.push([Math.log(text.length), Math.log(ours)]);
      }
      ratios.sort((a, b) => a - b);
      expect(ratios.at(-1)).toBeLessThanOrEqual(MAX_RATIO);
      expect(slopeOf(points)).toBeLessThanOrEqual(MAX_EXPONENT);
    },
    1_800_000,
  );
});

// How many times longer the long text takes; measured again where a busy machine may be to blame.
function growthOf(short: string, long: string): number {
  readNumbers(short);
  let base = Number.POSITIVE_INFINITY;
  let ours = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 20; round += 1) {
    base = Math.min(base, shortest(short, readNumbers, 5));
    ours = Math.min(ours, shortest(long, readNumbers, 2));
    if (ours < 16 * base) break;
  }
  return ours / base;
}

function timesOf(text: string): { ours: number; ratio: number } {
  let ours = Number.POSITIVE_INFINITY;
  let bare = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 12; round += 1) {
    ours = Math.min(ours, shortest(text, readNumbers, 2));
    bare = Math.min(bare, shortest(text, searchDigits, 2));
    if (ours <= MAX_RATIO * bare) break;
  }
  return { ours, ratio: ours / bare };
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
