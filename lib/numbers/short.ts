// Stretches of few digits: extensions on their own, vanity numbers, service numbers and codes. Emergency and service
// numbers and codes are named to whoever asks why, and never found.

import { type Place, reject, report } from './candidate.ts';
import { codeAt, isDigit, isLetter } from './characters.ts';
import { evidenceBefore } from './evidence.ts';
import type { Groups } from './groups.ts';
import type { NumberingPlan } from './numbering-plan.ts';
import { leftRule, rightRule } from './surroundings.ts';

// Emergency and public service numbers: everywhere, and by country.
const SERVICE = new Set(['110', '112', '911', '999', '000', '115']);
const SERVICE_OF: Readonly<Partial<Record<string, string>>> = {
  DE: '115 19222 19240',
  AT: '122 133 140 141 142 144 147',
  CH: '117 118 143 144 145 147 1414',
  FR: '15 17 18 114 119 3919',
  BE: '100 101 102 103 105 107',
  GB: '101 105 111 119',
  IT: '113 115 117 118 1522',
  ES: '016 061 062 080 091 092',
  NL: '113 144 1400',
  PL: '997 998 999 986',
  PT: '117 144 808',
  DK: '114',
  SE: '113 114 1177 11414 11313',
  US: '211 311 411 511 611 711 811 988 933',
  CA: '211 311 411 511 611 711 811 988',
  AU: '106 1194 1196',
  IN: '100 101 102 108 1091 1098',
};
// 116 xxx: the European numbers of social value; 118 xx(x): directory enquiries.
const SERVICE_RANGE = /^11[68]\d{2,3}$/;
const MAX_VANITY_LETTERS = 12;
const FEWEST_VANITY_LETTERS = 3;
const KEYPAD = '22233344455566677778889999';
// What a vanity number begins with, by country, and how many letters have to follow.
const VANITY: Readonly<Partial<Record<string, { prefix: RegExp; letters: number }>>> = {
  US: { prefix: /^1?(?:800|888|877|866|855|844|833|900)/, letters: 7 },
  AU: { prefix: /^1[38]00/, letters: 6 },
  NZ: { prefix: /^0?800/, letters: 6 },
  GB: { prefix: /^080[08]/, letters: 7 },
  DE: { prefix: /^0?(?:800|180|900|700)/, letters: 7 },
};

/** What numbers with words in them begin with in the plan's country, as a pattern; `''` where none are known. */
export function vanityPrefixOf(plan: NumberingPlan): string {
  return vanityOf(plan)?.prefix.source.slice(1) ?? '';
}

function vanityOf({ callingCode, country }: NumberingPlan): { prefix: RegExp; letters: number } | undefined {
  return VANITY[callingCode === '1' ? 'US' : country];
}

/** Reads a stretch with fewer digits than a number has; answers the offset behind what it took. */
export function readShort(place: Place, from: number, end: number): number {
  const { options, rejected } = place;
  const taken = readVanity(place, from, end);
  if (taken > end) return taken;
  if (options.internal) readInternal(place, from, end);
  else if (rejected) nameService(place, from, end);
  return end;
}

/** Whether the code unit is a capital letter of the keypad. */
export function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

/** Reads digits with words behind them, 1-800-FLOWERS, 888-555-HIRE; answers the offset behind, or `end` if they are none. */
export function readVanity(place: Place, from: number, end: number): number {
  const { text, groups, plan } = place;
  const next = codeAt(text, end);
  if ((next !== 0x20 && next !== 0x2d && next !== 0x2e) || !isCapital(codeAt(text, end + 1))) return end;
  const habit = plan && vanityOf(plan);
  if (!habit || !plan) return end;
  const written = digitsOf(text, groups);
  const prefix = habit.prefix.exec(written)?.[0];
  if (prefix === undefined) return end;
  let at = end + 1;
  let digits = written.slice(prefix.length);
  const fewest = digits.length + FEWEST_VANITY_LETTERS;
  while (at < text.length && at - end <= MAX_VANITY_LETTERS + 2) {
    const code = codeAt(text, at);
    if (isCapital(code)) digits += KEYPAD.charAt(code - 0x41);
    else if (isDigit(code)) digits += text.charAt(at);
    else if (code !== 0x2d && !(code === 0x20 && isCapital(codeAt(text, at + 1)))) break;
    at += 1;
    if (digits.length >= habit.letters && !isCapital(codeAt(text, at))) break;
  }
  if (fewest > habit.letters || digits.length < habit.letters || digits.length > MAX_VANITY_LETTERS) return end;
  if (isLetter(codeAt(text, at)) || isDigit(codeAt(text, at))) return end;
  const national = plan.nationalOf(prefix + digits.slice(0, habit.letters));
  const start = text.charAt(from - 1) === '(' ? from - 1 : from;
  if (!plan.isValid(national) || leftRule(text, start, { isLabelled: false }) !== undefined) return end;
  place.lastEnd = at;
  report(place, { start, end: at, kind: 'phone', number: `+${plan.callingCode}${national}`, rule: 'vanity' });
  return at;
}

function digitsOf(text: string, { starts, ends, count }: Groups): string {
  let digits = '';
  for (let index = 0; index < count; index += 1) digits += text.slice(starts[index] ?? 0, ends[index] ?? 0);
  return digits;
}

function readInternal(place: Place, from: number, end: number): void {
  const { text, options, groups, words } = place;
  const { minDigits, maxDigits } = options.internal ?? { minDigits: 0, maxDigits: 0 };
  const digits = digitsOf(text, groups);
  if (groups.count !== 1 || isService(digits, place)) return nameService(place, from, end);
  if (digits.length < minDigits || digits.length > maxDigits || from < place.lastEnd) return;
  if (!isExtensionLabelled(place, from, end)) return;
  if (rightRule(text, end, { words, isCounted: true }) !== undefined) return reject(place, from, end, 'touching');
  place.lastEnd = end;
  report(place, { start: from, end, kind: 'internal', number: digits, rule: 'internal-label' });
}

// `Durchwahl 18`, `x4711`, `App.: -18`; behind a phone label only where the digits are all there is.
function isExtensionLabelled({ text, options, words }: Place, from: number, end: number): boolean {
  const start = text.charAt(from - 1) === '-' ? from - 1 : from;
  const own = evidenceBefore(text, start, words);
  if (own.kind === 'extension') return own.distance === 0;
  if (own.kind !== 'none' || own.stop !== 'start' || own.distance > 0) {
    return (
      own.kind === 'phone' &&
      own.distance === 0 &&
      end === text.trimEnd().length &&
      /[:.]\s*$/.test(text.slice(0, from))
    );
  }
  const { before } = options;
  if (before === undefined) return false;
  const { kind } = evidenceBefore(before, before.length, words);
  return kind === 'extension' || (kind === 'phone' && end === text.trimEnd().length);
}

function nameService(place: Place, from: number, end: number): void {
  const { text, groups, rejected } = place;
  if (!rejected || groups.count !== 1) return;
  const before = text.charAt(from - 1);
  if (before === '*' || before === '#') return reject(place, from, end, 'code');
  const isWord = !isLetter(codeAt(text, from - 1)) && !isLetter(codeAt(text, end));
  if (isWord && isService(text.slice(from, end), place)) reject(place, from, end, 'service');
}

function isService(digits: string, { options }: Place): boolean {
  if (SERVICE.has(digits) || SERVICE_RANGE.test(digits)) return true;
  return SERVICE_OF[options.country]?.split(' ').includes(digits) ?? false;
}
