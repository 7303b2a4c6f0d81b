// What a link or a selection would call, and what of it is nobody's number. The texts are anybody's: long, odd, hostile.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_ASKED_LENGTH } from '#lib/asked-calls.ts';
import { countryFor, type ReadingCountry, readAsked } from '#lib/read-asked.ts';

const DE: ReadingCountry = { code: 'DE', because: 'agent' };
const link = (text: string) => readAsked({ kind: 'link', text }, DE);
const selection = (text: string) => readAsked({ kind: 'text', text }, DE);
const ANNA = { kind: 'e164', number: '+493023125042' };

describe('a link', () => {
  test.each([
    ['tel:+493023125042', 'code'],
    ['tel:+49%2030%2023125042', 'code'],
    ['TEL:%2B493023125042', 'code'],
    ['tel:030-23125042', 'agent'],
    ['callto:030 23125042', 'agent'],
    ['callto://+493023125042', 'code'],
    ['sip:+493023125042@pbx.example;user=phone', 'code'],
    ['tel:30-23125042;phone-context=+49', 'code'],
    ['tel:030%2023125042%E2%80%AE', 'agent'],
  ])('%s calls the number, read so because of %s', (text, because) => {
    expect(link(text)).toMatchObject({ type: 'number', number: ANNA, country: { code: 'DE', because } });
  });

  test('keeps its extension', () => {
    expect(link('tel:+493023125042;ext=204')).toMatchObject({ number: { ...ANNA, extension: '204' } });
  });

  test.each([
    ['tel:112', { kind: 'service', number: '112' }],
    ['tel:*21*03023125042%23', { kind: 'code', code: '*21*03023125042#' }],
    ['tel:18', { kind: 'internal', number: '18' }],
  ])('%s stays what it is', (text, number) => {
    expect(link(text)).toMatchObject({ type: 'number', number, country: undefined });
  });

  test.each([
    '',
    'tel:',
    'tel:;ext=5',
    'sip:anna@pbx.example',
    'callto:anna.sample',
    'javascript:alert(1)',
    'https://crm.example/03023125042',
    'mailto:anna@crm.example',
    'tel:javascript:alert(1)',
    `tel:${'1'.repeat(65)}`,
    'tel:%00%00',
  ])('%j holds none', (text) => {
    expect(link(text)).toMatchObject({ type: 'none', why: 'no-number' });
  });

  test('that was cut calls nothing', () => {
    expect(link(`tel:+493023125042${' '.repeat(MAX_ASKED_LENGTH)}`.slice(0, MAX_ASKED_LENGTH))).toMatchObject({
      type: 'none',
      why: 'too-long',
    });
  });
});

describe('a selection', () => {
  test('calls the number in it, and says which text that was', () => {
    expect(selection('Call 030 / 231 250 42 before noon')).toMatchObject({
      type: 'number',
      number: ANNA,
      written: '030 / 231 250 42',
      isFax: false,
    });
  });

  test('of a fax number says so', () => {
    expect(selection('Fax: 030 23125042')).toMatchObject({ type: 'number', isFax: true });
  });

  test.each(['', 'Order 4711', 'DE02 1203 0000 0000 2020 51', '*21*03023125042#'])('%j has none', (text) => {
    expect(selection(text)).toMatchObject({ type: 'none' });
  });
});

test('what is shown of a text never turns the text around it, is one line and short', () => {
  fc.assert(
    fc.property(fc.constantFrom('link', 'text'), fc.string({ unit: 'binary', maxLength: 400 }), (kind, text) => {
      const { written } = readAsked({ kind: kind as 'link' | 'text', text: `tel:${text}` }, DE);
      expect(written).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b-\u200f\n]/u);
      expect(written.length).toBeLessThanOrEqual(60);
    }),
  );
});

describe('the country that numbers without one are read by', () => {
  const siteRules = { 'https://mail.example': { state: 'on', country: 'CH' } } as const;

  test.each([
    ['is the site’s', { siteRules, country: 'AT' }, 'https://mail.example', { code: 'CH', because: 'site' }],
    [
      'is the agent’s elsewhere',
      { siteRules, country: 'AT' },
      'https://other.example',
      { code: 'AT', because: 'agent' },
    ],
    ['is the agent’s outside of pages', { siteRules, country: 'AT' }, undefined, { code: 'AT', because: 'agent' }],
    ['is a guess where none is set', { siteRules, country: undefined }, undefined, { code: 'DE', because: 'default' }],
  ] as const)('%s', (_title, settings, site, expected) => {
    expect(countryFor({ site }, settings, 'DE')).toEqual(expected);
  });
});
