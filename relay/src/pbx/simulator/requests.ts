// Questions over a connection that may break: each gets its answer, or an error that says what was awaited, in time.
import type { Clock } from '../../clock.ts';
import { PbxError } from '../driver.ts';

const ANSWER_TIMEOUT_MS = 5000;

export interface Requests<Answer> {
  /** Sends by `send`, which gets the number of the request and says whether it was sent. */
  ask(what: string, send: (id: number) => boolean): Promise<Answer>;
  answer(id: number, answer: Answer): void;
  /** All that wait fail: nobody knows whether they arrived. */
  abandon(reason: string): void;
}

interface Waiting<Answer> {
  what: string;
  resolve(answer: Answer): void;
  reject(error: PbxError): void;
  cancelTimeout(): void;
}

/** A ledger of open questions. */
export function createRequests<Answer>(clock: Clock): Requests<Answer> {
  const waiting = new Map<number, Waiting<Answer>>();
  let lastId = 0;

  function take(id: number): Waiting<Answer> | undefined {
    const one = waiting.get(id);
    waiting.delete(id);
    one?.cancelTimeout();
    return one;
  }

  return {
    ask(what, send) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        const cancelTimeout = clock.after(ANSWER_TIMEOUT_MS, () => {
          const text = `the simulator did not answer ${what} within ${ANSWER_TIMEOUT_MS / 1000} s`;
          take(id)?.reject(new PbxError('timeout', text));
        });
        waiting.set(id, { what, resolve, reject, cancelTimeout });
        if (!send(id)) take(id)?.reject(new PbxError('pbx-unreachable', `no connection to the simulator for ${what}`));
      });
    },
    answer(id, answer) {
      take(id)?.resolve(answer);
    },
    abandon(reason) {
      for (const id of [...waiting.keys()]) {
        const one = take(id);
        one?.reject(new PbxError('pbx-unreachable', `${reason}, while ${one.what} was waiting for its answer`));
      }
    },
  };
}
