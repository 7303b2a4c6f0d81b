import type { Location, PhoneNumber } from '@offhook/protocol';
import { locationOf } from '@offhook/protocol/location-settings';
import { isPremium } from '@offhook/protocol/number-type';
import { isServiceNumber } from '@offhook/protocol/service-numbers';
import fc from 'fast-check';
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import { describe, expect, test } from 'vitest';
import { createGuard } from '../../relay/src/guard.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { BERLIN } from './builders.ts';

const isFull = process.env['OFFHOOK_FULL'] === '1';
const guard = createGuard({ limits: { perHour: 120, burstPerMinute: 10 }, clock: createFakeClock() });
const e164 = (number: string): PhoneNumber => ({ kind: 'e164', number });
const internal = (number: string): PhoneNumber => ({ kind: 'internal', number });
const service = (number: string): PhoneNumber => ({ kind: 'service', number });
const raw = (text: string): PhoneNumber => ({ kind: 'raw', text });

const BERLIN_SETTINGS = { country: 'DE', areaCode: '30', outsideLine: '0' };
const PLACES: Record<string, Location> = {
  berlin: BERLIN,
  berlinWithoutOutsideLine: locationOf({ ...BERLIN_SETTINGS, outsideLine: '' }),
  berlinInternational: locationOf({ ...BERLIN_SETTINGS, outsideLine: '', format: 'international' }),
  nineForOutside: locationOf({ ...BERLIN_SETTINGS, outsideLine: '9' }),
  newYork: locationOf({ country: 'US', areaCode: '212', outsideLine: '9' }),
  newYorkDirect: locationOf({ country: 'US', areaCode: '212', internationalPrefix: '00' }),
  behindTheOutsideLine: locationOf({ ...BERLIN_SETTINGS, emergency: { needsOutsideLine: true } }),
  longExtensions: locationOf({ ...BERLIN_SETTINGS, outsideLine: '', internal: { minDigits: 2, maxDigits: 5 } }),
  longExtensionsBehindNine: locationOf({
    ...BERLIN_SETTINGS,
    outsideLine: '9',
    internal: { minDigits: 2, maxDigits: 6 },
  }),
  vienna: locationOf({ country: 'AT', areaCode: '1', internal: { minDigits: 2, maxDigits: 6 } }),
  zurich: locationOf({ country: 'CH', areaCode: '44' }),
  zurichBehindZero: locationOf({ country: 'CH', areaCode: '44', outsideLine: '0' }),
  parisWithoutTrunkPrefix: locationOf({ country: 'FR', trunkPrefix: '' }),
  madrid: locationOf({ country: 'ES', internal: [{ from: '000', to: '999' }], outsideLine: '0' }),
  rome: locationOf({ country: 'IT', areaCode: '06' }),
  brussels: locationOf({ country: 'BE', outsideLine: '9' }),
  warsaw: locationOf({ country: 'PL' }),
  mumbai: locationOf({ country: 'IN', areaCode: '22', outsideLine: '0' }),
  parisWithoutPlus: locationOf({ country: 'FR', format: 'internationalWithoutPlus' }),
  dresdenLocal: locationOf({ country: 'DE', areaCode: '351', outsideLine: '0', stripAreaCodeForLocal: true }),
  london: locationOf({ country: 'GB', areaCode: '20', outsideLine: '9' }),
};

describe('guard: what is dialled', () => {
  test.each<[string, PhoneNumber, string]>([
    ['berlin', e164('+493023125042'), '003023125042'],
    ['berlin', e164('+442079460018'), '000442079460018'],
    ['berlin', e164('+491713920012'), '001713920012'],
    ['berlinInternational', e164('+33199001234'), '+33199001234'],
    ['berlin', internal('18'), '18'],
    ['berlin', internal('1123'), '1123'],
    ['nineForOutside', internal('912'), '912'],
    ['longExtensions', internal('11733'), '11733'],
    ['longExtensions', internal('1183'), '1183'],
    // Behind an outside line, the short numbers of the country are dialled with it: without it, this is a colleague.
    ['longExtensionsBehindNine', internal('11833'), '11833'],
    ['zurichBehindZero', internal('1811'), '1811'],
    ['berlin', raw('030 / 231 25-042'), '003023125042'],
    ['berlin', raw('\uff10\uff13\uff10 \uff12\uff13\uff11\uff12\uff15 \uff10\uff14\uff12'), '003023125042'],
    // An extension behind a comma is not dialled with the number.
    ['berlin', raw('03023125042,,112'), '003023125042'],
    ['newYork', e164('+12125550100'), '92125550100'],
    ['newYork', e164('+493023125042'), '9011493023125042'],
    ['london', e164('+442079460018'), '902079460018'],
    ['dresdenLocal', e164('+493514911705'), '04911705'],
    // As it stands, 0 11833 would be the dearest of calls.
    ['dresdenLocal', e164('+4935111833'), '0035111833'],
    // A real number in Nevada, from where no digit is looked at before all are there.
    ['parisWithoutPlus', e164('+17756274548'), '17756274548'],
  ])('%s: %o becomes %s', (place, number, dialString) => {
    const verdict = guard.judge(number, PLACES[place] ?? BERLIN);
    expect(verdict).toMatchObject({ decision: 'allowed', dialString });
    expect(verdict.number.kind).not.toBe('raw');
  });
});

