// The pace of one connection: what may wait, waits until the network took what was sent before. So a healthy client on a
// slow line is never flooded, and one that stopped reading never makes the relay hold more than one frame of what waits.

/** The way out of a connection, for one sender. */
export interface Outlet {
  /** Runs the action: now if nothing waits to be taken, else as soon as that is so. Replaces an action that waits. */
  whenEmpty(action: () => void): void;
  isEmpty(): boolean;
  close(): void;
}

export interface OutletOptions {
  /** Bytes that were sent but not taken by the network yet. */
  bufferedBytes(): number;
  clock: { elapsed(): number; after(delayMs: number, action: () => void): () => void };
  /** The other side takes nothing any more. */
  onStalled(): void;
}

const LOOK_MS = 25;
const STALL_LIMIT_MS = 15_000;

/** An outlet over a connection's send queue. */
export function createOutlet({ bufferedBytes, clock, onStalled }: OutletOptions): Outlet {
  let waiting: (() => void) | undefined;
  let cancelLook: (() => void) | undefined;
  let lowest = 0;
  let progressAt = 0;
  let isClosed = false;

  function look(): void {
    const bytes = bufferedBytes();
    if (bytes === 0) {
      const action = waiting;
      waiting = undefined;
      return action?.();
    }
    if (bytes < lowest) {
      lowest = bytes;
      progressAt = clock.elapsed();
    }
    if (clock.elapsed() - progressAt >= STALL_LIMIT_MS) return onStalled();
    cancelLook = clock.after(LOOK_MS, look);
  }

  return {
    whenEmpty(action) {
      if (isClosed) return;
      const isLooking = waiting !== undefined;
      if (!isLooking && bufferedBytes() === 0) return action();
      waiting = action;
      if (isLooking) return;
      lowest = Number.POSITIVE_INFINITY;
      look();
    },
    isEmpty: () => bufferedBytes() === 0,
    close() {
      isClosed = true;
      cancelLook?.();
      waiting = undefined;
    },
  };
}
