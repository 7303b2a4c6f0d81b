// Finds the stored numbers that a number may belong to: the same one, or the switchboard and the desks of one company. Pure,
// in memory, over numbers in E.164; it knows nobody's name and decides nothing about who may see what.

/** What a number found: the same number, or one of the same company by head number and extension. */
export interface NumberHit<Entry> {
  entry: Entry;
  match: 'exact' | 'probable';
  /** Digits that a probable one has in common with the number; the more, the nearer. */
  shared: number;
}

export interface NumberIndex<Entry> {
  add(number: string, entry: Entry): void;
  /** All entries with the number; where there are none that `isSeen`, the probable ones, the nearest first. */
  find(number: string, isSeen: (entry: Entry) => boolean): NumberHit<Entry>[];
}

// Country code, area code and some digits more: shorter stems would take a whole town for one company.
const MIN_STEM_LENGTH = 9;
const MAX_EXTENSION_LENGTH = 5;

/** An empty index. Numbers are `'+493023125042'`; one that is no such text is found by itself only. */
export function createNumberIndex<Entry>(): NumberIndex<Entry> {
  const byNumber = new Map<string, Entry[]>();
  // By how they begin, to go from a head number to the desks behind it.
  const byBeginning = new Map<string, string[]>();
  return {
    add(number, entry) {
      const entries = byNumber.get(number);
      if (entries) {
        entries.push(entry);
        return;
      }
      byNumber.set(number, [entry]);
      if (number.length <= MIN_STEM_LENGTH) return;
      const beginning = number.slice(0, MIN_STEM_LENGTH);
      const beside = byBeginning.get(beginning);
      if (beside) beside.push(number);
      else byBeginning.set(beginning, [number]);
    },
    find(number, isSeen) {
      if (byNumber.size === 0) return [];
      const entriesOf = (stored: string) => (byNumber.get(stored) ?? []).filter(isSeen);
      const exact = entriesOf(number);
      if (exact.length > 0) return exact.map((entry) => ({ entry, match: 'exact', shared: number.length }));
      const beside = byBeginning.get(number.slice(0, MIN_STEM_LENGTH)) ?? [];
      const found = new Map<Entry, NumberHit<Entry>>();
      for (const { stored, shared } of [...headsOf(number), ...desksOf(number, beside)]) {
        for (const entry of entriesOf(stored)) {
          if ((found.get(entry)?.shared ?? 0) < shared) found.set(entry, { entry, match: 'probable', shared });
        }
      }
      return [...found.values()].sort((a, b) => b.shared - a.shared);
    },
  };
}

interface Candidate {
  stored: string;
  shared: number;
}

// With direct dialling (Germany, Austria) a company's switchboard is its stem, alone or with a 0, a desk is the stem and its
// extension: +49 30 23125, +49 30 23125-0 and +49 30 23125-042. A head number is always the shorter one: among numbers of
// one length nobody can tell a neighbour from a colleague. Longest stem first.
function headsOf(number: string): Candidate[] {
  const lengths = Array.from({ length: MAX_EXTENSION_LENGTH }, (_, index) => index + 1);
  return lengths.flatMap((length) => {
    const stem = number.slice(0, -length);
    if (stem.length < MIN_STEM_LENGTH) return [];
    const stored = length === 1 ? [stem] : [stem, `${stem}0`];
    return stored.map((one) => ({ stored: one, shared: stem.length }));
  });
}

// The other way: many companies show their switchboard to whomever they call.
function desksOf(number: string, beside: readonly string[]): Candidate[] {
  const stems = number.endsWith('0') ? [number, number.slice(0, -1)] : [number];
  return stems
    .filter((stem) => stem.length >= MIN_STEM_LENGTH)
    .flatMap((stem) =>
      beside
        .filter((stored) => stored.length > number.length && stored.length - stem.length <= MAX_EXTENSION_LENGTH)
        .filter((stored) => stored.startsWith(stem))
        .map((stored) => ({ stored, shared: stem.length })),
    );
}
