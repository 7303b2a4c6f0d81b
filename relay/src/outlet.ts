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
export function createOutlet(options: OutletOptions): Outlet {
  return new PacedOutlet(options);
}

// A class, since every connection has two of them, which mostly wait for nothing: what they do is there once.
class PacedOutlet implements Outlet {
  readonly #options: OutletOptions;
  #waiting: (() => void) | undefined;
  #cancelLook: (() => void) | undefined;
  #lowest = 0;
  #progressAt = 0;
  #isClosed = false;

  constructor(options: OutletOptions) {
    this.#options = options;
  }

  whenEmpty(action: () => void): void {
    if (this.#isClosed) return;
    const isLooking = this.#waiting !== undefined;
    if (!isLooking && this.isEmpty()) return action();
    this.#waiting = action;
    if (isLooking) return;
    this.#lowest = Number.POSITIVE_INFINITY;
    this.#look();
  }

  isEmpty(): boolean {
    return this.#options.bufferedBytes() === 0;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelLook?.();
    this.#waiting = undefined;
  }

  #look(): void {
    const { bufferedBytes, clock, onStalled } = this.#options;
    const bytes = bufferedBytes();
    if (bytes === 0) {
      const action = this.#waiting;
      this.#waiting = undefined;
      return action?.();
    }
    if (bytes < this.#lowest) {
      this.#lowest = bytes;
      this.#progressAt = clock.elapsed();
    }
    if (clock.elapsed() - this.#progressAt >= STALL_LIMIT_MS) return onStalled();
    this.#cancelLook = clock.after(LOOK_MS, () => this.#look());
  }
}
