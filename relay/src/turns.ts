// Lets one client ask for work that takes a while, one piece after the other and not more than a few ahead: whoever asks
// faster than he can be answered is told so, and nobody else waits for him.

export interface Turns {
  /** Runs the work after what was taken before; false, without running it, while too much waits. */
  take(work: () => Promise<void>): boolean;
}

/** A queue of at most `most` pieces of work, which must not reject. */
export function createTurns(most: number): Turns {
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  return {
    take(work) {
      if (waiting >= most) return false;
      waiting += 1;
      last = last.then(work).finally(() => {
        waiting -= 1;
      });
      return true;
    },
  };
}
