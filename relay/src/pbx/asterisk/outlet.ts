// The way out of the driver: lines and legs only once the snapshot is told, and in their order behind it; outcomes and status
// always. After the end nothing leaves any more.
import type { DriverEvent } from '../driver.ts';

/** What leaves the driver. */
export interface Outlet {
  /** Lines and legs: nothing of them while the outlet is closed. */
  news(event: DriverEvent): void;
  /** Outcomes and status. */
  always(event: DriverEvent): void;
  isOpen(): boolean;
  open(): void;
  close(): void;
  /** For good. */
  end(): void;
}

// Whoever awaits the snapshot applies it before it hears of anything newer, which may have come in the same packet.
/** A closed outlet. */
export function createOutlet(emit: (event: DriverEvent) => void): Outlet {
  let state: 'closed' | 'holding' | 'open' | 'ended' = 'closed';
  let held: DriverEvent[] = [];

  function release(): void {
    if (state !== 'holding') return;
    state = 'open';
    const events = held;
    held = [];
    for (const event of events) emit(event);
  }

  return {
    news(event) {
      if (state === 'open') emit(event);
      else if (state === 'holding') held.push(event);
    },
    always(event) {
      if (state !== 'ended') emit(event);
    },
    isOpen: () => state === 'open' || state === 'holding',
    open() {
      if (state === 'ended') return;
      state = 'holding';
      setImmediate(release);
    },
    close() {
      held = [];
      if (state !== 'ended') state = 'closed';
    },
    end() {
      held = [];
      state = 'ended';
    },
  };
}
