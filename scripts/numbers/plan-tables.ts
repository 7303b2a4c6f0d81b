// Reads libphonenumber-js's metadata and writes down what the extension needs of it, one line a region and one line a
// calling code. lib/numbers/numbering-plan.ts reads these lines: the two belong together. Never shipped itself.
import metadata from 'libphonenumber-js/max/metadata';
import { type Automaton, automatonOf, type RegionRules, type TypeRule } from './automaton.ts';

/** Lines by region (`DE`) and by calling code (`49`), ready to be written into the generated files. */
export interface PlanTables {
  regions: Map<string, string>;
  callingCodes: Map<string, string>;
}

/** Writes all regions and calling codes of the metadata down, in alphabetical order. */
export function planTables(): PlanTables {
  // The package types its metadata for its own functions only; this is the layout that its METADATA.md describes.
  const { countries, country_calling_codes: shared, nonGeographic } = metadata as unknown as Metadata;
  const regions = new Map<string, string>();
  const callingCodes = new Map<string, string>();
  for (const country of Object.keys(countries).sort()) {
    const region = found(countries[country], country);
    regions.set(country, regionLine(country, region, found(countries[shared[region[0]]?.[0] ?? ''], country)));
  }
  for (const [code, owners] of Object.entries(shared)) {
    const rules = owners.map((country) => rulesOf(country, found(countries[country], country)));
    callingCodes.set(code, `${owners.join()};;${automatonText(automatonOf(rules))}`);
  }
  for (const [code, plan] of Object.entries(nonGeographic)) {
    // No region has a line that would name the lengths.
    callingCodes.set(code, `;${maskOf(plan[3])};${automatonText(automatonOf([rulesOf(code, plan)]))}`);
  }
  return { regions, callingCodes: new Map([...callingCodes].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** The places in a region's array, from 0: what libphonenumber-js's METADATA.md calls them, `0` for what there is not. */
type Region = [
  callingCode: string,
  iddPrefix: string | 0,
  general: string,
  lengths: number[],
  formats?: Format[] | 0,
  nationalPrefix?: string | 0,
  prefixFormat?: string | 0,
  prefixForParsing?: string | 0,
  transform?: string | 0,
  isPrefixOptional?: 1 | 0,
  leadingDigits?: string | 0,
  types?: ([pattern: string, lengths?: number[]] | 0)[] | 0,
];
type Format = [
  pattern: string,
  format: string,
  leadingDigits?: string[],
  prefixFormat?: string | 0,
  isPrefixOptional?: 1 | 0,
];
interface Metadata {
  countries: Partial<Record<string, Region>>;
  country_calling_codes: Record<string, string[]>;
  nonGeographic: Record<string, Region>;
}

function rulesOf(country: string, [, , general, lengths, , , , , , , leadingDigits, types]: Region): RegionRules {
  const written = types ? types.filter((type) => type !== 0) : undefined;
  const rules = written?.flatMap(([pattern, own]): TypeRule[] =>
    pattern ? [{ pattern, lengths: own ?? lengths }] : [],
  );
  return { country, general, types: rules, leadingDigits: leadingDigits || undefined };
}

/** `callingCode;trunk;IDD;lengths;prefix rule;transform;general;untrunked`, what is not needed left empty. */
function regionLine(country: string, region: Region, main: Region): string {
  const [callingCode, idd, general, lengths, , trunk, , parsing, transform] = region;
  const rule = parsing || trunk || '';
  const fields = [
    callingCode,
    trunk || '',
    idd || '',
    maskOf(lengths),
    rule === trunk ? '' : rule,
    transform || '',
    needsGeneral(general, rule) ? general : '',
    untrunked(country, region, main),
  ];
  if (fields.some((field) => field.includes(';'))) throw new Error(`a field holds the separator: ${fields.join(' ')}`);
  return fields.join(';').replace(/;+$/, '');
}

/** Possible lengths as bits, in hexadecimal: bit 9 says that nine digits are possible. */
function maskOf(lengths: readonly number[]): string {
  return lengths.reduce((mask, length) => mask | (1 << length), 0).toString(16);
}

// The general pattern decides only whether a prefix that could be part of the number stays. Where no number that fits
// it begins like the prefix, there is nothing to decide, and the pattern is left out.
function needsGeneral(general: string, rule: string): boolean {
  if (rule === '') return false;
  if (!/^\d$/.test(rule)) return true;
  const { next } = automatonOf([{ country: '', general, types: undefined, leadingDigits: undefined }]);
  return next[1]?.[Number(rule)] !== 0;
}

/**
 * Which national numbers the country writes without its trunk prefix: a pattern, `.` for all, empty for none. From the
 * formats in which the prefix is missing or may be left out.
 */
function untrunked(country: string, region: Region, main: Region): string {
  const trunk = region[5];
  if (!trunk) return '';
  const formats = region[4] || main[4] || [];
  const isWritten = ([, , , prefixFormat, isOptional]: Format) => {
    const rule = prefixFormat || region[6] || main[6] || '';
    return rule.replace('$1', '').includes(trunk) && !(isOptional || region[9] || main[9]);
  };
  if (!formats.some(isWritten)) return '.';
  const bare = formats.filter((format) => !isWritten(format));
  const patterns = bare.map(
    ([pattern, , leading]) => `(?=${leading?.at(-1) ?? ''})${pattern.replace(/\((?!\?)/g, '(?:')}`,
  );
  return [...patterns, ...(UNFORMATTED[country] ?? [])].join('|');
}

// Numbers that the metadata has no format for, and that are written as they are.
const UNFORMATTED: Readonly<Partial<Record<string, readonly string[]>>> = { AU: ['13\\d{4}'] };

/**
 * The automaton as a text in which the reader walks without unpacking it. A state has eleven characters: the states that
 * the digits 0–9 lead to, and its verdict: the number's region, counted from 1 (0: nobody's), times two, plus one if the
 * number is valid. The first state is the dead end, the second one the start.
 */
function automatonText({ verdicts, next }: Automaton): string {
  const rows = next.map((row, state) => [...row.map(numberOf), verdictCode(verdicts[state])]);
  if (rows.length > UNUSED) rows.splice(UNUSED, 0, new Array<number>(11).fill(0));
  return rows.flat().map(character).join('');
}

// Its character would be the soft hyphen, which nobody sees.
const UNUSED = 91;

function numberOf(state: number): number {
  return state < UNUSED ? state : state + 1;
}

function verdictCode(verdict: Automaton['verdicts'][number] | undefined): number {
  return verdict ? (verdict.owner + 1) * 2 + Number(verdict.isValid) : 0;
}

// Printable characters only: from `0` to `~`, then from `¡` on.
function character(value: number): string {
  const code = value + (value < 79 ? 0x30 : 0x52);
  if (code >= 0x300) throw new Error(`no character for ${value}: combining characters begin at U+0300`);
  return String.fromCharCode(code);
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`libphonenumber-js's metadata has nothing for ${name}`);
  return value;
}
