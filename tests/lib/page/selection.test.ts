// The number in what was selected.
import { describe, expect, test } from 'vitest';
import { numberIn } from '#lib/page/selection.ts';

const read = (text: string) => numberIn(text, { country: 'DE' });
const e164 = (number: string) => ({ kind: 'e164', number });

describe('the number in a selected text', () => {
  test.each([
    ['a sentence with one', 'Tel. 030 23125042, seit 12.03.2024', e164('+493023125042'), '030 23125042'],
    ['two: the first', '030 23125042 / 030 23125043', e164('+493023125042'), '030 23125042'],
    ['a fax before a phone', 'Fax 030 23125999, Tel. 030 23125042', e164('+493023125042'), '030 23125042'],
    ['another country’s', '+44 20 7946 0958', e164('+442079460958'), '+44 20 7946 0958'],
    ['an extension alone', ' 18 ', { kind: 'internal', number: '18' }, '18'],
    ['an emergency number, which gets no country code', '112', { kind: 'service', number: '112' }, '112'],
  ])('%s', (_, text, number, shown) => {
    expect(read(text)).toMatchObject({ number, text: shown, isFax: false });
  });

  test.each([
    ['words', 'Anna Krüger'],
    ['a date', '12.03.2024'],
    ['words with an extension’s digits', 'Zimmer 18'],
    ['a feature code', '*21*18#'],
    ['nothing', '  '],
    ['an IBAN', 'DE02 1203 0000 0000 2020 51'],
  ])('is none in %s', (_, text) => {
    expect(read(text)).toBeUndefined();
  });
});
