// Reading numbers as people type them and phone systems write them, with the traps where a library alone would dial
// somebody else: extensions, service numbers, feature codes, outside-line digits, numbers without area code.
import { locationOf } from '@offhook/protocol/location-settings';
import { isDisguisedService, readNumber, readNumberWhy, readReportedNumber } from '@offhook/protocol/number';
import { isPremium, numberTypeOf } from '@offhook/protocol/number-type';
import { isEmergency } from '@offhook/protocol/service-numbers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const berlin = locationOf({ country: 'DE' });
const dresden = locationOf({ country: 'DE', areaCode: '351', outsideLine: '0' });

const place = (country: string) => locationOf({ country });
const e164 = (number: string, extension?: string) => ({ kind: 'e164', number, ...(extension && { extension }) });
const internal = (number: string) => ({ kind: 'internal', number });
const service = (number: string) => ({ kind: 'service', number });
const code = (text: string) => ({ kind: 'code', code: text });
const raw = (text: string) => ({ kind: 'raw', text });

describe('readNumber in Germany', () => {
  test.each([
    // Habits of writing the same number.
    ['030 23125042', e164('+493023125042')],
    ['030/23125042', e164('+493023125042')],
    ['(030) 231250-42', e164('+493023125042')],
    ['030.231.250.42', e164('+493023125042')],
    ['+49 (0)30 23125042', e164('+493023125042')],
    ['0049 30 23125042', e164('+493023125042')],
    ['00 49 30 23125042', e164('+493023125042')],
    ['030\u00a023125042', e164('+493023125042')],
    ['030\u201123125042', e164('+493023125042')],
    ['\u202a030\u200b23125042\u202c', e164('+493023125042')],
    ['０３０ ２３１２５０４２', e164('+493023125042')],
    ['0171 3920012', e164('+491713920012')],
    ['+1 212 555 0100', e164('+12125550100')],
    ['+44 20 7946 0018', e164('+442079460018')],
    // A direct-dial extension is part of the number; one behind words is dialled after the answer.
    ['0351-4911705-18', e164('+49351491170518')],
    ['+49 (351) 4911705-18', e164('+49351491170518')],
    ['0351 4911705 ext. 18', e164('+493514911705', '18')],
    ['+49 351 4911705 x18', e164('+493514911705', '18')],
    ['0351 4911705 DW 18', e164('+493514911705', '18')],
    ['0351 4911705, Durchwahl: 18', e164('+493514911705', '18')],
    ['0351/4911705 App. 18', e164('+493514911705', '18')],
    ['0351 4911705 Nebenstelle 18', e164('+493514911705', '18')],
    // The switchboard.
    ['069/1234-0', e164('+496912340')],
    ['+44 1481 960194', e164('+441481960194')],
  ])('%j is a public number', (text, expected) => {
    expect(readNumber(text, berlin)).toEqual(expected);
  });

  test.each([
    ['110', service('110')],
    ['112', service('112')],
    ['1 1 2', service('112')],
    ['115', service('115')],
    ['116117', service('116117')],
    ['116 117', service('116117')],
    ['118 33', service('11833')],
    ['1 92 22', service('19222')],
    ['100', internal('100')],
    ['18', internal('18')],
    ['1234', internal('1234')],
    ['**87', code('**87')],
    ['*21*0351#', code('*21*0351#')],
    ['*21 #', code('*21#')],
    ['##002#', code('##002#')],
  ])('%j never gets a country code', (text, expected) => {
    expect(readNumber(text, berlin)).toEqual(expected);
  });

  test.each([
    '4911705', // without area code it "is" +49 491 1705, Leer
    '+49112',
    '+49 110',
    '01033 0351 4911705', // call-by-call
    '011 49 351 4911705', // how the USA dial abroad
    '0 0351 4911705', // no outside line is configured here, and it is not Portugal
    '032 12345678',
    '12345',
    '+999 123456',
    '030 23125042, 030 23125043',
    '030 23125042\r\nDrop 18',
    '*21*+493023125042#',
    '',
    ' ',
    '+',
    '0',
    '00',
    '000',
    'call me',
  ])('%j stays as it is: nothing better is known', (text) => {
    expect(readNumber(text, berlin)).toEqual(raw(text));
  });
});

describe('readNumber behind an outside line, with an area code', () => {
  test.each([
    ['4911705', e164('+493514911705')],
    ['0351 4911705', e164('+493514911705')],
    ['0 0351 4911705', e164('+493514911705')],
    ['003514911705', e164('+493514911705')],
    ['0044 20 7946 0018', e164('+442079460018')],
    ['0 0044 20 7946 0018', e164('+442079460018')],
    ['00044 20 7946 0018', e164('+442079460018')],
    ['18', internal('18')],
    ['112', service('112')],
  ])('%j', (text, expected) => {
    expect(readNumber(text, dresden)).toEqual(expected);
  });
});

