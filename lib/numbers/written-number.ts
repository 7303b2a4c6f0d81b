// A text that is meant to be one number, as in a phone link or a selection → that number. Answers like the protocol's
// `readNumber` for a place of which only the country is known, but from the generated plans: a page loads no phone library.
// Must never turn a service number or a feature code into a public number.
import type { PhoneNumber } from '@offhook/protocol';
import { isServiceNumber } from '@offhook/protocol/service-numbers';
import { type NumberingPlan, numberingPlanOf, readInternational } from './numbering-plan.ts';

const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const SEPARATORS = /[\s./()-]/g;
const EXTENSION = /^[1-9][0-9]{1,4}$/;
const LONGEST_WRITTEN = 64;
const MOST_DIGITS = 15;

/** The number that the whole text is, read in `country` (ISO 3166), or undefined where it is none. */
export function readWrittenNumber(text: string, country: string): PhoneNumber | undefined {
  const clean = text
    .slice(0, LONGEST_WRITTEN + 1)
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .trim();
  if (clean.length > LONGEST_WRITTEN) return undefined;
  if (/[*#]/.test(clean)) {
    const code = clean.replace(/\s/g, '');
    return /^[0-9*#]{1,32}$/.test(code) ? { kind: 'code', code } : undefined;
  }
  const digits = clean.replace(SEPARATORS, '');
  if (!/^\+?[0-9]+$/.test(digits)) return undefined;
  if (isServiceNumber(digits, country)) return { kind: 'service', number: digits };
  if (EXTENSION.test(digits)) return { kind: 'internal', number: digits };
  const number = publicNumber(digits, country);
  return number === undefined || number.length > MOST_DIGITS + 1 ? undefined : { kind: 'e164', number };
}

function publicNumber(digits: string, country: string): string | undefined {
  if (digits.startsWith('+')) {
    const read = readInternational(digits.slice(1));
    return read && (read.isValid || read.isPossible) ? `+${read.callingCode}${read.national}` : undefined;
  }
  const plan = numberingPlanOf(country);
  if (!plan) return undefined;
  const abroad = plan.internationalPrefixLength(digits);
  const foreign = abroad > 0 ? readInternational(digits.slice(abroad)) : undefined;
  if (foreign?.isValid) return `+${foreign.callingCode}${foreign.national}`;
  const national = nationalIn(digits, plan);
  return national === undefined ? undefined : `+${plan.callingCode}${national}`;
}

function nationalIn(digits: string, plan: NumberingPlan): string | undefined {
  const dialled = plan.nationalOf(digits);
  // Links often hold the own country's code without its plus. A number that is valid without that reading keeps it.
  const isCoded = !plan.isValid(dialled) && digits.startsWith(plan.callingCode);
  const national = isCoded ? plan.nationalOf(digits.slice(plan.callingCode.length)) : dialled;
  if (!plan.isValid(national)) return undefined;
  // Without the prefix that people of the country write, a number is a guess: 4911705 "is" Leer.
  const isTrunkZero = plan.trunkPrefix.startsWith('0') && plan.isTrunkWritten(national);
  const lacksTrunk = isTrunkZero && !digits.startsWith('0') && !isWrittenWithout(national, plan);
  return lacksTrunk ? undefined : national;
}

// Indian mobile numbers are written without it by everybody.
function isWrittenWithout(national: string, { country }: NumberingPlan): boolean {
  return country === 'IN' && /^[6-9][0-9]{9}$/.test(national);
}
