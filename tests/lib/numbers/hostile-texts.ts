// Texts made to be slow, the same in each run, and how long the finder takes for one: used by the tests, and by the process
// that measures them beside a bare search for digits.
import { findNumbers } from '#lib/numbers/find.ts';
import type { Dice } from '../../fakes/dice.ts';

/** What the finder is asked with. */
export const OPTIONS = { country: 'DE' };
export const SEED = 20_261_122;
/** Signs of the longest text. */
export const LONGEST = 1_000_000;

/** What they are made of. */
export const PIECES = [
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

/** One of up to four pieces, over and over; lengths from 1,000 signs on, small ones as often as large ones. */
export function hostileText(dice: Dice, longest: number): { name: string; text: string } {
  const length = Math.round(
    Math.exp(Math.log(1_000) + (dice.below(1_000_000) / 1_000_000) * Math.log(longest / 1_000)),
  );
  const pieces = Array.from({ length: 1 + dice.below(4) }, () => dice.pick(PIECES));
  const block = pieces.join('');
  return { name: `${length} of ${JSON.stringify(block)}`, text: block.repeat(Math.ceil(length / block.length)) };
}

/** Reads it once; answers how many were found. */
export function readNumbers(text: string): number {
  return findNumbers(text, OPTIONS).length;
}

/** The shortest of several runs, in milliseconds. */
export function shortest(text: string, run: (text: string) => number, times: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let index = 0; index < times; index += 1) {
    const since = performance.now();
    run(text);
    best = Math.min(best, performance.now() - since);
  }
  return best;
}

/** The exponent of growth, by least squares over points of logarithms. */
export function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return covariance / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}
