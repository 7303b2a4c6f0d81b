// A process of its own that measures many hostile texts beside a bare search for digits and prints the result as JSON. Not in
// a test's own process: there every module is asked for its parts at each call, which the product's code is not.
//   node tests/lib/numbers/hostile-pass.ts COUNT MAX_RATIO
import { createDice } from '../../fakes/dice.ts';
import { hostileText, LONGEST, readNumbers, SEED, shortest, slopeOf } from './hostile-texts.ts';

/** What it prints. `worst`: the highest ratios, the highest first. */
export interface HostileFigures {
  worst: readonly { name: string; ratio: number }[];
  /** Half of them, nine of ten, 99 of 100 are at most this. */
  shares: Readonly<Record<'p50' | 'p90' | 'p99', number>>;
  exponent: number;
}

const BARE = /\d[\d\s()./-]{5,}\d/g;
const [count = 0, maxRatio = 0] = process.argv.slice(2).map(Number);

const dice = createDice(SEED);
const measured = Array.from({ length: count }, () => {
  const { name, text } = hostileText(dice, LONGEST);
  return { name, length: text.length, ...timesOf(text) };
});
const sorted = measured.toSorted((a, b) => b.ratio - a.ratio);
const shareOf = (part: number) => sorted[Math.floor(count * (1 - part))]?.ratio ?? 0;
const figures: HostileFigures = {
  worst: sorted.slice(0, 5).map(({ name, ratio }) => ({ name, ratio })),
  shares: { p50: shareOf(0.5), p90: shareOf(0.9), p99: shareOf(0.99) },
  exponent: slopeOf(measured.map(({ length, ours }): [number, number] => [Math.log(length), Math.log(ours)])),
};
process.stdout.write(JSON.stringify(figures));

// What looks slow is measured again before it counts: another program may be to blame.
function timesOf(text: string): { ours: number; ratio: number } {
  let ours = Number.POSITIVE_INFINITY;
  let bare = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 12; round += 1) {
    ours = Math.min(ours, shortest(text, readNumbers, 2));
    bare = Math.min(bare, shortest(text, searchDigits, 2));
    if (ours <= maxRatio * bare) break;
  }
  return { ours, ratio: ours / bare };
}

function searchDigits(text: string): number {
  return [...text.matchAll(BARE)].length;
}
