// What a country's numbers look like: which are valid, which possible, what stands before them in the country and from
// abroad. Answers like libphonenumber-js/max (a differential test holds both side by side) from generated tables, which
// are unpacked on first use: no pattern is tried, each digit is one look-up, so that no input can make it slow.
import { CALLING_CODES } from './generated/calling-codes.ts';
import { REGIONS } from './generated/regions.ts';
import { verdictOf } from './validity.ts';

/** One country's way of writing numbers. National numbers are digits without the trunk prefix, `'3023125042'`. */
export interface NumberingPlan {
  country: string;
  /** Without `+`. */
  callingCode: string;
  /** What stands before a national number inside the country (`'0'`, in Hungary `'06'`); `''` if nothing does. */
  trunkPrefix: string;
  /** The national number that these digits, as dialled inside the country, mean: libphonenumber's reading of them. */
  nationalOf(digits: string): string;
  /** Whether some subscriber of the calling code could have the number. */
  isValid(national: string): boolean;
  /** Whether the length is right. */
  isPossible(national: string): boolean;
  /** Whether people of the country write the trunk prefix before this number. In the US never, in Australia not before 1300. */
  isTrunkWritten(national: string): boolean;
  /** Whether people write it before every number of the country. */
  isTrunkAlwaysWritten: boolean;
  /** How many of the digits are the prefix for calls abroad, as dialled in the country (`00`, `011`, `0011`); 0 if none. */
  internationalPrefixLength(digits: string): number;
  /** The same answers for digits as values, without making texts. */
  readonly quick: QuickPlan;
}

/** Some digits as values from 0 to 9: those at `from` up to but without `to`. */
export interface Digits {
  readonly values: Uint8Array;
  from: number;
  to: number;
}

/** What a plan knows without asking a pattern: enough for nearly every number that is one. */
export interface QuickPlan {
  /** `'+49'` */
  readonly prefix: string;
  /** For validity.ts. */
  readonly table: string;
  /** With which digits something can begin that is taken off as a trunk prefix, as bits. */
  readonly trunkOpenings: number;
  /** Whether a trunk prefix is exactly the digit that opens it, and the length decides whether it is taken off. */
  readonly isTrunkPlain: boolean;
  /** Whether no other country has the calling code: then the lengths are those of any of its numbers. */
  readonly isAlone: boolean;
  /** Possible lengths as bits, and the longest. */
  readonly lengths: number;
  readonly longest: number;
  /** Whether people write digits that have no trunk prefix so: always, never, or depending on the number. */
  readonly isBareUsual: boolean | undefined;
  /** The prefix for calls abroad; missing where it is a pattern. */
  readonly abroad: string | undefined;
  /** Whether it is `00`. */
  readonly isAbroadPlain: boolean;
}

/** The answer where only a pattern knows. */
export const UNDECIDED = -1;

/** What digits behind a `+` mean. `country` is missing for numbers of no country, and where only the code is known. */
export interface InternationalNumber {
  callingCode: string;
  country: string | undefined;
  national: string;
  isValid: boolean;
  isPossible: boolean;
}

/** The plan of a country (`'DE'`), or `undefined` for one that libphonenumber does not know. Asking again is free. */
export function numberingPlanOf(country: string): NumberingPlan | undefined {
  return PLANS.ofCountry(country);
}

/**
 * Reads digits that stood behind `+`, or behind the international prefix. A trunk prefix that does not belong there
 * (`+49 (0)30`) is taken off. `undefined` if no calling code begins them, or if nothing that could be a number follows.
 */
export function readInternational(digits: string): InternationalNumber | undefined {
  let value = 0;
  for (let length = 1; length <= MAX_CALLING_CODE_LENGTH; length += 1) {
    value = value * 10 + digits.charCodeAt(length - 1) - ZERO;
    // No code begins with 0, nor with anything that is not a digit.
    if (!(value > 0)) return undefined;
    const code = PLANS.ofCallingCode(value);
    if (code) return readBehind(code, digits.slice(length));
  }
  return undefined;
}

/**
 * The plan of the calling code that digits behind a `+` begin with, the code taken off them; `undefined` where there is
 * none, and the digits are as they were.
 */
export function planBehindPlus(digits: Digits): NumberingPlan | undefined {
  const { values, from, to } = digits;
  let value = 0;
  for (let at = from; at < to && at < from + MAX_CALLING_CODE_LENGTH; at += 1) {
    value = value * 10 + (values[at] ?? 0);
    if (value === 0) return undefined;
    const plan = MAIN_PLANS[value] ?? mainPlanOf(value);
    if (plan) {
      digits.from = at + 1;
      return plan;
    }
  }
  return undefined;
}

/** How many of the digits, as dialled inside the plan's country, are not in the national number; or `UNDECIDED`. */
export function trunkLength({ trunkOpenings, isTrunkPlain, lengths, longest }: QuickPlan, digits: Digits): number {
  const { values, from, to } = digits;
  if (((trunkOpenings >> (values[from] ?? 0)) & 1) === 0) return 0;
  if (!isTrunkPlain) return UNDECIDED;
  const length = to - from - 1;
  return length > longest || ((lengths >> length) & 1) === 1 ? 1 : 0;
}

