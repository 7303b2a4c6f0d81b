// What a phone system is given for a number: the four formats, outside lines, countries that share a calling code, and
// the promise that nothing but digits, plus, star and hash ever leaves.
import type { PhoneNumber } from '@offhook/protocol';
import { dialStringOf, LocationSchema } from '@offhook/protocol/dial-plan';
import { readNumber } from '@offhook/protocol/number';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';

const location = (input: v.InferInput<typeof LocationSchema>) => v.parse(LocationSchema, input);
const e164 = (number: string): PhoneNumber => ({ kind: 'e164', number });
const FORMATS = ['international', 'internationalWithoutPlus', 'phoneBook', 'phoneBookInternational'] as const;

describe('the four formats, from Germany', () => {
  test.each([
    ['international', '+493514911705', '+61292507111'],
    ['internationalWithoutPlus', '493514911705', '61292507111'],
    ['phoneBook', '03514911705', '0061292507111'],
    ['phoneBookInternational', '00493514911705', '0061292507111'],
  ] as const)('%s', (format, home, abroad) => {
    const place = location({ country: 'DE', format });
    expect(dialStringOf(e164('+493514911705'), place)).toBe(home);
    expect(dialStringOf(e164('+61292507111'), place)).toBe(abroad);
  });
});

describe('phone book format', () => {
  test.each([
    ['DE', '+493023125042', '03023125042'],
    ['DE', '+12125550100', '0012125550100'],
    ['DE', '+442079460018', '00442079460018'],
    ['GB', '+442079460018', '02079460018'],
    ['GB', '+441481960194', '01481960194'], // Guernsey: another country, the same calling code
    ['US', '+12125550100', '2125550100'], // no trunk prefix
    ['IT', '+390669812345', '0669812345'], // the 0 is part of the number
    ['HU', '+3612345678', '0612345678'],
    ['RU', '+74951234567', '84951234567'],
    ['FR', '+33199001234', '0199001234'],
  ])('from %s, %s is dialled %s', (country, number, dialled) => {
    expect(dialStringOf(e164(number), location({ country }))).toBe(dialled);
  });

  test('uses the international prefix of the place', () => {
    const place = location({ country: 'US', internationalPrefix: '011' });
    expect(dialStringOf(e164('+493023125042'), place)).toBe('011493023125042');
  });
});

describe('outside line', () => {
  test.each(FORMATS)('comes before public numbers (%s)', (format) => {
    const plain = dialStringOf(e164('+493023125042'), location({ country: 'DE', format }));
    const place = location({ country: 'DE', format, outsideLine: '9' });
    expect(dialStringOf(e164('+493023125042'), place)).toBe(`9${plain}`);
  });

  test.each([
    [{ kind: 'internal', number: '18' }, '18'],
    [{ kind: 'service', number: '112' }, '112'],
    [{ kind: 'code', code: '*21#' }, '*21#'],
  ] as const)('never comes before %j', (number, dialled) => {
    expect(dialStringOf(number, location({ country: 'DE', outsideLine: '0' }))).toBe(dialled);
  });
});

test.each([{ kind: 'anonymous' }, { kind: 'hidden' }, { kind: 'raw', text: '030 23125042' }] as const)(
  'there is nothing to dial for %j',
  (number) => {
    expect(dialStringOf(number, location({ country: 'DE' }))).toBeUndefined();
  },
);

test('an extension of a public number is not dialled with it', () => {
  const number = { kind: 'e164', number: '+493023125042', extension: '18' } as const;
  expect(dialStringOf(number, location({ country: 'DE' }))).toBe('03023125042');
});

describe('LocationSchema', () => {
  test('knows defaults for all but the country', () => {
    expect(location({ country: 'DE' })).toEqual({
      country: 'DE',
      outsideLine: '',
      internationalPrefix: '00',
      format: 'phoneBook',
      internal: { minDigits: 2, maxDigits: 4 },
    });
  });

  test.each([
    {},
    { country: 'Germany' },
    { country: 'de' },
    { country: 'DE', outsideLine: 'zero' },
    { country: 'DE', outsideLine: '0\r\n' },
    { country: 'DE', areaCode: '0351x' },
    { country: 'DE', format: 'national' },
    { country: 'DE', internal: { minDigits: 0, maxDigits: 4 } },
    { country: 'DE', outsideline: '0' },
  ])('refuses %j', (input) => {
    expect(v.safeParse(LocationSchema, input).success).toBe(false);
  });
});

test('whatever was typed, only [+0-9*#] is dialled', () => {
  const place = fc.record({
    country: fc.constantFrom('DE', 'US', 'GB', 'IT', 'XX'),
    format: fc.constantFrom(...FORMATS),
    outsideLine: fc.constantFrom('', '0', '9'),
  });
  const typed = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(...'0123456789+*#  ()-/;,pw\r\n\0０'), maxLength: 40 }),
  );
  fc.assert(
    fc.property(place, typed, (input, text) => {
      const where = location(input);
      const dialled = dialStringOf(readNumber(text, where), where);
      if (dialled !== undefined) expect(dialled).toMatch(/^[+0-9*#]{1,32}$/);
    }),
    { numRuns: 2000 },
  );
});