describe('guard: what is asked about first', () => {
  test.each<[string, PhoneNumber, string, string]>([
    ['berlin', service('112'), 'emergency', '112'],
    ['berlin', service('110'), 'emergency', '110'],
    ['berlin', service('116117'), 'service', '116117'],
    ['berlin', raw('115'), 'service', '115'],
    ['rome', raw('113'), 'emergency', '113'],
    ['madrid', raw('061'), 'emergency', '061'],
    ['warsaw', raw('999'), 'emergency', '999'],
    ['berlin', raw('112'), 'emergency', '112'],
    ['berlin', raw('0 112'), 'emergency', '112'],
    ['berlin', raw('1 1 2'), 'emergency', '112'],
    ['berlin', raw('1-1-2'), 'emergency', '112'],
    ['berlin', raw('\uff11\uff11\uff12'), 'emergency', '112'],
    ['berlin', raw('1\u200b1\u202e2'), 'emergency', '112'],
    ['behindTheOutsideLine', raw('112'), 'emergency', '0112'],
  ])('%s: %o is %s, and would become %s', (place, number, reason, dialString) => {
    expect(guard.judge(number, PLACES[place] ?? BERLIN)).toMatchObject({
      decision: 'confirm',
      code: 'confirmation-needed',
      params: { reason, number: dialString.slice(-(reason === 'emergency' ? 3 : 6)) },
      dialString,
    });
  });

  test.each([
    ['112', 'emergency'],
    ['116117', 'service'],
  ])('where the phone system cannot dial it safely, %s is left to the phone', (number, reason) => {
    const place = locationOf({ ...BERLIN_SETTINGS, emergency: { dial: 'onThePhone' } });
    const verdict = guard.judge(service(number), place);
    expect(verdict).toMatchObject({ decision: 'refused', code: 'policy-blocked', params: { reason } });
    expect(verdict.dialString).toBeUndefined();
  });

  test('a location of an older relay leaves them to the phone', () => {
    const { emergency, ...rest } = BERLIN;
    const older: Location = { ...rest, emergency: { needsOutsideLine: emergency.needsOutsideLine } };
    expect(guard.judge(service('112'), older)).toMatchObject({ decision: 'refused', code: 'policy-blocked' });
  });
});

