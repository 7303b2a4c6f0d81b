// The verdict on one candidate: evidence, shape, surroundings and numbering plan → a number, or the rule that speaks
// against it. A negative label and a touching sign are final; without a label a number has to be valid, be written like
// one, and carry `+`, `00` or the trunk prefix where the country writes one. What is cheap is asked first: most digits of
// a page are no number by their own look.

import {
  couldHaveCode,
  countDigits,
  type Lead,
  leadOf,
  lengthsOf,
  numberOf,
  type Place,
  readingInArea,
  readingOf,
  readingWithCode,
  report,
} from './candidate.ts';
import { codeAt, isDigit, isLetter } from './characters.ts';
import { type Evidence, evidenceBefore, NEAR, NO_EVIDENCE } from './evidence.ts';
import { extensionBehind } from './extension.ts';
import type { FoundNumber } from './find.ts';
import { CLOSE, type Groups, OPEN, SPACE } from './groups.ts';
import { isLikeThousands, isUsualGrouping } from './habits.ts';
import { FEWEST_ABROAD } from './plain-shape.ts';
import type { Reading } from './reading.ts';
import { finalShapeOf, type Part, registerShapeOf, shapeOf } from './shapes.ts';
import { labelBehind, leftRule, rightRule } from './surroundings.ts';
import { tableEvidence } from './table.ts';

const ZERO = 0x30;
const SPACE_SIGN = 0x20;
const COLON = 0x3a;
const DOT_SIGN = 0x2e;
const NEWLINE = 0x0a;
const BRACKET = 0x28;
const SQUARE_BRACKET = 0x5b;
const FEWEST_LABELLED = 6;
const FEWEST_PLAIN = 7;
// A number of fourteen digits without plus is hardly one.
const MOST_PLAIN = 13;
// Where area codes and subscriber numbers have no fixed length, short digits are nearly always something else.
const FEWEST_WHERE_SHORT: Readonly<Partial<Record<string, number>>> = { DE: 9, AT: 8, IT: 9, FI: 8, LU: 8 };
const NUMBER_OF_UNKNOWN = { kind: 'negative', reason: 'number', distance: 0 } as const;
// Each number asks.
const LABELLED = { isLabelled: true };
const UNLABELLED = { isLabelled: false };
const REFUSED: Evidence = { ...NO_EVIDENCE, kind: 'negative', reason: 'list' };
// A customer, a place, a time of day may well have a phone number.
const WEAK_REASONS = new Set(['customer', 'place', 'date', 'amount']);

interface Candidate {
  part: Part;
  lead: Lead;
  end: number;
  evidence: Evidence;
  reading: Reading | undefined;
  isLabelled: boolean;
}

/** Judges the groups; a number is reported, and `lastEnd` says how far it reaches. */
export function judge(place: Place, from: number, to: number): boolean {
  const { groups, text } = place;
  const lead = leadOf(place, from);
  let reading = readingOf(place, from, to, lead);
  const part: Part = { text, groups, from, to };
  // Nobody asks why, and no label could help.
  if (!place.rejected && isHopeless(place, from, to, reading)) return refuse(place, 'invalid');
  const evidence = evidenceOf(place, lead.start);
  const isLabelled = isLabel(evidence) && evidence.distance <= NEAR;
  if (!reading?.isValid || reading.form === 'bare') {
    const end = groups.ends[to - 1] ?? 0;
    const isAlone = lead.start === 0 && end === text.length;
    const other =
      (isLabelled || isCodeInBrackets(place, from)) && !lead.hasPlus ? readingWithCode(place, from, to) : undefined;
    const local = isLabelled || isAlone ? readingInArea(place, from, to) : undefined;
    if (other?.isValid) reading = other;
    else if (local?.isValid) reading = local;
  }
  const candidate: Candidate = { part, lead, end: groups.ends[to - 1] ?? 0, evidence, reading, isLabelled };
  const rule = objection(place, candidate);
  if (rule === undefined && reading) return accept(place, candidate, reading);
  if (rule === 'unknown-label' || evidence.kind === 'negative') noteRefused(place, candidate);
  return refuse(place, rule ?? 'invalid');
}

