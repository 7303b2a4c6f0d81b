// Why a number is read as it is, whether it may be dialled, and what each digit that the phone system gets is there for:
// facts and codes, for `relay policy test` and whoever else explains a dial plan in words.
import { type DialPart, dialPartsOf, type Reach, reachOf } from './dial-plan.ts';
import type { Location } from './location.ts';
import { type Reading, readNumberWhy } from './number.ts';
import { judgeNumber, type Verdict } from './number-policy.ts';

/** Everything that decides what is dialled, in the order in which it does. */
export interface DiallingExplanation {
  reading: Reading;
  /** What was taken off the front of what was typed. */
  typedOutsideLine?: string | undefined;
  typedCarrier?: string | undefined;
  verdict: Verdict;
  /** Only public numbers have one. */
  reach?: Reach | undefined;
  /** Of `verdict.dialString`, in its order; empty where nothing is dialled. */
  parts: readonly DialPart[];
}

/** The way of what somebody typed to what the phone system would get. */
export function explainDialling(text: string, location: Location): DiallingExplanation {
  const { number, reading, outsideLine, carrier } = readNumberWhy(text, location);
  const verdict = judgeNumber(number, location);
  return {
    reading,
    ...(outsideLine !== undefined && { typedOutsideLine: outsideLine }),
    ...(carrier !== undefined && { typedCarrier: carrier }),
    verdict,
    ...(number.kind === 'e164' && { reach: reachOf(number.number, location) }),
    parts: verdict.dialString === undefined ? [] : (dialPartsOf(number, location) ?? []),
  };
}
