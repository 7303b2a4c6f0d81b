// A location as an administrator writes it, with the defaults of its country, and what is missing in it. Where a default
// cannot be known, the key is asked for by name: a wrong prefix dials somebody else without anybody noticing.
import { isSupportedCountry, Metadata } from 'libphonenumber-js/max';
import * as v from 'valibot';
import {
  AreaCodeSchema,
  CARRIER_PLACES,
  CountrySchema,
  EMERGENCY_DIALLING,
  ExtensionRangeSchema,
  type Location,
  NUMBER_FORMATS,
  type NumberFormat,
  PrefixSchema,
} from './location.ts';

const digitCount = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8));

/** `pbx[].location` in the relay's configuration. docs/admin.md explains each key. */
export const LocationSettingsSchema = v.strictObject({
  /** Whose numbers need no country code, `'DE'`. */
  country: CountrySchema,
  /** Without trunk prefix, `'351'`; with it, numbers without a leading 0 are local ones. */
  areaCode: v.optional(AreaCodeSchema),
  /** What national numbers start with, `'0'`. */
  trunkPrefix: v.optional(PrefixSchema),
  /** What is dialled before a foreign number in the phone-book formats. */
  internationalPrefix: v.optional(PrefixSchema),
  /** What is dialled before an outside number, `'0'`. */
  outsideLine: v.optional(
    v.union(
      [
        PrefixSchema,
        v.strictObject({
          local: v.optional(PrefixSchema, ''),
          longDistance: v.optional(PrefixSchema, ''),
          international: v.optional(PrefixSchema, ''),
        }),
      ],
      'digits, * or # in quotes, such as "0", or a block of local, longDistance and international',
    ),
    '',
  ),
  /** Call by call, `'01033'`. */
  carrierCode: v.optional(
    v.union(
      [
        PrefixSchema,
        v.strictObject({
          longDistance: v.optional(PrefixSchema, ''),
          international: v.optional(PrefixSchema, ''),
          place: v.optional(v.picklist(CARRIER_PLACES)),
        }),
      ],
      'digits in quotes, such as "01033", or a block of longDistance, international and place',
    ),
    '',
  ),
  /** international +4935… · internationalWithoutPlus 4935… · phoneBook 035… · phoneBookInternational 004935… */
  format: v.optional(v.picklist(NUMBER_FORMATS)),
  /** How long extensions are, or from where to where they go. */
  internal: v.optional(
    v.union(
      [
        v.strictObject({ minDigits: digitCount, maxDigits: digitCount }),
        v.pipe(v.array(ExtensionRangeSchema), v.maxLength(100)),
      ],
      'a block of minDigits and maxDigits (1 to 8), or a list of from and to with digits in quotes',
    ),
    { minDigits: 2, maxDigits: 4 },
  ),
  /** Whether local numbers are dialled without the area code. */
  stripAreaCodeForLocal: v.optional(v.boolean(), false),
  /** Emergency and service numbers: whether they need the outside line, and whether they are dialled at all. */
  emergency: v.optional(
    v.strictObject({
      needsOutsideLine: v.optional(v.boolean(), false),
      dial: v.optional(v.picklist(EMERGENCY_DIALLING)),
    }),
    {},
  ),
  /** Whether there are no extensions that could be dialled: only public numbers are. */
  e164Only: v.optional(v.boolean(), false),
  /** Whether the phone system reports outside numbers with the outside line before them. */
  reports: v.optional(v.picklist(['withOutsideLine', 'withoutOutsideLine']), 'withoutOutsideLine'),
});
export type LocationSettings = v.InferOutput<typeof LocationSettingsSchema>;

/** Something without which nobody knows what to dial. `key` is the one to set. */
export interface LocationProblem {
  key: keyof LocationSettings;
  message: string;
}

// Where the carrier's code stands behind the trunk prefix: 0 21 11 2345 6789.
const CARRIER_BEHIND_PREFIX = new Set(['BR', 'CO']);
// Several carriers' prefixes, of which the metadata prefers a part that dials nobody.
const NO_USUAL_PREFIX = new Set(['TW']);

/** What is missing in or contradicts a location, in words that fit behind the key; none for a complete one. */
export function locationProblems(
  settings: LocationSettings,
  { format, canDialEmergency = true, isFormatFixed = false }: PbxNature,
): LocationProblem[] {
  return [
    ...(isFormatFixed ? fixedFormatProblems(settings, format) : []),
    ...emergencyProblems(settings, canDialEmergency),
    ...prefixProblems(settings, settings.format ?? format),
    ...areaCodeProblems(settings, settings.format ?? format),
    ...rangeProblems(settings),
  ];
}

