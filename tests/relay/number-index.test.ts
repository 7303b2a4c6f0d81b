// Whom a number may belong to: the same as the plainest comparison of all stored numbers would say.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestFirst } from '../../relay/src/match-order.ts';
import { createNumberIndex } from '../../relay/src/number-index.ts';

function found(stored: readonly string[], number: string): string[] {
  const index = createNumberIndex<string>();
  for (const one of stored) index.add(one, one);
  return index.find(number, () => true).map(({ entry, match }) => `${entry} ${match}`);
}

/** Whether two different numbers are those of one company, tried letter by letter. */
function areOfOneCompany(one: string, other: string): boolean {
  const [short = '', long = ''] = one.length < other.length ? [one, other] : [other, one];
  if (short.length === long.length) return false;
  const stems = short.endsWith('0') ? [short, short.slice(0, -1)] : [short];
  return stems.some((stem) => stem.length >= 9 && long.startsWith(stem) && long.length - stem.length <= 5);
}

const stem = fc.constantFrom('+4930231250', '+49302312', '+493023125', '+4315885', '+431588580', '+12125550');
const extension = fc.constantFrom('', '0', '1', '00', '04', '42', '042', '100', '0420', '04200', '042000');
const number = fc.tuple(stem, extension).map((parts) => parts.join(''));

describe('the numbers that a number may belong to', () => {
  test('are those of a comparison with every stored one, in random directories', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 12 }), number, (stored, asked) => {
        const all = [...new Set(stored)];
        const exact = all.filter((one) => one === asked).map((one) => `${one} exact`);
        const probable = all.filter((one) => areOfOneCompany(one, asked)).map((one) => `${one} probable`);
        const expected = exact.length > 0 ? exact : probable;
        expect(found(all, asked).toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 3_000 },
    );
  });

  test('a head number finds the desks behind it, with the 0 of the switchboard and without', () => {
    const desks = ['+493023125042', '+4930231250142', '+493023126042'];
    expect(found(desks, '+4930231250')).toEqual(['+493023125042 probable', '+4930231250142 probable']);
    expect(found(desks, '+493023125')).toEqual(['+493023125042 probable', '+4930231250142 probable']);
  });

  test('a desk finds its head number, the nearest first, and no neighbour of the same length', () => {
    const stored = ['+4930231250', '+49302312504', '+493023125043'];
    expect(found(stored, '+493023125042')).toEqual(['+49302312504 probable', '+4930231250 probable']);
  });

  test('an extension of more than five digits, and a stem as short as a town, find nobody', () => {
    expect(found(['+493023125'], '+493023125123456')).toEqual([]);
    expect(found(['+4935057'], '+493505712')).toEqual([]);
  });

  test('who may not see the exact one is told of the probable ones', () => {
    const index = createNumberIndex<string>();
    index.add('+493023125042', 'hidden');
    index.add('+4930231250', 'shown');
    const hits = index.find('+493023125042', (entry) => entry !== 'hidden');
    expect(hits.map(({ entry, match }) => [entry, match])).toEqual([['shown', 'probable']]);
  });
});

describe('the best of several', () => {
  const item = (name: string, over: Partial<Parameters<typeof bestFirst>[0][number]> = {}) => ({
    ...{ name, match: 'exact' as const, shared: 12, lastCallAt: '', sourcePlace: 0 },
    ...over,
  });
  const names = (...items: ReturnType<typeof item>[]) => bestFirst(items).map(({ name }) => name);

  test('is sure before probable, then chosen, then the last spoken with, then the nearest, then by source', () => {
    const late = '2026-11-21T10:00:00.000Z';
    expect(names(item('perhaps', { match: 'probable', choice: 0, lastCallAt: late }), item('sure'))).toEqual([
      'sure',
      'perhaps',
    ]);
    expect(
      names(item('talked', { lastCallAt: late }), item('older', { choice: 1 }), item('newer', { choice: 0 })),
    ).toEqual(['newer', 'older', 'talked']);
    expect(names(item('near', { shared: 13 }), item('talked', { lastCallAt: late }))).toEqual(['talked', 'near']);
    expect(names(item('second', { sourcePlace: 1 }), item('first'), item('near', { shared: 13 }))).toEqual([
      'near',
      'first',
      'second',
    ]);
    expect(names(item('a'), item('b'), item('c'))).toEqual(['a', 'b', 'c']);
  });
});
