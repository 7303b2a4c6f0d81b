// Where a phone system stands and what it wants to be dialled, with every default filled in: what the relay dials by, and
// what it tells the extension, so that both come to the same digits. How it is written in relay.yaml, and which default
// a country has, is in location-settings.ts. Knows no phone metadata.
import * as v from 'valibot';

/** How public numbers are written for a phone system: the four formats of the NFON TAPI driver. */
export const NUMBER_FORMATS = [
  'international',
  'internationalWithoutPlus',
  'phoneBook',
  'phoneBookInternational',
] as const;
export type NumberFormat = (typeof NUMBER_FORMATS)[number];

/** What is dialled before an outside number: digits, `*` and `#`, at most 8. */
export const PrefixSchema = v.pipe(v.string(), v.regex(/^[0-9*#]{0,8}$/, 'digits, * or #, at most 8'));
/** ISO 3166. */
export const CountrySchema = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'a two-letter country code such as DE'));
export const AreaCodeSchema = v.pipe(v.string(), v.regex(/^[0-9]{1,6}$/, 'digits without the leading 0'));

/** The first and the last number of a block of extensions, both of the same length. */
export const ExtensionRangeSchema = v.strictObject({
  from: v.pipe(v.string('digits in quotes, such as "10"'), v.regex(/^[0-9]{1,8}$/, 'one to eight digits in quotes')),
  to: v.pipe(v.string('digits in quotes, such as "79"'), v.regex(/^[0-9]{1,8}$/, 'one to eight digits in quotes')),
});

/** How emergency and service numbers are dialled: by our order, once somebody has confirmed it, or on the phone alone. */
export const EMERGENCY_DIALLING = ['afterConfirmation', 'onThePhone'] as const;

/** Whether a network's own prefix comes before the trunk or international prefix (Germany) or behind it (Brazil). */
export const CARRIER_PLACES = ['beforePrefix', 'behindPrefix'] as const;

/**
 * A complete location. Strict on the wire on purpose: a key that this side does not know may change what is dialled, and
 * no preview is better than a wrong one.
 */
export const LocationSchema = v.strictObject({
  country: CountrySchema,
  areaCode: v.optional(AreaCodeSchema),
  /** Absent: as the country's numbers have it. */
  trunkPrefix: v.optional(PrefixSchema),
  internationalPrefix: PrefixSchema,
  outsideLine: v.strictObject({ local: PrefixSchema, longDistance: PrefixSchema, international: PrefixSchema }),
  /** `''` where none is dialled. */
  carrier: v.strictObject({
    longDistance: PrefixSchema,
    international: PrefixSchema,
    place: v.picklist(CARRIER_PLACES),
  }),
  format: v.picklist(NUMBER_FORMATS),
  internal: v.pipe(v.array(ExtensionRangeSchema), v.maxLength(100)),
  stripAreaCodeForLocal: v.boolean(),
  emergency: v.strictObject({
    needsOutsideLine: v.boolean(),
    /** Absent: on the phone. */
    dial: v.optional(v.picklist(EMERGENCY_DIALLING)),
  }),
  e164Only: v.boolean(),
  reports: v.picklist(['withOutsideLine', 'withoutOutsideLine']),
});
export type Location = v.InferOutput<typeof LocationSchema>;

/** Whether the digits are an extension there. */
export function isExtension(digits: string, { internal, e164Only }: Location): boolean {
  if (e164Only || !/^[0-9]+$/.test(digits)) return false;
  // Of one length, digits compare as text.
  return internal.some(({ from, to }) => digits.length === from.length && digits >= from && digits <= to);
}
