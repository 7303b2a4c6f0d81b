// What touches digits from either side and makes them part of something else: letters, `@`, paths, currencies, units, file
// extensions. Looks at signs and the words next to the digits only; labels further away are evidence.ts.
import { codeAt, isDigit, isLetter, isWordSign } from './characters.ts';
import { plainWord } from './spelling.ts';
import type { Words } from './words.ts';

const CURRENCY = '€$£¥₹¢§';
const LONGEST_UNIT = 14;
const LONGEST_TOKEN = 300;

/** The rule by which what stands left of `start` makes the digits none; `isLabelled`: a phone word stands right there. */
export function leftRule(text: string, start: number, { isLabelled }: { isLabelled: boolean }): string | undefined {
  if (start === 0) return undefined;
  const code = codeAt(text, start - 1);
  if (code === 0x20) return spacedLeftRule(text, start, isLabelled);
  if (isWordSign(code)) return isLabelled && isLetter(code) ? undefined : 'touching';
  switch (text.charAt(start - 1)) {
    case '*':
      return startsCode(text, start) ? 'code' : undefined;
    case '#':
    case '=':
      // `to=+254711123456` in a log
      if (text.charAt(start) === '+' && !isInAddress(text, start)) return undefined;
      return isLabelled && !isInAddress(text, start) ? undefined : 'touching';
    case '@':
    case '\\':
    case '%':
    case '°':
    case '~':
    case '^':
      return 'touching';
    case '/':
    case '.':
    case '-':
      // The Hebrew "to" is a letter and a dash: `ל-050…`.
      if (isHebrew(codeAt(text, start - 2))) return undefined;
      return isLabelled && isLetter(charBeforeSigns(text, start)) && !isInAddress(text, start) ? undefined : 'touching';
    case '"':
      // <td width="0351">
      return text.charAt(start - 2) === '=' && !isLabelled && text.charAt(start) !== '+' ? 'touching' : undefined;
    default:
      return CURRENCY.includes(text.charAt(start - 1)) ? 'price' : undefined;
  }
}

function isHebrew(code: number): boolean {
  return code >= 0x5d0 && code <= 0x5ea;
}

// `*21*0302…`, `*31#0302…`; but `*0171 3920012*` is somebody's bold.
function startsCode(text: string, start: number): boolean {
  let at = start - 1;
  while (at >= 0 && text.charAt(at) === '*') at -= 1;
  return isDigit(codeAt(text, at)) || text.charAt(at) === '#';
}

/** Whether the letters that touch the digits are a label that lost its space. */
export function isLabelGlued(text: string, start: number, words: () => Words): boolean {
  let at = start;
  while (at > 0 && start - at <= LONGEST_UNIT && isLetter(codeAt(text, at - 1))) at -= 1;
  if (start - at < 3) return false;
  const kind = words().labelOf(plainWord(text.slice(at, start)), '', '')?.kind;
  return kind === 'phone' || kind === 'fax';
}

// `€ 1 012`, `§ 415`, `id = 650…`, `# 415…`
function spacedLeftRule(text: string, start: number, isLabelled: boolean): string | undefined {
  let at = start - 2;
  if (at >= 0 && codeAt(text, at) === 0x20) at -= 1;
  const sign = text.charAt(at);
  if (sign === '') return undefined;
  // `12,50 € 030 …`: the price of something else.
  if (CURRENCY.includes(sign))
    return isDigit(codeAt(text, at - 1)) || isDigit(codeAt(text, at - 2)) ? undefined : 'price';
  if (sign === '>' && isQuoted(text, at)) return undefined;
  // `0171 … -> 030 …`, `=> 030 …`
  if (sign === '>' && '-='.includes(text.charAt(at - 1)) && at > 0) return undefined;
  return !isLabelled && '=<>×#±≈~'.includes(sign) ? 'touching' : undefined;
}

// `> 030 …`, `>> 030 …`: a mail that is answered.
function isQuoted(text: string, from: number): boolean {
  let at = from;
  while (at >= 0 && from - at < LONGEST_UNIT && '> '.includes(text.charAt(at))) at -= 1;
  return at < 0 || codeAt(text, at) === 0x0a;
}

function charBeforeSigns(text: string, start: number): number {
  let at = start - 1;
  while (at > 0 && './-:'.includes(text.charAt(at))) at -= 1;
  return codeAt(text, at);
}

// Whether the characters up to the last space are a web or mail address.
function isInAddress(text: string, start: number): boolean {
  let at = start - 1;
  const low = Math.max(0, start - LONGEST_TOKEN);
  while (at >= low && codeAt(text, at) > 0x20) at -= 1;
  const token = text.slice(at + 1, start);
  return token.includes('://') || token.includes('@') || token.startsWith('www.') || /^[/?]|[?&]/.test(token);
}

