// What an asked call would call: the number in a phone link or a selected text, by which country it was read, and why; or
// that there is none. Pure. What is read here is shown before anything is dialled.
import type { PhoneNumber } from '@offhook/protocol';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { type AskedCall, MAX_ASKED_LENGTH } from './asked-calls.ts';
import { oneNumberIn } from './numbers/one-number.ts';
import { readTelLink } from './numbers/tel-link.ts';
import type { SettingsInForce } from './policy.ts';
import { ruleOf } from './site-rules.ts';

/** An asked call as it was read. `written` is what was taken for the number, or all of it: without invisible characters. */
export type AskedReading =
  | {
      type: 'number';
      number: PhoneNumber;
      written: string;
      isFax: boolean;
      /** The number's country (ISO 3166) and why; only public numbers have one. */
      country?: { code: string; because: CountryReason } | undefined;
    }
  | { type: 'none'; why: 'too-long' | 'no-number'; kind: AskedCall['kind']; written: string; country: ReadingCountry };

/** `code`: the number says so itself; else who set the country that numbers without one are read by. */
export type CountryReason = 'code' | 'site' | 'agent' | 'default';

/** By which country numbers are read that do not say theirs. */
export interface ReadingCountry {
  code: string;
  because: Exclude<CountryReason, 'code'>;
}

const MAX_SHOWN_LENGTH = 60;
// What changes how the text around it is drawn, or is not drawn at all.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu;

/** The country for a call that was asked for on a site: that site's rule, else the agent's choice, else a guess. */
export function countryFor(
  { site }: Pick<AskedCall, 'site'>,
  { siteRules, country }: Pick<SettingsInForce, 'siteRules' | 'country'>,
  guessed: string,
): ReadingCountry {
  const ofSite = site === undefined ? undefined : ruleOf(siteRules, site)?.country;
  if (ofSite !== undefined) return { code: ofSite, because: 'site' };
  return country === undefined ? { code: guessed, because: 'default' } : { code: country, because: 'agent' };
}

/** Reads what was asked for. */
export function readAsked({ kind, text }: Pick<AskedCall, 'kind' | 'text'>, country: ReadingCountry): AskedReading {
  const written = shownText(text);
  if (text.length >= MAX_ASKED_LENGTH) return { type: 'none', why: 'too-long', kind, written, country };
  const found = kind === 'link' ? inLink(text, country.code) : oneNumberIn(text, { country: country.code });
  if (!found) return { type: 'none', why: 'no-number', kind, written, country };
  const { number, isFax } = found;
  return {
    type: 'number',
    number,
    written: shownText(found.text),
    isFax,
    country: countryOf(number, found.text, country),
  };
}

function inLink(text: string, country: string) {
  const number = readTelLink(text, { country });
  return number && { number, text: decodedLink(text), isFax: false };
}

function countryOf(number: PhoneNumber, written: string, country: ReadingCountry) {
  if (number.kind !== 'e164') return undefined;
  const code = parsePhoneNumberFromString(number.number)?.country;
  if (code === undefined) return undefined;
  const saysSo = /^[^\d+]*(?:\+|00)|phone-context=\+/.test(written);
  return { code, because: saysSo ? ('code' as const) : country.because };
}

// `tel:%2B49%2030…` as people would write it.
function shownText(text: string): string {
  const plain = decodedLink(text).replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  return plain.length > MAX_SHOWN_LENGTH ? `${plain.slice(0, MAX_SHOWN_LENGTH - 1)}…` : plain;
}

function decodedLink(text: string): string {
  const address = text.replace(/^\s*(?:tel|callto|sips?):(?:\/\/)?/i, '');
  if (address === text) return text;
  try {
    return decodeURIComponent(address);
  } catch {
    // A stray percent sign: the text as it is.
    return address;
  }
}
