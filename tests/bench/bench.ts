// The bench as a function: arguments in, figures out, exit code back. Standard output gets the result alone; everything
// that is said on the way goes through `say`.
import { parseArgs } from 'node:util';
import { measure, type Outcome } from './measure.ts';
import { jsonRowsOf, machineLine, tableOf } from './report.ts';
import type { RowFamily } from './row.ts';

export interface BenchOptions {
  args: readonly string[];
  families: readonly RowFamily[];
  /** Gets the result, once: the table, or with `--json` the array. */
  print(text: string): void;
  /** Gets progress and errors, a line each. */
  say(text: string): void;
}

/** Runs the bench; answers 0, 1 when a row could not be measured, or 2 when the arguments make no sense. */
export async function runBench({ args, families, print, say }: BenchOptions): Promise<0 | 1 | 2> {
  const known = families.flatMap(({ rows }) => rows.map(({ id }) => id));
  const wish = readArgs(args, known);
  if (wish.type === 'nonsense') {
    say(wish.why);
    return 2;
  }
  say(machineLine());
  const outcomes: Outcome[] = [];
  for (const family of families) {
    const ids = family.rows.map(({ id }) => id).filter((id) => wish.ids.includes(id));
    if (ids.length === 0) continue;
    const startedAt = performance.now();
    const sayHere = (text: string) => say(`${ids.join(', ')}: ${text}`);
    const measured = await measure(family, { ids, say: sayHere });
    outcomes.push(...measured);
    for (const outcome of measured) if (outcome.type === 'failed') say(`${outcome.row.id}: FAILED: ${outcome.why}`);
    sayHere(`${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  print(wish.isJson ? JSON.stringify(jsonRowsOf(outcomes)) : tableOf(outcomes));
  return outcomes.every(({ type }) => type === 'measured') ? 0 : 1;
}

type Wish = { type: 'rows'; ids: readonly string[]; isJson: boolean } | { type: 'nonsense'; why: string };

function readArgs(args: readonly string[], known: readonly string[]): Wish {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
    });
    const unknown = values.only?.find((id) => !known.includes(id));
    if (unknown !== undefined) {
      return { type: 'nonsense', why: `There is no row "${unknown}". Rows: ${known.join(', ')}` };
    }
    return { type: 'rows', ids: values.only ?? known, isJson: values.json };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { type: 'nonsense', why: `${why}\nnpm run bench -- [--json] [--only ROW]` };
  }
}
