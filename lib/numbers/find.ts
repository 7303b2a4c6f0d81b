// Text → phone numbers: which stretches of a text are numbers that somebody would want to call, and why.
// Pure: no DOM, no browser API. It must rather miss a number than turn a date, an order or an IBAN into one: a wrong
// mark is a misdial. The engine is libphonenumber's matcher for now; labels, shapes and the trunk rule are ours.
import { type CountryCode, findPhoneNumbersInText, isSupportedCountry } from 'libphonenumber-js/max';
import { cleanText } from './clean.ts';
import { EXTENSION_PATTERN, type Label, labelOf, TRAILING_EXTENSION_WORDS } from './labels.ts';
import { SHAPES } from './shapes.ts';

/** Where the text stands. `before`: what precedes the block (label cell, `dt`, column header). */
export interface FindOptions {
  country: string;
  areaCode?: string;
  before?: string;
  /** Lengths of extensions that may be found after a label; without it none are. */
  internal?: { minDigits: number; maxDigits: number };
}

/** `number` is E.164 (`'+493023125042'`) or the digits of an extension; `start`–`end` are UTF-16 code units. */
export interface FoundNumber {
  start: number;
  end: number;
  kind: 'phone' | 'fax' | 'internal';
  number: string;
  extension?: string;
  rule: string;
}

/** A stretch that was looked at, the rule that decided, and the number if it is one. */
export interface Explanation {
  start: number;
  end: number;
  text: string;
  rule: string;
  found?: FoundNumber;
}

/** The longest text that is looked at; longer ones are not read at all. */
export const MAX_TEXT_LENGTH = 100_000;

const FEWEST_DIGITS = /\p{Nd}(?:\P{Nd}{0,8}\p{Nd}){4}/u;
const INTERNAL_GATE = /\p{Nd}/u;
const EVIDENCE_LENGTH = 40;
const EVIDENCE_WORDS = 4;

// National numbers begin with the trunk prefix 0 there: without it, +, or 00, digits are anything but a number.
const TRUNK_COUNTRIES = new Set(
  'DE AT CH GB FR NL BE AU SE FI IE ZA TR JP LU RO BG HR SI SK UA IL KR TW TH MY ID PH VN NZ'.split(' '),
);
// Shared-cost and freephone ranges that are written without the trunk prefix in countries that have one.
const WITHOUT_TRUNK: Partial<Record<string, RegExp>> = { AU: /^1(?:3\d{4}|[38]00\d{6})$/ };
const SERVICE = /(?<![\d.,/+-])(?:11[0258]|116\d{3}|911|999|144)(?![\d.,/-]{0,24}\d)/g;
const TRAILING_EXTENSION = new RegExp(`^,? ?\\(?(?:${TRAILING_EXTENSION_WORDS})[.:]? ?(\\d{1,6})(?!\\d)\\)?`, 'iu');

/** The numbers in `text`, ascending, never overlapping. Service numbers and feature codes are never among them. */
export function findNumbers(text: string, options: FindOptions): FoundNumber[] {
  return explainNumbers(text, options).flatMap(({ found }) => (found ? [found] : []));
}

/** Everything in `text` that looked like a number, ascending: those found, and those rejected with the rule's name. */
export function explainNumbers(text: string, options: FindOptions): Explanation[] {
  if (text.length > MAX_TEXT_LENGTH || !(options.internal ? INTERNAL_GATE : FEWEST_DIGITS).test(text)) return [];
  const clean = cleanText(text);
  const spans: Span[] = [];
  const masked = maskShapes(clean.text, options, spans);
  const hits = FEWEST_DIGITS.test(masked) ? engineHits(masked, options.country) : [];
  for (const hit of hits) spans.push(judge(withExtension(hit, masked), clean.text, options));
  if (options.internal) spans.push(...internalNumbers(masked, spans, options.internal));
  spans.push(...serviceNumbers(masked, spans));
  spans.sort((a, b) => a.start - b.start);
  return spans.map((span) => toExplanation(span, text, clean.originalOffset));
}

interface Span {
  start: number;
  end: number;
  rule: string;
  found?: { kind: FoundNumber['kind']; number: string; extension?: string };
}
interface Hit {
  start: number;
  end: number;
  number: string;
  isInternational: boolean;
  extension?: string;
}

// Rejected shapes are overwritten in place, so that offsets stay and what stands around them is still read.
function maskShapes(text: string, options: FindOptions, spans: Span[]): string {
  let masked = text;
  for (const { rule, pattern, isFinal } of SHAPES) {
    const parts: string[] = [];
    let done = 0;
    for (const match of masked.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      if (!/\d/.test(match[0]) || (!isFinal && isLabelled(text, start, options))) continue;
      parts.push(masked.slice(done, start), '|'.repeat(end - start));
      done = end;
      spans.push({ start, end, rule });
    }
    if (parts.length > 0) masked = parts.join('') + masked.slice(done);
  }
  return masked;
}

function isLabelled(text: string, start: number, options: FindOptions): boolean {
  const label = labelBefore(text, start, options.before);
  return label === 'phone' || label === 'fax';
}

