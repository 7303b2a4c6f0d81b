// What stands in front of the long way, beside it: the gate's pattern never stops a text in which something is found, and a
// text that is taken as a whole number is the one that is found in it without that.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Place } from '#lib/numbers/candidate.ts';
import { MIDDLE_DOT_RANGES, plainText, UNUSUAL_RANGES, ZEROS } from '#lib/numbers/characters.ts';
import type { FindOptions, FoundNumber } from '#lib/numbers/find.ts';
import { nextNumber } from '#lib/numbers/gate.ts';
import { isIdCell } from '#lib/numbers/id-cell.ts';
import { createReader } from '#lib/numbers/place.ts';
import { IS_UNUSUAL, readStretch } from '#lib/numbers/stretch.ts';
import { wholeNumber } from '#lib/numbers/whole-number.ts';

const COUNTRIES = ['DE', 'AT', 'FR', 'GB', 'BE', 'IT', 'US', 'ES', 'AU', 'HU', 'JP', 'BR', 'KR', ''];
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^\d{1,8}$/) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '0',
      '00',
      '030',
      '+49',
      '+',
      '(0)',
      '030 23125042',
      '0171 3920012',
      '12-0345',
      '4',
      '1-800',
      '800 ',
      '180012',
      '012345678901234567',
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(' ', ' ', '-', '/', '.', '(', ')', ' (', ') ', '  ', '......', ', ', ':', '\n'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'Tel. ',
      'FLOWERS',
      'A',
      'ext 5',
      ' DW 18',
      'a',
      'DE',
      ' DE',
      ' Mobil',
      '\n x',
      '#',
      '\u00a0',
      '\u200b',
      '·',
      '–',
      '０',
      '٣',
      'ー',
    ),
  },
);
const text = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''));
const DIGITS: [number, number][] = [0x30, ...ZEROS].map((zero) => [zero, zero + 9]);
const BEYOND = [...UNUSUAL_RANGES, ...MIDDLE_DOT_RANGES];
const LAST = [...DIGITS, ...BEYOND.filter(([first]) => first >= 0x660)];
const INSIDE = [
  ...DIGITS,
  ...BEYOND,
  ...Array.from(' ()./-', (sign): [number, number] => [sign.charCodeAt(0), sign.charCodeAt(0)]),
];
const labelWord = fc.oneof(
  fc.constantFrom(
    'PO',
    'RE',
    'INV',
    'Tel',
    'TEL',
    'Fax',
    'Mobil',
    'Nr',
    'no',
    'DW',
    'ext',
    'Hotline',
    'Kunde',
    'Ref',
    'telnr',
    'MobileNo',
    'Phone',
    'IBAN',
  ),
  fc.stringMatching(/^[A-Za-z]{2,6}$/),
);
const idDigits = fc.oneof(
  fc.stringMatching(/^0\d{6,11}$/),
  fc.stringMatching(/^\d{6,12}$/),
  fc.constantFrom('03023125042', '2125550123'),
);
const options = fc.record({
  country: fc.constantFrom(...COUNTRIES),
  areaCode: fc.constantFrom(undefined, undefined, '30'),
});
const cell = fc
  .tuple(
    fc.constantFrom(
      '030',
      '0171',
      '(030)',
      '(0351)',
      '+49 30',
      '+49 (0)30',
      '+49 171',
      '0049 30',
      '+44 20',
      '+1 212',
      '+353 1',
      '0',
      '',
    ),
    fc.constantFrom(' ', '', '/', '-', ' / '),
    fc.stringMatching(/^[0-9]{3,8}$/),
    fc.constantFrom('', '-12', '-123', ' 123', ' 1234', ' 12 34', '-2026', '-0142', ' 01', '-1'),
  )
  .map((parts) => parts.join(''));

