// What the ways to a TAPIMaster have in common: a line is handed over, once, and nothing more is ever claimed than is known.
import type { ErrorCode, Params } from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import type { TapiMasterOptions } from './options.ts';

/**
 * How it went on. `taken`: it answered, closed the connection, or said nothing for as long as was waited. `failed`: it
 * refused, or was certainly not there. `lost`: the connection broke, or it failed on the way: nobody knows.
 */
export type Aftermath = { type: 'taken' } | { type: 'lost' } | { type: 'failed'; code: ErrorCode; params?: Params };

/** `rejected`: certainly not handed over. A wire throws PbxError where nobody knows. */
export type Handing = { type: 'sent'; aftermath: Promise<Aftermath> } | { type: 'rejected'; code: ErrorCode };

export interface Wire {
  send(line: string): Promise<Handing>;
  /** Resolves when a TAPIMaster can be reached, as far as this way can tell; rejects with the reason. */
  check(): Promise<void>;
  close(): void;
}

export interface WireContext {
  options: TapiMasterOptions;
  clock: Clock;
  log: Logger;
  /** A connection that was to stay open is gone. */
  onLost(reason: string): void;
}

/** A promise with a time limit on the relay's clock: `late` is what it answers then. */
export function within<Result>(
  clock: Clock,
  ms: number,
  { work, late }: { work: Promise<Result>; late: () => Result },
): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const cancel = clock.after(ms, () => {
    try {
      resolve(late());
    } catch (error) {
      reject(error);
    }
  });
  work.then(resolve, reject).finally(cancel);
  return promise;
}
