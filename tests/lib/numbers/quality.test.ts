// How good the finder is on labelled texts. Those under `unseen` are never looked at: this test counts, and so does
// evaluate.ts; whoever prints one of them has to write a new set.
import { describe, expect, test } from 'vitest';
import { placeOf } from '../../../scripts/numbers/split-cases.ts';
import { casesOf, compare, ours, score, sharesOf } from './evaluate.ts';

const dev = casesOf('dev');
const unseen = casesOf('unseen');
const known = casesOf('known');

describe('the finder on labelled texts', () => {
  test('makes no mistake on the known cases', () => {
    const errors = [...known.values()].flat().flatMap((one) => {
      const { missed, wrong } = compare(one, ours);
      return missed.length + wrong.length === 0 ? [] : [{ text: one.text, missed, wrong }];
    });
    expect(errors).toEqual([]);
  });

  test('finds 99 of 100 numbers of the cases it was made with, 99 of 100 finds are right, and confusers are left alone', () => {
    const cases = [...dev.values()].flat();
    const { precision, recall, leftAlone } = sharesOf(score(cases, ours));
    expect(cases.length).toBeGreaterThan(4_000);
    expect(precision).toBeGreaterThanOrEqual(0.99);
    expect(recall).toBeGreaterThanOrEqual(0.99);
    expect(leftAlone).toBeGreaterThanOrEqual(0.99);
  });

  // What was reached on the day that docs/numbers.md names, rounded down; it must not become worse.
  test('is as good on unseen cases as docs/numbers.md says', () => {
    const cases = [...unseen.values()].flat();
    const { precision, recall, leftAlone } = sharesOf(score(cases, ours));
    expect(cases.length).toBeGreaterThan(1_900);
    expect(precision).toBeGreaterThanOrEqual(0.979);
    expect(recall).toBeGreaterThanOrEqual(0.97);
    expect(leftAlone).toBeGreaterThanOrEqual(0.98);
  });

  test('every case lies where its text says, so that no case can move from unseen to dev by accident', () => {
    const misplaced = [
      ...[...dev.values()].flat().filter((one) => placeOf(one) !== 'dev'),
      ...[...unseen.values()].flat().filter((one) => placeOf(one) !== 'unseen'),
    ];
    expect(misplaced.length).toBe(0);
  });
});