function engineHits(masked: string, country: string): Hit[] {
  // A bare comma or semicolon never starts an extension (libphonenumber reads `212-555-0100, 303-555-0187` as one).
  const text = masked.replace(/[,;]/g, '|');
  const defaultCountry: { defaultCountry?: CountryCode } = isSupportedCountry(country)
    ? { defaultCountry: country }
    : {};
  return findPhoneNumbersInText(text, defaultCountry).map(({ startsAt, endsAt, number }) => {
    const written = text.slice(startsAt, endsAt);
    const hit: Hit = {
      start: startsAt,
      end: endsAt,
      number: number.number,
      isInternational: /^[([]?\s*(?:\+|00)/.test(written),
    };
    return number.ext === undefined ? hit : { ...hit, extension: number.ext };
  });
}

// The words that libphonenumber does not know (`poste 245`, `(ext. 234)`, `extension 77` after a comma).
function withExtension(hit: Hit, masked: string): Hit {
  if (hit.extension !== undefined) return hit;
  const match = TRAILING_EXTENSION.exec(masked.slice(hit.end, hit.end + 24));
  const extension = match?.[1];
  return match && extension ? { ...hit, end: hit.end + match[0].length, extension } : hit;
}

function judge(hit: Hit, text: string, options: FindOptions): Span {
  const { start, end } = hit;
  const label = labelBefore(text, start, options.before);
  const rule = rejection(hit, text, label, options);
  if (rule !== undefined) return { start, end, rule };
  const kind = label === 'fax' ? 'fax' : 'phone';
  const found = hit.extension === undefined ? {} : { extension: hit.extension };
  return { start, end, rule: acceptance(hit, label), found: { kind, number: hit.number, ...found } };
}

function acceptance(hit: Hit, label: Label): string {
  if (label === 'phone' || label === 'fax') return 'label';
  return hit.isInternational ? 'international' : 'national';
}

function rejection(hit: Hit, text: string, label: Label, options: FindOptions): string | undefined {
  if (touches(text, hit)) return 'touching';
  // E.164 ends at 15 digits; some countries' patterns do not.
  if (!/^\+\d{2,15}$/.test(hit.number)) return 'too-long';
  if (label === 'negative') return 'negative-label';
  if (hit.isInternational) return undefined;
  const written = text.slice(hit.start, hit.end);
  return lacksTrunk(written, options) ? 'trunk' : undefined;
}

function lacksTrunk(written: string, { country, areaCode }: FindOptions): boolean {
  if (!TRUNK_COUNTRIES.has(country) || areaCode !== undefined) return false;
  const digits = written.replace(/\D/g, '');
  return !digits.startsWith('0') && !WITHOUT_TRUNK[country]?.test(digits);
}

// Letters, `@`, `#`, a path or a minus that belong to the digits say that these are part of something else.
function touches(text: string, { start, end }: Hit): boolean {
  const left = text.slice(Math.max(0, start - 2), start);
  const right = text.slice(end, end + 2);
  if (
    /[\p{L}\p{N}_@$€£§*]$/u.test(left) ||
    /(?<!\p{L})#$/u.test(left) ||
    /[\p{L}\p{N}][-./]$/u.test(left) ||
    /(?:^|[\s(])[-/]$/.test(left)
  )
    return true;
  if (/=$/.test(left) && !/\p{L}=$/u.test(left)) return true;
  return (
    /^[\p{L}\p{N}_@#%€*]/u.test(right) ||
    /^[-.:][\p{L}\p{N}]/u.test(right) ||
    /^\/\p{L}/u.test(right) ||
    /^ ?[=×]/.test(right)
  );
}

/** What the nearest telling word to the left of `offset` says, digits end the search. */
function labelBefore(text: string, offset: number, before: string | undefined): Label {
  const left = text.slice(Math.max(0, offset - EVIDENCE_LENGTH), offset);
  const isWholeLeft = offset <= EVIDENCE_LENGTH;
  const near = nearestLabel(left);
  if (near !== 'none' || !isWholeLeft || before === undefined || /\d/.test(left)) return near;
  return nearestLabel(before.slice(-EVIDENCE_LENGTH));
}

function nearestLabel(left: string): Label {
  const tokens = left.split(/[\s,;|=]+/).filter(Boolean);
  for (let index = tokens.length - 1, seen = 0; index >= 0 && seen < EVIDENCE_WORDS; index -= 1) {
    const token = tokens[index] ?? '';
    if (/\d/.test(token)) return 'none';
    const label = labelOf(token);
    if (label === 'extension') return 'phone';
    if (label !== 'filler' && label !== 'none') return label;
    if (label === 'none') seen += 1;
  }
  return 'none';
}

function internalNumbers(
  text: string,
  taken: readonly Span[],
  lengths: { minDigits: number; maxDigits: number },
): Span[] {
  const { minDigits, maxDigits } = lengths;
  const source = `(?<![\\p{L}\\d])(?:${EXTENSION_PATTERN}|notruf|behördennummer)[.:]? ?-?(\\d{${minDigits},${maxDigits}})(?![\\d./-]{0,24}\\d)`;
  return [...text.matchAll(new RegExp(source, 'giu'))].flatMap((match) => {
    const number = match[1] ?? '';
    const end = match.index + match[0].length;
    const span = { start: end - number.length, end };
    if (overlaps(span, taken) || isService(number)) return [];
    return [{ ...span, rule: 'internal-label', found: { kind: 'internal' as const, number } }];
  });
}

function serviceNumbers(text: string, taken: readonly Span[]): Span[] {
  return [...text.matchAll(SERVICE)]
    .map((match) => ({ start: match.index, end: match.index + match[0].length, rule: 'service' }))
    .filter((span) => !overlaps(span, taken));
}

function isService(digits: string): boolean {
  return new RegExp(`^${SERVICE.source}$`).test(digits);
}

function overlaps({ start, end }: { start: number; end: number }, spans: readonly Span[]): boolean {
  return spans.some((span) => span.start < end && start < span.end);
}

function toExplanation(span: Span, text: string, original: (offset: number) => number): Explanation {
  const start = original(span.start);
  const end = original(span.end - 1) + 1;
  const explanation: Explanation = { start, end, text: text.slice(start, end), rule: span.rule };
  return span.found ? { ...explanation, found: { start, end, rule: span.rule, ...span.found } } : explanation;
}
