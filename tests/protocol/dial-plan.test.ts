// What a phone system is given for a number: the four formats, outside lines, countries that share a calling code, and
// the promise that nothing but digits, plus, star and hash ever leaves.
import type { PhoneNumber } from '@offhook/protocol';
import { dialPartsOf, dialStringOf } from '@offhook/protocol/dial-plan';
import { locationOf } from '@offhook/protocol/location-settings';
import { readNumber } from '@offhook/protocol/number';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const location = locationOf;
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

describe('the NFON manual’s four formats', () => {
  // Its example is a Dresden number with the area code of Berlin before it: a valid number in Berlin. As an example of
  // how numbers are rewritten it serves.
  test.each([
    ['international', '+49303514911705'],
    ['internationalWithoutPlus', '49303514911705'],
    ['phoneBook', '0303514911705'],
    ['phoneBookInternational', '0049303514911705'],
  ] as const)('%s', (format, dialled) => {
    expect(dialStringOf(e164('+49303514911705'), location({ country: 'DE', format }))).toBe(dialled);
  });
});

describe('trunk prefix', () => {
  test.each([
    ['US', '1', '+12125550100', '12125550100'],
    ['DE', '', '+493023125042', '3023125042'],
    ['BR', '0', '+551123456789', '01123456789'],
    // 1300 numbers have none in all Australia.
    ['AU', '0', '+611300975707', '1300975707'],
    ['HU', '6', '+3612345678', '612345678'],
  ])('%s: "%s" takes the place of the usual one in %s', (country, trunkPrefix, number, dialled) => {
    expect(dialStringOf(e164(number), location({ country, trunkPrefix }))).toBe(dialled);
  });

  test.each([
    ['BR', '+551123456789', '1123456789'],
    ['MX', '+525512345678', '5512345678'],
    ['AU', '+61285550100', '0285550100'],
  ])('%s has its usual one for %s', (country, number, dialled) => {
    expect(dialStringOf(e164(number), location({ country }))).toBe(dialled);
  });
});

describe('outside lines by reach', () => {
  const dresden = location({
    country: 'DE',
    areaCode: '351',
    outsideLine: { local: '8', longDistance: '0', international: '9' },
  });
  test.each([
    ['+493514911705', '803514911705'],
    ['+493023125042', '003023125042'],
    ['+491713920012', '001713920012'],
    ['+442079460018', '900442079460018'],
  ])('%s is dialled %s', (number, dialled) => {
    expect(dialStringOf(e164(number), dresden)).toBe(dialled);
  });
});

describe('carrier', () => {
  const german = location({ country: 'DE', areaCode: '351', outsideLine: '0', carrierCode: '01033' });
  test.each([
    ['+493023125042', '00103303023125042'],
    ['+442079460018', '00103300442079460018'],
    // Local calls go without one; toll-free numbers are reached without one only.
    ['+493514911705', '003514911705'],
    ['+498000000001', '008000000001'],
  ])('comes behind the outside line and before the prefix: %s is dialled %s', (number, dialled) => {
    expect(dialStringOf(e164(number), german)).toBe(dialled);
  });

  test('comes behind the prefix in Brazil', () => {
    const brazil = location({ country: 'BR', trunkPrefix: '0', internationalPrefix: '00', carrierCode: '21' });
    expect(dialStringOf(e164('+551123456789'), brazil)).toBe('0211123456789');
    expect(dialStringOf(e164('+493023125042'), brazil)).toBe('0021493023125042');
  });

  test('can be another one, or none, for calls abroad', () => {
    const place = location({ country: 'DE', carrierCode: { international: '01033' } });
    expect(dialStringOf(e164('+493023125042'), place)).toBe('03023125042');
    expect(dialStringOf(e164('+442079460018'), place)).toBe('0103300442079460018');
  });
});

describe('local numbers without area code', () => {
  const dresden = location({ country: 'DE', areaCode: '351', stripAreaCodeForLocal: true });
  test.each([
    ['+493514911705', '4911705'],
    ['+493023125042', '03023125042'],
    ['+491713920012', '01713920012'],
    // What is left would be an emergency number by its first digits, or an extension.
    ['+4935111012345', '035111012345'],
    ['+4935111234567', '035111234567'],
  ])('%s is dialled %s', (number, dialled) => {
    expect(dialStringOf(e164(number), dresden)).toBe(dialled);
  });

  test('keep it where an extension would be left', () => {
    const place = location({
      country: 'DE',
      areaCode: '351',
      stripAreaCodeForLocal: true,
      internal: [{ from: '4911700', to: '4911799' }],
    });
    expect(dialStringOf(e164('+493514911705'), place)).toBe('03514911705');
  });
});

describe('emergency and service numbers', () => {
  test('are dialled behind the outside line only where that is said', () => {
    const place = location({ country: 'DE', outsideLine: '0', emergency: { needsOutsideLine: true } });
    expect(dialStringOf({ kind: 'service', number: '112' }, place)).toBe('0112');
  });
});

describe('a phone system without extensions to dial', () => {
  const place = location({ country: 'DE', e164Only: true });
  test.each([
    { kind: 'internal', number: '18' },
    { kind: 'code', code: '*21#' },
  ] as const)('does not dial %j', (number) => {
    expect(dialStringOf(number, place)).toBeUndefined();
  });

  test('dials public numbers', () => {
    expect(dialStringOf(e164('+493023125042'), place)).toBe('03023125042');
  });
});

test('the parts of what is dialled are named, in their order', () => {
  const place = location({ country: 'DE', outsideLine: '0', carrierCode: '01033' });
  expect(dialPartsOf(e164('+442079460018'), place)).toEqual([
    { code: 'outsideLine', digits: '0' },
    { code: 'carrier', digits: '01033' },
    { code: 'internationalPrefix', digits: '00' },
    { code: 'number', digits: '442079460018' },
  ]);
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
