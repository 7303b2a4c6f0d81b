// Decides before anything is dialled: what number, how often, by whom. The extension can be hijacked by a page, so this
// is the bound that counts. It dials nothing and knows no phone system.
import type { Decision, ErrorCode, Params, PhoneNumber } from '@offhook/protocol';
import { dialStringOf, type Location } from '@offhook/protocol/dial-plan';
import { readNumber } from '@offhook/protocol/number';
import type { Clock } from './clock.ts';
import { objectionTo } from './number-policy.ts';

export interface GuardLimits {
  /** Calls one user may start or send elsewhere within an hour, and within a minute. */
  perHour: number;
  burstPerMinute: number;
}

/** What the guard says of a number from a place. `dialString` is there exactly when it may be dialled. */
export interface Verdict {
  decision: Decision;
  /** As the relay read it: never `raw` when it may be dialled. */
  number: PhoneNumber;
  dialString?: string | undefined;
  code?: ErrorCode | undefined;
  params?: Params | undefined;
}

export interface Guard {
  /** Judges a number; counts nothing, so it may be asked while somebody types. */
  judge(number: PhoneNumber, location: Location): Verdict;
  /** Takes one call from the user's allowance, or answers why not; what is not allowed costs nothing. */
  spend(userId: string): { code: ErrorCode; params: Params } | undefined;
}

// What may ever reach a phone system, whatever the dial plan made of the number.
const DIAL_STRING = /^[+0-9*#]{1,32}$/;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A guard with its limits per user over sliding windows of the given clock. */
export function createGuard({ limits, clock }: { limits: GuardLimits; clock: Clock }): Guard {
  const startedBy = new Map<string, number[]>();
  return {
    judge,
    spend(userId) {
      const now = clock.now();
      const recent = (startedBy.get(userId) ?? []).filter((at) => at > now - HOUR_MS);
      startedBy.set(userId, recent);
      if (recent.length >= limits.perHour) {
        return { code: 'rate-limited', params: { limit: limits.perHour, windowSeconds: 3600 } };
      }
      if (recent.filter((at) => at > now - MINUTE_MS).length >= limits.burstPerMinute) {
        return { code: 'rate-limited', params: { limit: limits.burstPerMinute, windowSeconds: 60 } };
      }
      recent.push(now);
      return undefined;
    },
  };
}

function judge(asked: PhoneNumber, location: Location): Verdict {
  const number = asked.kind === 'raw' ? readNumber(asked.text, location) : asked;
  const dialString = dialStringOf(number, location);
  if (dialString === undefined || !DIAL_STRING.test(dialString)) {
    return { decision: 'refused', number, code: 'number-invalid' };
  }
  const objection = objectionTo(number, location);
  if (!objection) return { decision: 'allowed', number, dialString };
  const { code, reason } = objection;
  return { decision: 'refused', number, code, ...(reason && { params: { reason } }) };
}
