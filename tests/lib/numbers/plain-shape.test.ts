// The short ways of the finder, each beside the long one that it stands for: they may answer less, and never otherwise.
import fc from 'fast-check';
import { getCountries } from 'libphonenumber-js/max';
import { describe, expect, test } from 'vitest';
import { hardEnd } from '#lib/numbers/cuts.ts';
import { findNumbers } from '#lib/numbers/find.ts';
import { readGroups } from '#lib/numbers/groups.ts';
import { numberingPlanOf } from '#lib/numbers/numbering-plan.ts';
import { createReader } from '#lib/numbers/place.ts';
import { isPlainShape } from '#lib/numbers/plain-shape.ts';
import {
  emptyReading,
  type Reading,
  readAbroad,
  readAbroadQuickly,
  readAtHome,
  readAtHomeQuickly,
} from '#lib/numbers/reading.ts';
import { finalShapeOf, markDead, registerShapeOf, shapeOf } from '#lib/numbers/shapes.ts';

const COUNTRIES = ['DE', 'AT', 'FR', 'GB', 'BE', 'IT', 'US', 'ES', 'AU', 'HU'];

const group = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^\d{1,8}$/) },
  { weight: 2, arbitrary: fc.constantFrom('0', '00', '030', '0171', '01', '12', '2026', '1999', '10', '5', '49') },
  { weight: 1, arbitrary: fc.stringMatching(/^\d{9,12}$/) },
);
const gap = fc.constantFrom(
  ' ',
  ' ',
  ' ',
  '-',
  '-',
  '/',
  '/',
  '.',
  ') ',
  ')',
  ' (',
  '(',
  ' - ',
  ' / ',
  '  ',
  '. ',
  ')-',
);
const lead = fc.constantFrom('', '', '', '+', '+', '(', '(+', 'x ', '(a ', 'Tel. ', '14:', '1,', "1'", '12. ', '3) ');
const tail = fc.constantFrom('', '', '', ' ', ':00', ',50', "'1", ', 5', '.', ')', ' Uhr', ': 1');
const stretch = fc
  .tuple(lead, fc.array(fc.tuple(group, gap), { minLength: 0, maxLength: 5 }), group, tail)
  .map(([before, groups, last, behind]) => ({
    text: before + groups.flat().join('') + last + behind,
    from: before.length,
  }));

// The digits of numbers that there are, cut anywhere: what people write, and what they do not.
const cut = fc
  .tuple(
    fc.constantFrom('', '', '(', 'Tel. ', 'x '),
    fc.constantFrom(
      '030',
      '0171',
      '0351',
      '+49 30',
      '+49 171',
      '0049 30',
      '+44 20',
      '+1 212',
      '+33 1',
      '0662',
      '212',
      '91',
    ),
    fc.stringMatching(/^[2-9]\d{5,8}$/),
    fc.array(fc.tuple(fc.nat({ max: 9 }), fc.constantFrom(' ', ' ', '-', '/', ') ', '.', ' (')), { maxLength: 3 }),
    fc.constantFrom('', ' ', '/', '-', ') ', '/ '),
  )
  .map(([before, area, rest, cuts, joint]) => {
    let written = rest;
    for (const [at, sign] of cuts) written = `${written.slice(0, at)}${sign}${written.slice(at)}`;
    const text = before + area + joint + written.replace(/\D+$/, '');
    return { text, from: text.search(/\d/) };
  });

describe('a stretch that is written plainly', () => {
  test('is one number as far as its shape goes: no rule takes a part out of it, cuts it or knows it as something else', () => {
    const { place, begin } = createReader();
    let plain = 0;
    fc.assert(
      fc.property(fc.oneof(stretch, cut), fc.constantFrom(...COUNTRIES), ({ text, from }, country) => {
        begin(text, { country }, undefined);
        const { groups, plan } = place;
        readGroups(text, from, groups);
        if (!isPlainShape(text, groups, plan)) return;
        plain += 1;
        const part = { text, groups, from: 0, to: groups.count };
        markDead(text, groups);
        expect([...groups.dead.slice(0, groups.count)]).toEqual(new Array(groups.count).fill(0));
        expect(hardEnd(place, 0)).toBe(groups.count);
        expect(finalShapeOf(part)).toBeUndefined();
        if (text.charAt(from) !== '0') return;
        expect(shapeOf(part, { isBare: false, isUsual: false })).toBeUndefined();
        expect(registerShapeOf(country, part)).toBeUndefined();
      }),
      { numRuns: 20_000 },
    );
    expect(plain).toBeGreaterThan(1_000);
  });

  test('is found alone as it is in front of a quotation mark, where the long way is taken', () => {
    let numbers = 0;
    fc.assert(
      fc.property(cut, fc.constantFrom(...COUNTRIES), ({ text }, country) => {
        const alone = findNumbers(text, { country });
        if (alone.length === 0 || alone[0]?.end !== text.length || alone[0].start > 1) return;
        numbers += 1;
        expect(alone.slice(0, 1)).toEqual(findNumbers(`${text}"`, { country }).slice(0, 1));
      }),
      { numRuns: 20_000 },
    );
    expect(numbers).toBeGreaterThan(500);
  });
});

describe('digits as values', () => {
  const digits = fc.oneof(
    fc.stringMatching(/^\d{2,16}$/),
    fc.stringMatching(/^0\d{4,12}$/),
    fc.stringMatching(/^(?:00|011|49|44|39|1)\d{6,12}$/),
  );

  test('mean what their text means, in every country', () => {
    const counts = { read: 0, nothing: 0, undecided: 0 };
    fc.assert(
      fc.property(digits, fc.constantFrom(...getCountries()), (text, country) => {
        const plan = numberingPlanOf(country);
        if (!plan) return;
        const reading = emptyReading();
        const home = readAtHomeQuickly(valuesOf(text), plan, reading);
        counts[home] += 1;
        if (home !== 'undecided')
          expect(written(home === 'read' && reading, text)).toEqual(written(readAtHome(text, plan)));
        const abroad = readAbroadQuickly(valuesOf(text), reading);
        if (abroad !== 'undecided')
          expect(written(abroad === 'read' && reading, text)).toEqual(written(readAbroad(text)));
      }),
      { numRuns: 50_000 },
    );
    expect(counts.read).toBeGreaterThan(10_000);
  });
});

function valuesOf(text: string) {
  return { values: Uint8Array.from(text, Number), from: 0, to: text.length };
}

// A valid number is possible: nobody asks.
function written(reading: Reading | false | undefined, digits = '') {
  if (!reading) return undefined;
  const { number, skipped, form, isValid, isPossible } = reading;
  return {
    number: skipped < 0 ? number : number + digits.slice(skipped),
    form,
    isValid,
    isPossible: isValid || isPossible,
  };
}
