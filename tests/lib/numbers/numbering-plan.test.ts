// The generated plans beside libphonenumber-js/max, number by number. Full runs compare 240,000, ours and theirs.
import { type CountryCode, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { beforeAll, describe, expect, test } from 'vitest';
import { isFictional } from '#lib/numbers/fictional.ts';
import { CALLING_CODES } from '#lib/numbers/generated/calling-codes.ts';
import { REGIONS } from '#lib/numbers/generated/regions.ts';
import { internationalPrefixLength, numberingPlanOf, readInternational } from '#lib/numbers/numbering-plan.ts';
import { createDice } from '../../fakes/dice.ts';
import { type NumberSource, numberSources, someDialled, someNational } from './sample-numbers.ts';

const RUNS = process.env['OFFHOOK_FULL'] === '1' ? 120_000 : 12_000;
const SEED = 20_261_122;

/**
 * Where we differ from libphonenumber on purpose: by name, with the reason. Anything else that differs is a bug.
 */
const REASONS: Readonly<Record<string, string>> = {
  'own-code-without-plus':
    'libphonenumber takes 49… in Germany for +49… where that makes the number valid. A national reading does not guess:' +
    ' whether digits are meant like that is for the finder to decide, from what stands beside them.',
};

describe('beside libphonenumber-js/max', () => {
  const sources = numberSources();
  let tally: Tally;

  beforeAll(() => {
    tally = compareAll(sources, RUNS);
  });

  test('international numbers are read alike: code, region, national number, valid, possible', () => {
    expect(tally.compared.international).toBe(RUNS);
    expect(tally.differences.filter(({ reading }) => reading === 'international')).toEqual([]);
  });

  test('national numbers are read alike in every region', () => {
    expect(tally.compared.national).toBeGreaterThan(RUNS * 0.7);
    expect(tally.differences.filter(({ reading }) => reading === 'national')).toEqual([]);
  });

  test('the prefix for calls abroad is seen where libphonenumber sees it, and nowhere else', () => {
    expect(tally.compared.abroad).toBeGreaterThan(RUNS * 0.05);
    expect(tally.differences.filter(({ reading }) => reading === 'abroad')).toEqual([]);
  });

  test('each difference has a reason, and each reason still has its difference', () => {
    expect(Object.keys(tally.reasoned).sort()).toEqual(Object.keys(REASONS).sort());
  });

  test('the sample holds valid and invalid numbers of each region', () => {
    const regions = sources.map(({ country, callingCode }) => country ?? callingCode);
    expect(regions.length).toBeGreaterThan(250);
    expect(regions.filter((region) => !tally.valid.has(region))).toEqual([]);
    expect(regions.filter((region) => !tally.invalid.has(region))).toEqual([]);
  });
});

describe('numberingPlanOf', () => {
  test('knows every region of the metadata and nothing else', () => {
    const countries = numberSources().flatMap(({ country }) => country ?? []);
    expect(Object.keys(REGIONS).sort()).toEqual(countries.sort());
    expect(countries.filter((country) => numberingPlanOf(country)?.country !== country)).toEqual([]);
    for (const unknown of ['', 'XX', 'de', 'toString', '__proto__']) expect(numberingPlanOf(unknown)).toBeUndefined();
  });

  test.each([
    ['DE', '03023125042', '3023125042'],
    ['DE', '3023125042', '3023125042'],
    ['GB', '02079460123', '2079460123'],
    ['IT', '0669912345', '0669912345'],
    ['HU', '0612345678', '12345678'],
    ['RU', '84951234567', '4951234567'],
    ['US', '12125550123', '2125550123'],
    ['BR', '0211123456789', '1123456789'],
    ['BR', '021111234567890', '11234567890'],
    ['AR', '01115 23456789'.replace(' ', ''), '91123456789'],
    ['FR', '0199001234', '199001234'],
  ])('%s: %s is the national number %s', (country, digits, national) => {
    const oracle = parsePhoneNumberFromString(digits, country as CountryCode);
    expect(numberingPlanOf(country)?.nationalOf(digits)).toBe(oracle?.nationalNumber);
    if (oracle?.isValid()) expect(oracle.nationalNumber).toBe(national);
  });

  test.each([
    ['DE', '3023125042', true],
    ['AT', '15555555', true],
    ['US', '2125550123', false],
    ['CA', '4165550123', false],
    ['ES', '912345678', false],
    ['IT', '0669912345', false],
    ['AU', '255501234', true],
    ['AU', '1300975707', false],
    ['AU', '131234', false],
    ['CH', '445552211', true],
    ['NL', '201234567', true],
  ])('%s: whether people write the trunk prefix before %s: %s', (country, national, isWritten) => {
    expect(numberingPlanOf(country)?.isTrunkWritten(national)).toBe(isWritten);
  });

  test('a text that holds anything but digits is no valid number', () => {
    const germany = numberingPlanOf('DE');
    for (const text of ['', ' ', '30 23125042', '３０23125042', '3023125042x', '+493023125042']) {
      expect(germany?.isValid(text)).toBe(false);
    }
  });

  test('digits of any length are answered', () => {
    const endless = '3'.repeat(100_000);
    expect(numberingPlanOf('DE')?.isValid(endless)).toBe(false);
    expect(numberingPlanOf('DE')?.isPossible(endless)).toBe(false);
    expect(readInternational(`49${endless}`)).toBeUndefined();
  });
});

describe('the generated tables', () => {
  const bytesOf = (text = '') => new TextEncoder().encode(text).length;

  test('Germany takes less than 4 kB, and no calling code more than 14', () => {
    expect(bytesOf(CALLING_CODES['49']) + bytesOf(REGIONS['DE'])).toBeLessThan(4096);
    expect(Object.keys(CALLING_CODES).filter((code) => bytesOf(CALLING_CODES[code]) > 14 * 1024)).toEqual([]);
  });
});

describe('isFictional', () => {
  test.each([
    '493023125042',
    '491713920042',
    '442079460123',
    '447700900123',
    '12125550142',
    '33199001234',
    '353209112345',
    '61255501234',
    '46701740612',
    '4917604069042',
    '491729980752',
    '441134960123',
    '46313900612',
    '46980319212',
  ])('%s is kept for fiction', (digits) => {
    expect(isFictional(digits)).toBe(true);
  });

  test.each(['', '4930231250', '4930231250421', '493023126042', '12125550242', '442079461123', '4420794601a3'])(
    '%s is not',
    (digits) => {
      expect(isFictional(digits)).toBe(false);
    },
  );
});

type Reading = 'international' | 'national' | 'abroad';

interface Difference {
  reading: Reading;
  region: string;
  digits: string;
  ours: unknown;
  theirs: unknown;
}

interface Tally {
  compared: Record<Reading, number>;
  differences: Difference[];
  /** How often each of the reasons came up. */
  reasoned: Record<string, number>;
  valid: Set<string>;
  invalid: Set<string>;
}

function compareAll(sources: readonly NumberSource[], runs: number): Tally {
  const dice = createDice(SEED);
  const tally: Tally = {
    compared: { international: 0, national: 0, abroad: 0 },
    differences: [],
    reasoned: {},
    valid: new Set(),
    invalid: new Set(),
  };
  for (let run = 0; run < runs; run += 1) {
    // Every region comes up equally often, however few numbers it has.
    const source = sources[run % sources.length];
    if (!source) throw new Error('the metadata has no regions');
    const national = someNational(dice, source, sources);
    compareInternational(tally, source, someTrunk(dice.below(8), source) + national);
    if (source.country !== undefined) compareNational(tally, source, someDialled(dice, source, national));
    else compareNational(tally, dice.pick(sources), `00${source.callingCode}${national}`);
  }
  return tally;
}

// `+49 (0)30`: a prefix that does not belong there, now and then.
function someTrunk(throwOfEight: number, { trunkPrefix }: NumberSource): string {
  return throwOfEight === 0 ? trunkPrefix || '0' : '';
}

function compareInternational(tally: Tally, { country, callingCode }: NumberSource, national: string): void {
  const digits = callingCode + national;
  const theirs = factsOf(parsePhoneNumberFromString(`+${digits}`));
  const region = country ?? callingCode;
  note(tally, { reading: 'international', region, digits, ours: readInternational(digits), theirs });
  (theirs?.isValid ? tally.valid : tally.invalid).add(region);
}

function compareNational(tally: Tally, { country }: NumberSource, digits: string): void {
  const plan = numberingPlanOf(country ?? '');
  if (country === undefined || !plan) return;
  // Our regions are checked against the metadata above.
  const parsed = parsePhoneNumberFromString(digits, country as CountryCode);
  const abroadLength = internationalPrefixLength(digits, country);
  const source = sourceOf(parsed);
  if (source === 'FROM_NUMBER_WITH_IDD' || abroadLength > 0) {
    const ours = abroadLength > 0 ? readInternational(digits.slice(abroadLength)) : 'no prefix seen';
    note(tally, { reading: 'abroad', region: country, digits, ours, theirs: factsOf(parsed) });
  } else if (source === 'FROM_NUMBER_WITHOUT_PLUS_SIGN' && parsed?.nationalNumber !== plan.nationalOf(digits)) {
    tally.reasoned['own-code-without-plus'] = (tally.reasoned['own-code-without-plus'] ?? 0) + 1;
  } else {
    const national = plan.nationalOf(digits);
    const { callingCode } = plan;
    const facts = { callingCode, national, isValid: plan.isValid(national), isPossible: plan.isPossible(national) };
    const ours = national.length < 2 || national.length > 17 ? undefined : facts;
    const { country: _, ...theirs } = factsOf(parsed) ?? { country: undefined };
    note(tally, { reading: 'national', region: country, digits, ours, theirs: parsed && theirs });
  }
}

function note(tally: Tally, difference: Difference): void {
  tally.compared[difference.reading] += 1;
  if (JSON.stringify(difference.ours) !== JSON.stringify(difference.theirs)) tally.differences.push(difference);
}

function factsOf(parsed: PhoneNumber | undefined) {
  return (
    parsed && {
      callingCode: parsed.countryCallingCode,
      country: parsed.country,
      national: parsed.nationalNumber,
      isValid: parsed.isValid(),
      isPossible: parsed.isPossible(),
    }
  );
}

// libphonenumber-js notes it on the number for its own use; the types do not name it.
function sourceOf(parsed: PhoneNumber | undefined): string | undefined {
  return (parsed as { __countryCallingCodeSource?: string } | undefined)?.__countryCallingCodeSource;
}
