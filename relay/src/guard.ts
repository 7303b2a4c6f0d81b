// Decides before anything is dialled: what number, how often, by whom. The extension can be hijacked by a page, so this
// is the bound that counts. It dials nothing and knows no phone system.
import type { ErrorCode, Location, Params, PhoneNumber } from '@offhook/protocol';
import { judgeNumber, type Verdict } from '@offhook/protocol/number-policy';
import type { Clock } from './clock.ts';

export interface GuardLimits {
  /** Calls one user may start or send elsewhere within an hour, and within a minute. */
  perHour: number;
  burstPerMinute: number;
}

export interface Guard {
  /** Judges a number; counts nothing, so it may be asked while somebody types. */
  judge(number: PhoneNumber, location: Location): Verdict;
  /** How many calls the user may still start within this hour, and within this minute. */
  left(userId: string): { hour: number; minute: number };
  /** Takes one call from the user's allowance, or answers why not; what is not allowed costs nothing. */
  spend(userId: string): { code: ErrorCode; params: Params } | undefined;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A guard with its limits per user over sliding windows of the given clock. */
export function createGuard({ limits, clock }: { limits: GuardLimits; clock: Clock }): Guard {
  const startedBy = new Map<string, number[]>();
  return {
    judge: judgeNumber,
    left(userId) {
      const now = clock.now();
      const recent = (startedBy.get(userId) ?? []).filter((at) => at > now - HOUR_MS);
      const inMinute = recent.filter((at) => at > now - MINUTE_MS).length;
      return {
        hour: Math.max(0, limits.perHour - recent.length),
        minute: Math.max(0, limits.burstPerMinute - inMinute),
      };
    },
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
