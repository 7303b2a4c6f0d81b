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
  type Place,
  readingInArea,
  readingOf,
  readingWithCode,
} from './candidate.ts';
import { codeAt } from './characters.ts';
import { type Evidence, evidenceBefore, NO_EVIDENCE } from './evidence.ts';
import { extensionBehind } from './extension.ts';
import type { FoundNumber } from './find.ts';
import { type Groups, OPEN, SPACE } from './groups.ts';
import { isUsualGrouping } from './habits.ts';
import { isTrunkLeftOut, type Reading } from './reading.ts';
import { finalShapeOf, type Part, registerShapeOf, shapeOf } from './shapes.ts';
import { labelBehind, leftRule, rightRule } from './surroundings.ts';
import { tableEvidence } from './table.ts';

const ZERO = 0x30;
const ONE = 0x31;
const COLON = 0x3a;
const NEWLINE = 0x0a;
const BRACKET = 0x28;
const SQUARE_BRACKET = 0x5b;
const FEWEST_LABELLED = 6;
const FEWEST_PLAIN = 7;
// `0049 351 491` is a job.
const FEWEST_ABROAD = 11;
// A number of fourteen digits without plus is hardly one.
const MOST_PLAIN = 13;
// Where area codes and subscriber numbers have no fixed length, short digits are nearly always something else.
const FEWEST_WHERE_SHORT: Readonly<Partial<Record<string, number>>> = { DE: 9, AT: 8, IT: 9, FI: 8, LU: 8 };
const NEAR = 2;
const REFUSED: Evidence = { ...NO_EVIDENCE, kind: 'negative', reason: 'list' };
// A customer, a place, a time of day may well have a phone number.
const WEAK_REASONS = new Set(['customer', 'place', 'date', 'amount']);

/** Whether a number can begin with this group at all; cheap, and most groups of a page cannot. */
export function isReadable(place: Place, from: number, to: number): boolean {
  const { text, groups, plan, options, rejected } = place;
  const start = groups.starts[from] ?? 0;
  if (codeAt(text, start) === ZERO || rejected) return true;
  if (plan === undefined || plan.trunkPrefix !== '0' || options.areaCode !== undefined) return true;
  if (!plan.isTrunkWritten('9') || isTrunkLeftOut(plan.country)) return true;
  // 1300 … in Australia, 1588-… in Korea.
  if (!plan.isTrunkAlwaysWritten && codeAt(text, start) === ONE) return true;
  // In a country with trunk prefixes only a plus, or a label and the country's code.
  return hasPlusBefore(text, start) || couldHaveCode(place, from, to);
}

function hasPlusBefore(text: string, start: number): boolean {
  for (let at = start - 1; at >= 0 && start - at < 4; at -= 1) {
    const sign = text.charAt(at);
    if (sign === '+') return true;
    if (sign !== ' ' && sign !== '(') return false;
  }
  return false;
}

/** Whether these groups are a valid number as they are written, whatever stands around them. */
export function isWhole(place: Place, from: number, to: number): boolean {
  return readingOf(place, from, to, leadOf(place, from))?.isValid ?? false;
}

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
  // Nobody asks why, and no label could help.
  if (!place.rejected && isHopeless(place, { from, to, reading })) return refuse(place, 'invalid');
  const evidence = evidenceOf(place, lead.start);
  const isLabelled = isLabel(evidence) && evidence.distance <= NEAR;
  if (!reading?.isValid || reading.form === 'bare') {
    const end = groups.ends[to - 1] ?? 0;
    const isAlone = lead.start === 0 && end === text.length;
    const other = isLabelled && !lead.hasPlus ? readingWithCode(place, from, to) : undefined;
    const local = isLabelled || isAlone ? readingInArea(place, from, to) : undefined;
    if (other?.isValid) reading = other;
    else if (local?.isValid) reading = local;
  }
  const part: Part = { text, groups, from, to };
  const candidate: Candidate = { part, lead, end: groups.ends[to - 1] ?? 0, evidence, reading, isLabelled };
  const rule = objection(place, candidate);
  if (rule === undefined && reading) return accept(place, candidate, reading);
  if (rule === 'unknown-label' || evidence.kind === 'negative') noteRefused(place, candidate);
  return refuse(place, rule ?? 'invalid');
}

// What follows in a list is the same: `id IN (601234571, 601234572)`.
function noteRefused(place: Place, { end, evidence }: Candidate): void {
  place.lastEnd = end;
  place.lastEvidence = evidence.kind === 'negative' ? evidence : REFUSED;
}

function refuse(place: Place, rule: string): false {
  place.lastRule = rule;
  return false;
}

function isHopeless(
  place: Place,
  { from, to, reading }: { from: number; to: number; reading: Reading | undefined },
): boolean {
  if (reading?.isValid && reading.form !== 'bare') return false;
  if (place.options.areaCode !== undefined || couldHaveCode(place, from, to)) return false;
  return !reading?.isPossible || reading.form === 'bare';
}

function isLabel({ kind }: Evidence): boolean {
  return kind === 'phone' || kind === 'fax' || kind === 'extension';
}

function evidenceOf(place: Place, start: number): Evidence {
  const { text, options, lastEnd, lastEvidence } = place;
  if (start === 0 && options.before === undefined) return NO_EVIDENCE;
  const told = start > 0 && mayBeCell(place, start) ? tableEvidence(place, start) : undefined;
  if (told) return told;
  const left = start === 0 ? NO_EVIDENCE : evidenceBefore(text, start, place.words, place.taken);
  if (left.kind !== 'none') return left;
  // `Tel. 030 1, 030 2`: what the first is, the second is, too.
  if (left.stop === 'digit' && lastEvidence && left.stopAt <= lastEnd) {
    if (left.distance === 0) return lastEvidence;
    // `mother 347 1, father 347 2`
    return isLabel(lastEvidence) || lastEvidence.kind === 'hint' ? { ...left, isAfterUnknown: false } : left;
  }
  // Each line of a cell stands under its head.
  const isLineStart = codeAt(text, start - 1) === NEWLINE;
  if ((left.stop !== 'start' && !isLineStart) || options.before === undefined) return left;
  return headerEvidence(place, isLineStart ? NO_EVIDENCE : left, options.before);
}