describe('the gate', () => {
  test('lets pass every text in which something is found', () => {
    const { homeOf } = createReader();
    let found = 0;
    fc.assert(
      fc.property(text, options, (written, { country, areaCode }) => {
        const asked: FindOptions = areaCode === undefined ? { country } : { country, areaCode };
        if (readByStretches(written, asked).length === 0) return;
        found += 1;
        expect(written.search(homeOf(asked).gate)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 20_000 },
    );
    expect(found).toBeGreaterThan(500);
  });

  test('lets pass the digits of every script, and every sign that stands for another one next to digits', () => {
    const { gate } = createReader().homeOf({ country: 'DE' });
    const digits = ZEROS.flatMap((zero) => [zero, zero + 9]);
    const unusual = UNUSUAL_RANGES.flat();
    const texts = [
      ...digits.map((code) => String.fromCharCode(code)),
      ...[...unusual, ...MIDDLE_DOT_RANGES.flat()].map((code) => `9${String.fromCharCode(code)}8`),
      ...unusual.map((code) => `${String.fromCharCode(code)}+9`),
      ...unusual.map((code) => `9 - (${String.fromCharCode(code)}`),
    ];
    expect(texts.filter((written) => written.search(gate) < 0)).toEqual([]);
  });

  test('stops what a table is made of besides numbers', () => {
    const { gate } = createReader().homeOf({ country: 'DE' });
    const cells = [
      'Muster, Anna (Support)',
      '12.03.2026, 14:05',
      '2026-03-12',
      '4500123456',
      '1.234,50 €',
      'anna7@example.com',
    ];
    expect(cells.filter((written) => written.search(gate) >= 0)).toEqual([]);
  });
});

describe('the digits that could begin a number', () => {
  test('are those with six signs of a number, or a word in capitals, behind them', () => {
    let found = 0;
    fc.assert(
      fc.property(text, fc.nat({ max: 12 }), (written, from) => {
        const expected = [...written].length === written.length ? firstNumber(written, from) : -1;
        if (expected >= 0) found += 1;
        expect(nextNumber(written, from)).toBe(expected);
      }),
      { numRuns: 20_000 },
    );
    expect(found).toBeGreaterThan(1_000);
  });

  test('are passed over as a whole stretch where reading it would change nothing', () => {
    const { place, homeOf, begin } = createReader();
    let skipped = 0;
    fc.assert(
      fc.property(text, fc.constantFrom(...COUNTRIES), (written, country) => {
        const skip = homeOf({ country }).skip();
        begin(written, { country }, undefined);
        for (let at = nextNumber(written, 0); at >= 0; at = nextNumber(written, at)) {
          if (skip) skip.lastIndex = at;
          const end = skip?.test(written) ? skip.lastIndex : -1;
          const before = JSON.stringify(stateOf(place));
          const read = readStretch(place, at);
          if (read === IS_UNUSUAL) expect(end).toBe(-1);
          if (read === IS_UNUSUAL) return;
          if (end >= 0) {
            skipped += 1;
            expect([end, JSON.stringify(stateOf(place))]).toEqual([read, before]);
          }
          at = read;
        }
      }),
      { numRuns: 20_000 },
    );
    expect(skipped).toBeGreaterThan(1_000);
  });
});

describe('a cell that holds an id', () => {
  test('is one in which nothing is found, whatever its word is', () => {
    const { place } = createReader();
    let ids = 0;
    fc.assert(
      fc.property(labelWord, fc.constantFrom('-', '/', '.'), idDigits, fc.constantFrom(...COUNTRIES), (...parts) => {
        const [word, sign, digits, country] = parts;
        const written = word + sign + digits;
        if (!isIdCell(written, place.words)) return;
        ids += 1;
        expect(readByStretches(written, { country })).toEqual([]);
      }),
      { numRuns: 20_000 },
    );
    expect(ids).toBeGreaterThan(1_000);
  });
});

describe('a text that is one number', () => {
  test('is what is found in it where it is read stretch by stretch', () => {
    const { homeOf } = createReader();
    let whole = 0;
    fc.assert(
      fc.property(cell, fc.constantFrom(...COUNTRIES), (written, country) => {
        const found = wholeNumber(written, homeOf({ country }).plan);
        if (found === undefined) return;
        whole += 1;
        expect(found).toEqual(readByStretches(written, { country }));
      }),
      { numRuns: 20_000 },
    );
    expect(whole).toBeGreaterThan(500);
  });
});

function stateOf({ found, lastEnd, lastEvidence, taken }: Place) {
  return { found, lastEnd, lastEvidence, taken };
}

// What the gate's pattern asks, sign by sign.
function firstNumber(written: string, from: number): number {
  for (let at = from; at < written.length; at += 1) {
    if (!isIn(DIGITS, written, at)) continue;
    if (/^(?:.\d\d|.\d{3}|.[ .-]\d{3})[ .-][A-Z]/.test(written.slice(at))) return at;
    let end = at + 1;
    while (isIn(INSIDE, written, end)) {
      if (end - at >= 5 && end - at <= 11 && isIn(LAST, written, end)) return at;
      end += 1;
    }
  }
  return -1;
}

function isIn(ranges: readonly (readonly [first: number, last: number])[], written: string, at: number): boolean {
  const code = written.charCodeAt(at);
  return ranges.some(([first, last]) => code >= first && code <= last);
}

// The long way, without what stands in front of it.
function readByStretches(text: string, options: FindOptions): FoundNumber[] {
  const { place, begin, end } = createReader();
  begin(text, options, undefined);
  for (let at = nextNumber(text, 0); at >= 0; at = nextNumber(text, at)) {
    at = readStretch(place, at);
    if (at === IS_UNUSUAL) return readByStretches(plainText(text).text, options);
  }
  return end();
}
