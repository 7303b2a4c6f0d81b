// What a location makes of a number is read back as that number: over valid numbers of every country and type that the
// phone metadata knows, dialled from places of every country, in the four formats, with outside lines, carriers and
// prefixes of their own. What cannot be read back by its nature is named here, and nothing else is left out.
import { isExtension, NUMBER_FORMATS } from '@offhook/protocol';
import { dialStringOf } from '@offhook/protocol/dial-plan';
import { locationOf } from '@offhook/protocol/location-settings';
import { readReportedNumber } from '@offhook/protocol/number';
import { isServiceNumber } from '@offhook/protocol/service-numbers';
import fc from 'fast-check';
import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/metadata.max.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';

const isFull = process.env['OFFHOOK_FULL'] === '1';
const COUNTRIES = getCountries();

/** The patterns of one country's number types: fixed, mobile, toll-free, premium, … */
function patternsOf(country: string): string[] {
  // The library's own compressed form: the types stand at the twelfth place, each as its pattern and lengths.
  const plan = (metadata.countries as unknown as Record<string, unknown[]>)[country];
  const types = Array.isArray(plan?.[11]) ? plan[11] : [];
  const patterns = types.map((type: unknown) => (Array.isArray(type) ? String(type[0]) : '')).filter(Boolean);
  return patterns.length > 0 ? patterns : [String(plan?.[2])];
}

/** A valid number of the country, as E.164. */
function numberIn(country: (typeof COUNTRIES)[number]): fc.Arbitrary<string> {
  return fc
    .constantFrom(...patternsOf(country))
    .chain((pattern) => fc.stringMatching(new RegExp(`^(?:${pattern})$`)))
    .map((national) => parsePhoneNumberFromString(`+${getCountryCallingCode(country)}${national}`))
    .filter((parsed) => parsed?.isValid() === true)
    .map((parsed) => parsed?.number ?? '');
}

type LocationInput = Parameters<typeof locationOf>[0];

const prefix = fc.constantFrom('', '0', '9', '8', '00', '*1');
const place = fc
  .record({
    country: fc.constantFrom(...COUNTRIES),
    format: fc.constantFrom(...NUMBER_FORMATS),
    outsideLine: fc.oneof(prefix, fc.record({ local: prefix, longDistance: prefix, international: prefix })),
    internal: fc.constantFrom<LocationInput['internal']>({ minDigits: 2, maxDigits: 4 }, [{ from: '10', to: '79' }]),
    carrierCode: fc.constantFrom('', '01033', { longDistance: '21', place: 'behindPrefix' as const }),
    trunkPrefix: fc.constantFrom(undefined, undefined, '0', '1', '8'),
    stripAreaCodeForLocal: fc.boolean(),
    needsOutsideLine: fc.boolean(),
  })
  .map(({ needsOutsideLine, trunkPrefix, ...rest }) => ({
    ...rest,
    ...(trunkPrefix !== undefined && { trunkPrefix }),
    emergency: { needsOutsideLine },
    reports: 'withOutsideLine' as const,
  }));

/** A place and a number that is dialled from there, of the same country half of the time. */
const dialling = place
  .chain((settings) => {
    const to = fc.oneof(fc.constant(settings.country), fc.constantFrom(...COUNTRIES));
    return to.chain((country) =>
      fc.record({ settings: fc.constant(settings), number: numberIn(country), cut: fc.nat(5) }),
    );
  })
  .map(({ settings, number, cut }) => {
    // The area code of the number itself half of the time, so that there are local calls.
    const national: string = parsePhoneNumberFromString(number)?.nationalNumber ?? '';
    const areaCode = cut < 2 || cut > national.length - 3 ? undefined : national.slice(0, cut);
    return { location: locationOf({ ...settings, ...(areaCode && { areaCode }) }), number };
  });

// By nature, the phone system itself could not tell what these digits mean:
// - Digits that are an extension there are one: St Helena's numbers have four, and so have extensions.
// - Two valid numbers are dialled by the same digits: where foreign calls need no outside line and others do (0 + 026… is
//   0026…); where the place's own trunk prefix makes another number of the country; Thai and Indonesian service numbers
//   that begin with 001, as foreign calls do; numbers of Gabon with and without the digit that it added.
describe('what is dialled is read back', () => {
  test('as the same public number, wherever it is dialled from', () => {
    let alike = 0;
    const numRuns = isFull ? 200_000 : 3_000;
    fc.assert(
      fc.property(dialling, ({ location, number }) => {
        const dialled = dialStringOf({ kind: 'e164', number }, location) ?? '';
        const read = readReportedNumber(dialled, location);
        expect(dialStringOf(read, location)).toBe(dialled);
        if (isExtension(dialled, location)) expect(read).toEqual({ kind: 'internal', number: dialled });
        else if (read.kind === 'e164' && read.number !== number) alike += 1;
        else expect(read).toEqual({ kind: 'e164', number });
      }),
      { numRuns },
    );
    expect(alike).toBeLessThanOrEqual(Math.ceil(numRuns / 500));
  }, 600_000);

  test('as the same public number, also where it is reported without the outside line', () => {
    const german = fc.record({ settings: place, number: numberIn('DE') });
    fc.assert(
      fc.property(german, fc.constantFrom('', '0', '9'), ({ settings, number }, outsideLine) => {
        const rest = { ...settings, country: 'DE', reports: 'withoutOutsideLine' as const };
        const dialled = dialStringOf({ kind: 'e164', number }, locationOf({ ...rest, outsideLine: '' })) ?? '';
        const location = locationOf({ ...rest, outsideLine });
        const read = readReportedNumber(dialled, location);
        if (!isExtension(dialled, location)) expect(read).toEqual({ kind: 'e164', number });
      }),
    );
  });

  test('as the same extension, service number or code', () => {
    const short = fc.oneof(
      fc.integer({ min: 10, max: 9999 }).map((n) => ({ kind: 'internal' as const, number: String(n) })),
      fc.constantFrom('110', '112', '115', '116117').map((number) => ({ kind: 'service' as const, number })),
      fc.stringMatching(/^[*#]{1,2}[0-9]{1,4}[*#]$/).map((code) => ({ kind: 'code' as const, code })),
    );
    const german = place.map((settings) => locationOf({ ...settings, country: 'DE', outsideLine: '0' }));
    fc.assert(
      fc.property(german, short, (location, number) => {
        const isInternal = number.kind === 'internal';
        // What is a service number is none, and what is no extension there is no extension.
        if (isInternal && (!isExtension(number.number, location) || isServiceNumber(number.number, 'DE'))) return;
        expect(readReportedNumber(dialStringOf(number, location), location)).toEqual(number);
      }),
    );
  });
});