// `(33) 1 99 00 12 34`
function isCodeInBrackets({ text, groups, plan }: Place, from: number): boolean {
  const start = groups.starts[from] ?? 0;
  const length = (groups.ends[from] ?? 0) - start;
  if (plan === undefined || length !== plan.callingCode.length || codeAt(text, start - 1) !== BRACKET) return false;
  return length > 1 && ((groups.gaps[from + 1] ?? 0) & CLOSE) !== 0 && text.startsWith(plan.callingCode, start);
}

/** Keeps why digits are none: what follows in a list is the same, `id IN (601234571, 601234572)`. */
export function noteRefused(place: Place, { end, evidence }: Pick<Candidate, 'end' | 'evidence'>): void {
  place.lastEnd = end;
  place.lastEvidence = evidence.kind === 'negative' ? evidence : REFUSED;
  place.evidenceAt = -1;
}

function refuse(place: Place, rule: string): false {
  place.lastRule = rule;
  return false;
}

/** Whether the groups are no number whatever words say. */
export function isHopeless(place: Place, from: number, to: number, reading: Reading | undefined): boolean {
  if (reading?.isValid && reading.form !== 'bare') return false;
  if (place.options.areaCode !== undefined || couldHaveCode(place, from, to)) return false;
  return !reading?.isPossible || (reading.form === 'bare' && !isBareAfterLabel(place));
}

// Hungarians leave their `06` out where a label says what follows: `Mobil: 20/123-4612`.
function isBareAfterLabel({ plan }: Place): boolean {
  return plan?.country === 'HU';
}

function isLabel({ kind }: Evidence): boolean {
  return kind === 'phone' || kind === 'fax' || kind === 'extension';
}

// Fewer groups of the same number are behind the same words.
function evidenceOf(place: Place, start: number): Evidence {
  if (place.evidence !== undefined && place.evidenceAt === start) return place.evidence;
  const evidence = evidenceAt(place, start);
  place.evidence = evidence;
  place.evidenceAt = start;
  return evidence;
}

function evidenceAt(place: Place, start: number): Evidence {
  const { text, options, lastEnd, lastEvidence } = place;
  if (start === 0 && options.before === undefined) return NO_EVIDENCE;
  const isCell = start > 0 && mayBeCell(place, start);
  const told = isCell ? tableEvidence(place, start) : place.sameWords.evidenceAt(place, start);
  if (told && !isCell) place.toldByWords = start;
  if (told) return told;
  const left = start === 0 ? NO_EVIDENCE : evidenceBefore(text, start, place.words, place.taken);
  if (left.kind !== 'none') {
    place.toldByWords = start;
    if (!isCell && left.kind !== 'hint') place.sameWords.noteBefore(place, start, left);
    return left;
  }
  const skipped = left.stop === 'digit' && left.distance === 0 ? beforeSkipped(place, left.stopAt, start) : undefined;
  if (skipped) return skipped;
  // `Tel. 030 1, 030 2`: what the first is, the second is, too.
  if (left.stop === 'digit' && lastEvidence && left.stopAt <= lastEnd) {
    // `(policy no. 912345678): 91 234 56 70`: what was said of the first is over.
    if (lastEvidence.kind === 'negative' && isOver(text, left.stopAt, start)) return left;
    if (left.distance === 0) return lastEvidence;
    // `mother 347 1, father 347 2`
    const isListed = isLabel(lastEvidence) || lastEvidence.kind === 'hint' || lastEvidence.isNumbered;
    return isListed && lastEvidence.kind !== 'negative' ? { ...left, isAfterUnknown: false } : left;
  }
  // Each line of a cell stands under its head.
  const isLineStart = codeAt(text, start - 1) === NEWLINE;
  if ((left.stop !== 'start' && !isLineStart) || options.before === undefined) return left;
  return headerEvidence(place, isLineStart ? NO_EVIDENCE : left, options.before);
}

// `Chip 276 0981 0234 5678`: what is said of digits that were skipped is said of the whole row.
function beforeSkipped({ text, lastEnd, words }: Place, end: number, next: number): Evidence | undefined {
  let start = end;
  while (start > 0 && isDigit(codeAt(text, start - 1))) start -= 1;
  if (start < lastEnd || next - end !== 1 || codeAt(text, end) !== SPACE_SIGN) return undefined;
  const said = evidenceBefore(text, start, words, lastEnd);
  const isStrong = said.kind === 'negative' && said.distance === 0 && !said.isTopic;
  return isStrong && (said.isNumbered || !WEAK_REASONS.has(said.reason)) ? said : undefined;
}

