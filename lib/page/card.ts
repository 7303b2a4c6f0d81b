// What the card says about a number that the page itself can know: by which country it was read and who said so, why it was
// taken for a number, and what can be decided about it here. Facts only; the drawing puts them into words.
import type { PhoneNumber } from '@offhook/protocol';
import type { PageSettings } from '#lib/messages.ts';
import type { NumberOutlook } from '#lib/number-outlook.ts';
import { REGIONS } from '#lib/numbers/generated/regions.ts';
import { numberingPlanOf, readInternational } from '#lib/numbers/numbering-plan.ts';
import type { FoundBecause, NumberFacts } from '#lib/page-facts.ts';
import { becauseOf, titlesOf } from './because.ts';
import type { Target } from './target.ts';

/** Who said by which country: the number itself, by its + or 00, or one of those that are asked where it does not. */
export type CountrySource = 'number' | 'record' | 'site' | 'agent' | 'default';

/** What the card can decide about. */
export interface CardChoices {
  /** The site that it is for, `'crm.example'`. */
  site: string;
  /** The company alone decides about this site. */
  isLocked: boolean;
  /** Whether "not a number here" makes sense: what was selected or linked by hand is one. */
  canExclude: boolean;
  /** The title of the column, or the label, under which it stands. */
  column: string | undefined;
  /** The countries by which it may be read instead; none where it says its own. */
  countries: readonly string[];
}

/** How a number was read. */
export interface NumberReading {
  /** Undefined where no country matters: an extension. */
  country: { code: string; callingCode: string; source: CountrySource } | undefined;
  because: FoundBecause | undefined;
  choices: CardChoices;
}

/** What was done on the card last, and whether it can be taken back. */
export type CardNote =
  | { type: 'copied' | 'not-copied' }
  | { type: 'country'; country: string; site: string }
  | { type: 'not-done'; why: 'not-allowed' | 'locked' | 'full' | 'browser-failed' };

/** Everything that the card shows. */
export interface CardView {
  type: 'card';
  number: PhoneNumber;
  text: string;
  reading: NumberReading;
  outlook?: NumberOutlook | undefined;
  /** Undefined while it is asked for. */
  facts?: NumberFacts | undefined;
  note?: CardNote | undefined;
}

/** The settings by which a page is read, with who said the country. */
export interface ReadBy extends Pick<PageSettings, 'country' | 'alwaysColumns' | 'site'> {
  countryFrom?: CountrySource | undefined;
}

const COUNTRIES: readonly string[] = Object.keys(REGIONS);

/** How a target was read on this page. */
export function readingOf(target: Target, settings: ReadBy): NumberReading {
  const { number, place, href } = target;
  const country = number.kind === 'e164' ? countryOf(number.number, target, settings) : undefined;
  const because = place ? becauseOf(place, settings.alwaysColumns) : href === undefined ? undefined : { rule: 'link' };
  const column = place?.before === undefined ? undefined : titlesOf(place.before).at(-1);
  const { site } = settings;
  return {
    country,
    because,
    choices: {
      site: site?.name ?? '',
      isLocked: site?.isLocked ?? true,
      canExclude: place !== undefined && (target.mark !== undefined || target.isField === true),
      column: because?.rule === 'site-column' ? undefined : column,
      countries: country !== undefined && country.source !== 'number' ? COUNTRIES : [],
    },
  };
}

function countryOf(
  e164: string,
  { place, href, text }: Target,
  { country, countryFrom }: ReadBy,
): NumberReading['country'] {
  const read = readInternational(e164.slice(1));
  const callingCode = read?.callingCode ?? '';
  const written = place ? place.text.slice(place.found.start, place.found.end) : (href ?? text);
  if (saysItself(written, e164, country)) {
    return { code: read?.country ?? '', callingCode, source: 'number' };
  }
  // Its own plan may name a smaller country with the same code (Guernsey in Great Britain): what it was read by counts.
  return { code: country, callingCode, source: countryFrom ?? 'default' };
}

// `+49 …`, `0049 …`, `tel:+49…`, `(+49)`.
function saysItself(written: string, e164: string, country: string): boolean {
  const plain = written.normalize('NFKC');
  if (plain.includes('+')) return true;
  const digits = plain.replace(/\D/g, '');
  const prefix = numberingPlanOf(country)?.internationalPrefixLength(digits) ?? 0;
  const isAbroad = prefix > 0 && digits.slice(prefix).startsWith(e164.slice(1, 4));
  // The code alone, without plus, as links often have it.
  return isAbroad || digits === e164.slice(1);
}
