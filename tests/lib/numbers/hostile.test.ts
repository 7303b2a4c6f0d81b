// Texts made to be slow: the finder's time must grow with their length and stay near that of a bare search for digits.
// Figures are ratios of the shortest of several runs in one process, and what looks slow is measured again before it
// counts, so that a busy machine makes this test slower and not red.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { findNumbers } from '#lib/numbers/find.ts';
import { createDice } from '../../fakes/dice.ts';
import type { HostileFigures } from './hostile-pass.ts';
import { hostileText, LONGEST, OPTIONS, PIECES, readNumbers, SEED, shortest, slopeOf } from './hostile-texts.ts';

const isFull = process.env['OFFHOOK_FULL'] === '1';
const PASS = fileURLToPath(new URL('./hostile-pass.ts', import.meta.url));
const STRINGS = 10_000;
const MAX_RATIO = 20;
const MAX_EXPONENT = 1.1;

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
    async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [PASS, String(STRINGS), String(MAX_RATIO)]);
      const { worst, exponent } = JSON.parse(stdout) as HostileFigures; // our own process prints nothing else
      expect(worst.filter(({ ratio }) => ratio > MAX_RATIO)).toEqual([]);
      expect(worst).toHaveLength(5);
      expect(exponent).toBeLessThanOrEqual(MAX_EXPONENT);
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
