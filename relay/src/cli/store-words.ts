// What keeps a running relay from writing anything down, in words for the terminal, with what to do.
import type { StoreProblem } from '../store-watch.ts';

/** What is wrong. */
export const STORE_PROBLEMS: Readonly<Record<StoreProblem, string>> = {
  full: 'no room is left where the data is',
  fault: 'the disk cannot be written to (read-only, or broken)',
};

/** What to do about it. */
export const STORE_REMEDIES: Readonly<Record<StoreProblem, string>> = {
  full: 'make room where dataDir is; nothing has to be restarted',
  fault: "look at the relay's log and the system's, mend the disk; nothing has to be restarted",
};