describe('guard: what is refused', () => {
  test.each<[string, PhoneNumber, string]>([
    ['berlin', service('0900123456'), 'service'],
    ['berlin', internal('112'), 'emergency'],
    ['berlin', internal('110'), 'emergency'],
    ['berlin', internal('0112'), 'emergency'],
    ['nineForOutside', internal('9112'), 'emergency'],
    ['newYork', internal('911'), 'emergency'],
    ['newYork', internal('9911'), 'emergency'],
    ['london', internal('9999'), 'emergency'],
    // Emergency numbers that are as long as extensions are.
    ['rome', internal('118'), 'emergency'],
    ['madrid', internal('091'), 'emergency'],
    ['brussels', internal('100'), 'emergency'],
    ['brussels', internal('9101'), 'emergency'],
    ['mumbai', internal('108'), 'emergency'],
    // No number of any country, and dialled without plus 112 with something behind it.
    ['parisWithoutPlus', e164('+11234567890'), 'emergency'],
    // Directory enquiries, not somebody in the own area.
    ['dresdenLocal', raw('118 33'), 'service'],
    ['berlin', raw('19222'), 'service'],
    ['berlin', e164('+49112'), 'emergency'],
    ['berlin', e164('+49110'), 'emergency'],
    ['berlinWithoutOutsideLine', e164('+49112'), 'emergency'],
    ['newYork', e164('+1911'), 'emergency'],
    ['newYorkDirect', e164('+19115550100'), 'emergency'],
    ['london', e164('+44999'), 'emergency'],
    // Dialled without the 0, it would be an ambulance before the rest has come.
    ['parisWithoutTrunkPrefix', e164('+33156789012'), 'emergency'],
    // With long extensions, what is short for everybody in the country must not pass for one.
    ['longExtensions', raw('11833'), 'service'],
    ['longExtensions', raw('1 18 80'), 'service'],
    ['longExtensions', internal('11880'), 'service'],
    ['longExtensions', raw('19222'), 'service'],
    ['longExtensionsBehindNine', raw('911833'), 'service'],
    ['longExtensionsBehindNine', internal('919222'), 'service'],
    ['vienna', raw('118877'), 'service'],
    ['zurich', raw('1811'), 'service'],
    ['zurich', internal('1818'), 'service'],
    ['berlin', e164('+499001234567'), 'premium'],
    ['berlin', e164('+4990012345678901'.slice(0, 16)), 'premium'],
    ['berlin', e164('+19005550100'), 'premium'],
    ['berlin', e164('+190055501001'), 'premium'],
    ['berlin', e164('+33899123456'), 'premium'],
    ['berlin', e164('+979123456789'), 'premium'],
    ['berlin', e164('+39899123456'), 'premium'],
    ['berlin', raw('0900 1 234567'), 'premium'],
    ['berlin', e164('+881612345678'), 'satellite'],
    ['berlin', e164('+870773123456'), 'satellite'],
    ['berlin', e164('+883510012345'), 'satellite'],
    ['berlin', { kind: 'code', code: '*21*0900123456#' }, 'code'],
    ['berlin', raw('*21*01713920012#'), 'code'],
    ['berlin', raw('##002#'), 'code'],
  ])('%s: %o is blocked as %s', (place, number, reason) => {
    const verdict = guard.judge(number, PLACES[place] ?? BERLIN);
    expect(verdict).toMatchObject({ decision: 'refused', code: 'policy-blocked', params: { reason } });
    expect(verdict.dialString).toBeUndefined();
  });

  test.each<[string, PhoneNumber]>([
    // Digits that are no extension would be dialled past all that is checked of public numbers.
    ['berlin', internal('0900123456')],
    ['berlin', internal('01713920012')],
    ['berlin', internal('000442079460018')],
    ['berlin', internal('12345')],
    ['berlin', internal('1')],
    // At home, the dial plan would make an extension, a directory enquiry or a call-by-call prefix of these.
    ['berlinWithoutOutsideLine', e164('+4921')],
    ['berlinWithoutOutsideLine', e164('+4911833')],
    ['berlinWithoutOutsideLine', e164('+490112')],
    ['berlin', e164('+491033090012345')],
    ['berlin', e164('+4912')],
    ['berlin', { kind: 'anonymous' }],
    ['berlin', { kind: 'hidden' }],
    ['berlin', raw('')],
    ['berlin', raw('+49 112')],
    ['berlin', raw('030 23125042;phone-context=example.invalid')],
    ['berlin', raw('03023125042\r\nAction: Originate')],
    ['berlin', raw('03023125042\u0000')],
    ['berlin', raw('03023125042p112')],
    ['berlin', raw("'; DROP TABLE command; --")],
    ['berlin', raw('Local/112@default')],
    ['berlin', raw('SIP/trunk/112')],
    ['berlin', raw('0'.repeat(10_000))],
    ['berlin', raw(`+49${'3'.repeat(10_000)}`)],
  ])('%s: %o is no number', (place, number) => {
    const verdict = guard.judge(number, PLACES[place] ?? BERLIN);
    expect(verdict).toMatchObject({ decision: 'refused', code: 'number-invalid' });
    expect(verdict.dialString).toBeUndefined();
  });
});

