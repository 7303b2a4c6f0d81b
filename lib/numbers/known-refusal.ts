// Digits behind words that say that they are no number: `Bestellung 01108142 vom …` in every other line of a mail. What the
// words say was found out the long way before; then only what is kept of digits that were refused is left to do. It takes
// one run of digits and nothing that touches it, and leaves everything as the long way does (a test asks both).
import { type Lead, type Place, readingOf } from './candidate.ts';
import { type Evidence, NEAR } from './evidence.ts';
import { readGroups } from './groups.ts';
import { isHopeless, noteRefused } from './judge.ts';

// As many as the long way looks at at all, no more than it takes for one number. Nothing behind them may be a part of them.
const ONE_RUN = /[0-9]{6,18}(?=$|\n| [a-z])/y;
const ZERO = 0x30;
const WITHOUT_PLUS: Lead = { start: 0, shown: 0, hasPlus: false };

/** Whether the words rule out a run of digits behind them, whatever digits they are, but for those with a plus. */
export function rulesOut({ kind, distance, isNumbered, isTopic, isReach }: Evidence): boolean {
  return kind === 'negative' && distance <= NEAR && !isReach && (isNumbered || !isTopic);
}

/** Refuses the run of digits at `first` behind such words; answers the offset behind it, or -1 where it is no such run. */
export function refuseRun(place: Place, first: number, evidence: Evidence): number {
  const { text, home } = place;
  if (((home.openings >> (text.charCodeAt(first) - ZERO)) & 1) === 0) return -1;
  ONE_RUN.lastIndex = first;
  if (!ONE_RUN.test(text)) return -1;
  const end = readGroups(text, first, place.groups);
  if (!isHopeless(place, 0, 1, readingOf(place, 0, 1, WITHOUT_PLUS))) noteRefused(place, { end, evidence });
  return end;
}
