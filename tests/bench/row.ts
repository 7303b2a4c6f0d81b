// What a row of the bench is. A family measures one or more rows together, ours and the reference in turns; the runner
// (measure.ts) decides how often and in which order, so that no family can favour itself.

/** One row of the table; `id` is what `--only` takes and what the JSON says. */
export interface Row {
  id: string;
  /** `'ms'`, `'bytes'`; of all figures of the row. */
  unit: string;
  /** What the two columns hold, in a few words for the reader of the table. */
  ours: string;
  reference: string;
  /**
   * What the turns of a round come to: their mean (left out), in which all counts that was spent, or their median, where
   * one disturbed turn would stand for all.
   */
  ofTurns?: 'median';
}

/** What one run of a contestant found: a figure in the row's unit for each row of the family, by the row's id. */
export type Sample = Readonly<Record<string, number>>;

/** Does the thing once and says what it cost; cleans up behind itself before it resolves, outside the figure. */
export type Contestant = () => Promise<Sample>;

/** Who runs against whom. */
export interface Contest {
  ours: Contestant;
  reference: Contestant;
  /** Further figures of the same run by name, shown beside the two. They take their turn in each round, too. */
  others?: Readonly<Record<string, Contestant>>;
}

/** Rows that are measured together; one file of `rows/` each. */
export interface RowFamily {
  rows: readonly Row[];
  /** Rounds that count; their median is the figure. Times need at least 20. */
  rounds: number;
  /** Rounds before those, which are thrown away: caches fill, code is compiled. */
  warmUpRounds: number;
  /**
   * How often each contestant has its turn in a round, one after the other. Short turns, so that a machine that is slower
   * for some seconds is so for all of them. Once if it is left out.
   */
  turns?: number;
  open(ground: Ground): Promise<Contest>;
}

/** What a family gets from the runner. */
export interface Ground {
  /** Tells the person at the terminal what is going on; never lands among the results. */
  say(text: string): void;
  /** Clears something away when the family is through, however it ended; what was named last goes first. */
  atEnd(clear: () => unknown): void;
}
