// Which of several contacts goes first for a number: the one that is surely meant before one that perhaps is, then what an
// agent chose, then whom was spoken with last, then the order of the sources. Pure.

/** A contact that a number may belong to. */
export interface Ranked {
  match: 'exact' | 'probable';
  /** Digits in common with the number. */
  shared: number;
  /** 0 for the latest choice of an agent; undefined: nobody chose it. */
  choice?: number | undefined;
  /** When it was last called or called, ISO 8601 UTC; `''` if that is not known. */
  lastCallAt: string;
  /** The place of its source. */
  sourcePlace: number;
}

// Infinity less itself is no number.
const NOT_CHOSEN = Number.MAX_SAFE_INTEGER;

/** The same, the best first; what nothing decides about stays in its order. */
export function bestFirst<Item extends Ranked>(items: readonly Item[]): Item[] {
  return [...items].sort(
    (a, b) =>
      Number(a.match === 'probable') - Number(b.match === 'probable') ||
      (a.choice ?? NOT_CHOSEN) - (b.choice ?? NOT_CHOSEN) ||
      compare(b.lastCallAt, a.lastCallAt) ||
      b.shared - a.shared ||
      a.sourcePlace - b.sourcePlace,
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