const EMERGENCY: Record<string, string[]> = {
  FR: ['112', '15', '17', '18', '114'],
  DE: ['112', '110'],
  US: ['112', '911'],
  GB: ['112', '999'],
  AT: ['112', '133'],
  CH: ['112', '117'],
  ES: ['112', '061', '091'],
  IT: ['112', '113', '118'],
  BE: ['112', '100', '101'],
  PL: ['112', '997', '998', '999'],
  IN: ['112', '100', '101', '108'],
};
const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength });
const callingCodes = [...new Set(getCountries().map((country) => getCountryCallingCode(country)))];
const anyNumber: fc.Arbitrary<PhoneNumber> = fc.oneof(
  fc.tuple(fc.constantFrom(...callingCodes), digits(12)).map(([code, rest]) => e164(`+${code}${rest}`.slice(0, 16))),
  fc
    .tuple(fc.constantFrom('', '9', '0'), fc.constantFrom('112', '110', '911', '999', '900', '18'), digits(8))
    .map(([outside, number, rest]) => internal(`${outside}${number}${rest}`)),
  digits(15).map(internal),
  digits(15).map(service),
  fc.string({ unit: 'grapheme', maxLength: 64 }).map(raw),
  fc
    .tuple(digits(12), fc.constantFrom('\r\n', ';', ',', 'p', '*', '#', '\u0000', '\u202e', '@'), digits(6))
    .map(([a, sign, b]) => raw(`${a}${sign}${b}`)),
);

describe('guard: whatever is asked', () => {
  test('no premium number reaches a phone system, and a service number only after a question', () => {
    fc.assert(
      fc.property(anyNumber, fc.constantFrom(...Object.values(PLACES)), (number, place) => {
        const { decision, dialString, number: read } = guard.judge(number, place);
        expect(dialString === undefined).toBe(decision === 'refused');
        if (dialString === undefined) return;
        expect(dialString).toMatch(/^[+0-9*#]{1,32}$/);
        // Service numbers only by their own name, and never without a question.
        expect(read.kind === 'service').toBe(decision === 'confirm');
        if (read.kind === 'service') {
          expect(isServiceNumber(read.number, place.country)).toBe(true);
          return;
        }
        expect(['e164', 'internal']).toContain(read.kind);
        if (read.kind === 'e164') expect(isPremium(read.number)).toBe(false);
        const { local: outside } = place.outsideLine;
        const behind = dialString.startsWith(outside) ? dialString.slice(outside.length) : '';
        for (const dialled of [dialString, behind]) expect(EMERGENCY[place.country]).not.toContain(dialled);
      }),
      { numRuns: isFull ? 1_000_000 : 5_000 },
    );
  });
});

describe('guard: how often', () => {
  const aGuard = (limits = { perHour: 120, burstPerMinute: 10 }) => {
    const clock = createFakeClock();
    return { clock, ...createGuard({ limits, clock }) };
  };

  test('the eleventh call within a minute is refused, and goes through a minute after the first', () => {
    const { clock, spend } = aGuard();
    for (let call = 0; call < 10; call += 1) expect(spend('user-1')).toBeUndefined();
    expect(spend('user-1')).toEqual({ code: 'rate-limited', params: { limit: 10, windowSeconds: 60 } });
    clock.advance(59_999);
    expect(spend('user-1')).toBeDefined();
    clock.advance(1);
    expect(spend('user-1')).toBeUndefined();
  });

  test('the 121st call within an hour is refused', () => {
    const { clock, spend } = aGuard();
    for (let call = 0; call < 120; call += 1) {
      expect(spend('user-1')).toBeUndefined();
      clock.advance(20_000);
    }
    expect(spend('user-1')).toEqual({ code: 'rate-limited', params: { limit: 120, windowSeconds: 3600 } });
  });

  test('a refusal costs nothing', () => {
    const { clock, spend } = aGuard({ perHour: 3, burstPerMinute: 1 });
    for (let attempt = 0; attempt < 50; attempt += 1) spend('user-1');
    clock.advance(60_000);
    expect(spend('user-1')).toBeUndefined();
  });

  test('one user does not spend what another one has', () => {
    const { spend } = aGuard({ perHour: 1, burstPerMinute: 1 });
    expect(spend('user-1')).toBeUndefined();
    expect(spend('user-2')).toBeUndefined();
  });
});

describe('guard: who is not to be called', () => {
  const asking = { userId: 'u1', number: e164('+493023125042'), location: BERLIN, isDoNotCall: () => true };
  test('is asked about before a call or a transfer, each time; a forward needs no answer', () => {
    for (const command of ['makeCall', 'redirect'] as const) {
      expect(guard.judgeFor({ ...asking, command })).toMatchObject({
        decision: 'confirm',
        code: 'confirmation-needed',
        params: { reason: 'do-not-call' },
      });
    }
    expect(guard.judgeFor({ ...asking, command: 'setForward' })).toMatchObject({ decision: 'allowed' });
    expect(guard.judgeFor({ ...asking, command: 'makeCall', isDoNotCall: () => false }).decision).toBe('allowed');
  });
});
