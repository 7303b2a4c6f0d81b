// Locations as administrators write them: what is filled in by country, what is refused, and what is asked for by name
// because nobody could know it.
import { LocationSchema } from '@offhook/protocol';
import {
  completeLocation,
  LocationSettingsSchema,
  locationOf,
  locationProblems,
  usualInternationalPrefix,
} from '@offhook/protocol/location-settings';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';

const problems = (input: v.InferInput<typeof LocationSettingsSchema>) =>
  locationProblems(v.parse(LocationSettingsSchema, input), { format: 'phoneBook' }).map(
    ({ key, message }) => `${key} ${message}`,
  );

describe('an area code', () => {
  test('with the trunk prefix before it is a fault that says how to write it', () => {
    expect(problems({ country: 'DE', areaCode: '0351' })).toEqual([
      'areaCode is "0351", and the 0 is no part of it in DE: write areaCode: "351"',
    ]);
    expect(problems({ country: 'GB', areaCode: '0' })).toEqual([
      'areaCode is "0", and the 0 is no part of it in GB: take it out',
    ]);
  });

  test.each([
    ['IT', '06'],
    ['DE', '351'],
    ['US', '212'],
    ['RU', '812'],
  ])('of %s may be %s', (country, areaCode) => {
    expect(problems({ country, areaCode })).toEqual([]);
  });
});

describe('defaults', () => {
  test('are there for all but the country', () => {
    expect(locationOf({ country: 'DE' })).toEqual({
      country: 'DE',
      internationalPrefix: '00',
      outsideLine: { local: '', longDistance: '', international: '' },
      carrier: { longDistance: '', international: '', place: 'beforePrefix' },
      format: 'phoneBook',
      internal: [
        { from: '10', to: '99' },
        { from: '100', to: '999' },
        { from: '1000', to: '9999' },
      ],
      stripAreaCodeForLocal: false,
      emergency: { needsOutsideLine: false, dial: 'afterConfirmation' },
      e164Only: false,
      reports: 'withoutOutsideLine',
    });
  });

  test.each([
    ['DE', '00'],
    ['US', '011'],
    ['AU', '0011'],
    ['JP', '010'],
    ['RU', '810'],
    ['FI', '00'],
    ['GB', '00'],
    ['BR', undefined],
    ['SG', undefined],
    ['TW', undefined],
    ['XX', undefined],
  ])('foreign numbers begin in %s with %s', (country, prefix) => {
    expect(usualInternationalPrefix(country)).toBe(prefix);
  });

  test('one outside line serves every reach', () => {
    expect(locationOf({ country: 'DE', outsideLine: '0' }).outsideLine).toEqual({
      local: '0',
      longDistance: '0',
      international: '0',
    });
  });

  test('the format is that of the kind of phone system, unless the settings say another', () => {
    const settings = v.parse(LocationSettingsSchema, { country: 'DE' });
    expect(completeLocation(settings, { format: 'international' }).format).toBe('international');
    const own = v.parse(LocationSettingsSchema, { country: 'DE', format: 'phoneBook' });
    expect(completeLocation(own, { format: 'international' }).format).toBe('phoneBook');
  });

  test('emergency numbers are dialled after a confirmation, where the kind of phone system can', () => {
    const settings = v.parse(LocationSettingsSchema, { country: 'DE' });
    expect(completeLocation(settings).emergency.dial).toBe('afterConfirmation');
    const careful = v.parse(LocationSettingsSchema, { country: 'DE', emergency: { dial: 'onThePhone' } });
    expect(completeLocation(careful).emergency.dial).toBe('onThePhone');
    expect(completeLocation(settings, { canDialEmergency: false }).emergency.dial).toBe('onThePhone');
    const wished = v.parse(LocationSettingsSchema, { country: 'DE', emergency: { dial: 'afterConfirmation' } });
    const [problem] = locationProblems(wished, { format: 'phoneBook', canDialEmergency: false });
    expect(problem).toMatchObject({ key: 'emergency', message: expect.stringContaining('take it out') });
    expect(locationProblems(wished, { format: 'phoneBook' })).toEqual([]);
  });

  test('what is complete passes over the wire', () => {
    const location = locationOf({ country: 'DE', areaCode: '30', trunkPrefix: '0', carrierCode: '01033' });
    expect(v.parse(LocationSchema, JSON.parse(JSON.stringify(location)))).toEqual(location);
  });

  test('a key that this side does not know is refused on the wire: it may change what is dialled', () => {
    expect(v.safeParse(LocationSchema, { ...locationOf({ country: 'DE' }), pause: '1' }).success).toBe(false);
  });
});

test.each([
  {},
  { country: 'Germany' },
  { country: 'de' },
  { country: 'DE', outsideLine: 'zero' },
  { country: 'DE', outsideLine: '0\r\n' },
  { country: 'DE', outsideLine: { local: '0', national: '0' } },
  { country: 'DE', areaCode: '0351x' },
  { country: 'DE', format: 'national' },
  { country: 'DE', internal: { minDigits: 0, maxDigits: 4 } },
  { country: 'DE', internal: [{ from: 10, to: 79 }] },
  { country: 'DE', carrierCode: { place: 'last' } },
  { country: 'DE', outsideline: '0' },
])('the settings %j are refused', (input) => {
  expect(v.safeParse(LocationSettingsSchema, input).success).toBe(false);
});

describe('what is missing or contradicts is named', () => {
  test.each([
    [
      { country: 'BR' },
      /^internationalPrefix is missing: in BR it depends on the carrier, .* such as internationalPrefix/,
    ],
    [{ country: 'SG', format: 'phoneBookInternational' as const }, /^internationalPrefix is missing/],
    [{ country: 'XX' }, /^country "XX" is not the code of a country .* "phoneBook"/],
    [{ country: 'DE', stripAreaCodeForLocal: true }, /^areaCode is missing: stripAreaCodeForLocal .* such as areaCode/],
    [{ country: 'DE', outsideLine: { local: '8', longDistance: '0' } }, /^areaCode is missing: outsideLine\.local/],
    [
      { country: 'DE', format: 'international' as const, carrierCode: '01033' },
      /^carrierCode is only dialled with .*"phoneBook"/,
    ],
    [{ country: 'DE', format: 'international' as const, trunkPrefix: '0' }, /^trunkPrefix is only dialled with/],
    [
      { country: 'DE', areaCode: '30', format: 'international' as const, stripAreaCodeForLocal: true },
      /^stripAreaCodeForLocal is only dialled with/,
    ],
    [{ country: 'DE', internal: { minDigits: 4, maxDigits: 2 } }, /^internal has minDigits 4 above maxDigits 2/],
    [{ country: 'DE', internal: [{ from: '90', to: '10' }] }, /^internal has the range "90" to "10"/],
    [{ country: 'DE', internal: [{ from: '9', to: '10' }] }, /^internal has the range "9" to "10"/],
  ])('%j', (input, words) => {
    expect(problems(input)).toEqual([expect.stringMatching(words)]);
  });

  test.each([
    { country: 'DE' },
    { country: 'BR', internationalPrefix: '0021' },
    { country: 'BR', format: 'international' as const },
    { country: 'XX', format: 'international' as const },
    { country: 'DE', areaCode: '351', outsideLine: { local: '8', longDistance: '0' }, stripAreaCodeForLocal: true },
  ])('nothing is in %j', (input) => {
    expect(problems(input)).toEqual([]);
  });
});