/** The rule by which what stands right of `end` makes the digits none. `isCounted` ones may be a measurement. */
export function rightRule(
  text: string,
  end: number,
  { words, isCounted }: { words: () => Words; isCounted: boolean },
): string | undefined {
  if (end >= text.length) return undefined;
  const code = codeAt(text, end);
  if (code === 0x20) return isCounted ? countRule(text, end + 1, words) : spacedRightRule(text, end + 1);
  if (isWordSign(code)) return 'touching';
  const next = codeAt(text, end + 1);
  switch (text.charAt(end)) {
    case '*':
      // A footnote, but for codes.
      return isDigit(next) || next === 0x23 ? 'code' : undefined;
    case '#':
    case '@':
    case '=':
    case '\\':
    case '²':
    case '³':
    case '…':
    case '^':
    case '~':
      return 'touching';
    case '%':
    case '‰':
    case '°':
      return 'measurement';
    case '.':
      if (isLetter(next)) {
        // `… 912 345 678.Gracias`: the space between two sentences is missing; file names go on in small letters.
        return isNextLabel(text, end + 1, words) || isCapitalized(text, end + 1) ? undefined : 'touching';
      }
      return isDigit(next) || (next === 0x2e && text.charAt(end + 2) === '.') ? 'touching' : undefined;
    case ':':
      return isDigit(next) ? 'time' : undefined;
    case '-':
    case '/':
      return isLetter(next) && !isNextLabel(text, end + 1, words) ? 'touching' : undefined;
    case ',':
      return next === 0x2d ? 'price' : undefined;
    default:
      return CURRENCY.includes(text.charAt(end)) ? 'price' : undefined;
  }
}

// `650 = 253`, `650 × 3`; and `030 2312 €`, whatever stands before it.
function spacedRightRule(text: string, at: number): string | undefined {
  const sign = text.charAt(at);
  // A footnote, but for sums: `650 * 3`.
  if (sign === '*') return isDigit(codeAt(text, at + 1)) || isDigit(codeAt(text, at + 2)) ? 'touching' : undefined;
  if ('=×'.includes(sign) && sign !== '') return 'touching';
  return sign !== '' && '€£¥₹%'.includes(sign) ? 'price' : undefined;
}

function countRule(text: string, at: number, words: () => Words): string | undefined {
  return spacedRightRule(text, at) ?? (isUnitAt(text, at, words) ? 'measurement' : undefined);
}

// Whether a unit, a currency or a counted thing begins at `at`: `kg`, `Seiten`, `€`.
function isUnitAt(text: string, at: number, words: () => Words): boolean {
  if (CURRENCY.includes(text.charAt(at)) && at < text.length) return true;
  const end = wordEnd(text, at);
  if (end === at) return false;
  // `219 876 500 a 03`: to; `601 234 567 w godz. 8`, `1800 160 401 A/H`: a word of one letter.
  if (end - at === 1 && ('aeoyi'.includes(text.charAt(at)) || isWordBehind(text, end))) return false;
  // `T: …`, `M. …` and `H 030 …` behind a number are the next label.
  if (end - at === 1 && ':.'.includes(text.charAt(end))) return false;
  if (end - at === 1 && text.charAt(end) === ' ' && isDigit(codeAt(text, end + 1))) return false;
  return words().isUnit(text.slice(at, end));
}

function isCapitalized(text: string, at: number): boolean {
  const first = text.charAt(at);
  const second = text.charAt(at + 1);
  return first !== first.toLowerCase() && second !== second.toUpperCase();
}

function isWordBehind(text: string, end: number): boolean {
  const sign = text.charAt(end);
  return (sign === ' ' || sign === '/') && isLetter(codeAt(text, end + 1));
}

function wordEnd(text: string, at: number): number {
  let end = at;
  while (
    end < text.length &&
    end - at <= LONGEST_UNIT &&
    (isLetter(codeAt(text, end)) || '°²³%'.includes(text.charAt(end)))
  ) {
    end += 1;
  }
  return end;
}

// `030 1-Fax 030 2`, `030 1.Enquiries:030 2`
function isNextLabel(text: string, at: number, words: () => Words): boolean {
  const end = wordEnd(text, at);
  if (text.charAt(end) === ':' || (text.charAt(end) === '.' && isDigit(codeAt(text, end + 1)))) return true;
  const word = words().labelOf(plainWord(text.slice(at, end)), '', '');
  return word !== undefined && word.kind !== 'negative' && word.kind !== 'filler';
}

/** What kind of number a word right behind it says, and where that label ends. */
interface LabelBehind {
  kind: 'phone' | 'fax';
  end: number;
}

/** The label right behind a number, where it cannot be the next one's: `(Fax)`, `(f)`, ` Fax`. */
export function labelBehind(
  text: string,
  { start, end }: { start: number; end: number },
  words: () => Words,
): LabelBehind | undefined {
  let at = end;
  while (at - end < 3 && ' (-'.includes(text.charAt(at)) && at < text.length) at += 1;
  if (at === end) return undefined;
  const stop = wordEnd(text, at);
  if (stop === at) return undefined;
  const isBracketed = text.charAt(at - 1) === '(' && text.charAt(text.charAt(stop) === '.' ? stop + 1 : stop) === ')';
  // `(o) 212 … (f) 212 …`: the labels stand in front here.
  if (isBracketed ? isLabelEnd(text, start) : text.charAt(at - 1) === '(' || hasDigitsBehind(text, stop))
    return undefined;
  const word = text.slice(at, stop);
  const kind = word === 'f' || word === 'F' ? 'fax' : words().labelOf(plainWord(word), '', '')?.kind;
  if (kind === 'fax') return { kind, end: stop };
  return kind === 'phone' && isBracketed ? { kind, end: stop } : undefined;
}

function isLabelEnd(text: string, start: number): boolean {
  let at = start - 1;
  while (at >= 0 && start - at < 3 && codeAt(text, at) === 0x20) at -= 1;
  return at >= 0 && '):'.includes(text.charAt(at));
}

function hasDigitsBehind(text: string, from: number): boolean {
  for (let at = from; at < Math.min(text.length, from + 8); at += 1) {
    const code = codeAt(text, at);
    if (isDigit(code)) return true;
    if (code === 0x0a || isLetter(code)) return false;
  }
  return false;
}