/** What a kind of phone system says of itself. */
export interface PbxNature {
  /** How it wants public numbers, where the settings name nothing else. */
  format: NumberFormat;
  /** Whether an order for 112 reaches 112 there, and never an extension or a feature of that name. Default: it does. */
  canDialEmergency?: boolean;
  /** It takes public numbers in that format alone, without anything before them. Default: whatever the settings say. */
  isFormatFixed?: boolean;
}

/**
 * The complete location. `format` is what the kind of phone system wants where the settings name none. It does not look
 * for problems: where a country has no usual international prefix, `00` stands in for it.
 */
export function completeLocation(
  settings: LocationSettings,
  { format = 'phoneBook', canDialEmergency = true }: Partial<PbxNature> = {},
): Location {
  const { country, areaCode, trunkPrefix, internationalPrefix, outsideLine, carrierCode, internal } = settings;
  return {
    country,
    ...(areaCode !== undefined && { areaCode }),
    ...(trunkPrefix !== undefined && { trunkPrefix }),
    internationalPrefix: internationalPrefix ?? usualInternationalPrefix(country) ?? '00',
    outsideLine:
      typeof outsideLine === 'string'
        ? { local: outsideLine, longDistance: outsideLine, international: outsideLine }
        : outsideLine,
    carrier: carrierOf(carrierCode, country),
    format: settings.format ?? format,
    internal: Array.isArray(internal) ? internal : rangesOf(internal),
    stripAreaCodeForLocal: settings.stripAreaCodeForLocal,
    emergency: {
      needsOutsideLine: settings.emergency.needsOutsideLine,
      dial: canDialEmergency ? (settings.emergency.dial ?? 'afterConfirmation') : 'onThePhone',
    },
    e164Only: settings.e164Only,
    reports: settings.reports,
  };
}

/** A complete location from what is known of it. Throws ValiError for what no settings may say. */
export function locationOf(input: v.InferInput<typeof LocationSettingsSchema>): Location {
  return completeLocation(v.parse(LocationSettingsSchema, input));
}

/** What is dialled from a country before a foreign number, `'00'`; undefined where it depends on the carrier. */
export function usualInternationalPrefix(country: string): string | undefined {
  if (!isSupportedCountry(country) || NO_USUAL_PREFIX.has(country)) return undefined;
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  const plan = metadata.numberingPlan;
  // `8~10`: one waits for a tone there; phone systems do that by themselves. A pattern means that there are several.
  const [usual] = [plan?.defaultIDDPrefix(), plan?.IDDPrefix()].filter((text) => text);
  const digits = usual?.replaceAll('~', '') ?? '';
  return /^[0-9]{1,5}$/.test(digits) ? digits : undefined;
}

function carrierOf(carrierCode: LocationSettings['carrierCode'], country: string): Location['carrier'] {
  const place = CARRIER_BEHIND_PREFIX.has(country) ? 'behindPrefix' : 'beforePrefix';
  return typeof carrierCode === 'string'
    ? { longDistance: carrierCode, international: carrierCode, place }
    : { ...carrierCode, place: carrierCode.place ?? place };
}

// No extension starts with 0: that is where outside lines are.
function rangesOf({ minDigits, maxDigits }: { minDigits: number; maxDigits: number }): Location['internal'] {
  return Array.from({ length: Math.max(0, maxDigits - minDigits + 1) }, (_, index) => {
    const digits = minDigits + index;
    return { from: `1${'0'.repeat(digits - 1)}`, to: '9'.repeat(digits) };
  });
}

// What is shown before a call would not be what is dialled.
function fixedFormatProblems({ format, outsideLine }: LocationSettings, fixed: NumberFormat): LocationProblem[] {
  const lines = typeof outsideLine === 'string' ? [outsideLine] : Object.values(outsideLine);
  return [
    ...(format !== undefined && format !== fixed
      ? [
          {
            key: 'format' as const,
            message: `is "${format}", but this kind of phone system takes "${fixed}" alone: take it out`,
          },
        ]
      : []),
    ...(lines.some((line) => line !== '')
      ? [
          {
            key: 'outsideLine' as const,
            message: 'is set, but this kind of phone system has no outside line: take it out',
          },
        ]
      : []),
  ];
}