// Whether a sign between two numbers ends what was said of the first.
function isOver(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (')|:'.includes(text.charAt(at))) return true;
  return false;
}

// What the label cell says; it says so more firmly than words in a sentence do.
function headerEvidence(place: Place, left: Evidence, header: string): Evidence {
  const before = evidenceBefore(header, headEnd(header), place.words);
  // `Loan number`: of something that we do not know.
  if (before.kind === 'none' && before.isNumbered && before.distance > 0) return { ...before, ...NUMBER_OF_UNKNOWN };
  // A cell with a name of its own: `Anna Sample, 511222444`.
  if (before.kind === 'none' && left.distance > 0) return left;
  if (before.kind === 'none' || before.kind === 'hint') return { ...before, isAfterName: false };
  if (before.kind !== 'negative') return { ...before, distance: left.distance };
  if (left.distance > 0) return NO_EVIDENCE;
  return before.isTopic
    ? { ...before, kind: 'phone', distance: 0 }
    : { ...before, isNumbered: before.isNumbered || before.distance === 0 };
}

// `Tel. 2`, `Phone (1)`, `Mobile #2`
function headEnd(header: string): number {
  let end = header.length;
  while (end > 0 && ' #()0123456789'.includes(header.charAt(end - 1))) end -= 1;
  return end > 0 ? end : header.length;
}

// Directly behind a sign that divides cells, or at the start of a line.
function mayBeCell(place: Place, start: number): boolean {
  let at = start - 1;
  while (at > 0 && ' "'.includes(place.text.charAt(at)) && start - at < 3) at -= 1;
  return '\t|;,\n'.includes(place.text.charAt(at));
}

function objection(place: Place, candidate: Candidate): string | undefined {
  const { part, evidence, lead, reading, isLabelled } = candidate;
  // `Tony's # 312 …`
  const isSomebodys = evidence.kind === 'hint' && evidence.isNumbered;
  const touching = leftTouch(place, part, lead, isLabelled || isSomebodys);
  if (touching !== undefined) return touching;
  const shape = isPlainPart(place, part) ? undefined : finalShapeOf(part);
  if (shape !== undefined) return shape;
  if (isRuledOut(candidate)) return evidence.reason === '' ? 'negative-label' : `negative-label:${evidence.reason}`;
  if (!reading) return 'invalid';
  if (reading.form === 'bare' && !(isLabelled && isBareAfterLabel(place))) return 'trunk';
  return (
    validityRule(place, candidate, reading) ??
    (isLabelled ? undefined : plainRule(place, candidate, reading)) ??
    rightObjection(place, candidate, reading)
  );
}

function rightObjection(place: Place, { part, end, isLabelled }: Candidate, { form }: Reading): string | undefined {
  if (end >= place.text.length) return undefined;
  const { text, groups, from } = part;
  const isCounted = form !== 'international' && !isLabelled && !isMarked(text, groups, from);
  // "… 975 21 23 45…": a quotation ends.
  if (isLabelled && place.text.charAt(end) === '…') return undefined;
  const rule = rightRule(place.text, end, { words: place.words, isCounted });
  // `415.555.0132x9`
  return rule !== undefined && extensionBehind(place.text, end, place) ? undefined : rule;
}

function leftTouch({ text, groups }: Place, { from }: Part, { start }: Lead, isLabelled: boolean): string | undefined {
  if (from === 0) return leftRule(text, start, isLabelled ? LABELLED : UNLABELLED);
  if (((groups.gaps[from] ?? 0) & (SPACE | OPEN)) !== 0) return undefined;
  // After a part of the stretch that is something else: `14:05 030 …`.
  return groups.dead[from - 1] !== 0 ? 'touching' : undefined;
}

// A leading 0 or a bracket: written like a number, not like an amount or an id.
function isMarked(text: string, { starts }: Groups, from: number): boolean {
  const start = starts[from] ?? 0;
  return codeAt(text, start) === ZERO || codeAt(text, start - 1) === BRACKET;
}

