// The number finder: what is a number and what is not, on labelled texts and on generated ones.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainNumbers, type FindOptions, findNumbers, MAX_TEXT_LENGTH } from '#lib/numbers/find.ts';

interface Case {
  text: string;
  country: string;
  before?: string;
  found: string[];
}

const file = new URL('../../fixtures/numbers/cases.json', import.meta.url);
// The fixture is this test's own file.
const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[];

function found(text: string, options: FindOptions): string[] {
  return findNumbers(text, options).map(({ kind, number, extension }) => {
    const tail = extension === undefined ? '' : ` x${extension}`;
    return `${kind === 'phone' ? '' : `${kind} `}${number}${tail}`;
  });
}

function rulesOf(text: string, options: FindOptions): string[] {
  return explainNumbers(text, options).map(({ rule }) => rule);
}

const DE: FindOptions = { country: 'DE' };

describe('findNumbers', () => {
  test.each(cases)('reads "$text" ($country) as $found', ({ text, found: expected, ...options }) => {
    expect(found(text, options)).toEqual(expected);
  });

  test('answers where a number stands in the text as it was given', () => {
    const text = 'Tel.\u00a0\u200b030\u200b/23125042, Fax 030 23125043 ext. 7';
    const places = findNumbers(text, DE).map(({ start, end }) => text.slice(start, end));
    expect(places).toEqual(['030\u200b/23125042', '030 23125043 ext. 7']);
  });

  test('reads a national number in the agent’s country only', () => {
    expect(found('020 7946 0018', { country: 'GB' })).toEqual(['+442079460018']);
    expect(found('+44 20 7946 0018', DE)).toEqual(['+442079460018']);
  });

  test('leaves more than fifteen digits alone, which no number has', () => {
    expect(found('+49 30 2312504200 0000', DE)).toEqual([]);
  });

  test.each([
    ['06.02.2026', 'Last contact'],
    ['06.02.2026', 'Telefon'],
    ['2026-02-06 10:01', 'Call'],
    ['02/03/2026', 'Phone'],
    ['06. 02. 2026', 'Letzter Anruf'],
  ])('leaves the date %s alone under "%s"', (text, before) => {
    expect(found(text, { country: 'DE', before })).toEqual([]);
  });

  test('takes digits without trunk prefix for a number only where an area code says that they are local', () => {
    expect(found('23125042', DE)).toEqual([]);
    expect(found('Tel. 9876543210', { country: 'IN' })).toEqual(['+919876543210']);
  });

  test('finds an extension after its word when the lengths are known, and only then', () => {
    const internal = { minDigits: 2, maxDigits: 4 };
    expect(found('Durchwahl 18', { country: 'DE', internal })).toEqual(['internal 18']);
    expect(found('Ext. 4711', { country: 'US', internal })).toEqual(['internal 4711']);
    expect(found('Durchwahl 18', DE)).toEqual([]);
    expect(found('Durchwahl 18000', { country: 'DE', internal })).toEqual([]);
    expect(found('Zimmer 18', { country: 'DE', internal })).toEqual([]);
  });

  test('never makes a service number an extension', () => {
    expect(found('Durchwahl 112', { country: 'DE', internal: { minDigits: 2, maxDigits: 4 } })).toEqual([]);
  });

  test('does not look at texts over 100,000 characters', () => {
    expect(findNumbers(`030 23125042 ${' '.repeat(MAX_TEXT_LENGTH)}`, DE)).toEqual([]);
  });

  test.each(['1 ', '1.00 ', 'a', '€1 ', '(0)', '112 ', '1:', '*1', '1x1=', '030 2312 '])(
    'reads a long row of "%s" in time that grows with its length only',
    (piece) => {
      const timeOf = (length: number) => {
        const text = piece.repeat(length / piece.length);
        const since = performance.now();
        findNumbers(text, { country: 'DE', internal: { minDigits: 2, maxDigits: 4 } });
        return performance.now() - since;
      };
      // The shortest of several: the others were interrupted by whatever else the machine does.
      const shortestOf = (length: number) => Math.min(...Array.from({ length: 5 }, () => timeOf(length)));
      shortestOf(1_000);
      // Sixteen times the length; squared growth would take 256 times as long.
      expect(shortestOf(96_000)).toBeLessThan(80 * shortestOf(6_000) + 200);
    },
  );

  test('answers ascending places that never overlap and lie inside the text, whatever the text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '030 23125042',
        '+49 171 3920012',
        'Tel. ',
        'Fax ',
        'Order ',
        '12.03.2026',
        '\u200b',
        ' / ',
        ', ',
        '-0',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.stringMatching(/^[0-9 ()+/.-]{0,12}$/),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        let end = 0;
        for (const number of findNumbers(text, { country: 'DE', internal: { minDigits: 2, maxDigits: 4 } })) {
          expect(number.start).toBeGreaterThanOrEqual(end);
          expect(number.end).toBeGreaterThan(number.start);
          expect(number.number).toMatch(/^\+?\d{2,15}$/);
          end = number.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('explainNumbers', () => {
  test.each([
    ['Kd.-Nr.: 030231251', 'negative-label:customer'],
    ['23125042', 'trunk'],
    ['#030 23125042', 'touching'],
    ['12.03.2026', 'date'],
    ['Notruf 112', 'service'],
    ['*21*03023125042#', 'code'],
    ['IBAN DE50 1000 0000 0000 0000 01', 'iban'],
  ])('names the rule that rejected "%s": %s', (text, rule) => {
    expect(rulesOf(text, { ...DE, internal: { minDigits: 2, maxDigits: 4 } })).toContain(rule);
  });

  test.each([
    ['Tel. 030 23125042', 'label'],
    ['030 23125042', 'national'],
    ['+49 30 23125042', 'international'],
  ])('names the rule that accepted "%s": %s', (text, rule) => {
    expect(rulesOf(text, DE)).toEqual([rule]);
  });
});
