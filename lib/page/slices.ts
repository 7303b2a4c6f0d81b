// The page script's work in slices, each as long as the page has nothing else to do: whoever reads a page must never be the
// reason why it does not answer.

// Longer ones are felt when somebody types or scrolls.
const SLICE_MS = 8;
// Where a page leaves no time at all it still has its numbers, later.
const LEAST_SLICE_MS = 2;

export interface Slices {
  /** There is something to do. */
  wake(): void;
  /** Does one slice now. */
  catchUp(): void;
  close(): void;
}

/** Runs steps while there is something to do: `step` answers false when there is not, and then `onSettled` hears of it. */
export function createSlices(
  step: () => boolean,
  { schedule, onSettled }: { schedule: (slice: (deadline?: IdleDeadline) => void) => void; onSettled: () => void },
): Slices {
  let isScheduled = false;
  let isClosed = false;
  const run = (forMs: number): boolean => {
    const endMs = performance.now() + forMs;
    do {
      if (!step()) return false;
    } while (performance.now() < endMs);
    return true;
  };
  const slice = (deadline?: IdleDeadline) => {
    isScheduled = false;
    if (isClosed) return;
    let isMore = true;
    try {
      isMore = run(Math.min(SLICE_MS, Math.max(LEAST_SLICE_MS, deadline?.timeRemaining() ?? SLICE_MS)));
    } finally {
      // Also where one text could not be read: the fault is heard of, and the rest of the page is still read.
      if (isMore) wake();
    }
    if (!isMore) onSettled();
  };
  const wake = () => {
    if (isScheduled || isClosed) return;
    isScheduled = true;
    schedule(slice);
  };
  return {
    wake,
    catchUp: () => void run(SLICE_MS),
    close() {
      isClosed = true;
    },
  };
}