// What the label cell says; it says so more firmly than words in a sentence do.
function headerEvidence(place: Place, left: Evidence, header: string): Evidence {
  const before = evidenceBefore(header, header.length, place.words);
  if (before.kind === 'none' || before.kind === 'hint') return before;
  if (before.kind !== 'negative') return { ...before, distance: left.distance };
  if (left.distance > 0) return NO_EVIDENCE;
  return before.isTopic
    ? { ...before, kind: 'phone', distance: 0 }
    : { ...before, isNumbered: before.isNumbered || before.distance === 0 };
}

// Directly behind a sign that divides cells, or at the start of a line.
function mayBeCell(place: Place, start: number): boolean {
  let at = start - 1;
  while (at > 0 && ' "'.includes(place.text.charAt(at)) && start - at < 3) at -= 1;
  return '\t|;,\n'.includes(place.text.charAt(at));
}

function objection(place: Place, candidate: Candidate): string | undefined {
  const { part, evidence, lead, reading, isLabelled } = candidate;
  const touching = leftTouch(place, part, lead, isLabelled);
  if (touching !== undefined) return touching;
  const shape = finalShapeOf(part);
  if (shape !== undefined) return shape;
  if (isRuledOut(candidate)) return evidence.reason === '' ? 'negative-label' : `negative-label:${evidence.reason}`;
  if (!reading) return 'invalid';
  if (reading.form === 'bare') return 'trunk';
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
  const rule = rightRule(place.text, end, { words: place.words, isCounted });
  // `415.555.0132x9`
  return rule !== undefined && extensionBehind(place.text, end, place) ? undefined : rule;
}

function leftTouch({ text, groups }: Place, { from }: Part, { start }: Lead, isLabelled: boolean): string | undefined {
  if (from === 0) return leftRule(text, start, { isLabelled });
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
  if (!isValid || to - from === 1) return distance <= NEAR;
  const isAside = isApart || lead.shown > lead.start;
  if (reading.form !== 'international' && !isMarked(text, groups, from)) {
    return distance < NEAR && !isApart && (isNumbered || !(isTopic || reason === 'date' || reason === 'place'));
  }
  if (isNumbered) return distance === 0 || (distance < NEAR && !isAside);
  if (isTopic || isAside || distance > 0) return false;
  // "Kundin Muster: 0351 4911705" speaks of a person.
  return !WEAK_REASONS.has(reason);
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
function plainRule(place: Place, { part, evidence }: Candidate, { form }: Reading): string | undefined {
  const { text, groups, from, to } = part;
  const first = groups.starts[from] ?? 0;
  const isBare = codeAt(text, first) !== ZERO;
  if (form === 'international' && isBare) return undefined;
  if (form === 'international' && countDigits(groups, from, to) < FEWEST_ABROAD) return 'too-short';
  if (to - from === 1 && isUnderUnknownLabel(place, { evidence, first, isBare })) return 'unknown-label';
  const country = place.plan?.country ?? '';
  const isUsual = isBare && isUsualGrouping(country, lengthsOf(groups, from, to));
  const shape = shapeOf(part, { isBare, isUsual }) ?? registerShapeOf(country, part);
  if (shape !== undefined) return shape;
  const digits = countDigits(groups, from, to);
  if (digits > MOST_PLAIN && form !== 'international') return 'too-long';
  if (!isBare && digits < fewestDigits(country, part) && !hasExtension(place, part)) return 'too-short';
  return isBare && !isUsual ? 'grouping' : undefined;
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

// Digits in one run, and the word that should say what they are is none that we know.
function isUnderUnknownLabel(
  { text }: Place,
  { evidence, first, isBare }: { evidence: Evidence; first: number; isBare: boolean },
): boolean {
  const { kind, isAfterCode, isAfterUnknown } = evidence;
  if (kind !== 'none') return false;
  if (isBare && codeAt(text, first - 1) === SQUARE_BRACKET) return true;
  const isColon = codeAt(text, first - 1) === COLON || codeAt(text, first - 2) === COLON;
  return isAfterCode || (isBare && isAfterUnknown && !isColon);
}

function accept(place: Place, { lead, end, evidence }: Candidate, reading: Reading): boolean {
  const { text } = place;
  const isAtEnd = end >= text.length;
  const extension = isAtEnd ? undefined : extensionBehind(text, end, place);
  const isLabelled = isLabel(evidence);
  // A label of its own stands in front; one that a list shares may be refined.
  const hasOwn = isLabelled && evidence !== place.lastEvidence;
  const behind = isAtEnd || hasOwn ? undefined : labelBehind(text, { start: lead.start, end }, place.words);
  const isFax = evidence.kind === 'fax' || behind?.kind === 'fax';
  if (behind) place.taken = behind.end;
  place.lastEnd = extension?.end ?? end;
  place.lastEvidence = evidence;
  const found: FoundNumber = {
    start: lead.shown,
    end: place.lastEnd,
    kind: isFax ? 'fax' : 'phone',
    number: reading.number,
    rule: isLabelled ? 'label' : reading.form,
  };
  if (extension) found.extension = extension.digits;
  place.found.push(found);
  return true;
}
