// Whether a TAPIMaster is there: asked at the start, every so often, and after a break with growing pauses. It says so by
// status events, never twice the same.
import { type Clock, retryPauseMs } from '../../clock.ts';
import type { PbxStatus } from '../driver.ts';

export interface Reach {
  isUp(): boolean;
  /** A connection broke: it is looked for again soon. */
  lost(reason: string): void;
  close(): void;
}

const PAUSES = { firstMs: 500, longestMs: 30_000 };

/** Watches until closed. `check` rejects with the reason. */
export function watchReach(parts: {
  clock: Clock;
  everyMs: number;
  check(): Promise<void>;
  onStatus(status: PbxStatus): void;
  /** From 0 to 1, spreads the pauses. */
  random(): number;
}): Reach {
  const { clock, everyMs, check, onStatus, random } = parts;
  let state: 'trying' | 'up' | 'down' | 'closed' = 'trying';
  let failures = 0;
  let cancel = () => {};

  function goDown(reason: string): void {
    if (state === 'closed') return;
    state = 'down';
    onStatus({ type: 'disconnected', reason });
    const pauseMs = retryPauseMs(failures, { ...PAUSES, random: random() });
    failures += 1;
    cancel();
    cancel = clock.after(pauseMs, look);
  }

  function look(): void {
    if (state === 'down') {
      state = 'trying';
      onStatus({ type: 'connecting' });
    }
    check().then(
      () => {
        if (state === 'closed') return;
        const wasUp = state === 'up';
        state = 'up';
        failures = 0;
        cancel();
        cancel = clock.after(everyMs, look);
        if (!wasUp) onStatus({ type: 'connected' });
      },
      (error: unknown) => goDown(error instanceof Error ? error.message : String(error)),
    );
  }

  onStatus({ type: 'connecting' });
  look();
  return {
    isUp: () => state === 'up',
    lost(reason) {
      if (state === 'up') goDown(reason);
    },
    close() {
      state = 'closed';
      cancel();
    },
  };
}
