// The tokens that a call needs which somebody has to confirm first. A token is a question that was asked: for one order of
// one user, on one line, to the very same digits; it is good for a minute and once. They live in memory only: a restart of
// the relay asks again. A token never says anything by itself, and one that does not fit is as good as none.
import { randomBytes } from 'node:crypto';
import type { CommandName } from '@offhook/protocol';
import type { Clock } from './clock.ts';

/** What is asked about: all of it must be the same when it is confirmed. */
export interface AskedOrder {
  userId: string;
  lineId: string;
  name: CommandName;
  /** The call that is sent elsewhere, where there is one. */
  callId?: string | undefined;
  /** What the phone system would be given. */
  dialString: string;
}

export interface Confirmations {
  /** Asks: the token by which this very order can be confirmed within a minute. */
  issue(order: AskedOrder): string;
  /** Whether the token confirms this order. It is used up, whatever it was for. */
  take(token: string, order: AskedOrder): boolean;
}

const LIFETIME_MS = 60_000;
// Who asks more than this within a minute does not read the questions.
const MOST_PER_USER = 20;

interface OpenQuestion {
  order: AskedOrder;
  endsAt: number;
}

/** Confirmations of one run of the relay. */
export function createConfirmations({ clock }: { clock: Clock }): Confirmations {
  const open = new Map<string, OpenQuestion>();

  // In the order in which they were asked: the first that is still good ends the search.
  function forgetOld(): void {
    for (const [token, { endsAt }] of open) {
      if (endsAt > clock.elapsed()) return;
      open.delete(token);
    }
  }

  return {
    issue(order) {
      forgetOld();
      const own = [...open].filter(([, question]) => question.order.userId === order.userId);
      for (const [token] of own.slice(0, Math.max(0, own.length + 1 - MOST_PER_USER))) open.delete(token);
      const token = randomBytes(18).toString('base64url');
      open.set(token, { order, endsAt: clock.elapsed() + LIFETIME_MS });
      return token;
    },
    take(token, order) {
      const question = open.get(token);
      open.delete(token);
      return question !== undefined && question.endsAt > clock.elapsed() && isSame(question.order, order);
    },
  };
}

function isSame(asked: AskedOrder, given: AskedOrder): boolean {
  return (
    asked.userId === given.userId &&
    asked.lineId === given.lineId &&
    asked.name === given.name &&
    asked.callId === given.callId &&
    asked.dialString === given.dialString
  );
}
