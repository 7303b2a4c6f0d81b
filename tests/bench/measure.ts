// Runs a family's contest: warm-up, then rounds in which every contestant has its turn, then the median. Must never let
// one row's failure cost another family's figures, and never make up a figure that was not measured.
import type { Contest, Contestant, Row, RowFamily } from './row.ts';

/** The figures of one contestant over all rounds that counted. */
export interface Series {
  median: number;
  min: number;
  max: number;
}

/** What became of a row; for `ratio` see `ratioOf`. */
export type Outcome =
  | {
      type: 'measured';
      row: Row;
      n: number;
      ours: Series;
      reference: Series;
      ratio: number;
      others: Readonly<Record<string, Series>>;
    }
  | { type: 'failed'; row: Row; why: string };

type Figures = Map<string, number[]>;

const OURS = 'ours';
const REFERENCE = 'reference';
/** Rows that say how many times faster we are. */
const SPEED_UP = /^finder-.*-(?:cold|warm)$/;

/** Measures the wanted rows of one family. Never rejects: what could not be measured is an outcome. */
export async function measure(family: RowFamily, options: { ids: readonly string[]; say: (text: string) => void }) {
  const { ids, say } = options;
  const rows = family.rows.filter(({ id }) => ids.includes(id));
  const clearing: (() => unknown)[] = [];
  try {
    const contest = await family.open({ say, atEnd: (clear) => void clearing.unshift(clear) });
    const figures = await race(contest, family);
    return rows.map((row) => outcomeOf(row, figures));
  } catch (error) {
    return rows.map((row): Outcome => ({ type: 'failed', row, why: wordsOf(error) }));
  } finally {
    for (const clear of clearing) await clearAway(clear, say);
  }
}

// The figures are there already, and what comes after this must be cleared away, too.
async function clearAway(clear: () => unknown, say: (text: string) => void): Promise<void> {
  try {
    await clear();
  } catch (error) {
    say(`could not be cleared away: ${wordsOf(error)}`);
  }
}

/** Ours ÷ reference; for the finder's speed, reference ÷ ours. */
export function ratioOf(id: string, { ours, reference }: { ours: number; reference: number }): number {
  return SPEED_UP.test(id) ? reference / ours : ours / reference;
}

/** The middle figure, or the mean of the two in the middle. */
export function medianOf(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** Contestant → row → figures. */
async function race(
  contest: Contest,
  { rows, rounds, warmUpRounds, turns = 1 }: RowFamily,
): Promise<Map<string, Figures>> {
  const contestants: [name: string, run: Contestant][] = [
    [OURS, contest.ours],
    [REFERENCE, contest.reference],
    ...Object.entries(contest.others ?? {}),
  ];
  const summary = new Map(rows.map(({ id, ofTurns }) => [id, ofTurns === 'median' ? medianOf : meanOf]));
  const figures = new Map(contestants.map(([name]): [string, Figures] => [name, new Map()]));
  for (let round = 0; round < warmUpRounds + rounds; round += 1) {
    const ofRound = new Map(contestants.map(([name]): [string, Figures] => [name, new Map()]));
    for (let turn = 0; turn < turns; turn += 1) {
      for (const [name, run] of contestants) {
        for (const [id, figure] of Object.entries(await run())) append(ofRound.get(name), id, figure);
      }
    }
    if (round < warmUpRounds) continue;
    for (const [name, found] of ofRound) {
      for (const [id, ofTurns] of found) append(figures.get(name), id, (summary.get(id) ?? meanOf)(ofTurns));
    }
  }
  return figures;
}

function meanOf(figures: readonly number[]): number {
  return figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
}

function append(figures: Figures | undefined, id: string, figure: number): void {
  figures?.set(id, [...(figures.get(id) ?? []), figure]);
}

function outcomeOf(row: Row, figures: Map<string, Figures>): Outcome {
  const seriesOf = (name: string) => figures.get(name)?.get(row.id) ?? [];
  const [ours, reference] = [seriesOf(OURS), seriesOf(REFERENCE)];
  const n = Math.min(ours.length, reference.length);
  if (n === 0) return { type: 'failed', row, why: 'its family answered no figure for it' };
  const others = [...figures.keys()].filter((name) => name !== OURS && name !== REFERENCE);
  const found = {
    ours: summed(ours),
    reference: summed(reference),
    others: Object.fromEntries(
      others.flatMap((name) => (seriesOf(name).length > 0 ? [[name, summed(seriesOf(name))]] : [])),
    ),
  };
  const ratio = ratioOf(row.id, { ours: found.ours.median, reference: found.reference.median });
  if (!Number.isFinite(ratio)) {
    return { type: 'failed', row, why: `no ratio of ${found.ours.median} and ${found.reference.median}` };
  }
  return { type: 'measured', row, n, ...found, ratio };
}

function summed(figures: readonly number[]): Series {
  return { median: medianOf(figures), min: Math.min(...figures), max: Math.max(...figures) };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
