import type { PhoneNumber } from '@offhook/protocol';
import { expect, test } from 'vitest';
import { numberText } from '#lib/number-text.ts';
import { tOf } from '../components/test-words.ts';

const cases: [PhoneNumber, string, boolean, string][] = [
  [{ kind: 'e164', number: '+493023125042' }, 'DE', false, '030 23125042'],
  [{ kind: 'e164', number: '+493023125042' }, 'DE', true, '+49 30 23125042'],
  [{ kind: 'e164', number: '+493023125042' }, 'AT', false, '+49 30 23125042'],
  [{ kind: 'e164', number: '+442079460018' }, 'DE', false, '+44 20 7946 0018'],
  [{ kind: 'e164', number: '+442079460018' }, 'GB', false, '020 7946 0018'],
  // Guernsey shares Great Britain's calling code, and is dialled from there as a national number.
  [{ kind: 'e164', number: '+441481960018' }, 'GB', false, '01481 960018'],
  [{ kind: 'e164', number: '+12015550123' }, 'US', false, '(201) 555-0123'],
  [{ kind: 'e164', number: '+33199001234' }, 'FR', false, '01 99 00 12 34'],
  [{ kind: 'e164', number: '+493023125042', extension: '18' }, 'DE', false, '030 23125042 ext. 18'],
  [{ kind: 'e164', number: '+493023125042' }, 'XX', false, '+49 30 23125042'],
  [{ kind: 'e164', number: '+999123' }, 'DE', false, '+999123'],
  [{ kind: 'internal', number: '18' }, 'DE', false, 'Extension 18'],
  [{ kind: 'service', number: '112' }, 'DE', false, '112'],
  [{ kind: 'code', code: '*21#' }, 'DE', false, '*21#'],
  [{ kind: 'anonymous' }, 'DE', false, 'Number withheld'],
  [{ kind: 'hidden' }, 'DE', false, 'Number hidden'],
  [{ kind: 'raw', text: 'Hotline 7' }, 'DE', false, 'Hotline 7'],
  [{ kind: 'raw', text: ' ' }, 'DE', false, 'No number'],
];

test.each(cases)('%j seen from %s (known: %s) reads %s', (number, country, isKnown, expected) => {
  expect(numberText(number, { country, isKnown, t: tOf('en') })).toBe(expected);
});