// Whether the negative word before it speaks of these digits.
function isRuledOut({ part: { text, groups, from, to }, evidence, lead, reading }: Candidate): boolean {
  if (evidence.kind !== 'negative') return false;
  const { distance, isNumbered, isTopic, isApart, isReach, reason } = evidence;
  const isValid = reading?.isValid === true;
  // A plus and a number that fits are proof enough; "reach us at" leads to a number.
  if (isValid && (lead.hasPlus || isReach)) return false;
  if (!isValid || (to - from === 1 && (isNumbered || !isTopic))) return distance <= NEAR;
  const isAside = isApart || lead.shown > lead.start;
  if (reading.form !== 'international' && !isMarked(text, groups, from)) {
    return distance < NEAR && !isApart && (isNumbered || !(isTopic || reason === 'date' || reason === 'place'));
  }
  if (isNumbered) return distance === 0 || (distance < NEAR && !isAside);
  // `Container MSKU 030231`
  if (evidence.isAfterCode && distance < NEAR) return true;
  // `pratica edilizia 06/12345680`
  if (distance === 1 && evidence.isAfterUnknown && !isTopic && !isAside && isLowerBefore(text, lead.start))
    return !WEAK_REASONS.has(reason);
  if (isTopic || isAside || distance > 0) return false;
  // "Kundin Muster: 0351 4911705" speaks of a person.
  return !WEAK_REASONS.has(reason) || evidence.isDirect;
}

// Whether the word directly before the digits begins with a small letter.
function isLowerBefore(text: string, start: number): boolean {
  let at = start - 1;
  while (at > 0 && codeAt(text, at) === SPACE_SIGN) at -= 1;
  if (!isLetter(codeAt(text, at))) return false;
  while (at > 0 && isLetter(codeAt(text, at - 1))) at -= 1;
  const first = text.charAt(at);
  return first !== first.toUpperCase();
}

// After a label a number needs not be valid, but whole: with the trunk prefix, or where all have the same length.
function validityRule(place: Place, { part, isLabelled, lead }: Candidate, reading: Reading): string | undefined {
  if (reading.isValid) return undefined;
  const { text, groups, from, to } = part;
  if (!isLabelled || !reading.isPossible || countDigits(groups, from, to) < FEWEST_LABELLED) return 'invalid';
  // Where lengths vary, nearly everything is possible: a number of another country, too.
  if (!lead.hasPlus && FEWEST_WHERE_SHORT[place.plan?.country ?? ''] !== undefined) return 'invalid';
  return lead.hasPlus || isMarked(text, groups, from) || place.plan?.trunkPrefix !== '0' ? undefined : 'invalid';
}

// What speaks against digits without any label.
function plainRule(
  place: Place,
  { part, evidence }: Pick<Candidate, 'part' | 'evidence'>,
  { form }: Reading,
): string | undefined {
  const { text, groups, from, to } = part;
  const first = groups.starts[from] ?? 0;
  const isBare = codeAt(text, first) !== ZERO;
  if (form === 'international' && isBare) return undefined;
  if (form === 'international' && countDigits(groups, from, to) < FEWEST_ABROAD) return 'too-short';
  const isUnknown = to - from === 1 && isUnderUnknownLabel(place, { evidence, first, isBare });
  if (isUnknown && !isBeforeArrow(text, groups.ends[to - 1] ?? 0)) return 'unknown-label';
  const country = place.plan?.country ?? '';
  const isUsual = isBare && !isTorn(part) && isUsualGrouping(country, lengthsOf(groups, from, to));
  if (isUnderMark(place, { evidence, first, isBare })) return 'unknown-label';
  if (!isBare && isPlainPart(place, part)) return undefined;
  const shape =
    shapeOf(part, { isBare, isUsual, hasThousands: !isLikeThousands(country) }) ?? registerShapeOf(country, part);
  if (shape !== undefined) return shape;
  const digits = countDigits(groups, from, to);
  if (digits > MOST_PLAIN && form !== 'international') return 'too-long';
  if (!isBare && digits < fewestDigits(country, part) && !hasExtension(place, part)) return 'too-short';
  return isBare && !isUsual ? 'grouping' : undefined;
}

