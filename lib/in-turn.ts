// Steps that must not run into each other: what one asked must still hold when it acts on the answer.

/** A queue of its own: each step begins when the one before has ended, well or badly. */
export function createTurns(): <Result>(step: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (step) => {
    const done = last.then(step);
    last = done.catch(() => undefined);
    // A promise of its own, so that a failure for which nobody waits is still reported by the browser.
    return done.then((result) => result);
  };
}
