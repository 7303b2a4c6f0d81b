// Reading numbers as people type them and phone systems write them, with the traps where a library alone would dial
// somebody else: extensions, service numbers, feature codes, outside-line digits, numbers without area code.
import { LocationSchema } from '@offhook/protocol/dial-plan';
import { isDisguisedService, isEmergency, isPremium, readNumber, readReportedNumber } from '@offhook/protocol/number';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';

const berlin = v.parse(LocationSchema, { country: 'DE' });
const dresden = v.parse(LocationSchema, { country: 'DE', areaCode: '351', outsideLine: '0' });

const place = (country: string) => v.parse(LocationSchema, { country });
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
    '118 33',
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
    ['IT', '06 698 12345', e164('+390669812345')],
    ['AU', '000', service('000')],
    ['AU', '0011 49 30 23125042', e164('+493023125042')],
    ['XX', '+49 30 23125042', e164('+493023125042')],
    ['XX', '030 23125042', raw('030 23125042')],
  ])('%s: %j', (country, text, expected) => {
    expect(readNumber(text, place(country))).toEqual(expected);
  });
});

describe('readReportedNumber', () => {
  test.each([undefined, '', '  ', 'anonymous', 'Anonymous', '<unknown>', 'Restricted', 'unavailable', 'PRIVATE'])(
    '%j was withheld by the caller',
    (text) => {
      expect(readReportedNumber(text, berlin)).toEqual({ kind: 'anonymous' });
    },
  );

  test('a number that a phone system wrote is read like a typed one', () => {
    expect(readReportedNumber('03023125042', berlin)).toEqual(e164('+493023125042'));
    expect(readReportedNumber('18', berlin)).toEqual(internal('18'));
  });
});

describe('what the guard asks', () => {
  test('emergency numbers are told from other service numbers', () => {
    expect(isEmergency({ kind: 'service', number: '112' })).toBe(true);
    expect(isEmergency({ kind: 'service', number: '110' })).toBe(true);
    expect(isEmergency({ kind: 'service', number: '115' })).toBe(false);
    expect(isEmergency({ kind: 'internal', number: '112' })).toBe(false);
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
