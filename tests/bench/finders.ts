// The finders that ours is compared with for quality: libphonenumber's, and two regular expressions that half the world
// copies. What they need to be comparable is done here, in their favour.
import {
  type CountryCode,
  findPhoneNumbersInText,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import type { Finder, LabelledCase } from '../lib/numbers/evaluate.ts';

/** `findPhoneNumbersInText` of libphonenumber-js/max. */
export const libphonenumber: Finder = (text, { country }) =>
  findPhoneNumbersInText(text, regionOf(country)).map(({ number: { number, ext } }) =>
    ext === undefined ? number : `${number} x${ext}`,
  );

/** `android.util.Patterns.PHONE`, the pattern behind Linkify and a long line of copies in every language. */
export const androidPattern: Finder = matching(/(?:\+[0-9]+[- .]*)?(?:\([0-9]+\)[- .]*)?[0-9][0-9\- .]+[0-9]/g);

/** The `phone` pattern of CommonRegex (Python, and its ports to JavaScript, Go, Java, Rust …). */
export const commonRegex: Finder = matching(
  /(?:(?<![\d-])(?:\+?\d{1,3}[-.\s*]?)?(?:\(?\d{3}\)?[-.\s*]?)?\d{3}[-.\s*]?\d{4}(?![\d-]))|(?:(?<![\d-])(?:(?:\(\+?\d{2}\))|(?:\+?\d{2}))\s*\d{2}\s*\d{3}\s*\d{4}(?![\d-]))/g,
);

/** The case as a finder can solve it that knows neither fax numbers nor internal ones: those are no errors of its own. */
export function withoutKinds({ expected, optional = [], internal: _, ...rest }: LabelledCase): LabelledCase {
  const plain = (numbers: readonly string[]) =>
    numbers.filter((number) => !number.startsWith('internal ')).map((number) => number.replace(/^fax /, ''));
  return { ...rest, expected: plain(expected), optional: plain(optional) };
}

// A pattern finds text. What would be dialled is the number that libphonenumber reads there, valid or not; text that
// nobody could read as a number still is a wrong mark on the page.
function matching(pattern: RegExp): Finder {
  return (text, { country }) =>
    [...text.matchAll(pattern)].map(([found]) => parsePhoneNumberFromString(found, regionOf(country))?.number ?? found);
}

function regionOf(country: string): { defaultCountry?: CountryCode } {
  return isSupportedCountry(country) ? { defaultCountry: country } : {};
}
