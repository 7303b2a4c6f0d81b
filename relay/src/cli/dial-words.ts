// An explained dial plan in English words for the terminal: how a number was read, what the rules say, and what each digit
// that would be dialled is for. The explanation itself comes from the code that dials.
import type { Location, NumberType, PhoneNumber } from '@offhook/protocol';
import type { DialPart, Reach } from '@offhook/protocol/dial-plan';
import type { DiallingExplanation } from '@offhook/protocol/explain-dialling';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

const TYPES: Record<NumberType, string> = {
  mobile: 'a mobile number',
  fixed: 'a fixed-line number',
  fixedOrMobile: 'a fixed-line or mobile number',
  premium: 'a premium-rate number',
  sharedCost: 'a shared-cost number',
  tollFree: 'a toll-free number',
  voip: 'an internet telephony number',
  personal: 'a personal number',
  pager: 'a pager',
  uan: 'a company-wide number',
  voicemail: 'a voice mailbox',
  unknown: 'a number of no known kind',
};

const REASONS: Record<string, string> = {
  emergency: 'emergency numbers are dialled on the phone itself',
  service: 'service numbers are dialled on the phone itself',
  code: 'feature codes are dialled on the phone itself',
  premium: 'premium-rate numbers are never dialled',
  satellite: 'satellite and international network numbers are never dialled',
};

const QUESTIONS: Record<string, string> = {
  emergency: 'an emergency number, dialled once the agent has confirmed it, without limits',
  service: 'a service number, dialled once the agent has confirmed it, without limits',
};

const REACHES: Record<Reach, string> = {
  local: 'a local call',
  longDistance: 'a long-distance call',
  international: 'an international call',
};

/** The lines that explain one number from one place. */
export function diallingLines(text: string, location: Location, explained: DiallingExplanation): string[] {
  const { verdict, parts } = explained;
  return [
    `read as   ${readWords(text, location, explained)}`,
    `rules     ${ruleWords(explained)}`,
    ...parts.map(
      (part, index) => `${index === 0 ? 'dialled   ' : '          '}${partWords(part, location, explained)}`,
    ),
    ...(verdict.dialString === undefined ? [] : [`digits    ${verdict.dialString}`]),
  ];
}

/** What to do about a text that is no number here; undefined for one that is. */
export function remedyFor(text: string, location: Location, { reading }: DiallingExplanation): string | undefined {
  if (reading !== 'unreadable') return undefined;
  const digits = text.replace(/[\s./()-]/g, '');
  if (!/[0-9]/.test(digits)) return 'write digits, for example +49 30 23125042';
  if (/[^0-9+*#]/.test(digits))
    return 'write one number, with digits, blanks, dots, slashes, brackets and hyphens only';
  if (/^\+/.test(digits)) return 'check country code and length';
  if (/^010/.test(digits) && location.carrier.longDistance === '') {
    return 'if it begins with a carrier’s prefix, set carrierCode in the location';
  }
  if (/^[1-9]/.test(digits) && location.areaCode === undefined) {
    return 'write the area code, or set areaCode in the location; is it an extension, set internal';
  }
  return `write it as in ${location.country}, or with + and the country code`;
}

function readWords(text: string, location: Location, explained: DiallingExplanation): string {
  const { reading, typedCarrier, typedOutsideLine, verdict } = explained;
  const taken = [
    typedOutsideLine === undefined ? '' : `"${typedOutsideLine}" before it is the outside line`,
    typedCarrier === undefined ? '' : `"${typedCarrier}" before it is the carrier`,
  ].filter(Boolean);
  const why = {
    code: 'a feature code, because of * or #',
    service: `a service number in ${location.country}`,
    extension: 'an extension: as long and in the range as "internal" says',
    international: 'it has a country code',
    national: `written as in ${location.country}, with the area code`,
    local: `without prefix, so in the area ${location.areaCode ?? ''}`,
    unreadable: `no number: "${text}" from ${location.country}`,
  }[reading];
  const what = numberWords(verdict.number);
  const type = verdict.numberType === undefined ? '' : `, ${TYPES[verdict.numberType]}`;
  return [`${what === '' ? '' : `${what}${type}: `}${why}`, ...taken].join('; ');
}

function numberWords(number: PhoneNumber): string {
  switch (number.kind) {
    case 'e164': {
      const text = parsePhoneNumberFromString(number.number)?.formatInternational() ?? number.number;
      return number.extension === undefined ? text : `${text} (then ${number.extension}, which is not dialled)`;
    }
    case 'internal':
    case 'service':
      return number.number;
    case 'code':
      return number.code;
    case 'anonymous':
    case 'hidden':
    case 'raw':
      return '';
    default:
      return number satisfies never;
  }
}

function ruleWords({ verdict, reach }: DiallingExplanation): string {
  if (verdict.decision === 'allowed') return `allowed${reach === undefined ? '' : `, ${REACHES[reach]}`}`;
  if (verdict.decision === 'confirm') {
    return `confirmation: ${QUESTIONS[String(verdict.params?.['reason'] ?? '')] ?? 'dialled once the agent has confirmed it'}`;
  }
  if (verdict.code === 'policy-blocked') {
    const reason = String(verdict.params?.['reason'] ?? '');
    return `refused (policy-blocked, ${reason}): ${REASONS[reason] ?? 'the rules forbid it'}`;
  }
  return 'refused (number-invalid): there is nothing that could be dialled';
}

function partWords({ code, digits }: DialPart, location: Location, { reach, verdict }: DiallingExplanation): string {
  const lines = location.outsideLine;
  const isOne = lines.local === lines.longDistance && lines.local === lines.international;
  const words: Record<DialPart['code'], string> = {
    outsideLine: isOne || reach === undefined ? 'outside line' : `outside line for ${REACHES[reach].slice(2)}s`,
    carrier: 'carrier',
    plus: `for the format "${location.format}"`,
    internationalPrefix: 'prefix for numbers with a country code',
    trunkPrefix: `trunk prefix of national numbers in ${location.country}`,
    number:
      verdict.number.kind === 'e164'
        ? numberPartWords(digits, { location, reach, e164: verdict.number.number })
        : 'as it is',
  };
  return `${digits.padEnd(14)} ${words[code]}`;
}

function numberPartWords(
  digits: string,
  { location, reach, e164 }: { location: Location; reach: Reach | undefined; e164: string },
): string {
  if (location.format !== 'phoneBook' || reach === 'international') return 'country code and number';
  // The area code stays where the rest could be mistaken for something else.
  const isShortened = digits.length < (parsePhoneNumberFromString(e164)?.nationalNumber.length ?? 0);
  return isShortened ? 'number in the own area' : 'area code and number';
}