describe('readNumber with a carrier', () => {
  const german = locationOf({ country: 'DE', outsideLine: '0', carrierCode: '01033' });
  test.each([
    ['01033 0351 4911705', e164('+493514911705')],
    ['0 01033 0351 4911705', e164('+493514911705')],
    ['01033 0044 20 7946 0018', e164('+442079460018')],
    ['01033 4911705', raw('01033 4911705')],
  ])('%j', (text, expected) => {
    expect(readNumber(text, german)).toEqual(expected);
  });
});

describe('readNumber with extensions from and to', () => {
  const place = locationOf({ country: 'DE', internal: [{ from: '100', to: '179' }] });
  test.each([
    ['100', internal('100')],
    ['179', internal('179')],
    ['180', raw('180')],
    ['18', raw('18')],
    ['110', service('110')],
  ])('%j', (text, expected) => {
    expect(readNumber(text, place)).toEqual(expected);
  });

  test('nothing is an extension where there are none to dial', () => {
    expect(readNumber('100', locationOf({ country: 'DE', e164Only: true }))).toEqual(raw('100'));
  });
});

describe('readNumber in the USA behind a 9', () => {
  const newYork = locationOf({ country: 'US', areaCode: '212', outsideLine: '9' });
  test.each([
    ['9 212 555 0100', e164('+12125550100')],
    ['92125550100', e164('+12125550100')],
    ['9 011 49 30 23125042', e164('+493023125042')],
    ['9 911', service('911')],
    ['555-0100', e164('+12125550100')],
  ])('%j', (text, expected) => {
    expect(readNumber(text, newYork)).toEqual(expected);
  });
});

describe('why a number is read as it is', () => {
  const place = locationOf({ country: 'DE', areaCode: '351', outsideLine: '0', carrierCode: '01033' });
  test.each([
    ['*21#', { reading: 'code' }],
    ['112', { reading: 'service' }],
    ['0112', { reading: 'service', outsideLine: '0' }],
    ['18', { reading: 'extension' }],
    ['+44 20 7946 0018', { reading: 'international' }],
    ['0044 20 7946 0018', { reading: 'international' }],
    ['030 23125042', { reading: 'national' }],
    ['4911705', { reading: 'local' }],
    ['0 0351 4911705', { reading: 'national', outsideLine: '0' }],
    ['01033 030 23125042', { reading: 'national', carrier: '01033' }],
    ['call me', { reading: 'unreadable' }],
  ])('%j', (text, expected) => {
    const { number: _, ...why } = readNumberWhy(text, place);
    expect(why).toEqual(expected);
  });
});

describe('readNumber elsewhere', () => {
  test.each([
    ['US', '(212) 555-0100', e164('+12125550100')],
    ['US', '1-212-555-0100', e164('+12125550100')],
    ['US', '011 49 30 23125042', e164('+493023125042')],
    ['US', '911', service('911')],
    ['US', '112', service('112')],
    ['US', '555-0100', raw('555-0100')],
    ['US', '212-555-0100, 303-555-0187', raw('212-555-0100, 303-555-0187')],
    ['GB', '020 7946 0018', e164('+442079460018')],
    ['GB', '999', service('999')],
    ['GB', '7946 0018', raw('7946 0018')],
    ['FR', '01 99 00 12 34', e164('+33199001234')],
    ['FR', '15', service('15')],
    ['AT', '144', service('144')],
    ['CH', '1414', service('1414')],
    ['IT', '118', service('118')],
    ['ES', '061', service('061')],
    ['BE', '100', service('100')],
    ['PL', '999', service('999')],
    ['IN', '108', service('108')],
    ['SE', '11414', service('11414')],
    ['IT', '06 698 12345', e164('+390669812345')],
    ['AU', '000', service('000')],
    ['AU', '1300 975 707', e164('+611300975707')], // has no 0 anywhere
    ['AU', '2 8555 0100', raw('2 8555 0100')],
    ['IN', '98765 43210', e164('+919876543210')], // how everybody writes mobile numbers there
    ['GB', '01481 960194', e164('+441481960194')], // Guernsey
    ['US', '242 365 0100', e164('+12423650100')], // the Bahamas
    ['MX', '55 1234 5678', e164('+525512345678')],
    ['BR', '(11) 2345-6789', e164('+551123456789')],
    ['RU', '8 (495) 123-45-67', e164('+74951234567')],
    ['HU', '06 1 234 5678', e164('+3612345678')],
    ['AU', '0011 49 30 23125042', e164('+493023125042')],
    ['XX', '+49 30 23125042', e164('+493023125042')],
    ['XX', '030 23125042', raw('030 23125042')],
  ])('%s: %j', (country, text, expected) => {
    expect(readNumber(text, place(country))).toEqual(expected);
  });
});

