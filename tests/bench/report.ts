// How outcomes are told: an array for programs, a table for people. It judges nothing: there is no good or bad here.
import { cpus, loadavg, totalmem } from 'node:os';
import type { Outcome, Series } from './measure.ts';

/** A row as `--json` prints it; `ours`, `reference` and `others` are medians in `unit`. */
export interface JsonRow {
  id: string;
  ours: number;
  reference: number;
  ratio: number;
  unit: string;
  n: number;
  others?: Record<string, number>;
}

/** The measured rows, in the order of the table; what could not be measured is not among them. */
export function jsonRowsOf(outcomes: readonly Outcome[]): JsonRow[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.type === 'failed') return [];
    const { row, n, ours, reference, ratio } = outcome;
    const others = Object.entries(outcome.others).map(([name, { median }]) => [name, rounded(median)]);
    return {
      id: row.id,
      ours: rounded(ours.median),
      reference: rounded(reference.median),
      ratio: rounded(ratio),
      unit: row.unit,
      n,
      ...(others.length > 0 && { others: Object.fromEntries(others) }),
    };
  });
}

/** The table: medians with their spread (least–most), and under it what the columns hold. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const head = ['row', 'unit', 'n', 'ours', 'least–most', 'reference', 'least–most', 'ratio'];
  const lines = [head, ...outcomes.map(cellsOf)];
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
  const padded = (cells: readonly string[]) =>
    cells.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)));
  const table = lines.map((cells) => padded(cells).join('  ').trimEnd());
  return [...table, '', ...outcomes.flatMap(notesOf)].join('\n');
}

/** The machine in one line: figures of two machines are never compared, their ratios may be. */
export function machineLine(): string {
  const [first] = cpus();
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  return `machine: ${cpus().length} × ${first?.model.trim() ?? 'unknown'}, ${gigabytes} GB, load ${load}, Node ${process.versions.node}`;
}

function cellsOf(outcome: Outcome): string[] {
  const { id, unit } = outcome.row;
  if (outcome.type === 'failed') return [id, unit, '0', '–', '–', '–', '–', '–'];
  const { n, ours, reference, ratio } = outcome;
  const both = [ours, reference].flatMap((series) => [shown(series.median), spread(series)]);
  return [id, unit, String(n), ...both, ratio.toFixed(2)];
}

function notesOf(outcome: Outcome): string[] {
  const { id, unit, ours, reference } = outcome.row;
  if (outcome.type === 'failed') return [`${id}: not measured: ${outcome.why}`];
  const others = Object.entries(outcome.others).map(
    ([name, series]) => `${id}: ${name}: ${shown(series.median)} ${unit} (${spread(series)})`,
  );
  return [`${id}: ${ours}; reference: ${reference}`, ...others];
}

function spread({ min, max }: Series): string {
  return `${shown(min)}–${shown(max)}`;
}

function shown(figure: number): string {
  if (Number.isInteger(figure)) return String(figure);
  // Shares are told apart by their thousandths.
  return figure.toFixed(Math.abs(figure) < 1 ? 3 : 2);
}

function rounded(figure: number): number {
  return Math.round(figure * 1000) / 1000;
}
