// CSV that every program reads back as it was, and in which nothing that somebody wrote becomes a formula.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvSeparator, csvRow, csvSeparatorOf } from '#lib/csv.ts';
import { readRows } from '../fakes/csv-reader.ts';

const SEPARATORS = [',', ';'] as const satisfies CsvSeparator[];

/** Whether a spreadsheet would compute a cell. A telephone number is plus, digits and blanks: nothing to compute. */
const isFormula = (cell: string) => /^\s*[=+\-@＝＋－＠]/.test(cell) && !/^\+[0-9][0-9 ]*$/.test(cell);
const hostile = fc
  .array(
    fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '＝',
      ',',
      ';',
      '\t',
      '\r\n',
      '\n',
      '"',
      "'",
      '|',
      ' ',
      '1',
      'cmd',
      '+49 30 23125',
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));

test('a row ends as RFC 4180 has it, and quotes what needs it', () => {
  expect(csvRow(['a', 'b c', 'd"e', 'f\ng', ''], ';')).toBe('a;b c;"d""e";"f\ng";\r\n');
});

test.each(SEPARATORS)('with %j, ordinary rows are read back as they were', (separator) => {
  const ordinary = fc.string({ unit: 'grapheme' }).filter((text) => !/[=+\-@＝＋－＠\0]/.test(text));
  fc.assert(
    fc.property(fc.array(fc.array(ordinary, { minLength: 2, maxLength: 5 }), { minLength: 1 }), (rows) => {
      const wide = rows.map((row) => [...row, '.']);
      expect(readRows(wide.map((row) => csvRow(row, separator)).join(''), separator)).toEqual(wide);
    }),
  );
});

test.each(SEPARATORS)('with %j, a hostile cell is read back with apostrophes more and nothing else', (separator) => {
  fc.assert(
    fc.property(hostile, (text) => {
      const [[cell = ''] = []] = readRows(csvRow([text, 'end'], separator), separator);
      expect(cell.replaceAll("'", '')).toBe(text.replaceAll("'", ''));
      expect(isFormula(cell)).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('no cell becomes a formula in a program that takes another separator', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...SEPARATORS),
      fc.array(hostile, { minLength: 1, maxLength: 4 }),
      (separator, cells) => {
        // The first column of what we write is never a telephone number.
        const row = csvRow(['2026-11-20', ...cells], separator);
        for (const other of [',', ';', '\t', '|']) {
          // As roughly as can be: quotes mean nothing, every line and separator begins a cell.
          for (const cell of row.split(new RegExp(`[${other}\r\n]`)))
            expect([cell, isFormula(cell.replace(/^"+|"+$/g, ''))]).toEqual([cell, false]);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

describe.each([
  ['=HYPERLINK("http://a.example")', '\'=HYPERLINK("http://a.example")'],
  ["-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"],
  ['  @SUM(1)', "  '@SUM(1)"],
  ['＝1', "'＝1"],
  ['\t=1', "\t'=1"],
  ['Offer;=1', "Offer;'=1"],
  ['+49 30 23125042', '+49 30 23125042'],
  ['+49 30 23125042,=1', "'+49 30 23125042,'=1"],
  ['+493023125042+cmd', "'+493023125042+cmd"],
  ['Anna Krüger-Sample', 'Anna Krüger-Sample'],
  ['a\0b', 'ab'],
])('%j', (text, expected) => {
  test(`is written as ${JSON.stringify(expected)}`, () => {
    expect(readRows(csvRow([text, '.'], ','), ',')).toEqual([[expected, '.']]);
  });
});

test('a long row of blanks costs no time', () => {
  const startedAt = performance.now();
  csvRow([`x${',\t '.repeat(20_000)}=1`, ' '.repeat(50_000)], ';');
  expect(performance.now() - startedAt).toBeLessThan(500);
});

test.each([
  ['de-DE', ';'],
  ['fr', ';'],
  ['de-CH', ';'],
  ['en-US', ','],
  ['en-GB', ','],
])('%s takes %j for the separator', (locale, separator) => {
  expect(csvSeparatorOf(locale)).toBe(separator);
});