describe('readReportedNumber', () => {
  test.each([
    undefined,
    '',
    '  ',
    'anonymous',
    'Anonymous',
    '<unknown>',
    'Restricted',
    'unavailable',
    'PRIVATE',
    'unbekannt',
  ])('%j was withheld by the caller', (text) => {
    expect(readReportedNumber(text, berlin)).toEqual({ kind: 'anonymous' });
  });

  test.each([
    // 0 is the outside line: 0 04420 … is a number in Germany, 0044 20 … one in London.
    ['withoutOutsideLine', '00442079460018', '+442079460018'],
    ['withOutsideLine', '00442079460018', '+49442079460018'],
    ['withOutsideLine', '003514911705', '+493514911705'],
    ['withoutOutsideLine', '003514911705', '+493514911705'],
    ['withOutsideLine', '03514911705', '+493514911705'],
    ['withoutOutsideLine', '03514911705', '+493514911705'],
  ] as const)('%s: %s is %s', (reports, text, number) => {
    const place = locationOf({ country: 'DE', areaCode: '351', outsideLine: '0', reports });
    expect(readReportedNumber(text, place)).toEqual(e164(number));
  });

  test.each([
    ['international', '+493514911705'],
    ['internationalWithoutPlus', '493514911705'],
    ['phoneBook', '03514911705'],
    ['phoneBookInternational', '00493514911705'],
  ] as const)('a number in the format %s is read as what it is, not as a local one', (format, text) => {
    const place = locationOf({ country: 'DE', areaCode: '351', format });
    expect(readReportedNumber(text, place)).toEqual(e164('+493514911705'));
  });

  test('a number that a phone system wrote is read like a typed one', () => {
    expect(readReportedNumber('03023125042', berlin)).toEqual(e164('+493023125042'));
    expect(readReportedNumber('18', berlin)).toEqual(internal('18'));
  });
});

describe('number types', () => {
  test.each([
    ['+491713920012', 'mobile'],
    ['+493023125042', 'fixed'],
    ['+12125550100', 'fixedOrMobile'],
    ['+499001234567', 'premium'],
    ['+491371234567', 'sharedCost'],
    ['+491805123456', 'sharedCost'],
    ['+498001234567', 'tollFree'],
    ['+445600123456', 'voip'],
    ['+4970012345678', 'personal'],
    ['+443055123456', 'uan'],
    ['+49112', 'unknown'],
    ['nonsense', 'unknown'],
  ])('%s is %s', (number, type) => {
    expect(numberTypeOf(number)).toBe(type);
  });
});

describe('what the guard asks', () => {
  test('emergency numbers are told from other service numbers', () => {
    expect(isEmergency({ kind: 'service', number: '112' }, 'DE')).toBe(true);
    expect(isEmergency({ kind: 'service', number: '110' }, 'DE')).toBe(true);
    expect(isEmergency({ kind: 'service', number: '115' }, 'DE')).toBe(false);
    expect(isEmergency({ kind: 'service', number: '115' }, 'IT')).toBe(true);
    expect(isEmergency({ kind: 'service', number: '999' }, 'DE')).toBe(true);
    expect(isEmergency({ kind: 'internal', number: '112' }, 'DE')).toBe(false);
  });

  test('premium numbers are known, ordinary ones are not', () => {
    expect(isPremium('+499001234567')).toBe(true);
    expect(isPremium('+493023125042')).toBe(false);
    expect(isPremium('nonsense')).toBe(false);
  });

  test('a service number with a country code before it is recognised', () => {
    expect(isDisguisedService('+49112')).toBe(true);
    expect(isDisguisedService('+493023125042')).toBe(false);
  });
});

describe('properties of readNumber', () => {
  const typed = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.string({ unit: fc.constantFrom(...'0123456789+*# ()-/.x,;\u200b\r\n０'), maxLength: 40 }),
  );

  test('never throws, and yields digits only where digits are promised', () => {
    fc.assert(
      fc.property(typed, fc.constantFrom(berlin, dresden, place('US'), place('XX')), (text, location) => {
        const number = readNumber(text, location);
        if (number.kind === 'e164') expect(number.number).toMatch(/^\+[1-9][0-9]{1,14}$/);
        else if (number.kind === 'code') expect(number.code).toMatch(/^[0-9*#]{1,32}$/);
        else if (number.kind === 'internal' || number.kind === 'service')
          expect(number.number).toMatch(/^[0-9]{1,15}$/);
        else if (number.kind === 'raw') expect(number.text.length).toBeLessThanOrEqual(256);
        else expect.fail(`${number.kind} is nothing that somebody types`);
      }),
      { numRuns: 2000 },
    );
  });

  test('a public number is read back from its own international form', () => {
    const subscriber = fc.integer({ min: 0, max: 999 }).map((n) => `+493023125${String(n).padStart(3, '0')}`);
    fc.assert(
      fc.property(subscriber, (number) => {
        expect(readNumber(number, berlin)).toEqual(e164(number));
        expect(readNumber(number.replace('+', '00'), berlin)).toEqual(e164(number));
        expect(readNumber(number.replace('+49', '0'), berlin)).toEqual(e164(number));
      }),
    );
  });
});