function isPlainPart({ isPlain, groups }: Place, { from, to }: Part): boolean {
  return isPlain && from === 0 && to === groups.count;
}

// `28-31 (12-16)`: a bracket opens behind the first groups; but `1 (212) 555-0142`.
function isTorn({ groups, from, to }: Part): boolean {
  for (let index = from + 1; index < to; index += 1) {
    if (((groups.gaps[index] ?? 0) & OPEN) !== 0) return (groups.ends[from] ?? 0) - (groups.starts[from] ?? 0) > 1;
  }
  return false;
}

// `01/58058 DW 18`
function hasExtension({ text, words, options }: Place, { groups, to }: Part): boolean {
  const end = groups.ends[to - 1] ?? 0;
  return end < text.length && extensionBehind(text, end, { words, options }) !== undefined;
}

// `0371 488-0` is a switchboard.
function fewestDigits(country: string, { text, groups, to }: Part): number {
  const last = groups.starts[to - 1] ?? 0;
  const isSwitchboard = (groups.ends[to - 1] ?? 0) - last === 1 && codeAt(text, last) === ZERO;
  return isSwitchboard ? FEWEST_PLAIN : (FEWEST_WHERE_SHORT[country] ?? FEWEST_PLAIN);
}

// `Sdg. 0421 123 456`, `BOL 919-555-0162`: but companies are written in capitals, too.
function isUnderMark(
  { text }: Place,
  { evidence, first, isBare }: { evidence: Evidence; first: number; isBare: boolean },
): boolean {
  if (evidence.kind !== 'none' || !evidence.isAfterMark) return false;
  if (hasColonBefore(text, first)) return false;
  return isBare || codeAt(text, first - 2) === DOT_SIGN;
}

// `ringing 912345670 -> ext 204`: a list of calls.
function isBeforeArrow(text: string, end: number): boolean {
  return text.startsWith(' ->', end) || text.startsWith(' →', end) || text.startsWith(' =>', end);
}

function hasColonBefore(text: string, first: number): boolean {
  return codeAt(text, first - 1) === COLON || codeAt(text, first - 2) === COLON;
}

// Digits in one run, and the word that should say what they are is none that we know.
function isUnderUnknownLabel(
  { text }: Place,
  { evidence, first, isBare }: { evidence: Evidence; first: number; isBare: boolean },
): boolean {
  const { kind, isAfterCode, isAfterUnknown, isAfterName } = evidence;
  // `SMS com a UC 1134567890`: the code is nearer.
  if (kind !== 'none' && !(kind === 'hint' && isAfterCode)) return false;
  if (isBare && codeAt(text, first - 1) === SQUARE_BRACKET) return true;
  // "the office (730123469)"
  if (codeAt(text, first - 1) === BRACKET) return false;
  return isAfterCode || (isAfterUnknown && !isAfterName && !hasColonBefore(text, first));
}

function accept(place: Place, candidate: Candidate, reading: Reading): boolean {
  const { part, lead, end, evidence, isLabelled: isNear } = candidate;
  const { text } = place;
  const isAtEnd = end >= text.length;
  const extension = isAtEnd ? undefined : extensionBehind(text, end, place);
  const isLabelled = isLabel(evidence);
  // A label of its own stands in front; one that a list shares may be refined.
  const hasOwn = isLabelled && (place.toldByWords === lead.start || evidence !== place.lastEvidence);
  const behind = isAtEnd || hasOwn ? undefined : labelBehind(text, { start: lead.start, end }, place.words);
  const isFax = evidence.kind === 'fax' || behind?.kind === 'fax';
  if (behind) place.taken = behind.end;
  place.lastEnd = extension?.end ?? end;
  place.lastEvidence = evidence;
  const found: FoundNumber = {
    start: lead.shown,
    end: place.lastEnd,
    kind: isFax ? 'fax' : 'phone',
    number: numberOf(place, part, reading),
    rule: isLabelled ? 'label' : reading.form,
  };
  if (extension) found.extension = extension.digits;
  else if (isNear && place.toldByWords === lead.start) place.sameWords.noteBehind(place, end);
  report(place, found);
  return true;
}
