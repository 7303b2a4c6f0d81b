// Phone links as pages write them.
import { describe, expect, test } from 'vitest';
import { readTelLink } from '#lib/numbers/tel-link.ts';

const DE = { country: 'DE' };
const e164 = (number: string, extension?: string) => ({ kind: 'e164', number, ...(extension && { extension }) });

describe('readTelLink', () => {
  test.each([
    ['tel:+493023125042', e164('+493023125042')],
    ['tel:+49 30 23125042', e164('+493023125042')],
    ['tel:+49%2030%2023125042', e164('+493023125042')],
    ['TEL://+49-30-23125042', e164('+493023125042')],
    ['tel:030/23125042', e164('+493023125042')],
    ['tel:00442079460018', e164('+442079460018')],
    ['callto:+49(0)3023125042', e164('+493023125042')],
    ['sip:+493023125042@pbx.example.com;transport=tls', e164('+493023125042')],
    ['tel:23125042;phone-context=+4930', e164('+493023125042')],
    ['tel:+493023125042;ext=18', e164('+493023125042', '18')],
    ['tel:+493023125042,,18#', e164('+493023125042', '18')],
    ['tel:+493023125042p18', e164('+493023125042', '18')],
    ['tel:112', { kind: 'service', number: '112' }],
    ['tel:116117', { kind: 'service', number: '116117' }],
    ['tel:4711', { kind: 'internal', number: '4711' }],
    ['tel:*21*030%23', { kind: 'code', code: '*21*030#' }],
  ])('reads %s', (href, number) => {
    expect(readTelLink(href, DE)).toEqual(number);
  });

  test.each([
    'sip:anna.krueger@example.com',
    'tel:',
    'tel:call-us',
    'mailto:030@example.com',
    'https://a.example/03023125042',
  ])('finds no number in %s', (href) => expect(readTelLink(href, DE)).toBeUndefined());

  test('reads national numbers in the agent’s country', () => {
    expect(readTelLink('tel:020 7946 0018', { country: 'GB' })).toEqual(e164('+442079460018'));
  });

  test('never reads a broken escape as anything but what it is', () => {
    expect(readTelLink('tel:+493023125042%', DE)).toBeUndefined();
  });
});
