// What a written number is worth to the directory, and what should be written in its place.
import { locationOf } from '@offhook/protocol/location-settings';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numbersIn, writtenNumbers } from '../../../relay/src/contacts/written-number.ts';

const germany = locationOf({ country: 'DE' });
const judge = (text: string) =>
  writtenNumbers(text, germany).map(({ verdict, number, proposal }) => [verdict, number ?? proposal]);

describe('numbers', () => {
  test.each([
    ['030 23125042', 'good', '+493023125042'],
    ['+49 (0)30 / 231 25-042', 'good', '+493023125042'],
    ['0044 20 7946 0018', 'good', '+442079460018'],
    ['030 23125042 DW 18', 'doubtful', '+493023125042'],
    ['+49 030 23125042', 'doubtful', '+493023125042'],
  ])('%s is %s', (text, verdict, number) => {
    expect(judge(text)).toEqual([[verdict, number]]);
  });

  test.each([
    ['3023125042', 'has no 0 before the area code', '+493023125042'],
    ['493023125042', 'has no + before the country code', '+493023125042'],
    ['442079460018', 'has neither 0 nor + before it, and could be two numbers', undefined],
    ['O30 23l25042', 'has letters in place of digits', '+493023125042'],
    ['Tel.: 030 23125042', 'has words around it', '+493023125042'],
    ['030 23125042 (privat)', 'has words around it', '+493023125042'],
    ['4,93023E+11', 'was cut off by a spreadsheet: its digits are lost', undefined],
    ['112', 'is a service number, not somebody’s', undefined],
    ['*21#', 'is a code for the phone system, not a number', undefined],
    ['18', 'is too short for a public number', undefined],
    ['by mail', 'is no telephone number', undefined],
  ])('%s is left out, since it %s', (text, reason, proposal) => {
    const [judged, ...more] = writtenNumbers(text, germany);
    expect(more).toEqual([]);
    expect(judged).toEqual({ text, verdict: 'failed', reason, ...(proposal !== undefined && { proposal }) });
  });

  test('several in one cell are judged one by one', () => {
    expect(judge('030 23125042 / 0171 3920001; none')).toEqual([
      ['good', '+493023125042'],
      ['good', '+491713920001'],
      ['failed', undefined],
    ]);
  });

  test('whatever is written: the quick way finds the same numbers, and a proposal is one itself', () => {
    const piece = fc.constantFrom(
      '030',
      '23125042',
      '+49',
      '0171 3920001',
      ' / ',
      ';',
      ',',
      '(',
      ')',
      'O',
      'Tel. ',
      '00',
      'E+',
      '112',
      '*21#',
      ' ',
      'ext. 18',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        const judged = writtenNumbers(text, germany);
        expect(numbersIn(text, germany)).toEqual(judged.flatMap(({ number }) => number ?? []));
        for (const { proposal } of judged)
          if (proposal !== undefined) expect(numbersIn(proposal, germany)).toEqual([proposal]);
      }),
      // Once found by chance: a 0 too many, twice.
      { examples: [[['+49', 'O', '030', '030']]] },
    );
  });
});