/** How many of the digits, as dialled in the plan's country, are the prefix for calls abroad; or `UNDECIDED`. */
export function abroadLength({ abroad }: QuickPlan, { values, from, to }: Digits): number {
  if (abroad === undefined) return UNDECIDED;
  const { length } = abroad;
  for (let index = 0; index < length; index += 1)
    if (values[from + index] !== abroad.charCodeAt(index) - ZERO) return 0;
  return from + length >= to || values[from + length] === 0 ? 0 : length;
}

/** `NumberingPlan.internationalPrefixLength` of the country; 0 in a country that is not known. */
export function internationalPrefixLength(digits: string, country: string): number {
  return PLANS.ofCountry(country)?.internationalPrefixLength(digits) ?? 0;
}

const MAX_CALLING_CODE_LENGTH = 3;
const MIN_NATIONAL_LENGTH = 2;
const MAX_NATIONAL_LENGTH = 17;
const ZERO = 48;

// Unpacked tables are kept: the texts are constant, so that what is kept can never be stale.
const PLANS = createPlans();

/** The plans of calling codes by their value, as far as somebody asked `mainPlanOf` for them; null where there are none. */
export const MAIN_PLANS: readonly (NumberingPlan | null | undefined)[] = PLANS.main;

/** The plan of the calling code; null where there is none of that value. */
export function mainPlanOf(value: number): NumberingPlan | null {
  return PLANS.mainOf(value);
}

interface CallingCode {
  code: string;
  /** The first one is asked when a number is nobody's. Without any, the code belongs to no country. */
  countries: readonly string[];
  /** For validity.ts. */
  table: string;
  isShared: boolean;
  /** Possible lengths as bits: those of the number's own region, or else those given. */
  lengthsFor(national: string, otherwise: number): number;
  mainPlan(): NumberingPlan;
}

function createPlans() {
  const byCountry = new Map<string, NumberingPlan | undefined>();
  // By the code's value; null for those that do not exist.
  const byCode: (CallingCode | null | undefined)[] = new Array(1000).fill(undefined);
  const main: (NumberingPlan | null | undefined)[] = new Array(1000).fill(undefined);
  let last: NumberingPlan | undefined;

  function ofCountry(country: string): NumberingPlan | undefined {
    if (last?.country === country) return last;
    if (!byCountry.has(country)) byCountry.set(country, unpackCountry(country));
    last = byCountry.get(country) ?? last;
    return byCountry.get(country);
  }

  function unpackCountry(country: string): NumberingPlan | undefined {
    const line = Object.hasOwn(REGIONS, country) ? REGIONS[country] : undefined;
    const code = line === undefined ? undefined : ofCallingCode(Number.parseInt(line, 10));
    return line !== undefined && code ? createPlan(country, line, code) : undefined;
  }

  function ofCallingCode(value: number): CallingCode | null {
    const known = byCode[value];
    if (known !== undefined) return known;
    const line = CALLING_CODES[value];
    const made = line === undefined ? null : createCallingCode(String(value), line, ofCountry);
    byCode[value] = made;
    return made;
  }

  function mainOf(value: number): NumberingPlan | null {
    const plan = ofCallingCode(value)?.mainPlan() ?? null;
    main[value] = plan;
    return plan;
  }

  return { ofCountry, ofCallingCode, main, mainOf };
}

function createCallingCode(
  code: string,
  line: string,
  planOf: (country: string) => NumberingPlan | undefined,
): CallingCode {
  // The table may hold the separator itself.
  const [names = '', ownLengths = ''] = line.split(';', 2);
  const table = line.slice(names.length + ownLengths.length + 2);
  const countries = names === '' ? [] : names.split(',');
  const isShared = countries.length > 1;
  const lengths: number[] = [];
  let main: NumberingPlan | undefined;
  const self: CallingCode = {
    code,
    countries,
    table,
    isShared,
    lengthsFor(national, otherwise) {
      const owner = isShared ? (verdictOf(table, national) >> 1) - 1 : -1;
      if (owner < 0) return otherwise;
      lengths[owner] ??= lengthsOf(REGIONS[countries[owner] ?? ''] ?? '');
      return lengths[owner];
    },
    mainPlan() {
      // A code of no country has no trunk prefix, and nobody calls from there.
      main ??= planOf(countries[0] ?? '') ?? createPlan('', `${code};;;${ownLengths}`, self);
      return main;
    },
  };
  return self;
}