function emergencyProblems({ emergency }: LocationSettings, canDialEmergency: boolean): LocationProblem[] {
  if (canDialEmergency || emergency.dial !== 'afterConfirmation') return [];
  const message =
    'has "dial: afterConfirmation", but this kind of phone system cannot dial emergency numbers safely: take it out';
  return [{ key: 'emergency', message }];
}

function prefixProblems(settings: LocationSettings, format: NumberFormat): LocationProblem[] {
  const { country, internationalPrefix, trunkPrefix } = settings;
  const isPhoneBook = format === 'phoneBook' || format === 'phoneBookInternational';
  const problems: LocationProblem[] = [];
  if (!isSupportedCountry(country)) {
    const message = isPhoneBook
      ? `"${country}" is not the code of a country whose numbers are known: the format "${format}" needs one, such as DE`
      : '';
    return message === '' ? [] : [{ key: 'country', message }];
  }
  if (isPhoneBook && internationalPrefix === undefined && usualInternationalPrefix(country) === undefined) {
    problems.push({
      key: 'internationalPrefix',
      message:
        `is missing: in ${country} it depends on the carrier, and the format "${format}" needs it. ` +
        'Write what is dialled there before a foreign number, such as internationalPrefix: "00"',
    });
  }
  if (trunkPrefix !== undefined && format !== 'phoneBook') {
    problems.push({ key: 'trunkPrefix', message: needsPhoneBook(format) });
  }
  if (hasCarrier(settings) && format !== 'phoneBook') {
    problems.push({ key: 'carrierCode', message: needsPhoneBook(format) });
  }
  return problems;
}

function needsPhoneBook(format: NumberFormat): string {
  return `is only dialled with the format "phoneBook", and this one is "${format}": take it out, or change the format`;
}

function areaCodeProblems(settings: LocationSettings, format: NumberFormat): LocationProblem[] {
  const { areaCode, outsideLine, stripAreaCodeForLocal } = settings;
  if (stripAreaCodeForLocal && format !== 'phoneBook') {
    return [{ key: 'stripAreaCodeForLocal', message: needsPhoneBook(format) }];
  }
  if (areaCode !== undefined) return leadingZeroProblems(settings, areaCode);
  const missing = (why: string): LocationProblem[] => [
    { key: 'areaCode', message: `is missing: ${why}. Write it without the leading 0, such as areaCode: "351"` },
  ];
  if (stripAreaCodeForLocal) return missing('stripAreaCodeForLocal needs to know which area code to leave out');
  if (typeof outsideLine !== 'string' && outsideLine.local !== outsideLine.longDistance) {
    return missing(
      'outsideLine.local and outsideLine.longDistance differ, and only the area code tells which is which',
    );
  }
  return [];
}

// With it, no number would ever be a local one, and nobody would notice. In Italy it is part of the area code.
function leadingZeroProblems({ country, trunkPrefix }: LocationSettings, areaCode: string): LocationProblem[] {
  const hasTrunkZero = (trunkPrefix ?? usualTrunkPrefix(country)) === '0';
  if (!hasTrunkZero || !areaCode.startsWith('0')) return [];
  const without = areaCode.replace(/^0+/, '');
  const remedy = without === '' ? 'take it out' : `write areaCode: "${without}"`;
  return [{ key: 'areaCode', message: `is "${areaCode}", and the 0 is no part of it in ${country}: ${remedy}` }];
}

function usualTrunkPrefix(country: string): string | undefined {
  if (!isSupportedCountry(country)) return undefined;
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  // The library has it; its types leave it out.
  const plan = metadata.numberingPlan as { nationalPrefix?: () => string | undefined } | undefined;
  return plan?.nationalPrefix?.();
}

function hasCarrier({ carrierCode }: LocationSettings): boolean {
  if (typeof carrierCode === 'string') return carrierCode !== '';
  return carrierCode.longDistance !== '' || carrierCode.international !== '';
}

function rangeProblems({ internal }: LocationSettings): LocationProblem[] {
  if (!Array.isArray(internal)) {
    const { minDigits, maxDigits } = internal;
    return minDigits <= maxDigits
      ? []
      : [{ key: 'internal', message: `has minDigits ${minDigits} above maxDigits ${maxDigits}` }];
  }
  return internal.flatMap(({ from, to }) =>
    from.length === to.length && from <= to
      ? []
      : [
          {
            key: 'internal' as const,
            message: `has the range "${from}" to "${to}": both need the same length, the lower first`,
          },
        ],
  );
}
