// Ties one phone system to the switchboard: opens its driver, hands its news on, and asks for a snapshot whenever it is in
// touch again. Orders go out through it. It knows drivers by their interface only.
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Driver, DriverContext, DriverOrder, PbxStatus, SendResult } from './pbx/driver.ts';
import type { Switchboard } from './switchboard.ts';

export interface PbxLinkOptions {
  pbxId: string;
  /** The phone system must be attached to it already. */
  switchboard: Pick<Switchboard, 'handle' | 'applySnapshot'>;
  open(context: DriverContext): Driver;
  clock: Clock;
  log: Logger;
}

export interface PbxLink {
  status(): PbxStatus;
  /** Hands an order over; undefined while the phone system is out of reach. Throws when nobody knows whether it arrived. */
  send(order: DriverOrder): Promise<SendResult> | undefined;
  /** Safe to call twice. */
  close(): Promise<void>;
}

const SNAPSHOT_RETRY_MS = 1000;

/** Opens a phone system for the switchboard. It connects, and comes back, by itself. */
export function linkPbx({ pbxId, switchboard, open, clock, log }: PbxLinkOptions): PbxLink {
  const abort = new AbortController();
  let status: PbxStatus = { type: 'connecting' };
  let cancelRetry: (() => void) | undefined;
  // Every loss of touch makes the snapshots that were asked for before worthless.
  let era = 0;

  const driver = open({
    signal: abort.signal,
    clock,
    log,
    emit(event) {
      if (event.type === 'status') changeStatus(event.status);
      switchboard.handle(pbxId, event);
    },
  });

  function changeStatus(next: PbxStatus): void {
    if (next.type !== status.type) log.info({ pbx: pbxId, ...next }, 'phone system');
    status = next;
    era += 1;
    cancelRetry?.();
    // The driver's variable is not set yet when it reports its state while opening.
    if (next.type === 'connected') queueMicrotask(() => void takeSnapshot(era));
  }

  async function takeSnapshot(inEra: number): Promise<void> {
    if (inEra !== era) return;
    try {
      const snapshot = await driver.snapshot();
      if (inEra === era && !abort.signal.aborted) switchboard.applySnapshot(pbxId, snapshot);
    } catch (error) {
      if (inEra !== era || abort.signal.aborted) return;
      log.warn({ pbx: pbxId, err: error }, 'no snapshot from the phone system, asking again');
      cancelRetry = clock.after(SNAPSHOT_RETRY_MS, () => void takeSnapshot(inEra));
    }
  }

  return {
    status: () => status,
    send: (order) => (status.type === 'connected' ? driver.command(order) : undefined),
    async close() {
      abort.abort();
      cancelRetry?.();
      await driver.close();
    },
  };
}