function createPlan(country: string, line: string, code: CallingCode): NumberingPlan {
  const [callingCode = '', trunkPrefix = '', abroad = '', , rule = '', transform = '', general = '', bare = ''] =
    line.split(';');
  const lengths = lengthsOf(line);
  const withoutTrunk = prefixRemover(rule || trunkPrefix, transform);
  const withoutAbroad = prefixRemover(abroad, '');
  const isGeneral = matcherOf(general);
  const isWrittenBare = bare === '.' ? () => true : matcherOf(bare);
  return {
    country,
    callingCode,
    trunkPrefix,
    nationalOf(digits) {
      const national = withoutTrunk(digits);
      if (national === digits || (isGeneral(digits) && !isGeneral(national))) return digits;
      // Too long is no reason to leave the prefix in its place: libphonenumber sees it like that, too.
      const possible = code.lengthsFor(national, lengths);
      return hasLength(possible, national) || national.length > longestOf(possible) ? national : digits;
    },
    isValid: (national) => (verdictOf(code.table, national) & 1) === 1,
    isPossible: (national) => hasLength(code.lengthsFor(national, lengths), national),
    isTrunkAlwaysWritten: trunkPrefix !== '' && bare === '',
    isTrunkWritten: (national) => trunkPrefix !== '' && !isWrittenBare(national),
    internationalPrefixLength(digits) {
      const length = digits.length - withoutAbroad(digits).length;
      // Something must follow, and no calling code begins with 0.
      return length === digits.length || digits.charCodeAt(length) === ZERO ? 0 : length;
    },
    quick: quickPlan({
      prefix: `+${callingCode}`,
      trunk: rule || trunkPrefix,
      // Where a pattern decides whether the prefix belongs to the number, length alone does not.
      isTrunkPlain: transform === '' && general === '',
      isBareUsual: trunkPrefix === '' || bare === '.' ? true : bare === '' ? false : undefined,
      abroad,
      lengths,
      code,
    }),
  };
}

interface QuickFields {
  prefix: string;
  /** The rule by which a trunk prefix is taken off: digits or a pattern. */
  trunk: string;
  isTrunkPlain: boolean;
  isBareUsual: boolean | undefined;
  abroad: string;
  lengths: number;
  code: CallingCode;
}

function quickPlan({ prefix, trunk, isBareUsual, abroad, lengths, code, ...rest }: QuickFields): QuickPlan {
  return {
    prefix,
    table: code.table,
    trunkOpenings: openingsOf(trunk),
    isTrunkPlain: rest.isTrunkPlain && !code.isShared && trunk.length === 1,
    isAlone: !code.isShared,
    lengths,
    longest: longestOf(lengths),
    isBareUsual,
    abroad: abroad !== '' && isPlain(abroad) ? abroad : undefined,
    isAbroadPlain: abroad === '00',
  };
}

// The digits with which a rule of plain alternatives (`0`, `0|180020`) can match, as bits; all for any other pattern.
function openingsOf(rule: string): number {
  if (rule === '') return 0;
  if (isPlain(rule)) return 1 << Number(rule.charAt(0));
  const ways = rule.split('|');
  return ways.every((way) => way !== '' && isPlain(way))
    ? ways.reduce((bits, digits) => bits | (1 << Number(digits.charAt(0))), 0)
    : ANY_DIGIT;
}

// Digits or nothing, and no pattern. Each plan asks a few times, and a pattern would have to be compiled for it.
function isPlain(rule: string): boolean {
  return !Number.isNaN(Number(rule)) && !rule.includes('.');
}

const ANY_DIGIT = 0b11_1111_1111;

function readBehind(code: CallingCode, digits: string): InternationalNumber | undefined {
  const { callingCode, nationalOf, isPossible } = code.mainPlan();
  const national = nationalOf(digits);
  if (national.length < MIN_NATIONAL_LENGTH || national.length > MAX_NATIONAL_LENGTH) return undefined;
  const verdict = verdictOf(code.table, national);
  const owner = code.countries.length === 1 ? 0 : (verdict >> 1) - 1;
  const isValid = (verdict & 1) === 1;
  return { callingCode, country: code.countries[owner], national, isValid, isPossible: isPossible(national) };
}

function lengthsOf(line: string): number {
  return Number.parseInt(line.split(';')[3] ?? '', 16);
}

function hasLength(lengths: number, { length }: string): boolean {
  return length <= MAX_NATIONAL_LENGTH && ((lengths >> length) & 1) === 1;
}

function longestOf(lengths: number): number {
  return 31 - Math.clz32(lengths);
}

/** Takes a prefix off, or puts what is missing in its place; digits without it come back as they are. */
function prefixRemover(rule: string, transform: string): (digits: string) => string {
  if (isPlain(rule)) return (digits) => (digits.startsWith(rule) ? digits.slice(rule.length) : digits);
  let pattern: RegExp | undefined;
  return (digits) => {
    pattern ??= new RegExp(`^(?:${rule})`);
    const match = pattern.exec(digits);
    if (!match) return digits;
    const isTransformed = transform !== '' && match.length > 1 && match.at(-1);
    return isTransformed ? digits.replace(pattern, transform) : digits.slice(match[0].length);
  };
}

function matcherOf(source: string): (digits: string) => boolean {
  if (source === '') return () => false;
  let pattern: RegExp | undefined;
  return (digits) => {
    pattern ??= new RegExp(`^(?:${source})$`);
    return pattern.test(digits);
  };
}
